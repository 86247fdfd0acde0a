/** Sockets on an HTTP server: from the upgrade request to a connection in a room. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { closeCodes, ProtocolError } from '@quire/protocol'
import { WebSocketServer, type ServerOptions } from 'ws'
import { Arrival } from './arrival.ts'
import { Connection, type ConnectionPorts, type Upgraded } from './connection.ts'
import { Outlet } from './outlet.ts'
import { transportLimits } from './transport-limits.ts'
import {
  readUpgrade,
  selectSubprotocol,
  UpgradeRefused,
  type UpgradeRequest,
  type UpgradeRules,
} from './upgrade.ts'

export interface WebSockets {
  /** How many sockets are open. */
  readonly size: number
  /** Takes no new sockets; those that are open stay until their rooms send them away. */
  stopAccepting(): void
  /** Sends away whoever is left, and resolves when every socket is closed: those that do not answer are cut off. */
  close(): Promise<void>
}

export interface WebSocketsOptions extends UpgradeRules {
  /** What every answer to an upgrade says. */
  readonly headers: Readonly<Record<string, string>>
  readonly ports: ConnectionPorts
}

export function serveWebSockets(server: Server, options: WebSocketsOptions): WebSockets {
  const { ports } = options
  const connections = new Set<Connection>()
  const outlet = new Outlet()
  let isAccepting = true
  // `closeTimeout` is a documented option of ws that its types do not have yet.
  const socketOptions: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    // A connection answers by itself, so that pongs do not pile up for a client that reads nothing.
    autoPong: false,
    maxPayload: transportLimits.maxPayloadBytes,
    maxFragments: transportLimits.maxFragments,
    maxBufferedChunks: transportLimits.maxChunks,
    closeTimeout: transportLimits.closeTimeoutMs,
    handleProtocols: selectSubprotocol,
  }
  const sockets = new WebSocketServer(socketOptions)
  sockets.on('headers', (lines) => lines.push(...headerLines(options.headers)))
  const refuse = (socket: Duplex, { headers, ...refusal }: Refusal): void => {
    ports.meter.refused(String(refusal.status))
    answerRefusal(socket, { ...refusal, headers: { ...options.headers, ...headers } })
  }
  sockets.on('wsClientError', ({ message }, socket) => {
    ports.logger.warn({ status: 400 }, `upgrade refused: ${message}`)
    refuse(socket, { status: 400, reason: 'not a WebSocket handshake' })
  })

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy())
    if (!isAccepting) return refuse(socket, { status: 503, reason: 'the server is stopping' })
    const address = ports.admission.addressOf(request)
    const waitMs = ports.admission.connectWaitMs(address)
    if (waitMs > 0) {
      ports.logger.warn({ status: 429 }, 'upgrade refused: too many connections from this address')
      const headers = { 'Retry-After': String(Math.ceil(waitMs / 1000)) }
      return refuse(socket, { status: 429, reason: 'too many connections', headers })
    }
    let asked: UpgradeRequest | ProtocolError
    try {
      asked = readUpgrade(request, options)
    } catch (error) {
      if (error instanceof UpgradeRefused) {
        const { status, message, headers } = error
        ports.logger.warn({ status }, `upgrade refused: ${message}`)
        return refuse(socket, { status, reason: message, headers })
      }
      if (!(error instanceof ProtocolError)) throw error
      asked = error
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      accept({ webSocket, wire: socket, address }, asked),
    )
  }

  const accept = (
    upgraded: Omit<Upgraded, 'document' | 'arrival'>,
    asked: UpgradeRequest | ProtocolError,
  ): void => {
    const { webSocket: socket, wire, address } = upgraded
    let cutOff = (): void => socket.terminate()
    const loan = ports.admission.loans.to(address, () => cutOff())
    const arrival = new Arrival(loan)
    // After `ws` has read it, which listens already, and has told what of it was a whole message.
    wire.on('data', (chunk: Buffer) => arrival.came(chunk.length))
    ports.admission.opened(address)
    socket.on('close', () => {
      ports.admission.closed(address)
      loan.close()
    })
    if (asked instanceof ProtocolError) {
      socket.on('error', () => socket.terminate())
      ports.logger.warn({ code: asked.code, closeCode: asked.closeCode }, asked.message)
      ports.meter.refused(asked.code)
      return socket.close(asked.closeCode, asked.code)
    }
    const connection = new Connection({ ...upgraded, arrival, document: asked.document }, outlet, ports)
    cutOff = () => connection.cutOff('too-much-at-once')
    connections.add(connection)
    socket.on('close', () => connections.delete(connection))
    void connection.admit(asked.token)
  }

  server.on('upgrade', upgrade)
  const stopWatching = ports.restrictions.watch({
    imposed(restriction) {
      for (const connection of connections) connection.restricted(restriction)
    },
    lifted(document, link) {
      for (const connection of connections) connection.lifted(document, link)
    },
  })
  const stopKeepalive = every(transportLimits.keepaliveMs / 3, ports, () => {
    for (const connection of connections) connection.keepAlive()
  })
  const stopPings = every(transportLimits.pingMs, ports, () => {
    for (const connection of connections) connection.checkAlive()
  })

  return {
    get size() {
      return connections.size
    },
    stopAccepting() {
      isAccepting = false
    },
    async close() {
      stopKeepalive()
      stopPings()
      stopWatching()
      const open = [...sockets.clients]
      const closed = open.map((socket) => new Promise((resolve) => socket.once('close', resolve)))
      for (const connection of connections) connection.close(closeCodes.restart, 'the server is restarting')
      await Promise.all(closed)
    },
  }
}

function every(intervalMs: number, { clock }: ConnectionPorts, act: () => void): () => void {
  let cancel = clock.after(intervalMs, tick)
  function tick(): void {
    cancel = clock.after(intervalMs, tick)
    act()
  }
  return () => cancel()
}

interface Refusal {
  readonly status: number
  readonly reason: string
  readonly headers?: Readonly<Record<string, string>>
}

function answerRefusal(socket: Duplex, { status, reason, headers = {} }: Refusal): void {
  const body = `${reason}\n`
  const lines = [
    `HTTP/1.1 ${status} ${statusWords[status] ?? 'Refused'}`,
    'Connection: close',
    'Content-Type: text/plain',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headerLines(headers),
  ]
  // Whoever does not hang up after that is not waited for.
  socket.once('finish', () => socket.destroy())
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

function headerLines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
}

const statusWords: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
}
