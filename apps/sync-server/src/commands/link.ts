/** `quire link`: links that the operator makes, sees and takes back. */
import { z } from 'zod'
import { roles } from '@quire/protocol'
import { CommandFailure, declare } from '../cli/command.ts'
import { facts, moment } from '../cli/format.ts'
import { documentId, duration } from '../cli/kinds.ts'
import { documentPath, publicUrlFlag, withOperator, type Operator } from '../cli/operator.ts'
import { ConfigError } from '../config.ts'
import { text, wholeNumber } from '../config-values.ts'
import { madeLink, madeLinks, operatorLinks } from '../http/operator/shapes.ts'
import { linkTable } from './show.ts'

export const link = declare({
  about: `A link to view or to edit is added to the others. Its owner sees in the share dialog that it is there, with its label, and
    may change it or take it back, but cannot be shown its address: that is printed once, here.

    With --role own the owner gets another link, for when theirs is lost. All links of a document follow from the owner's, so
    that every one of them ends, and is replaced; whoever is in the document through one is sent away. All new addresses are
    printed.`,
  usages: [
    '<document> --role <role> [options]',
    '<document> --list [options]',
    '<document> --revoke <id> [options]',
  ],
  arguments: { document: { help: 'its id, or any link to it', kind: documentId } },
  flags: {
    role: {
      help: 'what it allows: view, edit or own',
      kind: z.enum(roles, 'must be view, edit or own').optional(),
      value: 'role',
    },
    label: { help: 'what it is called', kind: text.optional(), value: 'words' },
    expires: {
      help: 'when it ends: 90m, 12h, 7d, 4w; default: never',
      kind: duration('366d').optional(),
      value: 'time',
    },
    maxUses: { help: 'how many people it lets in', kind: wholeNumber(1, 10_000).optional(), value: 'count' },
    list: { help: 'show the links there are, without their addresses' },
    revoke: { help: 'take back the link with this id', kind: text.optional(), value: 'id' },
    yes: { help: 'do not ask before all links are replaced' },
    publicUrl: publicUrlFlag,
  },
  examples: [
    {
      does: 'a way to read, for a week',
      line: 'quire link Zb3kQ0a1xWq9LmTy --role view --label Press --expires 7d',
    },
    { does: 'the owner has lost theirs', line: 'quire link Zb3kQ0a1xWq9LmTy --role own' },
    { does: 'nobody comes in through that one any more', line: 'quire link Zb3kQ0a1xWq9LmTy --revoke edit' },
  ],
  endings: ['unknown'],
  run: async ({ document, role, label, expires, maxUses, list, revoke, yes, ...input }, { confirm }) => {
    const asked = [role !== undefined, list, revoke !== undefined].filter(Boolean).length
    if (asked !== 1) throw new ConfigError('Say one of --role, --list and --revoke.')
    if (role === undefined && [label, expires, maxUses].some((given) => given !== undefined))
      throw new ConfigError('--label, --expires and --max-uses are of a link that is made: say its --role.')
    if (role === 'own' && [label, expires, maxUses].some((given) => given !== undefined))
      throw new ConfigError('An owner’s link has no label, does not end, and is not counted.')
    const isSure =
      role !== 'own' ||
      yes ||
      (await confirm('Every link to this document ends, and gets a successor. Go on?'))
    if (isSure === undefined)
      throw new ConfigError(
        'Every link to the document would end, and nobody is here to be asked: say --yes.',
      )
    if (!isSure) throw new CommandFailure('failed', 'not-confirmed', 'Nothing is changed.')
    return withOperator(input, async (operator) => {
      if (revoke !== undefined) return takeBack(operator, document, revoke)
      if (list) {
        const { links } = await operator.get(documentPath(document, '/links'), operatorLinks)
        return { data: { links }, text: linkTable(links) }
      }
      if (role === 'own') return replaceOwner(operator, document)
      const body = { role, label, expiresIn: expires, maxUses }
      const made = await operator.post(documentPath(document, '/links'), body, madeLink)
      const ends = made.expiresAt === null ? [] : [['ends', moment(made.expiresAt)] as const]
      return { data: made, text: facts([['id', made.id], ...ends, [made.role, made.url]]) }
    })
  },
})

async function takeBack(operator: Operator, document: string, id: string) {
  await operator.delete(documentPath(document, `/links/${encodeURIComponent(id)}`))
  return { data: { revoked: id }, text: `revoked ${id}\n` }
}

async function replaceOwner(operator: Operator, document: string) {
  const data = await operator.post(documentPath(document, '/new-owner'), {}, madeLinks)
  const addresses = facts(
    data.links
      .toSorted((one, other) => roles.indexOf(other.role) - roles.indexOf(one.role))
      .map(({ role, label, url }) => [label ? `${role} (${label})` : role, url] as const),
  )
  return { data, text: addresses }
}
