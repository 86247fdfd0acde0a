/** Giving structs other ids, and with them whatever mentions these: by moving bytes, so that what they say stays as it is. */
import { ByteReader, ByteWriter } from '../bytes.ts'
import {
  eachDeleted,
  structsOf,
  type Deletions,
  type Id,
  type IdRange,
  type Run,
  type ScannedUpdate,
} from './scan.ts'
import { sliceOf } from './slice.ts'
import { flags, kinds, none, StructReader } from './struct-reader.ts'
import { UpdateWriter } from './update-writer.ts'

/** The ids of `client` from `clock` up to `end` become those of `to` from 0 on. */
export interface Renaming extends Id {
  readonly end: number
  /** A client id that nothing is written under yet. */
  readonly to: number
}

/** The same update under other ids: of its structs, of what they build on and of what it deletes. */
export function renameIds({ bytes, runs, deletions }: ScannedUpdate, renaming: Renaming): Uint8Array {
  const writer = new UpdateWriter()
  for (const run of runs) renameRun(writer, bytes, run, renaming)
  for (const each of deletions) renameDeletions(writer, bytes, each, renaming)
  return writer.finish()
}

/** The client ids under which an update writes, builds on something or deletes. */
export function clientsIn({ bytes, runs, deletions }: ScannedUpdate): Set<number> {
  const clients = new Set([...runs, ...deletions].map(({ client }) => client))
  for (const run of runs) {
    const struct = structsOf(bytes, run)
    for (let index = 0; index < run.count; index++) {
      struct.next()
      for (const client of [struct.originClient, struct.rightClient, struct.parentClient]) clients.add(client)
    }
  }
  clients.delete(none)
  return clients
}

function renameRun(writer: UpdateWriter, bytes: Uint8Array, run: Run, renaming: Renaming): void {
  const struct = structsOf(bytes, run)
  for (let index = 0; index < run.count; index++) {
    struct.next()
    for (const piece of piecesOf(struct, renaming)) {
      const { client, clock } = renamed(piece, renaming)
      const renamedBytes = structRenamed(piece, renaming)
      const part = { bytes: renamedBytes, from: 0, to: renamedBytes.length, count: 1 }
      writer.addStructs(client, { clock, end: clock + piece.length }, part)
    }
  }
}

/** Those that are renamed apart from those that are not. */
function* piecesOf(struct: StructReader, renaming: Renaming): Generator<StructReader> {
  const ends = partsOf(struct, renaming).map(({ clock, length }) => clock + length - struct.clock)
  if (ends.length === 1) {
    yield struct
    return
  }
  let start = 0
  for (const end of ends) {
    const piece = new StructReader(sliceOf(struct, start, end))
    piece.begin(struct.client, struct.clock + start)
    piece.next()
    yield piece
    start = end
  }
}

function structRenamed(struct: StructReader, renaming: Renaming): Uint8Array {
  const { bytes, info, start, position } = struct
  if (struct.kind === kinds.garbage) return bytes.subarray(start, position)
  const reader = new ByteReader(bytes, start)
  const writer = new ByteWriter(position - start + 16)
  const copyId = (): void => {
    const { client, clock } = renamed({ client: reader.varUint(), clock: reader.varUint() }, renaming)
    writer.varUint(client).varUint(clock)
  }
  writer.byte(reader.byte())
  if (info & flags.hasOrigin) copyId()
  if (info & flags.hasRightOrigin) copyId()
  if (struct.parentClient !== none) {
    writer.varUint(reader.varUint())
    copyId()
  }
  return writer.rawBytes(bytes, reader.position, position).finish()
}

function renameDeletions(
  writer: UpdateWriter,
  bytes: Uint8Array,
  deletions: Deletions,
  renaming: Renaming,
): void {
  eachDeleted(bytes, deletions, (from, deleted) => {
    for (const { length, ...id } of partsOf(
      { client: deletions.client, clock: from, length: deleted },
      renaming,
    )) {
      writer.addDeletion({ ...renamed(id, renaming), length })
    }
  })
}

/** A range in order, taken apart where renaming begins and ends. */
function partsOf({ client, clock, length }: IdRange, renaming: Renaming): IdRange[] {
  const end = clock + length
  const isWithin = (at: number): boolean => clock < at && at < end
  const cuts = client === renaming.client ? [renaming.clock, renaming.end].filter(isWithin) : []
  return [clock, ...cuts].map((from, index) => ({ client, clock: from, length: (cuts[index] ?? end) - from }))
}

function renamed({ client, clock }: Id, { client: from, clock: first, end, to }: Renaming): Id {
  const isRenamed = client === from && first <= clock && clock < end
  return isRenamed ? { client: to, clock: clock - first } : { client, clock }
}
