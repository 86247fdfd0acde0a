import { beforeEach, expect, it } from 'vitest'
import { ManualClock } from './manual-clock.ts'
import { Watch } from './watch.ts'

let clock: ManualClock
let watch: Watch
let calls: number

beforeEach(() => {
  clock = new ManualClock()
  calls = 0
  watch = new Watch({ clock, limitMs: 100, act: () => calls++ })
})

const begin = (): void => watch.begin(clock.now())

it('calls once for what takes too long, when it does', () => {
  begin()
  clock.advance(99)
  expect(calls).toBe(0)
  clock.advance(1)
  expect(calls).toBe(1)
  clock.advance(1000)
  expect(calls).toBe(1)
})

it('counts each time from its own beginning', () => {
  begin()
  clock.advance(50)
  watch.end()
  begin()
  clock.advance(99)
  expect(calls).toBe(0)
  clock.advance(1)
  expect(calls).toBe(1)
})

it('finds nothing in what is finished, however often that is', () => {
  for (let times = 0; times < 20; times++) {
    begin()
    clock.advance(10)
    watch.end()
    clock.advance(1)
  }
  clock.advance(1000)
  expect(calls).toBe(0)
})

it('says it again for the next', () => {
  for (const expected of [1, 2]) {
    begin()
    clock.advance(150)
    expect(calls).toBe(expected)
    watch.end()
  }
})

it('says nothing once it is closed', () => {
  begin()
  watch.close()
  clock.advance(1000)
  expect(calls).toBe(0)
})
