/** `quire list`: the documents there are. */
import { z } from 'zod'
import { declare } from '../cli/command.ts'
import { bytes, count, moment, table, type Column } from '../cli/format.ts'
import { withOperator, type Operator } from '../cli/operator.ts'
import { wholeNumber } from '../config-values.ts'
import { documentList, type DocumentSummary } from '../http/operator/shapes.ts'

/** As many as one answer holds. */
const pageSize = 1000

const orders = ['changed', 'created', 'size', 'entries', 'id', 'title'] as const
type Order = (typeof orders)[number]

export const list = declare({
  about: `Times are when a document was last written to, in this machine's time zone. Entries are how often
    something was stored; their number only grows. People are those who have it open now.

    Titles stand in the documents themselves, so that a list that has not been asked for in a long time takes longer: some
    seconds for ten thousand.`,
  arguments: {},
  flags: {
    sort: {
      help: `by what: ${orders.join(', ')}`,
      kind: z.enum(orders, `must be one of ${orders.join(', ')}`).default('changed'),
      value: 'order',
    },
    limit: {
      help: 'how many to show; default: all',
      kind: wholeNumber(1, 1_000_000_000).optional(),
      value: 'count',
    },
  },
  examples: [
    { does: 'the ten largest', line: 'quire list --sort size --limit 10' },
    { does: 'the ids of all', line: 'quire list --json | jq -r .documents[].id' },
  ],
  run: async ({ sort, limit = Infinity, ...input }, { progress }) =>
    withOperator(input, async (operator) => {
      const documents = await allDocuments(operator, {
        sort,
        limit,
        report: (found) => progress.show(`${count(found, 'document')}…`),
      })
      return { data: { documents }, text: table(columns, documents) }
    }),
})

/** Sorted by title only once all are known. */
export async function allDocuments(
  operator: Operator,
  { sort, limit, report }: { sort: Order; limit: number; report: (found: number) => void },
): Promise<DocumentSummary[]> {
  const documents: DocumentSummary[] = []
  const most = sort === 'title' ? Infinity : limit
  while (documents.length < most) {
    const size = Math.min(pageSize, most - documents.length)
    const order = sort === 'title' ? 'id' : sort
    const path = `/documents?order=${order}&offset=${documents.length}&limit=${size}`
    const page = (await operator.get(path, documentList)).documents
    documents.push(...page)
    report(documents.length)
    if (page.length < size) break
  }
  if (sort !== 'title') return documents
  const { compare } = new Intl.Collator()
  return documents.toSorted((a, b) => compare(a.title ?? '', b.title ?? '')).slice(0, limit)
}

const columns: readonly Column<DocumentSummary>[] = [
  { head: 'ID', cell: ({ id }) => id },
  { head: 'CHANGED', cell: ({ changedAt, createdAt }) => moment(changedAt ?? createdAt) },
  { head: 'SIZE', cell: (document) => bytes(document.bytes), isNumber: true },
  { head: 'ENTRIES', cell: ({ entries }) => (entries === null ? '?' : String(entries)), isNumber: true },
  { head: 'PEOPLE', cell: ({ people }) => (people === 0 ? '-' : String(people)), isNumber: true },
  { head: 'TITLE', cell: titleOf },
]

export function titleOf({ title }: Pick<DocumentSummary, 'title'>): string {
  return title === null ? '(cannot be read)' : title || '(untitled)'
}
