/**
 * When a room's log is joined into a new base, and when that is tried again after it failed. Joining is the workshop's: the
 * log goes on meanwhile, and what is appended after it began stays in the tail.
 */
import type { DocumentName } from '@quire/protocol'
import type { Meter } from '../meter.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import type { Workshop } from '../workshop/workshop.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { CompactionThreshold } from './room-limits.ts'
import type { Setbacks } from './setbacks.ts'

export interface CompactionOptions {
  readonly name: DocumentName
  readonly store: DocumentStore
  readonly workshop: Workshop
  readonly clock: Clock
  readonly setbacks: Setbacks
  readonly meter: Pick<Meter, 'compacted'>
  /** The log as it is now: after a store failed it is another one. */
  readonly log: () => Log
  /** Not while the store fails, and not at the end. */
  readonly isPossible: () => boolean
  /** The log is shorter. */
  readonly onShorter: () => void
  /** It was let be for long enough. */
  readonly onRetry: () => void
  /** Nothing is lost: the log is as it was, only longer than it need be. */
  readonly onFailed: (error: unknown) => void
  /** Whatever came of it, it is over. */
  readonly onDone: () => void
}

export class Compaction {
  readonly #options: CompactionOptions
  #isRunning = false
  /** Set after one failed, until the next may be tried: calls that off. */
  #cancelPause: (() => void) | undefined

  constructor(options: CompactionOptions) {
    this.#options = options
    const letBeMs = options.setbacks.leftMs(options.name)
    if (letBeMs > 0) this.#pause(letBeMs)
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  /** Joins a tail as long as this, unless that failed a while ago. Resolves once that is over, whatever came of it. */
  async ifLong({ entries, bytes }: CompactionThreshold): Promise<void> {
    const { tailLength, tailBytes, baseBytes } = this.#options.log()
    const isLong = tailLength >= entries || tailBytes > Math.max(bytes, baseBytes)
    if (isLong && !this.#cancelPause && this.#isPossible) await this.#run()
  }

  /** Joins what tail there is. Resolves with whether it could. */
  async now(): Promise<boolean> {
    if (!this.#isPossible) return false
    return this.#options.log().tailLength === 0 || this.#run()
  }

  /** Nothing is tried again by itself. What is under way goes on, and is dropped if it is not possible any more. */
  close(): void {
    this.#cancelPause?.()
  }

  get #isPossible(): boolean {
    return !this.#isRunning && this.#options.isPossible()
  }

  /** Resolves with whether the log is shorter. */
  async #run(): Promise<boolean> {
    this.#isRunning = true
    this.#cancelPause?.()
    this.#cancelPause = undefined
    const isShorter = await this.#join(this.#options.log()).catch((error: unknown) => {
      this.#failed(error)
      return false
    })
    this.#isRunning = false
    if (isShorter) this.#options.onShorter()
    this.#options.onDone()
    return isShorter
  }

  async #join(log: Log): Promise<boolean> {
    const { name, store, workshop, clock, setbacks, meter, isPossible } = this.#options
    const startedAt = clock.now()
    const position = log.head
    const update = await workshop.compact(log.stored)
    // Under this name there may be another document by now, or what the store came back with.
    if (!isPossible() || log !== this.#options.log()) return false
    await store.compact(name, { position, update })
    meter.compacted(clock.now() - startedAt)
    if (log === this.#options.log()) log.compacted({ position, update })
    setbacks.forget(name)
    return true
  }

  #failed(error: unknown): void {
    const { name, setbacks, isPossible, onFailed } = this.#options
    if (!isPossible()) return
    this.#pause(setbacks.add(name, error))
    onFailed(error)
  }

  #pause(forMs: number): void {
    this.#cancelPause = this.#options.clock.after(forMs, () => {
      this.#cancelPause = undefined
      this.#options.onRetry()
    })
  }
}
