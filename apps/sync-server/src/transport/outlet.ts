/** Messages on their way into sockets, as binary WebSocket frames. What goes to many is framed once. */
import type { Duplex } from 'node:stream'

/** FIN, and a binary frame (RFC 6455, 5.2). */
const firstByte = 0x82
/** From here on, a call to the system with header and message apart costs less than a copy with the header before it. */
const largeBytes = 16 * 1024

export class Outlet {
  #last: { readonly message: Uint8Array; readonly frame: Uint8Array } | undefined

  /** `done` is called once the bytes have left, or with an error. The socket has to be one that may be written to. */
  send(socket: Duplex, message: Uint8Array, done: (error: Error | null | undefined) => void): void {
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
    if (this.#last?.message !== message)
      this.#last = { message, frame: Buffer.concat([headerOf(message), message]) }
    return this.#last.frame
  }
}

/** A server's frame is not masked; its length takes 7, 7 + 16 or 7 + 64 bits. */
function headerOf({ length }: Uint8Array): Uint8Array {
  if (length < 126) return Uint8Array.of(firstByte, length)
  const header = new DataView(new ArrayBuffer(length < 2 ** 16 ? 4 : 10))
  header.setUint8(0, firstByte)
  header.setUint8(1, length < 2 ** 16 ? 126 : 127)
  if (length < 2 ** 16) header.setUint16(2, length)
  else header.setBigUint64(2, BigInt(length))
  return new Uint8Array(header.buffer)
}
