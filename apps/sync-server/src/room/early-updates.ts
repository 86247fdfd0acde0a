/**
 * Updates of one peer that came before what they build on. They wait here, outside log and ledger, within a budget.
 * What does not fit is dropped, for the peer is asked for everything since what we know, and its answer brings it again.
 */
import type { Id } from '@quire/protocol'
import type { Receipt } from './receipts.ts'
import { roomLimits } from './room-limits.ts'

export interface EarlyUpdate {
  readonly update: Uint8Array
  readonly receipts: readonly Receipt[]
  /** Until this struct is known, there is no use in asking the gate again. */
  missing: Id
}

export class EarlyUpdates {
  #waiting: EarlyUpdate[] = []
  #bytes = 0
  #dropped: Receipt[] = []

  keep(early: EarlyUpdate): void {
    const isRoom =
      this.#waiting.length < roomLimits.maxEarlyUpdates &&
      this.#bytes + early.update.length <= roomLimits.maxEarlyBytes
    if (isRoom) {
      this.#waiting.push({ ...early, update: early.update.slice() })
      this.#bytes += early.update.length
    } else {
      this.#dropped.push(...early.receipts)
    }
  }

  /** The receipts of what was dropped, to be given with the peer's next answer. */
  takeDropped(): Receipt[] {
    const dropped = this.#dropped
    this.#dropped = []
    return dropped
  }

  /** Lets go of those that `isDone` says need wait no longer; returns whether there were any. */
  release(isDone: (early: EarlyUpdate) => boolean): boolean {
    const still = this.#waiting.filter((early) => !isDone(early))
    if (still.length === this.#waiting.length) return false
    this.#waiting = still
    this.#bytes = still.reduce((bytes, { update }) => bytes + update.length, 0)
    return true
  }
}
