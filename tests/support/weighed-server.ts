/**
 * A server in a process of its own, which says what it still holds once everyone has gone: its heap, and what it has open.
 * What it keeps of those who left for half a minute, it keeps for a moment, so that nobody has to wait for that.
 *
 *     node --expose-gc tests/support/weighed-server.ts <folder>
 *
 * Sends `{ url }` when it is ready; for each path that it is sent, it writes its heap there and sends `{ open }`.
 */
import { existsSync, readdirSync } from 'node:fs'
import { setTimeout as passed } from 'node:timers/promises'
import { writeHeapSnapshot } from 'node:v8'
import { Metrics, SqliteStore, startServer, systemClock, ThreadWorkshop } from '@quire/sync-server'

/** Counts by name. */
export type Open = Readonly<Record<string, number>>

export const hostSecret = Buffer.from('a secret of tests, 32 bytes or more')

const momentMs = 50
/** Whoever has not let go by then has to be found out. */
const patienceMs = 10_000

const [, program = '', folder] = process.argv
if (import.meta.filename === program && folder !== undefined) await serve(folder)

async function serve(dataFolder: string): Promise<void> {
  const counted = new Metrics()
  const silent = (): void => undefined
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    store: await SqliteStore.open(dataFolder),
    workshop: new ThreadWorkshop(systemClock),
    secret: hostSecret,
    publicUrl: undefined,
    origins: undefined,
    adminToken: undefined,
    openRooms: false,
    editorFolder: undefined,
    metrics: { token: 'nobody asks', counted },
    limits: { clientIdLeaseMs: momentMs, renewalPulseMs: momentMs },
    httpLimits: { keepAliveTimeoutMs: momentMs },
    admissionLimits: {
      connects: { perSecond: 1e6, atOnce: 1e6 },
      wrongKeys: { perSecond: 1e6, atOnce: 1e6 },
      newDocuments: { perSecond: 1e6, atOnce: 1e6 },
    },
    logger: { info: silent, warn: silent, error: silent },
    clock: systemClock,
    wallClock: Date.now,
  })
  const timers = (): number => openNow()['Timeout'] ?? 0
  // One more to look again.
  const timersAtRest = timers() + 1
  const isQuiet = (): boolean =>
    server.rooms.size + server.connections.size === 0 &&
    // A socket that may bring another request holds the last one.
    openNow()['TCPSocketWrap'] === undefined &&
    timers() <= timersAtRest

  const weigh = async (path: string): Promise<void> => {
    for (const end = performance.now() + patienceMs; !isQuiet() && performance.now() < end;)
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await passed(momentMs)
    const collect = (globalThis as { gc?: () => void }).gc // there with --expose-gc
    // What is finalized after one collection, in a turn of its own, is free after the next.
    for (let times = 0; times < 3; times++) {
      collect?.()
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await passed(momentMs)
    }
    writeHeapSnapshot(path)
    const metrics = (await counted.text()).split('\n').length
    process.send?.({ open: { ...openNow(), metrics, rooms: server.rooms.size } satisfies Open })
  }
  process.on('message', (path) => {
    if (typeof path === 'string') void weigh(path)
  })
  process.send?.({ url: server.url })
}

function openNow(): Record<string, number> {
  const open: Record<string, number> = {}
  for (const name of process.getActiveResourcesInfo()) open[name] = (open[name] ?? 0) + 1
  const files = '/proc/self/fd'
  return existsSync(files) ? { ...open, files: readdirSync(files).length } : open
}
