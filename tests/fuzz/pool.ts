/** A worker for each core; they go through the seeds stretch by stretch, and somebody watches that none hangs. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { Costliest } from './costliest.ts'
import type { Stretch } from './run.ts'
import { Tally } from './tally.ts'
import type { Asked, Told } from './worker.ts'

interface Work extends Asked {
  readonly progressed?: (tally: Tally) => void
}

const seedsAtOnce = 8192
/** No case takes a hundredth of this. */
const hangMs = 60_000

export async function runInWorkers({ first, count, progressed }: Work): Promise<Stretch> {
  const tally = new Tally()
  const costliest = new Costliest()
  const asked = stretchesOf(first, count)
  const work = async (): Promise<void> => {
    const underWay = new Float64Array(new SharedArrayBuffer(8))
    const worker = new Worker(new URL('worker.ts', import.meta.url), {
      workerData: underWay,
      resourceLimits: { maxYoungGenerationSizeMb: 64 }, // documents are many, and gone at once
    })
    try {
      for (const stretch of asked) {
        const told = await answerOf(worker, stretch, underWay)
        tally.add(told)
        costliest.add(told.candidates)
        progressed?.(tally)
      }
    } finally {
      await worker.terminate()
    }
  }
  const workers = Math.min(availableParallelism(), Math.ceil(count / seedsAtOnce))
  await Promise.all(Array.from({ length: workers }, work))
  return { tally, costliest }
}

function* stretchesOf(first: number, count: number): Generator<Asked> {
  for (let done = 0; done < count; done += seedsAtOnce)
    yield { first: first + done, count: Math.min(seedsAtOnce, count - done) }
}

/** Rejects if the worker fails or stays at one seed, and says which. */
function answerOf(worker: Worker, asked: Asked, underWay: Float64Array): Promise<Told> {
  const { promise, resolve, reject } = Promise.withResolvers<Told>()
  let last = -1
  const watch = setInterval(() => {
    const at = underWay[0] ?? 0
    if (at === last) reject(new Error(`seed ${at} takes longer than ${hangMs} ms`))
    last = at
  }, hangMs)
  const failed = (error: unknown): void => reject(new Error(`seed ${underWay[0]}`, { cause: error }))
  worker.once('error', failed)
  worker.once('message', resolve)
  worker.postMessage(asked)
  return promise.finally(() => {
    clearInterval(watch)
    worker.off('error', failed)
    worker.off('message', resolve)
  })
}
