import { beforeEach, describe, expect, it } from 'vitest'
import { Admission } from './admission.ts'
import { admissionLimits } from './admission-limits.ts'

let nowMs = 0
let admission: Admission
beforeEach(() => {
  nowMs = 5000
  const limits = { ...admissionLimits, wrongKeys: { perSecond: 1, atOnce: 10 } }
  admission = new Admission({ trustedProxies: [], limits, now: () => nowMs })
})

describe('wrong keys', () => {
  const address = '192.0.2.1'
  let tried = 0
  function tryWrong(count: number): void {
    for (let index = 0; index < count; index++)
      admission.keyWasWrong(address, { key: `key ${tried++}`, triedAt: 'notes' })
  }

  it('are so many and no more, and then there is one more each second', () => {
    tryWrong(9)
    expect(admission.keyWaitMs(address)).toBe(0)
    tryWrong(1)
    expect([admission.keyWaitMs(address), admission.keyWaitMs('192.0.2.2')]).toEqual([1000, 0])
    nowMs += 1000
    expect(admission.keyWaitMs(address)).toBe(0)
  })

  it('that were looked at in one moment keep nobody waiting longer than the last of those allowed', () => {
    tryWrong(1000)
    expect(admission.keyWaitMs(address)).toBe(1000)
  })

  it('count once a minute if they are the same at the same place', () => {
    const tryAgain = (triedAt: string): void => {
      for (let times = 0; times < 1000; times++) admission.keyWasWrong(address, { key: 'key', triedAt })
    }
    tryAgain('notes')
    tryWrong(8)
    expect(admission.keyWaitMs(address)).toBe(0)
    tryAgain('plans')
    expect(admission.keyWaitMs(address)).toBe(1000)
    nowMs += 1000
    tryAgain('notes')
    expect(admission.keyWaitMs(address)).toBe(0)
    nowMs += 59_000
    tryWrong(9)
    tryAgain('notes')
    expect(admission.keyWaitMs(address)).toBe(1000)
  })
})
