/** A backup held against its manifest, file by file and row by row. Changes nothing in it, and makes nothing beside it. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CommandFailure } from '../cli/command.ts'
import { verifyDatabase, type Damage, type Verification } from '../storage/sqlite/verify.ts'
import { sealOfFile } from './file-hash.ts'
import { filesOf, manifestName, readManifest, type Manifest } from './manifest.ts'

export interface Inspection {
  /** Undefined if there is none that can be believed. */
  readonly manifest: Manifest | undefined
  readonly verification: Verification | undefined
  /** What is not as it was when the backup was made. */
  readonly faults: readonly Damage[]
}

/** Throws a `CommandFailure` of a path at which there is no backup, and none that was cut short or altered either. */
export function demandBackup(path: string): void {
  if ([manifestName, 'quire.db'].some((name) => existsSync(join(path, name)))) return
  if (!existsSync(path)) throw misnamed(`There is nothing at ${path}: name a backup.`)
  if (!statSync(path).isDirectory()) throw misnamed(`${path} is a file: name a backup, which is a folder.`)
  const within = readdirSync(path).filter((name) => existsSync(join(path, name, manifestName)))
  const newest = within.toSorted().at(-1)
  throw misnamed(
    newest === undefined
      ? `${path} is no backup: it holds neither ${manifestName} nor quire.db.`
      : `${path} is the folder in which backups gather: name one of them, such as ${join(path, newest)}.`,
  )
}

function misnamed(message: string): CommandFailure {
  return new CommandFailure('misused', 'no-backup', message)
}

/** Throws an Error whose message says why nothing can be said of it. */
export function inspectBackup(folder: string, tell: (documents: number) => void): Inspection {
  const manifest = readManifest(folder)
  const verification = isFile(join(folder, 'quire.db'))
    ? verifyDatabase(join(folder, 'quire.db'), { isStill: true, tell })
    : undefined
  if (typeof manifest === 'string')
    return { manifest: undefined, verification, faults: [fault(manifest), ...(verification?.damage ?? [])] }
  const faults = [...faultsOfFiles(folder, manifest)]
  if (verification) faults.push(...disagreements(manifest, verification))
  return { manifest, verification, faults }
}

function* faultsOfFiles(folder: string, manifest: Manifest): Iterable<Damage> {
  for (const { name, ...expected } of filesOf(manifest)) {
    const path = join(folder, name)
    if (!isFile(path)) yield fault(`${name} is missing`)
    else {
      const found = sealOfFile(path)
      if (found.bytes !== expected.bytes)
        yield fault(`${name} has ${found.bytes} bytes, and had ${expected.bytes}`)
      else if (found.sha256 !== expected.sha256) yield fault(`${name} is not what was written (SHA-256)`)
    }
  }
  if (!manifest.files.secret && existsSync(join(folder, 'secret')))
    yield fault('secret is there, and was not part of it')
}

/** What was damaged when it was made is no fault of the backup's. */
function disagreements(manifest: Manifest, { damage, documents, schema }: Verification): Damage[] {
  const known = new Set(manifest.damage.map(({ document, what }) => keyOf(document ?? undefined, what)))
  const found = damage.filter(({ document, what }) => !known.has(keyOf(document, what)))
  if (schema === manifest.schema && documents === manifest.documents) return found
  const says = `schema ${manifest.schema} and ${manifest.documents} documents`
  return [...found, fault(`quire.db has schema ${schema} and ${documents} documents, and had ${says}`)]
}

function keyOf(document: string | undefined, what: string): string {
  return JSON.stringify([document ?? null, what])
}

function fault(what: string): Damage {
  return { document: undefined, what }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
