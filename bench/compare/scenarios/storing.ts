/** What is stored: documents that are opened once and left, acknowledgements that mean the disk, and edits that come in no order. */
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import * as Y from 'yjs'
import { quantile } from '../../pages.ts'
import { readRecording } from '../../../tests/support/traces.ts'
import { Member } from '../member.ts'
import type { Row } from '../scenario.ts'
import type { StartedServer } from '../servers.ts'
import { Typist, typeTogether } from '../typing.ts'
import { cpuMs, usedBytes } from '../usage.ts'
import type { Heard } from '../wire.ts'
import { inTurns } from './typing.ts'

/** Whoever leaves may be back in a moment: for half a minute, servers remember them. */
const idleMs = 40_000
const patienceMs = 120_000
/** As many leave before others have their turn. */
const windowUpdates = 100

/** Each is written to by one member, who leaves when the server has what they wrote. */
export async function touchDocuments(
  server: StartedServer,
  { documents }: { documents: number },
): Promise<Row> {
  // What a server takes once it has worked is not the documents'.
  await touch(server, 'warm', documents / 2)
  const [bytes, startedMs] = [await usedBytes(server), cpuMs(server.pid)]
  await touch(server, 'document', documents)
  const usedMs = cpuMs(server.pid) - startedMs
  await pause(idleMs)
  return {
    'KB/idle document': ((await usedBytes(server)) - bytes) / documents / 1024,
    'CPU ms/document': usedMs / documents,
  }
}

async function touch(server: StartedServer, name: string, documents: number): Promise<void> {
  await inTurns(documents, async (index) => {
    const heard = Promise.withResolvers<void>()
    const room = `${name}-${index}`
    const doc = new Y.Doc()
    doc.getText('content').insert(0, 'Something that somebody wrote down, once.')
    const reader = await Member.join(server, room, {
      heard: (message) => message.type === 'update' && heard.resolve(),
    })
    const writer = await Member.join(server, room)
    writer.say({ type: 'update', update: Y.encodeStateAsUpdate(doc) })
    await heard.promise
    for (const member of [reader, writer]) member.leave()
  })
}

/** Members of `quire.1` are told how many of their updates are on disk. */
export async function acknowledge(
  server: StartedServer,
  options: { rooms: number; writers: number; perSecond: number; seconds: number },
): Promise<Row> {
  const { rooms, writers, perSecond, seconds } = options
  const delays: number[] = []
  const everyone = await inTurns(rooms * writers, async (index) =>
    joinAcknowledged(server, `room-${index % rooms}`, delays),
  )
  const typists = everyone.map(
    (member, index) => new Typist(member, 1000 + index, { keys: perSecond * (seconds + 2) }),
  )
  await typeTogether(typists, { perSecond, seconds: 2 })
  await pause(1000)
  delays.length = 0
  const startedMs = cpuMs(server.pid)
  await typeTogether(typists, { perSecond, seconds })
  await pause(1000)
  const usedMs = cpuMs(server.pid) - startedMs
  const keys = typists.length * perSecond * seconds
  for (const member of everyone) member.leave()
  return {
    'acknowledged/s': delays.length / seconds,
    'p50 ms': quantile(delays, 0.5),
    'p99 ms': quantile(delays, 0.99),
    'not acknowledged': keys - delays.length,
    cores: usedMs / 1000 / seconds,
  }
}

/** Notes how long each of its updates took until it was said to be on disk. */
async function joinAcknowledged(server: StartedServer, room: string, delays: number[]): Promise<Member> {
  let saved = 0
  return Member.join(server, room, {
    speaksQuire: true,
    heard(heard, { updatesSentAtMs }) {
      if (heard.type !== 'saved') return
      const nowMs = performance.now()
      for (; saved < heard.frames; saved++) delays.push(nowMs - (updatesSentAtMs[saved] ?? Number.NaN))
    },
  })
}

/** Three people's recorded edits, each person's in order, whatever the others have sent by then. */
export async function sendOutOfOrder(server: StartedServer): Promise<Row> {
  const { trace, recorded } = readRecording('clownschool')
  const reader = new Reader(trace.endContent)
  const witness = await Member.join(server, 'clownschool', { heard: reader.hear })
  const authors = await inTurns(trace.numAgents, async (agent) => {
    const updates = recorded.filter((update) => update.agent === agent).map(({ update }) => update)
    return Author.join(server, updates)
  })
  const [startedAt, startedMs] = [performance.now(), cpuMs(server.pid)]
  await Promise.all(authors.map(async (author) => author.send()))
  await Promise.race([reader.isDone, pause(patienceMs)])
  const row = {
    'whole after s': (reader.doneAtMs - startedAt) / 1000,
    'CPU s': (cpuMs(server.pid) - startedMs) / 1000,
  }
  witness.leave()
  for (const author of authors) author.leave()
  return row
}

class Reader {
  doneAtMs = Number.NaN
  readonly isDone: Promise<void>
  readonly #doc = new Y.Doc()
  readonly #text = this.#doc.getText('content')
  readonly #wanted: string
  readonly #done = Promise.withResolvers<void>()

  constructor(wanted: string) {
    this.#wanted = wanted
    this.isDone = this.#done.promise
  }

  readonly hear = (heard: Heard): void => {
    if (heard.type !== 'update' && heard.type !== 'sync-step-2') return
    Y.applyUpdate(this.#doc, heard.update)
    if (this.#text.length !== this.#wanted.length || this.#text.toString() !== this.#wanted) return
    this.doneAtMs = performance.now()
    this.#done.resolve()
  }
}

/** What has been sent is in the answer to every question from then on. */
class Author {
  readonly #updates: readonly Uint8Array[]
  readonly #doc = new Y.Doc()
  #member: Member | undefined

  static async join(server: StartedServer, updates: readonly Uint8Array[]): Promise<Author> {
    const author = new Author(updates)
    author.#member = await Member.join(server, 'clownschool', {
      answer: (stateVector) => Y.encodeStateAsUpdate(author.#doc, stateVector),
      heard(heard) {
        if (heard.type === 'update' || heard.type === 'sync-step-2') Y.applyUpdate(author.#doc, heard.update)
      },
    })
    return author
  }

  private constructor(updates: readonly Uint8Array[]) {
    this.#updates = updates
  }

  async send(): Promise<void> {
    for (let start = 0; start < this.#updates.length; start += windowUpdates) {
      const window = this.#updates.slice(start, start + windowUpdates)
      Y.applyUpdate(this.#doc, Y.mergeUpdates(window))
      for (const update of window) this.#member?.say({ type: 'update', update })
      await turn()
    }
  }

  leave(): void {
    this.#member?.leave()
  }
}
