/**
 * A database whose bytes have changed. Wherever that is: what is served is what was written, or it is said to be
 * damaged; no document turns into a blank one or into another; what can still be read can be set aside; and the store
 * goes on.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDocumentName, type DocumentName } from '@quire/protocol'
import { SqliteStore, StorageError } from '@quire/sync-server'
import { describe, expect, it } from 'vitest'
import { chosenSeed, seededRandom } from '../support/random.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { dose } from '../support/dose.ts'

const seed = chosenSeed()
const random = seededRandom(seed)
const rounds = dose({ variable: 'QUIRE_DAMAGES', usual: 60, small: 15 })
const pageBytes = 4096
const never = parseDocumentName('never made')

type Stored = NonNullable<Awaited<ReturnType<SqliteStore['load']>>>

/** Of all shapes: long and short logs, small and large entries, with and without a base. */
const documents = [
  { base: 0, entries: 400, bytes: 40 },
  { base: 0, entries: 3, bytes: 30_000 },
  { base: 20_000, entries: 0, bytes: 0 },
  { base: 200, entries: 30, bytes: 1000 },
  { base: 100, entries: 1, bytes: 20 },
  ...Array.from({ length: 30 }, () => ({ base: 0, entries: 2, bytes: 100 })),
].map(({ base, entries, bytes }, index) => {
  const firstEntry = base > 0 ? 2 : 1
  const stored: Stored = {
    base: base > 0 ? { position: 1, update: chanceBytes(base) } : undefined,
    tail: Array.from({ length: entries }, (_, entry) => ({
      position: firstEntry + entry,
      update: chanceBytes(bytes),
    })),
  }
  return { name: parseDocumentName(`document ${index}`), stored }
})
const more = chanceBytes(50)

interface Damage {
  readonly what: string
  readonly bytes: Buffer
  readonly from: number
  readonly to: number
}

describe(`a database whose bytes have changed (seed ${seed})`, () => {
  it(
    `serves what was written or says that it is damaged, in ${rounds} ways`,
    { timeout: 600_000 },
    async () => {
      const whole = await writtenDatabase()
      const count = { refused: 0, damaged: 0, harmless: 0 }
      for (let round = 0; round < rounds; round++) {
        const damage = damageTo(whole)
        try {
          count[await liveWith(damage)]++
        } catch (cause) {
          throw new Error(`round ${round}: ${damage.what} at ${damage.from}..${damage.to}`, { cause })
        }
      }
      console.log(`${rounds} damages: ${JSON.stringify(count)}`)
      expect(count.damaged).toBeGreaterThan(0)
    },
  )

  it.each(documents.slice(0, 6))('damages no other document: $name', async ({ name, stored }) => {
    const whole = await writtenDatabase()
    const updates = [...(stored.base ? [stored.base] : []), ...stored.tail]
    const spoilt = updates[random.below(updates.length)]
    if (!spoilt) throw new Error('every document holds something')
    // Larger ones are spread over pages; their beginning lies together.
    const beginning = spoilt.update.subarray(0, 20)
    const byte = random.below(20)
    const bytes = Buffer.from(whole)
    // In pages that are free again, too.
    for (let at = -1; (at = whole.indexOf(beginning, at + 1)) >= 0;)
      bytes[at + byte] = ~(whole[at + byte] ?? 0)
    expect(bytes.equals(whole)).toBe(false)
    const { folder, store } = await opened(bytes)

    const results = await Promise.all(documents.map((each) => loaded(store, each.name)))
    for (const [index, each] of documents.entries()) {
      if (each.name !== name) expect(results[index], each.name).toBe(sketch(each.stored))
    }
    const place = spoilt === stored.base ? 'the base' : `entry ${spoilt.position} of the log`
    expect(results[documents.findIndex((each) => each.name === name)]).toBe(
      `damaged: ${place} does not match its checksum`,
    )

    const path = await store.setAside(name, 'it was damaged')
    expect(path.startsWith(join(folder, 'quarantine/'))).toBe(true)
    const [header, ...rows] = linesOf(path)
    expect(header).toMatchObject({ document: name, reason: 'it was damaged' })
    expect(rows.map(({ position, matches }) => ({ position, matches }))).toEqual(
      updates.map((update) => ({ position: update.position, matches: update !== spoilt })),
    )
    await store.close()
  })
})

async function writtenDatabase(): Promise<Buffer> {
  const folder = temporaryFolder()
  const store = await SqliteStore.open(folder)
  // In turns, so that pages are shared as they are when people write at the same time.
  const longest = Math.max(...documents.map(({ stored }) => stored.tail.length))
  for (const { name, stored } of documents) {
    await store.create({ name, links: [], ...(stored.base ? { update: more } : {}) })
    if (stored.base) await store.compact(name, stored.base)
  }
  for (let entry = 0; entry < longest; entry++)
    await Promise.all(
      documents.flatMap(({ name, stored: { tail } }) => {
        const update = tail[entry]?.update
        return update ? [store.append(name, update)] : []
      }),
    )
  // Leaves pages behind that are free again.
  const gone = parseDocumentName('once long')
  for (const bytes of [200_000, 10]) await store.append(gone, chanceBytes(bytes), { create: true })
  await store.compact(gone, { position: 2, update: more })
  await store.close()
  return readFileSync(join(folder, 'quire.db'))
}

function damageTo(whole: Buffer): Damage {
  const bytes = Buffer.from(whole)
  const pages = bytes.length / pageBytes
  const at = random.below(bytes.length)
  // The first page is one of many, and the one on which most depends.
  const page = random.below(10) === 0 ? 0 : random.below(pages)
  const inPage = page * pageBytes + random.below(pageBytes)
  const start = page * pageBytes
  switch (random.below(6)) {
    case 0:
      return { what: 'a byte changed', bytes: flipped(bytes, at), from: at, to: at + 1 }
    case 1:
      // Where a page says what is in it.
      return {
        what: 'the head of a page changed',
        bytes: flipped(bytes, start + random.below(64)),
        from: start,
        to: start + 64,
      }
    case 2:
      return { what: 'a byte changed', bytes: flipped(bytes, inPage), from: inPage, to: inPage + 1 }
    case 3:
      bytes.fill(0, start, start + pageBytes)
      return { what: 'a page was emptied', bytes, from: start, to: start + pageBytes }
    case 4: {
      const other = random.below(pages) * pageBytes
      whole.copy(bytes, start, other, other + pageBytes)
      return {
        what: `page ${other / pageBytes} was written to another's place`,
        bytes,
        from: start,
        to: start + pageBytes,
      }
    }
    default: {
      const length = random.below(4) === 0 ? at : bytes.length - pageBytes * random.below(4)
      return { what: 'the end was cut off', bytes: bytes.subarray(0, length), from: length, to: bytes.length }
    }
  }
}

async function liveWith({ bytes, from, what }: Damage): Promise<'refused' | 'damaged' | 'harmless'> {
  let folder: string
  let store: SqliteStore
  try {
    ;({ folder, store } = await opened(bytes))
  } catch (error) {
    expect(String(error)).toMatch(/put a backup in its place/)
    // What is wrong with some document is no reason to keep all others from their people.
    expect(from < pageBytes || what === 'the end was cut off', String(error)).toBe(true)
    return 'refused'
  }
  const expected = new Map<DocumentName, Stored>()
  for (const { name, stored } of documents) {
    const found = await loaded(store, name)
    if (found === sketch(stored)) expected.set(name, stored)
    else {
      expect(found, name).toMatch(/^damaged: ./)
      expectTrueExport(await store.setAside(name, found), stored)
    }
  }
  expect(await loaded(store, never)).toMatch(/^(nothing|damaged: .+)$/)

  const isDamaged = expected.size < documents.length
  await Promise.all(
    [...expected].map(async ([name, { base, tail }]) => {
      try {
        const position = await store.append(name, more, { create: true })
        expected.set(name, { base, tail: [...tail, { position, update: more }] })
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(damaged|unavailable)$/) })
      }
    }),
  )
  await expectNothingElse(store, expected)
  await store.close()
  const again = await SqliteStore.open(folder)
  await expectNothingElse(again, expected)
  await again.close()
  return isDamaged ? 'damaged' : 'harmless'
}

/** Writing into a damaged database may show more of the damage, but never anything that was not written. */
async function expectNothingElse(
  store: SqliteStore,
  expected: ReadonlyMap<DocumentName, Stored>,
): Promise<void> {
  for (const [name, stored] of expected) {
    const found = await loaded(store, name)
    if (found !== sketch(stored)) expect(found, name).toMatch(/^damaged: ./)
  }
}

async function opened(bytes: Buffer): Promise<{ folder: string; store: SqliteStore }> {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'quire.db'), bytes)
  return { folder, store: await SqliteStore.open(folder) }
}

/** What is stored in short, or the code and the reason why it cannot be told. */
async function loaded(store: SqliteStore, name: DocumentName): Promise<string> {
  try {
    const stored = await store.load(name)
    return stored ? sketch(stored) : 'nothing'
  } catch (error) {
    if (error instanceof StorageError) return `${error.code}: ${error.message}`
    throw error
  }
}

function sketch({ base, tail }: Stored): string {
  const bytes = createHash('sha256')
  for (const { update } of [...(base ? [base] : []), ...tail]) bytes.update(update)
  const positions = tail.map(({ position }) => position)
  return `a base at ${base?.position ?? 0}, then ${positions.join(',')}, in all ${bytes.digest('hex')}`
}

function expectTrueExport(path: string, { base, tail }: Stored): void {
  for (const { kind, position, matches, bytes } of linesOf(path)) {
    if (matches !== true) continue
    const update = kind === 'base' ? base?.update : tail.find((entry) => entry.position === position)?.update
    expect(
      Buffer.from(String(bytes), 'base64').equals(update ?? Buffer.of()),
      `${String(kind)} ${String(position)}`,
    ).toBe(true)
  }
}

function linesOf(path: string): Record<string, unknown>[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>) // each is an object, as `OPERATING.md` says
}

function flipped(whole: Buffer, at: number): Buffer {
  const bytes = Buffer.from(whole)
  bytes[at] = (bytes[at] ?? 0) ^ (1 + random.below(255))
  return bytes
}

function chanceBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256))
}
