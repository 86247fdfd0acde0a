/**
 * Many who come and go in every way there is, in the same way again and again: a server that has seen them once holds no
 * more of them afterwards than it did before, neither in its heap nor open.
 *
 *     pnpm leaks      # 2,000 connections a round; QUIRE_VISITORS says how many of each kind
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import * as Y from 'yjs'
import { dose } from '../support/dose.ts'
import { createDocument, keyOf, post, readText, type TestDocument } from '../support/documents.ts'
import { signHostToken } from '../support/host-token.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { Replica, yjsDocument } from '../support/replica.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { hostSecret, type Open } from '../support/weighed-server.ts'

/** Of each kind, in a round. */
const visitors = dose({ variable: 'QUIRE_VISITORS', usual: 30, small: 8 })
const documents = 5
const atOnce = 30
/** In the first ones, what is kept once for all comes to be there. */
const warmUpRounds = 2
const rounds = dose({ usual: 4, small: 3 })

it(
  `${visitors} visitors of each kind leave nothing behind`,
  { timeout: 120_000 + visitors * 5000 },
  async () => {
    const server = await begin()
    const made = await Promise.all(Array.from({ length: documents }, () => createDocument(server.url)))
    for (let round = 0; round < warmUpRounds; round++) await playRound(server.url, made, round)
    const weights = [await server.weigh()]
    for (let round = warmUpRounds; round < warmUpRounds + rounds; round++) {
      await playRound(server.url, made, round)
      weights.push(await server.weigh())
    }
    const [before, ...after] = weights
    // Whatever one visitor of a kind leaves behind, as many leave as come; what has grown once only is no such thing.
    const grown = after.map((weight, index) => grownSince(after[index - 1] ?? before, weight))
    expect(grown.reduce((all, some) => new Map([...all].filter(([name]) => some.has(name))))).toEqual(
      new Map(),
    )
    expect(weights.at(-1)?.get('rooms')).toBe(0)
  },
)

type Weight = ReadonlyMap<string, number>

function grownSince(before: Weight = new Map(), after: Weight): Map<string, number> {
  const growth = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const)
  return new Map(growth.filter(([, count]) => count >= visitors / 2))
}

interface WeighedServer {
  readonly url: string
  /** How many of what it still holds once everyone has gone. */
  readonly weigh: () => Promise<Weight>
}

async function begin(): Promise<WeighedServer> {
  const program = fileURLToPath(new URL('../support/weighed-server.ts', import.meta.url))
  const child = fork(program, [temporaryFolder()], { execPath: 'node', execArgv: ['--expose-gc'] })
  onTestFinished(async () => {
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  })
  const { url } = await told<{ url: string }>(child)
  const heap = join(temporaryFolder(), 'heap.json')
  return {
    url,
    async weigh() {
      const telling = told<{ open: Open }>(child)
      child.send(heap)
      const { open } = await telling
      return new Map([...Object.entries(open), ...objectsIn(heap)])
    },
  }
}

async function told<Message>(child: ChildProcess): Promise<Message> {
  const [message] = (await once(child, 'message')) as [Message] // what our own program sends
  return message
}

/** The nodes of a heap by their type and name; not what the engine keeps for itself: code, shapes, strings. */
function objectsIn(path: string): Map<string, number> {
  const heap = JSON.parse(readFileSync(path, 'utf8')) as {
    snapshot: { meta: { node_fields: string[]; node_types: [string[]] } }
    nodes: number[]
    strings: string[]
  } // as V8 writes them
  const { node_fields: fields, node_types: types } = heap.snapshot.meta
  const counts = new Map<string, number>()
  for (let node = 0; node < heap.nodes.length; node += fields.length) {
    const type = types[0][heap.nodes[node] ?? 0] ?? ''
    if (!['object', 'closure', 'native', 'regexp'].includes(type)) continue
    const name = `${type} ${heap.strings[heap.nodes[node + 1] ?? 0]}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** Everyone of a round, the same in each. */
async function playRound(url: string, made: readonly TestDocument[], round: number): Promise<void> {
  const everyone = Array.from({ length: visitors }, (_, number) => {
    const document = made[number % made.length]
    if (!document) throw new Error('there are documents')
    return Object.values(ways).map((way) => () => way({ url, document, number, round }))
  }).flat()
  const waiting = everyone.values()
  const some = async (): Promise<void> => {
    for (const come of waiting) await come()
  }
  await Promise.all(Array.from({ length: atOnce }, some))
}

interface Visit {
  readonly url: string
  readonly document: TestDocument
  readonly number: number
  readonly round: number
}

const foreign = { origin: 'https://elsewhere.example' }

/** How people come, and go. */
const ways: Readonly<Record<string, (visit: Visit) => Promise<void>>> = {
  async types(visit) {
    const { socket, replica } = await typing(visit, 1)
    await replica.until(() => replica.unsaved === 0)
    socket.close()
    await socket.closed
  },
  async 'types, and is cut off'(visit) {
    const { socket } = await typing(visit, 2)
    socket.terminate()
    await socket.closed
  },
  async 'reads with a stock client'({ url, document }) {
    const socket = await RawSocket.open(`${roomAt(url, document.id)}?token=${document.keys.view}`)
    socket.send({ type: 'query-presence' })
    await socket.settle()
    socket.close()
    await socket.closed
  },
  async 'renews a session, and is cut off within a message'({ url, document, number }) {
    const made = await post(
      `${url}/api/documents/${document.id}/session`,
      { guest: `device ${number}` },
      document.keys.edit,
    )
    const { token } = (await made.json()) as { token: string } // the 200 of the API
    const socket = await RawSocket.open(roomAt(url, document.id), quireSubprotocols(token))
    await socket.greet()
    socket.send({ type: 'refresh', token })
    await socket.receive('access')
    socket.sendPiece(new Uint8Array(1000))
    await socket.answer()
    socket.terminate()
    await socket.closed
  },
  async 'goes at the door'({ url, document }) {
    const socket = await RawSocket.open(roomAt(url, document.id), quireSubprotocols(document.keys.view))
    socket.terminate()
    await socket.closed
  },
  async 'has a wrong key'({ url, document }) {
    await (
      await RawSocket.open(roomAt(url, document.id), quireSubprotocols('A'.repeat(22)))
    ).closed
  },
  async 'sends what is no update'({ url, document }) {
    const socket = await RawSocket.open(roomAt(url, document.id), quireSubprotocols(document.keys.edit))
    await socket.greet()
    socket.sendBytes(Uint8Array.of(0, 2, 3, 1, 1, 1))
    await socket.closed
  },
  async 'is of a foreign page'({ url, document }) {
    await expect(RawSocket.open(roomAt(url, document.id), [], foreign)).rejects.toThrow('403')
  },
  async 'loses the link they came by'({ url, document }) {
    const links = `${url}/api/documents/${document.id}/links`
    const response = await post(links, { role: 'view', maxUses: 3 }, document.keys.own)
    const link = (await response.json()) as { id: string; url: string } // the 201 of the API
    const socket = await RawSocket.open(roomAt(url, document.id), quireSubprotocols(keyOf(link.url)))
    await socket.greet()
    await remove(`${links}/${link.id}`, document.keys.own)
    await socket.closed
  },
  async 'begins a document, which is deleted'({ url, number }) {
    const doc = `begun by ${number}`
    const token = signHostToken(hostSecret, { doc, role: 'own', sub: doc })
    const socket = await RawSocket.open(roomAt(url, encodeURIComponent(doc)), quireSubprotocols(token))
    await socket.greet()
    const written = new Y.Doc()
    written.getText('content').insert(0, 'a')
    socket.send({ type: 'update', update: Y.encodeStateAsUpdate(written) })
    await socket.receive('saved')
    await remove(`${url}/api/documents/${encodeURIComponent(doc)}`, token)
    await socket.closed
  },
  async 'asks for a text'({ url, document }) {
    await readText(url, document)
  },
  'breaks off within the first line': ({ url }) => breakOff(url, 'GET /api/documen'),
  'breaks off before the answer': ({ url, document }) =>
    breakOff(url, `${requestLines(`GET ${textOf(document)}`, document.keys.view)}\r\n`),
  'breaks off within a new document': ({ url, document }) =>
    breakOff(url, `${requestLines('POST /api/documents', document.keys.view)}${halfABody}`),
  'breaks off within a session': ({ url, document }) =>
    breakOff(
      url,
      `${requestLines(`POST /api/documents/${document.id}/session`, document.keys.view)}${halfABody}`,
    ),
}

const halfABody = 'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"name": "A'

function requestLines(line: string, key: string): string {
  return `${line} HTTP/1.1\r\nHost: quire\r\nAuthorization: Bearer ${key}\r\n`
}

function textOf({ id }: TestDocument): string {
  return `/api/documents/${id}/text`
}

function roomAt(url: string, name: string): string {
  return `${url.replace(/^http/, 'ws')}/sync/${name}`
}

/** Somebody who comes again under the same ids, and leaves the text as it was. */
async function typing(
  { url, document, number, round }: Visit,
  tab: number,
): Promise<{ socket: RawSocket; replica: Replica }> {
  const socket = await RawSocket.open(roomAt(url, document.id), quireSubprotocols(document.keys.edit))
  await socket.greet(`device ${number}`)
  const doc = new Y.Doc()
  const replica = new Replica(socket, yjsDocument(doc))
  await replica.synced()
  doc.clientID = 10 * number + tab
  doc.on('update', (update: Uint8Array, _origin, _doc, { local }) => {
    if (local) replica.send(update)
  })
  const text = doc.getText('content')
  text.insert(0, 'x')
  text.delete(0, 1)
  const state = JSON.stringify({ user: { name: 'Ada' } })
  socket.send({ type: 'presence', entries: [{ clientId: doc.clientID, clock: round + 1, state }] })
  return { socket, replica }
}

async function remove(url: string, key: string): Promise<void> {
  const response = await fetch(url, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } })
  expect(response.status).toBe(204)
}

/** Hangs up without a goodbye when that is said. */
function breakOff(url: string, said: string): Promise<void> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(said, () => socket.resetAndDestroy()))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
  })
}
