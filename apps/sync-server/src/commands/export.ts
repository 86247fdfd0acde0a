/** `quire export`: documents as files, to be read without Quire. */
import { createHash } from 'node:crypto'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { CommandFailure, declare, type Outcome } from '../cli/command.ts'
import { Failures } from '../cli/failures.ts'
import { bytes, count } from '../cli/format.ts'
import { documentId } from '../cli/kinds.ts'
import { documentPath, withOperator, type Operator } from '../cli/operator.ts'
import type { Progress } from '../cli/progress.ts'
import { ConfigError } from '../config.ts'
import type { DocumentSummary } from '../http/operator/shapes.ts'
import { allDocuments } from './list.ts'

const formats = ['text', 'update'] as const
type Format = (typeof formats)[number]

export const exportDocuments = declare({
  about: `A zip holds a file for each document, <title>-<id>.md (or .yjs), and a manifest.json that says which is whose. It is written as it is
    read, so that it may be larger than memory; a document that is damaged is told, noted in the manifest, and left out.

    This is what people wrote, for other programs. It has no links and nobody's name: for all that, there is quire backup. What other
    applications keep in shared types of their own is in the update alone.`,
  usages: ['<document> <target> [options]', '--all <target> [options]'],
  arguments: {
    document: { help: 'its id, or any link to it; left out with --all', kind: z.string() },
    target: { help: 'the file to write', kind: z.string(), repeat: '?' },
  },
  flags: {
    all: { help: 'every document, into one zip' },
    format: {
      help: 'text: what it says; update: the whole as one Yjs update',
      kind: z.enum(formats, `must be one of ${formats.join(', ')}`).default('text'),
      value: 'format',
    },
    overwrite: { help: 'if there is such a file, replace it' },
  },
  examples: [
    { does: 'one document', line: 'quire export Zb3kQ0a1xWq9LmTy notes.md' },
    { does: 'all of them', line: 'quire export --all documents.zip' },
    { does: 'all, for another Yjs server', line: 'quire export --all documents.zip --format update' },
  ],
  endings: ['damaged', 'unknown'],
  run: async ({ document, target, all, format, overwrite, ...input }, { progress, heedInterrupt }) => {
    const path = all ? document : target
    if (path === undefined) throw new ConfigError('Which target? Name the file to write, after the document.')
    if (all && target !== undefined)
      throw new ConfigError('With --all there is no document to name: quire export --all <target>')
    if (existsSync(path) && !overwrite)
      throw new ConfigError(`There is a file ${path} already. Name another, or say --overwrite.`)
    const id = all ? undefined : demandId(document)
    return withOperator(input, (operator) =>
      id === undefined
        ? exportAll(operator, { path, format, progress, interrupted: heedInterrupt() })
        : exportOne(operator, { id, path, format }),
    )
  },
})

function demandId(given: string): string {
  const parsed = documentId.safeParse(given)
  if (!parsed.success)
    throw new ConfigError(`document ("${given}") must be the id of a document, or a link to it.`)
  return parsed.data
}

async function exportOne(
  operator: Operator,
  { id, path, format }: { readonly id: string; readonly path: string; readonly format: Format },
): Promise<Outcome> {
  const content = await contentOf(operator, id, format)
  await writeWhole(path, (file) => file.writeFile(content))
  const data = { document: id, target: resolve(path), bytes: content.length }
  const warnings = content.length === 0 ? [`${id} has no text. ${wholeIn}`] : []
  return { data, text: `${path}: ${bytes(content.length)}\n`, warnings }
}

/** Said where there was no text, since there may be something else. */
const wholeIn = 'With --format update all is exported that a document holds, whatever shared types that is.'

async function contentOf(operator: Operator, id: string, format: Format): Promise<Uint8Array> {
  return format === 'text'
    ? Buffer.from(await operator.text(documentPath(id, '/text')))
    : operator.bytes(documentPath(id, '/update'))
}

interface Entry {
  readonly file: string
  readonly id: string
  readonly title: string | null
  readonly createdAt: number
  readonly changedAt: number | null
}

interface WholeExport {
  readonly path: string
  readonly format: Format
  readonly progress: Progress
  readonly interrupted: AbortSignal
}

/** One document after the other is read, and in the file before the next is. */
async function exportAll(
  operator: Operator,
  { path, format, progress, interrupted }: WholeExport,
): Promise<Outcome> {
  const { makeZip } = await import('client-zip')
  const documents = await allDocuments(operator, { sort: 'id', limit: Infinity, report: () => undefined })
  const failures = new Failures()
  const entries: Entry[] = []
  let empty = 0
  async function* files() {
    for (const document of documents) {
      const { id, title, createdAt, changedAt } = document
      if (interrupted.aborted)
        throw new CommandFailure('failed', 'interrupted', `Interrupted: ${path} is not written.`)
      progress.show(`${entries.length + 1} of ${count(documents.length, 'document')}…`)
      const content = await failures.attempt(id, () => contentOf(operator, id, format))
      if (content === undefined) continue
      if (content.length === 0) empty++
      const file = fileNameOf(document, format)
      entries.push({ file, id, title, createdAt, changedAt })
      yield { name: file, input: content, lastModified: new Date((changedAt ?? createdAt) * 1000) }
    }
    const manifest = { documents: entries, failures: failures.list }
    yield {
      name: 'manifest.json',
      input: `${JSON.stringify(manifest, undefined, 2)}\n`,
      lastModified: new Date(),
    }
  }
  let written = 0
  await writeWhole(path, async (file) => {
    for await (const chunk of makeZip(files())) {
      await file.write(chunk)
      written += chunk.length
    }
  })
  const text = `${path}: ${count(entries.length, 'document')}, ${bytes(written)}\n`
  const data = { target: resolve(path), documents: entries, bytes: written, failures: failures.list }
  const { ending, warnings = [] } = failures.outcome
  const ofEmpty = empty > 0 ? [`${count(empty, 'document')} without text. ${wholeIn}`] : []
  return { data, text, ending, warnings: [...warnings, ...ofEmpty] }
}

/** Under another name until it is whole, so that whoever finds it finds all of it. */
async function writeWhole(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const draft = `${path}.part`
  try {
    const file = await open(draft, 'w', 0o600)
    try {
      await write(file)
      await file.sync()
    } finally {
      await file.close()
    }
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new CommandFailure('failed', 'not-written', `${path} cannot be written: ${error.message}.`, {
      cause: error,
    })
  }
}

/** Of letters that every file system takes, and not more than it takes; ids that are no such letters are told apart by a hash. */
function fileNameOf({ id, title }: DocumentSummary, format: Format): string {
  const words = (title ?? '').replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '')
  const name = Array.from(words).slice(0, 50).join('')
  const address = /^[\w-]+$/.test(id) ? id : createHash('sha256').update(id).digest('base64url').slice(0, 16)
  return `${name ? `${name}-` : ''}${address}.${format === 'text' ? 'md' : 'yjs'}`
}
