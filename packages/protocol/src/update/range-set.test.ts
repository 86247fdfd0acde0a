import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RangeSet } from './range-set.ts'

const clocks = Array.from({ length: 200 }, (_, clock) => clock)
const range = fc.tuple(fc.nat(180), fc.integer({ min: 1, max: 20 }))
/** Some few, which are put in one by one, and some many, which are merged. */
const lists = fc.array(
  fc.oneof(fc.array(range, { maxLength: 4 }), fc.array(range, { minLength: 12, maxLength: 40 })),
  { maxLength: 8 },
)

describe('a set of ranges', () => {
  it('covers what a set of clocks would hold, after each list that is added', () => {
    fc.assert(
      fc.property(lists, (batches) => {
        const set = new RangeSet()
        const model = new Set<number>()
        for (const batch of batches) {
          set.add(Int32Array.from(batch.flatMap(([clock, length]) => [clock, clock + length])))
          for (const [clock, length] of batch) for (let at = clock; at < clock + length; at++) model.add(at)
          const covered = (length: number): number[] => clocks.filter((at) => set.covers(at, at + length))
          expect(covered(1)).toEqual(clocks.filter((at) => model.has(at)))
          expect(covered(3)).toEqual(
            clocks.filter((at) => [at, at + 1, at + 2].every((clock) => model.has(clock))),
          )
        }
      }),
      { numRuns: 200 },
    )
  })
})
