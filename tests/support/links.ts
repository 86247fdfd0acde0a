/** Links over the HTTP API, as an owner’s page makes them, and people who come through them. */
import { closeCodes } from '@quire/protocol'
import { MemoryStore, type Store } from '@quire/sync-server'
import { expect } from 'vitest'
import * as Y from 'yjs'
import { createDocument, post, type TestDocument } from './documents.ts'
import { quireSubprotocols, RawSocket } from './raw-socket.ts'
import { Replica, yjsDocument } from './replica.ts'
import { startTestServer, type TestServer, type TestServerOptions } from './server.ts'

export interface Link {
  readonly id: string
  readonly role: string
  readonly label: string
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly maxUses: number | null
  readonly uses: number
  readonly presence: boolean
  readonly url: string
}

export async function begin(
  store: Store = new MemoryStore(),
  options: TestServerOptions = {},
): Promise<{ server: TestServer; document: TestDocument }> {
  const server = await startTestServer({ store, ...options })
  return { server, document: await createDocument(server.url) }
}

export function addressOf(server: TestServer, { id }: TestDocument, link = ''): string {
  return `${server.url}/api/documents/${id}/links${link && `/${link}`}`
}

export async function makeLink(server: TestServer, document: TestDocument, body: object): Promise<Link> {
  const response = await post(addressOf(server, document), body, document.keys.own)
  expect(response.status).toBe(201)
  return (await response.json()) as Link // checked by the test that makes one
}

export async function linksOf(server: TestServer, document: TestDocument): Promise<readonly Link[]> {
  const headers = { authorization: `Bearer ${document.keys.own}` }
  const { links } = (await (await fetch(addressOf(server, document), { headers })).json()) as {
    links: Link[]
  } // likewise
  return links
}

export function takeBack(
  server: TestServer,
  document: TestDocument,
  link: string,
  key = document.keys.own,
): Promise<Response> {
  return fetch(addressOf(server, document, link), {
    method: 'DELETE',
    headers: { authorization: `Bearer ${key}` },
  })
}

export function changeLink(
  server: TestServer,
  document: TestDocument,
  link: string,
  body: object,
  key = document.keys.own,
): Promise<Response> {
  return fetch(addressOf(server, document, link), {
    method: 'PATCH',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

export async function codeOf(response: Response): Promise<readonly [number, unknown]> {
  const { code } = (await response.json()) as { code?: unknown } // compared with what it should be
  return [response.status, code]
}

/** Someone who types through this token. */
export async function join(server: TestServer, { id }: TestDocument, token: string, device?: string) {
  const socket = await RawSocket.open(`${server.syncUrl}/${id}`, quireSubprotocols(token))
  await socket.greet(device)
  const doc = new Y.Doc()
  const replica = new Replica(socket, yjsDocument(doc))
  doc.on('update', (update: Uint8Array, _origin, _doc, { local }) => {
    if (local) replica.send(update)
  })
  await replica.synced()
  const text = doc.getText('content')
  return { socket, replica, text, type: (words: string) => text.insert(text.length, words) }
}

/** How a socket ends whose link or document is no more. */
export const goneFor = { code: closeCodes.unknownDocument, reason: 'document-unknown' }
