import fs, {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDocumentName } from '@quire/protocol'
import * as Y from 'yjs'
import { prepareDatabase } from '../storage/sqlite/database-file.ts'
import { lock } from '../storage/sqlite/lock.ts'
import { writeSchema3 } from '../storage/sqlite/schema-3.fixture.ts'
import { schemaVersion } from '../storage/sqlite/schema.ts'
import { SqliteStore } from '../storage/sqlite/sqlite-store.ts'
import { backUp, type BackUpOptions } from './back-up.ts'
import { inspectBackup } from './inspect.ts'
import { restore, type RestoreOptions } from './restore.ts'

const now = new Date('2026-11-28T05:00:00Z')
const names = ['manifest.json', 'quire.db', 'secret']

let folder: string
const inFolder = (...path: string[]): string => join(folder, ...path)
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quire-backup-'))
  await writeData(inFolder('data'), 'the text')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function writeData(path: string, words: string): Promise<void> {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, words.repeat(5000))
  const store = await SqliteStore.open(path)
  const name = parseDocumentName('notes')
  await store.create({ name, links: [], update: Y.encodeStateAsUpdate(doc) })
  await store.close()
  writeFileSync(join(path, 'secret'), `the secret that goes with ${words}, which is long`, { mode: 0o600 })
}

function make(target: string, options: Partial<BackUpOptions> = {}): ReturnType<typeof backUp> {
  const data = inFolder('data')
  return backUp({ data, target, keep: undefined, withSecret: true, now, tell: () => undefined, ...options })
}

function putBack(backup: string, options: Partial<RestoreOptions> = {}): ReturnType<typeof restore> {
  return restore({ backup, data: inFolder('to'), replace: false, now, tell: () => undefined, ...options })
}

/** The files of a folder, with what is in them; undefined: there is no such folder. */
function contents(path: string): ReadonlyMap<string, Buffer> | undefined {
  if (!existsSync(path)) return undefined
  return new Map(readdirSync(path).map((name) => [name, readFileSync(join(path, name))]))
}

describe('a backup that was cut short or altered', () => {
  let whole: string
  beforeEach(async () => {
    whole = (await make(inFolder('whole'))).path
  })

  /** Neither verified nor restored, with words that say what is wrong; and nothing is touched. */
  function expectRefused(backup: string, words: RegExp | string): void {
    const before = contents(backup)
    const { faults } = inspectBackup(backup, () => undefined)
    expect(faults.map(({ what }) => what).join('\n')).toMatch(words)
    expect(() => putBack(backup)).toThrow(words)
    expect(contents(backup)).toEqual(before)
    expect(existsSync(inFolder('to'))).toBe(false)
  }

  function altered(alter: (path: string) => void): string {
    const path = mkdtempSync(inFolder('altered-'))
    cpSync(whole, path, { recursive: true })
    alter(path)
    return path
  }

  it('is refused wherever it was cut', () => {
    for (const name of names) {
      const { size } = statSync(join(whole, name))
      for (const length of [0, 1, 99, 100, 511, size / 2, size - 4096, size - 1].map(Math.floor)) {
        if (length < 0 || length >= size) continue
        const path = altered((to) =>
          writeFileSync(join(to, name), readFileSync(join(to, name)).subarray(0, length)),
        )
        expectRefused(path, name)
      }
    }
  })

  it('is refused whichever bit has changed', () => {
    let state = Number(process.env['QUIRE_SEED'] ?? 1)
    const below = (end: number): number => (state = (state * 48_271 + 11) % 2_147_483_647) % end
    for (const name of names) {
      const bytes = readFileSync(join(whole, name))
      for (let flip = 0; flip < 12; flip++) {
        const at = below(bytes.length)
        const bit = 1 << below(8)
        const path = altered((to) => {
          const changed = Buffer.from(bytes)
          changed[at] = (changed[at] ?? 0) ^ bit
          writeFileSync(join(to, name), changed)
        })
        expectRefused(path, name)
      }
    }
  })

  it.each(names)('is refused without %s', (name) => {
    expectRefused(
      altered((to) => rmSync(join(to, name))),
      `${name} is missing`,
    )
  })

  it.each([
    ['"documents": 1', '"documents": 2'],
    [`"schema": ${schemaVersion}`, `"schema": ${schemaVersion - 1}`],
    ['2026-11-28', '2026-11-29'],
    ['"damage": []', '"damage": [{"document":null,"what":"all of it"}]'],
    ['{', '{\n'],
    ['"format": 1', '"format": 2'],
  ])('is refused with a manifest that says %s otherwise', (written, edited) => {
    const edit = (to: string): void => {
      const path = join(to, 'manifest.json')
      const text = readFileSync(path, 'utf8')
      expect(text).toContain(written)
      writeFileSync(path, text.replace(written, edited))
    }
    expectRefused(altered(edit), 'manifest.json is')
  })

  it.each(names)('is refused with %s of another backup', async (name) => {
    await writeData(inFolder('other data'), 'another')
    const { path: other } = await make(inFolder('other'), { data: inFolder('other data') })
    expectRefused(
      altered((to) => cpSync(join(other, name), join(to, name))),
      /is not what was written|bytes, and had/,
    )
  })

  it('is refused with a secret that it did not have', async () => {
    const { path } = await make(inFolder('without'), { withSecret: false })
    writeFileSync(join(path, 'secret'), 'one that somebody else knows')
    expectRefused(path, 'secret is there, and was not part of it')
  })
})

describe('a restore', () => {
  /** What a killed server has left, part of it in its log alone, with a secret of its own. */
  async function writeOld(path: string): Promise<void> {
    await writeData(inFolder('old'), 'what is there')
    const store = await SqliteStore.open(inFolder('old'))
    await store.create({ name: parseDocumentName('in the log'), links: [] })
    cpSync(inFolder('old'), path, { recursive: true, filter: (from) => !from.endsWith('.lock') })
    await store.close()
    expect(readdirSync(path)).toEqual(['quire.db', 'quire.db-shm', 'quire.db-wal', 'secret'])
  }

  /** What a server would take for its own. */
  function inUse(path: string): ReadonlyMap<string, Buffer> {
    const isInUse = ([name]: [string, Buffer]): boolean => /^(quire\.db(-wal|-shm)?|secret)$/.test(name)
    return new Map([...(contents(path) ?? [])].filter(isInUse))
  }

  /** What was moved aside, under its old names, for each restore that did so. */
  function asides(path: string): ReadonlyMap<string, Buffer>[] {
    const found = new Map<string, Map<string, Buffer>>()
    for (const [name, bytes] of contents(path) ?? []) {
      const [, stem, moment = '', ending] = /^(.+)\.before-restore-([^-]+-.+Z)(-wal|-shm)?$/.exec(name) ?? []
      if (stem === undefined) continue
      const those = found.get(moment) ?? new Map<string, Buffer>()
      found.set(moment, those.set(`${stem}${ending ?? ''}`, bytes))
    }
    return [...found.values()]
  }

  /** Calls `attempt` with a disk that fails at each of its steps in turn, alone or from then on as if the process were killed. */
  function atEachStep(upTo: 'that one' | 'the end', attempt: () => void, then: (step: number) => void): void {
    const { fsyncSync: sync, renameSync: rename, rmSync: remove } = fs
    for (let step = 1, isThrough = false; !isThrough; step++) {
      let count = 0
      const failing =
        <Args extends unknown[]>(call: (...args: Args) => void) =>
        (...args: Args): void => {
          count++
          if (count === step || (count > step && upTo === 'the end')) throw new Error('the disk fails')
          call(...args)
        }
      Object.assign(fs, {
        fsyncSync: failing(sync),
        renameSync: failing(rename),
        rmSync: failing(remove),
      })
      syncBuiltinESMExports()
      try {
        attempt()
      } catch (error) {
        expect(error).toMatchObject({ message: expect.stringContaining('the disk fails') })
      } finally {
        Object.assign(fs, { fsyncSync: sync, renameSync: rename, rmSync: remove })
        syncBuiltinESMExports()
      }
      isThrough = count < step
      then(step)
    }
  }

  it('leaves a folder as it was at whichever step it fails', async () => {
    const { path } = await make(inFolder('backup'))
    await writeOld(inFolder('to'))
    const listed = (): unknown =>
      readdirSync(inFolder('to'))
        .filter((name) => name !== 'quire.lock')
        .map((name) => [name, statSync(inFolder('to', name)).ino])
    const before = listed()
    let steps = 0
    let restored: unknown
    atEachStep(
      'that one',
      () => (restored = putBack(path, { replace: true })),
      (step) => {
        steps = step
        if (!restored) expect(listed(), `step ${step}`).toEqual(before)
      },
    )
    expect(steps).toBeGreaterThan(12)
    expect(restored).toMatchObject({ documents: 1 })
  })

  it('moves nothing aside under a name that is taken', async () => {
    const { path } = await make(inFolder('backup'))
    await writeOld(inFolder('to'))
    writeFileSync(inFolder('to', 'secret.before-restore-2026-11-28T05-00-00Z'), 'of a moment ago')
    const before = inUse(inFolder('to'))
    expect(() => putBack(path, { replace: true })).toThrow('is there already')
    expect(inUse(inFolder('to'))).toEqual(before)
    putBack(path, { replace: true, now: new Date('2026-11-28T05:00:01Z') })
    expect(asides(inFolder('to'))).toContainEqual(before)
  })

  it.each(['what a server left', 'nothing'])(
    'that is killed at whichever step loses nothing, and the next one begins where it did: over %s',
    async (what) => {
      const { path } = await make(inFolder('backup'))
      const restored = new Map(['quire.db', 'secret'].map((name) => [name, readFileSync(join(path, name))]))
      mkdirSync(inFolder('before'))
      if (what !== 'nothing') {
        rmSync(inFolder('before'), { recursive: true })
        await writeOld(inFolder('before'))
      }
      const old = inUse(inFolder('before'))
      const reset = (): void => {
        rmSync(inFolder('to'), { recursive: true, force: true })
        cpSync(inFolder('before'), inFolder('to'), { recursive: true })
      }
      reset()
      let refusals = 0
      atEachStep(
        'the end',
        () => putBack(path, { replace: true }),
        (step) => {
          const left = inUse(inFolder('to'))
          if (left.has('quire.db')) expect([old, restored], `step ${step}`).toContainEqual(left)
          else if (readdirSync(inFolder('to')).some((name) => name.startsWith('quire.db'))) {
            refusals++
            expect(() => prepareDatabase(inFolder('to', 'quire.db'))).toThrow('a restore was interrupted')
            expect(inUse(inFolder('to'))).toEqual(left)
          }
          const behind = new Date('2025-01-01T00:00:00Z')
          if (old.size > 0) {
            expect(() => putBack(path, { now: behind })).toThrow('already')
            if (!left.has('quire.db')) expect(inUse(inFolder('to')), `step ${step}`).toEqual(old)
          }
          putBack(path, { now: behind, replace: true })
          expect(inUse(inFolder('to')), `step ${step}`).toEqual(restored)
          if (old.size > 0) expect(asides(inFolder('to')), `step ${step}`).toContainEqual(old)
          expect(readdirSync(inFolder('to')).filter((name) => name.includes('restoring'))).toEqual([])
          reset()
        },
      )
      expect(refusals).toBeGreaterThan(old.size > 0 ? 8 : 2)
    },
  )

  it('takes the log along with the database that it moves aside', async () => {
    const { path } = await make(inFolder('backup'))
    mkdirSync(inFolder('to'))
    for (const ending of ['', '-wal', '-shm'])
      writeFileSync(inFolder('to', `quire.db${ending}`), `old${ending}`)
    const { movedAside } = putBack(path, { replace: true })
    const aside = inFolder('to', 'quire.db.before-restore-2026-11-28T05-00-00Z')
    expect(movedAside).toEqual([aside, `${aside}-wal`, `${aside}-shm`])
    expect(readFileSync(`${aside}-wal`, 'latin1')).toBe('old-wal')
    expect(readdirSync(inFolder('to')).filter((name) => !name.includes('before'))).toEqual([
      'quire.db',
      'quire.lock',
      'secret',
    ])
  })

  it('keeps the secret that is there if the backup has none', async () => {
    const { path } = await make(inFolder('backup'), { withSecret: false })
    mkdirSync(inFolder('to'))
    writeFileSync(inFolder('to', 'secret'), 'kept')
    expect(putBack(path)).toMatchObject({ documents: 1, hasSecret: false, movedAside: [] })
    expect(readFileSync(inFolder('to', 'secret'), 'latin1')).toBe('kept')
  })
})

describe('a backup', () => {
  it('of what an older server left is one that this server brings up to date', async () => {
    rmSync(inFolder('data', 'quire.db'))
    const doc = new Y.Doc()
    doc.getText('content').insert(0, 'old')
    const link = { id: 'own', role: 'own', keyHash: new Uint8Array(32), label: '' }
    writeSchema3(inFolder('data', 'quire.db'), { name: 'notes', log: [Y.encodeStateAsUpdate(doc)], link })
    const { path } = await make(inFolder('backup'))
    expect(inspectBackup(path, () => undefined)).toMatchObject({
      manifest: { schema: 3, documents: 1 },
      faults: [],
    })
    putBack(path)
    const store = await SqliteStore.open(inFolder('to'))
    expect((await store.load(parseDocumentName('notes')))?.tail).toHaveLength(1)
    await store.close()
  })

  it('is not taken for a leftover while it is being made', async () => {
    mkdirSync(inFolder('backup.part'))
    const held = lock(inFolder('backup.part', 'backup.lock'))
    await expect(make(inFolder('backup'))).rejects.toThrow('Another backup')
    expect(existsSync(inFolder('backup.part'))).toBe(true)
    held.close()
    expect(await make(inFolder('backup'))).toMatchObject({ documents: 1 })
    expect(readdirSync(folder).toSorted()).toEqual(['backup', 'data'])
  })

  it('goes last when room is made, whatever the clock said before', async () => {
    mkdirSync(inFolder('backups'))
    const night = async (day: string): ReturnType<typeof backUp> => {
      const made = await make(inFolder('backups'), { keep: 3, now: new Date(`${day}T05:00:00Z`) })
      expect(existsSync(made.path), day).toBe(true)
      return made
    }
    const nights = async (...days: readonly string[]): Promise<Awaited<ReturnType<typeof backUp>>[]> => {
      const made = []
      for (const day of days) made.push(await night(day))
      return made
    }
    const there = (): string[] =>
      readdirSync(inFolder('backups')).map((name) => /\d{4}-\d\d-\d\d/.exec(name)?.[0] ?? name)
    await nights('2028-11-01', '2028-11-02', '2028-11-03')
    const [first] = await nights('2026-11-04')
    expect(first?.datedLater.map((path) => path.slice(-20, -10))).toEqual([
      '2028-11-03',
      '2028-11-02',
      '2028-11-01',
    ])
    expect(there()).toEqual(['2026-11-04', '2028-11-02', '2028-11-03'])
    await nights('2026-11-05', '1970-01-01')
    expect(there()).toEqual(['1970-01-01', '2026-11-05', '2028-11-03'])
    expect((await nights('2026-11-06', '2026-11-07', '2026-11-08')).at(-1)?.datedLater).toEqual([])
    expect(there()).toEqual(['2026-11-06', '2026-11-07', '2026-11-08'])
  })

  it('leaves nothing behind when the database cannot be copied', async () => {
    const bytes = readFileSync(inFolder('data', 'quire.db'))
    bytes.fill(0xff, 100, 4096)
    writeFileSync(inFolder('data', 'quire.db'), bytes)
    await expect(make(inFolder('backup'))).rejects.toThrow('`quire verify` says what is damaged')
    expect(readdirSync(folder)).toEqual(['data'])
  })

  it('is made page by page where one cannot be used, with the document that it is of and all others', async () => {
    const sound = parseDocumentName('sound')
    const late = parseDocumentName('late')
    const update = Y.encodeStateAsUpdate(new Y.Doc())
    let store = await SqliteStore.open(inFolder('data'))
    await store.create({ name: sound, links: [], update })
    await store.close()
    const bytes = readFileSync(inFolder('data', 'quire.db'))
    const inside = bytes.indexOf('the text'.repeat(500)) + 8192
    // Where the text goes on: past the end of the file.
    bytes.writeUInt32BE(0x7fffffff, inside - (inside % 4096))
    writeFileSync(inFolder('data', 'quire.db'), bytes)

    store = await SqliteStore.open(inFolder('data'))
    await store.create({ name: late, links: [], update })
    const made = await make(inFolder('backup'))
    await store.close()
    expect(made.documents).toBe(3)
    expect(made.damage.filter(({ document }) => document !== undefined)).toEqual([
      { document: 'notes', what: expect.stringContaining('cannot be read') },
    ])
    expect(contents(made.path)?.size).toBe(3)
    expect(inspectBackup(made.path, () => undefined).faults).toEqual([])
    putBack(made.path)
    store = await SqliteStore.open(inFolder('to'))
    await expect(store.load(parseDocumentName('notes'))).rejects.toMatchObject({ code: 'damaged' })
    for (const name of [sound, late]) expect((await store.load(name))?.tail).toHaveLength(1)
    await store.close()
  })

  it('leaves out what is free, and needs no journal to be opened', async () => {
    const { path } = await make(inFolder('backup'))
    const database = new DatabaseSync(join(path, 'quire.db'), { readOnly: true })
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    expect(database.prepare('PRAGMA freelist_count').get()).toEqual({ freelist_count: 0 })
    database.close()
  })
})
