/** Messages on their way into sockets, as binary WebSocket frames. What goes to many is framed once. */
import type { Duplex } from 'node:stream'

/** FIN, and a binary frame (RFC 6455, 5.2). */
const firstByte = 0x82
/** From here on, a call to the system with header and message apart costs less than a copy with the header before it. */
const largeBytes = 16 * 1024

export class Outlet {
  #last: { readonly message: Uint8Array; readonly frame: Uint8Array } | undefined

  /** `done`, if there is one, is called once the bytes have left, or with an error. The socket has to be one that may be written to. */
  send(socket: Duplex, message: Uint8Array, done?: (error: Error | null | undefined) => void): void {
    if (message.length < largeBytes) {
      socket.write(this.#framed(message), done)
    } else {
      socket.cork()
      socket.write(headerOf(message))
      socket.write(message, done)
      socket.uncork()
    }
  }

  #framed(message: Uint8Array): Uint8Array {
    if (this.#last?.message !== message) this.#last = { message, frame: framed(message) }
    return this.#last.frame
  }
}

/** Header and message in one piece of memory. */
function framed(message: Uint8Array): Uint8Array {
  const { length } = message
  const frame = Buffer.allocUnsafe(headerBytes(length) + length)
  writeHeader(frame, length)
  frame.set(message, headerBytes(length))
  return frame
}

function headerOf({ length }: Uint8Array): Uint8Array {
  const header = Buffer.allocUnsafe(headerBytes(length))
  writeHeader(header, length)
  return header
}

/** A server's frame is not masked; its length takes 7, 7 + 16 or 7 + 64 bits. */
function headerBytes(length: number): number {
  if (length < 126) return 2
  return length < 2 ** 16 ? 4 : 10
}

function writeHeader(frame: Buffer, length: number): void {
  frame[0] = firstByte
  if (length < 126) {
    frame[1] = length
  } else if (length < 2 ** 16) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
}
