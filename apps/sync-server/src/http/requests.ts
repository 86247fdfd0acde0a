/** What a request says: whose document, with which key, and a body that is checked before it counts. */
import { parseDocumentName, ProtocolError, type DocumentName } from '@quire/protocol'
import type { Context } from 'hono'
import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { hashKey } from '../access/keys.ts'
import { maxBytesOutsideStrings, maxSmallBodyBytes } from './http-limits.ts'
import { bytesOutsideStrings } from './outside-strings.ts'
import { Problem } from './problem.ts'

export function readAddress(context: Context): { name: DocumentName; key: string | undefined } {
  const id = context.req.param('id') ?? ''
  try {
    // Hono has decoded the path already; encoding it again keeps one grammar for names.
    return { name: parseDocumentName(encodeURIComponent(id)), key: bearerOf(context) }
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof URIError) throw new Problem('document-unknown')
    throw error
  }
}

export function bearerOf(context: Context): string | undefined {
  return /^Bearer ([^\s]+)$/i.exec(context.req.header('authorization') ?? '')?.[1]
}

/** Throws a `Problem`, with these words, unless the request shows this token. */
export function demandToken(context: Context, token: string, words: string): void {
  const given = hashKey(bearerOf(context) ?? '')
  if (!timingSafeEqual(given, hashKey(token))) throw new Problem('not-authenticated', words)
}

/** Throws a `Problem` unless the query is of this kind. */
export function readQuery<Schema extends z.ZodType>(context: Context, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(context.req.query())
  if (!parsed.success) throw new Problem('bad-request', wordsOf(parsed.error))
  return parsed.data
}

export interface BodyLimit {
  readonly maxBytes: number
  /** Told of each part before it is kept; may throw. */
  readonly take?: (bytes: number) => void
}

/** Ask for it when it is known who asks: until then none of it is read. Throws a `Problem`. */
export async function readBody(context: Context, { maxBytes, take }: BodyLimit): Promise<Uint8Array> {
  if (Number(context.req.header('content-length') ?? 0) > maxBytes) throw new Problem('too-large')
  // One that doubles: a chunk of a byte each would cost a hundred times its size to keep.
  let buffer = new Uint8Array(0)
  let length = 0
  for await (const part of partsOf(context)) {
    const start = length
    length += part.length
    if (length > maxBytes) throw new Problem('too-large')
    take?.(part.length)
    if (length > buffer.length) {
      const grown = new Uint8Array(Math.min(maxBytes, Math.max(length, 2 * buffer.length)))
      grown.set(buffer)
      buffer = grown
    }
    buffer.set(part, start)
  }
  return buffer.subarray(0, length)
}

async function* partsOf(context: Context): AsyncGenerator<Uint8Array> {
  try {
    yield* context.req.raw.body ?? []
  } catch {
    throw new Problem('bad-request', 'The body broke off.')
  }
}

/** Likewise. */
export async function readJson<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
  limit: BodyLimit = { maxBytes: maxSmallBodyBytes },
): Promise<z.output<Schema>> {
  const type = context.req.header('content-type')
  const bytes = await readBody(context, limit)
  if (bytesOutsideStrings(bytes, maxBytesOutsideStrings) > maxBytesOutsideStrings)
    throw new Problem('bad-request', 'The body has more parts than anything that is asked for here.')
  const text = new TextDecoder().decode(bytes)
  if (text !== '' && !/^application\/json\b/i.test(type ?? '')) throw new Problem('unsupported-media-type')
  let body: unknown
  try {
    body = JSON.parse(text === '' ? '{}' : text)
  } catch {
    throw new Problem('bad-request', 'The body is not JSON.')
  }
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw new Problem('bad-request', wordsOf(parsed.error))
  return parsed.data
}

/** What is wrong may be as long as what came, and as much. */
function wordsOf({ issues }: z.ZodError): string {
  const words = z.prettifyError({ issues: issues.slice(0, maxIssuesTold) })
  return words.length > maxWords ? `${words.slice(0, maxWords).toWellFormed()}…` : words
}

const maxIssuesTold = 5
const maxWords = 500
