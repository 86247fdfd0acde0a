/**
 * The simulation, for as long as one likes:
 *
 *     pnpm simulate                       10,000 seeds from a random one on
 *     QUIRE_SEEDS=100000 pnpm simulate    as many as that
 *     QUIRE_FIRST=1 pnpm simulate         from this seed on
 *     QUIRE_SEED=42 pnpm simulate         this seed alone, told event by event
 *
 * Ends with what was done and which promises were broken, and with exit code 1 if any was.
 */
import { describe, runFleet, summaryOf } from './fleet.ts'
import { run } from './run.ts'

const progressMs = 10_000
const environment = process.env

const summary = environment['QUIRE_SEED'] ? await replay(Number(environment['QUIRE_SEED'])) : await runMany()
console.log(`\n${describe(summary)}`)
process.exitCode = summary.failures.length > 0 ? 1 : 0

async function replay(seed: number): Promise<ReturnType<typeof summaryOf>> {
  const result = await run(seed, { traced: true })
  for (const line of result.trace) console.log(line)
  console.log(`\nseed ${seed}, digest ${result.digest}`)
  return summaryOf(result)
}

async function runMany(): Promise<Awaited<ReturnType<typeof runFleet>>> {
  const seeds = Number(environment['QUIRE_SEEDS'] ?? 10_000)
  const first = Number(environment['QUIRE_FIRST'] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`seeds ${first} to ${first + seeds - 1}`)
  const startMs = performance.now()
  let toldMs = startMs
  return runFleet({
    first,
    seeds,
    progress: (soFar) => {
      if (performance.now() - toldMs < progressMs) return
      toldMs = performance.now()
      const perSecond = (soFar.seeds / (toldMs - startMs)) * 1000
      const leftSeconds = (seeds - soFar.seeds) / perSecond
      const failed = soFar.failures.map(({ seed }) => seed).join(' ')
      console.log(
        `${soFar.seeds} seeds, ${perSecond.toFixed(0)} a second, ${soFar.failures.length} with violations ${failed}, ${leftSeconds.toFixed(0)} s left`,
      )
    },
  })
}
