/** A simulation as a command: the seeds that the environment asks for, or one of them told event by event. */
import { describe, runFleet, summaryOf, type Summary } from './fleet.ts'
import type { RunResult } from './run.ts'

const progressMs = 10_000
const environment = process.env

export interface CommandOptions {
  readonly run: (seed: number, options: { readonly traced: boolean }) => Promise<RunResult>
  /** What runs many seeds; see `FleetOptions`. */
  readonly program?: URL
  readonly variant?: string | undefined
}

/** Prints what was done and which promises were broken; the exit code is 1 if any was. */
export async function command(options: CommandOptions): Promise<void> {
  const seed = environment['QUIRE_SEED']
  const summary = seed ? await replay(Number(seed), options) : await runMany(options)
  console.log(`\n${describe(summary)}`)
  process.exitCode = summary.failures.length > 0 ? 1 : 0
}

async function replay(seed: number, { run }: CommandOptions): Promise<Summary> {
  const result = await run(seed, { traced: true })
  for (const line of result.trace) console.log(line)
  console.log(`\nseed ${seed}, digest ${result.digest}`)
  return summaryOf(result)
}

function runMany({ program, variant }: CommandOptions): Promise<Summary> {
  const seeds = Number(environment['QUIRE_SEEDS'] ?? 10_000)
  const first = Number(environment['QUIRE_FIRST'] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`seeds ${first} to ${first + seeds - 1}`)
  const startMs = performance.now()
  let toldMs = startMs
  return runFleet({
    first,
    seeds,
    variant,
    ...(program && { program }),
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
