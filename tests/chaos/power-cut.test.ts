/**
 * The power fails, on a disk that had just failed to sync. Whatever of the unsynced reached the disk, what was said to
 * be stored is there, unchanged, and every document can be read.
 */
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { SqliteStore } from '@quire/sync-server'
import { describe, expect, it } from 'vitest'
import { Disk, lossModels } from '../support/power-loss/disk.ts'
import { writeImage } from '../support/power-loss/images.ts'
import { canTrace, readTrace } from '../support/power-loss/trace.ts'
import { chosenSeed, pick, seededRandom } from '../support/random.ts'
import { outcomesIn, traceStore, type Outcome } from '../support/storage-faults.ts'
import { roundNames, roundsIn } from '../support/storage-rounds.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { dose } from '../support/dose.ts'

const seed = chosenSeed()
const random = seededRandom(seed)
const runs = dose({ variable: 'QUIRE_FAULTS', usual: 4, small: 2 })
const cuts = 25

const faults = Array.from({ length: runs }, (_, run) => {
  const first = 8 + random.below(30)
  // The first run is on a disk that is well.
  return run === 0 ? undefined : `fsync:error=EIO:when=${first}..${first + random.below(6)}`
})

describe.skipIf(!canTrace())(`after a power cut (seed ${seed})`, () => {
  it.each(faults)('what was said to be stored is there: %s', async (inject) => {
    const folder = temporaryFolder()
    const data = join(folder, 'data')
    const trace = join(folder, 'trace')
    await traceStore({ folder: data, rounds: 40, trace, inject })
    const events = await readTrace(trace, realpathSync(data))

    const disk = new Disk()
    const chosen = new Set(Array.from({ length: cuts }, () => random.below(events.length)))
    const saved: Outcome[] = []
    for (const [index, event] of events.entries()) {
      disk.apply(event)
      if (event.type === 'say') saved.push(...outcomesIn(event.said.trimEnd()).filter(isSaved))
      if (!chosen.has(index)) continue
      const image = join(folder, `cut-${index}`)
      writeImage(disk.image(pick(lossModels, random), random), image)
      expect({ cut: index, missing: await missingFrom(image, saved) }).toEqual({ cut: index, missing: [] })
    }
    // Nothing at all if the fault came while the store was being opened.
    if (saved.length > 0) expect(saved.length).toBeGreaterThan(40)
  })
})

function isSaved({ what, result }: Outcome): boolean {
  return what === 'append' && result === 'done'
}

async function missingFrom(image: string, saved: readonly Outcome[]): Promise<Outcome[]> {
  const store = await SqliteStore.open(image)
  const held = new Map<string, readonly number[]>()
  for (const name of roundNames) {
    const stored = await store.load(name)
    held.set(name, stored ? roundsIn(name, stored) : [])
  }
  await store.close()
  return saved.filter(({ name, round }) => !held.get(name)?.includes(round))
}
