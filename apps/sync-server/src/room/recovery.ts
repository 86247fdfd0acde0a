/**
 * The way back from a store that failed. Tries, at growing intervals, until the store can be written to; then reads the
 * document anew and holds it against what the room knows to have been durable. Should the disk have lost any of that,
 * it is stored again from the room's memory before anything else.
 */
import { admit, assert, spliceBytes, unbounded, type DocumentName } from '@quire/protocol'
import { isOutage, StorageError, type DocumentStore, type Writer } from '../storage/document-store.ts'
import type { Clock } from './clock.ts'
import { Log } from './log.ts'
import type { RoomLimits } from './room-limits.ts'

export interface RecoveryOptions {
  readonly name: DocumentName
  readonly store: DocumentStore
  readonly clock: Clock
  readonly limits: RoomLimits
  /** Everything that was acknowledged. */
  readonly held: Log
  /** Who was noted with it. */
  readonly writers: readonly Writer[]
  /** `isReplaced`: the disk had lost something, so that positions are counted anew. */
  readonly onRecovered: (log: Log, isReplaced: boolean) => void
  /** The store answers, but with something no waiting will mend. */
  readonly onGivenUp: (reason: unknown) => void
}

export class Recovery {
  readonly #options: RecoveryOptions
  #delayMs: number
  #cancel: (() => void) | undefined
  #isClosed = false

  constructor(options: RecoveryOptions) {
    this.#options = options
    this.#delayMs = options.limits.recoveryDelayMs
    this.#wait()
  }

  close(): void {
    this.#isClosed = true
    this.#cancel?.()
  }

  #wait(): void {
    this.#cancel = this.#options.clock.after(this.#delayMs, () => void this.#try())
    this.#delayMs = Math.min(this.#delayMs * 2, this.#options.limits.maxRecoveryDelayMs)
  }

  async #try(): Promise<void> {
    try {
      await this.#options.store.check()
      const { log, isReplaced } = await this.#readAnew()
      if (!this.#isClosed) this.#options.onRecovered(log, isReplaced)
    } catch (error) {
      if (this.#isClosed) return
      if (isOutage(error)) this.#wait()
      else this.#options.onGivenUp(error)
    }
  }

  async #readAnew(): Promise<{ log: Log; isReplaced: boolean }> {
    const { store, name, held, writers } = this.#options
    const stored = await store.load(name)
    // A document that begins with its first edit may not have come to that.
    if (!stored && held.head > 0) throw new StorageError('document-unknown', 'the document is gone')
    const log = new Log(stored ?? { base: undefined, tail: [] })
    const lost = admit(spliceBytes(held.updates), log.ledger(), unbounded)
    if (lost.type === 'known') return { log, isReplaced: false }
    assert(lost.type === 'admitted', 'what was durable goes on from what is stored')
    const update = lost.update.bytes.slice()
    const position = await store.append(name, update, { create: false, writers })
    log.append({ position, update })
    return { log, isReplaced: true }
  }
}
