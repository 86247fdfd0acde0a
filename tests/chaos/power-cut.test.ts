/**
 * The power fails, on a disk that had just failed to sync. Whatever of the unsynced reached the disk, what was said to
 * be stored is there, unchanged, and every document can be read.
 */
import { join } from 'node:path'
import { SqliteStore } from '@quire/sync-server'
import { describe, expect, it } from 'vitest'
import { chosenSeed, seededRandom } from '../support/random.ts'
import { firstText, readTrace, SimulatedDisk, type SystemCall } from '../support/simulated-disk.ts'
import { canTrace, outcomesIn, traceStore, type Outcome } from '../support/storage-faults.ts'
import { roundNames, roundsIn } from '../support/storage-rounds.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const seed = chosenSeed()
const random = seededRandom(seed)
const runs = Number(process.env['QUIRE_FAULTS'] ?? 4)
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
    const calls = readTrace(trace)

    const disk = new SimulatedDisk(data)
    const chosen = new Set(Array.from({ length: cuts }, () => random.below(calls.length)))
    const saved: Outcome[] = []
    for (const [index, call] of calls.entries()) {
      disk.apply(call)
      saved.push(...saidIn(call).filter(({ what, result }) => what === 'append' && result === 'done'))
      if (!chosen.has(index)) continue
      const image = join(folder, `cut-${index}`)
      disk.powerCut(image, random)
      expect({ cut: index, missing: await missingFrom(image, saved) }).toEqual({ cut: index, missing: [] })
    }
    // Nothing at all if the fault came while the store was being opened.
    if (saved.length > 0) expect(saved.length).toBeGreaterThan(40)
  })
})

function saidIn({ call, args }: SystemCall): Outcome[] {
  if (call !== 'write' || !args.startsWith('1, ')) return []
  return firstText(args).split('\n').flatMap(outcomesIn)
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
