/**
 * What an update says, without building a document: which structs it brings, on which others they build, and
 * what it deletes. Reads Yjs V1 to the last byte with Yjs's own reader; anything else is refused.
 */
import * as decoding from 'lib0/decoding'
import * as Y from 'yjs'
import { ProtocolError } from '../errors.ts'
import { limits } from '../limits.ts'

export interface Id {
  readonly client: number
  readonly clock: number
}

/** `length` clocks of `client`, from `clock` on. */
export interface IdRange extends Id {
  readonly length: number
}

export interface ScannedStruct extends IdRange {
  /** What must be known before this struct can take its place: its neighbours and its parent. */
  readonly dependencies: readonly Id[]
}

export interface ScannedUpdate {
  /** In the order of the update: ascending clocks for each client, without the gaps (Yjs calls them Skip). */
  readonly structs: readonly ScannedStruct[]
  readonly deletes: readonly IdRange[]
}

/**
 * Yjs's V1 reader, which shows whether every byte was consumed, and refuses what Yjs would misread or not survive.
 * Yjs makes the instance itself, so what it is to know and who was made last are kept on the class. Reading is
 * synchronous: there is never more than one at a time.
 */
class WholeUpdateDecoder extends Y.UpdateDecoderV1 {
  static last: WholeUpdateDecoder | undefined
  static maxParts = Infinity
  #parts = 0
  readonly #clients = new Set<number>()

  constructor(decoder: decoding.Decoder) {
    super(decoder)
    WholeUpdateDecoder.last = this
  }

  /** Comes once for each client's list of structs. */
  override readClient(): number {
    const client = super.readClient()
    if (client > limits.maxClientId) throw malformed('a client id is too high')
    // Of two lists Yjs keeps the second, so the ledger would know structs that no document has.
    if (this.#clients.has(client)) throw malformed('a client is listed twice')
    this.#clients.add(client)
    return client
  }

  /** Comes once for each struct. */
  override readInfo(): number {
    this.#count()
    return super.readInfo()
  }

  /** Comes once for each range of deletions. */
  override readDsLen(): number {
    this.#count()
    return super.readDsLen()
  }

  override readAny(): unknown {
    return shallow(super.readAny())
  }

  override readJSON(): unknown {
    return shallow(super.readJSON())
  }

  /** While reading, since afterwards all of them would be in memory. */
  #count(): void {
    if (++this.#parts > WholeUpdateDecoder.maxParts)
      throw malformed('more structs and deletions than one update may hold')
  }
}

/** Throws `update-malformed` for anything but one whole V1 update of at most `maxParts` structs and ranges of deletions. */
export function scan(update: Uint8Array, maxParts = Infinity): ScannedUpdate {
  const { structs, ds } = read(update, maxParts)
  const scanned: ScannedStruct[] = []
  for (const struct of structs) {
    const { client, clock } = struct.id
    if (clock + struct.length > limits.maxClock) throw malformed('a clock is too high')
    if (struct instanceof Y.Skip) continue
    if (struct.length === 0) throw malformed('an empty struct')
    // The JSON of old versions of Yjs, the one kind of value that does not come through our decoder.
    if (struct instanceof Y.Item && struct.content instanceof Y.ContentJSON)
      struct.content.arr.forEach(shallow)
    scanned.push({ client, clock, length: struct.length, dependencies: dependenciesOf(struct) })
  }
  const deletes: IdRange[] = []
  for (const [client, ranges] of ds.clients) {
    for (const { clock, len } of ranges) {
      if (clock + len > limits.maxClock) throw malformed('a deleted clock is too high')
      if (len > 0) deletes.push({ client, clock, length: len })
    }
  }
  return { structs: scanned, deletes }
}

function read(update: Uint8Array, maxParts: number): ReturnType<typeof Y.decodeUpdate> {
  let decoded: ReturnType<typeof Y.decodeUpdate>
  WholeUpdateDecoder.maxParts = maxParts
  try {
    decoded = Y.decodeUpdateV2(update, WholeUpdateDecoder)
  } catch (cause) {
    if (cause instanceof ProtocolError) throw cause
    throw new ProtocolError('update-malformed', 'Yjs cannot read this update', { cause })
  }
  const decoder = WholeUpdateDecoder.last
  WholeUpdateDecoder.last = undefined
  // V2 bytes read as V1 decode to "nothing", with bytes left over: this is where they are caught.
  if (!decoder || decoding.hasContent(decoder.restDecoder))
    throw malformed('bytes after the end of the update')
  return decoded
}

function dependenciesOf(struct: Y.Item | Y.GC): Id[] {
  if (!(struct instanceof Y.Item)) return []
  const ids = [struct.origin, struct.rightOrigin, struct.parent]
  // Before integration a parent is an id, the name of a root, or null when a neighbour tells it.
  return ids.filter((id) => id instanceof Y.ID)
}

/** The value itself, if it is not nested too deep. */
function shallow(value: unknown): unknown {
  if (!isWithinDepth(value, limits.maxValueDepth)) throw malformed('a value is nested too deep')
  return value
}

function isWithinDepth(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return true
  return depth > 0 && Object.values(value).every((child) => isWithinDepth(child, depth - 1))
}

function malformed(reason: string): ProtocolError {
  return new ProtocolError('update-malformed', `update: ${reason}`)
}
