import { describe, expect, it } from 'vitest'
import { ManualClock } from '../room/manual-clock.ts'
import { sharedCheck } from './readiness.ts'

describe('whether the store can be written to', () => {
  it('is found out once for all who ask meanwhile, and within a second after', async () => {
    const clock = new ManualClock()
    const checks: PromiseWithResolvers<void>[] = []
    const check = sharedCheck(
      () => {
        const made = Promise.withResolvers<void>()
        checks.push(made)
        return made.promise
      },
      () => clock.now(),
    )
    const first = check()
    clock.advance(5000)
    const second = check()
    checks[0]?.reject(new Error('full'))
    expect((await Promise.allSettled([first, second])).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
    ])
    clock.advance(999)
    await expect(check()).rejects.toThrow('full')
    expect(checks).toHaveLength(1)
    clock.advance(1)
    const later = check()
    checks[1]?.resolve()
    await later
    await check()
    expect(checks).toHaveLength(2)
  })
})
