/**
 * A server that gets into trouble when a test tells it to. It keeps one document in memory, lets everyone in to edit,
 * and speaks as much of `quire.1` as one document needs; with a folder, it serves the built editor as well.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import {
  decodeClientMessage,
  encodeServerMessage,
  limits,
  palette,
  protocolVersion,
  subprotocol,
  type ClientMessage,
  type ServerMessage,
} from '@quire/protocol'
import { WebSocketServer, type WebSocket } from 'ws'
import * as Y from 'yjs'

interface Connection {
  readonly socket: WebSocket
  /** Update frames it has sent. */
  frames: number
  /** It has sent something that was not stored, so that nothing later is acknowledged before it has sent it again. */
  hasDropped: boolean
}

type Trouble = 'storage-failed' | 'document-full' | 'storage-full'

const endOf = {
  'storage-failed': 'storage-recovered',
  'document-full': 'document-writable',
  'storage-full': 'storage-writable',
} as const

export class TroubledServer {
  readonly url: string
  /** What is stored; what a test writes into it arrives as somebody else's text. */
  readonly text: Y.Text
  readonly #doc = new Y.Doc()
  readonly #http: Server
  readonly #connections = new Set<Connection>()
  readonly #troubles = new Set<Trouble>()
  #dropped = 0
  #waiting: (() => void)[] = []
  #awaitingAnswer: (() => void)[] = []

  /** On a port of its own. Whoever starts it closes it. */
  static async start({ editorFolder }: { readonly editorFolder?: string } = {}): Promise<TroubledServer> {
    const http = createServer((request, response) => void serve(editorFolder, request, response))
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    return new TroubledServer(http)
  }

  private constructor(http: Server) {
    const address = http.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    this.url = `http://127.0.0.1:${address.port}`
    this.text = this.#doc.getText('content')
    this.#http = http
    this.#doc.on('update', (update, origin) => this.#tellAllBut(origin, { type: 'update', update }))
    new WebSocketServer({ server: http, handleProtocols: () => subprotocol }).on('connection', (socket) =>
      this.#connected(socket),
    )
  }

  get syncUrl(): string {
    return `${this.url.replace(/^http/, 'ws')}/sync`
  }

  /** From now on nothing is stored or acknowledged; whoever is here or comes is told why. */
  begin(trouble: Trouble): void {
    this.#troubles.add(trouble)
    this.notice(trouble)
  }

  /** Everyone is asked for what is missing. */
  end(trouble: Trouble): void {
    this.#troubles.delete(trouble)
    this.notice(endOf[trouble])
    if (this.#troubles.size === 0) for (const connection of this.#connections) this.#ask(connection)
  }

  notice(code: string): void {
    this.#tellAllBut(undefined, { type: 'notice', code, text: 'as the test wants it' })
  }

  /** From now on everyone who is here may only read, and is told so. */
  restrict(): void {
    this.#tellAllBut(undefined, { type: 'access', role: 'view', expiresAt: 0 })
  }

  /** Resolves once this many update frames, of whomever, have not been stored. */
  async untilDropped(frames: number): Promise<void> {
    while (this.#dropped < frames) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Resolves once somebody has answered what they are asked next. */
  untilAnswered(): Promise<void> {
    return new Promise((resolve) => this.#awaitingAnswer.push(resolve))
  }

  /** Every connection is lost; clients come back by themselves. */
  disconnect(): void {
    for (const { socket } of this.#connections) socket.terminate()
  }

  async close(): Promise<void> {
    this.disconnect()
    this.#http.closeAllConnections()
    await new Promise((resolve) => this.#http.close(resolve))
    this.#doc.destroy()
  }

  #connected(socket: WebSocket): void {
    const connection: Connection = { socket, frames: 0, hasDropped: false }
    this.#connections.add(connection)
    socket.binaryType = 'arraybuffer'
    socket.on('message', (data) => {
      if (data instanceof ArrayBuffer) this.#received(connection, decodeClientMessage(new Uint8Array(data)))
    })
    socket.on('close', () => this.#connections.delete(connection))
  }

  #received(connection: Connection, message: ClientMessage): void {
    switch (message.type) {
      case 'hello':
        tell(connection, {
          type: 'welcome',
          version: protocolVersion,
          role: 'edit',
          user: { id: message.guest, name: message.name, colour: palette[0] },
          maxFrameBytes: limits.maxFrameBytes,
        })
        for (const code of this.#troubles) tell(connection, { type: 'notice', code, text: 'since before' })
        this.#ask(connection)
        break
      case 'sync-step-1':
        tell(connection, {
          type: 'sync-step-2',
          update: Y.encodeStateAsUpdate(this.#doc, message.stateVector),
        })
        break
      case 'sync-step-2':
        this.#store(connection, message.update, () => (connection.hasDropped = false))
        for (const wake of this.#awaitingAnswer.splice(0)) wake()
        break
      case 'update':
        this.#store(connection, message.update)
        break
      case 'presence':
        this.#tellAllBut(connection, message)
        break
      default:
        // Who came first is heard of when they say something.
        break
    }
  }

  #ask(connection: Connection): void {
    tell(connection, { type: 'sync-step-1', stateVector: Y.encodeStateVector(this.#doc) })
  }

  #store(connection: Connection, update: Uint8Array, stored?: () => void): void {
    connection.frames++
    if (this.#troubles.size > 0) {
      connection.hasDropped = true
      this.#dropped++
      for (const wake of this.#waiting.splice(0)) wake()
      return
    }
    Y.applyUpdate(this.#doc, update, connection)
    stored?.()
    if (!connection.hasDropped) tell(connection, { type: 'saved', frames: connection.frames })
  }

  #tellAllBut(author: unknown, message: ServerMessage): void {
    for (const connection of this.#connections) if (connection !== author) tell(connection, message)
  }
}

function tell({ socket }: Connection, message: ServerMessage): void {
  socket.send(encodeServerMessage(message))
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** Files of the editor by their path; every path without an extension is the page. */
async function serve(
  folder: string | undefined,
  { url = '/' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(url, 'http://localhost')
  const file = extname(pathname) ? pathname : '/index.html'
  try {
    if (folder === undefined) throw new Error('no folder is served')
    const content = await readFile(join(folder, file))
    response.writeHead(200, { 'content-type': contentTypes[extname(file)] ?? 'application/octet-stream' })
    response.end(content)
  } catch {
    response.writeHead(404).end()
  }
}
