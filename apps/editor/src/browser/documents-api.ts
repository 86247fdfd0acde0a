/** The server's documents over HTTP. Every way a request can fail becomes words that can be shown as they are. */
import { isRole } from '@quire/protocol'
import type {
  Answer,
  DocumentsServer,
  NewDocument,
  OwnedDocument,
  SharedLink,
} from '../controllers/surroundings.ts'
import { t } from '../words/index.ts'
import { fieldsOf, jsonOf, wordsOfProblem } from './problems.ts'

export function documentsApi(fetch: typeof globalThis.fetch): DocumentsServer {
  return {
    create: (document?: NewDocument) =>
      ask(
        () =>
          fetch('/api/documents', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(document ?? {}),
          }),
        parseCreated,
      ),
    text: (pass) =>
      ask(
        () =>
          fetch(`${addressOf(pass)}/text`, {
            headers: { authorization: `Bearer ${pass.type === 'link' ? pass.key : pass.token}` },
          }),
        (body) => (typeof body === 'string' ? body : undefined),
        textOf,
      ),
    links: (document) => ask(() => fetch(linksOf(document), { headers: headersOf(document) }), parseLinks),
    makeLink: (document, link) =>
      ask(() => fetch(linksOf(document), withBody('POST', document, link)), parseLink),
    takeBackLink: (document, linkId) =>
      askToDo(() => fetch(linkOf(document, linkId), { method: 'DELETE', headers: headersOf(document) })),
    changeLink: (document, linkId, change) =>
      ask(() => fetch(linkOf(document, linkId), withBody('PATCH', document, change)), parseLink),
    renewLink: (document, linkId) =>
      ask(
        () => fetch(`${linkOf(document, linkId)}/rotate`, withBody('POST', document, {})),
        (body) => parseLinks(body)?.[0],
      ),
    renewAllLinks: (document, key) =>
      askToDo(() => fetch(`${linkOf(document, 'own')}/rotate`, withBody('POST', document, { key }))),
    deleteDocument: (document) =>
      askToDo(() => fetch(addressOf(document), { method: 'DELETE', headers: headersOf(document) })),
  }
}

function addressOf({ documentId }: Pick<OwnedDocument, 'documentId'>): string {
  return `/api/documents/${encodeURIComponent(documentId)}`
}

function linksOf(document: OwnedDocument): string {
  return `${addressOf(document)}/links`
}

function linkOf(document: OwnedDocument, linkId: string): string {
  return `${linksOf(document)}/${encodeURIComponent(linkId)}`
}

function withBody(method: string, document: OwnedDocument, body: object): RequestInit {
  return {
    method,
    headers: { ...headersOf(document), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

function headersOf({ key }: OwnedDocument): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${key}` }
}

/** For what is answered with nothing but that it was done. */
async function askToDo(request: () => Promise<Response>): Promise<Answer<void>> {
  const answer = await ask(request, () => true)
  return answer.type === 'given' ? { type: 'given', value: undefined } : answer
}

async function ask<Value>(
  request: () => Promise<Response>,
  parse: (body: unknown) => Value | undefined,
  read: (response: Response) => Promise<unknown> = jsonOf,
): Promise<Answer<Value>> {
  let response: Response
  try {
    response = await request()
  } catch {
    return { type: 'failed', words: t('server.unreachable') }
  }
  const body = await (response.ok ? read(response) : jsonOf(response))
  if (!response.ok) return { type: 'failed', words: wordsOfProblem(body, response.status) }
  const value = parse(body)
  return value === undefined
    ? { type: 'failed', words: t('server.unintelligible') }
    : { type: 'given', value }
}

/** Undefined: cut off. */
function textOf(response: Response): Promise<unknown> {
  return response.text().catch(() => undefined)
}

function parseCreated(body: unknown): string | undefined {
  const { own } = fieldsOf(fieldsOf(body)['links'])
  return typeof own === 'string' ? own : undefined
}

function parseLinks(body: unknown): readonly SharedLink[] | undefined {
  const { links } = fieldsOf(body)
  if (!Array.isArray(links)) return undefined
  return links.flatMap((link: unknown) => parseLink(link) ?? [])
}

function parseLink(link: unknown): SharedLink | undefined {
  const { id, role, url, label, createdAt, expiresAt, maxUses, uses, presence } = fieldsOf(link)
  const isLink =
    typeof id === 'string' &&
    isRole(role) &&
    (typeof url === 'string' || url === null) &&
    typeof label === 'string' &&
    typeof createdAt === 'number' &&
    (typeof expiresAt === 'number' || expiresAt === null) &&
    (typeof maxUses === 'number' || maxUses === null) &&
    typeof presence === 'boolean' &&
    typeof uses === 'number'
  if (!isLink) return undefined
  return {
    id,
    role,
    url: url ?? undefined,
    label,
    createdAt: createdAt * 1000,
    expiresAt: expiresAt === null ? undefined : expiresAt * 1000,
    maxUses: maxUses ?? undefined,
    presence,
    uses,
  }
}
