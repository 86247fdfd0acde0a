/**
 * A backup put into a data folder. It is verified before anything there is touched, and copied beside what is there
 * before that makes way; whatever fails, the folder is as it was. One that is killed leaves either what was there, or the
 * backup, or no `quire.db` and what says so to a server; the next one first undoes what it finds of it.
 */
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CommandFailure } from '../cli/command.ts'
import { prepareDataFolder } from '../data-folder.ts'
import { syncFolder } from '../durable-folder.ts'
import { asideMark, draftMark } from '../storage/sqlite/database-file.ts'
import { messageOf } from '../storage/sqlite/failure.ts'
import { FolderInUse, lock } from '../storage/sqlite/lock.ts'
import type { Damage } from '../storage/sqlite/verify.ts'
import { copyFile } from './file-hash.ts'
import { demandBackup, inspectBackup, type Inspection } from './inspect.ts'
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
    recover(data)
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
  demandBackup(backup)
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

/** Names bear the moment at which a restore began, so that the next one knows what it is that belongs together. */
function draftOf(name: string, moment: string): string {
  return `${name}${draftMark}${moment}`
}

function asideOf(name: string, moment: string): string {
  const ending = name.startsWith('quire.db') ? name.slice('quire.db'.length) : ''
  const stem = ending === '' ? name : 'quire.db'
  return `${stem}${asideMark}${moment}${ending}`
}

function recover(data: string): void {
  try {
    undoInterrupted(data)
  } catch (cause) {
    const reason = `a restore was interrupted there and cannot be undone: ${messageOf(cause)}`
    throw new CommandFailure('failed', 'failed', `${data} is left as it is, ${reason}.`, { cause })
  }
}

/** Puts back what a restore had moved aside that was killed, and takes away what it had copied. */
function undoInterrupted(data: string): void {
  const mark = draftOf('quire.db', '')
  for (const draft of readdirSync(data).filter((name) => name.startsWith(mark))) {
    const moment = draft.slice(mark.length)
    if (!existsSync(join(data, 'quire.db'))) {
      // The database last: as long as it is not there no server starts, and this can begin again.
      for (const name of ['secret', ...databaseFiles.toReversed()]) {
        if (!existsSync(join(data, asideOf(name, moment)))) continue
        renameSync(join(data, asideOf(name, moment)), join(data, name))
        syncFolder(data)
      }
    }
    for (const name of ['secret', 'quire.db']) rmSync(join(data, draftOf(name, moment)), { force: true })
  }
}

/** Returns where what was in the way is now. */
function exchange(
  { backup, data, now, tell }: RestoreOptions,
  manifest: Manifest,
  inTheWay: readonly string[],
): string[] {
  demandRoom(data, manifest.files['quire.db'].bytes)
  const moment = momentInName(now)
  const undo: (() => void)[] = []
  /** On the disk before the next, so that a power cut leaves what a kill would leave. */
  const rename = (from: string, to: string): void => {
    renameSync(join(data, from), join(data, to))
    undo.push(() => renameSync(join(data, to), join(data, from)))
    syncFolder(data)
  }
  try {
    const aside = inTheWay.map((name) => asideOf(name, moment))
    for (const name of aside) if (existsSync(join(data, name))) throw new Error(`${name} is there already`)
    const files = filesOf(manifest).filter(
      ({ name }) => name !== 'secret' || inTheWay.includes(name) || !existsSync(join(data, name)),
    )
    for (const { name, sha256 } of files) {
      tell(`copying ${name}`)
      const draft = join(data, draftOf(name, moment))
      undo.push(() => rmSync(draft, { force: true }))
      const copy = copyFile(join(backup, name), draft)
      chmodSync(draft, 0o600)
      if (copy.sha256 !== sha256) throw new Error(`${name} changed while it was being copied`)
    }
    syncFolder(data)
    // The database before its log: one without the other would be taken for all there is.
    for (const name of inTheWay) rename(name, asideOf(name, moment))
    // The database last: without it no server starts, with it everything is there.
    for (const { name } of files.toReversed()) rename(draftOf(name, moment), name)
    return aside.map((name) => join(data, name))
  } catch (cause) {
    for (const step of undo.toReversed()) step()
    throw new CommandFailure('failed', 'failed', `${messageOf(cause)}. ${data} is as it was before.`, {
      cause,
    })
  }
}
