/**
 * The documents in a folder of y-leveldb: what y-websocket's server keeps in `YPERSISTENCE`. LevelDB writes
 * when it opens a folder, so a copy is read; the original is locked meanwhile, which cannot be while its server runs.
 */
import { constants, existsSync, symlinkSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createRequire, findPackageJSON } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type * as library from 'classic-level'
import { SourceError, type KeptDocument } from './kept-document.ts'
import { reasonOf } from './text-file.ts'

type Level = library.ClassicLevel<Uint8Array, Uint8Array>

/** Throws a `SourceError`. */
export async function* documentsOfYLeveldb(folder: string): AsyncIterable<KeptDocument> {
  const { ClassicLevel } = loadLibrary(import.meta.url)
  if (!existsSync(join(folder, 'CURRENT')))
    throw new SourceError(`${folder} is not a folder of LevelDB: there is no file CURRENT in it.`)
  const work = await mkdtemp(join(tmpdir(), 'quire-import-'))
  const open = async (name: string, createIfMissing: boolean): Promise<Level> => {
    const level: Level = new ClassicLevel<Uint8Array, Uint8Array>(join(work, name), {
      keyEncoding: 'view',
      valueEncoding: 'view',
    })
    await level.open({ createIfMissing })
    return level
  }
  const opened: Level[] = []
  try {
    await mkdir(join(work, 'lock'))
    // An empty database whose lock is the original's. On Windows, files that a server has open cannot be copied anyway.
    if (existsSync(join(folder, 'LOCK')) && process.platform !== 'win32')
      symlinkSync(resolve(folder, 'LOCK'), join(work, 'lock', 'LOCK'))
    opened.push(await open('lock', true))
    await copyFiles(folder, join(work, 'copy'))
    const level = await open('copy', false)
    opened.push(level)
    yield* documentsIn(level)
  } catch (error) {
    throw sourceErrorOf(error, folder)
  } finally {
    await Promise.all(opened.map((level) => level.close()))
    await rm(work, { recursive: true })
  }
}

/** As the module at the URL `from` finds it. A bundle holds no such package, since it has a binary for each kind of machine. Throws a `SourceError`. */
export function loadLibrary(from: string): typeof library {
  try {
    return createRequire(from)('classic-level') as typeof library // what a package of this name exports
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')) throw error
    const home = dirname(findPackageJSON('..', from) ?? process.cwd())
    throw new SourceError(
      `Reading LevelDB takes the package classic-level, which is not installed. Install it with\n  npm install --no-save --prefix '${home}' classic-level@3`,
    )
  }
}

async function copyFiles(from: string, to: string): Promise<void> {
  await mkdir(to)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const { name } = entry
    if (entry.isFile() && name !== 'LOCK')
      await copyFile(join(from, name), join(to, name), constants.COPYFILE_FICLONE)
  }
}

/** A document's updates stand one after the other, in the order in which they came. y-websocket's server takes names from URLs as they are. */
async function* documentsIn(level: Level): AsyncIterable<KeptDocument> {
  let name: string | undefined
  let updates: Uint8Array[] = []
  for await (const [key, value] of level.iterator()) {
    const [version, document, kind] = partsOf(key)
    if (version !== 'v1' || typeof document !== 'string' || kind !== 'update') continue
    if (document !== name) {
      if (name !== undefined) yield { name, encodedName: name, updates }
      name = document
      updates = []
    }
    updates.push(value)
  }
  if (name !== undefined) yield { name, encodedName: name, updates }
}

/** A key is made of parts: 0, a length and so many bytes of UTF-8; or 1 and a number in four bytes. */
function partsOf(key: Uint8Array): readonly (string | number)[] {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.length)
  const parts: (string | number)[] = []
  let position = 0
  while (position < bytes.length) {
    const isNumber = bytes.readUInt8(position++) === 1
    if (isNumber) {
      parts.push(bytes.readUInt32BE(position))
      position += 4
      continue
    }
    let length = 0
    for (let shift = 1, byte = 0x80; byte >= 0x80; shift *= 0x80) {
      byte = bytes.readUInt8(position++)
      length += (byte & 0x7f) * shift
    }
    parts.push(bytes.toString('utf8', position, position + length))
    position += length
  }
  return parts
}

function sourceErrorOf(error: unknown, folder: string): Error {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'LEVEL_LOCKED')
    return new SourceError(`Another process has ${folder} open. Stop its server first.`)
  if (code === undefined) return error instanceof Error ? error : new Error(String(error))
  return new SourceError(`${folder} cannot be read as a folder of y-leveldb: ${reasonOf(cause)}.`)
}
