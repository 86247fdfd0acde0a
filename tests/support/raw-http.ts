/** HTTP spoken byte by byte over TCP, for what no HTTP library would send. */
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface RawAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** One character a byte. After an upgrade: all that came. */
  readonly body: string
}

/** All that the server answers to exactly these characters, a byte each, until it ends the connection. */
export async function rawAnswers(
  url: string,
  said: string,
  { byteEveryMs }: { readonly byteEveryMs?: number } = {},
): Promise<RawAnswer[]> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).setEncoding('latin1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  let heard = ''
  socket.on('data', (words: string) => (heard += words))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  if (byteEveryMs === undefined) socket.write(said, 'latin1')
  else await drip(socket, said, { byteEveryMs, closed })
  await closed
  return parse(heard)
}

async function drip(
  socket: Socket,
  said: string,
  { byteEveryMs, closed }: { readonly byteEveryMs: number; readonly closed: Promise<unknown> },
): Promise<void> {
  const bytes = said[Symbol.iterator]()
  const timer = setInterval(() => {
    const { value } = bytes.next()
    if (value !== undefined) socket.write(value, 'latin1')
  }, byteEveryMs)
  await closed
  clearInterval(timer)
}

function parse(heard: string): RawAnswer[] {
  if (heard === '') return []
  const [head = ''] = heard.split('\r\n\r\n', 1)
  const [statusLine = '', ...lines] = head.split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const headers = Object.fromEntries(
    lines.map((line) => {
      const [name = '', value = ''] = line.split(/: (.*)/, 2)
      return [name.toLowerCase(), value] as const
    }),
  )
  const rest = heard.slice(head.length + '\r\n\r\n'.length)
  const bodyLength = status === 101 ? rest.length : Number(headers['content-length'] ?? 0)
  return [{ status, headers, body: rest.slice(0, bodyLength) }, ...parse(rest.slice(bodyLength))]
}

export interface RawFrame {
  readonly opcode: number
  readonly payload: Buffer
}

export const opcodes = { binary: 2, close: 8 } as const

/** A masked frame of less than 126 bytes, a character each. Under a mask of zeros bytes stay as they are. */
export function rawFrame(opcode: number, payload: Uint8Array): string {
  return Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0, ...payload]).toString('latin1')
}

/** The frames of a server, none longer than 64 KiB. */
export function framesIn(body: string): RawFrame[] {
  const frames: RawFrame[] = []
  let rest = Buffer.from(body, 'latin1')
  while (rest.length >= 2) {
    const short = rest.readUInt8(1)
    const [start, length] = short < 126 ? [2, short] : [4, rest.readUInt16BE(2)]
    frames.push({ opcode: rest.readUInt8(0) & 0x0f, payload: rest.subarray(start, start + length) })
    rest = rest.subarray(start + length)
  }
  return frames
}
