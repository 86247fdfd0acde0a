import { describe, expect, it } from 'vitest'
import { ManualClock } from './manual-clock.ts'
import { Pulse } from './pulse.ts'

describe('a pulse', () => {
  it('acts at once after a quiet moment, then at most once an interval', () => {
    const clock = new ManualClock()
    const acts: number[] = []
    const pulse = new Pulse({ clock, intervalMs: 16, act: () => acts.push(clock.now()) })
    pulse.request()
    clock.advance(0)
    for (let count = 0; count < 10; count++) {
      pulse.request()
      clock.advance(4)
    }
    clock.advance(100)
    pulse.request()
    clock.advance(0)
    expect(acts).toEqual([0, 16, 32, 48, 140])
  })

  it.each([
    ['one person', 200, 200],
    ['ten', 20, 20],
    ['fifty', 4, 50],
    ['a hundred', 2, 100],
    ['a thousand, no less often than it may', 0.2, 100],
  ])('waits the longer the more there is: %s', (_who, everyMs, expectedMs) => {
    const clock = new ManualClock()
    const acts: number[] = []
    const pulse = new Pulse({ clock, intervalMs: 16, crowdedMs: 100, act: () => acts.push(clock.now()) })
    while (clock.now() < 1000) {
      pulse.request()
      clock.advance(everyMs)
    }
    const [before = 0, last = 0] = acts.slice(-2)
    expect(Math.abs(last - before - expectedMs)).toBeLessThan(Math.max(1, everyMs))
  })

  it('acts sooner when it is hurried, if there is anything, and rests from then on', () => {
    const clock = new ManualClock()
    const acts: number[] = []
    const pulse = new Pulse({ clock, intervalMs: 16, act: () => acts.push(clock.now()) })
    pulse.hurry()
    pulse.request()
    clock.advance(4)
    pulse.request()
    pulse.hurry()
    pulse.hurry()
    expect(acts).toEqual([0, 4])
    pulse.request()
    clock.advance(15)
    expect(acts).toEqual([0, 4])
    clock.advance(1)
    expect(acts).toEqual([0, 4, 20])
  })

  it('does not act once closed', () => {
    const clock = new ManualClock()
    const acts: number[] = []
    const pulse = new Pulse({ clock, intervalMs: 16, act: () => acts.push(clock.now()) })
    pulse.request()
    pulse.close()
    clock.advance(100)
    expect(acts).toEqual([])
  })
})
