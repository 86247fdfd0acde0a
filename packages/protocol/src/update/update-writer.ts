/**
 * Puts an update together from bytes of others: runs of structs and ranges of deletions are moved as they lie, since
 * a struct does not say its own clock and a range says it in full. Ranges that come in another order are put into theirs.
 */
import { assert } from '../assert.ts'
import { ByteReader, ByteWriter } from '../bytes.ts'
import { RangeSet } from './range-set.ts'
import type { IdRange } from './scan.ts'
import { kinds } from './struct-reader.ts'

/** What comes before the structs or ranges of a client takes no more, as long as its numbers are not the largest there are. */
const headBytes = 16

/** A stretch of somebody's bytes; neighbours become one, so that moving a run costs one copy. */
class Stretches {
  length = 0
  readonly #list: { bytes: Uint8Array; from: number; to: number }[] = []

  /** All of it in one place. */
  whole(): Uint8Array {
    const [first, ...others] = this.#list
    if (first && others.length === 0) return first.bytes.subarray(first.from, first.to)
    const writer = new ByteWriter(this.length)
    this.writeTo(writer)
    return writer.finish()
  }

  add(bytes: Uint8Array, from: number, to: number): void {
    const last = this.#list.at(-1)
    if (last?.bytes === bytes && last.to === from) last.to = to
    else this.#list.push({ bytes, from, to })
    this.length += to - from
  }

  writeTo(writer: ByteWriter): void {
    for (const { bytes, from, to } of this.#list) writer.rawBytes(bytes, from, to)
  }
}

interface Section {
  readonly client: number
  readonly clock: number
  end: number
  count: number
  readonly structs: Stretches
}

interface Ranges {
  readonly client: number
  count: number
  bytes: Stretches
}

export interface Part {
  readonly bytes: Uint8Array
  readonly from: number
  readonly to: number
  readonly count: number
}

export class UpdateWriter {
  readonly #sections = new Map<number, Section>()
  readonly #deletions = new Map<number, Ranges>()
  #bytes = 0

  /** Bytes of structs and ranges so far. */
  get length(): number {
    return this.#bytes
  }

  /** The clock after the last struct of `client`; undefined if there is none. */
  endOf(client: number): number | undefined {
    return this.#sections.get(client)?.end
  }

  /** Structs that take `client` from `clock` to `end`. They come in order for each client; a gap becomes a Skip. */
  addStructs(
    client: number,
    { clock, end }: { readonly clock: number; readonly end: number },
    { bytes, from, to, count }: Part,
  ): void {
    let section = this.#sections.get(client)
    if (!section) {
      section = { client, clock, end: clock, count: 0, structs: new Stretches() }
      this.#sections.set(client, section)
    }
    assert(clock >= section.end, 'structs of a client come in order and once')
    if (clock > section.end) {
      const skip = new ByteWriter(9)
        .byte(kinds.skip)
        .varUint(clock - section.end)
        .finish()
      section.structs.add(skip, 0, skip.length)
      section.count++
      this.#bytes += skip.length
    }
    section.structs.add(bytes, from, to)
    section.count += count
    section.end = end
    this.#bytes += to - from
  }

  /** Ranges of clocks that `client` had deleted; twice the same does no harm. */
  addDeletions(client: number, { bytes, from, to, count }: Part): void {
    let ranges = this.#deletions.get(client)
    if (!ranges) {
      ranges = { client, count: 0, bytes: new Stretches() }
      this.#deletions.set(client, ranges)
    }
    ranges.bytes.add(bytes, from, to)
    ranges.count += count
    this.#bytes += to - from
  }

  addDeletion({ client, clock, length }: IdRange): void {
    const bytes = new ByteWriter(16).varUint(clock).varUint(length).finish()
    this.addDeletions(client, { bytes, from: 0, to: bytes.length, count: 1 })
  }

  finish(): Uint8Array {
    for (const ranges of this.#deletions.values()) this.#bytes += putInOrder(ranges)
    // Yjs lists higher ids first, which spares it work where people wrote at one place.
    const sections = descending(this.#sections)
    const deletions = descending(this.#deletions)
    const writer = new ByteWriter(this.#bytes + headBytes * (1 + sections.length + deletions.length))
    writer.varUint(sections.length)
    for (const section of sections) {
      writer.varUint(section.count).varUint(section.client).varUint(section.clock)
      section.structs.writeTo(writer)
    }
    writer.varUint(deletions.length)
    for (const ranges of deletions) {
      writer.varUint(ranges.client).varUint(ranges.count)
      ranges.bytes.writeTo(writer)
    }
    return writer.finish()
  }
}

/**
 * Ranges ascend, and each clock is there once: those that Yjs has to wait with it writes as distances from one to the
 * next, and of what does not ascend it makes other clocks, which somebody may have yet to write. Returns how many bytes more it takes.
 */
function putInOrder(ranges: Ranges): number {
  const bounds = boundsOf(ranges)
  if (isAscending(bounds)) return 0
  const set = new RangeSet()
  set.add(bounds)
  const ordered = set.bounds
  const writer = new ByteWriter(ranges.bytes.length)
  for (let index = 0; index < ordered.length; index += 2)
    writer.varUint(ordered[index] ?? 0).varUint((ordered[index + 1] ?? 0) - (ordered[index] ?? 0))
  const bytes = writer.finish()
  const more = bytes.length - ranges.bytes.length
  ranges.count = ordered.length / 2
  ranges.bytes = new Stretches()
  ranges.bytes.add(bytes, 0, bytes.length)
  return more
}

/** Starts and ends by turns. */
function boundsOf({ count, bytes }: Ranges): Int32Array {
  const reader = new ByteReader(bytes.whole())
  const bounds = new Int32Array(count * 2)
  for (let index = 0; index < bounds.length; index += 2) {
    const clock = reader.varUint()
    bounds[index] = clock
    bounds[index + 1] = clock + reader.varUint()
  }
  return bounds
}

function isAscending(bounds: Int32Array): boolean {
  for (let index = 2; index < bounds.length; index += 2)
    if ((bounds[index] ?? 0) < (bounds[index - 1] ?? 0)) return false
  return true
}

function descending<Value extends { readonly client: number }>(
  byClient: ReadonlyMap<number, Value>,
): Value[] {
  const values = [...byClient.values()]
  return values.length > 1 ? values.toSorted((a, b) => b.client - a.client) : values
}
