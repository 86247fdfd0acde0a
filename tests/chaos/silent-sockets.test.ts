/**
 * Thousands who connect and never say who they are: some say nothing at all, some one letter of a header a second. They
 * cost the server little, are gone when their time is up, and those who type notice nothing.
 *
 *     pnpm silent-sockets      # 5,000 and 1,000; QUIRE_SILENT and QUIRE_DRIBBLING say how many
 */
import { connect } from 'node:net'
import { setTimeout as passed } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { createDocument, readText } from '../support/documents.ts'
import { inMebibytes, mebibyte, watchMemory } from '../support/process-memory.ts'
import { spawnServer } from '../support/quire-process.ts'
import { chosenSeed, seededRandom } from '../support/random.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { DeliveryWatch, describeLatencies, Writer } from '../support/timed-writers.ts'

const silent = Number(process.env['QUIRE_SILENT'] ?? 500)
const dribbling = Number(process.env['QUIRE_DRIBBLING'] ?? 100)
const typing = 2
/** A server that has just begun grows by itself for a while, and by some megabytes more or less. */
const warmUpSeconds = 5
const ownGrowthBytes = 4 * mebibyte
const maxBytesPerSocket = 16 * 1024
const quietSeconds = 5
const openedAtOnce = 250
const seed = chosenSeed()

it(
  `${silent} silent and ${dribbling} dribbling sockets cost little, and go (seed ${seed})`,
  { timeout: 240_000 },
  async () => {
    const random = seededRandom(seed)
    const server = await spawnServer(temporaryFolder())
    const document = await createDocument(server.url)
    const room = `${server.syncUrl}/${document.id}`
    const watch = new DeliveryWatch()
    const writers = await Promise.all(
      Array.from({ length: typing }, () => Writer.join({ room, document, watch, random })),
    )
    for (const writer of writers) writer.start()
    await passed(warmUpSeconds * 1000)
    watch.forget()
    await passed(quietSeconds * 1000)
    console.log(`${typing} who type, and nobody else: ${describeLatencies(watch.latenciesMs)}`)

    const growth = watchMemory(server.pid)
    const strangers: Stranger[] = []
    while (strangers.length < silent + dribbling) {
      const batch = Math.min(openedAtOnce, silent + dribbling - strangers.length)
      strangers.push(
        ...(await Promise.all(Array.from({ length: batch }, () => Stranger.connect(server.url)))),
      )
    }
    const dribblers = strangers.slice(0, dribbling)
    for (const stranger of dribblers) stranger.say('GET / HTTP/1.1\r\nX: ')
    const stopDribbling = everySecond(() => {
      for (const stranger of dribblers) stranger.say('x')
    })
    watch.forget()
    await Promise.all(strangers.map(({ closed }) => closed))
    stopDribbling()
    const grown = growth()
    const perSocket = grown && `${(grown.peak / strangers.length / 1024).toFixed(1)} KiB a socket`
    console.log(
      `${typing} who type, and ${strangers.length} strangers: ${describeLatencies(watch.latenciesMs)}; ` +
        (grown ? `the server grew by ${inMebibytes(grown.peak)}, ${perSocket}` : ''),
    )
    if (grown) expect(grown.peak).toBeLessThanOrEqual(strangers.length * maxBytesPerSocket + ownGrowthBytes)

    for (const writer of writers) writer.stop()
    await Promise.all(writers.map((writer) => writer.saved()))
    expect(await readText(server.url, document)).toHaveLength(
      writers.reduce((sum, { typed }) => sum + typed, 0),
    )
  },
)

/** A connection of somebody who does not say who they are. */
class Stranger {
  /** The server has had enough. */
  readonly closed: Promise<void>
  readonly say: (words: string) => void

  static async connect(url: string): Promise<Stranger> {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    onTestFinished(() => void socket.destroy())
    const stranger = new Stranger(socket)
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    return stranger
  }

  private constructor(socket: ReturnType<typeof connect>) {
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
    this.say = (words) => void socket.write(words)
    // One that ends while something is being said to it is closed all the same.
    socket.on('error', () => undefined)
    socket.resume()
  }
}

function everySecond(act: () => void): () => void {
  const timer = setInterval(act, 1000)
  return () => clearInterval(timer)
}
