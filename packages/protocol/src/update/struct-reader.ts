/**
 * Walks over the structs of a Yjs V1 update without making them: their clocks, on what they build, and where their
 * bytes lie. It accepts what Yjs can read and survive, and nothing that it would misread; nothing is set aside for a
 * number that an update declares.
 *
 * The layout is that of Yjs 13 (`utils/encoding.js`, `structs/*.js`, `lib0/decoding.js`).
 */
import { ByteReader } from '../bytes.ts'
import { limits } from '../limits.ts'
import { isJson } from './json.ts'
import { utf16Length } from './text.ts'

/** The low five bits of a struct's first byte. */
export const kinds = {
  garbage: 0,
  deleted: 1,
  json: 2,
  binary: 3,
  string: 4,
  embed: 5,
  format: 6,
  type: 7,
  any: 8,
  document: 9,
  skip: 10,
} as const

/** The high bits: what comes before the content. */
export const flags = { hasOrigin: 0x80, hasRightOrigin: 0x40, hasParentKey: 0x20 } as const
const kindBits = 0x1f

/** In the place of a client id: there is no such dependency. */
export const none = -1

/** `Y.XmlElement` and `Y.XmlHook` have a name; the other types are told by their number alone. */
const typeRefs = { count: 7, xmlElement: 3, xmlHook: 5 } as const

/** lib0's tags of `any` values. */
const anyTags = {
  undefined: 127,
  null: 126,
  integer: 125,
  float32: 124,
  float64: 123,
  bigint: 122,
  false: 121,
  true: 120,
  string: 119,
  object: 118,
  array: 117,
  bytes: 116,
} as const

/** lib0 assigns it, which changes what the reader's object inherits. */
const unfitKeys = ['__proto__']
/** Yjs makes a sub-document with its options: these would replace the guid that stands before them, and a function. */
const unfitOptions = [...unfitKeys, 'guid', 'gcFilter']

/** Stands before the first struct of a run until `next` is called; afterwards its fields tell of the struct read last. */
export class StructReader extends ByteReader {
  client = 0
  clock = 0
  /** In clocks. */
  length = 0
  kind: number = kinds.skip
  info = 0
  /** Where the struct begins, and where its content does; it ends at `position`. */
  start = 0
  contentStart = 0
  originClient = none
  originClock = 0
  rightClient = none
  rightClock = 0
  /** Of a parent that is a struct; none for a root, and where a neighbour tells. */
  parentClient = none
  parentClock = 0
  /** Of a formatting mark: the size of its value; 0 for all else. */
  formatBytes = 0
  /** Have there been formatting marks so far? */
  hasMarks = false
  /** Have there been values under a key so far that say so themselves? */
  hasKeys = false

  constructor(bytes: Uint8Array, position = 0) {
    super(bytes, position, 'update-malformed')
  }

  /** The structs of `client` from `clock` on come next. */
  begin(client: number, clock: number): void {
    this.client = client
    this.clock = clock
    this.length = 0
  }

  next(): void {
    this.clock += this.length
    this.start = this.position
    this.info = this.byte()
    this.kind = this.info & kindBits
    this.originClient = none
    this.rightClient = none
    this.parentClient = none
    this.formatBytes = 0
    if (this.kind === kinds.garbage || this.kind === kinds.skip) {
      // Yjs's two readers disagree on what further bits mean here, and no writer sets them.
      if (this.info !== this.kind) throw this.malformed('a run of clocks with a neighbour')
      this.contentStart = this.position
      this.length = this.varUint()
    } else {
      this.#readNeighbours()
      this.contentStart = this.position
      this.length = this.#content()
    }
    if (this.length === 0) throw this.malformed('an empty struct')
    if (this.clock + this.length > limits.maxClock) throw this.malformed('a clock is too high')
  }

  /** Of a struct that is text: where its first character lies. */
  get textStart(): number {
    const reader = new ByteReader(this.bytes, this.contentStart)
    reader.varUint()
    return reader.position
  }

  /** Of a struct that is several values: where the first `count` of them begin, and where the last of these ends. */
  valueStarts(count: number): number[] {
    const reader = new StructReader(this.bytes, this.contentStart)
    reader.kind = this.kind
    reader.varUint()
    const starts = [reader.position]
    for (let index = 0; index < count; index++) {
      reader.#value()
      starts.push(reader.position)
    }
    return starts
  }

  clientId(): number {
    const client = this.varUint()
    if (client > limits.maxClientId) throw this.malformed('a client id is too high')
    return client
  }

  clockOfId(): number {
    const clock = this.varUint()
    if (clock >= limits.maxClock) throw this.malformed('a clock is too high')
    return clock
  }

  #readNeighbours(): void {
    if (this.info & flags.hasOrigin) {
      this.originClient = this.clientId()
      this.originClock = this.clockOfId()
    }
    if (this.info & flags.hasRightOrigin) {
      this.rightClient = this.clientId()
      this.rightClock = this.clockOfId()
    }
    if (this.info & (flags.hasOrigin | flags.hasRightOrigin)) return
    const parentInfo = this.varUint()
    if (parentInfo > 1) throw this.malformed('a parent of an unknown kind')
    if (parentInfo === 1) {
      this.#string()
    } else {
      this.parentClient = this.clientId()
      this.parentClock = this.clockOfId()
    }
    if (this.info & flags.hasParentKey) {
      this.#string()
      this.hasKeys = true
    }
  }

  /** Reads past the content; returns its length in clocks. */
  #content(): number {
    switch (this.kind) {
      case kinds.deleted:
        return this.varUint()
      case kinds.binary:
        this.#skip(this.varLength())
        return 1
      case kinds.string:
        return this.#string()
      case kinds.embed:
        this.#json()
        return 1
      case kinds.format:
        this.#string()
        this.formatBytes = -this.position
        this.#json()
        this.formatBytes += this.position
        this.hasMarks = true
        return 1
      case kinds.type:
        this.#type()
        return 1
      case kinds.json:
      case kinds.any:
        return this.#values()
      case kinds.document:
        this.#string()
        // Yjs reads properties from it, which null and undefined do not have.
        if (this.byte() !== anyTags.object) throw this.malformed('a sub-document without options')
        this.#members(limits.maxValueDepth - 1, unfitOptions)
        return 1
      default:
        throw this.malformed('a struct of an unknown kind')
    }
  }

  /** Reads past a string; returns its length in UTF-16 units. */
  #string(): number {
    const end = this.varLength() + this.position
    const units = utf16Length(this.bytes, this.position, end)
    if (units < 0) throw this.malformed('a string is not UTF-8')
    this.position = end
    return units
  }

  #json(): void {
    const length = this.varLength()
    const start = this.position
    this.position = start + length
    if (utf16Length(this.bytes, start, this.position) < 0) throw this.malformed('a string is not UTF-8')
    if (!isJson(this.bytes, start, this.position, limits.maxValueDepth))
      throw this.malformed('a value is not JSON, or nested too deep')
  }

  /** JSON as old versions of Yjs wrote it, in which a bare `undefined` is one more value. */
  #oldJson(): void {
    if (this.#isNextString('undefined')) this.#string()
    else this.#json()
  }

  #type(): void {
    const type = this.varUint()
    if (type >= typeRefs.count) throw this.malformed('a type of an unknown kind')
    if (type === typeRefs.xmlElement || type === typeRefs.xmlHook) this.#string()
  }

  #values(): number {
    const count = this.varCount(1)
    for (let index = 0; index < count; index++) this.#value()
    return count
  }

  #value(): void {
    if (this.kind === kinds.json) this.#oldJson()
    else this.#any(limits.maxValueDepth)
  }

  #any(depth: number): void {
    switch (this.byte()) {
      case anyTags.undefined:
      case anyTags.null:
      case anyTags.true:
      case anyTags.false:
        return
      case anyTags.integer:
        return this.#varInt()
      case anyTags.float32:
        return this.#skip(4)
      case anyTags.float64:
      case anyTags.bigint:
        return this.#skip(8)
      case anyTags.string:
        this.#string()
        return
      case anyTags.bytes:
        return this.#skip(this.varLength())
      case anyTags.array: {
        if (depth === 0) throw this.malformed('a value is nested too deep')
        const count = this.varCount(1)
        for (let index = 0; index < count; index++) this.#any(depth - 1)
        return
      }
      case anyTags.object:
        if (depth === 0) throw this.malformed('a value is nested too deep')
        return this.#members(depth - 1, unfitKeys)
      default:
        throw this.malformed('a value of an unknown kind')
    }
  }

  #members(depth: number, unfit: readonly string[]): void {
    const count = this.varCount(2)
    for (let index = 0; index < count; index++) {
      for (const key of unfit) if (this.#isNextString(key)) throw this.malformed(`a key named ${key}`)
      this.#string()
      this.#any(depth)
    }
  }

  /** A sign and 6 bits, then 7 bits a byte (lib0's `readVarInt`); at most 2^53 - 1 either way. */
  #varInt(): void {
    const first = this.byte()
    let value = first & 0x3f
    let scale = 64
    let byte = first
    while (byte >= 0x80) {
      byte = this.byte()
      value += (byte & 0x7f) * scale
      scale *= 128
      if (value > Number.MAX_SAFE_INTEGER) throw this.malformed('a number is past 2^53 - 1')
      if (scale > 2 ** 62) throw this.malformed('a number is too long')
    }
  }

  #skip(count: number): void {
    if (count > this.remaining) throw this.malformed('a length is past the end')
    this.position += count
  }

  /** `text` is ASCII, and short. */
  #isNextString(text: string): boolean {
    const { bytes, position } = this
    if (bytes[position] !== text.length) return false
    for (let index = 0; index < text.length; index++)
      if (bytes[position + 1 + index] !== text.charCodeAt(index)) return false
    return true
  }
}
