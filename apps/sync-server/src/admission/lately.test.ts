import { beforeEach, expect, it } from 'vitest'
import { Lately } from './lately.ts'

let nowMs = 0
let lately: Lately
beforeEach(() => {
  nowMs = 5000
  lately = new Lately({ forMs: 1000, maxNames: 3, now: () => nowMs })
})

it('is new once in a while, however often it happens', () => {
  expect([lately.isNew('a'), lately.isNew('a'), lately.isNew('b')]).toEqual([true, false, true])
  nowMs += 999
  expect([lately.isNew('a'), lately.isNew('b')]).toEqual([false, false])
  nowMs += 1
  expect([lately.isNew('a'), lately.isNew('a'), lately.isNew('b')]).toEqual([true, false, true])
})

it('is forgotten, the oldest first, when there is more', () => {
  for (const name of ['a', 'b', 'c', 'd']) expect(lately.isNew(name)).toBe(true)
  expect([lately.isNew('c'), lately.isNew('d'), lately.isNew('a')]).toEqual([false, false, true])
})
