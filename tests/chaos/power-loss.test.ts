/**
 * The power goes. A recording of what a store asks of its files while it is written to, killed and opened again says
 * what a disk must hold at any moment and what it may have lost; in every such image, what was promised is there.
 */
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { assert } from '@quire/protocol'
import { SqliteStore } from '@quire/sync-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { crashImages, writeImage, type Image } from '../support/power-loss/images.ts'
import { expectKept, headOf, names, updateOf } from '../support/power-loss/promises.ts'
import { record, type Life } from '../support/power-loss/recording.ts'
import { canTrace, type Traced } from '../support/power-loss/trace.ts'
import { chosenSeed, seededRandom } from '../support/random.ts'
import { memoryFolder } from '../support/temporary-folder.ts'
import { dose } from '../support/dose.ts'

/** Of each recording. */
const images = dose({ variable: 'QUIRE_IMAGES', usual: 120, small: 15 })
const recordings = Number(process.env['QUIRE_RECORDINGS'] ?? 1)
/** The one image to look at, if a number is given. */
const chosen = process.env['QUIRE_IMAGE']
const firstSeed = chosenSeed()
/** Opening a store is mostly waiting for its thread to start. */
const atOnce = 4
const perImageMs = 2000

// Hundreds of threads load the same modules: compiled once, they start in half the time.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache')

const canReplay = canTrace()

for (let seed = firstSeed; seed < firstSeed + recordings; seed++)
  describe.skipIf(!canReplay)(`a loss of power (seed ${seed})`, () => {
    const numbers =
      chosen === undefined ? Array.from({ length: images }, (_, index) => index) : [Number(chosen)]
    let recorded: Traced[] = []
    beforeAll(async () => {
      recorded = await record(seed, livesOf(seed))
    }, 120_000)
    afterAll(() => {
      recorded = []
    })

    it(
      `takes nothing that was promised, in ${numbers.length} images of the disk`,
      { timeout: 60_000 + numbers.length * perImageMs },
      async () => {
        const commits = recorded.filter((event) => isSync(event, 'quire.db-wal')).length
        const checkpoints = recorded.filter((event) => isSync(event, 'quire.db')).length
        expect(commits).toBeGreaterThan(100)
        expect(checkpoints).toBeGreaterThan(3)
        const losses = await lossesIn(recorded, { seed, numbers })
        if (losses[0]) keep(losses[0].image, seed)
        expect(losses.map(({ image, reason }) => `image ${image.number}, ${image.story}: ${reason}`)).toEqual(
          [],
        )
        console.log(`${numbers.length} images, ${commits} commits, ${checkpoints} checkpoints`)
      },
    )

    if (seed > firstSeed) return
    it('would show if the store only synced its checkpoints', async () => {
      const lax = recorded.filter(
        (event, index) => !isSync(event, 'quire.db-wal') || isWrite(recorded[index + 1], 'quire.db'),
      )
      const losses = await lossesIn(lax, { seed, numbers: numbers.slice(0, 40) })
      expect(losses.length).toBeGreaterThan(5)
    })
  })

/** Of a store that is made, killed and opened again: at any call, while it is opened and in the midst of a checkpoint. */
function livesOf(seed: number): Life[] {
  const random = seededRandom(seed)
  return [
    { rounds: 200, kill: { at: 'fsync', nth: 1 + random.below(60) } },
    // Long enough for several checkpoints, and for the log to begin anew after each.
    { rounds: 120 },
    { rounds: 200, kill: { at: 'pwrite64', nth: 1 + random.below(3000) } },
    { rounds: 200, kill: { at: 'fsync', nth: 1 + random.below(60) } },
    { rounds: 40 },
  ]
}

function isSync(event: Traced | undefined, file: string): boolean {
  return event?.type === 'sync' && event.file === file
}

function isWrite(event: Traced | undefined, file: string): boolean {
  return event?.type === 'write' && event.file === file
}

interface Loss {
  readonly image: Image
  readonly reason: string
}

async function lossesIn(
  recorded: readonly Traced[],
  { seed, numbers }: { seed: number; numbers: readonly number[] },
): Promise<Loss[]> {
  const folder = memoryFolder()
  const losses: Loss[] = []
  const waiting = crashImages(recorded, { seed, numbers })
  // All take from one iterator: each the next image once it is done with its last.
  const lane = async (): Promise<void> => {
    for (const image of waiting) {
      const reason = await lossIn(image, join(folder, String(image.number)))
      if (reason !== undefined) losses.push({ image, reason })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return losses
}

async function lossIn({ files, promises }: Image, folder: string): Promise<string | undefined> {
  writeImage(files, folder)
  try {
    const store = await SqliteStore.open(folder)
    try {
      await expectKept(store, promises)
      await expectWritable(store)
    } finally {
      await store.close()
    }
    const database = new DatabaseSync(join(folder, 'quire.db'))
    const [{ integrity_check: found } = {}] = database.prepare('PRAGMA integrity_check').all()
    database.close()
    return found === 'ok' ? undefined : String(found)
  } catch (error) {
    return String(error)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function expectWritable(store: SqliteStore): Promise<void> {
  const [name] = names
  assert(name !== undefined, 'there are names')
  const head = headOf(await store.load(name))
  const position = await store.append(name, updateOf(name, head + 1), { create: true })
  if (position !== head + 1) throw new Error(`after ${head} came ${position}`)
}

/** As the disk was before anybody opened it, to be looked at. */
function keep({ number, files }: Image, seed: number): void {
  const folder = join(tmpdir(), `quire-lost-${seed}-${number}`)
  rmSync(folder, { recursive: true, force: true })
  writeImage(files, folder)
  console.log(`image ${number} is kept in ${folder}`)
}
