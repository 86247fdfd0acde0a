/** One of several that go through the seeds, stretch by stretch, as they are told. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Candidate } from './costliest.ts'
import { runSeeds } from './run.ts'
import type { Tally } from './tally.ts'

export interface Asked {
  readonly first: number
  readonly count: number
}

export interface Told extends Pick<Tally, 'executions' | 'counts' | 'findings'> {
  readonly candidates: readonly Candidate[]
}

/** Holds the seed that is under way, in shared memory, for whoever watches. */
const underWay = workerData as Float64Array // the pool hands it over

// Yjs tells when it gives itself another id, which is no news here.
console.log = () => {}

parentPort?.on('message', ({ first, count }: Asked) => {
  const { tally, costliest } = runSeeds(first, count, (seed) => (underWay[0] = seed))
  const { executions, counts, findings } = tally
  parentPort?.postMessage({ executions, counts, findings, candidates: costliest.candidates } satisfies Told)
})
