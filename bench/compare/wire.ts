/**
 * What the compared servers are told and say, as bytes: y-websocket's messages, before which Hocuspocus puts the name of the
 * document. The relay takes them too and answers nothing.
 */
import { decodeServerMessage, encodeClientMessage, type ClientMessage } from '@quire/protocol'

export type Dialect = 'y-websocket' | 'hocuspocus' | 'relay'

/** What a member does something about. */
export type Heard =
  | { readonly type: 'sync-step-1'; readonly stateVector: Uint8Array }
  | { readonly type: 'sync-step-2' | 'update'; readonly update: Uint8Array }
  | { readonly type: 'presence'; readonly entries: Uint8Array }
  /** Quire only: so many of the updates that a member sent are on disk. */
  | { readonly type: 'saved'; readonly frames: number }
  | { readonly type: 'other' }

const encoder = new TextEncoder()

/** Bytes with their length before them, as lib0 writes them. */
function prefixed(bytes: Uint8Array): Uint8Array {
  if (bytes.length > 127) throw new Error('longer than one byte of length can say')
  return Uint8Array.of(bytes.length, ...bytes)
}

export class Wire {
  readonly dialect: Dialect
  readonly #prefix: Uint8Array

  constructor(dialect: Dialect, room: string) {
    this.dialect = dialect
    this.#prefix = dialect === 'hocuspocus' ? prefixed(encoder.encode(room)) : new Uint8Array()
  }

  /** What Hocuspocus hears before anything else: type 2, subtype 0 and a token, which here nobody asks for. */
  get authentication(): Uint8Array | undefined {
    return this.dialect === 'hocuspocus' ? this.#framed(Uint8Array.of(2, 0, 0)) : undefined
  }

  encode(message: ClientMessage): Uint8Array {
    return this.#framed(encodeClientMessage(message))
  }

  /** Makes no copies: what is returned lies in the frame. */
  decode(frame: Uint8Array): Heard {
    const reader = new Reader(frame)
    // Hocuspocus answers with the name too; all our rooms are named in less than 128 bytes.
    if (this.#prefix.length > 0) reader.bytes()
    const type = reader.number()
    if (type === 1) return { type: 'presence', entries: reader.bytes() }
    if (type === 64) {
      const message = decodeServerMessage(frame)
      return message.type === 'saved' ? message : { type: 'other' }
    }
    // 4 is Hocuspocus's answer that wants none.
    if (type !== 0 && type !== 4) return { type: 'other' }
    const kind = reader.number()
    const bytes = reader.bytes()
    if (kind === 0) return { type: 'sync-step-1', stateVector: bytes }
    return { type: kind === 1 ? 'sync-step-2' : 'update', update: bytes }
  }

  #framed(message: Uint8Array): Uint8Array {
    if (this.#prefix.length === 0) return message
    const frame = new Uint8Array(this.#prefix.length + message.length)
    frame.set(this.#prefix)
    frame.set(message, this.#prefix.length)
    return frame
  }
}

/** Reads lib0's numbers and byte arrays from a frame that one of the servers made. */
export class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  number(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new Error('a server said less than it began to')
      value += (byte & 127) * scale
      if (byte < 128) return value
      scale *= 128
    }
  }

  bytes(): Uint8Array {
    const length = this.number()
    const from = this.#at
    this.#at += length
    return this.#bytes.subarray(from, this.#at)
  }
}
