/**
 * A room in which many write while many others have stopped reading their sockets: phones in pockets, lids that closed.
 * The server must not remember for them what they do not take, and nobody else may notice; when they wake, they catch
 * up, in the same connection or, if they have been sent away, in the next.
 *
 *     pnpm stalled-readers      # for a minute; QUIRE_STALL_SECONDS says how long
 */
import { setTimeout as passed } from 'node:timers/promises'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { dose } from '../support/dose.ts'
import { createDocument, readText, type TestDocument } from '../support/documents.ts'
import { inMebibytes, mebibyte, watchMemory, type Growth } from '../support/process-memory.ts'
import { spawnServer } from '../support/quire-process.ts'
import { chosenSeed, seededRandom } from '../support/random.ts'
import type { RawSocket } from '../support/raw-socket.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { DeliveryWatch, describeLatencies, join, Writer } from '../support/timed-writers.ts'
import { untilText } from '../support/until.ts'

const stallSeconds = dose({ variable: 'QUIRE_STALL_SECONDS', usual: 5, small: 3 })
const writers = dose({ usual: 20, small: 10 })
const readers = dose({ usual: 100, small: 40 })
/** A server that has just begun grows by itself for a while. */
const warmUpSeconds = dose({ usual: 5, small: 3 })
const settleSeconds = 2
/** Kernels take some megabytes off the server's hands for a socket that nobody reads: a document that is larger fills them. */
const attachments = { count: 48, bytes: 128 * 1024 }
const wakingAtOnce = 25
const maxGrowthBytes = 32 * mebibyte
const seed = chosenSeed()

interface Measured {
  readonly growth: Growth | undefined
  readonly latenciesMs: readonly number[]
}

it(
  `${readers} readers that stop reading for ${stallSeconds} s cost the server little and lose nothing (seed ${seed})`,
  { timeout: 240_000 + 4 * stallSeconds * 1000 },
  async () => {
    const without = await measure(0)
    const stalled = await measure(readers)
    report('nobody else', without)
    report(`${readers} stalled readers`, stalled)
    if (stalled.growth && without.growth)
      expect(stalled.growth.peak - without.growth.peak).toBeLessThanOrEqual(maxGrowthBytes)
  },
)

async function measure(stalledReaders: number): Promise<Measured> {
  const random = seededRandom(seed)
  const server = await spawnServer(temporaryFolder())
  const document = await createDocument(server.url)
  const room = `${server.syncUrl}/${document.id}`
  await attach(room, document)
  const watch = new DeliveryWatch()
  const everyone = await Promise.all(
    Array.from({ length: writers }, () => Writer.join({ room, document, watch, random })),
  )
  for (const writer of everyone) writer.start()
  await passed(warmUpSeconds * 1000)

  const growth = watchMemory(server.pid)
  const asleep = await Promise.all(
    Array.from({ length: stalledReaders }, () => Reader.joinAndStall(room, document)),
  )
  // A hundred who join at once are another matter: latency counts from when their sockets are full.
  await passed(settleSeconds * 1000)
  watch.forget()
  await passed(stallSeconds * 1000)
  const measured = { growth: growth(), latenciesMs: watch.latenciesMs }
  for (const reader of asleep) expect(reader.text.length).toBe(0)

  for (const writer of everyone) writer.stop()
  await Promise.all(everyone.map((writer) => writer.saved()))
  const text = await readText(server.url, document)
  expect(text).toHaveLength(everyone.reduce((sum, { typed }) => sum + typed, 0))
  await Promise.all(everyone.map((writer) => untilText(writer.text, text)))
  // A few at a time, since each of them holds the whole document.
  const ends: string[] = []
  while (asleep.length > 0) {
    const waking = asleep.splice(0, wakingAtOnce)
    ends.push(...(await Promise.all(waking.map((reader) => reader.wake(text)))))
    for (const reader of waking) {
      expect(reader.attachments).toBe(attachments.count)
      reader.close()
    }
  }
  if (stalledReaders > 0) console.log(`how the readers woke: ${tally(ends)}`)
  const { code, stderr } = await server.kill('SIGTERM')
  expect({ code, stderr: stderr.includes('"level":50') }).toEqual({ code: 0, stderr: false })
  return measured
}

/** What nobody looks at again, but everyone who opens the document is sent. */
async function attach(room: string, document: TestDocument): Promise<void> {
  const doc = new Y.Doc()
  const { socket, replica } = await join(room, document, doc)
  await replica.synced()
  doc.on('update', (update: Uint8Array) => replica.send(update))
  for (let index = 0; index < attachments.count; index++)
    doc.getMap('attachments').set(String(index), new Uint8Array(attachments.bytes).fill(index))
  await replica.until(() => replica.unsaved === 0)
  socket.close()
}

/** Opens the document and takes nothing of it until woken. */
class Reader {
  readonly text: Y.Text
  readonly #doc = new Y.Doc()
  readonly #room: string
  readonly #document: TestDocument
  #socket: RawSocket

  static async joinAndStall(room: string, document: TestDocument): Promise<Reader> {
    const doc = new Y.Doc()
    const { socket } = await join(room, document, doc)
    socket.pause()
    return new Reader({ room, document, doc, socket })
  }

  private constructor(options: { room: string; document: TestDocument; doc: Y.Doc; socket: RawSocket }) {
    this.#room = options.room
    this.#document = options.document
    this.#doc = options.doc
    this.#socket = options.socket
    this.text = this.#doc.getText('content')
  }

  get attachments(): number {
    return this.#doc.getMap('attachments').size
  }

  /** Resolves with how it went once the text is this one. */
  async wake(text: string): Promise<string> {
    this.#socket.resume()
    const caughtUp = untilText(this.text, text).then(() => 'read on')
    const end = await Promise.race([caughtUp, this.#socket.closed.then(({ code }) => `sent away (${code})`)])
    if (end !== 'read on') {
      const { socket } = await join(this.#room, this.#document, this.#doc)
      this.#socket = socket
      await caughtUp
    }
    return end
  }

  close(): void {
    this.#socket.terminate()
    this.#doc.destroy()
  }
}

function report(who: string, { growth, latenciesMs }: Measured): void {
  const grown = growth ? `${inMebibytes(growth.peak)} at most, ${inMebibytes(growth.now)} in the end` : '?'
  console.log(`${writers} writers and ${who}: ${describeLatencies(latenciesMs)}; the server grew by ${grown}`)
}

function tally(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ')
}
