/** The operator's API over HTTP. Every way a request can fail becomes words that can be shown as they are. */
import { isRole } from '@quire/protocol'
import type {
  Glance,
  ListedDocument,
  OperatorServer,
  Outcome,
  PresentPerson,
  Running,
  ShownDocument,
  ShownLink,
} from '../operator/operator-server.ts'
import { t } from '../words/index.ts'
import { fieldsOf, jsonOf, wordsOfProblem } from './problems.ts'
import { amount, fields, flag, list, oneOf, perhaps, ShapeError, text, type Shape } from './shape.ts'

/** What the server gives in one answer. */
const mostAtOnce = 1000

export interface OperatorApiOptions {
  readonly fetch: typeof globalThis.fetch
  readonly token: string
  /** The token opens nothing, or nothing any more. */
  readonly onRefused: () => void
}

export function operatorApi({ fetch, token, onRefused }: OperatorApiOptions): OperatorServer {
  const ask = async <Value>(
    path: string,
    shape: Shape<Value>,
    { method = 'GET', body }: { readonly method?: string; readonly body?: object } = {},
  ): Promise<Outcome<Value>> => {
    let response: Response
    try {
      response = await fetch(`/api/admin${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      })
    } catch {
      return failed(t('server.unreachable'))
    }
    const answer = await jsonOf(response)
    if (response.ok) return understood(answer, shape)
    if (response.status === 401) onRefused()
    const { code } = fieldsOf(answer)
    return failed(wordsOfProblem(answer, response.status), typeof code === 'string' ? code : undefined)
  }
  return {
    glance: () => ask('/stats?largest=0', glance),
    documents: async ({ order, find, limit }) => {
      // What changes between two answers may come in both.
      const documents = new Map<string, ListedDocument>()
      for (let skip = 0; ; skip += mostAtOnce) {
        const wanted = Math.min(limit - skip, mostAtOnce)
        const query = new URLSearchParams({ order, find, limit: String(wanted), skip: String(skip) })
        // oxlint-disable-next-line no-await-in-loop -- whether there is a next page is known once this one is there
        const page = await ask(`/documents?${query}`, fields({ documents: list(document) }))
        if (page.type === 'failed') return page
        for (const each of page.value.documents) documents.set(each.id, each)
        const hasMore = page.value.documents.length === wanted
        if (!hasMore || skip + wanted >= limit)
          return { type: 'given', value: { documents: [...documents.values()], hasMore } }
      }
    },
    document: (id) => ask(pathOf(id), details),
    people: async (id) => map(await ask(`${pathOf(id)}/people`, people), ({ present }) => present),
    disconnect: async (id, person) =>
      map(
        await ask(`${pathOf(id)}/disconnect`, fields({ connections: amount }), {
          method: 'POST',
          body: person === undefined ? {} : { person },
        }),
        ({ connections }) => connections,
      ),
    compact: (id) =>
      ask(`${pathOf(id)}/compact`, fields({ bytesBefore: amount, bytesAfter: amount }), { method: 'POST' }),
    makeLink: async (id, link) =>
      map(
        await ask(`${pathOf(id)}/links`, fields({ url: text }), { method: 'POST', body: link }),
        ({ url }) => url,
      ),
    revoke: (id, link) =>
      ask(`${pathOf(id)}/links/${encodeURIComponent(link)}`, nothing, { method: 'DELETE' }),
    remove: (id) => ask(pathOf(id), nothing, { method: 'DELETE' }),
  }
}

/** What can be told of a token without asking: nothing else can be sent. */
export function isSendable(token: string): boolean {
  return /^[\u0021-\u007e]+$/u.test(token)
}

function pathOf(id: string): string {
  return `/documents/${encodeURIComponent(id)}`
}

function failed(words: string, code?: string): Outcome<never> {
  return { type: 'failed', words, code }
}

function understood<Value>(answer: unknown, shape: Shape<Value>): Outcome<Value> {
  try {
    return { type: 'given', value: shape(answer) }
  } catch (error) {
    if (error instanceof ShapeError) return failed(t('server.unintelligible'))
    throw error
  }
}

function map<Value, Other>(outcome: Outcome<Value>, other: (value: Value) => Other): Outcome<Other> {
  return outcome.type === 'given' ? { type: 'given', value: other(outcome.value) } : outcome
}

const nothing: Shape<void> = () => undefined
const role = oneOf(isRole)
/** The server counts in seconds. */
const time: Shape<number> = (value) => amount(value) * 1000

const running = fields<Running>({
  publicUrl: text,
  version: text,
  startedAt: time,
  memoryBytes: amount,
  recent: fields({
    seconds: amount,
    updates: amount,
    refusals: amount,
    saveMs: perhaps(fields({ median: amount, p99: amount })),
    loopDelayMs: amount,
  }),
})

const kept = fields({ days: amount, unopened: fields({ documents: amount }) })
const retention: Shape<NonNullable<Glance['retention']>> = (value) => {
  const { days, unopened } = kept(value)
  return { days, documents: unopened.documents }
}

const glance = fields<Glance>({
  documents: amount,
  people: amount,
  bytes: amount,
  used: fields({ bytes: amount, maxBytes: perhaps(amount) }),
  retention: perhaps(retention),
  server: perhaps(running),
  disk: perhaps(fields({ freeBytes: amount, sizeBytes: amount })),
})

const ofListed = {
  id: text,
  title: perhaps(text),
  bytes: amount,
  links: amount,
  createdAt: time,
  changedAt: perhaps(time),
  openedAt: perhaps(time),
  people: amount,
}
const document = fields<ListedDocument>(ofListed)

const person = fields<PresentPerson>({ id: text, name: text, role, connections: amount })
const people = fields({ present: list(person) })

const link = fields<ShownLink>({
  id: text,
  role,
  label: text,
  createdAt: time,
  expiresAt: perhaps(time),
  maxUses: perhaps(amount),
  uses: amount,
  presence: flag,
  operator: flag,
})

const details = fields<ShownDocument>({
  ...ofListed,
  base: fields({ position: amount, bytes: amount }),
  tail: fields({ entries: amount, bytes: amount }),
  linkList: list(link),
  present: list(person),
})
