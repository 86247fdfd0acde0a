/**
 * A backup is a folder that holds `quire.db` and `secret` as they lie in a data folder, and a manifest. It comes into
 * being under another name, and has its own only once it is whole, durable and verified.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { CommandFailure } from '../cli/command.ts'
import { syncFolder } from '../durable-folder.ts'
import { failureOf, messageOf } from '../storage/sqlite/failure.ts'
import { FolderInUse, lock } from '../storage/sqlite/lock.ts'
import { openToRead, verifyDatabase, type Damage, type Verification } from '../storage/sqlite/verify.ts'
import { quireVersion } from '../version.ts'
import { copyFile, sealOfFile } from './file-hash.ts'
import {
  filesOf,
  formatVersion,
  manifestName,
  readManifest,
  writeManifest,
  type Manifest,
} from './manifest.ts'
import { demandRoom } from './room-on-disk.ts'
import { momentInName } from './words.ts'

export interface BackUpOptions {
  /** The data folder; a server may be running on it. */
  readonly data: string
  /** A folder to put a dated backup into, or the name of one that is to be made. */
  readonly target: string
  /** How many sound backups are to stay in `target`, this one among them; undefined: all. */
  readonly keep: number | undefined
  readonly withSecret: boolean
  readonly now: Date
  readonly tell: (what: string) => void
}

export interface Backup {
  readonly path: string
  readonly documents: number
  readonly entries: number
  /** Of its files. */
  readonly bytes: number
  readonly hasSecret: boolean
  /** What the data folder holds that is not what was written. It is in the backup as well. */
  readonly damage: readonly Damage[]
  /** Older backups that made room. */
  readonly removed: readonly string[]
  /** With `keep`: older backups, removed or not, that bear a later date. The clock was wrong then, or is now. */
  readonly datedLater: readonly string[]
}

/** Held while a backup is being made, so that nobody takes it for what an interrupted one has left. */
const lockName = 'backup.lock'
const draftEnding = '.part'
const datedName = /^quire-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)?$/
/** All that ever lies in a draft. */
const draftFiles = /^(quire\.db(-journal|-wal|-shm)?|secret|manifest\.json(\.new)?|backup\.lock)$/
/** Beside the database: a manifest, the secret, and what the file system needs. */
const marginBytes = 1024 * 1024
/** In one step, so that all are of one moment: before the next, SQLite would begin anew if somebody had written. */
const allPages = 2 ** 31 - 1

/** Throws a `CommandFailure`. */
export async function backUp(options: BackUpOptions): Promise<Backup> {
  const source = join(options.data, 'quire.db')
  if (!statSync(source, { throwIfNoEntry: false }))
    throw new CommandFailure('misused', 'no-database', `There is no quire.db in ${options.data}.`)
  const path = placeOf(options)
  const folder = dirname(path)
  const draft = `${path}${draftEnding}`
  removeLeftovers(folder, basename(draft))
  const release = begin(draft)
  try {
    const made = await fill(draft, source, options)
    renameSync(draft, path)
    syncFolder(folder)
    return { path, ...made, ...rotate(path, options, made.damage) }
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw error
  } finally {
    release()
    rmSync(join(path, lockName), { force: true })
  }
}

function placeOf({ target, keep, now }: BackUpOptions): string {
  const found = statSync(target, { throwIfNoEntry: false })
  if (!found) {
    if (keep !== undefined)
      throw misuse(`${target} is not there: --keep needs a folder in which backups gather.`)
    if (!existsSync(dirname(target))) throw misuse(`${dirname(target)} is not there.`)
    return target
  }
  if (!found.isDirectory()) throw misuse(`${target} is a file: name a folder, or a name that is not taken.`)
  for (const taken of [manifestName, 'quire.db'])
    if (existsSync(join(target, taken)))
      throw misuse(`${target} holds a ${taken}: name a folder in which backups gather, or a new name.`)
  const dated = join(target, `quire-${momentInName(now)}`)
  for (let count = 1, name = dated; ; name = `${dated}-${++count}`)
    if (!existsSync(name) && !existsSync(`${name}${draftEnding}`)) return name
}

function begin(draft: string): () => void {
  try {
    mkdirSync(draft, { mode: 0o700 })
  } catch (cause) {
    throw new CommandFailure('misused', 'misused', `${draft} cannot be made: ${messageOf(cause)}.`, { cause })
  }
  const held = lock(join(draft, lockName))
  return () => held.close()
}

async function fill(
  draft: string,
  source: string,
  options: BackUpOptions,
): Promise<Omit<Backup, 'path' | keyof Rotated>> {
  const database = join(draft, 'quire.db')
  options.tell('copying the database')
  await copyDatabase(source, database)
  const { schema, documents, entries, damage } = verify(database, options.tell)
  const secret = join(options.data, 'secret')
  const hasSecret = options.withSecret && existsSync(secret)
  const files = {
    'quire.db': sealOfFile(database),
    ...(hasSecret && { secret: copyFile(secret, join(draft, 'secret')) }),
  }
  const manifest: Manifest = {
    format: formatVersion,
    quire: quireVersion,
    schema,
    created: options.now.toISOString(),
    documents,
    damage: damage.map(({ document = null, what }) => ({ document, what })),
    files,
  }
  writeManifest(draft, manifest)
  const bytes = filesOf(manifest).reduce((sum, file) => sum + file.bytes, 0)
  return { documents, entries, bytes, hasSecret, damage }
}

function verify(copy: string, tell: BackUpOptions['tell']): Verification {
  try {
    return verifyDatabase(copy, {
      isStill: true,
      tell: (documents) => tell(`verifying the copy: ${documents} documents`),
    })
  } catch (cause) {
    const message = `The copy cannot be verified: ${messageOf(cause)}.`
    throw new CommandFailure('failed', 'not-verified', message, { cause })
  }
}

/**
 * By a connection of its own, in one snapshot: whoever writes meanwhile is neither waited for nor held up. Pages that
 * hold nothing are left out, unless one cannot be used: then all are copied as they are, that one with them.
 */
async function copyDatabase(source: string, path: string): Promise<void> {
  try {
    const database = openToRead(source, { isStill: false })
    try {
      const { page_count: pages } = database.prepare('PRAGMA page_count').get() ?? {}
      const { page_size: pageBytes } = database.prepare('PRAGMA page_size').get() ?? {}
      demandRoom(dirname(path), Number(pages) * Number(pageBytes) + marginBytes)
      // SQLite fills a file that is empty, and would make one that others may read.
      closeSync(openSync(path, 'wx', 0o600))
      try {
        database.prepare('VACUUM INTO ?').run(path)
      } catch (error) {
        if (failureOf(error) !== 'damage') throw error
        truncateSync(path)
        await backup(database, path, { rate: allPages })
      }
    } finally {
      database.close()
    }
  } catch (cause) {
    if (cause instanceof CommandFailure) throw cause
    const ending = failureOf(cause) === 'damage' ? 'damaged' : 'failed'
    const remedy = ending === 'damaged' ? ' `quire verify` says what is damaged.' : ''
    throw new CommandFailure(
      ending,
      ending === 'damaged' ? 'damaged' : 'not-copied',
      `${source} cannot be copied: ${messageOf(cause)}.${remedy}`,
      { cause },
    )
  }
  becomeAsItLies(path)
}

/** With a write-ahead log, as a server keeps it: to change that later needs a journal, which a power cut would leave there. */
function becomeAsItLies(path: string): void {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL')
  database.close()
  const file = openSync(path, 'r+')
  fsyncSync(file)
  closeSync(file)
}

/** What interrupted backups have left behind: drafts that nobody holds. Nothing that is not certainly one. */
function removeLeftovers(folder: string, draft: string): void {
  for (const name of readdirSync(folder)) {
    const isOurs =
      name === draft || (name.endsWith(draftEnding) && datedName.test(name.slice(0, -draftEnding.length)))
    const path = join(folder, name)
    if (!isOurs || !isDraft(path)) continue
    try {
      const held = lock(join(path, lockName))
      rmSync(path, { recursive: true, force: true })
      held.close()
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error
      if (name === draft)
        throw new CommandFailure('busy', 'busy', `Another backup to ${path} is being made.`, { cause: error })
    }
  }
}

function isDraft(path: string): boolean {
  if (!statSync(path).isDirectory()) return false
  return readdirSync(path).every((name) => draftFiles.test(name))
}

type Rotated = Pick<Backup, 'removed' | 'datedLater'>

/** What is damaged takes the place of no other. */
function rotate(path: string, { keep, now }: BackUpOptions, damage: readonly Damage[]): Rotated {
  if (keep === undefined) return { removed: [], datedLater: [] }
  const older = olderBackups(path, now)
  const removed = damage.length === 0 ? older.slice(keep - 1) : []
  for (const each of removed) remove(each.path)
  const datedLater = older.filter((each) => each.isDatedLater)
  return { removed: removed.map(pathOf), datedLater: datedLater.map(pathOf) }
}

interface Older {
  readonly path: string
  readonly created: string
  readonly isDatedLater: boolean
}

/**
 * Those beside the one at `path` that were sound when they were made and have all their files, from the newest to the
 * oldest. What is dated later was made before it all the same, and counts as the oldest: else it would stay for as long as
 * the clock was ahead, and what is made meanwhile would go.
 */
function olderBackups(path: string, now: Date): Older[] {
  return readdirSync(dirname(path))
    .map((name) => join(dirname(path), name))
    .filter((other) => other !== path && datedName.test(basename(other)) && isSound(other))
    .map((other) => ({ path: other, created: createdAt(other) }))
    .map((other) => ({ ...other, isDatedLater: other.created > now.toISOString() }))
    .toSorted(
      (a, b) =>
        Number(a.isDatedLater) - Number(b.isDatedLater) ||
        b.created.localeCompare(a.created) ||
        b.path.localeCompare(a.path),
    )
}

function pathOf({ path }: Older): string {
  return path
}

function createdAt(path: string): string {
  const manifest = readManifest(path)
  return typeof manifest === 'string' ? '' : manifest.created
}

/** It is a draft first, so that it is never half a backup. */
function remove(path: string): void {
  renameSync(path, `${path}${draftEnding}`)
  rmSync(`${path}${draftEnding}`, { recursive: true })
}

function isSound(path: string): boolean {
  const manifest = readManifest(path)
  if (typeof manifest === 'string' || manifest.damage.length > 0) return false
  return filesOf(manifest).every(
    ({ name, bytes }) => statSync(join(path, name), { throwIfNoEntry: false })?.size === bytes,
  )
}

function misuse(message: string): CommandFailure {
  return new CommandFailure('misused', 'misused', message)
}
