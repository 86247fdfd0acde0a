/** Many seeds, on as many threads as there are cores, and what they amount to. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { RunResult } from './run.ts'
import type { ScenarioOptions } from './scenario.ts'

export interface FleetOptions extends ScenarioOptions, Pick<Errand, 'variant'> {
  /** The seeds are this one and those after it. */
  readonly first: number
  readonly seeds: number
  readonly threads?: number
  /** What each thread runs: the rooms' simulation, unless said otherwise. */
  readonly program?: URL
  /** Called now and then with what there is so far. */
  readonly progress?: (soFar: Summary) => void
  /** What there is so far is enough: no more seeds are begun. */
  readonly isEnough?: (soFar: Summary) => boolean
}

/** A few seeds for a thread to run. */
export interface Errand extends ScenarioOptions {
  readonly first: number
  readonly seeds: number
  /** What is to be different, in the program's own words. */
  readonly variant?: string | undefined
}

export interface Failure {
  readonly seed: number
  /** Each rule once, with the first detail. */
  readonly violations: RunResult['violations']
}

export interface Summary {
  readonly seeds: number
  readonly events: number
  readonly virtualMs: number
  readonly counts: ReadonlyMap<string, number>
  readonly failures: readonly Failure[]
}

export const nothingYet: Summary = { seeds: 0, events: 0, virtualMs: 0, counts: new Map(), failures: [] }

/** Of each thread, so that all of them end at about the same time. */
const errandsOfEach = 4
/** What is being done is heard of now and then. */
const maxSeedsPerErrand = 20

export async function runFleet(options: FleetOptions): Promise<Summary> {
  const { first, seeds, without = [], variant, threads = availableParallelism() } = options
  const { program = new URL('fleet-worker.ts', import.meta.url), progress, isEnough } = options
  const seedsPerErrand = Math.min(maxSeedsPerErrand, Math.ceil(seeds / threads / errandsOfEach))
  let next = first
  let summary = nothingYet
  const takeErrand = (): Errand | undefined => {
    if (next >= first + seeds || isEnough?.(summary)) return undefined
    const errand = { first: next, seeds: Math.min(seedsPerErrand, first + seeds - next), without, variant }
    next += errand.seeds
    return errand
  }
  const done = (part: Summary): void => {
    summary = sumOf(summary, part)
    progress?.(summary)
  }
  const wanted = Math.min(threads, Math.ceil(seeds / seedsPerErrand))
  await Promise.all(Array.from({ length: wanted }, () => work(program, takeErrand, done)))
  return summary
}

/** One thread, until there is nothing left to do. */
async function work(
  program: URL,
  takeErrand: () => Errand | undefined,
  done: (part: Summary) => void,
): Promise<void> {
  const worker = new Worker(program)
  try {
    for (let errand = takeErrand(); errand; errand = takeErrand()) done(await perform(worker, errand))
  } finally {
    await worker.terminate()
  }
}

function perform(worker: Worker, errand: Errand): Promise<Summary> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (part: Summary) => {
      worker.off('error', reject)
      resolve(part)
    })
    worker.postMessage(errand)
  })
}

/** For a program: plays the seeds of an errand, one after the other. */
export async function playAll(
  { first, seeds }: Errand,
  play: (seed: number) => Promise<RunResult>,
): Promise<Summary> {
  let summary = nothingYet
  for (let seed = first; seed < first + seeds; seed++) summary = sumOf(summary, summaryOf(await play(seed)))
  return summary
}

export function summaryOf({ seed, events, virtualMs, counts, violations }: RunResult): Summary {
  const firsts = [...Map.groupBy(violations, ({ rule }) => rule).values()].flatMap((same) => same.slice(0, 1))
  return {
    seeds: 1,
    events,
    virtualMs,
    counts,
    failures: firsts.length > 0 ? [{ seed, violations: firsts }] : [],
  }
}

export function sumOf(some: Summary, others: Summary): Summary {
  const counts = new Map(some.counts)
  for (const [what, times] of others.counts) counts.set(what, (counts.get(what) ?? 0) + times)
  return {
    seeds: some.seeds + others.seeds,
    events: some.events + others.events,
    virtualMs: some.virtualMs + others.virtualMs,
    counts,
    failures: [...some.failures, ...others.failures],
  }
}

/** For people: one line for each number, and each broken rule with the seeds that show it. */
export function describe({ seeds, events, virtualMs, counts, failures }: Summary): string {
  const all = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const numbers = all.filter(([what]) => !what.startsWith(attackPrefix))
  const attacks = all.filter(([what]) => what.startsWith(attackPrefix))
  const attackTimes = attacks.reduce((sum, [, times]) => sum + times, 0)
  return [
    ...[
      ['seeds', seeds] as const,
      ['events', events] as const,
      ['virtual hours', Math.round(virtualMs / 3_600_000)] as const,
      ...numbers,
      ['attacks', attackTimes] as const,
      ...attacks.map(([what, times]) => [`  ${what.slice(attackPrefix.length)}`, times] as const),
      ['seeds with violations', failures.length] as const,
    ].map(([what, number]) => `${number.toLocaleString('en').padStart(14)}  ${what}`),
    ...describeFailures(failures),
  ].join('\n')
}

export const attackPrefix = 'attack: '
const maxSeedsShown = 5

export function describeFailures(failures: readonly Failure[]): string[] {
  const shown = failures.flatMap(({ seed, violations }) =>
    violations.map(({ rule, detail }) => ({ rule, detail, seed })),
  )
  return Array.from(
    Map.groupBy(shown, ({ rule }) => rule),
    ([rule, all]) => {
      const examples = all.slice(0, maxSeedsShown).map(({ seed, detail }) => `    seed ${seed}: ${detail}`)
      return [`broken in ${all.length} seeds: ${rule}`, ...examples].join('\n')
    },
  )
}
