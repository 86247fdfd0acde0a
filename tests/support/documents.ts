/** Documents made and read over HTTP, as any client of the API does it. */
import { parseDocumentName, parseLink, type DocumentName, type Role } from '@quire/protocol'

export interface TestDocument {
  readonly id: DocumentName
  /** The key of each link it was born with. */
  readonly keys: Readonly<Record<Role, string>>
}

export async function createDocument(url: string, content: { text?: string } = {}): Promise<TestDocument> {
  const response = await post(`${url}/api/documents`, content)
  if (response.status !== 201) throw new Error(`making a document was answered with ${response.status}`)
  const { id, links } = (await response.json()) as { id: string; links: Record<Role, string> } // the 201 of the API
  return {
    id: parseDocumentName(id),
    keys: { own: keyOf(links.own), edit: keyOf(links.edit), view: keyOf(links.view) },
  }
}

export function keyOf(link: string): string {
  const parsed = parseLink(link)
  if (!parsed) throw new Error(`not a link: ${link}`)
  return parsed.key
}

/** A short-lived token in the name of whoever holds `key`. */
export async function createSession(url: string, document: TestDocument, key: string): Promise<string> {
  const response = await post(`${url}/api/documents/${document.id}/session`, { name: 'Ada' }, key)
  const { token } = (await response.json()) as { token: string } // the 200 of the API
  return token
}

/** The text as the server would serve it after any restart: read from its store. */
export async function readText(url: string, { id, keys }: TestDocument): Promise<string> {
  const response = await fetch(`${url}/api/documents/${id}/text`, {
    headers: { authorization: `Bearer ${keys.view}` },
  })
  if (!response.ok) throw new Error(`reading the text was answered with ${response.status}`)
  return response.text()
}

export function post(url: string, body: unknown, key?: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
    body: JSON.stringify(body),
  })
}
