/** Recordings of real writing and real documents, through a real server onto a real disk. */
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { createDocument, readText, type TestDocument } from '../support/documents.ts'
import { spawnServer, type SpawnedServer } from '../support/quire-process.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { Replica, yjsDocument } from '../support/replica.ts'
import { readSample, sampleNames } from '../support/sample-documents.ts'
import { openSession, untilSaved } from '../support/session.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  beginningOf,
  hasTraces,
  readRecording,
  readSequentialTrace,
  type,
  type RecordedUpdate,
} from '../support/traces.ts'
import { dose } from '../support/dose.ts'
import { untilSession, untilText } from '../support/until.ts'

describe.skipIf(!hasTraces)('automerge-paper', () => {
  /** How far typing may run ahead of the disk: far more than anyone types, far less than a socket can hold. */
  const maxUnsaved = 2000
  const edits = dose({ usual: Infinity, small: 20_000 })

  it(
    'typed by one client, letter by letter, is there exactly after kill -9',
    { timeout: 120_000 },
    async () => {
      const { txns, endContent } = beginningOf(readSequentialTrace('automerge-paper'), edits)
      const server = await spawnServer(temporaryFolder())
      const document = await createDocument(server.url)
      const author = await openSession({ syncUrl: server.syncUrl, document })
      const reader = await openSession({ syncUrl: server.syncUrl, document, name: 'Ben' })

      const report = measure(server)
      for (const { patches } of txns) {
        type(author.text, patches)
        if (author.unsaved > maxUnsaved) await untilSession(author, () => author.unsaved < maxUnsaved / 2)
      }
      await Promise.all([untilSaved(author), untilText(reader.text, endContent)])
      report(`automerge-paper, ${txns.length} edits`)
      expect(author.text.toString()).toBe(endContent)

      await server.kill('SIGKILL')
      author.close()
      reader.close()
      await server.restart()
      expect(await readText(server.url, document)).toBe(endContent)
      const late = await openSession({ syncUrl: server.syncUrl, document })
      expect(late.text.toString()).toBe(endContent)
    },
  )
})

describe.skipIf(!hasTraces)('clownschool', () => {
  interface Author {
    readonly doc: Y.Doc
    readonly replica: Replica
    readonly updates: readonly RecordedUpdate[]
  }

  async function join({ syncUrl }: SpawnedServer, { id, keys }: TestDocument) {
    const doc = new Y.Doc()
    const socket = await RawSocket.open(`${syncUrl}/${id}`, quireSubprotocols(keys.edit))
    await socket.greet()
    const replica = new Replica(socket, yjsDocument(doc))
    await replica.synced()
    return { doc, replica, text: doc.getText('content') }
  }

  const edits = dose({ usual: Infinity, small: 2000 })

  /** Three authors and an observer; afterwards all of them, a late joiner and the server's own text must agree. */
  async function replay(
    how: string,
    play: (author: Author, recorded: readonly RecordedUpdate[]) => Promise<void>,
  ): Promise<void> {
    const { trace, recorded } = readRecording('clownschool', edits)
    const server = await spawnServer(temporaryFolder())
    const document = await createDocument(server.url)
    const authors = await Promise.all(
      Array.from({ length: trace.numAgents }, async (_, agent) => {
        const updates = recorded.filter((update) => update.agent === agent)
        return { ...(await join(server, document)), updates }
      }),
    )
    const observer = await join(server, document)

    const report = measure(server)
    await Promise.all(authors.map((author) => play(author, recorded)))
    await Promise.all(authors.map(({ replica }) => replica.until(() => replica.unsaved === 0)))
    const present = [...authors, observer]
    await Promise.all(present.map(({ text }) => untilText(text, trace.endContent)))
    report(`clownschool ${how}, ${recorded.length} edits`)

    expect(await readText(server.url, document)).toBe(trace.endContent)
    const late = await join(server, document)
    expect(late.text.toString()).toBe(trace.endContent)
    const { code, stderr } = await server.kill('SIGTERM')
    expect({ code, stderr: stderr.includes('"level":50') }).toEqual({ code: 0, stderr: false })
  }

  it('typed by three at once, each on top of what has reached them, is the same for all', async () => {
    const typeInTurn = async ({ doc, replica, updates }: Author): Promise<void> => {
      for (const { update, builtOn } of updates) {
        await replica.until(() => hasSeen(doc, builtOn))
        Y.applyUpdate(doc, update)
        replica.send(update)
      }
    }
    await replay('gated', typeInTurn)
  })

  it('sent by three who knew of each other before the server did, is the same for all', async () => {
    await replay('ahead of the server', async ({ doc, replica, updates }, recorded) => {
      for (const { update, learned } of updates) {
        // What they say to the server builds on what it may not have seen; their answers hold that too.
        for (const index of learned) Y.applyUpdate(doc, recorded[index]?.update ?? new Uint8Array())
        Y.applyUpdate(doc, update)
        replica.send(update)
      }
    })
  })

  it('sent by three without waiting for anything, is the same for all', async () => {
    const sentAtOnce = 20
    await replay('not gated', async ({ doc, replica, updates }) => {
      for (const [index, { update }] of updates.entries()) {
        Y.applyUpdate(doc, update)
        replica.send(update)
        // Lets the three take turns and be asked in between; none of them knows what it lacks.
        if (index % sentAtOnce === 0) await turn()
      }
    })
  })

  function hasSeen(doc: Y.Doc, builtOn: ReadonlyMap<number, number>): boolean {
    for (const [client, clock] of builtOn) if (Y.getState(doc.store, client) < clock) return false
    return true
  }
})

describe.skipIf(sampleNames.length === 0)('a real document', () => {
  it.each(sampleNames)('%s arrives as it was pasted', async (name) => {
    const content = readSample(name)
    const server = await spawnServer(temporaryFolder())
    const document = await createDocument(server.url)
    const author = await openSession({ syncUrl: server.syncUrl, document })
    const reader = await openSession({ syncUrl: server.syncUrl, document, name: 'Ben' })
    author.text.insert(0, content)
    await Promise.all([untilSaved(author), untilText(reader.text, content)])
    const late = await openSession({ syncUrl: server.syncUrl, document, name: 'Cleo' })
    expect(late.text.toString()).toBe(content)
    expect(await readText(server.url, document)).toBe(content)
  })
})

/** Says how long something took, and how much of that the server was at work. Nothing depends on it. */
function measure(server: SpawnedServer): (what: string) => void {
  const [startMs, startCpu] = [performance.now(), server.cpuSeconds()]
  return (what) => {
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
    const endCpu = server.cpuSeconds()
    const cpu = startCpu === undefined || endCpu === undefined ? '?' : (endCpu - startCpu).toFixed(1)
    console.log(`${what}: ${seconds} s, of which the server computed ${cpu} s`)
  }
}
