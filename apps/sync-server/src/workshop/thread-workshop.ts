/** A workshop in one worker thread, started with the first job. If the thread dies, its jobs fail and the next job starts another. */
import { assert } from '@quire/protocol'
import type { StoredDocument } from '../storage/document-store.ts'
import { startThread, type Thread } from '../thread.ts'
import type { Job, Outcome } from './worker.ts'
import type { NewText, Workshop } from './workshop.ts'

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

export class ThreadWorkshop implements Workshop {
  #thread: Thread | undefined
  /** In the order in which the thread answers. */
  #waiting: Waiting[] = []
  #closed = false

  async missing(
    updates: readonly Uint8Array[],
    stateVector: Uint8Array,
    maxBytes: number,
  ): Promise<Uint8Array[]> {
    return (await this.#do({ type: 'missing', updates, stateVector, maxBytes })) as Uint8Array[] // the thread answers in kind
  }

  async compact(document: StoredDocument): Promise<Uint8Array> {
    return (await this.#do({ type: 'compact', document })) as Uint8Array // the thread answers in kind
  }

  async readText(document: StoredDocument): Promise<string> {
    return (await this.#do({ type: 'read-text', document })) as string // the thread answers in kind
  }

  async readTitle(document: StoredDocument): Promise<string> {
    return (await this.#do({ type: 'read-title', document })) as string // the thread answers in kind
  }

  async compose(text: NewText): Promise<Uint8Array | undefined> {
    return (await this.#do({ type: 'compose', text })) as Uint8Array | undefined // the thread answers in kind
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#thread?.worker.terminate()
  }

  #do(job: Job): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Error('the workshop is closed'))
    const thread = (this.#thread ??= this.#start())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      thread.port.postMessage(job)
    })
  }

  #start(): Thread {
    const thread = startThread(new URL('worker.ts', import.meta.url))
    const { worker, port } = thread
    let reason: unknown = 'the workshop was closed'
    port.on('message', (outcome: Outcome) => {
      const next = this.#waiting.shift()
      assert(next !== undefined, 'every answer has a job')
      if (outcome.type === 'done') next.resolve(outcome.value)
      else next.reject(new Error(outcome.message))
    })
    worker.on('error', (error) => (reason = error))
    worker.on('exit', () => {
      this.#thread = undefined
      const waiting = this.#waiting
      this.#waiting = []
      for (const { reject } of waiting) reject(new Error('the workshop thread has ended', { cause: reason }))
    })
    return thread
  }
}
