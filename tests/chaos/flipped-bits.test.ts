/**
 * One bit of one row has flipped, wherever that is. `verify` finds it and says which document it is of; a server keeps
 * that document from its people rather than to serve what nobody wrote, and serves the others. What a document is served
 * without keeps it from nobody.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseDocumentName } from '@quire/protocol'
import { SqliteStore, verifyDatabase } from '@quire/sync-server'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { createDocument, readText } from '../support/documents.ts'
import { runQuire, spawnServer } from '../support/quire-process.ts'
import { chosenSeed, pick, seededRandom, type Random } from '../support/random.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { rowsOnDisk, type Range } from '../support/rows-on-disk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const flips = Number(process.env['QUIRE_FLIPS'] ?? 200)
/** Each takes a store of its own: an eighth of the flips. */
const served = flips / 8
const seed = chosenSeed()

/** The tables whose rows matter, and where a row says which document it belongs to. */
const owners = {
  documents: 'id',
  extents: 'document',
  openings: 'document',
  titles: 'document',
  log: 'document',
  bases: 'document',
  links: 'document',
  link_uses: 'document',
  writers: 'document',
} as const
/** Of these the number of a row is the document's. */
const keyed: readonly string[] = ['documents', 'extents', 'openings', 'titles', 'bases']
/** Of these none is needed to serve a document. */
const records: readonly string[] = ['link_uses', 'writers']
/** A title that is under another number is one that was never noted: what it is about cannot be known. */
const unclaimed: readonly string[] = ['titles']

interface Place {
  readonly what: string
  readonly table: string
  readonly document: string
  readonly ranges: readonly Range[]
  /** One of the ranges, by which the row is found. If that has changed, SQLite may miss its neighbours too. */
  readonly key: Range
}

it(`is found and named, wherever it is (seed ${seed})`, async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'quire.db')
  const names = await writeDocuments(folder, seededRandom(seed))
  expect(verifyDatabase(path, { isStill: true })).toMatchObject({ documents: names.length, damage: [] })

  const whole = readFileSync(path)
  const places = placesIn(path, whole)
  const random = seededRandom(seed + 1)
  const spoilt = join(temporaryFolder(), 'quire.db')
  const missed: string[] = []
  let toServe = served
  for (let flip = 0; flip < flips; flip++) {
    const place = pick(pick(places, random), random)
    const { bytes, at } = flipped(whole, place, random)
    writeFileSync(spoilt, bytes)
    const { damage } = verifyDatabase(spoilt, { isStill: true })
    // Where a name is what has changed, it is told by the name that it has now as well.
    const isNamed = damage.some(({ document }) => document === place.document)
    if (!isNamed) missed.push(`${place.what} at ${at}: ${JSON.stringify(damage)}`)
    if (toServe > 0 && !isIn(place.key, at)) {
      toServe--
      await expectServed(bytes, place, names)
    }
  }
  expect(missed).toEqual([])
})

it.each([
  ['links', 'a link does not match its checksum'],
  ['log', 'entry 1 of the log does not match its checksum'],
])('is kept from people by a running server, which serves the others: %s', async (table, reason) => {
  const folder = temporaryFolder()
  const server = await spawnServer(folder)
  const spoilt = await createDocument(server.url, { text: 'The quick brown fox jumps over the lazy dog.' })
  const other = await createDocument(server.url, { text: 'served' })
  await server.kill('SIGTERM')
  const path = join(folder, 'quire.db')
  const bytes = readFileSync(path)
  const [row] = rowsOnDisk(path, bytes, table)
  const last = row?.values[0]?.to ?? 0
  // In the middle of its bytes: of the hash of a key, or of a text.
  const at = last - 30
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(path, bytes)

  await server.restart()
  // Through the link that is damaged as through those that are not.
  for (const key of Object.values(spoilt.keys)) {
    const socket = await RawSocket.open(`${server.syncUrl}/${spoilt.id}`, quireSubprotocols(key))
    await socket.greet().catch(() => undefined)
    expect(await socket.closed).toEqual({ code: 1011, reason: 'document-damaged' })
  }
  expect(await readText(server.url, other)).toBe('served')
  const verified = await runQuire(['verify', '--data', folder, '--json'])
  expect(verified.code).toBe(3)
  expect(JSON.parse(verified.stdout)).toMatchObject({
    damage: expect.arrayContaining([{ document: spoilt.id, what: reason }]),
  })
  const { stderr } = await server.kill('SIGTERM')
  expect(stderr).toContain(`damaged: ${reason}; all of it is in `)
  expect(readdirSync(join(folder, 'quarantine'))).toHaveLength(1)
})

/** Of all that is kept of a document, with values of every kind. */
async function writeDocuments(folder: string, random: Random): Promise<string[]> {
  const store = await SqliteStore.open(folder)
  const names = Array.from({ length: 12 }, (_, index) => parseDocumentName(`document ${index}`))
  for (const [index, name] of names.entries()) {
    const doc = new Y.Doc()
    doc.clientID = 1 + random.below(2 ** 32 - 1)
    const updates: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => updates.push(update))
    const write = (words: number): void => doc.getText('content').insert(0, `${'word '.repeat(words)}\n`)
    write(3)
    const linkId = `link ${index}`
    await store.create({
      name,
      links: (['own', 'edit', 'view'] as const).map((role) => ({
        id: role === 'view' ? linkId : role,
        role,
        keyHash: createHash('sha256').update(`${name} ${role}`).digest(),
        ...(role === 'view' && { label: 'For the reviewers', expiresAt: 1_900_000_000, maxUses: 5 }),
      })),
    })
    await store.useLink(name, linkId, 'the user ada')
    await store.noteTitle(name, { position: 0, text: `Notes of ${index}` })
    for (const [edit, words] of [1, 40, 2, 3000, 5].entries()) {
      write(words)
      const update = Y.mergeUpdates(updates.splice(0))
      const part = edit === 0 ? 'wrote' : 'brought'
      const writer = { clientId: doc.clientID, userId: `user ${edit}`, name: 'Ada', part, clock: 3 } as const
      await store.append(name, update, { create: false, writers: [writer] })
      if (index % 3 === 0 && edit === 1)
        await store.compact(name, { position: 2, update: Y.encodeStateAsUpdate(doc) })
    }
  }
  await store.close()
  return names
}

/** A list for each table, so that those with few rows are met as often. */
function placesIn(path: string, file: Buffer): Place[][] {
  const database = new DatabaseSync(path, { readOnly: true })
  const places = Object.entries(owners).map(([table, owner]) => {
    const documents = new Map(
      database
        .prepare(
          `SELECT held.rowid AS row, owner.name AS document
           FROM ${table} AS held JOIN documents AS owner ON owner.id = held.${owner}`,
        )
        .all()
        .map(({ row, document }) => [Number(row), String(document)]),
    )
    return rowsOnDisk(path, file, table).map(({ row, key, values }) => ({
      what: `row ${row} of ${table}`,
      table,
      document: documents.get(row) ?? '',
      ranges: [
        ...(keyed.includes(table) && !unclaimed.includes(table) ? [key] : []),
        ...(keyed.includes(table) ? readOf(values) : values),
      ],
      key,
    }))
  })
  database.close()
  return places
}

/** Where the number of a row is its key, its second byte keeps a place for it among the values, which nothing reads. */
function readOf([first, ...rest]: readonly Range[]): Range[] {
  if (!first) return []
  return [{ from: first.from, to: first.from + 1 }, { from: first.from + 2, to: first.to }, ...rest]
}

function flipped(whole: Buffer, { ranges }: Place, random: Random): { bytes: Buffer; at: number } {
  const { from, to } = pick(ranges, random)
  const at = from + random.below(to - from)
  const bytes = Buffer.from(whole)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
  return { bytes, at }
}

function isIn({ from, to }: Range, at: number): boolean {
  return at >= from && at < to
}

async function expectServed(
  bytes: Buffer,
  { what, table, document }: Place,
  names: readonly string[],
): Promise<void> {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'quire.db'), bytes)
  const store = await SqliteStore.open(folder)
  for (const name of names) {
    const loading = store.load(parseDocumentName(name))
    if (name !== document || records.includes(table)) expect(await loading, `${what}: ${name}`).toBeDefined()
    else await expect(loading, what).rejects.toMatchObject({ code: 'damaged' })
  }
  await store.close()
}
