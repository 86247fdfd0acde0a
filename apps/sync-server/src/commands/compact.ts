/** `quire compact`: joins the logs of documents, as the server does by itself in time. */
import { declare } from '../cli/command.ts'
import { Failures } from '../cli/failures.ts'
import { bytes, count, table, type Column } from '../cli/format.ts'
import { documentId } from '../cli/kinds.ts'
import { documentPath, withOperator, type Operator } from '../cli/operator.ts'
import { ConfigError } from '../config.ts'
import { compacted, type Compacted } from '../http/operator/shapes.ts'
import { allDocuments } from './list.ts'

export const compact = declare({
  about: `What was deleted from a text takes room until its log is joined. The server does that when a document is closed or its
    log has grown long; this is for not waiting. The room goes back to the database, which uses it for what comes next.`,
  usages: ['<document…> [options]', '--all [options]'],
  arguments: { document: { help: 'its id, or any link to it', kind: documentId, repeat: '*' } },
  flags: { all: { help: 'every document' } },
  examples: [{ does: 'all there are, at night', line: 'quire compact --all' }],
  endings: ['damaged', 'unknown'],
  run: async ({ document, all, ...input }, { progress }) => {
    if (all === document.length > 0) throw new ConfigError('Which documents? Name them, or say --all.')
    return withOperator(input, async (operator) => {
      const ids: readonly string[] = all ? await idsOf(operator) : document
      const done: Compacted[] = []
      const failures = new Failures()
      for (const [index, id] of ids.entries()) {
        progress.show(`${index + 1} of ${count(ids.length, 'document')}…`)
        const made = await failures.attempt(id, () =>
          operator.post(documentPath(id, '/compact'), {}, compacted),
        )
        if (made) done.push(made)
      }
      const joined = done.filter(({ entriesJoined }) => entriesJoined > 0)
      const others = done.length - joined.length
      const text =
        (joined.length > 0 ? table(columns, joined) : '') +
        (others > 0 ? `${count(others, 'document')} had nothing to join\n` : '')
      return { data: { documents: done, failures: failures.list }, text, ...failures.outcome }
    })
  },
})

async function idsOf(operator: Operator): Promise<string[]> {
  const documents = await allDocuments(operator, { sort: 'id', limit: Infinity, report: () => undefined })
  return documents.map(({ id }) => id)
}

const columns: readonly Column<Compacted>[] = [
  { head: 'ID', cell: ({ id }) => id },
  { head: 'JOINED', cell: ({ entriesJoined }) => count(entriesJoined, 'entry', 'entries'), isNumber: true },
  { head: 'BEFORE', cell: ({ bytesBefore }) => bytes(bytesBefore), isNumber: true },
  { head: 'AFTER', cell: ({ bytesAfter }) => bytes(bytesAfter), isNumber: true },
]
