/**
 * Reading and writing the wire's primitives (lib0's encoding): variable-length unsigned integers, byte arrays
 * and UTF-8 strings. The reader trusts nothing: every length is checked against the bytes that are there.
 */
import { ProtocolError } from './errors.ts'

const utf8Encoder = new TextEncoder()
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads from `bytes` without copying; throws `frame-malformed` at the first thing that is wrong. */
export class ByteReader {
  readonly #bytes: Uint8Array
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get remaining(): number {
    return this.#bytes.length - this.#position
  }

  /** 7 bits a byte, low bits first, at most 2^53 - 1, in the shortest form. */
  varUint(): number {
    let value = 0
    let scale = 1
    for (let count = 1; count <= 8; count++) {
      const byte = this.#bytes[this.#position++]
      if (byte === undefined) throw malformed('a number is cut off')
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (byte === 0 && count > 1) throw malformed('a number is not in its shortest form')
        if (value > Number.MAX_SAFE_INTEGER) throw malformed('a number is past 2^53 - 1')
        return value
      }
      scale *= 128
    }
    throw malformed('a number is too long')
  }

  /** A view of the frame's own memory: copy it to keep it. */
  varBytes(maxBytes: number): Uint8Array {
    const length = this.varUint()
    if (length > this.remaining) throw malformed('a length is past the end')
    if (length > maxBytes) throw malformed('a field is too long')
    const start = this.#position
    this.#position += length
    return this.#bytes.subarray(start, this.#position)
  }

  varString(maxBytes: number): string {
    const bytes = this.varBytes(maxBytes)
    if (bytes.includes(0)) throw malformed('a string holds NUL')
    try {
      return utf8Decoder.decode(bytes)
    } catch {
      throw malformed('a string is not UTF-8')
    }
  }

  /** Everything has been read, or the frame is refused. */
  end(): void {
    if (this.remaining > 0) throw malformed('bytes after the end of the message')
  }
}

/** Grows as it is written to; `finish` gives exactly the bytes written. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>
  #length = 0

  constructor(expectedBytes = 64) {
    this.#bytes = new Uint8Array(expectedBytes)
  }

  varUint(value: number): this {
    this.#reserve(8)
    let rest = value
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#length++] = rest
    return this
  }

  varBytes(bytes: Uint8Array): this {
    this.varUint(bytes.length)
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    return this
  }

  varString(text: string): this {
    return this.varBytes(utf8Encoder.encode(text))
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length)
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

function malformed(reason: string): ProtocolError {
  return new ProtocolError('frame-malformed', reason)
}
