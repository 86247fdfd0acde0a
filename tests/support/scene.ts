/**
 * A document that two stock clients have open, for tests of what a third may send. Whatever becomes of the third, the
 * process lives, the two go on, and nothing but their own words is stored.
 */
import type { Role } from '@quire/protocol'
import { expect } from 'vitest'
import * as Y from 'yjs'
import * as bad from './bad-frames.ts'
import { createDocument, type TestDocument } from './documents.ts'
import { quireSubprotocols, RawSocket } from './raw-socket.ts'
import { startTestServer, type TestServer, type TestServerOptions } from './server.ts'
import { openStockClient, type StockClient } from './stock-client.ts'
import { untilText } from './until.ts'

export type Dialect = 'quire.1' | 'stock'
export const dialects: readonly Dialect[] = ['quire.1', 'stock']

export const initialText = 'what must stay as it is'

export interface Scene {
  readonly server: TestServer
  readonly document: TestDocument
  /** The two who stay. */
  readonly writer: StockClient
  readonly reader: StockClient
  /** A socket that is in the room, and has been told everything. */
  join(dialect: Dialect, role?: Role): Promise<RawSocket>
  /** A document made of what is stored. */
  stored(): Promise<Y.Doc>
  /** Neither those who stay nor what is stored have noticed anything. */
  expectUnharmed(expected?: { logLines: number }): Promise<void>
  /** The same, though what is stored may have been joined meanwhile. */
  expectAtWork(expected: { logLines: number }): Promise<void>
}

export async function openScene(options: TestServerOptions = {}): Promise<Scene> {
  const server = await startTestServer(options)
  const { url, syncUrl, store, log } = server
  const document = await createDocument(url, { text: initialText })
  const stock = { serverUrl: syncUrl, room: document.id, token: document.keys.edit }
  const [writer, reader] = [openStockClient(stock), openStockClient(stock)]
  await Promise.all([writer.synced, reader.synced])
  // The state a client begins with is shown to nobody: only a second one is.
  writer.awareness.setLocalStateField('user', { name: 'somebody' })
  const before = await store.load(document.id)

  const stored = async (): Promise<Y.Doc> => {
    const { base, tail = [] } = (await store.load(document.id)) ?? {}
    const doc = new Y.Doc()
    for (const { update } of [...(base ? [base] : []), ...tail]) Y.applyUpdate(doc, update)
    return doc
  }

  const expectAtWork = async ({ logLines }: { logLines: number }): Promise<void> => {
    expect(log).toHaveLength(logLines)
    for (const line of log) {
      const written = JSON.stringify(line)
      expect(written.length).toBeLessThanOrEqual(300)
      for (const secret of [bad.payload, initialText, ...Object.values(document.keys)])
        expect(written).not.toContain(secret)
    }
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    writer.text.insert(0, 'still here: ')
    await untilText(reader.text, `still here: ${initialText}`)
    // Entries keep their order, so that whatever was let in before the writer's words is stored by now.
    const after = await stored()
    expect(after.getText('content').toString()).toBe(`still here: ${initialText}`)
    expect(Y.decodeStateVector(Y.encodeStateVector(after))).toEqual(
      Y.decodeStateVector(Y.encodeStateVector(writer.doc)),
    )
    expect([after.store.pendingStructs, after.store.pendingDs]).toEqual([null, null])
  }

  return {
    server,
    document,
    writer,
    reader,
    stored,
    async join(dialect, role = 'edit') {
      const key = document.keys[role]
      const socket =
        dialect === 'quire.1'
          ? await RawSocket.open(`${syncUrl}/${document.id}`, quireSubprotocols(key))
          : await RawSocket.open(`${syncUrl}/${document.id}?token=${key}`)
      if (dialect === 'quire.1') await socket.greet()
      await socket.receive('sync-step-1')
      await socket.settle()
      return socket
    },
    expectAtWork,
    async expectUnharmed({ logLines } = { logLines: 1 }) {
      expect(await store.load(document.id)).toEqual(before)
      await expectAtWork({ logLines })
    },
  }
}
