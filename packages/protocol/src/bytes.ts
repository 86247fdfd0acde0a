/**
 * Reading and writing the wire's primitives (lib0's encoding): variable-length unsigned integers, byte arrays
 * and UTF-8 strings. The reader trusts nothing: every length is checked against the bytes that are there.
 */
import { ProtocolError, type ProtocolErrorCode } from './errors.ts'

const utf8Encoder = new TextEncoder()
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** So few are copied one by one: V8 keeps so small an array among its objects, until somebody makes a view of it. */
const fewBytes = 64

/** Reads from `bytes` without copying; throws a `ProtocolError` at the first thing that is wrong. */
export class ByteReader {
  readonly bytes: Uint8Array
  /** Where the next byte is read. */
  position: number
  readonly #code: ProtocolErrorCode

  constructor(bytes: Uint8Array, position = 0, code: ProtocolErrorCode = 'frame-malformed') {
    this.bytes = bytes
    this.position = position
    this.#code = code
  }

  get remaining(): number {
    return this.bytes.length - this.position
  }

  byte(): number {
    const byte = this.bytes[this.position++]
    if (byte === undefined) throw this.malformed('it is cut off')
    return byte
  }

  /** 7 bits a byte, low bits first, at most 2^53 - 1, in the shortest form. */
  varUint(): number {
    const first = this.byte()
    return first < 0x80 ? first : this.#longVarUint(first & 0x7f)
  }

  #longVarUint(first: number): number {
    let value = first
    let scale = 128
    for (let count = 2; count <= 8; count++) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (byte === 0) throw this.malformed('a number is not in its shortest form')
        if (value > Number.MAX_SAFE_INTEGER) throw this.malformed('a number is past 2^53 - 1')
        return value
      }
      scale *= 128
    }
    throw this.malformed('a number is too long')
  }

  /** The length of what follows, which is there in full. */
  varLength(maxBytes = Infinity): number {
    const length = this.varUint()
    if (length > this.remaining) throw this.malformed('a length is past the end')
    if (length > maxBytes) throw this.malformed('a field is too long')
    return length
  }

  /** How many of something follow, each of at least `leastBytes`: what cannot be there is refused before it is read. */
  varCount(leastBytes: number): number {
    const count = this.varUint()
    if (count * leastBytes > this.remaining) throw this.malformed('a count is past the end')
    return count
  }

  /** A view of the frame's own memory: copy it to keep it. */
  varBytes(maxBytes = Infinity): Uint8Array {
    const length = this.varLength(maxBytes)
    const start = this.position
    this.position += length
    return this.bytes.subarray(start, this.position)
  }

  varString(maxBytes: number): string {
    const bytes = this.varBytes(maxBytes)
    if (bytes.includes(0)) throw this.malformed('a string holds NUL')
    try {
      return utf8Decoder.decode(bytes)
    } catch {
      throw this.malformed('a string is not UTF-8')
    }
  }

  /** Everything has been read, or the frame is refused. */
  end(): void {
    if (this.remaining > 0) throw this.malformed('bytes after its end')
  }

  malformed(reason: string): ProtocolError {
    return new ProtocolError(this.#code, reason)
  }
}

/** How many bytes `ByteWriter.varUint` writes. */
export function varUintBytes(value: number): number {
  let count = 1
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) count++
  return count
}

/** Grows as it is written to; `finish` gives exactly the bytes written, in memory of their own: what is kept for long holds on to no more. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>
  #length = 0

  constructor(expectedBytes = 64) {
    this.#bytes = new Uint8Array(expectedBytes)
  }

  varUint(value: number): this {
    let rest = value
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 0x80)
    return this.byte(rest)
  }

  byte(value: number): this {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
    return this
  }

  varBytes(bytes: Uint8Array): this {
    return this.varUint(bytes.length).rawBytes(bytes)
  }

  /** Bytes without their length before them: all of them, or a stretch. */
  rawBytes(bytes: Uint8Array, from = 0, to = bytes.length): this {
    this.#reserve(to - from)
    if (to - from > fewBytes) {
      this.#bytes.set(bytes.subarray(from, to), this.#length)
      this.#length += to - from
    } else for (let at = from; at < to; at++) this.#bytes[this.#length++] = bytes[at] ?? 0
    return this
  }

  varString(text: string): this {
    return this.varBytes(utf8Encoder.encode(text))
  }

  /** If as much was written as was expected, that memory itself: whoever writes on gets other. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#length)
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
