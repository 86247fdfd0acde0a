/**
 * What a room has stored, as bytes: a base and the entries after it. Reads never build a document. Positions are
 * the store's; a connection's place in the document is one of them.
 */
import { Ledger, scan, type ScannedUpdate } from '@quire/protocol'
import type { Base, LogEntry, StoredDocument } from '../storage/document-store.ts'
import { atRest } from '../storage/resting-entry.ts'

export class Log {
  #base: Base | undefined
  #scannedBase: ScannedUpdate | undefined
  #baseBytes: number
  #tail: LogEntry[]
  #tailBytes: number

  constructor({ base, tail }: StoredDocument) {
    this.#base = base
    this.#baseBytes = base?.update.length ?? 0
    this.#tail = [...tail]
    this.#tailBytes = sumOf(tail)
  }

  /** The position of the newest entry, 0 if there is none. */
  get head(): number {
    return this.#tail.at(-1)?.position ?? this.basePosition
  }

  get basePosition(): number {
    return this.#base?.position ?? 0
  }

  get baseBytes(): number {
    return this.#baseBytes
  }

  get tailBytes(): number {
    return this.#tailBytes
  }

  get tailLength(): number {
    return this.#tail.length
  }

  get bytes(): number {
    return this.baseBytes + this.#tailBytes
  }

  /** Entries that can be handed to another thread. */
  get stored(): StoredDocument {
    return { base: this.#base && awake(this.#base), tail: this.#tail.map(awake) }
  }

  /** Everything, in an order in which each builds only on earlier ones. */
  get entries(): readonly LogEntry[] {
    return this.#base ? [this.#base, ...this.#tail] : [...this.#tail]
  }

  get updates(): Uint8Array[] {
    return this.entries.map(({ update }) => update)
  }

  /** The same, read. Throws a `ProtocolError` if one of them cannot be. */
  get scanned(): ScannedUpdate[] {
    const tail = this.#tail.map(({ update }) => scan(update))
    if (!this.#base) return tail
    this.#scannedBase ??= scan(this.#base.update)
    return [this.#scannedBase, ...tail]
  }

  /** What all entries together know. Throws a `ProtocolError` if one of them cannot be read. */
  ledger(): Ledger {
    const ledger = new Ledger()
    for (const update of this.scanned) ledger.add(update)
    return ledger
  }

  append(entry: LogEntry): void {
    this.#tail.push(entry)
    this.#tailBytes += entry.update.length
  }

  /** The store now keeps `base` for all entries up to its position. */
  compacted(base: Base): void {
    this.#base = base
    this.#baseBytes = base.update.length
    this.#scannedBase = undefined
    this.#tail = this.#tail.filter(({ position }) => position > base.position)
    this.#tailBytes = sumOf(this.#tail)
  }

  /** Nobody has read it for a while, so that it need take no more memory than it must. Resolves when it takes less. */
  async rest(): Promise<void> {
    this.#scannedBase = undefined
    const base = this.#base
    const restingBase = base && (await atRest(base))
    if (this.#base === base) this.#base = restingBase
    for (const entry of this.#tail) {
      const resting = await atRest(entry)
      const index = this.#tail.indexOf(entry)
      if (resting !== entry && index >= 0) this.#tail[index] = resting
    }
  }

  /** The entries after `position`; undefined if some of them are part of the base by now. */
  entriesAfter(position: number): readonly LogEntry[] | undefined {
    return position < this.basePosition ? undefined : this.#tail.slice(position - this.basePosition)
  }
}

function awake({ position, update }: LogEntry): LogEntry {
  return { position, update }
}

function sumOf(entries: readonly LogEntry[]): number {
  return entries.reduce((bytes, { update }) => bytes + update.length, 0)
}
