/** Documents that are opened: what a join costs, what an open document takes, and how soon all are back after a restart. */
import * as Y from 'yjs'
import { readTrace, typeInto } from '../../traces.ts'
import { Member } from '../member.ts'
import type { Row } from '../scenario.ts'
import type { StartedServer } from '../servers.ts'
import { cpuMs, usedBytes } from '../usage.ts'
import { quantile } from '../../pages.ts'
import { inTurns } from './typing.ts'

const warmUpMs = 2000

/** A paper, with every key that its author pressed. */
function paper(): Y.Doc {
  const doc = new Y.Doc()
  typeInto(doc, readTrace('automerge-paper'))
  return doc
}

/** Somebody who has it brings it into a room, and stays. */
export async function bring(server: StartedServer, room: string, doc: Y.Doc): Promise<Member> {
  const state = Y.encodeStateAsUpdate(doc)
  const member = await Member.join(server, room)
  member.say({ type: 'update', update: state })
  // Whoever sees it all knows that the server has it.
  await untilSeen(server, room, state.length)
  return member
}

async function untilSeen(server: StartedServer, room: string, bytes: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let seen = 0
  const witness = await Member.join(server, room, {
    heard(heard) {
      if (heard.type !== 'sync-step-2' && heard.type !== 'update') return
      seen += heard.update.length
      // A document that was taken in is told in other words, of about the same length.
      if (seen > bytes * 0.7) resolve()
    },
  })
  await promise
  witness.leave()
}

export async function openDocuments(
  server: StartedServer,
  { documents, joins }: { documents: number; joins: number },
): Promise<Row> {
  const doc = paper()
  const rooms = Array.from({ length: documents }, (_, index) => `paper-${index}`)
  const authors = await inTurns(documents, async (index) => bring(server, rooms[index] ?? '', doc))
  await warmUp(server, rooms)
  const startedMs = cpuMs(server.pid)
  const waits = await joinInTurn(server, { rooms, joins })
  const usedMs = cpuMs(server.pid) - startedMs
  for (const author of authors) author.leave()
  return {
    'CPU ms/join': usedMs / waits.length,
    'join p50 ms': quantile(waits, 0.5),
    'join p99 ms': quantile(waits, 0.99),
    'memory MiB/document': (await memoryOf(server, { doc, documents })) / 2 ** 20,
  }
}

/** The same load for two seconds, as before every measurement: what is new to it costs a server twice as much. */
async function warmUp(server: StartedServer, rooms: readonly string[]): Promise<void> {
  const until = performance.now() + warmUpMs
  while (performance.now() < until) await joinInTurn(server, { rooms, joins: rooms.length })
}

/** Bytes of each while it is open. In a new process, for to collect all garbage is to change what everything costs. */
async function memoryOf(
  before: StartedServer,
  { doc, documents }: { doc: Y.Doc; documents: number },
): Promise<number> {
  const server = await before.restart()
  const bringAll = async (name: string): Promise<Member[]> =>
    inTurns(documents, async (index) => bring(server, `${name}-${index}`, doc))
  // What a server takes once it has worked is not the documents', nor is the code that it then lets go of.
  for (const author of await bringAll('warm')) author.leave()
  const warmBytes = await usedBytes(server)
  const authors = await bringAll('kept')
  const bytes = await usedBytes(server)
  for (const author of authors) author.leave()
  await server.stop()
  return (bytes - warmBytes) / documents
}

/** How many milliseconds each of them took. */
export async function joinInTurn(
  server: StartedServer,
  { rooms, joins }: { rooms: readonly string[]; joins: number },
): Promise<number[]> {
  const waits: number[] = []
  for (let index = 0; index < joins; index++) {
    const at = performance.now()
    const member = await Member.join(server, rooms[index % rooms.length] ?? '')
    waits.push(performance.now() - at)
    member.leave()
  }
  return waits
}

/** Everyone has the document; the server is stopped and started, and everyone comes back at the moment it listens. */
export async function comeBack(server: StartedServer, { people }: { people: number }): Promise<Row> {
  const doc = paper()
  const stateVector = Y.encodeStateVector(doc)
  const whole = Y.encodeStateAsUpdate(doc)
  const nothing = Y.encodeStateAsUpdate(doc, stateVector)
  await bring(server, 'meeting', doc)
  await inTurns(people - 1, async () => Member.join(server, 'meeting', { stateVector }))
  const back = await server.restart()
  const startedMs = cpuMs(back.pid)
  const startedAt = performance.now()
  const waits = await Promise.all(
    Array.from({ length: people }, async () => {
      await Member.join(back, 'meeting', {
        stateVector,
        // A server that has kept nothing is told everything.
        answer: (known) => (known.length === 1 ? whole : nothing),
      })
      return performance.now() - startedAt
    }),
  )
  const usedMs = cpuMs(back.pid) - startedMs
  await back.stop()
  return {
    'all synced ms': Math.max(...waits),
    'half synced ms': quantile(waits, 0.5),
    'CPU ms': usedMs,
  }
}
