import { describe, expect, it } from 'vitest'
import { ManualClock } from '../room/manual-clock.ts'
import { Departures } from './departures.ts'
import { transportLimits } from './transport-limits.ts'

const { departuresAtOnce, departureMs } = transportLimits

describe('whoever is sent away', () => {
  function sendAway(count: number): { clock: ManualClock; goneAt: number[] } {
    const clock = new ManualClock()
    const departures = new Departures(clock)
    const goneAt: number[] = []
    for (let each = 0; each < count; each++) departures.add(() => goneAt.push(clock.now()))
    return { clock, goneAt }
  }

  it('goes at once if there are few', () => {
    expect(sendAway(departuresAtOnce).goneAt).toHaveLength(departuresAtOnce)
  })

  it('goes within a second, and never many in the same instant', () => {
    for (const count of [departuresAtOnce + 1, 1000, 20_000]) {
      const { clock, goneAt } = sendAway(count)
      expect(goneAt).toHaveLength(departuresAtOnce)
      clock.advance(departureMs)
      expect(goneAt).toHaveLength(count)
      const together = new Map<number, number>()
      for (const at of goneAt) together.set(at, (together.get(at) ?? 0) + 1)
      const most = Math.max(departuresAtOnce, Math.ceil(count / 50))
      expect(Math.max(...together.values())).toBeLessThanOrEqual(most)
    }
  })
})
