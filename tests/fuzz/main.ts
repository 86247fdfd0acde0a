/**
 * Proves the gate against Yjs by trial: updates of every kind, and every kind of lie about them.
 *
 *     pnpm fuzz                        # a million
 *     QUIRE_FUZZ_RUNS=10000000 pnpm fuzz
 *     QUIRE_SEED=12345 QUIRE_FUZZ_RUNS=1 pnpm fuzz   # one case again
 *
 * Real updates come from the traces, if they are there (`QUIRE_TRACES`): then they are part of what a seed gives.
 */
import { cpus } from 'node:os'
import { chosenSeed } from '../support/random.ts'
import { hasTraces } from '../support/traces.ts'
import { caseOf } from './cases.ts'
import { costOfMessage, heldAfterMessage } from './cost.ts'
import type { Candidate } from './costliest.ts'
import { runInWorkers } from './pool.ts'
import { passThroughGate, recordedUpdates, recordings } from './recordings.ts'
import { describe } from './tally.ts'
import { worstCases } from './worst.ts'

const runs = Number(process.env['QUIRE_FUZZ_RUNS'] ?? 1_000_000)
const seed = chosenSeed()

console.log(
  `${inWords(runs)} executions from seed ${seed}, ${hasTraces ? 'with' : 'without'} traces; ` +
    `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'} × ${cpus().length}`,
)
if (hasTraces)
  for (const name of recordings) {
    const updates = recordedUpdates(name)
    const found = passThroughGate(updates)
    console.log(`${name}: ${updates.length} edits, ${found.join(', ') || 'all admitted, and known again'}`)
    if (found.length > 0) process.exitCode = 1
  }

const started = performance.now()
const { tally, costliest } = await runInWorkers({
  first: seed,
  count: runs,
  progressed: ({ executions, findings }) =>
    console.error(`${inWords(executions)} done, ${findings.length} findings`),
})
const seconds = (performance.now() - started) / 1000

console.log(`\n${inWords(tally.executions)} executions in ${seconds.toFixed(0)} s`)
console.log('The verdict of the gate, and what Yjs does with the same bytes as they came:')
for (const [name, count] of [...tally.counts].toSorted(([, a], [, b]) => b - a))
  console.log(`${String(count).padStart(10)}  ${name}`)
showCosts()
console.log(`\n${tally.findings.length === 0 ? 'No' : 'Some'} disagreements`)
for (const finding of tally.findings) console.log(describe(finding))
if (tally.findings.length > 0) process.exitCode = 1

interface Measured extends Candidate {
  /** Bytes that are still taken afterwards. */
  readonly held: number
}

function showCosts(): void {
  const measured = costliest.candidates.map(({ seed: of, size }): Measured => {
    const { scene, update } = caseOf(of)
    const held = heldAfterMessage([scene.state], update)
    return { seed: of, size, held, ...costOfMessage([scene.state], update) }
  })
  const most = (name: string, of: readonly Measured[], valueOf: (candidate: Measured) => number): void => {
    const top = of.toSorted((a, b) => valueOf(b) - valueOf(a))[0]
    if (!top) return
    const { ms, bytes, held, size } = top
    console.log(
      `  ${name}: ${ms.toFixed(3)} ms, ${bytes} bytes set aside (× ${round(bytes / size)}), ${held} held (× ${round(held / size)}) for ${size}, seed ${top.seed}`,
    )
  }
  const empty = costOfMessage([], Uint8Array.of(0, 0))
  console.log('\nThe costliest message that was not refused (the least of many measures of it):')
  console.log(`  for comparison, one that says nothing: ${empty.ms.toFixed(3)} ms, ${empty.bytes} bytes`)
  most('time', measured, ({ ms }) => ms)
  most('memory', measured, ({ bytes }) => bytes)
  const large = measured.filter(({ size }) => size >= 4096)
  most('memory for its size, from 4 KiB on', large, ({ size, bytes }) => bytes / size)
  most('memory held for its size, from 4 KiB on', large, ({ size, held }) => held / size)
  console.log('\nMade to cost as much as they can:')
  console.table(
    worstCases(65_536).map(({ name, known, update }) => {
      const { ms, bytes } = costOfMessage(known, update)
      const held = heldAfterMessage(known, update)
      const size = update.length
      return { name, size, ms: round(ms), bytes, ratio: round(bytes / size), held: round(held / size) }
    }),
  )
}

function inWords(count: number): string {
  return count.toLocaleString('en')
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
