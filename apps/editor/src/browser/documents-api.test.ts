import { afterEach, expect, test } from 'vitest'
import { learn } from '../words/index.ts'
import { documentsApi } from './documents-api.ts'

const own = 'https://quire.example/d/a#AAAAAAAAAAAAAAAAAAAAAA'
const links = [
  {
    id: '1',
    role: 'edit',
    url: own,
    label: 'Anna',
    createdAt: 1_800_000_000,
    expiresAt: null,
    maxUses: 5,
    presence: false,
    uses: 2,
  },
]
const shown = { ...links[0], createdAt: 1_800_000_000_000, expiresAt: undefined }

function answering(status: number, body: unknown): ReturnType<typeof documentsApi> {
  return documentsApi(
    async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }),
  )
}

afterEach(() => learn('en-GB'))

const failed = (words: RegExp) => ({ type: 'failed', words: expect.stringMatching(words) })

test('a new document is known by its own link', async () => {
  expect(await answering(201, { id: 'a', links: { own, edit: own, view: own } }).create()).toEqual({
    type: 'given',
    value: own,
  })
})

test('a server that cannot be reached, or a proxy without one, is said to be unreachable', async () => {
  const offline = documentsApi(() => Promise.reject(new TypeError('Failed to fetch')))
  expect(await offline.create()).toEqual(failed(/cannot be reached/))
  expect(await answering(502, '<h1>Bad gateway</h1>').create()).toEqual(failed(/cannot be reached/))
})

test('a refusal is told in the words of the server', async () => {
  const title = 'Only administrators create documents here'
  expect(await answering(403, { title, code: 'create-not-allowed' }).create()).toEqual(failed(/^Only admin/))
  const detail = 'Ask whoever runs this server.'
  expect(await answering(403, { title, detail }).create()).toEqual(failed(/^Ask whoever/))
})

test('in another language, a refusal is told by its code', async () => {
  await learn('de')
  const body = { title: 'The server failed', code: 'server-failed' }
  expect(await answering(500, body).create()).toEqual(failed(/^Auf dem Server/))
  expect(await answering(500, { ...body, code: 'unheard-of' }).create()).toEqual(failed(/^The server failed/))
})

test('a text is had as it is', async () => {
  const pass = { type: 'link', documentId: 'a', key: 'AAAAAAAAAAAAAAAAAAAAAA', href: own } as const
  const sent: string[] = []
  const api = documentsApi(async (_url, init) => {
    sent.push(new Headers(init?.headers).get('authorization') ?? '')
    return new Response('{"one": 1}\r\n', { headers: { 'content-type': 'text/plain; charset=UTF-8' } })
  })
  expect(await api.text(pass)).toEqual({ type: 'given', value: '{"one": 1}\r\n' })
  expect(sent).toEqual(['Bearer AAAAAAAAAAAAAAAAAAAAAA'])
  expect(await answering(404, { title: 'Gone', code: 'document-unknown' }).text(pass)).toEqual(
    failed(/^Gone/),
  )
})

test('an answer that makes no sense is a failure, not a broken page', async () => {
  for (const body of ['', 'okay', {}, { links: {} }, { links: { own: 7 } }])
    expect(await answering(201, body).create()).toEqual(failed(/does not understand/))
  expect(await answering(404, 'not found').create()).toEqual(failed(/does not understand/))
})

test('a link whose address nobody can be shown is one all the same', async () => {
  const api = answering(200, { links: [{ ...links[0], url: null }] })
  const value = [{ ...shown, url: undefined }]
  expect(await api.links({ documentId: 'a', key: 'k' })).toEqual({ type: 'given', value })
})

test('links of a role this page does not know are left out', async () => {
  const api = answering(200, { links: [...links, { id: '2', role: 'comment', url: own }, null] })
  expect(await api.links({ documentId: 'a', key: 'k' })).toEqual({ type: 'given', value: [shown] })
})

test('the key travels in a header, never in the address', async () => {
  const asked: [string | undefined, unknown, string | null][] = []
  const api = documentsApi(async (url, init) => {
    asked.push([init?.method, url, new Headers(init?.headers).get('authorization')])
    if (init?.method === 'DELETE') return new Response(null, { status: 204 })
    return Response.json(init?.method === 'PATCH' ? links[0] : { links })
  })
  const document = { documentId: 'a', key: 'secret' }
  await api.links(document)
  await api.makeLink(document, {
    role: 'edit',
    label: 'Anna',
    expiresIn: undefined,
    maxUses: undefined,
    presence: true,
  })
  const done = { type: 'given', value: undefined }
  expect(await api.takeBackLink(document, 'x/y')).toEqual(done)
  const change = { role: 'view', label: '', maxUses: null, presence: false } as const
  expect(await api.changeLink(document, 'x', change)).toEqual({ type: 'given', value: shown })
  expect(await api.renewLink(document, 'x')).toEqual({ type: 'given', value: shown })
  expect(await api.renewAllLinks(document, 'another')).toEqual(done)
  expect(await api.deleteDocument(document)).toEqual(done)
  expect(asked).toEqual([
    [undefined, '/api/documents/a/links', 'Bearer secret'],
    ['POST', '/api/documents/a/links', 'Bearer secret'],
    ['DELETE', '/api/documents/a/links/x%2Fy', 'Bearer secret'],
    ['PATCH', '/api/documents/a/links/x', 'Bearer secret'],
    ['POST', '/api/documents/a/links/x/rotate', 'Bearer secret'],
    ['POST', '/api/documents/a/links/own/rotate', 'Bearer secret'],
    ['DELETE', '/api/documents/a', 'Bearer secret'],
  ])
})
