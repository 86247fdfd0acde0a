/** Links through which people read without being shown to the others. */
import type { PresenceEntry } from '@quire/protocol'
import { expect, it } from 'vitest'
import { createSession, keyOf, post, type TestDocument } from '../support/documents.ts'
import { addressOf, begin, changeLink, makeLink } from '../support/links.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import type { TestServer } from '../support/server.ts'

const annasId = 7

async function enter(server: TestServer, { id }: TestDocument, token: string): Promise<RawSocket> {
  const socket = await RawSocket.open(`${server.syncUrl}/${id}`, quireSubprotocols(token))
  await socket.greet()
  await socket.settle()
  return socket
}

function announce(socket: RawSocket, clientId: number, clock: number): void {
  const entry: PresenceEntry = { clientId, clock, state: '{"is":"here"}' }
  socket.send({ type: 'presence', entries: [entry] })
}

/** The ids of those who are shown, once the server has read what `speaker` said. */
async function shownTo(socket: RawSocket, speaker: RawSocket): Promise<number[]> {
  await speaker.settle()
  await socket.settle()
  socket.send({ type: 'query-presence' })
  const { entries } = await socket.receive('presence')
  await socket.settle()
  return entries.map(({ clientId }) => clientId)
}

async function setPresence(
  server: TestServer,
  document: TestDocument,
  link: string,
  presence: boolean,
): Promise<void> {
  const { status } = await changeLink(server, document, link, { presence })
  expect(status).toBe(200)
}

it('whoever comes through one sees the others, and is seen by nobody', async () => {
  const { server, document } = await begin()
  const { url, presence } = await makeLink(server, document, { role: 'view', presence: false })
  expect(presence).toBe(false)
  const bo = await enter(server, document, document.keys.edit)
  announce(bo, 1, 1)
  for (const token of [keyOf(url), await createSession(server.url, document, keyOf(url))]) {
    const anna = await enter(server, document, token)
    announce(anna, annasId, 1)
    expect(await shownTo(bo, anna)).toEqual([1])
    expect(await shownTo(anna, bo)).toEqual([1])
  }
})

it('who is here when a link becomes one disappears, and is shown again when it is none any more', async () => {
  const { server, document } = await begin()
  const bo = await enter(server, document, document.keys.edit)
  const anna = await enter(server, document, document.keys.view)
  announce(anna, annasId, 1)
  expect(await shownTo(bo, anna)).toEqual([annasId])
  await setPresence(server, document, 'view', false)
  expect(await shownTo(bo, anna)).toEqual([])
  announce(anna, annasId, 2)
  expect(await shownTo(bo, anna)).toEqual([])
  await setPresence(server, document, 'view', true)
  const again = await enter(server, document, document.keys.view)
  announce(again, annasId, 3)
  expect(await shownTo(bo, again)).toEqual([annasId])
})

it('whoever may edit is shown, and so is everyone once their link lets them edit', async () => {
  const { server, document } = await begin()
  const link = await makeLink(server, document, { role: 'view', presence: false })
  const response = await changeLink(server, document, link.id, { role: 'edit' })
  expect(await response.json()).toMatchObject({ role: 'edit', presence: true })
  const rotated = await post(`${addressOf(server, document, 'view')}/rotate`, {}, document.keys.own)
  expect(await rotated.json()).toMatchObject({ links: [{ presence: true }] })
})
