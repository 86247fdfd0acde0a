import { expect, test } from 'vitest'
import { noMeter } from './meter.ts'
import { ManualClock } from './room/manual-clock.ts'
import { Vitals } from './vitals.ts'

const saved = (updates: number, milliseconds: number) => ({ updates, milliseconds })

test('a server that has just begun tells of the time since then, in which nothing was stored', () => {
  const clock = new ManualClock()
  clock.advance(7000)
  const vitals = new Vitals(clock)
  clock.advance(2000)
  expect(vitals.recent()).toEqual({ seconds: 2, updates: 0, refusals: 0, saveMs: null, loopDelayMs: 0 })
})

test('what happened is counted for a minute, and then no more', () => {
  const clock = new ManualClock()
  const vitals = new Vitals(clock)
  const meter = vitals.besides(noMeter)
  meter.stored(saved(3, 2))
  meter.refused('too-busy')
  clock.advance(30_000)
  meter.stored(saved(4, 2))
  expect(vitals.recent()).toMatchObject({ seconds: 30, updates: 7, refusals: 1 })
  clock.advance(30_000)
  expect(vitals.recent()).toMatchObject({ seconds: 55, updates: 4, refusals: 0 })
  clock.advance(60_000)
  expect(vitals.recent()).toMatchObject({ updates: 0, saveMs: null })
})

test('half of all saves are as fast as the median, to a tenth, and all but one in a hundred as the 99th', () => {
  const clock = new ManualClock()
  const vitals = new Vitals(clock)
  const meter = vitals.besides(noMeter)
  for (let count = 0; count < 98; count++) meter.stored(saved(1, 4))
  for (const slow of [500, 500]) meter.stored(saved(1, slow))
  const { median, p99 } = vitals.recent().saveMs ?? { median: NaN, p99: NaN }
  expect(Math.abs(median / 4 - 1)).toBeLessThan(0.1)
  expect(Math.abs(p99 / 500 - 1)).toBeLessThan(0.1)
})

test.each([
  ['next to no time', 0, 0.1],
  ['longer than anybody waits', 1e9, 0.1 * 1.2 ** 63],
])('a save that took %s is one of the outermost', (_, milliseconds, told) => {
  const vitals = new Vitals(new ManualClock())
  vitals.besides(noMeter).stored(saved(1, milliseconds))
  expect(vitals.recent().saveMs).toEqual({ median: told, p99: told })
})

test('the loop is as late as its latest timer', () => {
  const clock = new ManualClock()
  const vitals = new Vitals(clock)
  clock.after(150, () => clock.hold(300))
  clock.advance(1000)
  expect(vitals.recent().loopDelayMs).toBe(250)
  vitals.close()
  clock.after(150, () => clock.hold(900))
  clock.advance(2000)
  expect(vitals.recent().loopDelayMs).toBe(250)
})
