/** A thread for one job after the other. It does not outlive a job that takes too much: only that job fails, and others need another thread. */
import { assert } from '@quire/protocol'
import type { Clock } from '../room/clock.ts'
import { startThread, type Thread } from '../thread.ts'
import type { Job, Outcome } from './worker.ts'
import { ResourceLimitError } from './workshop.ts'

/**
 * What takes longer is no document that people wrote: those take a second or two for each mebibyte, and several times as long
 * on a machine that has much else to do. Of one that is made for it, 100 KB take a minute.
 */
const timeLimit = { ms: 20_000, msPerMebibyte: 10_000 }

export class JobThread {
  readonly #clock: Clock
  readonly #thread: Thread
  readonly #onEnd: () => void
  #job: PromiseWithResolvers<unknown> | undefined
  #isEnding = false

  /** `onEnd`: it has ended, with a job or without. */
  constructor(clock: Clock, onEnd: () => void) {
    this.#clock = clock
    this.#onEnd = onEnd
    this.#thread = startThread('worker', import.meta.url)
    const { worker, port } = this.#thread
    let reason: unknown = 'the workshop was closed'
    port.on('message', (outcome: Outcome) => {
      if (outcome.type === 'done') this.#job?.resolve(outcome.value)
      else this.#job?.reject(new Error(outcome.message))
    })
    worker.on('error', (error) => (reason = error))
    worker.on('exit', () => this.#ended(reason))
  }

  get isIdle(): boolean {
    return this.#job === undefined && !this.#isEnding
  }

  /** Only while it is idle. Throws a `ResourceLimitError` if the thread had to be ended for it. */
  async do(job: Job): Promise<unknown> {
    assert(this.isIdle, 'a thread does one job at a time')
    this.#job = Promise.withResolvers()
    const { promise, reject } = this.#job
    const limitMs = timeLimit.ms + (timeLimit.msPerMebibyte * bytesOf(job)) / 2 ** 20
    const cancel = this.#clock.after(limitMs, () => {
      reject(new ResourceLimitError(`it took longer than ${Math.round(limitMs / 1000)} s`))
      void this.close()
    })
    this.#thread.port.postMessage(job)
    try {
      return await promise
    } finally {
      cancel()
      this.#job = undefined
    }
  }

  /** Whatever it does is left undone. */
  async close(): Promise<void> {
    this.#isEnding = true
    await this.#thread.worker.terminate()
  }

  #ended(cause: unknown): void {
    this.#isEnding = true
    this.#job?.reject(
      isOutOfMemory(cause)
        ? new ResourceLimitError('it took more memory than a thread has', { cause })
        : new Error('the workshop thread has ended', { cause }),
    )
    this.#onEnd()
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}

function bytesOf(job: Job): number {
  switch (job.type) {
    case 'compose':
      return job.text.text.length
    case 'missing':
      return sumOf(job.updates)
    default: {
      const { base, tail } = job.document
      return (base?.update.length ?? 0) + sumOf(tail.map(({ update }) => update))
    }
  }
}

function sumOf(updates: readonly Uint8Array[]): number {
  return updates.reduce((bytes, { length }) => bytes + length, 0)
}
