/** A whole server inside the test's process, on a port of its own, whose log and store the test can look into. */
import {
  MemoryStore,
  startServer,
  systemClock,
  ThreadWorkshop,
  type Clock,
  type Store,
  type ServerOptions,
  type Workshop,
} from '@quire/sync-server'
import { onTestFinished } from 'vitest'

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly fields: object
  readonly message: string
}

export interface TestServer {
  /** `http://host:port`, or `https://…` */
  readonly url: string
  /** `ws://host:port/sync`, or `wss://…` */
  readonly syncUrl: string
  readonly store: Store
  readonly secret: Uint8Array
  readonly log: readonly LogLine[]
  /** What a SIGHUP does. */
  renewCertificate(): Promise<void>
  close(): Promise<void>
}

export interface TestServerOptions {
  readonly store?: Store
  /** What is done otherwise than in the usual workshop. */
  readonly work?: Partial<Workshop>
  readonly tls?: NonNullable<ServerOptions['tls']>
  readonly publicUrl?: string
  readonly origins?: readonly string[]
  readonly openRooms?: boolean
  readonly adminToken?: string
  readonly onlyOperatorCreates?: boolean
  readonly metrics?: NonNullable<ServerOptions['metrics']>
  readonly jwksUrl?: string
  readonly jwtIssuer?: string
  readonly editorFolder?: string
  readonly frameAncestors?: readonly string[]
  readonly clock?: Clock
  readonly wallClock?: () => number
  /** In milliseconds since 1970; absent: long ago. */
  readonly storedSince?: number
  /** Where rooms differ from the usual ones. */
  readonly limits?: NonNullable<ServerOptions['limits']>
  readonly admissionLimits?: NonNullable<ServerOptions['admissionLimits']>
  readonly httpLimits?: NonNullable<ServerOptions['httpLimits']>
  readonly trustedProxies?: NonNullable<ServerOptions['trustedProxies']>
}

/** Its thread takes longer to start than most tests take, so all servers of a file have their work done there. */
const thread = new ThreadWorkshop(systemClock)
const workshop: Workshop = {
  missing: (...job) => thread.missing(...job),
  compact: (...job) => thread.compact(...job),
  readText: (...job) => thread.readText(...job),
  readTitle: (...job) => thread.readTitle(...job),
  compose: (...job) => thread.compose(...job),
  // It ends with the file.
  close: async () => undefined,
}

/** Closed with the test that started it. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await runTestServer(options)
  onTestFinished(() => server.close())
  return server
}

/** To be closed by whoever has several tests use it. */
export async function runTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const store = options.store ?? new MemoryStore()
  const secret = Buffer.from('a secret of tests, 32 bytes or more')
  const log: LogLine[] = []
  const logTo =
    (level: LogLine['level']) =>
    (fields: object, message: string): void =>
      void log.push({ level, fields, message })
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    tls: options.tls,
    store,
    workshop: { ...workshop, ...options.work },
    secret,
    jwksUrl: options.jwksUrl,
    jwtIssuer: options.jwtIssuer,
    publicUrl: options.publicUrl,
    origins: options.origins,
    adminToken: options.adminToken,
    onlyOperatorCreates: options.onlyOperatorCreates ?? false,
    metrics: options.metrics,
    openRooms: options.openRooms ?? false,
    editorFolder: options.editorFolder,
    frameAncestors: options.frameAncestors ?? [],
    limits: options.limits ?? {},
    admissionLimits: options.admissionLimits ?? {},
    httpLimits: options.httpLimits ?? {},
    trustedProxies: options.trustedProxies ?? [],
    logger: { info: logTo('info'), warn: logTo('warn'), error: logTo('error') },
    clock: options.clock ?? systemClock,
    wallClock: options.wallClock ?? Date.now,
    storedSince: options.storedSince,
  })
  const { url } = server
  return {
    url,
    syncUrl: syncUrlOf(url),
    store,
    secret,
    log,
    renewCertificate: async () => server.renewCertificate?.(),
    close: () => server.close(),
  }
}

export function syncUrlOf(url: string): string {
  return `${url.replace(/^http/, 'ws')}/sync`
}

/** Real time, `factor` times as fast: what waits for seconds waits for milliseconds. */
export function hastyClock(factor: number): Clock {
  return {
    now: () => systemClock.now() * factor,
    after: (delayMs, act) => systemClock.after(delayMs / factor, act),
  }
}
