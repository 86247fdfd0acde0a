/** Joining, cutting and dividing updates by moving their bytes, without building a document or writing a struct anew. */
import { ByteReader, ByteWriter, varUintBytes } from '../bytes.ts'
import { inCausalOrder } from './causal-order.ts'
import {
  eachDeleted,
  scan,
  structsOf,
  type Deletions,
  type IdRange,
  type Run,
  type ScannedUpdate,
  type Stop,
} from './scan.ts'
import { areSeveral, isUnderKey, Keys } from './keys.ts'
import { sliceOf, textSliceOf } from './slice.ts'
import { kinds, type StructReader } from './struct-reader.ts'
import { skipBytes } from './text.ts'
import type { StateVector } from './state-vector.ts'
import { UpdateWriter } from './update-writer.ts'

/** An update that says nothing: no clients, no deletions. */
export const emptyUpdate: Uint8Array = Uint8Array.of(0, 0)

/** An update that deletes these. */
export function deletionOf(ranges: readonly IdRange[]): Uint8Array {
  const writer = new UpdateWriter()
  for (const range of ranges) writer.addDeletion(range)
  return writer.finish()
}

/** What someone has: all structs below a clock for each client, and perhaps these deletions. A `Ledger` is one. */
export interface Known {
  nextClock(client: number): number
  isDeleted(client: number, clock: number, length: number): boolean
}

/** Someone who has nothing. */
const nothing: Known = { nextClock: () => 0, isDeleted: () => false }

/** Someone who told their state vector: of their deletions nothing is known. */
export function knownTo(vector: StateVector): Known {
  return { nextClock: (client) => vector.get(client) ?? 0, isDeleted: () => false }
}

/** One update with the effect of all, given in an order in which each builds only on earlier ones. What they say twice is said once. */
export function splice(updates: readonly ScannedUpdate[]): Uint8Array {
  const [first, ...others] = updates
  if (!first) return emptyUpdate
  if (others.length === 0) return first.bytes
  const joined = joinSections(updates)
  if (joined) return joined
  const writer = new UpdateWriter()
  for (const { bytes, runs, deletions } of updates) {
    for (const run of runs) cutRun(writer, bytes, run, writer.endOf(run.client) ?? 0)
    for (const part of deletions) writer.addDeletions(part.client, { bytes, ...part })
  }
  return writer.finish()
}

/** What several people type in the same moment: updates of one section each, whose bytes are moved as they lie. Undefined for others. */
function joinSections(updates: readonly ScannedUpdate[]): Uint8Array | undefined {
  if (!updates.every(isOneSection)) return undefined
  // As `UpdateWriter` lists them.
  const sections = updates.toSorted((a, b) => clientOf(b) - clientOf(a))
  if (sections.some((section, index) => clientOf(section) === clientOf(sections[index - 1]))) return undefined
  const sectionBytes = sections.reduce((sum, { bytes }) => sum + bytes.length - 2 * countBytes, 0)
  const writer = new ByteWriter(varUintBytes(sections.length) + sectionBytes + countBytes)
  writer.varUint(sections.length)
  for (const { bytes } of sections) writer.rawBytes(bytes, countBytes, bytes.length - countBytes)
  return writer.varUint(0).finish()
}

/** Before a section that is alone stands how many there are, after it how many lists of deletions: 1 and 0, in a byte each. */
const countBytes = 1

/** Nothing but one run without a gap in it, or before it, where its section would begin with a Skip. */
function isOneSection({ bytes, runs: [run, ...others], deletions }: ScannedUpdate): boolean {
  if (!run || others.length > 0 || deletions.length > 0) return false
  const { count, client, clock, from, to } = run
  const headBytes = varUintBytes(count) + varUintBytes(client) + varUintBytes(clock)
  return from === countBytes + headBytes && to === bytes.length - countBytes
}

function clientOf(update: ScannedUpdate | undefined): number {
  return update?.runs[0]?.client ?? -1
}

/** What of `update` someone lacks who has `known`. */
export function cut(update: ScannedUpdate, known: Known): Uint8Array {
  const writer = new UpdateWriter()
  for (const run of update.runs) cutRun(writer, update.bytes, run, known.nextClock(run.client))
  for (const deletions of update.deletions) cutDeletions(writer, update.bytes, deletions, known)
  return writer.finish()
}

function cutDeletions(writer: UpdateWriter, bytes: Uint8Array, deletions: Deletions, known: Known): void {
  const { client, count, from, to } = deletions
  const isLeft = (clock: number, length: number): boolean => !known.isDeleted(client, clock, length)
  let left = 0
  eachDeleted(bytes, deletions, (clock, length) => {
    if (isLeft(clock, length)) left++
  })
  if (left === 0) return
  if (left === count) return writer.addDeletions(client, { bytes, from, to, count })
  const ranges = new ByteWriter(to - from)
  eachDeleted(bytes, deletions, (clock, length) => {
    if (isLeft(clock, length)) ranges.varUint(clock).varUint(length)
  })
  const rest = ranges.finish()
  writer.addDeletions(client, { bytes: rest, from: 0, to: rest.length, count: left })
}

function cutRun(writer: UpdateWriter, bytes: Uint8Array, run: Run, next: number): void {
  const { client, clock, end, to, count } = run
  if (end <= next) return
  if (clock >= next) return writer.addStructs(client, run, { bytes, ...run })
  const struct = structsOf(bytes, run)
  let passed = 0
  do {
    struct.next()
    passed++
  } while (struct.clock + struct.length <= next)
  if (struct.clock < next) {
    const rest = sliceOf(struct, next - struct.clock, struct.length)
    const restEnd = struct.clock + struct.length
    const part = { bytes: rest, from: 0, to: rest.length, count: 1 }
    writer.addStructs(client, { clock: next, end: restEnd }, part)
    if (passed < count)
      writer.addStructs(
        client,
        { clock: restEnd, end },
        { bytes, from: struct.position, to, count: count - passed },
      )
  } else {
    const part = { bytes, from: struct.start, to, count: count - passed + 1 }
    writer.addStructs(client, { clock: struct.clock, end }, part)
  }
}

/**
 * The same as several updates of about `maxBytes`, each building on earlier ones only, so that whoever takes them in
 * never has to wait with one. Only text is divided: another value that is larger stays whole. Deletions come last, but for
 * those of several values under one key, which must never live together.
 * Not for updates with formatting marks: see `missingParts`.
 */
export function divide(update: ScannedUpdate, maxBytes: number): Uint8Array[] {
  return divideAtStops(update, maxBytes) ?? divideAnywhere(update, maxBytes)
}

/** What one client wrote is in order already, so it need not be read again, unless a stretch between two stops is too long. */
function divideAtStops(
  { bytes, runs, deletions, hasKeys }: ScannedUpdate,
  maxBytes: number,
): Uint8Array[] | undefined {
  const [run, ...others] = runs
  if (!run || others.length > 0 || hasKeys) return undefined
  const { client } = run
  const ends = [...run.stops, { clock: run.end, count: run.count, at: run.to }]
  const parts: Uint8Array[] = []
  let writer = new UpdateWriter()
  let start: Stop = { clock: run.clock, count: 0, at: run.from }
  for (const end of ends) {
    const size = end.at - start.at
    if (size > maxBytes) return undefined
    if (writer.length + size > maxBytes) {
      parts.push(writer.finish())
      writer = new UpdateWriter()
    }
    const count = end.count - start.count
    writer.addStructs(
      client,
      { clock: start.clock, end: end.clock },
      { bytes, from: start.at, to: end.at, count },
    )
    start = end
  }
  parts.push(...divideDeletions(writer, { bytes, deletions }, maxBytes))
  return parts
}

function divideAnywhere(update: ScannedUpdate, maxBytes: number): Uint8Array[] {
  const parts: Uint8Array[] = []
  let writer = new UpdateWriter()
  const keys = new Keys()
  const hasKey = (client: number, clock: number): boolean => keys.has(client, clock)
  inCausalOrder(update, nothing.nextClock, (struct) => {
    const isValue = update.hasKeys && isUnderKey(struct, 0, hasKey)
    if (isValue) keys.add(struct.client, struct.clock, struct.clock + struct.length)
    for (const piece of piecesOf(struct, maxBytes)) {
      if (writer.length > 0 && writer.length + piece.to - piece.from > maxBytes) {
        parts.push(writer.finish())
        writer = new UpdateWriter()
      }
      writer.addStructs(struct.client, piece, piece)
      if (isValue && areSeveral(struct))
        writer.addDeletion({ client: struct.client, clock: piece.clock, length: piece.end - piece.clock })
    }
  })
  parts.push(...divideDeletions(writer, update, maxBytes))
  return parts
}

/** What is in `writer` already comes first. */
function* divideDeletions(
  started: UpdateWriter,
  { bytes, deletions }: Pick<ScannedUpdate, 'bytes' | 'deletions'>,
  maxBytes: number,
): Generator<Uint8Array> {
  let writer = started
  for (const { client, count, from, to } of deletions) {
    if (writer.length + to - from <= maxBytes) {
      writer.addDeletions(client, { bytes, from, to, count })
      continue
    }
    const reader = new ByteReader(bytes, from)
    for (let range = 0; range < count; range++) {
      const start = reader.position
      reader.varUint()
      reader.varUint()
      if (writer.length > maxBytes) {
        yield writer.finish()
        writer = new UpdateWriter()
      }
      writer.addDeletions(client, { bytes, from: start, to: reader.position, count: 1 })
    }
  }
  if (writer.length > 0) yield writer.finish()
}

interface Piece {
  readonly clock: number
  readonly end: number
  readonly bytes: Uint8Array
  readonly from: number
  readonly to: number
  readonly count: 1
}

function* piecesOf(struct: StructReader, maxBytes: number): Generator<Piece> {
  const { bytes, clock, length, start: from, position: to } = struct
  if (to - from <= maxBytes || struct.kind !== kinds.string) {
    yield { clock, end: clock + length, bytes, from, to, count: 1 }
    return
  }
  let units = 0
  for (let at = struct.textStart; at < to;) {
    const piece = skipBytes(bytes, at, Math.min(at + maxBytes, to))
    const slice = textSliceOf(struct, units, { at, end: piece.at })
    yield {
      clock: clock + units,
      end: clock + units + piece.units,
      bytes: slice,
      from: 0,
      to: slice.length,
      count: 1,
    }
    units += piece.units
    at = piece.at
  }
}

/** `splice` for updates that have not been scanned. */
export function spliceBytes(updates: readonly Uint8Array[]): Uint8Array {
  return updates.length === 1 ? (updates[0] ?? emptyUpdate) : splice(updates.map((update) => scan(update)))
}

/**
 * What of a log someone lacks who told `vector`: nothing, one update, or several of about `maxBytes`, in order.
 *
 * Where text is formatted it is one, however large. Yjs takes away marks that have no effect (between two marks that end
 * each other, say), in every document and for good; halfway through the parts that would be marks whose text has yet to
 * come. The states in between that the server itself was in are no better: the author of a later entry need not have seen
 * them.
 */
export function missingParts(
  entries: readonly ScannedUpdate[],
  vector: StateVector,
  maxBytes: number,
): Uint8Array[] {
  const all = splice(entries)
  const missing = vector.size === 0 ? all : cut(scan(all), knownTo(vector))
  if (missing.length <= emptyUpdate.length) return []
  const isWhole = missing.length <= maxBytes || entries.some(({ hasMarks }) => hasMarks)
  return isWhole ? [missing] : divide(scannedIn(entries, missing), maxBytes)
}

/** Stored bytes that are served as they lie have been scanned. */
function scannedIn(entries: readonly ScannedUpdate[], update: Uint8Array): ScannedUpdate {
  return entries.find(({ bytes }) => bytes === update) ?? scan(update)
}
