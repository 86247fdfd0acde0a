/**
 * A y-websocket client leaves a connection that gives it no whole message for 30 seconds, and then begins anew. On a
 * slow link, a large document must therefore come in parts. In real time, since the client's clock is its own.
 */
import { expect, it } from 'vitest'
import { createDocument } from '../support/documents.ts'
import { spawnServer } from '../support/quire-process.ts'
import { openSlowLink } from '../support/slow-link.ts'
import { syncUrlOf } from '../support/server.ts'
import { openStockClient } from '../support/stock-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const bytesPerSecond = 40_000
/** As one frame, 38 seconds long. */
const documentBytes = 1_500_000

it('a document that takes longer than a stock client waits for a message is there on its first connection', async () => {
  const server = await spawnServer(temporaryFolder())
  const line = 'One of many lines that were pasted at once.\n'
  const text = line.repeat(Math.ceil(documentBytes / line.length))
  const document = await createDocument(server.url, { text })
  const link = await openSlowLink(server.url, bytesPerSecond)

  const client = openStockClient({
    serverUrl: syncUrlOf(link.url),
    room: document.id,
    token: document.keys.view,
  })
  await client.synced
  expect(client.text.toString()).toBe(text)
  expect(link.connections).toBe(1)
})
