/** A WebSocket spoken byte by byte over TCP, for what no WebSocket library would send. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** An upgraded connection whose frames are the caller's affair. */
export class Wire {
  readonly #socket: Socket
  readonly #received: Buffer[] = []
  readonly #ended: Promise<unknown>

  static async open(url: string): Promise<Wire> {
    const { hostname, port, pathname, search } = new URL(url)
    const socket = connect(Number(port), hostname)
    onTestFinished(() => void socket.destroy())
    const lines = Object.entries({ Host: `${hostname}:${port}`, ...upgradeHeaders() }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    )
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`)
    const wire = new Wire(socket)
    await once(socket, 'data')
    return wire
  }

  private constructor(socket: Socket) {
    this.#socket = socket
    // Without an encoding set, what comes is bytes.
    socket.on('data', (bytes: Buffer) => this.#received.push(bytes))
    socket.on('error', () => undefined)
    this.#ended = new Promise((resolve) => socket.once('close', resolve))
  }

  write(bytes: Iterable<number>): void {
    this.#socket.write(Uint8Array.from(bytes))
  }

  /** The code of the close frame that was the last the server said. */
  async closeCode(): Promise<number | undefined> {
    await this.#ended
    const [answer = '', ...frames] = Buffer.concat(this.#received).toString('latin1').split('\r\n\r\n')
    if (!answer.startsWith('HTTP/1.1 101')) throw new Error(`not upgraded: ${answer}`)
    let rest: Buffer = Buffer.from(frames.join('\r\n\r\n'), 'latin1')
    let code: number | undefined
    while (rest.length >= 2) {
      const isClose = rest[0] === 0x88
      const short = rest.readUInt8(1)
      const [start, length] = short < 126 ? [2, short] : [4, rest.readUInt16BE(2)]
      if (isClose) code = rest.readUInt16BE(start)
      rest = rest.subarray(start + length)
    }
    return code
  }
}

function upgradeHeaders(): Record<string, string> {
  return {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
  }
}
