/** `quire token`: an access token, as an application would sign one for a user of its own. */
import { z } from 'zod'
import { roles } from '@quire/protocol'
import { minSecretBytes } from '../access/secret.ts'
import { declare } from '../cli/command.ts'
import { facts, moment } from '../cli/format.ts'
import { documentId, duration } from '../cli/kinds.ts'
import { documentPath, publicUrlFlag, withOperator } from '../cli/operator.ts'
import { secret, text } from '../config-values.ts'
import { issuedToken } from '../http/operator/shapes.ts'

export const token = declare({
  about: `It is signed with the server's secret, and opens the document for one user until it ends; there is no way to take it
    back. If there is no document with this id, it begins with what is first written in it.`,
  arguments: { document: { help: 'its id', kind: documentId } },
  flags: {
    role: {
      help: 'view, edit or own',
      kind: z.enum(roles, 'must be view, edit or own').default('edit'),
      value: 'role',
    },
    sub: {
      help: 'who it is for: an id that nobody else has',
      kind: z.string().min(1, 'must not be empty').max(256, 'must have at most 256 letters'),
      value: 'id',
    },
    name: { help: 'what they are called', kind: z.string().optional(), value: 'words' },
    expires: {
      help: 'when it ends, 24h at most; default: 1h',
      kind: duration('24h').optional(),
      value: 'time',
    },
    secret: {
      help: 'what a server that is not running would sign with; absent: the secret in the folder',
      kind: secret(minSecretBytes).optional(),
      variable: 'QUIRE_SECRET',
      variableOnly: true,
    },
    issuer: {
      help: 'likewise, whom tokens have to name as their issuer',
      kind: text.optional(),
      value: 'name',
      variable: 'QUIRE_JWT_ISSUER',
    },
    publicUrl: publicUrlFlag,
  },
  examples: [{ does: 'for an hour', line: 'quire token notes --role edit --sub ada --name "Ada Lovelace"' }],
  run: async ({ document, role, sub, name, expires, ...input }) => {
    const body = { role, sub, name, expiresIn: expires }
    const issued = await withOperator(input, (operator) =>
      operator.post(documentPath(document, '/tokens'), body, issuedToken),
    )
    const { token: value, url, expiresAt } = issued
    return {
      data: issued,
      text: facts([
        ['token', value],
        ['url', url],
        ['ends', moment(expiresAt)],
      ]),
    }
  },
})
