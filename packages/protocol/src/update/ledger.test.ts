import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { madeUpdate, range } from '../testing/made-updates.ts'
import { docOf, play, scripts, vectorOf } from '../testing/writers.ts'
import { Ledger } from './ledger.ts'
import { scan, type IdRange } from './scan.ts'

function ledgerOf(...deletes: string[]): Ledger {
  const ledger = new Ledger()
  for (const text of deletes) ledger.add(madeUpdate([], [range(text)]))
  return ledger
}

function hasDeleted(ledger: Ledger, { client, clock, length }: IdRange): boolean {
  return ledger.isDeleted(client, clock, length)
}

/** Each clock the ledger knows, by itself. */
function everyClock(ledger: Ledger): IdRange[] {
  return [...ledger.stateVector].flatMap(([client, next]) =>
    Array.from({ length: next }, (_, clock) => ({ client, clock, length: 1 })),
  )
}

const ranges = fc.record({ client: fc.nat(1), clock: fc.nat(60), length: fc.integer({ min: 1, max: 12 }) })

describe('a ledger', () => {
  it('knows the clocks that Yjs knows', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { updates } = play(script)
        const ledger = new Ledger()
        for (const update of updates) ledger.add(scan(update))
        expect(ledger.stateVector).toEqual(vectorOf(docOf(updates)))
      }),
      { numRuns: 50 },
    )
  })

  it('expects a client it has not heard of to begin at 0', () => {
    expect(new Ledger().nextClock(7)).toBe(0)
    expect(hasDeleted(new Ledger(), range('7:0+1'))).toBe(false)
  })

  it('takes no notice of structs after a gap, nor of those it has', () => {
    const ledger = new Ledger()
    const struct = (text: string): void => ledger.add(madeUpdate([range(text)]))
    struct('7:0+3')
    struct('7:5+2')
    struct('7:1+1')
    expect(ledger.nextClock(7)).toBe(3)
    struct('7:2+4')
    expect(ledger.nextClock(7)).toBe(6)
  })

  it('knows what is deleted as a set would, however the ranges lie and in whatever order they come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(ranges, { maxLength: 20 }), { maxLength: 10 }),
        ranges,
        (batches, asked) => {
          const ledger = new Ledger()
          const model = new Set<string>()
          const clocksOf = ({ client, clock, length }: IdRange): string[] =>
            Array.from({ length }, (_, index) => `${client}:${clock + index}`)
          for (const [index, deletes] of batches.entries()) {
            // One by one and all at once take different ways.
            const lists = index % 2 === 0 ? deletes.map((one) => [one]) : [deletes]
            for (const list of lists) ledger.add(madeUpdate([], list))
            for (const id of deletes.flatMap(clocksOf)) model.add(id)
            for (const known of deletes) expect(hasDeleted(ledger, known)).toBe(true)
          }
          expect(hasDeleted(ledger, asked)).toBe(clocksOf(asked).every((id) => model.has(id)))
          for (let clock = 0; clock < 75; clock++)
            expect(ledger.isDeleted(0, clock, 1)).toBe(model.has(`0:${clock}`))
        },
      ),
      { numRuns: 300 },
    )
  })

  it.each([
    ['that touch', ['1:0+2', '1:2+2'], '1:0+4', true],
    ['that touch, the later first', ['1:2+2', '1:0+2'], '1:0+4', true],
    ['joined by a third', ['1:0+2', '1:4+2', '1:2+2'], '1:0+6', true],
    ['swallowed by a larger one', ['1:2+1', '1:5+1', '1:0+9'], '1:0+9', true],
    ['with a hole of one', ['1:0+2', '1:3+2'], '1:0+5', false],
    ['of two clients', ['1:0+2', '2:2+2'], '1:0+4', false],
  ])('joins ranges %s', (_how, deletes, asked, isDeleted) => {
    expect(hasDeleted(ledgerOf(...deletes), range(asked))).toBe(isDeleted)
  })

  it('does not change when it is told again', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { updates } = play(script)
        const once = new Ledger()
        const twice = new Ledger()
        for (const update of updates) {
          once.add(scan(update))
          twice.add(scan(update))
          twice.add(scan(update))
        }
        for (const update of updates) twice.add(scan(update))
        expect(twice.stateVector).toEqual(once.stateVector)
        for (const asked of everyClock(once)) expect(hasDeleted(twice, asked)).toBe(hasDeleted(once, asked))
      }),
      { numRuns: 30 },
    )
  })

  it('takes in many scattered deletions at once, in whatever order they come (one by one, this takes long)', () => {
    const scattered = Array.from({ length: 300_000 }, (_, index) => ({
      client: 1,
      clock: index * 4,
      length: 1,
    }))
    const between = scattered.map((deleted) => ({ ...deleted, clock: deleted.clock + 2 }))
    const ledger = new Ledger()
    ledger.add(madeUpdate([], scattered.toReversed()))
    ledger.add(madeUpdate([], between))
    expect(hasDeleted(ledger, range('1:1199998+1'))).toBe(true)
    expect(hasDeleted(ledger, range('1:1199997+1'))).toBe(false)
  })
})
