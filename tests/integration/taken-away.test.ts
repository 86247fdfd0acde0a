/** Rights that shrink while people are there: on the socket that is open, at once, and for whoever comes back. */
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { closeCodes, emptyUpdate, type Role } from '@quire/protocol'
import { SqliteStore } from '@quire/sync-server'
import { describe, expect, it } from 'vitest'
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
  addressOf,
  begin,
  changeLink,
  codeOf,
  goneFor,
  join,
  linksOf,
  makeLink,
  takeBack,
  type Link,
} from '../support/links.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import type { TestServer } from '../support/server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilText } from '../support/until.ts'

function remove(server: TestServer, { id }: TestDocument, key: string): Promise<Response> {
  return fetch(`${server.url}/api/documents/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${key}` },
  })
}

/** A socket that has been let in and says nothing by itself. */
async function enter(server: TestServer, { id }: TestDocument, token: string) {
  const socket = await RawSocket.open(`${server.syncUrl}/${id}`, quireSubprotocols(token))
  const { role } = await socket.greet()
  await socket.settle()
  return { socket, role }
}

/** The types of all that has come to it by now. */
async function heardBy(socket: RawSocket): Promise<string[]> {
  socket.send({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
  const types: string[] = []
  for await (const { type } of socket.messages()) {
    types.push(type)
    if (type === 'sync-step-2') break
  }
  return types
}

function updateOf(text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

describe('a link that is changed', () => {
  it('is shown as it is now, with what was not changed', async () => {
    const { server, document } = await begin()
    const made = await makeLink(server, document, { role: 'edit', label: 'Anna', expiresIn: 3600 })
    const response = await changeLink(server, document, made.id, {
      label: ' Bo ',
      role: 'view',
      expiresIn: null,
    })
    const changed = { ...made, label: 'Bo', role: 'view', expiresAt: null }
    expect([response.status, await response.json()]).toEqual([200, changed])
    expect((await linksOf(server, document)).at(-1)).toEqual(changed)
    await changeLink(server, document, made.id, {})
    await changeLink(server, document, made.id, { expiresIn: 60 })
    const now = Math.floor(Date.now() / 1000)
    const { expiresAt } = (await linksOf(server, document)).at(-1) ?? made
    expect(Math.abs((expiresAt ?? 0) - now - 60)).toBeLessThanOrEqual(1)
  })

  it.each<[string, object]>([
    ['an owner’s', { role: 'own' }],
    ['one of a role that there is not', { role: 'admin' }],
    ['one with several roles', { role: ['view'] }],
    ['one with no role', { role: null }],
    ['one that ended before', { expiresIn: -1 }],
    ['one for nobody', { maxUses: 0 }],
    ['one for unseen editors', { presence: false }],
    ['one with another id', { id: 'x' }],
    ['one with another key', { url: 'x' }],
  ])('does not become %s', async (_case, body) => {
    const { server, document } = await begin()
    const before = await linksOf(server, document)
    expect(await codeOf(await changeLink(server, document, 'edit', body))).toEqual([400, 'bad-request'])
    expect(await linksOf(server, document)).toEqual(before)
  })

  it('is the owner’s to change, and theirs keeps its role and lasts', async () => {
    const { server, document } = await begin()
    const { edit } = document.keys
    expect(await codeOf(await changeLink(server, document, 'view', { label: 'x' }, edit))).toEqual([
      403,
      'not-allowed',
    ])
    for (const body of [{ role: 'view' }, { expiresIn: 60 }, { maxUses: 5 }])
      expect(await codeOf(await changeLink(server, document, 'own', body))).toEqual([403, 'not-allowed'])
    expect((await changeLink(server, document, 'own', { label: 'Mine' })).status).toBe(200)
    expect(await codeOf(await changeLink(server, document, 'none', { label: 'x' }))).toEqual([
      404,
      'not-found',
    ])
  })

  it('to viewing leaves those who are here to read, and stores nothing more of theirs', async () => {
    const { server, document } = await begin()
    const link = await makeLink(server, document, { role: 'edit' })
    const bo = await join(server, document, document.keys.edit)
    const anna = await join(server, document, keyOf(link.url))
    anna.type('before. ')
    await untilText(bo.text, 'before. ')
    const watcher = await enter(server, document, keyOf(link.url))
    await changeLink(server, document, link.id, { role: 'view' })
    expect(await watcher.socket.receive('access')).toMatchObject({ role: 'view' })
    anna.type('after. ')
    expect(await anna.socket.closed).toMatchObject({ code: closeCodes.forbidden })
    bo.type('still here')
    await bo.replica.until(() => bo.replica.unsaved === 0)
    expect(await readText(server.url, document)).toBe('before. still here')
    await watcher.socket.settle()
    expect((await enter(server, document, keyOf(link.url))).role).toBe('view')
  })

  it('to viewing reaches stock clients, and sessions that were made from it', async () => {
    const { server, document } = await begin()
    const link = await makeLink(server, document, { role: 'edit' })
    const session = await createSession(server.url, document, keyOf(link.url))
    const url = `${server.syncUrl}/${document.id}?token=`
    const stock = await RawSocket.open(url + keyOf(link.url))
    await stock.settle()
    const guest = await enter(server, document, session)
    await changeLink(server, document, link.id, { role: 'view' })
    expect(await guest.socket.receive('access')).toMatchObject({ role: 'view' })
    stock.send({ type: 'update', update: updateOf('no') })
    expect(await stock.closed).toEqual({ code: closeCodes.forbidden, reason: 'write-not-allowed' })
    expect((await enter(server, document, session)).role).toBe('view')
    expect(await readText(server.url, document)).toBe('')
  })

  it('to editing gives that to those who are here, and asks them for what they have written', async () => {
    const { server, document } = await begin()
    const anna = await enter(server, document, document.keys.view)
    const stock = await RawSocket.open(`${server.syncUrl}/${document.id}?token=${document.keys.view}`)
    await stock.settle()
    const bo = await join(server, document, document.keys.own)
    await changeLink(server, document, 'view', { role: 'edit' })
    expect(await anna.socket.receive('access')).toEqual({ type: 'access', role: 'edit', expiresAt: 0 })
    // The answer of one who might only read, to the question that came with the room.
    anna.socket.send({ type: 'sync-step-2', update: emptyUpdate })
    await anna.socket.receive('sync-step-1')
    anna.socket.send({ type: 'sync-step-2', update: updateOf('Anna. ') })
    await untilText(bo.text, 'Anna. ')
    stock.send({ type: 'update', update: updateOf('Stock. ') })
    await bo.replica.until(() => bo.text.length === 'Anna. Stock. '.length)
  })

  it('to viewing and back gives a session what it was made with again, and one made meanwhile no more', async () => {
    const { server, document } = await begin()
    const session = await createSession(server.url, document, document.keys.edit)
    const anna = await enter(server, document, session)
    await changeLink(server, document, 'edit', { role: 'view' })
    expect(await anna.socket.receive('access')).toMatchObject({ role: 'view' })
    const meanwhile = await enter(
      server,
      document,
      await createSession(server.url, document, document.keys.edit),
    )
    await changeLink(server, document, 'edit', { role: 'edit' })
    expect(await anna.socket.receive('access')).toMatchObject({ role: 'edit' })
    expect(await heardBy(meanwhile.socket)).not.toContain('access')
  })

  it('to last longer does not end for those who are here when it was to end', async () => {
    const { server, document } = await begin()
    const link = await makeLink(server, document, { role: 'view', expiresIn: 60 })
    const anna = await enter(server, document, keyOf(link.url))
    await changeLink(server, document, link.id, { expiresIn: null })
    expect(await anna.socket.receive('access')).toEqual({ type: 'access', role: 'view', expiresAt: 0 })
  })

  it('in name only tells nobody', async () => {
    const { server, document } = await begin()
    const anna = await enter(server, document, document.keys.edit)
    await changeLink(server, document, 'edit', { label: 'Friends' })
    expect(await heardBy(anna.socket)).not.toContain('access')
  })

  it('to editing gives that to those who come back, but a session no more than it was made with', async () => {
    const { server, document } = await begin()
    const session = await createSession(server.url, document, document.keys.view)
    await changeLink(server, document, 'view', { role: 'edit' })
    const roles: Role[] = []
    for (const token of [document.keys.view, session]) roles.push((await enter(server, document, token)).role)
    expect(roles).toEqual(['edit', 'view'])
  })

  it('to end sooner tells those who are here', async () => {
    const { server, document } = await begin()
    const anna = await enter(server, document, document.keys.edit)
    const response = await changeLink(server, document, 'edit', { expiresIn: 60 })
    const { expiresAt } = (await response.json()) as Link // checked with what the client is told
    expect(await anna.socket.receive('access')).toEqual({ type: 'access', role: 'edit', expiresAt })
  })
})

describe('a link whose key is replaced', () => {
  it('opens with the new one, as it did, and no more with the old', async () => {
    const { server, document } = await begin()
    const link = await makeLink(server, document, { role: 'edit', label: 'Anna', expiresIn: 3600 })
    const anna = await enter(server, document, keyOf(link.url))
    const bo = await enter(server, document, document.keys.edit)
    const response = await post(`${addressOf(server, document, link.id)}/rotate`, {}, document.keys.own)
    const { links } = (await response.json()) as { links: Link[] } // checked here
    const { role, label, expiresAt } = link
    expect(links).toMatchObject([{ role, label, expiresAt }])
    expect(await anna.socket.closed).toEqual(goneFor)
    await bo.socket.settle()
    expect((await enter(server, document, keyOf(links[0]?.url ?? ''))).role).toBe('edit')
    const socket = await RawSocket.open(
      `${server.syncUrl}/${document.id}`,
      quireSubprotocols(keyOf(link.url)),
    )
    expect(await socket.closed).toEqual(goneFor)
    expect(await linksOf(server, document)).toHaveLength(4)
  })

  it('is every link if it is the owner’s, from whose all others follow', async () => {
    const { server, document } = await begin()
    const link = await makeLink(server, document, { role: 'edit', label: 'Anna' })
    const session = await createSession(server.url, document, document.keys.own)
    const here = [document.keys.own, document.keys.edit, document.keys.view, keyOf(link.url), session]
    const people = await Promise.all(here.map((key) => enter(server, document, key)))
    const response = await post(`${addressOf(server, document, 'own')}/rotate`, {}, document.keys.own)
    const { links } = (await response.json()) as { links: Link[] } // checked here
    for (const { socket } of people) expect(await socket.closed).toEqual(goneFor)
    for (const key of here) {
      const again = await RawSocket.open(`${server.syncUrl}/${document.id}`, quireSubprotocols(key))
      expect(await again.closed).toEqual(goneFor)
      expect(await codeOf(await remove(server, document, key))).toEqual([404, 'document-unknown'])
    }
    const named = links.map(({ role, label }) => `${role} ${label}`)
    expect(named.toSorted()).toEqual(['edit ', 'edit Anna', 'own ', 'view '])
    for (const { role, url } of links) expect((await enter(server, document, keyOf(url))).role).toBe(role)
    const own = keyOf(links.find(({ role }) => role === 'own')?.url ?? '')
    const renewed = { ...document, keys: { ...document.keys, own } }
    expect((await linksOf(server, renewed)).map(({ url }) => url).toSorted()).toEqual(
      links.map(({ url }) => url).toSorted(),
    )
    expect(await codeOf(await takeBack(server, document, 'edit'))).toEqual([404, 'document-unknown'])
  })

  it('is the one its owner chose, who then has it though the answer never came', async () => {
    const { server, document } = await begin()
    const [edit, own] = ['edit', 'own'].map((id) => `${addressOf(server, document, id)}/rotate`)
    const key = 'BBBBBBBBBBBBBBBBBBBBBA'
    for (const body of [{ key: 'short' }, { key: `${key}A` }, { key: 7 }, { keys: key }])
      expect(await codeOf(await post(own ?? '', body, document.keys.own))).toEqual([400, 'bad-request'])
    expect(await codeOf(await post(edit ?? '', { key }, document.keys.own))).toEqual([400, 'bad-request'])
    const another = await createDocument(server.url)
    const taken = { key: another.keys.own }
    expect(await codeOf(await post(own ?? '', taken, document.keys.own))).toEqual([400, 'bad-request'])
    expect((await post(own ?? '', { key }, document.keys.own)).status).toBe(200)
    expect((await enter(server, document, key)).role).toBe('own')
    expect(server.log.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('is past being replaced again by who began to ask while they had it', async () => {
    const { server, document } = await begin()
    const address = `${addressOf(server, document, 'own')}/rotate`
    const again = request(address, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${document.keys.own}`,
        'content-type': 'application/json',
        'content-length': 2,
        expect: '100-continue',
      },
    })
    again.flushHeaders()
    await once(again, 'continue')
    const key = 'BBBBBBBBBBBBBBBBBBBBBA'
    await post(address, { key }, document.keys.own)
    again.end('{}')
    const [{ statusCode }] = (await once(again, 'response')) as [IncomingMessage] // as documented
    expect(statusCode).toBe(404)
    expect((await enter(server, document, key)).role).toBe('own')
  })

  it('is replaced by its owner alone', async () => {
    const { server, document } = await begin()
    const response = await post(`${addressOf(server, document, 'own')}/rotate`, {}, document.keys.edit)
    expect(await codeOf(response)).toEqual([403, 'not-allowed'])
  })
})

describe('a document that is deleted', () => {
  it('42 sends everyone away, hears them no more, is not there any more, and leaves others alone', async () => {
    const store = await SqliteStore.open(temporaryFolder())
    const { server, document } = await begin(store)
    const other = await (await post(`${server.url}/api/documents`, { text: 'another' })).json()
    const [anna, bo] = [
      await join(server, document, document.keys.edit),
      await enter(server, document, document.keys.view),
    ]
    anna.type('private')
    await anna.replica.until(() => anna.replica.unsaved === 0)
    expect((await remove(server, document, document.keys.own)).status).toBe(204)
    anna.type(' and more')
    expect(await anna.socket.closed).toEqual(goneFor)
    expect(await bo.socket.closed).toEqual(goneFor)
    expect(await store.load(document.id)).toBeUndefined()
    for (const key of Object.values(document.keys)) {
      const socket = await RawSocket.open(`${server.syncUrl}/${document.id}`, quireSubprotocols(key))
      expect(await socket.closed).toEqual(goneFor)
      expect(await codeOf(await remove(server, document, key))).toEqual([404, 'document-unknown'])
    }
    const { id, links } = other as { id: string; links: Record<Role, string> } // the 201 of the API
    const kept = await fetch(`${server.url}/api/documents/${id}/text`, {
      headers: { authorization: `Bearer ${keyOf(links.view)}` },
    })
    expect(await kept.text()).toBe('another')
    expect(server.log.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('is its owner’s to delete', async () => {
    const { server, document } = await begin()
    for (const role of ['edit', 'view'] as const)
      expect(await codeOf(await remove(server, document, document.keys[role]))).toEqual([403, 'not-allowed'])
    expect(await codeOf(await remove(server, document, 'AAAAAAAAAAAAAAAAAAAAAA'))).toEqual([
      404,
      'document-unknown',
    ])
    expect(await readText(server.url, document)).toBe('')
  })
})

it('93 two hundred who type go when their link is taken back, and nothing of theirs is stored after that', async () => {
  const { server, document } = await begin(await SqliteStore.open(temporaryFolder()))
  const link = await makeLink(server, document, { role: 'edit' })
  let saved = 0
  let onSaved: () => void = () => undefined
  const typing = Promise.withResolvers<void>()
  onSaved = () => saved === 2000 && typing.resolve()
  const people = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const { socket } = await enter(server, document, keyOf(link.url))
      const doc = new Y.Doc()
      const text = doc.getText('content')
      doc.on('update', (update: Uint8Array) => socket.send({ type: 'update', update }))
      return { socket, type: () => text.insert(text.length, 'x') }
    }),
  )
  for (const { socket, type } of people)
    void (async () => {
      type()
      for await (const message of socket.messages()) {
        if (message.type !== 'saved') continue
        saved++
        onSaved()
        type()
      }
    })()
  await typing.promise
  const response = await takeBack(server, document, link.id)
  const answeredMs = performance.now()
  expect(response.status).toBe(204)
  const atOnce = await readText(server.url, document)
  for (const { socket } of people) expect(await socket.closed).toEqual(goneFor)
  console.log(
    `the last of 200 sockets closed ${(performance.now() - answeredMs).toFixed(0)} ms after the answer`,
  )
  expect(saved).toBeGreaterThanOrEqual(2000)
  expect(await readText(server.url, document)).toBe(atOnce)
  expect(atOnce.length).toBeGreaterThanOrEqual(saved)
})
