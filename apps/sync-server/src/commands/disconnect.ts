/** `quire disconnect`: ends the connections of everyone who is in a document. */
import { declare } from '../cli/command.ts'
import { count } from '../cli/format.ts'
import { documentId } from '../cli/kinds.ts'
import { documentPath, withOperator } from '../cli/operator.ts'
import { disconnected } from '../http/operator/shapes.ts'

export const disconnect = declare({
  about: `Nothing they wrote is lost: it is stored and acknowledged first. Whoever still has a link comes back by themselves; to keep
    somebody out, revoke the link.`,
  arguments: { document: { help: 'its id, or any link to it', kind: documentId } },
  flags: {},
  examples: [{ does: 'everyone in one document', line: 'quire disconnect Zb3kQ0a1xWq9LmTy' }],
  endings: ['unknown'],
  run: async ({ document, ...input }) => {
    const done = await withOperator(input, (operator) =>
      operator.post(documentPath(document, '/disconnect'), {}, disconnected),
    )
    return { data: done, text: `ended ${count(done.connections, 'connection')}\n` }
  },
})
