/** The servers that are compared, each started in a process of its own, with whatever it comes with. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { makeDataFolder, runServer } from '../../scripts/run-server.ts'
import type { Dialect } from './wire.ts'

export const serverNames = [
  'quire',
  'relay',
  'storing-relay',
  'hocuspocus',
  'hocuspocus-sqlite',
  'y-websocket',
] as const
export type ServerName = (typeof serverNames)[number]

export interface StartedServer {
  readonly pid: number
  readonly dialect: Dialect
  /** Where it writes what it has in use. */
  readonly memoryFile: string
  roomUrl(room: string): string
  /** Ends it as an operator would, and starts it anew with what it has stored, at the same address. */
  restart(): Promise<StartedServer>
  stop(): Promise<void>
}

export async function startServer(name: ServerName): Promise<StartedServer> {
  const data = makeDataFolder()
  const port = await freePort()
  return start(name, { data: data.path, port, remove: () => data.remove() })
}

interface Place {
  readonly data: string
  readonly port: number
  remove(): void
}

async function start(name: ServerName, place: Place): Promise<StartedServer> {
  const { pid, stop } = name === 'quire' ? await startQuire(place) : await startPeer(name, place)
  return {
    pid,
    memoryFile: memoryFileOf(place),
    dialect: name.endsWith('relay') ? 'relay' : name.startsWith('hocuspocus') ? 'hocuspocus' : 'y-websocket',
    roomUrl: (room) => `ws://127.0.0.1:${place.port}/${name === 'quire' ? 'sync/' : ''}${room}`,
    async restart() {
      await stop()
      return start(name, place)
    },
    async stop() {
      await stop()
      place.remove()
    },
  }
}

interface Process {
  readonly pid: number
  stop(): Promise<void>
}

async function startQuire(place: Place): Promise<Process> {
  // All members come from this machine: what one address may do is not what is measured.
  return runServer({
    QUIRE_DATA: place.data,
    QUIRE_OPEN_ROOMS: 'on',
    QUIRE_MAX_CONNECTIONS: '100000',
    PORT: String(place.port),
    ...collecting(place),
  })
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const memoryFileOf = ({ data }: Place): string => join(data, 'memory')
const collecting = (place: Place): Record<string, string> => ({
  NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${here('collect.ts')}`,
  MEMORY_FILE: memoryFileOf(place),
})
const programs: Readonly<Record<Exclude<ServerName, 'quire'>, string>> = {
  relay: here('peers/relay.ts'),
  'storing-relay': here('peers/storing-relay.ts'),
  hocuspocus: here('peers/hocuspocus.ts'),
  'hocuspocus-sqlite': here('peers/hocuspocus.ts'),
  'y-websocket': here('../node_modules/y-websocket-2/bin/server.cjs'),
}

async function startPeer(name: Exclude<ServerName, 'quire'>, place: Place): Promise<Process> {
  const isStoring = name === 'hocuspocus-sqlite' || name === 'storing-relay'
  const store = isStoring ? { STORE: join(place.data, `${name}.sqlite`) } : {}
  const child = spawn('node', [programs[name]], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(place.port), ...collecting(place), ...store },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  await Promise.race([once(createInterface(child.stdout), 'line'), ended])
  if (child.pid === undefined || child.exitCode !== null) throw new Error(`${name} did not start`)
  return {
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM')
      // Some stay for as long as anyone is connected.
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(timer)
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('not listening')
  return address.port
}
