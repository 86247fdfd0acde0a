/** A bare socket that says exactly what a test wants said, and hears everything. */
import {
  decodeServerMessage,
  encodeClientMessage,
  protocolVersion,
  subprotocol,
  tokenSubprotocolPrefix,
  type ClientMessage,
  type ServerMessage,
} from '@quire/protocol'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'

export interface Closed {
  readonly code: number
  readonly reason: string
}

type Received<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>

export class RawSocket {
  readonly closed: Promise<Closed>
  /** How many messages of each type have come. */
  readonly received = new Map<ServerMessage['type'], number>()
  readonly #socket: WebSocket
  readonly #waiting: ServerMessage[] = []
  #wake: () => void = () => undefined
  #isClosed = false

  /** Resolves once upgraded; a server that then turns the client away says so through `closed`. Rejects with the HTTP status otherwise. */
  static async open(
    url: string,
    subprotocols: readonly string[] = [],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawSocket> {
    const socket = new RawSocket(new WebSocket(url, [...subprotocols], { headers }))
    await new Promise((resolve, reject) => {
      socket.#socket.once('open', resolve)
      socket.#socket.once('error', reject)
    })
    return socket
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket
    // What goes wrong with a socket ends it, and `closed` tells.
    socket.on('error', () => undefined)
    socket.on('message', (data: Buffer) => {
      const message = decodeServerMessage(data)
      this.received.set(message.type, (this.received.get(message.type) ?? 0) + 1)
      this.#waiting.push(message)
      this.#wake()
    })
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#isClosed = true
        this.#wake()
        resolve({ code, reason: reason.toString() })
      })
    })
    onTestFinished(() => socket.terminate())
  }

  get subprotocol(): string {
    return this.#socket.protocol
  }

  send(message: ClientMessage): void {
    this.sendBytes(encodeClientMessage(message))
  }

  sendBytes(frame: Uint8Array): void {
    this.#socket.send(frame)
  }

  ping(): void {
    this.#socket.ping()
  }

  pong(): void {
    this.#socket.pong()
  }

  /** What is still to be continued when all of it is sent. */
  sendPiece(piece: Uint8Array): void {
    this.#socket.send(piece, { fin: false })
  }

  /** Resolves once the server has read what was sent before, be it a whole message or not. */
  async answer(): Promise<void> {
    const answer = new Promise((resolve) => this.#socket.once('pong', resolve))
    this.#socket.ping()
    await answer
  }

  sendWords(words: string): void {
    this.#socket.send(words)
  }

  /** Begins the conversation that `quire.1` asks for. `device`: what a guest is known by. */
  async greet(device = 'a device'): Promise<Received<'welcome'>> {
    this.send({ type: 'hello', version: protocolVersion, name: 'Ada', guest: device })
    return this.receive('welcome')
  }

  /** The next message of this type; those before it are dropped. Rejects if the socket closes first. */
  async receive<Type extends ServerMessage['type']>(type: Type): Promise<Received<Type>> {
    for await (const message of this.messages()) if (isOfType(message, type)) return message
    throw new Error(`the socket closed before a ${type}`)
  }

  /** Everything that comes from now on, until the socket closes. */
  async *messages(): AsyncGenerator<ServerMessage, void> {
    for (;;) {
      const message = this.#waiting.shift()
      if (message) yield message
      else if (this.#isClosed) return
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  /** What comes up to the server's next answer to SyncStep1, which is the last of it: ask first. */
  async heard(): Promise<ServerMessage[]> {
    const messages: ServerMessage[] = []
    for await (const message of this.messages()) {
      messages.push(message)
      if (message.type === 'sync-step-2') return messages
    }
    throw new Error('the socket closed before a sync-step-2')
  }

  /** Resolves once the server has read everything sent before: frames of one socket are read in order. */
  async settle(): Promise<void> {
    this.send({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
    await this.receive('sync-step-2')
  }

  /** Reads nothing more, pings included, as someone whose network is gone without a word. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  close(): void {
    this.#socket.close()
  }

  /** Without a goodbye, as a network ends it. */
  terminate(): void {
    this.#socket.terminate()
  }
}

/** What Quire's own client offers. */
export function quireSubprotocols(token: string): string[] {
  return [subprotocol, tokenSubprotocolPrefix + token]
}

function isOfType<Type extends ServerMessage['type']>(
  message: ServerMessage,
  type: Type,
): message is Received<Type> {
  return message.type === type
}
