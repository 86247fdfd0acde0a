/**
 * Somebody who may write, and does so under the client ids of people who are away: with the clocks that come next, where
 * their own next words belong. What they steal is told apart by its letters, which nobody else types.
 */
import { encodeClientMessage } from '@quire/protocol'
import * as Y from 'yjs'
import type { Durable } from '../durable.ts'
import type { Server, Visitor } from '../server.ts'
import type { Quality, Wire } from '../wire.ts'

const visitor: Visitor = {
  name: 'eve',
  role: 'edit',
  speaksQuire: false,
  principal: 'eve',
  isHonest: false,
}
const quality: Quality = { delayMs: () => 10, weight: 1 }

/** Connects, writes a few letters under each of these ids, and stays. */
export function steal(server: Server, durable: Durable, clientIds: readonly number[]): void {
  let own: Wire | undefined
  server.connect(
    {
      opened: (wire) => {
        own = wire
        for (const clientId of clientIds) wire.clientSends(stolen(durable, clientId))
      },
      received: () => undefined,
      closed: () => own?.clientCloses(),
    },
    visitor,
    quality,
  )
}

function stolen(durable: Durable, clientId: number): Uint8Array {
  const doc = new Y.Doc({ guid: 'stolen' })
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(durable.doc))
  const before = Y.encodeStateVector(doc)
  doc.clientID = clientId
  doc.getText('content').insert(0, 'stolen')
  return encodeClientMessage({ type: 'update', update: Y.encodeStateAsUpdate(doc, before) })
}
