/** `quire list`: the documents there are. */
import { z } from 'zod'
import { declare } from '../cli/command.ts'
import { bytes, count, moment, table, type Column } from '../cli/format.ts'
import { withOperator, type Operator } from '../cli/operator.ts'
import { wholeNumber } from '../config-values.ts'
import { documentList, type DocumentSummary } from '../http/operator/shapes.ts'

/** As many as one answer holds. */
const pageSize = 1000

const orders = ['changed', 'created', 'opened', 'size', 'entries', 'id', 'title'] as const
type Order = (typeof orders)[number]

export const list = declare({
  about: `Times are when a document was last written to, and when somebody last opened it (to the day), in this machine's time
    zone. Entries are how often something was stored; their number only grows. People are those who have it open now.

    With --unopened 90, those are listed that QUIRE_RETENTION_DAYS=90 would delete by now, less what is open or damaged. Days are
    counted while a server runs.

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
    unopened: {
      help: 'only those that nobody has opened for so many days',
      kind: wholeNumber(1, 36_500).optional(),
      value: 'days',
    },
  },
  examples: [
    { does: 'what nobody has opened for a year', line: 'quire list --unopened 365' },
    { does: 'the ten largest', line: 'quire list --sort size --limit 10' },
    { does: 'the ids of all', line: 'quire list --json | jq -r .documents[].id' },
  ],
  run: async ({ sort, limit = Infinity, unopened, ...input }, { progress }) =>
    withOperator(input, async (operator) => {
      const documents = await allDocuments(operator, {
        sort,
        limit,
        unopened,
        report: (found) => progress.show(`${count(found, 'document')}…`),
      })
      return { data: { documents }, text: table(columns, documents) }
    }),
})

interface Wanted {
  readonly sort: Order
  readonly limit: number
  /** Days; undefined: all. */
  readonly unopened?: number | undefined
  readonly report: (found: number) => void
}

/** A few are asked for in their order; many by their ids, so that none is left out while others come and go. */
export async function allDocuments(
  operator: Operator,
  { sort, limit, unopened, report }: Wanted,
): Promise<DocumentSummary[]> {
  const which = unopened === undefined ? '' : `&unopened=${unopened}`
  const isFew = limit <= pageSize && sort !== 'title'
  if (isFew)
    return (await operator.get(`/documents?order=${sort}&limit=${limit}${which}`, documentList)).documents
  const documents: DocumentSummary[] = []
  for (;;) {
    const after = encodeURIComponent(documents.at(-1)?.id ?? '')
    const path = `/documents?order=id&after=${after}&limit=${pageSize}${which}`
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
  opened: (one, other) => (other.openedAt ?? 0) - (one.openedAt ?? 0),
  size: (one, other) => other.bytes - one.bytes,
  entries: (one, other) => (other.entries ?? 0) - (one.entries ?? 0),
  // That is how they come.
  id: () => 0,
  title: (one, other) => words.compare(one.title ?? '', other.title ?? ''),
}

const columns: readonly Column<DocumentSummary>[] = [
  { head: 'ID', cell: ({ id }) => id },
  { head: 'CHANGED', cell: ({ changedAt, createdAt }) => moment(changedAt ?? createdAt) },
  { head: 'OPENED', cell: ({ openedAt }) => (openedAt === null ? '?' : moment(openedAt)) },
  { head: 'SIZE', cell: (document) => bytes(document.bytes), isNumber: true },
  { head: 'ENTRIES', cell: ({ entries }) => (entries === null ? '?' : String(entries)), isNumber: true },
  { head: 'PEOPLE', cell: ({ people }) => (people === 0 ? '-' : String(people)), isNumber: true },
  { head: 'TITLE', cell: titleOf },
]

export function titleOf({ title }: Pick<DocumentSummary, 'title'>): string {
  return title === null ? '(cannot be read)' : title || '(untitled)'
}
