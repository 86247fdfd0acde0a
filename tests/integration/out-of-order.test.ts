/**
 * Three people's recorded edits, sent without regard to what they build on: everyone ends up with the same text, what
 * waits takes little memory, and the server asks for what it lacks by the clock, however many frames come too early.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { createDocument, readText, type TestDocument } from '../support/documents.ts'
import { dose } from '../support/dose.ts'
import { inMebibytes, mebibyte, watchMemory } from '../support/process-memory.ts'
import { spawnServer, type SpawnedServer } from '../support/quire-process.ts'
import { chosenSeed, seededRandom, shuffled } from '../support/random.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { Replica, yjsDocument } from '../support/replica.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { hasTraces, readRecording } from '../support/traces.ts'
import { untilText } from '../support/until.ts'

/** PROTOCOL.md, S4: how long the server waits before it asks, at first. */
const questionDelayMs = 100
/** Of which each author's frames are sent, or shuffled, together. */
const windowFrames = 100
const maxGrowthBytes = 64 * mebibyte
const someEdits = dose({ usual: Infinity, small: 8000 })

describe.skipIf(!hasTraces)('clownschool', () => {
  it('sent by each author in order, whatever the others have sent, is the same for all', async () => {
    const { everyone, finish } = await begin(someEdits)
    await Promise.all(everyone.map((author) => author.sendInOrder()))
    await finish('in order')
  })

  const seed = chosenSeed()
  it(`sent by each author out of order, is the same for all (seed ${seed})`, async () => {
    const random = seededRandom(seed)
    const { everyone, finish } = await begin(someEdits)
    await Promise.all(everyone.map((author) => author.send((frames) => shuffled(frames, random))))
    await finish('shuffled')
  })

  it('waits for an author whom all the others build on, asking them ever less often', async () => {
    const { everyone, finish } = await begin()
    const [first, ...others] = everyone
    await Promise.all(others.map((author) => author.sendInOrder()))
    await Promise.all(others.map((author) => author.untilAsked(5)))
    // The first question comes with the join; n more, each twice as long after the one before, take 2^n - 1 delays.
    for (const { questions, elapsedMs } of others)
      expect(questions).toBeLessThanOrEqual(1 + Math.log2(1 + elapsedMs / questionDelayMs))
    await first?.sendInOrder()
    await finish('one of them last')
  })

  async function begin(edits = Infinity) {
    const { trace, recorded } = readRecording('clownschool', edits)
    const server = await spawnServer(temporaryFolder())
    await warmUp(server, recorded)
    const document = await createDocument(server.url)
    const everyone = await Promise.all(
      Array.from({ length: trace.numAgents }, (_, agent) => {
        const updates = recorded.filter((update) => update.agent === agent).map(({ update }) => update)
        return Author.join(server.syncUrl, document, updates)
      }),
    )
    const growth = watchMemory(server.pid)
    const cpuBefore = server.cpuSeconds() ?? NaN

    async function finish(how: string): Promise<void> {
      await Promise.all(everyone.map((author) => author.converged(trace.endContent)))
      // Before the text is read, since that begins a thread.
      const grown = growth()
      const cpuSeconds = (server.cpuSeconds() ?? NaN) - cpuBefore
      expect(await readText(server.url, document)).toBe(trace.endContent)
      const { elapsedMs } = everyone[0] ?? { elapsedMs: 0 }
      console.log(
        `clownschool ${how}, ${recorded.length} edits in ${(elapsedMs / 1000).toFixed(1)} s:`,
        ...everyone.map((author) => `\n  ${author.account()}`),
        `\n  the server computed ${cpuSeconds.toFixed(1)} s and grew by ${grown ? inMebibytes(grown.peak) : '?'}`,
      )
      for (const { questions, elapsedMs: ms } of everyone)
        expect(questions).toBeLessThanOrEqual(1 + ms / questionDelayMs)
      if (grown) expect(grown.peak).toBeLessThan(maxGrowthBytes)
      const { code, stderr } = await server.kill('SIGTERM')
      const errors = stderr.split('\n').filter((line) => line.includes('"level":50'))
      expect({ code, errors }).toEqual({ code: 0, errors: [] })
    }

    return { everyone, finish }
  }
})

/** A server that has worked holds more memory than one that has just begun: what the same edits take in their order does not count. */
async function warmUp(
  { url, syncUrl }: SpawnedServer,
  recorded: readonly { readonly update: Uint8Array }[],
): Promise<void> {
  const document = await createDocument(url)
  const updates = recorded.map(({ update }) => update)
  const author = await Author.join(syncUrl, document, updates)
  await author.sendInOrder()
  await author.saved()
  await readText(url, document)
}

/** Someone whose edits are known beforehand. */
class Author {
  readonly #updates: readonly Uint8Array[]
  readonly #doc = new Y.Doc()
  readonly #socket: RawSocket
  readonly #replica: Replica
  readonly #sinceMs = performance.now()

  static async join(
    syncUrl: string,
    { id, keys }: TestDocument,
    updates: readonly Uint8Array[],
  ): Promise<Author> {
    const socket = await RawSocket.open(`${syncUrl}/${id}`, quireSubprotocols(keys.edit))
    await socket.greet()
    const author = new Author(socket, updates)
    await author.#replica.synced()
    return author
  }

  private constructor(socket: RawSocket, updates: readonly Uint8Array[]) {
    this.#socket = socket
    this.#updates = updates
    this.#replica = new Replica(socket, yjsDocument(this.#doc))
  }

  get elapsedMs(): number {
    return performance.now() - this.#sinceMs
  }

  get questions(): number {
    return this.#socket.received.get('sync-step-1') ?? 0
  }

  sendInOrder(): Promise<void> {
    return this.send((frames) => frames)
  }

  /** What has been sent is in the answer to every question from then on. */
  async send(arranged: (window: readonly Uint8Array[]) => readonly Uint8Array[]): Promise<void> {
    for (let start = 0; start < this.#updates.length; start += windowFrames) {
      const window = this.#updates.slice(start, start + windowFrames)
      Y.applyUpdate(this.#doc, Y.mergeUpdates(window))
      for (const update of arranged(window)) this.#replica.send(update)
      await turn()
    }
  }

  untilAsked(times: number): Promise<void> {
    return this.#replica.until(() => this.questions >= times)
  }

  saved(): Promise<void> {
    return this.#replica.until(() => this.#replica.unsaved === 0)
  }

  async converged(text: string): Promise<void> {
    await this.saved()
    await untilText(this.#doc.getText('content'), text)
  }

  account(): string {
    const frames = [...this.#socket.received].map(([type, count]) => `${count} ${type}`).join(', ')
    return `${this.#updates.length} frames sent, received: ${frames}`
  }
}
