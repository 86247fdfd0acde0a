/**
 * y-websocket leaves after 30 seconds without a message, and looks every 3; pings do not count. Somebody who is alone
 * gets no edits and no presence of others, so it is the server that must say something. In real time, three of its
 * 30 seconds: a file of its own, so that others run meanwhile.
 */
import { setTimeout as passed } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createDocument } from '../support/documents.ts'
import { startTestServer } from '../support/server.ts'
import { openStockClient } from '../support/stock-client.ts'

const watchedMs = 95_000

it('somebody alone in a room stays connected, whether seen by others or not', async () => {
  const server = await startTestServer()
  const join = async (role: 'edit' | 'view') => {
    const { id, keys } = await createDocument(server.url)
    return openStockClient({ serverUrl: server.syncUrl, room: id, token: keys[role] })
  }
  const editor = await join('edit')
  const unseen = await join('view')
  unseen.awareness.setLocalState(null)
  await Promise.all([editor.synced, unseen.synced])
  const sockets = [editor.provider.ws, unseen.provider.ws]

  await passed(watchedMs)
  expect([editor.provider.ws, unseen.provider.ws]).toEqual(sockets)
  expect([editor.provider.synced, unseen.provider.synced]).toEqual([true, true])
  expect(server.log).toEqual([])
})
