/** `quire show`: everything that is known of a document but what it says. */
import { declare } from '../cli/command.ts'
import { bytes, count, facts, moment, table, type Column } from '../cli/format.ts'
import { documentId } from '../cli/kinds.ts'
import { documentPath, withOperator } from '../cli/operator.ts'
import { documentDetails, type DocumentDetails, type OperatorLink } from '../http/operator/shapes.ts'
import { titleOf } from './list.ts'

export const show = declare({
  about:
    'Links are shown without their addresses: the server keeps none, and could not open the document by itself.',
  arguments: { document: { help: 'its id, or any link to it', kind: documentId } },
  flags: {},
  examples: [{ does: 'one document', line: 'quire show Zb3kQ0a1xWq9LmTy' }],
  endings: ['unknown'],
  run: async ({ document, ...input }) => {
    const details = await withOperator(input, (operator) =>
      operator.get(documentPath(document), documentDetails),
    )
    return { data: details, text: describe(details) }
  },
})

function describe(details: DocumentDetails): string {
  const { id, createdAt, changedAt, openedAt, entries, base, tail, present, writers, linkList } = details
  const own = facts([
    ['title', titleOf(details)],
    ['id', id],
    ['created', moment(createdAt)],
    ['changed', changedAt === null ? 'not since this is kept' : moment(changedAt)],
    ['opened', openedAt === null ? 'not known: that is damaged' : moment(openedAt)],
    ['size', bytes(details.bytes)],
    ['entries', entries === null ? 'not known: that is damaged' : String(entries)],
    ['base', base.position === 0 ? 'none' : `${bytes(base.bytes)}, joins entries 1 to ${base.position}`],
    ['tail', `${count(tail.entries, 'entry', 'entries')}, ${bytes(tail.bytes)}`],
    ['open now', present.length === 0 ? 'nobody' : present.map(personOf).join(', ')],
  ])
  const links = `\nLinks\n${linkList.length === 0 ? 'none\n' : linkTable(linkList)}`
  const wrote = writers.length === 0 ? '' : `\nFirst writers\n${table(writerColumns, writers)}`
  return own + links + wrote
}

function personOf({ name, role, connections }: DocumentDetails['present'][number]): string {
  const how = connections === 1 ? role : `${role}, ${connections} connections`
  return `${name || 'somebody'} (${how})`
}

export function linkTable(links: readonly OperatorLink[]): string {
  return table(linkColumns, links)
}

const linkColumns: readonly Column<OperatorLink>[] = [
  { head: 'ID', cell: ({ id }) => id },
  { head: 'ROLE', cell: ({ role }) => role },
  { head: 'MADE', cell: ({ createdAt }) => moment(createdAt) },
  { head: 'ENDS', cell: ({ expiresAt }) => (expiresAt === null ? '-' : moment(expiresAt)) },
  { head: 'USES', cell: ({ uses, maxUses }) => (maxUses === null ? '-' : `${uses} of ${maxUses}`) },
  { head: 'BY', cell: ({ operator }) => (operator ? 'operator' : 'owner') },
  {
    head: 'LABEL',
    cell: ({ label, presence }) => [label, ...(presence ? [] : ['(unseen)'])].join(' ').trim(),
  },
]

const writerColumns: readonly Column<DocumentDetails['writers'][number]>[] = [
  { head: 'SINCE', cell: ({ firstSeenAt }) => moment(firstSeenAt) },
  { head: 'NAME', cell: ({ name, userId }) => name || (userId === '' ? '(a link, no name)' : '(no name)') },
  { head: 'USER', cell: ({ userId }) => userId || '-' },
  { head: 'PART', cell: ({ part }) => part },
  { head: 'CLIENT', cell: ({ clientId }) => String(clientId), isNumber: true },
]
