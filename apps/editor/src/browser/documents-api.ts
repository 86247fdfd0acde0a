/** The server's documents over HTTP. Every way a request can fail becomes words that can be shown as they are. */
import { isRole } from '@quire/protocol'
import type { Answer, DocumentsServer, SharedLink } from '../controllers/surroundings.ts'

const unreachable = 'The server cannot be reached. Check your connection, then try again.'
const unintelligible =
  'The server answered in a way this page does not understand. Reload the page, then try again.'

export function documentsApi(fetch: typeof globalThis.fetch): DocumentsServer {
  return {
    create: () =>
      ask(
        () =>
          fetch('/api/documents', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{}',
          }),
        parseCreated,
      ),
    links: ({ documentId, key }) =>
      ask(
        () =>
          fetch(`/api/documents/${encodeURIComponent(documentId)}/links`, {
            headers: { authorization: `Bearer ${key}` },
          }),
        parseLinks,
      ),
  }
}

async function ask<Value>(
  request: () => Promise<Response>,
  parse: (body: unknown) => Value | undefined,
): Promise<Answer<Value>> {
  let response: Response
  try {
    response = await request()
  } catch {
    return { type: 'failed', words: unreachable }
  }
  const body = await jsonOf(response)
  if (!response.ok) return { type: 'failed', words: wordsOfProblem(body, response.status) }
  const value = parse(body)
  return value === undefined ? { type: 'failed', words: unintelligible } : { type: 'given', value }
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined // not JSON, or cut off: told apart by whoever needs it
  }
}

/** Problem details (RFC 9457). A proxy that answers for a server that is down sends none. */
function wordsOfProblem(body: unknown, status: number): string {
  const { title, detail } = fieldsOf(body)
  for (const words of [detail, title]) if (typeof words === 'string' && words) return words
  return status >= 500 ? unreachable : unintelligible
}

function parseCreated(body: unknown): string | undefined {
  const { own } = fieldsOf(fieldsOf(body)['links'])
  return typeof own === 'string' ? own : undefined
}

function parseLinks(body: unknown): readonly SharedLink[] | undefined {
  const { links } = fieldsOf(body)
  if (!Array.isArray(links)) return undefined
  return links.flatMap((link: unknown) => {
    const { id, role, url } = fieldsOf(link)
    return typeof id === 'string' && isRole(role) && typeof url === 'string' ? [{ id, role, url }] : []
  })
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
