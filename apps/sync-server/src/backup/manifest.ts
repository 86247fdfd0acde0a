/**
 * `manifest.json` of a backup: what was put into it. It is written last, once everything else was found to be as it
 * should be, and only ever read as the very bytes that would be written.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../durable-folder.ts'
import type { FileSeal } from './file-hash.ts'

export const manifestName = 'manifest.json'
export const formatVersion = 1

const fileSeal = z.strictObject({ bytes: z.int().min(0), sha256: z.string() })

const content = z.strictObject({
  format: z.literal(formatVersion),
  /** The version of Quire that made it. */
  quire: z.string(),
  schema: z.int(),
  /** ISO 8601, in UTC. */
  created: z.string(),
  documents: z.int().min(0),
  /** What was damaged already when it was made; a document of null: nobody knows whose it is. */
  damage: z.array(z.strictObject({ document: z.string().nullable(), what: z.string() })),
  files: z.strictObject({ 'quire.db': fileSeal, secret: fileSeal.optional() }),
})

export type Manifest = z.output<typeof content>

const sealed = content.extend({ sha256: z.string() })

/** Those that the backup has, and how they were. */
export function filesOf({ files }: Manifest): readonly BackedUpFile[] {
  const database = { name: 'quire.db', ...files['quire.db'] } as const
  return files.secret ? [database, { name: 'secret', ...files.secret }] : [database]
}

export interface BackedUpFile extends FileSeal {
  readonly name: 'quire.db' | 'secret'
}

export function writeManifest(folder: string, manifest: Manifest): void {
  writeDurably(join(folder, manifestName), textOf(manifest))
}

/** What it says, or in words why it cannot be believed. */
export function readManifest(folder: string): Manifest | string {
  let text: string
  try {
    text = readFileSync(join(folder, manifestName), 'utf8')
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!isGone) throw error
    return `${manifestName} is missing`
  }
  const format = formatIn(text)
  if (typeof format === 'number' && format > formatVersion)
    return `${manifestName} is of format ${format}, and this Quire knows ${formatVersion}: use the one that made it`
  const parsed = sealed.safeParse(jsonIn(text))
  if (!parsed.success) return `${manifestName} is not what was written`
  const { sha256: _, ...manifest } = parsed.data
  return textOf(manifest) === text ? manifest : `${manifestName} is not what was written`
}

function textOf(manifest: Manifest): string {
  const sha256 = createHash('sha256').update(JSON.stringify(manifest)).digest('hex')
  return `${JSON.stringify({ ...manifest, sha256 }, undefined, 2)}\n`
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function formatIn(text: string): unknown {
  const json = jsonIn(text)
  return typeof json === 'object' && json !== null && 'format' in json ? json.format : undefined
}
