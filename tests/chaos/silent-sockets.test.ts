/**
 * Thousands who connect and never say who they are: some say nothing at all, some one letter of a header a second. They
 * cost the server little, are gone when their time is up, and those who type notice nothing.
 *
 *     pnpm silent-sockets      # 5,000 and 1,000; QUIRE_SILENT and QUIRE_DRIBBLING say how many
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as passed } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
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
const warmUpStrangers = { silent: 200, dribbling: 40 }
const ownGrowthBytes = 4 * mebibyte
/** Where V8 makes new objects it takes eight megabytes more at a time, when it thinks fit, which says nothing of sockets. */
const steadily = { NODE_OPTIONS: '--max-semi-space-size=1' }
const maxBytesPerSocket = 16 * 1024
const quietSeconds = 5
const count = silent + dribbling
const seed = chosenSeed()

it(
  `${silent} silent and ${dribbling} dribbling sockets cost little, and go (seed ${seed})`,
  { timeout: 240_000 },
  async () => {
    const random = seededRandom(seed)
    const server = await spawnServer(temporaryFolder(), steadily)
    const document = await createDocument(server.url)
    const room = `${server.syncUrl}/${document.id}`
    const watch = new DeliveryWatch()
    const writers = await Promise.all(
      Array.from({ length: typing }, () => Writer.join({ room, document, watch, random })),
    )
    for (const writer of writers) writer.start()
    await passed(warmUpSeconds * 1000)
    await connectStrangers(server.url, warmUpStrangers).gone
    watch.forget()
    await passed(quietSeconds * 1000)
    console.log(`${typing} who type, and nobody else: ${describeLatencies(watch.latenciesMs)}`)

    const growth = watchMemory(server.pid)
    const strangers = connectStrangers(server.url, { silent, dribbling })
    await strangers.here
    watch.forget()
    await strangers.gone
    const grown = growth()
    const perSocket = grown && `${(grown.peak / count / 1024).toFixed(1)} KiB a socket`
    console.log(
      `${typing} who type, and ${count} strangers: ${describeLatencies(watch.latenciesMs)}; ` +
        (grown ? `the server grew by ${inMebibytes(grown.peak)}, ${perSocket}` : ''),
    )
    if (grown) expect(grown.peak).toBeLessThanOrEqual(count * maxBytesPerSocket + ownGrowthBytes)

    for (const writer of writers) writer.stop()
    await Promise.all(writers.map((writer) => writer.saved()))
    expect(await readText(server.url, document)).toHaveLength(
      writers.reduce((sum, { typed }) => sum + typed, 0),
    )
  },
)

/** `here` resolves once they are all connected, `gone` once the server has had enough of every one. */
function connectStrangers(
  url: string,
  { silent: mute, dribbling: slow }: { silent: number; dribbling: number },
): { readonly here: Promise<void>; readonly gone: Promise<void> } {
  const { hostname, port } = new URL(url)
  const program = fileURLToPath(new URL('../support/strangers.ts', import.meta.url))
  const child = spawn('node', [program, hostname, port, String(mute), String(slow)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill())
  const here = once(child.stdout, 'data').then(() => undefined)
  const gone = once(child, 'exit').then(([code]) => expect(code).toBe(0))
  return { here, gone }
}
