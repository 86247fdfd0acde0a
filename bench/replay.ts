/**
 * What an edit costs the server. Replays a recorded editing session through a running server, one update per edit,
 * beside the least that a server with a Yjs document per room would do with the same bytes: apply them, in memory,
 * without sockets or disk. CPU time of the process, not wall time; Linux only, since it reads /proc.
 *
 *     pnpm bench            # QUIRE_TRACES names the folder of traces, default ../shared/traces
 */
import { encodeClientMessage, decodeServerMessage } from '@quire/protocol'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { makeDataFolder, runServer } from '../scripts/run-server.ts'
import { cpuMs } from './compare/usage.ts'
import { readTrace, typeInto, type Trace } from './traces.ts'

const traces = ['automerge-paper', 'json-crdt-blog-post']

console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'} × ${cpus().length}, Linux ${release()}\n`,
)
const rows = []
for (const name of traces) rows.push(await replay(name))
console.table(rows)

async function replay(name: string): Promise<Record<string, string | number>> {
  const { updates, end, endContent } = updatesOf(readTrace(name))
  const baselineMs = applyToDocument(updates)
  const data = makeDataFolder()
  const server = await runServer({ QUIRE_DATA: data.path, QUIRE_OPEN_ROOMS: 'on' })
  const url = `${server.url.replace('http', 'ws')}/sync/${name}`
  const cpuBefore = cpuMs(server.pid)
  const started = performance.now()
  await write(url, updates, end)
  const wallMs = performance.now() - started
  const serverMs = cpuMs(server.pid) - cpuBefore
  const joinStarted = performance.now()
  const text = await read(url)
  const joinMs = performance.now() - joinStarted
  await server.stop()
  if (text !== endContent) throw new Error(`${name}: what was read is not what was written`)
  const storedBytes = statSync(join(data.path, 'quire.db')).size
  data.remove()
  return {
    trace: name,
    edits: updates.length,
    'wall ms': Math.round(wallMs),
    'server CPU µs/edit': round((serverMs * 1000) / updates.length),
    'Y.Doc alone CPU µs/edit': round((baselineMs * 1000) / updates.length),
    ratio: round(serverMs / baselineMs),
    'join ms': Math.round(joinMs),
    'stored KiB': Math.round(storedBytes / 1024),
  }
}

function updatesOf(trace: Trace): { updates: Uint8Array[]; end: Uint8Array; endContent: string } {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update) => updates.push(update))
  typeInto(doc, trace)
  return { updates, end: Y.encodeStateVector(doc), endContent: trace.endContent }
}

function applyToDocument(updates: readonly Uint8Array[]): number {
  const doc = new Y.Doc()
  const before = process.cpuUsage()
  for (const update of updates) Y.applyUpdate(doc, update)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Sends every update as a frame of its own, and waits until a second client has them all. */
async function write(url: string, updates: readonly Uint8Array[], end: Uint8Array): Promise<void> {
  const reader = new Y.Doc()
  const { promise, resolve } = Promise.withResolvers<void>()
  const reading = connect(url, reader, () => {
    if (isEqual(Y.encodeStateVector(reader), end)) resolve()
  })
  const writing = new WebSocket(url)
  await Promise.all([reading, writing].map((socket) => once(socket, 'open')))
  for (const [index, update] of updates.entries()) {
    writing.send(encodeClientMessage({ type: 'update', update }))
    if (index % 1000 === 0) await new Promise((next) => setImmediate(next))
  }
  await promise
  for (const socket of [reading, writing]) socket.terminate()
}

async function read(url: string): Promise<string> {
  const doc = new Y.Doc()
  const { promise, resolve } = Promise.withResolvers<void>()
  const socket = connect(url, doc, (type) => {
    // Always the last of an answer.
    if (type === 'sync-step-2') resolve()
  })
  await promise
  socket.terminate()
  return doc.getText('content').toString()
}

/** A stock client reduced to what is measured; `received` is called after each answer or update has been applied. */
function connect(url: string, doc: Y.Doc, received: (type: 'update' | 'sync-step-2') => void): WebSocket {
  const socket = new WebSocket(url)
  socket.on('open', () => {
    socket.send(encodeClientMessage({ type: 'sync-step-1', stateVector: Y.encodeStateVector(doc) }))
  })
  socket.on('message', (data: Buffer) => {
    const message = decodeServerMessage(data)
    if (message.type !== 'update' && message.type !== 'sync-step-2') return
    Y.applyUpdate(doc, message.update)
    received(message.type)
  })
  return socket
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
