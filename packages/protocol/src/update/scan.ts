/**
 * What an update says and where its bytes lie, without building a document: which runs of clocks it brings, and which
 * it deletes. Reads Yjs V1 to the last byte; anything else is refused before any of it counts.
 *
 * Layout (Yjs 13): varUint sections, then sections × { varUint structs, varUint client, varUint first clock, structs };
 * then the deletions: varUint clients, then clients × { varUint client, varUint ranges, ranges × { varUint clock, varUint length } }.
 */
import { ByteReader } from '../bytes.ts'
import { ProtocolError } from '../errors.ts'
import { limits } from '../limits.ts'
import { kinds, StructReader } from './struct-reader.ts'

export interface Id {
  readonly client: number
  readonly clock: number
}

/** `length` clocks of `client`, from `clock` on. */
export interface IdRange extends Id {
  readonly length: number
}

/** Structs of one client that follow each other without a gap. */
export interface Run extends Id {
  /** The clock after the last. */
  readonly end: number
  /** How many structs. */
  readonly count: number
  /** Where the structs lie in the update. */
  readonly from: number
  readonly to: number
  /** Between structs, some `stopBytes` apart: where the run can be taken apart without reading it again. */
  readonly stops: readonly Stop[]
}

export interface Stop {
  /** The clock of the struct that begins here. */
  readonly clock: number
  /** How many structs of the run come before it. */
  readonly count: number
  readonly at: number
}

const stopBytes = 16 * 1024
const noStops: readonly Stop[] = []

/** Ranges of one client. */
export interface Deletions {
  readonly client: number
  readonly count: number
  /** Where the ranges lie in the update. */
  readonly from: number
  readonly to: number
}

export interface ScannedUpdate {
  readonly bytes: Uint8Array
  /** In the order of the update; without its gaps (Yjs calls them Skip). */
  readonly runs: readonly Run[]
  readonly deletions: readonly Deletions[]
  /** Some of its structs are formatting marks. */
  readonly hasMarks: boolean
  /** Some of its structs say that they are values under a key; others may be, if what they build on is. */
  readonly hasKeys: boolean
}

/** How much one update may hold. */
export interface UpdateBounds {
  readonly maxUpdateRuns: number
  readonly maxFormatBytes: number
}

/** What is stored was admitted in parts and joined, or written anew by Yjs: it may have become more than any part. */
export const unbounded: UpdateBounds = { maxUpdateRuns: Infinity, maxFormatBytes: Infinity }

/** Throws a `ProtocolError` (`update-malformed`, `update-too-large`) for anything but one whole V1 update within the bounds. */
export function scan(bytes: Uint8Array, bounds: UpdateBounds = unbounded): ScannedUpdate {
  const reader = new StructReader(bytes)
  const runs = readRuns(reader, bounds)
  const { hasMarks, hasKeys } = reader
  const deletions = readDeletions(reader, bounds)
  // V2 bytes read as V1 say nothing, with bytes left over: this is where they are caught.
  reader.end()
  return { bytes, runs, deletions, hasMarks, hasKeys }
}

function readRuns(reader: StructReader, bounds: UpdateBounds): Run[] {
  const sections = reader.varCount(3)
  if (sections > bounds.maxUpdateRuns) throw tooManyRuns()
  const runs: Run[] = []
  const seen = sections > 1 ? new Set<number>() : undefined
  for (let section = 0; section < sections; section++) {
    const structs = reader.varCount(2)
    const client = reader.clientId()
    // Of two lists Yjs keeps the second, so a ledger would know structs that no document has.
    if (seen?.has(client)) throw reader.malformed('a client is listed twice')
    seen?.add(client)
    reader.begin(client, reader.varUint())
    if (reader.clock > limits.maxClock) throw reader.malformed('a clock is too high')
    readSection(reader, structs, runs, bounds)
  }
  return runs
}

/** Adds the section's runs: one, unless it has gaps. */
function readSection(reader: StructReader, structs: number, runs: Run[], bounds: UpdateBounds): void {
  const { client } = reader
  let { clock, position: from } = reader
  let count = 0
  let end = clock
  let to = from
  let stops: Stop[] | undefined
  let lastStop = from
  const close = (): void => {
    if (count === 0) return
    if (runs.length >= bounds.maxUpdateRuns) throw tooManyRuns()
    runs.push({ client, clock, end, count, from, to, stops: stops ?? noStops })
    count = 0
    stops = undefined
  }
  for (let index = 0; index < structs; index++) {
    reader.next()
    if (reader.kind === kinds.skip) {
      close()
      continue
    }
    // Whoever writes into formatted text copies the marks around it, so a large one would be copied with every edit.
    if (reader.formatBytes > bounds.maxFormatBytes)
      throw new ProtocolError('update-too-large', 'a formatting mark is too large')
    if (count === 0) {
      clock = reader.clock
      from = reader.start
      lastStop = from
    } else if (reader.start - lastStop >= stopBytes) {
      lastStop = reader.start
      stops ??= []
      stops.push({ clock: reader.clock, count, at: lastStop })
    }
    count++
    end = reader.clock + reader.length
    to = reader.position
  }
  close()
}

function readDeletions(reader: StructReader, bounds: UpdateBounds): Deletions[] {
  const clients = reader.varCount(2)
  if (clients > bounds.maxUpdateRuns) throw tooManyRuns()
  const deletions: Deletions[] = []
  const seen = clients > 1 ? new Set<number>() : undefined
  for (let index = 0; index < clients; index++) {
    const client = reader.clientId()
    // Each list costs a walk over what is deleted of the client, so that many short ones would cost more than their bytes.
    if (seen?.has(client)) throw reader.malformed('a client is listed twice')
    seen?.add(client)
    const count = reader.varCount(2)
    const from = reader.position
    for (let range = 0; range < count; range++)
      if (reader.varUint() + reader.varUint() > limits.maxClock)
        throw reader.malformed('a deleted clock is too high')
    if (count > 0) deletions.push({ client, count, from, to: reader.position })
  }
  return deletions
}

function tooManyRuns(): ProtocolError {
  return new ProtocolError('update-too-large', 'an update holds too many clients and gaps')
}

/** Walks over the structs of a run that was scanned before. */
export function structsOf(bytes: Uint8Array, run: Run): StructReader {
  const reader = new StructReader(bytes, run.from)
  reader.begin(run.client, run.clock)
  return reader
}

/** Calls `visit` for each range; those that delete nothing are left out. */
export function eachDeleted(
  bytes: Uint8Array,
  { count, from }: Deletions,
  visit: (clock: number, length: number) => void,
): void {
  const reader = new ByteReader(bytes, from)
  for (let range = 0; range < count; range++) {
    const clock = reader.varUint()
    const length = reader.varUint()
    if (length > 0) visit(clock, length)
  }
}

/** The ranges' starts and ends by turns. */
export function deletedBounds(bytes: Uint8Array, deletions: Deletions): Int32Array {
  const bounds = new Int32Array(deletions.count * 2)
  let used = 0
  eachDeleted(bytes, deletions, (clock, length) => {
    bounds[used++] = clock
    bounds[used++] = clock + length
  })
  return bounds.subarray(0, used)
}
