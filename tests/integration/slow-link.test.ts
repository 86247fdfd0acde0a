/**
 * Opening a large document over a slow link. y-websocket leaves a connection that gives it no whole message for 30 seconds,
 * so the document must come in parts; and the server must not take for dead a client whose answer to a ping waits until all
 * that was sent before the ping has come through. Formatted text comes whole, and our own client has to wait for it.
 * Everyone's clock is ten times as fast here, the client's from before its modules are loaded, since they keep hold of it.
 */
import { systemClock, type Clock } from '@quire/sync-server'
import { expect, it, vi } from 'vitest'
import { createDocument } from '../support/documents.ts'
import { startTestServer, syncUrlOf } from '../support/server.ts'
import { beginSession, openSession, untilLive, untilSaved } from '../support/session.ts'
import { openSlowLink } from '../support/slow-link.ts'
import { openStockClient } from '../support/stock-client.ts'

const { haste } = vi.hoisted(() => {
  const factor = 10
  const { now } = Date
  const started = now()
  Date.now = () => started + (now() - started) * factor
  const hasten = <Timer extends typeof setTimeout | typeof setInterval>(timer: Timer): Timer =>
    new Proxy(timer, {
      apply: (target, self, [act, delayMs, ...rest]) =>
        Reflect.apply(target, self, [act, delayMs / factor, ...rest]) as unknown,
    })
  globalThis.setInterval = hasten(setInterval)
  globalThis.setTimeout = hasten(setTimeout)
  return { haste: factor }
})

/** The server's: what it waits for passes by the same timers. */
const clock: Clock = { ...systemClock, now: () => systemClock.now() * haste }
const bytesPerSecond = 16 * 1024
/** Longer than a client waits for one message, and longer than the server waits for an answer to a ping. */
const seconds = 80

const line = 'One of many lines that were pasted at once.\n'

it('a large document is there on the first connection of a stock client', async () => {
  const server = await startTestServer({ clock })
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

it('a formatted document is there in the end, though nothing is heard of it for longer than anybody waits at first', async () => {
  const server = await startTestServer({ clock })
  const document = await createDocument(server.url)
  const ada = await openSession({ syncUrl: server.syncUrl, document, name: 'Ada' })
  const part = line.repeat(100)
  // Longer than y-websocket waits for one message, too.
  const parts = Math.ceil((33 * bytesPerSecond) / part.length)
  for (let count = 0; count < parts; count++)
    ada.text.insert(ada.text.length, part, { bold: count % 2 === 0 || null })
  await untilSaved(ada)
  const link = await openSlowLink(server.url, bytesPerSecond * haste)
  const bo = beginSession({ syncUrl: syncUrlOf(link.url), document, name: 'Bo' })
  await untilLive(bo)
  expect(bo.text.toString()).toBe(part.repeat(parts))
})
