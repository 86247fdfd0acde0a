/** The server as the operator's options want it: opens the data folder, and starts on it. */
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { perMinute } from './admission/admission-limits.ts'
import { keepSecret } from './access/secret.ts'
import { BusyError, ConfigError, type Config } from './config.ts'
import type { MetricsPage } from './metrics.ts'
import { diskOf } from './operator/disk.ts'
import { listenOnSocket, type OperatorSocket } from './operator/socket.ts'
import type { Logger } from './logger.ts'
import { startServer, type RunningServer } from './server.ts'
import { SqliteStore } from './storage/sqlite/sqlite-store.ts'
import { systemClock } from './system-clock.ts'
import { CredentialsError, type CredentialFiles } from './tls/credentials.ts'
import { ThreadWorkshop } from './workshop/thread-workshop.ts'
import { prepareDataFolder, watchLock } from './data-folder.ts'
import { describeFolderError } from './folder-error.ts'

/** What is built has the editor in a folder beside its own. */
const editorFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../editor/dist' : '../editor', import.meta.url),
)

const megabyte = 2 ** 20

export interface Serving extends RunningServer {
  /** Resolves if nothing can be stored any more, which is logged: only a new start helps. */
  readonly broken: Promise<void>
}

/**
 * Throws a `ConfigError` if the operator must mend something first, a `BusyError` if the port or the folder cannot be had for now.
 * Calls `abandon` when another may come to have the folder: then the process must end before anything more is stored.
 */
export async function startServing(config: Config, abandon: () => void): Promise<Serving> {
  const logger = pino({ base: null }, pino.destination({ dest: 2, sync: true }))
  const folder = resolve(config.QUIRE_DATA)
  const store = await openStore(folder)
  try {
    const secret = config.QUIRE_SECRET ? Buffer.from(config.QUIRE_SECRET) : secretIn(folder)
    const hasEditor = existsSync(editorFolder)
    if (!hasEditor)
      logger.warn({ editorFolder }, 'the editor is not built; run `pnpm build` to have its pages served')
    if (config.QUIRE_OPEN_ROOMS)
      logger.warn(
        {},
        'QUIRE_OPEN_ROOMS is on: anyone who can reach this server can read and change every open room',
      )
    const server = await startServer({
      host: config.HOST,
      port: config.PORT,
      tls: tlsOf(config),
      store,
      workshop: new ThreadWorkshop(systemClock),
      secret,
      jwksUrl: config.QUIRE_JWKS_URL,
      jwtIssuer: config.QUIRE_JWT_ISSUER,
      publicUrl: config.QUIRE_PUBLIC_URL,
      origins: config.QUIRE_ORIGINS,
      adminToken: config.QUIRE_ADMIN_TOKEN,
      onlyOperatorCreates: config.QUIRE_CREATE === 'admin',
      disk: () => diskOf(folder),
      openRooms: config.QUIRE_OPEN_ROOMS,
      metrics: await metricsFor(config.QUIRE_METRICS_TOKEN),
      trustedProxies: config.QUIRE_TRUST_PROXY,
      admissionLimits: {
        maxConnections: config.QUIRE_MAX_CONNECTIONS,
        wrongKeys: perMinute(config.QUIRE_MAX_WRONG_KEYS),
        requests: perMinute(config.QUIRE_MAX_REQUESTS),
        newDocuments: perMinute(config.QUIRE_MAX_NEW_DOCUMENTS),
      },
      limits: {
        maxDocumentBytes: config.QUIRE_MAX_DOCUMENT_MB * megabyte,
        maxTotalBytes: (numberIn(config.QUIRE_MAX_TOTAL_MB) ?? Infinity) * megabyte,
      },
      storedSince: storedSince(folder),
      keepDays: numberIn(config.QUIRE_RETENTION_DAYS),
      editorFolder: hasEditor ? editorFolder : undefined,
      frameAncestors: config.QUIRE_FRAME_ANCESTORS,
      logger,
      clock: systemClock,
      wallClock: Date.now,
    })
    const socket = await socketIn(folder, server, logger)
    const stopWatching = watchLock(folder, systemClock, () => {
      logger.error(
        { folder },
        'quire.lock is not what it was: another server may use this folder, so this one ends',
      )
      abandon()
    })
    return {
      ...server,
      broken: store.broken.then((err) => logger.fatal({ err }, 'nothing can be stored any more')),
      async close() {
        stopWatching()
        await socket?.close()
        await server.close()
      },
    }
  } catch (error) {
    await store.close()
    throw describeStartError(error, config)
  }
}

/** A restore, or a copy, makes a file of its own. Undefined where the file system does not tell. */
function storedSince(folder: string): number | undefined {
  const { birthtimeMs } = statSync(join(folder, 'quire.db'))
  return birthtimeMs > 0 ? birthtimeMs : undefined
}

function numberIn(value: number | 'off'): number | undefined {
  return value === 'off' ? undefined : value
}

/** People are served without it, too. */
async function socketIn(
  folder: string,
  { operator }: RunningServer,
  logger: Logger,
): Promise<OperatorSocket | undefined> {
  if (process.platform === 'win32') return undefined
  try {
    return await listenOnSocket(folder, operator)
  } catch (err) {
    logger.warn({ err }, 'commands cannot reach this server: there is no quire.sock in the data folder')
    return undefined
  }
}

/** Most servers count nothing, and are not to load what counts. */
async function metricsFor(token: string | undefined): Promise<MetricsPage | undefined> {
  if (token === undefined) return undefined
  const { Metrics } = await import('./metrics.ts')
  return { token, counted: new Metrics() }
}

/** The configuration has both files or neither. */
function tlsOf({ QUIRE_TLS_CERT: certificate, QUIRE_TLS_KEY: key }: Config): CredentialFiles | undefined {
  return certificate !== undefined && key !== undefined ? { certificate, key } : undefined
}

async function openStore(folder: string): Promise<SqliteStore> {
  try {
    prepareDataFolder(folder)
    return await SqliteStore.open(folder)
  } catch (error) {
    throw describeFolderError(error, folder)
  }
}

function secretIn(folder: string): Uint8Array {
  try {
    return keepSecret(folder)
  } catch (error) {
    throw describeFolderError(error, folder)
  }
}

function describeStartError(error: unknown, { HOST, PORT }: Config): unknown {
  if (error instanceof CredentialsError) return new ConfigError(error.message)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return new BusyError(`Port ${PORT} is taken. Choose another with --port or PORT.`)
    case 'EACCES':
      return new ConfigError(
        `Port ${PORT} is not allowed to this user. Choose one above 1023 with --port or PORT.`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new ConfigError(`${HOST} is not an address of this machine. Choose another with --host or HOST.`)
    default:
      return error
  }
}
