/**
 * A disk that fails for a while. Whatever call fails, and for however long: what was said to be stored is there
 * afterwards, unchanged and once; what failed is there once or not at all; nothing is ever read that a restart takes
 * back; and once the disk is well, the store is too, without a restart.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SqliteStore } from '@quire/sync-server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { canTrace } from '../support/power-loss/trace.ts'
import { chosenSeed, seededRandom } from '../support/random.ts'
import { driveStore, type Outcome } from '../support/storage-faults.ts'
import { roundNames, roundsIn, updateOf } from '../support/storage-rounds.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { dose } from '../support/dose.ts'

const seed = chosenSeed()
const random = seededRandom(seed)
const windows = dose({ variable: 'QUIRE_FAULTS', usual: 4, small: 1 })
const rounds = 40
/** So many rounds at the end are after any of the windows below. */
const wellRounds = 5

/** `calls`: about how often the first half of a run makes this call, so that a window may begin at any of them. */
const kinds = [
  { call: 'fsync', error: 'EIO', calls: 30, longest: 6 },
  { call: 'pwrite64', error: 'EIO', calls: 1000, longest: 8 },
  { call: 'pwrite64', error: 'ENOSPC', calls: 1000, longest: 8 },
  { call: 'pread64', error: 'EIO', calls: 150, longest: 8 },
]

const faults = kinds.flatMap(({ call, error, calls, longest }) =>
  Array.from({ length: windows }, () => {
    const first = 1 + random.below(calls)
    return `${call}:error=${error}:when=${first}..${first + random.below(longest)}`
  }),
)

describe.skipIf(!canTrace())(`a disk that fails for a while (seed ${seed})`, () => {
  it.each(faults)('%s', async (inject) => {
    const folder = temporaryFolder()
    const paths = ['quire.db', 'quire.db-wal', 'quire.db-shm'].map((file) => join(folder, file))
    const outcomes = await driveStore({ folder, rounds, inject, paths })
    await expectTruth(folder, outcomes)
    if (outcomes.length === 0) return
    const last = outcomes.filter(({ round }) => round > rounds - wellRounds)
    expect(last.filter(({ what, result }) => what !== 'holds' && result !== 'done')).toEqual([])
  })
})

async function expectTruth(folder: string, outcomes: readonly Outcome[]): Promise<void> {
  const failures = new Set(outcomes.filter(({ what }) => what !== 'holds').map(({ result }) => result))
  failures.delete('done')
  failures.delete('unavailable')
  failures.delete('disk-full')
  expect([...failures]).toEqual([])

  const store = await SqliteStore.open(folder)
  for (const name of roundNames) {
    const stored = await store.load(name)
    const held = stored ? roundsIn(name, stored) : []
    const mine = outcomes.filter((outcome) => outcome.name === name)
    const saved = mine.filter(({ what, result }) => what === 'append' && result === 'done')
    const seen = mine
      .filter(({ what }) => what === 'holds')
      .flatMap(({ result }) => result.split(',').map(Number))
    expect(held).toEqual([...new Set(held)].toSorted((a, b) => a - b))
    expect(held).toEqual(expect.arrayContaining(saved.map(({ round }) => round)))
    expect(held).toEqual(expect.arrayContaining(seen))
  }
  await store.close()
}

const isRoot = process.getuid?.() === 0
if (!isRoot) console.warn('Skipped: a full disk is a small file system, which only root can mount.')

describe.skipIf(!isRoot)('a full disk', () => {
  it('is said, leaves everything readable, and is forgotten once there is room', async () => {
    const folder = smallDisk()
    const filler = join(folder, 'filler')
    const [name] = roundNames
    if (!name) throw new Error('there is a name')
    const store = await SqliteStore.open(join(folder, 'data'))
    onTestFinished(() => store.close())
    await store.append(name, updateOf(name, 1), { create: true })

    fillUp(filler)
    const failed: number[] = []
    for (let round = 2; failed.length < 3; round++)
      await store.append(name, updateOf(name, round)).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'disk-full' })
        failed.push(round)
      })
    await expect(store.check()).rejects.toMatchObject({ code: 'disk-full' })
    const stored = await store.load(name)
    const held = stored ? roundsIn(name, stored) : []
    expect(held).toContain(1)

    rmSync(filler)
    await store.check()
    await store.append(name, updateOf(name, 1000))
    const after = await store.load(name)
    expect(after && roundsIn(name, after)).toEqual([...held, 1000])
  })

  it('is not what one damaged document makes for all others', async () => {
    const folder = join(smallDisk(), 'data')
    const [name, spoilt] = roundNames
    if (!name || !spoilt) throw new Error('there are two names')
    await using(folder, (store) => store.append(spoilt, new Uint8Array(800_000), { create: true }))
    const database = new DatabaseSync(join(folder, 'quire.db'))
    database.exec('UPDATE log SET checksum = 0; PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()

    await using(folder, async (store) => {
      // Less than its export takes.
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(join(folder, '..', 'filler'), new Uint8Array(bavail * bsize - 1_000_000))
      await expect(store.load(spoilt)).rejects.toMatchObject({ code: 'damaged' })
      await expect(store.setAside(spoilt, 'because')).rejects.toMatchObject({ code: 'disk-full' })
      expect(readdirSync(join(folder, 'quarantine'))).toEqual([])
      for (let round = 1; round <= 3; round++)
        await store.append(name, updateOf(name, round), { create: true })
    })
  })
})

async function using(folder: string, work: (store: SqliteStore) => Promise<unknown>): Promise<void> {
  const store = await SqliteStore.open(folder)
  try {
    await work(store)
  } finally {
    await store.close()
  }
}

/** 4 MB, gone with the test. */
function smallDisk(): string {
  const path = temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', path])
  onTestFinished(() => void execFileSync('umount', ['--lazy', path]))
  mkdirSync(join(path, 'data'))
  return path
}

function fillUp(path: string): void {
  for (const bytes of [65536, 4096]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(bytes), { flag: 'a' })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
    }
  }
}
