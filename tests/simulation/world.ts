/**
 * Time, chance and the record of one run. There is one queue of what will happen and when; nothing happens outside
 * it, and between two events every promise that can go on has gone on. So a run depends on its seed alone.
 */
import type { Clock } from '@quire/sync-server/room'
import { Chance } from './chance.ts'

interface Planned {
  readonly dueMs: number
  /** Of two that are due at once, the one that was planned first comes first. */
  readonly order: number
  act: (() => void) | undefined
}

export interface Violation {
  /** Which promise was broken, in a few words that are the same whenever it is. */
  readonly rule: string
  readonly detail: string
}

/** What a run counts besides the attacks. */
export const counted = [
  'edits',
  'saved',
  'messages',
  'joins',
  'cuts',
  'kills',
  'drains',
  'reloads',
  'lags',
  'outages',
] as const
export type Counted = (typeof counted)[number]

/** Past this many violations, the rest only repeats them. */
const maxViolations = 20

export class World implements Clock {
  readonly chance: Chance
  readonly violations: Violation[] = []
  readonly counts = new Map<string, number>()
  /** All lines are quick and wide from now on. */
  isCalm = false
  /** Readable, one line for each thing noted; undefined unless somebody wants to read it. */
  readonly trace: string[] | undefined
  #nowMs = 0
  #order = 0
  #events = 0
  #hash = 0x811c9dc5
  readonly #queue = new Queue()
  readonly #pauses = new Pauses()

  constructor(seed: number, options: { readonly traced: boolean }) {
    this.chance = new Chance(seed)
    this.trace = options.traced ? [] : undefined
  }

  now(): number {
    return this.#nowMs
  }

  get events(): number {
    return this.#events
  }

  /** A digest of everything that was noted, and when: equal for equal runs. */
  get digest(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0')
  }

  after(delayMs: number, act: () => void): () => void {
    const planned: Planned = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, act }
    this.#queue.add(planned)
    return () => {
      planned.act = undefined
    }
  }

  /** Lets things happen until `isDone`, or until `limitMs` have passed. Resolves with whether it is done. */
  async run(limitMs: number, isDone: () => boolean = () => false): Promise<boolean> {
    const endMs = this.#nowMs + limitMs
    for (;;) {
      if (isDone()) return true
      const next = this.#queue.takeUntil(endMs)
      if (!next) break
      this.#nowMs = next.dueMs
      this.#perform(next)
      await this.#pauses.next()
    }
    this.#nowMs = endMs
    return isDone()
  }

  note(who: string, what: string, detail: string | number = ''): void {
    this.#digest(who)
    this.#digest(what)
    this.#digest(String(detail))
    this.#hash = Math.imul(this.#hash ^ this.#nowMs, 0x01000193)
    this.trace?.push(`${(this.#nowMs / 1000).toFixed(3).padStart(9)} s  ${who.padEnd(12)} ${what} ${detail}`)
  }

  count(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times)
  }

  violated(rule: string, detail: string): void {
    this.note('!', rule, detail)
    if (this.violations.length < maxViolations) this.violations.push({ rule, detail })
  }

  #perform(planned: Planned): void {
    const { act } = planned
    if (!act) return
    this.#events++
    try {
      act()
    } catch (error) {
      // In a process of its own this would have ended it.
      this.violated('nothing throws where nobody catches', describeError(error))
    }
  }

  #digest(text: string): void {
    for (let index = 0; index < text.length; index++)
      this.#hash = Math.imul(this.#hash ^ text.charCodeAt(index), 0x01000193)
  }
}

export function describeError(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message} ${error.stack?.split('\n')[1]?.trim() ?? ''}`
    : String(error)
}

/** Immediates that are asked for at once. */
const immediatesAtOnce = 64

/**
 * Lets every promise that can go on go on: when Node calls an immediate, none is left that could. That is so between
 * two immediates of one turn of the event loop as well, and a turn costs ten times what an immediate does.
 */
class Pauses {
  #left = 0
  #resume: (() => void) | undefined

  next(): Promise<void> {
    if (this.#left === 0) this.#schedule()
    return new Promise((resolve) => {
      this.#resume = resolve
    })
  }

  #schedule(): void {
    this.#left = immediatesAtOnce
    for (let count = 0; count < immediatesAtOnce; count++) setImmediate(() => this.#over())
  }

  #over(): void {
    this.#left--
    this.#resume?.()
    this.#resume = undefined
  }
}

/** A binary heap: what is due first lies at 0, and each has two below it that are not due before it. */
class Queue {
  readonly #heap: Planned[] = []

  add(planned: Planned): void {
    let index = this.#heap.push(planned) - 1
    while (index > 0) {
      const above = (index - 1) >> 1
      if (!this.#isBefore(index, above)) break
      this.#swap(index, above)
      index = above
    }
  }

  /** The first that is due by then, and has not been called off. */
  takeUntil(endMs: number): Planned | undefined {
    for (;;) {
      const first = this.#heap[0]
      if (!first || first.dueMs > endMs) return undefined
      this.#removeFirst()
      if (first.act) return first
    }
  }

  #removeFirst(): void {
    const last = this.#heap.pop()
    if (!last || this.#heap.length === 0) return
    this.#heap[0] = last
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      if (left >= this.#heap.length) return
      const right = left + 1
      const below = right < this.#heap.length && this.#isBefore(right, left) ? right : left
      if (!this.#isBefore(below, index)) return
      this.#swap(below, index)
      index = below
    }
  }

  #isBefore(index: number, other: number): boolean {
    const [a, b] = [this.#heap[index], this.#heap[other]]
    if (!a || !b) return false
    return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)
  }

  #swap(index: number, other: number): void {
    const [a, b] = [this.#heap[index], this.#heap[other]]
    if (!a || !b) return
    this.#heap[index] = b
    this.#heap[other] = a
  }
}
