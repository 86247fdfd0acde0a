/** The operator's API over HTTP: for whoever shows the token and nobody else, about every document, and at once. */
import { closeCodes } from '@quire/protocol'
import { MemoryStore, ResourceLimitError } from '@quire/sync-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import {
  createDocument,
  createSession,
  keyOf,
  post,
  readText,
  type TestDocument,
} from '../support/documents.ts'
import {
  codeOf,
  changeLink,
  goneFor,
  join,
  linksOf,
  makeLink,
  takeBack,
  type Link,
} from '../support/links.ts'
import { signHostToken } from '../support/host-token.ts'
import { muchDeleted } from '../support/much-deleted.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { runTestServer, startTestServer, type TestServer } from '../support/server.ts'

const adminToken = 'Wq3hT8-vN5pLxR2m'

let server: TestServer
beforeAll(async () => {
  server = await runTestServer({ adminToken })
})
afterAll(() => server.close())

const address = (path: string): string => `${server.url}/api/admin${path}`
const headers = { authorization: `Bearer ${adminToken}` }

async function get<Answer>(path: string): Promise<Answer> {
  const response = await fetch(address(path), { headers })
  expect(response.status).toBe(200)
  return (await response.json()) as Answer // compared with what it should be
}

function ask(method: string, path: string, body?: object): Promise<Response> {
  if (method === 'POST') return post(address(path), body ?? {}, adminToken)
  return fetch(address(path), { method, headers })
}

interface Details {
  readonly title: string | null
  readonly bytes: number
  readonly entries: number
  readonly people: number
  readonly present: readonly object[]
  readonly linkList: readonly object[]
  readonly writers: readonly { readonly name: string }[]
}

describe('whoever does not show the operator’s token', () => {
  const paths = ['/stats', '/server', '/documents', '/documents/any', '/nothing']

  it.each(paths)('is refused at %s', async (path) => {
    for (const wrong of [{}, { authorization: `Bearer ${adminToken}x` }, { authorization: adminToken }])
      expect(await codeOf(await fetch(address(path), { headers: wrong }))).toEqual([401, 'not-authenticated'])
  })

  it('has no more to say with the key of an owner', async () => {
    const document = await createDocument(server.url)
    const response = await fetch(address(`/documents/${document.id}`), {
      method: 'DELETE',
      headers: { authorization: `Bearer ${document.keys.own}` },
    })
    expect(response.status).toBe(401)
    expect(await readText(server.url, document)).toBe('')
  })

  it('finds nothing where there is no such token', async () => {
    const without = await startTestServer()
    for (const path of paths)
      expect(await codeOf(await fetch(`${without.url}/api/admin${path}`, { headers }))).toEqual([
        404,
        'not-found',
      ])
  })

  it('94 spends what wrong keys of an address may cost, and then is not heard with the right one either', async () => {
    const strict = await startTestServer({
      adminToken,
      admissionLimits: { wrongKeys: { perSecond: 0.001, atOnce: 3 } },
    })
    const url = `${strict.url}/api/admin/stats`
    for (let count = 0; count < 3; count++)
      expect((await fetch(url, { headers: { authorization: `Bearer wrong${count}` } })).status).toBe(401)
    expect(await codeOf(await fetch(url, { headers }))).toEqual([429, 'too-many-requests'])
  })
})

describe('the operator', () => {
  it('asks for a document that is not there as often as they like', async () => {
    const strict = await startTestServer({
      adminToken,
      admissionLimits: { wrongKeys: { perSecond: 0.001, atOnce: 3 } },
    })
    for (let count = 0; count < 5; count++) {
      const response = await fetch(`${strict.url}/api/admin/documents/none`, { headers })
      expect(await codeOf(response)).toEqual([404, 'document-unknown'])
    }
  })

  it.each<[what: string, method: string, path: string, body?: object]>([
    ['77 a page of nothing', 'GET', '/documents?limit=0'],
    ['77 a page of too much', 'GET', '/documents?limit=1001'],
    ['77 a page of no number', 'GET', '/documents?limit=NaN'],
    ['77 a page by its number', 'GET', '/documents?offset=1'],
    ['77 a page from before the first', 'GET', '/documents?skip=-1'],
    ['77 an order that is none', 'GET', '/documents?order=name'],
    ['77 what nobody opened for no day', 'GET', '/documents?unopened=0'],
    ['77 what nobody opened since before there were computers', 'GET', '/documents?unopened=36501'],
    ['77 what nobody opened for no number of days', 'GET', '/documents?unopened=90d'],
    ['71 a question that is none', 'GET', '/documents?sort=size'],
    ['77 more to look for than a title holds', 'GET', `/documents?find=${'x'.repeat(201)}`],
    ['77 more of the largest than a page holds', 'GET', '/stats?largest=101'],
    ['71 whom to disconnect under another name', 'POST', '/documents/any/disconnect', { user: 'ada' }],
    ['71 nobody to disconnect', 'POST', '/documents/any/disconnect', { person: null }],
    ['77 a person of 65 letters', 'POST', '/documents/any/disconnect', { person: 'x'.repeat(65) }],
    ['71 a field that is none', 'POST', '/documents', { txt: '' }],
    ['a title of 1 KB', 'POST', '/documents', { title: 'x'.repeat(1024) }],
    ['an owner’s link beside the owner’s', 'POST', '/documents/any/links', { role: 'own' }],
    ['85 a token for a role that there is not', 'POST', '/documents/any/tokens', { role: 'admin', sub: 'a' }],
    [
      '83 a token for longer than a day',
      'POST',
      '/documents/any/tokens',
      { role: 'view', sub: 'a', expiresIn: 86_401 },
    ],
    ['a token for a stranger', 'POST', '/documents/any/tokens', { role: 'view', sub: 'stranger:1' }],
    ['a token for nobody', 'POST', '/documents/any/tokens', { role: 'view', sub: '' }],
  ])('is told of %s', async (_, method, path, body) => {
    expect(await codeOf(await ask(method, path, body))).toEqual([400, 'bad-request'])
  })

  it('has a title that takes too much looked for once', async () => {
    let read = 0
    const other = await startTestServer({
      adminToken,
      work: {
        async readTitle() {
          read++
          throw new ResourceLimitError('it took longer than 20 s')
        },
      },
    })
    const { id } = await createDocument(other.url, { text: 'it is said to be dear' })
    const title = async (): Promise<unknown> => {
      const response = await fetch(`${other.url}/api/admin/documents/${id}`, { headers })
      return ((await response.json()) as Details).title // compared with what it should be
    }
    expect([await title(), await title(), read]).toEqual(['', '', 1])
  })

  it('lists documents with their titles as they are now, in pages', async () => {
    const made = await ask('POST', '/documents', { title: 'Before', text: 'abc' })
    const { id, links } = (await made.json()) as { id: string; links: { own: string; edit: string } } // the 201 of the API
    const title = async (): Promise<string | null> => (await get<Details>(`/documents/${id}`)).title
    expect(await title()).toBe('Before')
    expect(await title()).toBe('Before')
    const document = { id, keys: { own: keyOf(links.own) } } as unknown as TestDocument // all that is read of it here
    const anna = await join(server, document, keyOf(links.edit))
    anna.text.doc?.getMap('meta').set('title', 'After')
    await anna.replica.until(() => anna.replica.unsaved === 0)
    expect(await title()).toBe('After')
    anna.socket.close()

    const all = await get<{ documents: { id: string }[] }>('/documents?order=id&limit=1000')
    const pages = await Promise.all(
      ['', ...all.documents.map((each) => each.id)].map((after) =>
        get<{ documents: { id: string }[] }>(`/documents?order=id&limit=1&after=${after}`),
      ),
    )
    expect(pages.flatMap(({ documents }) => documents.map((each) => each.id))).toEqual(
      all.documents.map((each) => each.id),
    )
    expect(all.documents.map((each) => each.id)).toContain(id)
    const bySize = await get<{ documents: { id: string }[] }>('/documents?order=size&limit=1000')
    const rest = await get<{ documents: { id: string }[] }>('/documents?order=size&limit=1000&skip=1')
    expect(rest.documents.map((each) => each.id)).toEqual(bySize.documents.slice(1).map((each) => each.id))
  })

  it('sees who is in a document, each person once, and who wrote in it', async () => {
    const document = await createDocument(server.url, { text: 'abc' })
    const anna = await join(server, document, document.keys.edit, 'anna’s phone')
    const again = await join(server, document, document.keys.view, 'anna’s phone')
    anna.type('!')
    await anna.replica.until(() => anna.replica.unsaved === 0)
    const details = await get<Details>(`/documents/${document.id}`)
    expect(details).toMatchObject({ people: 1, entries: 2 })
    const person = { id: expect.stringMatching(/^[\w-]{16}$/), name: expect.any(String), role: 'edit' }
    expect(details.present).toEqual([{ ...person, connections: 2 }])
    expect(await get(`/documents/${document.id}/people`)).toEqual({ present: details.present })
    expect(details.writers).toHaveLength(1)
    expect(details.linkList).toHaveLength(3)
    anna.socket.close()
    again.socket.close()
  })

  it('sees what nobody has opened, which to look at it does not change', async () => {
    const store = new MemoryStore()
    const own = await startTestServer({ store, adminToken })
    const [joined, read, neither] = await Promise.all(
      ['joined', 'read', 'neither'].map((text) => createDocument(own.url, { text })),
    )
    if (!joined || !read || !neither) throw new Error('there are documents')
    for (let hour = 0; hour < 71; hour++) await store.passHour()
    const unopened = async (days: number): Promise<unknown> =>
      (await fetch(`${own.url}/api/admin/documents?unopened=${days}&order=opened`, { headers })).json()
    expect(await unopened(2)).toEqual({ documents: [] })
    await store.passHour()
    expect(await unopened(2)).toMatchObject({ documents: { length: 3 } })
    const anna = await join(own, joined, joined.keys.view)
    expect(await readText(own.url, read)).toBe('read')
    for (const path of ['', '/text', '/update'])
      await fetch(`${own.url}/api/admin/documents/${neither.id}${path}`, { headers })
    const left = { id: neither.id, unopenedDays: 2, openedAt: expect.any(Number) }
    expect(await unopened(2)).toMatchObject({ documents: [left] })
    anna.socket.close()
  })

  it('disconnects one person, or everyone, who may come back, with all they wrote', async () => {
    const document = await createDocument(server.url)
    const [anna, bo] = [
      await join(server, document, document.keys.edit, 'anna’s phone'),
      await join(server, document, document.keys.edit, 'bo’s phone'),
    ]
    anna.type('in time')
    await anna.replica.until(() => anna.replica.unsaved === 0)
    const { writers } = await get<Details>(`/documents/${document.id}`)
    const present = async (): Promise<readonly { readonly id: string }[]> =>
      (await get<{ present: { id: string }[] }>(`/documents/${document.id}/people`)).present
    const [first] = await present()
    expect(JSON.stringify(writers)).not.toContain(first?.id)
    const disconnect = async (body: object): Promise<unknown> =>
      (await ask('POST', `/documents/${document.id}/disconnect`, body)).json()
    expect(await disconnect({ person: 'nobody' })).toEqual({ connections: 0 })
    expect(await disconnect({ person: first?.id })).toEqual({ connections: 1 })
    const sentAway = { code: closeCodes.tryAgainLater, reason: 'disconnected by the operator' }
    expect(await anna.socket.closed).toEqual(sentAway)
    const again = await join(server, document, document.keys.edit, 'anna’s phone')
    expect(again.text.toString()).toBe('in time')
    expect((await present()).map(({ id }) => id)).toContain(first?.id)
    expect(await disconnect({})).toEqual({ connections: 2 })
    expect([await again.socket.closed, await bo.socket.closed]).toEqual([sentAway, sentAway])
    expect(await present()).toEqual([])
    for (const path of ['disconnect', 'people'])
      expect((await ask(path === 'people' ? 'GET' : 'POST', `/documents/none/${path}`)).status).toBe(404)
  })

  it('finds documents by their titles and ids, whatever is looked for', async () => {
    const titles = ['Protokoll der Sitzung', '<img src=x onerror=alert(1)>', '50 % _off_']
    const made = await Promise.all(
      titles.map(async (title) => {
        const { id } = (await (await ask('POST', '/documents', { title })).json()) as { id: string } // the 201 of the API
        await get(`/documents/${id}`)
        return id
      }),
    )
    const find = async (words: string): Promise<string[]> =>
      (
        await get<{ documents: { id: string }[] }>(`/documents?find=${encodeURIComponent(words)}`)
      ).documents.map(({ id }) => id)
    expect(await find('SITZUNG')).toEqual([made[0]])
    expect(await find('onerror=')).toEqual([made[1]])
    expect(await find('% _')).toEqual([made[2]])
    expect(await find(made[0]?.slice(2) ?? '')).toEqual([made[0]])
    expect(await find("' OR '1'='1")).toEqual([])
  })

  it('sees at a glance what the server did in the last minute', async () => {
    const document = await createDocument(server.url)
    const anna = await join(server, document, document.keys.edit)
    anna.type('abc')
    await anna.replica.until(() => anna.replica.unsaved === 0)
    const glance = await get<{
      readonly people: number
      readonly largest: readonly object[]
      readonly server: { readonly version: string; readonly recent: Record<string, unknown> }
    }>('/stats?largest=0')
    expect(glance.people).toBeGreaterThan(0)
    expect(glance.largest).toEqual([])
    expect(glance.server.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(Number(glance.server.recent['updates'])).toBeGreaterThan(0)
    expect(glance.server.recent['saveMs']).toEqual({ median: expect.any(Number), p99: expect.any(Number) })
    anna.socket.close()
  })

  it('deletes a document, and whoever is in it is sent away at once', async () => {
    const document = await createDocument(server.url, { text: 'abc' })
    const anna = await join(server, document, document.keys.edit)
    expect((await ask('DELETE', `/documents/${document.id}`)).status).toBe(204)
    expect(await anna.socket.closed).toMatchObject(goneFor)
    expect((await ask('DELETE', `/documents/${document.id}`)).status).toBe(404)
  })

  it('compacts a document that people are in, and nobody notices', async () => {
    const document = await createDocument(server.url, { text: 'abc' })
    const anna = await join(server, document, document.keys.edit)
    for (let edit = 0; edit < 5; edit++) {
      anna.type('!')
      await anna.replica.until(() => anna.replica.unsaved === 0)
    }
    const answer = await ask('POST', `/documents/${document.id}/compact`)
    expect(await answer.json()).toMatchObject({ id: document.id, entriesJoined: 6 })
    anna.type('?')
    await anna.replica.until(() => anna.replica.unsaved === 0)
    expect(await readText(server.url, document)).toBe('abc!!!!!?')
    anna.socket.close()
    expect(await (await ask('POST', `/documents/${document.id}/compact`)).json()).toMatchObject({
      entriesJoined: 1,
    })
  })

  it('reads what a document says, and the whole of it as an update', async () => {
    const document = await createDocument(server.url, { text: 'žluťoučký' })
    const text = await ask('GET', `/documents/${document.id}/text`)
    expect(await text.text()).toBe('žluťoučký')
    const update = await ask('GET', `/documents/${document.id}/update`)
    expect((await update.arrayBuffer()).byteLength).toBeGreaterThan(10)
    expect((await ask('GET', '/documents/none/text')).status).toBe(404)
    expect((await ask('GET', '/documents/none/update')).status).toBe(404)
  })

  it('makes a document of the whole of another, under a name of their own, once', async () => {
    const { id } = await createDocument(server.url, { text: 'abc' })
    const whole = await (await fetch(address(`/documents/${id}/update`), { headers })).bytes()
    const put = (query: string, body: Uint8Array<ArrayBuffer>): Promise<Response> =>
      fetch(address(`/documents/team%2Fnotes${query}`), { method: 'PUT', headers, body })
    expect(await codeOf(await put('/update', whole.slice(0, -2)))).toEqual([422, 'update-refused'])
    expect(await codeOf(await put('/update?links=some', whole))).toEqual([400, 'bad-request'])
    const made = await put('/update?links=none', whole)
    expect([made.status, await made.json()]).toEqual([201, { id: 'team/notes', links: null }])
    expect(await codeOf(await put('/update', whole))).toEqual([409, 'document-exists'])
    const text = await fetch(address('/documents/team%2Fnotes/text'), { headers })
    expect(await text.text()).toBe('abc')
  })

  it('takes over a document however much was written and deleted in it', async () => {
    const whole = Uint8Array.from(Y.encodeStateAsUpdate(muchDeleted()))
    const put = (name: string, body: Uint8Array<ArrayBuffer>): Promise<Response> =>
      fetch(address(`/documents/${name}/update?links=none`), { method: 'PUT', headers, body })
    expect((await put('pruned', whole)).status).toBe(201)
    const exported = await (await fetch(address('/documents/pruned/update'), { headers })).bytes()
    expect((await put('pruned-again', exported)).status).toBe(201)
    const text = await fetch(address('/documents/pruned-again/text'), { headers })
    expect(await text.text()).toBe('kept')
  })

  it('signs a token that lets a user of theirs in', async () => {
    const document = await createDocument(server.url)
    const answer = await ask('POST', `/documents/${document.id}/tokens`, {
      role: 'edit',
      sub: 'ada',
      name: 'Ada',
    })
    const { token, url } = (await answer.json()) as { token: string; url: string } // the 201 of the API
    expect(url).toBe(`${server.url}/d/${document.id}#token=${token}`)
    const ada = await join(server, document, token)
    const { present } = await get<Details>(`/documents/${document.id}`)
    expect(present).toEqual([{ id: expect.any(String), name: 'Ada', role: 'edit', connections: 1 }])
    ada.socket.close()
  })

  it('signs as the issuer that tokens have to name', async () => {
    const store = new MemoryStore()
    const strict = await startTestServer({ store, adminToken, jwtIssuer: 'our application' })
    const document = await createDocument(strict.url)
    const url = `${strict.url}/api/admin/documents/${document.id}/tokens`
    const answer = await post(url, { role: 'view', sub: 'ada' }, adminToken)
    const { token } = (await answer.json()) as { token: string } // likewise
    expect((await join(strict, document, token)).text.toJSON()).toBe('')
  })

  it('finds a document that is damaged among the others', async () => {
    const store = new MemoryStore()
    const strict = await startTestServer({ store, adminToken })
    const { id } = await createDocument(strict.url, { text: 'abc' })
    const sound = await createDocument(strict.url, { text: 'abc' })
    store.replace(id, { base: undefined, tail: [{ position: 1, update: Uint8Array.of(1, 2, 3) }] })
    const url = `${strict.url}/api/admin/documents`
    const { documents } = (await (await fetch(`${url}?order=size`, { headers })).json()) as {
      documents: { id: string; title: string | null }[]
    } // compared
    expect(documents.map((each) => [each.id, each.title])).toEqual([
      [sound.id, ''],
      [id, null],
    ])
    expect(await codeOf(await post(`${url}/${id}/compact`, {}, adminToken))).toEqual([
      503,
      'document-damaged',
    ])
    expect((await fetch(`${url}/${id}`, { headers })).status).toBe(200)
    expect((await fetch(`${url}/${id}`, { method: 'DELETE', headers })).status).toBe(204)
  })

  it('counts what there is, and what the server does', async () => {
    const { documents } = await get<{ documents: { id: string }[] }>('/documents?limit=1000')
    const stats = await get<object>('/stats')
    expect(stats).toMatchObject({
      documents: documents.length,
      server: { url: server.url, publicUrl: server.url, pid: process.pid },
      disk: null,
    })
  })
})

describe('a link that the operator makes', () => {
  interface Made extends Link {
    readonly operator: boolean
  }

  async function made(document: TestDocument, body: object): Promise<Made> {
    const response = await ask('POST', `/documents/${document.id}/links`, body)
    expect(response.status).toBe(201)
    return (await response.json()) as Made // checked by the test that makes one
  }

  it('opens the document, and its owner sees it without its address', async () => {
    const document = await createDocument(server.url, { text: 'abc' })
    const link = await made(document, { role: 'view', label: 'Press', expiresIn: 3600, maxUses: 2 })
    expect(link).toMatchObject({ role: 'view', label: 'Press', maxUses: 2, uses: 0, operator: true })
    const reader = await join(server, document, keyOf(link.url), 'a phone')
    expect(reader.text.toJSON()).toBe('abc')
    reader.socket.close()
    const { url: _url, operator: _operator, ...shown } = link
    expect((await linksOf(server, document)).at(-1)).toEqual({ ...shown, uses: 1, url: null })
  })

  it('is the owner’s to change and to take back, and has an address for them once they renew it', async () => {
    const document = await createDocument(server.url)
    const { id } = await made(document, { role: 'view' })
    const changed = await changeLink(server, document, id, { role: 'edit', label: 'Mine' })
    expect(await changed.json()).toMatchObject({ id, role: 'edit', label: 'Mine', url: null })
    const renew = `${server.url}/api/documents/${document.id}/links/${id}/rotate`
    const renewed = await (await post(renew, {}, document.keys.own)).json()
    const [link] = (renewed as { links: Link[] }).links
    expect(link?.url).toContain(`/d/${document.id}#`)
    const again = await made(document, { role: 'view' })
    expect((await takeBack(server, document, again.id)).status).toBe(204)
  })

  it('is one of a hundred at most', async () => {
    const document = await createDocument(server.url)
    for (let count = 3; count < 100; count++) await makeLink(server, document, { role: 'view' })
    const refused = await ask('POST', `/documents/${document.id}/links`, { role: 'view' })
    expect(await codeOf(refused)).toEqual([409, 'too-many'])
  })
})

describe('a link that the operator takes back', () => {
  it('opens nothing from that moment, and whoever came through it is sent away', async () => {
    const document = await createDocument(server.url)
    const anna = await join(server, document, document.keys.edit)
    expect((await ask('DELETE', `/documents/${document.id}/links/edit`)).status).toBe(204)
    expect(await anna.socket.closed).toMatchObject(goneFor)
    expect((await ask('DELETE', `/documents/${document.id}/links/edit`)).status).toBe(404)
  })

  it('is not the owner’s', async () => {
    const document = await createDocument(server.url)
    const refused = await ask('DELETE', `/documents/${document.id}/links/own`)
    expect(await codeOf(refused)).toEqual([403, 'not-allowed'])
  })
})

describe('an owner who has lost their link', () => {
  it('gets another: with it all links are others, and everyone who came through the old ones is sent away', async () => {
    const document = await createDocument(server.url, { text: 'abc' })
    await makeLink(server, document, { role: 'view', label: 'Anna' })
    const anna = await join(server, document, document.keys.edit)
    const session = await createSession(server.url, document, document.keys.own)
    const answer = await ask('POST', `/documents/${document.id}/new-owner`)
    expect(answer.status).toBe(201)
    const { links } = (await answer.json()) as { links: Link[] } // compared below
    expect(await anna.socket.closed).toMatchObject({ code: closeCodes.unknownDocument })
    for (const key of [...Object.values(document.keys), session])
      expect((await fetch(`${server.url}/api/documents/${document.id}/text`, bearer(key))).status).toBe(404)
    const own = links.find(({ role }) => role === 'own')
    const key = keyOf(own?.url ?? '')
    const renewed = { ...document, keys: { ...document.keys, own: key } }
    // As the owner's own page is shown them.
    const shown = await linksOf(server, renewed)
    expect(shown.map(({ url }) => url)).toEqual(links.map(({ url }) => url))
    expect(shown.map(({ role, label }) => `${role} ${label}`).toSorted()).toEqual([
      'edit ',
      'own ',
      'view ',
      'view Anna',
    ])
  })

  it('may have a document that never had an owner', async () => {
    const store = new MemoryStore()
    const open = await startTestServer({ store, adminToken, openRooms: true })
    const { id } = await createDocument(open.url)
    await store.replaceLinks(id, 'all', [])
    const answer = await post(`${open.url}/api/admin/documents/${id}/new-owner`, {}, adminToken)
    const { links } = (await answer.json()) as { links: Link[] } // compared
    expect(links.map(({ role }) => role)).toEqual(['own'])
  })

  it.each([
    ['a link', 'links', { role: 'view' }],
    ['an owner', 'new-owner', {}],
  ])('closes an open room by giving it %s: who is there without a token goes', async (_, path, body) => {
    const open = await startTestServer({ adminToken, openRooms: true })
    const enter = (key?: string): Promise<RawSocket> =>
      RawSocket.open(`${open.syncUrl}/pad`, key === undefined ? [] : quireSubprotocols(key))
    const anyone = await enter()
    anyone.send({ type: 'sync-step-1', stateVector: new Uint8Array([0]) })
    const written = new Y.Doc()
    written.getText('content').insert(0, 'a')
    anyone.send({ type: 'update', update: Y.encodeStateAsUpdate(written) })
    await anyone.receive('update')
    const signedIn = await enter(signHostToken(open.secret, { doc: 'pad', role: 'view' }))
    await signedIn.greet()
    const answer = await post(`${open.url}/api/admin/documents/pad/${path}`, body, adminToken)
    expect(answer.status).toBeLessThan(300)
    expect(await anyone.closed).toMatchObject({ code: 4404 })
    expect(await (await enter()).closed).toMatchObject({ code: 4401 })
    await signedIn.settle()
  })
})

function bearer(key: string): RequestInit {
  return { headers: { authorization: `Bearer ${key}` } }
}
