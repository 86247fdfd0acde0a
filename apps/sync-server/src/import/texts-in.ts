/** The texts in files and folders that somebody named, one at a time, in the order of their names. */
import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { readTextFile, reasonOf, titleFromPath } from './text-file.ts'

export type FoundText =
  | { readonly type: 'text'; readonly file: string; readonly title: string; readonly text: string }
  /** Was named, or looks like a text, and is none. */
  | { readonly type: 'refused'; readonly file: string; readonly reason: string }
  /** Lies in a folder, and is of another kind. */
  | { readonly type: 'passed-over'; readonly file: string }

const textEndings = new Set(['.md', '.markdown', '.txt', '.text'])

export async function* textsIn(paths: readonly string[]): AsyncIterable<FoundText> {
  for (const path of paths) {
    let isFolder: boolean
    try {
      isFolder = statSync(path).isDirectory()
    } catch (error) {
      yield { type: 'refused', file: path, reason: reasonOf(error) }
      continue
    }
    if (isFolder) yield* textsInFolder(path)
    else yield textOf(path)
  }
}

async function* textsInFolder(folder: string): AsyncIterable<FoundText> {
  let entries
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    yield { type: 'refused', file: folder, reason: reasonOf(error) }
    return
  }
  const { compare } = new Intl.Collator('en')
  for (const entry of entries.toSorted((a, b) => compare(a.name, b.name))) {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) yield* textsInFolder(path)
    else if (entry.isFile() && textEndings.has(extname(entry.name).toLowerCase())) yield textOf(path)
    else yield { type: 'passed-over', file: path }
  }
}

async function textOf(file: string): Promise<FoundText> {
  const read = await readTextFile(file)
  return read.type === 'refused'
    ? { ...read, file }
    : { type: 'text', file, title: titleFromPath(file), text: read.text }
}
