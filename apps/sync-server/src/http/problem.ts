/** Errors of the HTTP API as RFC 9457 problem details: what happened in words, and a `code` that is stable. */
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

const problems = {
  'bad-request': [400, 'The request is not what this address expects'],
  'not-authenticated': [401, 'A link key or token is needed, and this one is missing, wrong or expired'],
  'not-allowed': [403, 'That is not allowed'],
  'not-found': [404, 'There is nothing here'],
  'document-unknown': [404, 'No such document, or the link to it is no longer valid'],
  'document-exists': [409, 'There is a document of this name already'],
  'too-many': [409, 'There are too many of them already'],
  'too-large': [413, 'The request is too large'],
  'update-refused': [422, 'What is to be taken over is not a whole Yjs document'],
  'upgrade-required': [426, 'This address speaks WebSocket only'],
  'too-many-requests': [429, 'Too many requests from this address'],
  'unsupported-media-type': [415, 'The body must be JSON'],
  'document-damaged': [503, 'What is stored of this document is damaged'],
  'server-failed': [500, 'The server failed'],
  'storage-full': [507, 'This server is full'],
  unavailable: [503, 'The server cannot do this now'],
} as const satisfies Record<string, readonly [ContentfulStatusCode, string]>

export type ProblemCode = keyof typeof problems

/** Thrown by handlers; answered in one place. */
export class Problem extends Error {
  readonly code: ProblemCode
  /** After how many seconds to ask again, if that is known. */
  readonly retryAfter: number | undefined

  constructor(code: ProblemCode, detail?: string, options: { readonly retryAfterMs?: number } = {}) {
    super(detail ?? '')
    const { retryAfterMs } = options
    this.code = code
    this.retryAfter = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000)
  }
}

export function problemResponse(context: Context, { code, message, retryAfter }: Problem): Response {
  const [status, title] = problems[code]
  const body = { title, status, code, ...(message ? { detail: message } : {}) }
  return context.body(JSON.stringify(body), status, {
    'content-type': 'application/problem+json',
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  })
}
