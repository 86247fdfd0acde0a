import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../storage/document-store.ts'
import { Log } from './log.ts'
import { atRest, RestingEntry } from '../storage/resting-entry.ts'

/** What somebody writes who presses two keys by turns. */
const entry = (position: number, bytes: number): LogEntry => ({
  position,
  update: Uint8Array.from({ length: bytes }, (_, index) => (index % 2) + position),
})
const large = 100_000

describe('a log at rest', () => {
  it('is the log it was', async () => {
    const [base, ...tail] = [entry(3, large), entry(4, large), entry(5, 10), entry(6, large)]
    const log = new Log({ base, tail })
    await log.rest()
    expect([log.head, log.basePosition, log.baseBytes, log.tailBytes]).toEqual([6, 3, large, 2 * large + 10])
    expect(log.updates).toEqual([base, ...tail].map((each) => each?.update))
    expect(log.entriesAfter(4)?.map(({ update }) => update)).toEqual(
      tail.slice(1).map(({ update }) => update),
    )
  })

  it('can be handed to another thread', async () => {
    const stored = { base: entry(1, large), tail: [entry(2, large)] }
    const log = new Log(stored)
    await log.rest()
    expect(structuredClone(log.stored)).toEqual(stored)
  })

  it('goes on while it is laid to rest', async () => {
    const log = new Log({ base: entry(1, large), tail: [entry(2, large), entry(3, large)] })
    const resting = log.rest()
    log.append(entry(4, large))
    log.compacted(entry(2, large))
    await resting
    await log.rest()
    expect(log.updates).toEqual([2, 3, 4].map((position) => entry(position, large).update))
    expect([log.basePosition, log.head, log.bytes]).toEqual([2, 4, 3 * large])
  })
})

describe('an entry at rest', () => {
  it('takes less, as often as it is read in between', async () => {
    const resting = await atRest(entry(1, large))
    if (!(resting instanceof RestingEntry)) throw new Error('a large entry rests')
    expect(resting.packedBytes).toBeLessThan(large / 2)
    for (let time = 0; time < 2; time++) {
      expect(resting.update).toEqual(entry(1, large).update)
      expect(await atRest(resting)).toBe(resting)
    }
  })

  it('is an array like any other once it is read', async () => {
    const { update } = await atRest(entry(1, large))
    expect(update.slice(0, 1).buffer).not.toBe(update.buffer)
  })

  it('is left as it is if it is small, or so large that to read it would hold up others', async () => {
    for (const bytes of [1000, 2 * 2 ** 20]) {
      const one = entry(1, bytes)
      expect(await atRest(one)).toBe(one)
    }
  })
})
