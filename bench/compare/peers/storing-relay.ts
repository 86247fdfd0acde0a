/**
 * The least a server can do that keeps what it passes on: a relay that has what a member sends synced to disk before anybody
 * else gets it. Every eight milliseconds at most, what came meanwhile goes to a thread that appends it to one table in one
 * commit; then it goes out. Knows nothing of Yjs, answers nobody, and could not tell who comes later what was said before.
 *
 *     PORT=… STORE=… node bench/compare/peers/storing-relay.ts
 */
import { DatabaseSync } from 'node:sqlite'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { WebSocketServer, type WebSocket } from 'ws'

const restMs = 8

interface Said {
  readonly room: Set<WebSocket>
  readonly from: WebSocket
  readonly data: Uint8Array
}

if (isMainThread) serve()
else store(String(workerData))

function serve(): void {
  const rooms = new Map<string, Set<WebSocket>>()
  const writer = new Worker(new URL(import.meta.url), { workerData: process.env['STORE'] })
  let gathered: Said[] = []
  let storing: Said[] = []
  let isResting = false
  let isStoring = false

  const write = (): void => {
    if (isResting || isStoring || gathered.length === 0) return
    isStoring = true
    isResting = true
    storing = gathered
    gathered = []
    writer.postMessage(storing.map(({ data }) => data))
    setTimeout(() => {
      isResting = false
      write()
    }, restMs)
  }
  writer.on('message', () => {
    for (const { room, from, data } of storing)
      for (const member of room) if (member !== from) member.send(data)
    isStoring = false
    write()
  })

  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: Number(process.env['PORT']),
    perMessageDeflate: false,
  })
  server.on('connection', (socket, { url = '/' }) => {
    const room = rooms.get(url) ?? new Set()
    rooms.set(url, room.add(socket))
    socket.on('message', (data: Buffer) => {
      gathered.push({ room, from: socket, data: new Uint8Array(data) })
      write()
    })
    socket.on('close', () => {
      room.delete(socket)
      if (room.size === 0) rooms.delete(url)
    })
  })
  server.on('listening', () => console.log('listening'))
  process.once('SIGTERM', () => process.exit())
}

function store(path: string): void {
  const database = new DatabaseSync(path)
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE log (bytes BLOB NOT NULL)',
  )
  const insert = database.prepare('INSERT INTO log (bytes) VALUES (?)')
  parentPort?.on('message', (batch: readonly Uint8Array[]) => {
    database.exec('BEGIN')
    for (const bytes of batch) insert.run(bytes)
    database.exec('COMMIT')
    parentPort?.postMessage(null)
  })
}
