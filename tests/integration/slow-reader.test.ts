/** Somebody who takes nothing in while one answer, longer than any socket holds, is on its way to them. */
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { createDocument } from '../support/documents.ts'
import { RawSocket } from '../support/raw-socket.ts'
import { startTestServer } from '../support/server.ts'
import { openSession, untilSaved } from '../support/session.ts'

it('is told what was written meanwhile once it has left, though nothing else is said to them', async () => {
  const server = await startTestServer()
  const document = await createDocument(server.url)
  const ada = await openSession({ syncUrl: server.syncUrl, document, name: 'Ada' })
  // Formatted text goes out whole.
  const part = 'One of many lines that were pasted at once.\n'.repeat(10_000)
  for (let count = 0; count < 30; count++)
    ada.text.insert(ada.text.length, part, { bold: count % 2 === 0 || null })
  await untilSaved(ada)

  const ask = async (): Promise<RawSocket> =>
    RawSocket.open(`${server.syncUrl}/${document.id}?token=${document.keys.view}`)
  const [slow, quick] = await Promise.all([ask(), ask()])
  slow.pause()
  for (const socket of [slow, quick]) socket.send({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
  // They asked the same in this order, and are answered with the same.
  await quick.receive('sync-step-2')

  ada.text.insert(0, 'meanwhile ')
  await untilSaved(ada)
  slow.resume()
  const doc = new Y.Doc()
  for await (const message of slow.messages()) {
    if (message.type === 'sync-step-2' || message.type === 'update') Y.applyUpdate(doc, message.update)
    if (doc.getText('content').toString().startsWith('meanwhile ')) break
  }
  expect(doc.getText('content').toDelta()).toEqual(ada.text.toDelta())
  expect(server.log).toEqual([])
})
