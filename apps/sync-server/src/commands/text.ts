/** `quire text`: what a document says, and nothing else. */
import { declare } from '../cli/command.ts'
import { documentId } from '../cli/kinds.ts'
import { documentPath, withOperator } from '../cli/operator.ts'

export const text = declare({
  about:
    'As UTF-8, to the byte: no line break is added. What people have typed and the server has not stored yet is not in it.',
  arguments: { document: { help: 'its id, or any link to it', kind: documentId } },
  flags: {},
  examples: [{ does: 'how many words there are', line: 'quire text Zb3kQ0a1xWq9LmTy | wc -w' }],
  endings: ['damaged', 'unknown'],
  run: async ({ document, ...input }) => {
    const said = await withOperator(input, (operator) => operator.text(documentPath(document, '/text')))
    return { data: { id: document, text: said }, text: said }
  },
})
