import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Outcome } from './operator-server.ts'
import { Watch } from './watch.ts'

const everyMs = 4000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A page on which something is watched, and a server that answers when it is told to. */
class Stage {
  readonly asked: PromiseWithResolvers<Outcome<number>>[] = []
  shown = 0
  isVisible = true
  #look: () => void = () => undefined
  readonly watch: Watch<number>

  constructor() {
    const host = {
      addController: () => undefined,
      removeController: () => undefined,
      requestUpdate: () => void this.shown++,
      updateComplete: Promise.resolve(true),
    }
    this.watch = new Watch(host, {
      ask: () => {
        const asked = Promise.withResolvers<Outcome<number>>()
        this.asked.push(asked)
        return asked.promise
      },
      everyMs,
      sight: () => ({
        isVisible: () => this.isVisible,
        subscribe: (listener) => {
          this.#look = listener
          return () => (this.#look = () => undefined)
        },
      }),
    })
    this.watch.hostConnected()
  }

  async give(outcome: Outcome<number>, question = this.asked.length - 1): Promise<void> {
    this.asked[question]?.resolve(outcome)
    await vi.advanceTimersByTimeAsync(0)
  }

  turn(isVisible: boolean): void {
    this.isVisible = isVisible
    this.#look()
  }
}

const given = (value: number): Outcome<number> => ({ type: 'given', value })
const failed: Outcome<number> = { type: 'failed', words: 'away', code: undefined }

test('asks at once, and again a while after each answer', async () => {
  const stage = new Stage()
  await vi.advanceTimersByTimeAsync(10 * everyMs)
  expect(stage.asked).toHaveLength(1)
  await stage.give(given(1))
  expect(stage.watch.value).toBe(1)
  await vi.advanceTimersByTimeAsync(everyMs - 1)
  expect(stage.asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(stage.asked).toHaveLength(2)
})

test('after a failure shows what was known, says so, and goes on', async () => {
  const stage = new Stage()
  await stage.give(given(1))
  await vi.advanceTimersByTimeAsync(everyMs)
  await stage.give(failed)
  expect([stage.watch.value, stage.watch.failure]).toEqual([1, failed])
  await vi.advanceTimersByTimeAsync(everyMs)
  await stage.give(given(2))
  expect([stage.watch.value, stage.watch.failure]).toEqual([2, undefined])
})

test('does not ask again for a document that is no more, unless it is told to', async () => {
  const stage = new Stage()
  await stage.give({ type: 'failed', words: 'gone', code: 'document-unknown' })
  await vi.advanceTimersByTimeAsync(10 * everyMs)
  expect(stage.asked).toHaveLength(1)
  stage.watch.askNow()
  expect(stage.asked).toHaveLength(2)
})

test('rests while nobody can see it, and asks at once when somebody can', async () => {
  const stage = new Stage()
  stage.turn(false)
  await stage.give(given(1))
  expect([stage.watch.value, stage.shown]).toEqual([undefined, 0])
  await vi.advanceTimersByTimeAsync(10 * everyMs)
  expect(stage.asked).toHaveLength(1)
  stage.turn(true)
  expect(stage.asked).toHaveLength(2)
})

test('an answer that comes after a newer question, or after the page has gone, is nobody’s', async () => {
  const stage = new Stage()
  stage.watch.askNow()
  await stage.give(given(2), 1)
  await stage.give(given(1), 0)
  expect(stage.watch.value).toBe(2)
  stage.watch.hostDisconnected()
  await vi.advanceTimersByTimeAsync(10 * everyMs)
  stage.turn(true)
  expect(stage.asked).toHaveLength(2)
})
