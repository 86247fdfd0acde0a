/** What an upgrade request asks for: which document, with which token, in which dialect. Touches no socket. */
import type { IncomingMessage } from 'node:http'
import { parseDocumentName, subprotocol, tokenSubprotocolPrefix, type DocumentName } from '@quire/protocol'

export interface UpgradeRequest {
  readonly document: DocumentName
  readonly token: string | undefined
}

/** Thrown for what is refused before there is a socket to close: `status` is the HTTP answer. */
export class UpgradeRefused extends Error {
  readonly status: number
  /** What the answer says besides. */
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

export interface UpgradeRules {
  /** Room names directly after the host, as the plain y-websocket server has them. */
  readonly openRooms: boolean
  /** May a page of this origin connect? Asked only if the request names one. */
  readonly allowsOrigin: (origin: string, host: string | undefined) => boolean
}

/** Throws `UpgradeRefused`, or a `ProtocolError` that is told by a close code since browsers cannot see a status. */
export function readUpgrade(request: IncomingMessage, rules: UpgradeRules): UpgradeRequest {
  demandSound(request)
  const { origin, host } = request.headers
  if (origin !== undefined && !rules.allowsOrigin(origin, host))
    throw new UpgradeRefused(403, 'this origin is not allowed')
  const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s, 2)
  const encodedName = path.startsWith('/sync/')
    ? path.slice('/sync/'.length)
    : rules.openRooms
      ? path.slice(1)
      : ''
  if (encodedName === '') throw new UpgradeRefused(404, 'documents are at /sync/<name>')
  return { document: parseDocumentName(encodedName), token: findToken(request, query) }
}

/** What a handshake has to be, and neither Node nor `ws` looks at. */
function demandSound({ method, url, headers, headersDistinct }: IncomingMessage): void {
  if (method !== 'GET') throw new UpgradeRefused(405, 'a WebSocket begins with GET', { Allow: 'GET' })
  if (headersDistinct['host']?.length !== 1 || !url?.startsWith('/'))
    throw new UpgradeRefused(400, 'a request names its host once')
  // `ws` speaks version 8 too, which tells the origin in another header than the one that is looked at here.
  if (headers['sec-websocket-version'] !== '13')
    throw new UpgradeRefused(400, 'the version is 13', { 'Sec-WebSocket-Version': '13' })
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0)
    throw new UpgradeRefused(400, 'a handshake has no body')
}

/** A subprotocol for browsers and Quire's own clients, the query for stock ones. */
function findToken(request: IncomingMessage, query: string): string | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  const inProtocol = offered.find((name) => name.startsWith(tokenSubprotocolPrefix))
  return (
    inProtocol?.slice(tokenSubprotocolPrefix.length) ?? new URLSearchParams(query).get('token') ?? undefined
  )
}

/** The subprotocol to agree on: ours if offered, else the client's first, since a browser wants one of those it offered. */
export function selectSubprotocol(offered: ReadonlySet<string>): string | false {
  if (offered.has(subprotocol)) return subprotocol
  for (const name of offered) if (!name.startsWith(tokenSubprotocolPrefix)) return name
  return false
}
