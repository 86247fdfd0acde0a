/** Links that let in only so many people: who counts, who comes again, and who comes too late. */
import { SqliteStore, type Store } from '@quire/sync-server'
import { describe, expect, it } from 'vitest'
import { keyOf, post, readText, type TestDocument } from '../support/documents.ts'
import { hold } from '../support/held-store.ts'
import { begin, changeLink, codeOf, goneFor, join, linksOf, makeLink, takeBack } from '../support/links.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import type { TestServer } from '../support/server.ts'
import { openStockClient } from '../support/stock-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilText } from '../support/until.ts'

interface Stage {
  readonly server: TestServer
  readonly store: Store
  readonly document: TestDocument
  readonly id: string
  readonly key: string
  /** How many people the link has let in. */
  readonly uses: () => Promise<number | undefined>
  readonly change: (body: object) => Promise<Response>
}

async function stage(maxUses: number, role = 'edit'): Promise<Stage> {
  const store = await SqliteStore.open(temporaryFolder())
  const { server, document } = await begin(store)
  const { id, url } = await makeLink(server, document, { role, maxUses })
  return {
    server,
    store,
    document,
    id,
    key: keyOf(url),
    uses: async () => (await linksOf(server, document)).find((link) => link.id === id)?.uses,
    change: (body) => changeLink(server, document, id, body),
  }
}

/** Someone who says who they are, and may or may not be let in. */
async function knock({ server, document, key }: Stage, device: string): Promise<RawSocket> {
  const socket = await RawSocket.open(`${server.syncUrl}/${document.id}`, quireSubprotocols(key))
  socket.send({ type: 'hello', version: 1, name: '', guest: device })
  return socket
}

async function isLetIn(socket: RawSocket): Promise<boolean> {
  return Promise.race([
    socket.receive('welcome').then(() => true),
    socket.closed.then((closed) => {
      expect(closed).toEqual(goneFor)
      return false
    }),
  ])
}

function askForSession({ server, document, key }: Stage, guest: string): Promise<Response> {
  return post(`${server.url}/api/documents/${document.id}/session`, { guest }, key)
}

describe('a link for so many people', () => {
  it('96 lets in exactly one of fifty who come at once, if it is for one', async () => {
    const here = await stage(1)
    const devices = Array.from({ length: 50 }, (_, index) => `device ${index}`)
    const sockets = await Promise.all(devices.map((device) => knock(here, device)))
    const results = await Promise.all(sockets.map(isLetIn))
    expect(results.filter(Boolean)).toHaveLength(1)
    expect(await here.uses()).toBe(1)
  })

  it('96 makes a session for exactly one of fifty, if it is for one', async () => {
    const here = await stage(1)
    const asked = Array.from({ length: 50 }, (_, index) => askForSession(here, `device ${index}`))
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    const count = (status: number): number => statuses.filter((each) => each === status).length
    expect([count(200), count(404)]).toEqual([1, 49])
  })

  it('lets them come again, as often as they like', async () => {
    const here = await stage(1, 'view')
    const { server, document, key } = here
    for (let times = 0; times < 3; times++) {
      const { socket } = await join(server, document, key, 'one device')
      socket.close()
      await socket.closed
    }
    expect(await isLetIn(await knock(here, 'another device'))).toBe(false)
    expect(await here.uses()).toBe(1)
  })

  it('lets in more, or everyone, when its owner says so', async () => {
    const here = await stage(1)
    await isLetIn(await knock(here, 'one'))
    expect(await isLetIn(await knock(here, 'two'))).toBe(false)
    expect((await here.change({ maxUses: 2 })).status).toBe(200)
    expect(await isLetIn(await knock(here, 'two'))).toBe(true)
    expect(await isLetIn(await knock(here, 'three'))).toBe(false)
    expect((await here.change({ maxUses: null })).status).toBe(200)
    expect(await isLetIn(await knock(here, 'three'))).toBe(true)
  })

  it('opens to no program that does not say who it is for', async () => {
    const here = await stage(5)
    const { server, document, key } = here
    const socket = await RawSocket.open(`${server.syncUrl}/${document.id}?token=${key}`)
    expect(await socket.closed).toEqual(goneFor)
    const text = await fetch(`${server.url}/api/documents/${document.id}/text`, {
      headers: { authorization: `Bearer ${key}` },
    })
    expect(await codeOf(text)).toEqual([404, 'document-unknown'])
    expect(await here.uses()).toBe(0)
  })

  it('opens to any program with a session that was made from it', async () => {
    const here = await stage(1)
    const { server, document } = here
    const { token } = (await (await askForSession(here, 'one')).json()) as { token: string } // the 200 of the API
    const { synced, text } = openStockClient({ serverUrl: server.syncUrl, room: document.id, token })
    await synced
    text.insert(0, 'hello')
    const bo = await join(server, document, document.keys.edit)
    await untilText(bo.text, 'hello')
    expect(await readText(server.url, document)).toBe('hello')
    expect(await here.uses()).toBe(1)
  })

  it('keeps those who are here, when they renew what they came with', async () => {
    const here = await stage(1)
    const socket = await knock(here, 'one')
    await isLetIn(socket)
    socket.send({ type: 'refresh', token: here.key })
    await socket.receive('access')
    await socket.settle()
    expect(await here.uses()).toBe(1)
  })

  /** Somebody comes over from another link, and is counted in the same batch in which the link is changed or taken back. */
  async function comeWhile(here: Stage, change: 'changeLink' | 'removeLink'): Promise<RawSocket> {
    const { server, store, document } = here
    const socket = await RawSocket.open(
      `${server.syncUrl}/${document.id}`,
      quireSubprotocols(document.keys.view),
    )
    await socket.greet()
    const holds = [hold(store, 'useLink', document.id), hold(store, change, document.id)] as const
    socket.send({ type: 'refresh', token: here.key })
    await holds[0].asked
    const changed =
      change === 'removeLink' ? takeBack(server, document, here.id) : here.change({ role: 'view' })
    await holds[1].asked
    for (const { release } of holds) release()
    await changed
    return socket
  }

  it('lets in nobody who is counted while it is taken back', async () => {
    const socket = await comeWhile(await stage(5), 'removeLink')
    expect(await socket.closed).toEqual(goneFor)
  })

  it('gives those who are counted while it is changed what it allows by then', async () => {
    const socket = await comeWhile(await stage(5), 'changeLink')
    expect(await socket.receive('access')).toMatchObject({ role: 'view' })
  })
})

it('a link for everyone counts nobody', async () => {
  const { server, document } = await begin()
  const { url } = await makeLink(server, document, { role: 'edit' })
  await join(server, document, keyOf(url), 'one')
  expect((await linksOf(server, document)).map(({ maxUses, uses }) => [maxUses, uses])).toEqual(
    Array.from({ length: 4 }, () => [null, 0]),
  )
})
