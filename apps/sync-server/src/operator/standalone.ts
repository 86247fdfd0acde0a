/**
 * The operator's API on a folder that no server runs on: the same app, store and rooms, in this process and for as long as it
 * takes. The folder is locked meanwhile, so that no server begins on it.
 */
import { Restrictions } from '../access/restrictions.ts'
import { keepSecret } from '../access/secret.ts'
import { Tokens } from '../access/tokens.ts'
import { operatorApi } from '../http/operator/operator-api.ts'
import { noMeter } from '../meter.ts'
import { roomLimits } from '../room/room-limits.ts'
import { Rooms } from '../room/rooms.ts'
import { SqliteStore } from '../storage/sqlite/sqlite-store.ts'
import { systemClock } from '../system-clock.ts'
import { ThreadWorkshop } from '../workshop/thread-workshop.ts'
import type { Answer, Asked } from './ask.ts'
import { diskOf } from './disk.ts'

export interface StandaloneOptions {
  readonly folder: string
  readonly publicUrl: string
  /** Undefined: the one in the folder. */
  readonly secret: string | undefined
  readonly issuer: string | undefined
  /** Told of what went wrong and is not in an answer. */
  readonly warn: (message: string) => void
}

export interface Standalone {
  ask(asked: Asked): Promise<Answer>
  close(): Promise<void>
}

/** Throws `FolderInUse`, or an Error whose message says what is wrong. */
export async function openStandalone(options: StandaloneOptions): Promise<Standalone> {
  const { folder, publicUrl, secret, issuer, warn } = options
  const store = await SqliteStore.open(folder)
  const workshop = new ThreadWorkshop(systemClock)
  const warnOf = (fields: object, message: string): void => {
    const error = 'err' in fields && fields.err instanceof Error ? `: ${fields.err.message}` : ''
    warn(`${message}${error}`)
  }
  const rooms = new Rooms({
    store,
    workshop,
    clock: systemClock,
    limits: roomLimits,
    reportFailure: (document, during, err) => warnOf({ err }, `${document}, ${during}`),
    reportDelay: (document, milliseconds) =>
      warn(`${document}: the store has not answered for ${milliseconds} ms`),
    meter: noMeter,
  })
  const app = operatorApi({
    store,
    workshop,
    rooms,
    restrictions: new Restrictions(),
    tokens: () =>
      new Tokens({
        secret: secret === undefined ? keepSecret(folder) : Buffer.from(secret),
        nowSeconds,
        issuer,
      }),
    nowSeconds,
    publicUrl: () => publicUrl,
    maxDocumentBytes: roomLimits.maxDocumentBytes,
    maxTotalBytes: roomLimits.maxTotalBytes,
    keepDays: undefined,
    server: () => undefined,
    disk: () => diskOf(folder),
    logger: { info: () => undefined, warn: warnOf, error: warnOf },
  })
  return {
    async ask({ method, path, body }) {
      const sent = body && { body: body.bytes, headers: { 'content-type': body.type } }
      const response = await app.request(path, { method, ...sent })
      return { status: response.status, bytes: await response.bytes() }
    },
    async close() {
      await workshop.close()
      await store.close()
    },
  }
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
