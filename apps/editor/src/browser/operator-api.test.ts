import { expect, test } from 'vitest'
import { isSendable, operatorApi } from './operator-api.ts'

/** What was asked of a server that answers all with this, and what came of it. */
async function askOf(
  answer: Response | Error,
  ask: (api: ReturnType<typeof operatorApi>) => Promise<object>,
): Promise<{ outcome: object; path: string; init: RequestInit; refusals: number }> {
  let [path, init, refusals]: [string, RequestInit, number] = ['', {}, 0]
  const api = operatorApi({
    async fetch(input, options = {}) {
      path = input instanceof Request ? input.url : String(input)
      init = options
      if (answer instanceof Error) throw answer
      return answer
    },
    token: 'secret',
    onRefused: () => refusals++,
  })
  return { outcome: await ask(api), path, init, refusals }
}

const json = (body: unknown, status = 200): Response => Response.json(body, { status })

test('the token is shown in a header, and never stands in an address', async () => {
  const { path, init, outcome } = await askOf(json({ documents: [] }), (api) =>
    api.documents({ order: 'size', find: 'a b&c=ü', limit: 50 }),
  )
  expect(path).toBe('/api/admin/documents?order=size&find=a+b%26c%3D%C3%BC&limit=50&skip=0')
  expect(init.headers).toEqual({ authorization: 'Bearer secret' })
  expect(outcome).toEqual({ type: 'given', value: { documents: [], hasMore: false } })
})

test('an id with odd letters stays one part of the path', async () => {
  const { path, init } = await askOf(json({ connections: 1 }), (api) => api.disconnect('../a/b?c#d', 'x'))
  expect(path).toBe('/api/admin/documents/..%2Fa%2Fb%3Fc%23d/disconnect')
  expect([init.method, init.body]).toEqual(['POST', '{"person":"x"}'])
})

test('times are told in milliseconds, and what is not there as undefined', async () => {
  const listed = {
    id: 'a',
    title: null,
    bytes: 1,
    links: 0,
    createdAt: 5,
    changedAt: null,
    openedAt: 7,
    people: 0,
  }
  const { outcome } = await askOf(json({ documents: [{ ...listed, more: 1 }] }), (api) =>
    api.documents({ order: 'changed', find: '', limit: 1 }),
  )
  const documents = [{ ...listed, title: undefined, createdAt: 5000, changedAt: undefined, openedAt: 7000 }]
  expect(outcome).toEqual({ type: 'given', value: { documents, hasMore: true } })
})

test.each([
  [1000, ['0+1000'], 1000, true],
  [2500, ['0+1000', '1000+1000', '2000+500'], 2100, false],
])('the first %d documents are asked for in parts', async (limit, parts, count, hasMore) => {
  const there = Array.from({ length: 2101 }, (_, number) => ({
    id: String(number),
    title: '',
    bytes: 1,
    links: 0,
    createdAt: 5,
    changedAt: null,
    openedAt: null,
    people: 0,
  }))
  const asked: string[] = []
  const api = operatorApi({
    async fetch(input) {
      const path = input instanceof Request ? input.url : input
      const query = new URL(path, 'https://quire.example').searchParams
      const [skip, most] = [Number(query.get('skip')), Number(query.get('limit'))]
      asked.push(`${skip}+${most}`)
      const documents = there.slice(skip, skip + most)
      // The first one is changed after the first answer, and moves all others.
      if (skip === 0) there.unshift(...there.splice(-1))
      return Response.json({ documents })
    },
    token: 'secret',
    onRefused: () => undefined,
  })
  const outcome = await api.documents({ order: 'changed', find: '', limit })
  expect(asked).toEqual(parts)
  if (outcome.type === 'failed') throw new Error(outcome.words)
  expect([outcome.value.documents.length, outcome.value.hasMore]).toEqual([count, hasMore])
})

test('how long documents are kept that nobody opens is told with how many have been for longer', async () => {
  const told = {
    documents: 9,
    people: 0,
    bytes: 1,
    used: { bytes: 1, maxBytes: null },
    server: null,
    disk: null,
  }
  const retention = { days: 90, unopened: { documents: 3, bytes: 5 } }
  const { outcome } = await askOf(json({ ...told, retention }), (api) => api.glance())
  expect(outcome).toMatchObject({ value: { retention: { days: 90, documents: 3 } } })
  const { outcome: without } = await askOf(json({ ...told, retention: null }), (api) => api.glance())
  expect(without).toMatchObject({ value: { retention: undefined } })
})

test('a token that opens nothing any more is told of', async () => {
  const { outcome, refusals } = await askOf(json({ code: 'not-authenticated', title: 'No' }, 401), (api) =>
    api.glance(),
  )
  expect([outcome, refusals]).toEqual([{ type: 'failed', words: 'No', code: 'not-authenticated' }, 1])
})

test.each([
  ['is away', new TypeError('failed to fetch'), /cannot be reached/],
  ['is behind a proxy that answers for it', new Response('<html>', { status: 502 }), /cannot be reached/],
  ['answers with something else', json({ documents: 'many' }), /does not understand/],
  ['answers with less', json({ documents: [{ id: 'a' }] }), /does not understand/],
  ['is cut off', new Response('{"documents":['), /does not understand/],
])('a server that %s is told of in words', async (_, answer, words) => {
  const { outcome, refusals } = await askOf(answer, (api) =>
    api.documents({ order: 'changed', find: '', limit: 1 }),
  )
  expect(outcome).toEqual({ type: 'failed', words: expect.stringMatching(words), code: undefined })
  expect(refusals).toBe(0)
})

test.each([
  ['Wq3hT8-vN5pLxR2m', true],
  ['', false],
  ['two words', false],
  ['schlüssel', false],
  ['line\nbreak', false],
])('whether a token can be sent at all is known before: %j', (token, isIt) => {
  expect(isSendable(token)).toBe(isIt)
})
