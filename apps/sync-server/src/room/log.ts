/**
 * What a room has stored, as bytes: a base and the entries after it. Reads never build a document. Positions are
 * the store's; a connection's place in the document is one of them.
 */
import { cut, emptyUpdate, Ledger, scan, splice, type StateVector } from '@quire/protocol'
import type { Base, LogEntry, StoredDocument } from '../storage/document-store.ts'

export class Log {
  #base: Base | undefined
  #tail: LogEntry[]
  #tailBytes: number
  /** The whole state, and the whole tail, with the position they were joined at: a burst of joiners shares them. */
  #whole: LogEntry | undefined
  #joinedTail: LogEntry | undefined

  constructor({ base, tail }: StoredDocument) {
    this.#base = base
    this.#tail = [...tail]
    this.#tailBytes = sumOf(tail)
  }

  /** The position of the newest entry, 0 if there is none. */
  get head(): number {
    return this.#tail.at(-1)?.position ?? this.#base?.position ?? 0
  }

  get baseBytes(): number {
    return this.#base?.update.length ?? 0
  }

  get tailBytes(): number {
    return this.#tailBytes
  }

  get tailLength(): number {
    return this.#tail.length
  }

  get stored(): StoredDocument {
    return { base: this.#base, tail: [...this.#tail] }
  }

  /** What all entries together know. */
  ledger(): Ledger {
    const ledger = new Ledger()
    if (this.#base) ledger.add(scan(this.#base.update))
    for (const { update } of this.#tail) ledger.add(scan(update))
    return ledger
  }

  append(entry: LogEntry): void {
    this.#tail.push(entry)
    this.#tailBytes += entry.update.length
  }

  /** The store now keeps `base` for all entries up to its position. */
  compacted(base: Base): void {
    this.#base = base
    this.#tail = this.#tail.filter(({ position }) => position > base.position)
    this.#tailBytes = sumOf(this.#tail)
    this.#whole = undefined
    this.#joinedTail = undefined
  }

  /** Updates that bring someone who stands at `position` to the head; from 0 they are the stored bytes as they lie. */
  since(position: number): Uint8Array[] {
    if (position >= this.head) return []
    const base = this.#base?.position ?? 0
    if (position > base) return [spliceAll(this.#tail.filter((entry) => entry.position > position))]
    const baseFirst = this.#base && position < base ? [this.#base.update] : []
    return this.#tail.length > 0 ? [...baseFirst, this.#wholeTail()] : baseFirst
  }

  #wholeTail(): Uint8Array {
    if (this.#joinedTail?.position !== this.head)
      this.#joinedTail = { position: this.head, update: spliceAll(this.#tail) }
    return this.#joinedTail.update
  }

  /** Everything someone with this state vector lacks, as one update. */
  missingFrom(known: StateVector): Uint8Array {
    if (this.head === 0) return emptyUpdate
    if (this.#whole?.position !== this.head)
      this.#whole = { position: this.head, update: splice(this.since(0)) }
    return cut(this.#whole.update, known)
  }
}

function spliceAll(entries: readonly LogEntry[]): Uint8Array {
  return splice(entries.map(({ update }) => update))
}

function sumOf(entries: readonly LogEntry[]): number {
  return entries.reduce((bytes, { update }) => bytes + update.length, 0)
}
