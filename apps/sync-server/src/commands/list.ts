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

/** A few are asked for in their order; many by their ids, so that none is left out while others come and go. */
export async function allDocuments(
  operator: Operator,
  { sort, limit, report }: { sort: Order; limit: number; report: (found: number) => void },
): Promise<DocumentSummary[]> {
  const isFew = limit <= pageSize && sort !== 'title'
  if (isFew) return (await operator.get(`/documents?order=${sort}&limit=${limit}`, documentList)).documents
  const documents: DocumentSummary[] = []
  for (;;) {
    const after = encodeURIComponent(documents.at(-1)?.id ?? '')
    const path = `/documents?order=id&after=${after}&limit=${pageSize}`
    const page = (await operator.get(path, documentList)).documents
    documents.push(...page)
    report(documents.length)
    if (page.length < pageSize) return documents.toSorted(comparisons[sort]).slice(0, limit)
  }
}

type Comparison = (one: DocumentSummary, other: DocumentSummary) => number

const words = new Intl.Collator()

/** As the API would order them, and by title. */
const comparisons: Readonly<Record<Order, Comparison>> = {
  changed: (one, other) => (other.changedAt ?? other.createdAt) - (one.changedAt ?? one.createdAt),
  created: (one, other) => other.createdAt - one.createdAt,
  size: (one, other) => other.bytes - one.bytes,
  entries: (one, other) => (other.entries ?? 0) - (one.entries ?? 0),
  // That is how they come.
  id: () => 0,
  title: (one, other) => words.compare(one.title ?? '', other.title ?? ''),
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
