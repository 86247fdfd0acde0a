/**
 * The HTTP server itself, plain or over TLS, with its bounds. What it answers is handed in; who upgrades is told by its
 * `upgrade` event.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer, type ServerOptions as TlsServerOptions } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { SecureContextOptions } from 'node:tls'
import { sayFarewells } from './http/farewells.ts'
import type { HttpLimits } from './http/http-limits.ts'
import type { Credentials } from './tls/credentials.ts'
import type { RenewedCredentials } from './tls/renewal.ts'

export interface HttpServerOptions {
  readonly limits: HttpLimits
  /** Undefined: there is no TLS, or it is somebody else's. */
  readonly credentials: RenewedCredentials | undefined
  /** What every answer says. */
  readonly headers: Readonly<Record<string, string>>
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void
}

export function createHttpServer({ limits, credentials, headers, answer }: HttpServerOptions): Server {
  /** The latest of each connection. */
  const answers = new WeakMap<Duplex, ServerResponse>()
  /** An upgrade overtakes the answers that are still owed, so that whoever did not wait for them gets no upgrade. */
  const isOwedAnAnswer = (socket: Socket): boolean => answers.get(socket)?.writableFinished === false
  const options = {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkIntervalMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    shouldUpgradeCallback: (request: IncomingMessage) =>
      asksForWebSocket(request) && !isOwedAnAnswer(request.socket),
  }
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    answers.set(request.socket, response)
    // What came along with an upgrade that is not taken is lost to Node, so nothing after it can be understood.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    answer(request, response)
  }
  const server = credentials
    ? serveTls(credentials, { ...options, handshakeTimeout: limits.tlsHandshakeTimeoutMs }, respond)
    : createServer(options, respond)
  server.maxHeadersCount = limits.maxHeaders
  server.timeout = limits.stallTimeoutMs
  sayFarewells(server, (socket) => answers.get(socket)?.headersSent ?? false)
  return server
}

function serveTls(
  credentials: RenewedCredentials,
  options: TlsServerOptions,
  respond: RequestListener,
): Server {
  const server = createTlsServer({ ...options, ...contextOf(credentials.current) }, respond)
  credentials.watch((renewed) => server.setSecureContext(contextOf(renewed)))
  return server
}

function contextOf({ certificate, key }: Credentials): SecureContextOptions {
  return { cert: certificate, key, minVersion: 'TLSv1.2' }
}

/** Any other upgrade that is offered (`h2c`) is no reason not to answer. */
function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}
