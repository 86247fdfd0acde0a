/** A server that stops, asked to or not, seen from outside: what it still says, and how it sends its people away. */
import { closeCodes } from '@quire/protocol'
import { MemoryStore } from '@quire/sync-server'
import { expect, it } from 'vitest'
import { createDocument, post, readText } from '../support/documents.ts'
import { hold } from '../support/held-store.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { spawnServer } from '../support/quire-process.ts'
import { startTestServer } from '../support/server.ts'
import { openSession } from '../support/session.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

it('says that it is not ready, takes nothing new, and acknowledges what it has taken', async () => {
  const store = new MemoryStore()
  const server = await startTestServer({ store })
  const document = await createDocument(server.url)
  const ada = await openSession({ syncUrl: server.syncUrl, document })
  const held = hold(store, 'append', document.id)
  ada.text.insert(0, 'taken')
  await held.asked
  const closing = server.close()
  const ready = await fetch(`${server.url}/readyz`)
  expect([ready.status, (await fetch(`${server.url}/healthz`)).status]).toEqual([503, 200])
  expect((await post(`${server.url}/api/documents`, {})).status).toBe(503)
  await expect(RawSocket.open(`${server.syncUrl}/${document.id}`)).rejects.toThrow('503')
  expect(ada.unsaved).toBe(1)
  held.release()
  await closing
  expect(ada.unsaved).toBe(0)
  await expect(fetch(`${server.url}/readyz`)).rejects.toThrow('fetch failed')
})

it('sends a crowd away in turns', async () => {
  const server = await startTestServer()
  const document = await createDocument(server.url)
  const url = `${server.syncUrl}/${document.id}`
  const crowd = await Promise.all(
    Array.from({ length: 120 }, () => RawSocket.open(url, quireSubprotocols(document.keys.view))),
  )
  await Promise.all(crowd.map((socket, index) => socket.greet(`device ${index}`)))
  const order: number[] = []
  const left = crowd.map(async (socket, index) => {
    const { code } = await socket.closed
    order.push(index)
    return code
  })
  const closing = server.close()
  await Promise.race(left)
  // Of those who are told later, the last is still there when the first has gone.
  expect(order.length).toBeLessThan(crowd.length)
  expect(new Set(await Promise.all(left))).toEqual(new Set([closeCodes.restart]))
  await closing
})

it('ends when the thread that writes has ended, so that it is started again', async () => {
  // The store's is the first that is started.
  const endWriter = `process.once('worker', (writer) => process.once('SIGUSR2', () => writer.terminate()))`
  const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(endWriter)}` }
  const server = await spawnServer(temporaryFolder(), environment)
  const document = await createDocument(server.url, { text: 'kept' })
  const ended = await server.kill('SIGUSR2')
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('the writer thread has ended') })
  await server.restart()
  expect(await readText(server.url, document)).toBe('kept')
})
