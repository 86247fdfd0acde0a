/** Files of the editor, compressed for whoever takes that: each once, when it is first asked for, and kept like that. */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { MiddlewareHandler } from 'hono'
import { COMPRESSIBLE_CONTENT_TYPE_REGEX as compressible } from 'hono/compress'

/** A smaller file takes a packet either way. */
const minBytes = 1024
/**
 * All that is built takes a quarter of it. Past it files go as they are: on a disk that knows no capitals each has many
 * names.
 */
const usualMaxKeptBytes = 16 * 1024 * 1024

const compress = promisify(gzip)

interface Compressed {
  /** When the file was changed. */
  readonly version: string
  readonly bytes: Promise<Uint8Array<ArrayBuffer>>
}

export function compressOnce({ maxKeptBytes = usualMaxKeptBytes } = {}): MiddlewareHandler {
  const kept = new Map<string, Compressed>()
  let keptBytes = 0

  const keep = async (path: string, made: Compressed): Promise<void> => {
    const before = kept.get(path)
    kept.set(path, made)
    try {
      keptBytes += (await made.bytes).length - ((await before?.bytes)?.length ?? 0)
    } catch (error) {
      kept.delete(path)
      throw error
    }
  }

  return async (context, next) => {
    await next()
    const { req, res } = context
    if (req.method !== 'GET' || res.status !== 200 || !isWorthIt(res)) return
    res.headers.append('vary', 'accept-encoding')
    if (!takesGzip(req.header('accept-encoding') ?? '')) return
    const version = res.headers.get('last-modified') ?? ''
    const known = kept.get(req.path)
    const isKnown = known?.version === version
    if (!isKnown && keptBytes >= maxKeptBytes) return
    const made = isKnown ? known : { version, bytes: res.arrayBuffer().then((file) => compress(file)) }
    if (isKnown) await res.body?.cancel()
    else await keep(req.path, made)
    const bytes = await made.bytes
    const headers = new Headers(res.headers)
    headers.set('content-encoding', 'gzip')
    headers.set('content-length', String(bytes.length))
    // Or the headers of the one before it would count.
    context.res = undefined
    context.res = new Response(bytes, { headers })
  }
}

function isWorthIt({ headers }: Response): boolean {
  return (
    compressible.test(headers.get('content-type') ?? '') &&
    Number(headers.get('content-length') ?? minBytes) >= minBytes
  )
}

function takesGzip(encodings: string): boolean {
  return /(^|[\s,])gzip(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(encodings)
}
