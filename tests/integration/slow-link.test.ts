/**
 * Opening a large document over a slow link. y-websocket leaves a connection that gives it no whole message for 30 seconds,
 * so the document must come in parts; and the server must not take for dead a client whose answer to a ping waits until all
 * that was sent before the ping has come through. Everyone's clock is ten times as fast here, the client's from before its
 * modules are loaded, since they keep hold of it.
 */
import { expect, it, vi } from 'vitest'
import { createDocument } from '../support/documents.ts'
import { hastyClock, startTestServer, syncUrlOf } from '../support/server.ts'
import { openSlowLink } from '../support/slow-link.ts'
import { openStockClient } from '../support/stock-client.ts'

const { haste } = vi.hoisted(() => {
  const factor = 10
  const { now } = Date
  const started = now()
  Date.now = () => started + (now() - started) * factor
  const { setInterval: every } = globalThis
  const hastily = (act: () => void, delayMs: number): NodeJS.Timeout => every(act, delayMs / factor)
  globalThis.setInterval = hastily as typeof every // nobody here hands further arguments to `act`
  return { haste: factor }
})

const bytesPerSecond = 16 * 1024
/** Longer than a client waits for one message, and longer than the server waits for an answer to a ping. */
const seconds = 80

it('a large document is there on the first connection of a stock client', async () => {
  const server = await startTestServer({ clock: hastyClock(haste) })
  const line = 'One of many lines that were pasted at once.\n'
  const text = line.repeat((seconds * bytesPerSecond) / line.length)
  const document = await createDocument(server.url, { text })
  const link = await openSlowLink(server.url, bytesPerSecond * haste)

  const client = openStockClient({
    serverUrl: syncUrlOf(link.url),
    room: document.id,
    token: document.keys.view,
  })
  await client.synced
  expect(client.text.toString()).toBe(text)
  expect([link.connections, server.log]).toEqual([1, []])
})
