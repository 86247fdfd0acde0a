/** The HTTP server itself, with its bounds. What it answers is handed in; who upgrades is told by its `upgrade` event. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { HttpLimits } from './http/http-limits.ts'

export interface HttpServerOptions {
  readonly limits: HttpLimits
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void
}

export function createHttpServer({ limits, answer }: HttpServerOptions): Server {
  /** The latest of each connection. */
  const answers = new WeakMap<Socket, ServerResponse>()
  /** An upgrade overtakes the answers that are still owed, so that whoever did not wait for them gets no upgrade. */
  const isOwedAnAnswer = (socket: Socket): boolean => answers.get(socket)?.writableFinished === false
  const server = createServer(
    {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.checkIntervalMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      shouldUpgradeCallback: (request) => asksForWebSocket(request) && !isOwedAnAnswer(request.socket),
    },
    (request, response) => {
      answers.set(request.socket, response)
      // What came along with an upgrade that is not taken is lost to Node, so nothing after it can be understood.
      if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false
      answer(request, response)
    },
  )
  server.maxHeadersCount = limits.maxHeaders
  return server
}

/** Any other upgrade that is offered (`h2c`) is no reason not to answer. */
function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}
