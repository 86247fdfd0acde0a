/**
 * A backup put into a data folder. It is verified before anything there is touched, and copied beside what is there
 * before that makes way; whatever fails, the folder is as it was.
 */
import { chmodSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CommandFailure } from '../cli/command.ts'
import { prepareDataFolder } from '../data-folder.ts'
import { syncFolder } from '../durable-folder.ts'
import { messageOf } from '../storage/sqlite/failure.ts'
import { FolderInUse, lock } from '../storage/sqlite/lock.ts'
import type { Damage } from '../storage/sqlite/verify.ts'
import { copyFile } from './file-hash.ts'
import { inspectBackup, type Inspection } from './inspect.ts'
import { filesOf, type Manifest } from './manifest.ts'
import { demandRoom } from './room-on-disk.ts'
import { damageInWords, momentInName } from './words.ts'

export interface RestoreOptions {
  readonly backup: string
  readonly data: string
  /** May what is in the folder be moved aside? */
  readonly replace: boolean
  readonly now: Date
  readonly tell: (what: string) => void
}

export interface Restored {
  readonly documents: number
  readonly created: string
  readonly hasSecret: boolean
  /** What was in the folder, under the names that it has now. */
  readonly movedAside: readonly string[]
  /** What was damaged already when the backup was made. */
  readonly damage: readonly Damage[]
}

const databaseFiles = ['quire.db', 'quire.db-wal', 'quire.db-shm'] as const
const draftEnding = '.restoring'

/** Throws a `CommandFailure`. */
export function restore(options: RestoreOptions): Restored {
  const { data } = options
  const lockPath = join(data, 'quire.lock')
  // Told at once if that is so already, rather than after a large backup has been read.
  let held = existsSync(lockPath) ? take(lockPath) : undefined
  try {
    const manifest = verified(options)
    prepare(data)
    held ??= take(lockPath)
    const inTheWay = filesInTheWay(options, manifest)
    if (inTheWay.length > 0 && !options.replace)
      throw new CommandFailure(
        'misused',
        'not-empty',
        `${data} holds ${inTheWay.join(', ')} already. With --replace that is moved aside, and not deleted.`,
      )
    const movedAside = exchange(options, manifest, inTheWay)
    const { documents, created, files } = manifest
    const damage = manifest.damage.map(({ document, what }) => ({ document: document ?? undefined, what }))
    return { documents, created, hasSecret: files.secret !== undefined, movedAside, damage }
  } finally {
    held?.close()
  }
}

function verified({ backup, data, tell }: RestoreOptions): Manifest {
  const { manifest, faults } = inspect(backup, tell)
  if (manifest && faults.length === 0) return manifest
  throw new CommandFailure(
    'damaged',
    'backup-damaged',
    `${backup} is not a whole backup, and ${data} is left as it is:\n${damageInWords(faults)}`,
  )
}

function inspect(backup: string, tell: (what: string) => void): Inspection {
  try {
    return inspectBackup(backup, (documents) => tell(`verifying the backup: ${documents} documents`))
  } catch (cause) {
    throw new CommandFailure('failed', 'failed', `${backup} cannot be read: ${messageOf(cause)}.`, { cause })
  }
}

function take(path: string): { close(): void } {
  try {
    return lock(path)
  } catch (cause) {
    if (cause instanceof FolderInUse)
      throw new CommandFailure('busy', 'busy', `A server is running on ${dirname(path)}: stop it first.`, {
        cause,
      })
    throw new CommandFailure('failed', 'failed', messageOf(cause), { cause })
  }
}

function prepare(data: string): void {
  try {
    prepareDataFolder(data)
  } catch (cause) {
    throw new CommandFailure('misused', 'misused', `${data} cannot be used: ${messageOf(cause)}.`, { cause })
  }
}

/** The secret is not, if it is the same one, or if the backup has none. */
function filesInTheWay({ backup, data }: RestoreOptions, { files }: Manifest): string[] {
  const found: string[] = databaseFiles.filter((name) => existsSync(join(data, name)))
  const secret = join(data, 'secret')
  if (
    files.secret &&
    existsSync(secret) &&
    !readFileSync(secret).equals(readFileSync(join(backup, 'secret')))
  )
    found.push('secret')
  return found
}

/** Returns where what was in the way is now. */
function exchange(
  { backup, data, now, tell }: RestoreOptions,
  manifest: Manifest,
  inTheWay: readonly string[],
): string[] {
  demandRoom(data, manifest.files['quire.db'].bytes)
  const undo: (() => void)[] = []
  const rename = (from: string, to: string): void => {
    renameSync(join(data, from), join(data, to))
    undo.push(() => renameSync(join(data, to), join(data, from)))
  }
  try {
    const files = filesOf(manifest).filter(
      ({ name }) => name !== 'secret' || inTheWay.includes(name) || !existsSync(join(data, name)),
    )
    for (const { name, sha256 } of files) {
      tell(`copying ${name}`)
      const draft = join(data, `${name}${draftEnding}`)
      undo.push(() => rmSync(draft, { force: true }))
      const copy = copyFile(join(backup, name), draft)
      chmodSync(draft, 0o600)
      if (copy.sha256 !== sha256) throw new Error(`${name} changed while it was being copied`)
    }
    // The database before its log: one without the other is refused by a server, and not taken for all there is.
    const aside = inTheWay.map((name) => {
      const ending = name.startsWith('quire.db') ? name.slice('quire.db'.length) : ''
      const stem = ending === '' ? name : 'quire.db'
      const to = `${stem}.before-restore-${momentInName(now)}${ending}`
      if (existsSync(join(data, to))) throw new Error(`${to} is there already`)
      rename(name, to)
      return join(data, to)
    })
    syncFolder(data)
    // The database last: without it a server would make a new one, with it everything is there.
    for (const { name } of files.toReversed()) rename(`${name}${draftEnding}`, name)
    syncFolder(data)
    return aside
  } catch (cause) {
    for (const step of undo.toReversed()) step()
    throw new CommandFailure('failed', 'failed', `${messageOf(cause)}. ${data} is as it was before.`, {
      cause,
    })
  }
}
