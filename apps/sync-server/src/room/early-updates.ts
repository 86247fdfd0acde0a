/**
 * Updates of one peer that cannot be admitted yet: what they build on has not come, or they bring structs under an id
 * that is somebody else's. They wait here, outside log and ledger, within a budget of bytes, number and time. What does
 * not fit is let go of, for the peer is asked for everything since what we know, and its answer brings it again.
 *
 * Each is found by one struct that it lacks, so that what comes costs as much as it lets in, however many wait.
 */
import type { Receipt } from './receipts.ts'
import type { RoomLimits } from './room-limits.ts'

export interface EarlyUpdate {
  readonly update: Uint8Array
  readonly receipts: readonly Receipt[]
  /** Client ids of it that were somebody else's when it came. */
  readonly heldIds: ReadonlySet<number>
}

export interface WaitingUpdate extends EarlyUpdate {
  readonly sinceMs: number
}

/** Until when an update waits: for structs, by client id and clock, or for a time. */
export type Wait =
  | { readonly type: 'structs'; readonly missing: ReadonlyMap<number, number> }
  | { readonly type: 'time'; readonly isDue: () => boolean }

/** Up to where structs of a client are known, not including that clock. */
export type NextClock = (client: number) => number

interface Lack {
  readonly clock: number
  readonly waiting: WaitingUpdate
  /** What it lacks besides, as client ids and clocks. */
  readonly rest: Iterator<[client: number, clock: number]>
}

export class EarlyUpdates {
  readonly #limits: RoomLimits
  /** In the order in which they came. */
  readonly #waiting = new Set<WaitingUpdate>()
  /** By client id, the lowest clock last. */
  readonly #lacks = new Map<number, Lack[]>()
  /** Client ids of which structs have come. */
  readonly #heard = new Set<number>()
  readonly #timed = new Map<WaitingUpdate, () => boolean>()
  #bytes = 0

  constructor(limits: RoomLimits) {
    this.#limits = limits
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Is there any that waits for a time? */
  get isTimed(): boolean {
    return this.#timed.size > 0
  }

  /** Returns whether there is room. Keeps bytes of its own. */
  keep(early: EarlyUpdate, wait: Wait, nowMs: number): boolean {
    const { maxEarlyUpdates, maxEarlyBytes } = this.#limits
    const hasRoom = this.#waiting.size < maxEarlyUpdates && this.#bytes + early.update.length <= maxEarlyBytes
    if (!hasRoom) return false
    const waiting = { ...early, update: early.update.slice(), sinceMs: nowMs }
    this.#waiting.add(waiting)
    this.#bytes += early.update.length
    this.wait(waiting, wait)
    return true
  }

  /** It was due, and has to wait on. */
  wait(waiting: WaitingUpdate, wait: Wait): void {
    if (wait.type === 'time') this.#timed.set(waiting, wait.isDue)
    else this.#lackNext(waiting, wait.missing.entries(), () => 0)
  }

  /** Structs of this client have been admitted. */
  heard(client: number): void {
    if (this.#lacks.has(client)) this.#heard.add(client)
  }

  /** Nothing is as it was. */
  heardAll(): void {
    for (const client of this.#lacks.keys()) this.#heard.add(client)
  }

  /** Takes out of their waiting those whose time has come, which either `letGo` or `wait` follows. */
  takeTimed(): readonly WaitingUpdate[] {
    const due: WaitingUpdate[] = []
    for (const [waiting, isDue] of this.#timed) {
      if (!isDue()) continue
      this.#timed.delete(waiting)
      due.push(waiting)
    }
    return due
  }

  /** The same for those that lack nothing any more. */
  takeComplete(nextClock: NextClock): readonly WaitingUpdate[] {
    const complete: WaitingUpdate[] = []
    for (const client of this.#heard) {
      this.#heard.delete(client)
      const lacks = this.#lacks.get(client) ?? []
      while ((lacks.at(-1)?.clock ?? Infinity) < nextClock(client)) {
        const { waiting, rest } = lacks.pop() ?? {}
        if (!waiting || !rest || !this.#waiting.has(waiting)) continue
        if (!this.#lackNext(waiting, rest, nextClock)) complete.push(waiting)
      }
      if (lacks.length === 0) this.#lacks.delete(client)
    }
    return complete
  }

  /** It waits no longer. */
  letGo(waiting: WaitingUpdate): void {
    if (this.#waiting.delete(waiting)) this.#bytes -= waiting.update.length
  }

  /** Lets go of those that have waited too long. */
  expire(nowMs: number): readonly EarlyUpdate[] {
    const expired: WaitingUpdate[] = []
    for (const waiting of this.#waiting) {
      if (waiting.sinceMs + this.#limits.earlyTimeoutMs > nowMs) break
      expired.push(waiting)
    }
    for (const waiting of expired) {
      this.letGo(waiting)
      this.#timed.delete(waiting)
    }
    if (expired.length > 0) this.#forgetGone()
    return expired
  }

  /** Has it found by the next struct that is not known. Returns whether there is one. */
  #lackNext(waiting: WaitingUpdate, rest: Lack['rest'], nextClock: NextClock): boolean {
    for (let next = rest.next(); !next.done; next = rest.next()) {
      const [client, clock] = next.value
      if (clock < nextClock(client)) continue
      const lacks = this.#lacks.get(client) ?? []
      lacks.splice(placeOf(clock, lacks), 0, { clock, waiting, rest })
      this.#lacks.set(client, lacks)
      return true
    }
    return false
  }

  #forgetGone(): void {
    for (const [client, lacks] of this.#lacks) {
      const left = lacks.filter(({ waiting }) => this.#waiting.has(waiting))
      if (left.length > 0) this.#lacks.set(client, left)
      else this.#lacks.delete(client)
    }
  }
}

/** Where a clock belongs among those that are no higher behind it, by halves. */
function placeOf(clock: number, lacks: readonly Lack[]): number {
  let [from, to] = [0, lacks.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((lacks[middle]?.clock ?? 0) > clock) from = middle + 1
    else to = middle
  }
  return from
}
