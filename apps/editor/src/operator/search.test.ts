import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Listing, Outcome, Search } from './operator-server.ts'
import { SearchController } from './search.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const host = {
  addController: () => undefined,
  removeController: () => undefined,
  requestUpdate: () => undefined,
  updateComplete: Promise.resolve(true),
}
const searchFor = (find: string): Search => ({ order: 'changed', find, limit: 50 })
const nothing: Outcome<Listing> = { type: 'given', value: { documents: [], hasMore: false } }

test('what is typed is looked for once the typing rests', async () => {
  const asked: string[] = []
  const list = new SearchController(host, async ({ find }) => {
    asked.push(find)
    return nothing
  })
  for (const find of ['n', 'no', 'not']) list.askSoon(searchFor(find))
  await vi.runAllTimersAsync()
  expect([asked, list.foundFor?.find, list.isAsking]).toEqual([['not'], 'not', false])
})

test('what comes late is not shown in the place of what came after it', async () => {
  const answers = new Map<string, (outcome: typeof nothing) => void>()
  const list = new SearchController(
    host,
    ({ find }) => new Promise((resolve) => void answers.set(find, resolve)),
  )
  void list.askNow(searchFor('old'))
  void list.askNow(searchFor('new'))
  answers.get('new')?.(nothing)
  answers.get('old')?.({ type: 'failed', words: 'late', code: undefined })
  await vi.runAllTimersAsync()
  expect([list.found, list.foundFor?.find]).toEqual([nothing, 'new'])
})

test('nothing is asked after the page has gone', async () => {
  let asked = 0
  const list = new SearchController(host, async () => {
    asked++
    return nothing
  })
  list.askSoon(searchFor('x'))
  list.hostDisconnected()
  await vi.runAllTimersAsync()
  expect(asked).toBe(0)
})
