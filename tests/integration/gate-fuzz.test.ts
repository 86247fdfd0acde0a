/** A dose of the fuzzer: `pnpm fuzz` runs as many as one has time for. */
import { describe, expect, it } from 'vitest'
import { describe as told } from '../fuzz/tally.ts'
import { runInWorkers } from '../fuzz/pool.ts'
import { passThroughGate, recordedUpdates } from '../fuzz/recordings.ts'
import { chosenSeed } from '../support/random.ts'
import { hasTraces } from '../support/traces.ts'
import { dose } from '../support/dose.ts'

describe('the gate, beside Yjs, with updates of every kind and every kind of lie about them', () => {
  const seed = chosenSeed()
  const count = dose({ usual: 200_000, small: 10_000 })

  it(`lets nothing in that Yjs fails at (seed ${seed})`, { timeout: 600_000 }, async () => {
    const { tally } = await runInWorkers({ first: seed, count })
    expect(tally.findings.map(told)).toEqual([])
    expect(tally.executions).toBe(count)
    for (const verdict of ['admitted: Yjs changes', 'admitted in part: Yjs changes', 'known: Yjs nothing'])
      expect(tally.counts.get(verdict)).toBeGreaterThan(count / 200)
  })

  it.skipIf(!hasTraces)('admits every edit of a recording of people who wrote at once', () => {
    expect(passThroughGate(recordedUpdates('clownschool'))).toEqual([])
  })
})
