/**
 * Updates of one peer that cannot be admitted yet: what they build on has not come, or they bring structs under an id
 * that is somebody else's. They wait here, outside log and ledger, within a budget of bytes, number and time. What does
 * not fit is let go of, for the peer is asked for everything since what we know, and its answer brings it again.
 */
import type { Receipt } from './receipts.ts'
import type { RoomLimits } from './room-limits.ts'

export interface EarlyUpdate {
  readonly update: Uint8Array
  readonly receipts: readonly Receipt[]
  /** Client ids of it that were somebody else's when it came. */
  readonly heldIds: ReadonlySet<number>
  /** Until this holds, there is no use in asking the gate again. */
  isDue: () => boolean
}

export interface WaitingUpdate extends EarlyUpdate {
  readonly sinceMs: number
}

export class EarlyUpdates {
  readonly #limits: RoomLimits
  #waiting: WaitingUpdate[] = []
  #bytes = 0

  constructor(limits: RoomLimits) {
    this.#limits = limits
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** Returns whether there is room. Keeps bytes of its own. */
  keep(early: EarlyUpdate, nowMs: number): boolean {
    const { maxEarlyUpdates, maxEarlyBytes } = this.#limits
    const hasRoom =
      this.#waiting.length < maxEarlyUpdates && this.#bytes + early.update.length <= maxEarlyBytes
    if (!hasRoom) return false
    this.#waiting.push({ ...early, update: early.update.slice(), sinceMs: nowMs })
    this.#bytes += early.update.length
    return true
  }

  /** Offers each update that is due; lets go of those that `take` takes. Returns whether there were any. */
  release(take: (early: WaitingUpdate) => boolean): boolean {
    return this.#letGo((early) => early.isDue() && take(early)).length > 0
  }

  /** Lets go of those that have waited too long. */
  expire(nowMs: number): readonly EarlyUpdate[] {
    return this.#letGo(({ sinceMs }) => sinceMs + this.#limits.earlyTimeoutMs <= nowMs)
  }

  #letGo(isDone: (early: WaitingUpdate) => boolean): readonly EarlyUpdate[] {
    if (this.isEmpty) return []
    const gone: EarlyUpdate[] = []
    const still = this.#waiting.filter((early) => {
      if (!isDone(early)) return true
      gone.push(early)
      this.#bytes -= early.update.length
      return false
    })
    if (gone.length > 0) this.#waiting = still
    return gone
  }
}
