/** The real time. */
import type { Clock } from './room/clock.ts'

export const systemClock: Clock = {
  now: () => performance.now(),
  after(delayMs, act) {
    if (delayMs <= 0) {
      const immediate = setImmediate(act)
      return () => clearImmediate(immediate)
    }
    const timer = setTimeout(act, delayMs)
    return () => clearTimeout(timer)
  },
}
