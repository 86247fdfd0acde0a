/** A whole server, put together from its parts: storage, rooms, sockets and HTTP on one port. */
import type { Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { Access } from './access/access.ts'
import { Admission } from './admission/admission.ts'
import { admissionLimits, type AdmissionLimits } from './admission/admission-limits.ts'
import type { Network } from './admission/addresses.ts'
import { hostKeys } from './access/host-keys.ts'
import { isAllowedHost, isAllowedOrigin } from './access/origins.ts'
import { Restrictions } from './access/restrictions.ts'
import { Tokens } from './access/tokens.ts'
import { httpApp } from './http/app.ts'
import { operatorApi, type OperatorOptions } from './http/operator/operator-api.ts'
import { httpLimits, type HttpLimits } from './http/http-limits.ts'
import { strictTransport } from './http/strict-transport.ts'
import { createHttpServer } from './http-server.ts'
import type { Logger } from './logger.ts'
import { noMeter } from './meter.ts'
import type { MetricsPage } from './metrics.ts'
import type { Clock } from './room/clock.ts'
import { Openings } from './retention/openings.ts'
import { retain } from './retention/retention.ts'
import { roomLimits, type RoomLimits } from './room/room-limits.ts'
import { Rooms } from './room/rooms.ts'
import { sweep } from './room/sweep.ts'
import type { Store } from './storage/document-store.ts'
import type { CredentialFiles } from './tls/credentials.ts'
import { RenewedCredentials } from './tls/renewal.ts'
import { Departures } from './transport/departures.ts'
import { serveWebSockets } from './transport/websocket.ts'
import { quireVersion } from './version.ts'
import { Vitals } from './vitals.ts'
import type { Workshop } from './workshop/workshop.ts'

export interface ServerOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Where the certificate and its key are; undefined: TLS is not ours. */
  readonly tls?: CredentialFiles | undefined
  /** Closed with the server. */
  readonly store: Store
  /** Likewise. */
  readonly workshop: Workshop
  readonly secret: Uint8Array
  /** Where the host application publishes its keys; undefined: it signs with the secret or not at all. */
  readonly jwksUrl?: string | undefined
  /** What the host application's tokens have to name as their issuer; undefined: whatever they like. */
  readonly jwtIssuer?: string | undefined
  readonly publicUrl: string | undefined
  /** Origins whose pages may connect; undefined: only the server's own. */
  readonly origins: readonly string[] | undefined
  /** What opens the operator's API over HTTP; undefined: nothing does. */
  readonly adminToken: string | undefined
  /** Documents are made with that token alone. */
  readonly onlyOperatorCreates?: boolean
  /** Where everything is kept, for whoever asks; undefined: on no disk. */
  readonly disk?: OperatorOptions['disk']
  readonly openRooms: boolean
  /** When the database came to where it is, in milliseconds since 1970; undefined: long ago. */
  readonly storedSince?: number | undefined
  /** Documents that nobody opens for so many days are deleted; undefined: none are. */
  readonly keepDays?: number | undefined
  /** Where they differ from the usual ones. */
  readonly limits?: Partial<RoomLimits>
  /** Likewise, for those who come and ask. */
  readonly admissionLimits?: Partial<AdmissionLimits>
  /** Likewise, for their requests. */
  readonly httpLimits?: Partial<HttpLimits>
  /** Proxies whose word for whom they speak is taken. */
  readonly trustedProxies?: readonly Network[]
  readonly editorFolder: string | undefined
  /** Undefined: nothing is counted. */
  readonly metrics?: MetricsPage | undefined
  /** Origins whose pages may show ours in a frame; undefined: none. */
  readonly frameAncestors?: readonly string[]
  readonly logger: Logger
  readonly clock: Clock
  /** Milliseconds since 1970. */
  readonly wallClock: () => number
}

/** So long, a server that was set up anew or restored does not know what there was before. */
const settlingMs = 30 * 24 * 60 * 60 * 1000

export interface RunningServer {
  /** `http://host:port`, or `https://…` where TLS is ours. */
  readonly url: string
  /** Looks at once whether the certificate was renewed; undefined where TLS is not ours. */
  readonly renewCertificate: (() => Promise<void>) | undefined
  readonly rooms: { readonly size: number }
  readonly connections: { readonly size: number }
  /** The operator's API, for whoever is known to be the operator. */
  readonly operator: Hono
  /** Takes nothing new, makes everything admitted durable, sends everyone away with 1012. Safe to call twice. */
  close(): Promise<void>
}

/** Resolves once connections are accepted. Rejects if the port cannot be had, or with a `CredentialsError`. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { store, workshop, logger, clock, wallClock } = options
  const credentials = options.tls && (await RenewedCredentials.open({ files: options.tls, clock, logger }))
  const headers = credentials || options.publicUrl?.startsWith('https:') ? strictTransport : {}
  const nowSeconds = (): number => Math.floor(wallClock() / 1000)
  const tokens = new Tokens({
    secret: options.secret,
    nowSeconds,
    hostKeys: options.jwksUrl ? hostKeys({ url: options.jwksUrl, now: () => clock.now() }) : undefined,
    issuer: options.jwtIssuer,
  })
  const restrictions = new Restrictions()
  const admission = new Admission({
    trustedProxies: options.trustedProxies ?? [],
    limits: { ...admissionLimits, ...options.admissionLimits },
    now: () => clock.now(),
  })
  const access = new Access({ store, tokens, openRooms: options.openRooms, restrictions, nowSeconds })
  const vitals = new Vitals(clock)
  const disk = options.disk ?? (() => undefined)
  const meter = vitals.besides(options.metrics?.counted ?? noMeter)
  const documentLimits = { ...roomLimits, ...options.limits }
  const rooms = new Rooms({
    store,
    workshop,
    clock,
    limits: documentLimits,
    reportFailure(document, during, error) {
      logger.error({ document, during, err: error }, 'a room failed')
      meter.failed(during)
    },
    reportDelay(document, milliseconds) {
      logger.warn({ document, milliseconds }, 'the store has not answered for this long')
    },
    meter,
  })
  const stopSweeping = sweep(rooms, clock)
  const { keepDays } = options
  const openings = new Openings(store)
  const stopRetaining = retain({ store, rooms, openings, keepDays, clock, logger, meter })
  let isAccepting = true
  const startedAt = nowSeconds()
  let url = ''
  const operator = operatorApi({
    store,
    workshop,
    rooms,
    restrictions,
    tokens: () => tokens,
    nowSeconds,
    publicUrl: () => options.publicUrl ?? url,
    maxDocumentBytes: documentLimits.maxDocumentBytes,
    maxTotalBytes: documentLimits.maxTotalBytes,
    keepDays,
    server: () => ({
      url,
      publicUrl: options.publicUrl ?? url,
      version: quireVersion,
      pid: process.pid,
      startedAt,
      openDocuments: rooms.size,
      connections: webSockets.size,
      memoryBytes: process.memoryUsage.rss(),
      recent: vitals.recent(),
    }),
    disk,
    logger,
  })
  const allowsOrigin = (origin: string, host: string | undefined): boolean =>
    isAllowedOrigin(origin, host, options)
  const app = httpApp({
    ...options,
    allowsOrigin,
    allowsHost: (host) => isAllowedHost(host, options),
    operator,
    creationToken: options.onlyOperatorCreates ? options.adminToken : undefined,
    access,
    tokens,
    restrictions,
    admission,
    rooms,
    openings,
    maxTotalBytes: documentLimits.maxTotalBytes,
    nowSeconds,
    now: () => clock.now(),
    publicUrl: (context) => options.publicUrl ?? new URL(context.req.url).origin,
    isAccepting: () => isAccepting,
  })
  const listener = getRequestListener(app.fetch)
  const server = createHttpServer({
    limits: { ...httpLimits, ...options.httpLimits },
    credentials,
    headers,
    answer: (request, response) => void listener(request, response),
  })
  server.on('connection', (connection) => {
    if (admission.admits(connection)) return
    meter.refused('too-many-connections')
    connection.destroy()
  })
  const webSockets = serveWebSockets(server, {
    openRooms: options.openRooms,
    allowsOrigin,
    headers,
    ports: {
      rooms,
      openings,
      mayHaveLost: () => wallClock() - (options.storedSince ?? -Infinity) < settlingMs,
      access,
      restrictions,
      admission,
      departures: new Departures(clock),
      clock,
      wallClock,
      logger,
      meter,
    },
  })
  const { maxTotalBytes } = documentLimits
  options.metrics?.counted.watch({ rooms, connections: webSockets, store, maxTotalBytes, disk })
  const address = await listen(server, options).catch(async (error: unknown) => {
    credentials?.close()
    stopSweeping()
    stopRetaining()
    vitals.close()
    await webSockets.close()
    await workshop.close()
    throw error
  })
  url = `${credentials ? 'https' : 'http'}://${address}`

  async function stop(): Promise<void> {
    isAccepting = false
    webSockets.stopAccepting()
    stopSweeping()
    stopRetaining()
    vitals.close()
    credentials?.close()
    await rooms.drain()
    await webSockets.close()
    // Only now: until then whoever asks is told that the server is stopping.
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
    await workshop.close()
    await store.close()
  }
  let stopping: Promise<void> | undefined
  return {
    url,
    renewCertificate: credentials && (() => credentials.look()),
    rooms,
    connections: webSockets,
    operator,
    close: () => (stopping ??= stop()),
  }
}

/** Resolves with `host:port`. */
function listen(server: Server, { host, port }: ServerOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      const actualPort = typeof address === 'object' && address ? address.port : port
      resolve(`${host.includes(':') ? `[${host}]` : host}:${actualPort}`)
    })
  })
}
