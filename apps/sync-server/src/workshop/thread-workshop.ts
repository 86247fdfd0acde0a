/** A workshop in worker threads: one, unless work of different kinds meets, and none before the first job. */
import type { Clock } from '../room/clock.ts'
import type { StoredDocument } from '../storage/document-store.ts'
import { JobThread } from './job-thread.ts'
import { Turns } from './turns.ts'
import type { Job } from './worker.ts'
import type { NewText, Workshop } from './workshop.ts'

/**
 * What one kind of work waits for is its own kind only. What a job with a Yjs document costs is up to those who wrote
 * it; `moving` bytes costs no more than there are, and people wait for it.
 */
type Kind = 'moving' | 'reading' | 'compacting'

const kinds: Readonly<Record<Job['type'], Kind>> = {
  missing: 'moving',
  compose: 'moving',
  'read-text': 'reading',
  'read-title': 'reading',
  compact: 'compacting',
}

/** So that one that takes too much, of which an address has one at a time, does not hold up all others. */
const textsAtOnce = 2

export class ThreadWorkshop implements Workshop {
  readonly #clock: Clock
  readonly #threads = new Set<JobThread>()
  readonly #turns: Readonly<Record<Kind, Turns>> = {
    moving: new Turns(),
    reading: new Turns(textsAtOnce),
    compacting: new Turns(),
  }
  #closed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async missing(
    updates: readonly Uint8Array[],
    stateVector: Uint8Array,
    maxBytes: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array[]> {
    return (await this.#do({ type: 'missing', updates, stateVector, maxBytes }, signal)) as Uint8Array[] // the thread answers in kind
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
    await Promise.all(Array.from(this.#threads, (thread) => thread.close()))
  }

  #do(job: Job, signal?: AbortSignal): Promise<unknown> {
    return this.#turns[kinds[job.type]].take(() => this.#perform(job), signal)
  }

  async #perform(job: Job): Promise<unknown> {
    if (this.#closed) throw new Error('the workshop is closed')
    const thread = [...this.#threads].find(({ isIdle }) => isIdle) ?? this.#start()
    return thread.do(job)
  }

  #start(): JobThread {
    const thread = new JobThread(this.#clock, () => this.#threads.delete(thread))
    this.#threads.add(thread)
    return thread
  }
}
