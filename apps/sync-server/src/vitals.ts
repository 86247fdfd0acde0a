/**
 * How a server does, for its operator to see at a glance: what was stored in the last minute and how fast, who was refused,
 * and how late its loop was. Every server counts this, so it is a few numbers and hears nothing of frames.
 */
import type { Meter } from './meter.ts'
import type { Clock } from './room/clock.ts'

/** Of the time up to now. */
export interface Recent {
  /** How long a time that is. */
  readonly seconds: number
  /** Updates that were stored. */
  readonly updates: number
  /** Connections that were ended or not let in. */
  readonly refusals: number
  /** How long it took until what a room had gathered was on the disk, in milliseconds, to a tenth of itself; null: nothing was stored. */
  readonly saveMs: { readonly median: number; readonly p99: number } | null
  /** The latest that a timer came. */
  readonly loopDelayMs: number
}

const slotMs = 5000
const slotCount = 12
/** Often enough to meet whatever holds the loop up for longer than this, and too seldom to cost anything. */
const lookMs = 200

// Each bucket reaches a fifth further than the one before it: the last one to ten seconds.
const shortestSaveMs = 0.1
const growth = 1.2
const bucketCount = 64

/** What happened in a few seconds. */
class Slot {
  number = -1
  updates = 0
  refusals = 0
  loopDelayMs = 0
  readonly saves = new Uint32Array(bucketCount)

  begin(number: number): void {
    this.number = number
    this.updates = 0
    this.refusals = 0
    this.loopDelayMs = 0
    this.saves.fill(0)
  }
}

export class Vitals {
  readonly #clock: Clock
  readonly #startedMs: number
  readonly #slots = Array.from({ length: slotCount }, () => new Slot())
  #cancelLook: () => void

  constructor(clock: Clock) {
    this.#clock = clock
    this.#startedMs = clock.now()
    this.#cancelLook = this.#lookLater()
  }

  /** Tells this and `other` of what happens. */
  besides(other: Meter): Meter {
    return {
      received: (bytes) => other.received(bytes),
      sent: (bytes) => other.sent(bytes),
      refused: (code) => {
        this.#slot().refusals++
        other.refused(code)
      },
      stored: (appended) => {
        this.#stored(appended)
        other.stored(appended)
      },
      compacted: (milliseconds) => other.compacted(milliseconds),
      deleted: () => other.deleted(),
      failed: (during) => other.failed(during),
    }
  }

  recent(): Recent {
    const nowMs = this.#clock.now()
    const newest = Math.floor(nowMs / slotMs)
    const slots = this.#slots.filter(({ number }) => number > newest - slotCount)
    const sinceMs = Math.max(this.#startedMs, (newest - slotCount + 1) * slotMs)
    return {
      seconds: (nowMs - sinceMs) / 1000,
      updates: slots.reduce((sum, { updates }) => sum + updates, 0),
      refusals: slots.reduce((sum, { refusals }) => sum + refusals, 0),
      saveMs: savesIn(slots),
      loopDelayMs: Math.max(0, ...slots.map(({ loopDelayMs }) => loopDelayMs)),
    }
  }

  close(): void {
    this.#cancelLook()
  }

  #stored({ updates, milliseconds }: Parameters<Meter['stored']>[0]): void {
    const slot = this.#slot()
    slot.updates += updates
    const bucket = bucketOf(milliseconds)
    slot.saves[bucket] = (slot.saves[bucket] ?? 0) + 1
  }

  #slot(): Slot {
    const number = Math.floor(this.#clock.now() / slotMs)
    const slot = this.#slots[number % slotCount] ?? new Slot()
    if (slot.number !== number) slot.begin(number)
    return slot
  }

  #lookLater(): () => void {
    const dueMs = this.#clock.now() + lookMs
    return this.#clock.after(lookMs, () => {
      const slot = this.#slot()
      slot.loopDelayMs = Math.max(slot.loopDelayMs, this.#clock.now() - dueMs)
      this.#cancelLook = this.#lookLater()
    })
  }
}

function bucketOf(milliseconds: number): number {
  const bucket = Math.round(Math.log(milliseconds / shortestSaveMs) / Math.log(growth))
  return Math.min(Math.max(bucket, 0), bucketCount - 1)
}

function savesIn(slots: readonly Slot[]): Recent['saveMs'] {
  const counts = Array.from({ length: bucketCount }, (_, bucket) =>
    slots.reduce((sum, { saves }) => sum + (saves[bucket] ?? 0), 0),
  )
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  const quantile = (share: number): number => {
    let left = Math.ceil(total * share)
    const bucket = counts.findIndex((count) => (left -= count) <= 0)
    return shortestSaveMs * growth ** bucket
  }
  return { median: quantile(0.5), p99: quantile(0.99) }
}
