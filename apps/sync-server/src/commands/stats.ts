/** `quire stats`: how much there is, and what the server does. */
import { declare } from '../cli/command.ts'
import { bytes, count, facts, moment, table, type Column } from '../cli/format.ts'
import { withOperator } from '../cli/operator.ts'
import { stats as statsShape, type DocumentSummary } from '../http/operator/shapes.ts'
import { titleOf } from './list.ts'

export const stats = declare({
  arguments: {},
  flags: {},
  examples: [{ does: 'how many are connected', line: 'quire stats --json | jq .server.connections' }],
  run: async (input) => {
    const found = await withOperator(input, (operator) => operator.get('/stats', statsShape))
    const { documents, links, largest, used, retention, server, disk } = found
    const text = facts([
      ['documents', String(documents)],
      ['links', String(links)],
      ['stored', bytes(found.bytes)],
      [
        'used',
        used.maxBytes === null ? bytes(used.bytes) : `${bytes(used.bytes)} of ${bytes(used.maxBytes)}`,
      ],
      ...(retention
        ? ([
            [
              'unopened',
              `${count(retention.unopened.documents, 'document')}, ${bytes(retention.unopened.bytes)}, for ${count(retention.days, 'day')} or longer`,
            ],
          ] as const)
        : []),
      ...(disk
        ? ([
            ['folder', disk.folder],
            ['database', bytes(disk.databaseBytes)],
            ['disk', `${bytes(disk.freeBytes)} of ${bytes(disk.sizeBytes)} free`],
          ] as const)
        : []),
      ...(server
        ? ([
            ['server', `${server.url} (process ${server.pid}, since ${moment(server.startedAt)})`],
            ['public URL', server.publicUrl],
            ['memory', bytes(server.memoryBytes)],
            ['open now', String(server.openDocuments)],
            ['connections', String(server.connections)],
          ] as const)
        : ([['server', 'none is running on this folder']] as const)),
    ])
    return { data: found, text: largest.length === 0 ? text : `${text}\nLargest\n${table(columns, largest)}` }
  },
})

const columns: readonly Column<DocumentSummary>[] = [
  { head: 'ID', cell: ({ id }) => id },
  { head: 'SIZE', cell: (document) => bytes(document.bytes), isNumber: true },
  { head: 'TITLE', cell: titleOf },
]
