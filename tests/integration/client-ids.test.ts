/**
 * Whose a client id is (S13), over real sockets: somebody with the same link writes where another's next words belong,
 * and a connection that nobody is behind any more stands in the way of its owner.
 */
import { encodeStateVector, type ServerMessage } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import * as bad from '../support/bad-frames.ts'
import { RawSocket } from '../support/raw-socket.ts'
import { HeldClock } from '../support/held-clock.ts'
import { dialects, initialText, openScene, type Scene } from '../support/scene.ts'
import { openSession, untilSaved } from '../support/session.ts'
import { openStockClient } from '../support/stock-client.ts'
import { untilDocument, untilPresence, untilText } from '../support/until.ts'

/** How long a probed connection has to answer, and how long someone has to be let in. */
const probeTimeoutMs = 10_000

/** Somebody whose words are to be got rid of. */
interface Victim {
  readonly text: Y.Text
  /** Each edit it counts as safe is stored. */
  settled(): Promise<void>
}

const victims: Record<string, (scene: Scene) => Promise<Victim>> = {
  'a y-websocket client': async ({ writer, reader }) => ({
    text: writer.text,
    settled: () => untilText(reader.text, writer.text.toString()),
  }),
  "the editor's own session": async ({ server, document }) => {
    const session = await openSession({ syncUrl: server.syncUrl, document })
    return { text: session.text, settled: () => untilSaved(session) }
  },
}

/** What is written at a clock that belongs to somebody else's next word. */
const attacks: Record<string, (client: number, clock: number) => Uint8Array> = {
  'one clock of garbage': (client, clock) => bad.updateOf({ client, clock, garbage: 1 }),
  'a million clocks of garbage': (client, clock) => bad.updateOf({ client, clock, garbage: 2 ** 20 }),
  'other words': (client, clock) =>
    bad.structAt(
      client,
      clock,
      bad.struct(4, (encoder) => bad.writeString(encoder, bad.payload)),
    ),
}

describe.each(Object.entries(victims))('%s loses nothing', (_, victimIn) => {
  describe.each(dialects)('to a %s client', (dialect) => {
    it.each(Object.entries(attacks))('that writes %s under its id', async (_what, attack) => {
      const scene = await openScene({ limits: { questionDelayMs: 0 } })
      const { server, reader } = scene
      const victim = await victimIn(scene)
      const { doc } = victim.text
      if (!doc) throw new Error('the text is in no document')
      await untilPresence(reader.awareness, () => reader.awareness.getStates().has(doc.clientID))
      const attacker = await scene.join(dialect)
      attacker.send({ type: 'query-presence' })
      const { entries } = await attacker.receive('presence')
      const client = entries.map(({ clientId }) => clientId).find((clientId) => clientId === doc.clientID)
      if (client === undefined) throw new Error('the id of the victim is in no presence')

      for (let word = 0; word < 20; word++) {
        attacker.send({ type: 'update', update: attack(client, Y.getState(doc.store, client)) })
        // The attack is there before the word whose place it takes; earlier ones bring nothing new any more.
        const saved = (await hearAll(attacker)).flatMap((message) =>
          message.type === 'saved' ? [message.frames] : [],
        )
        expect(Math.max(0, ...saved)).toBeLessThanOrEqual(word)
        victim.text.insert(victim.text.length, ` <${word}>`)
        await victim.settled()
        expect((await scene.stored()).getText('content').toString()).toBe(victim.text.toString())
      }

      const words = Array.from({ length: 20 }, (_word, index) => ` <${index}>`).join('')
      expect(victim.text.toString()).toBe(initialText + words)
      await untilText(reader.text, initialText + words)
      expect(doc.clientID).toBe(client)
      expect(server.log).toEqual([])
    })
  })
})

describe('an old connection of a stock client', () => {
  /** The clock holds all that waits as long as for an answer to a ping: nothing else is to. */
  const limits = { questionDelayMs: 0, slowStoreMs: 2 * probeTimeoutMs }

  /** Writes under an id of its own, and then is heard of no more, though its connection seems to be there. */
  async function openHalf(scene: Scene): Promise<{ old: RawSocket; doc: Y.Doc }> {
    const { server, document, reader } = scene
    const old = await RawSocket.open(`${server.syncUrl}/${document.id}?token=${document.keys.edit}`)
    old.send({ type: 'sync-step-1', stateVector: encodeStateVector(new Map()) })
    const doc = new Y.Doc()
    Y.applyUpdate(doc, (await old.receive('sync-step-2')).update)
    const before = Y.encodeStateVector(doc)
    doc.getText('content').insert(0, 'before, ')
    old.send({ type: 'presence', entries: [{ clientId: doc.clientID, clock: 1, state: '{}' }] })
    old.send({ type: 'update', update: Y.encodeStateAsUpdate(doc, before) })
    await untilText(reader.text, `before, ${initialText}`)
    return { old, doc }
  }

  /** The same page, on a new connection. */
  function comeBack({ server, document }: Scene, doc: Y.Doc) {
    return openStockClient({
      serverUrl: server.syncUrl,
      room: document.id,
      token: document.keys.edit,
      doc,
    })
  }

  it('that nobody is behind any more is cut off, and the edits of the new one are stored', async () => {
    const clock = new HeldClock(probeTimeoutMs)
    const scene = await openScene({ clock, limits })
    const { old, doc } = await openHalf(scene)
    old.pause()
    const returned = comeBack(scene, doc)
    await returned.synced
    await clock.untilWaiting(0)
    returned.text.insert(0, 'after, ')
    await clock.untilWaiting(1)
    expect((await scene.stored()).getText('content').toString()).toBe(`before, ${initialText}`)

    clock.pass()
    await untilText(scene.reader.text, `after, before, ${initialText}`)
    expect((await scene.stored()).getText('content').toString()).toBe(`after, before, ${initialText}`)
    old.resume()
    expect((await old.closed).code).toBe(1006)
    expect(returned.provider.synced).toBe(true)
    expect(scene.server.log).toEqual([])
  })

  it('that answers stays, and keeps what is its own', async () => {
    const clock = new HeldClock(probeTimeoutMs)
    const scene = await openScene({ clock, limits })
    const { old, doc } = await openHalf(scene)
    await clock.untilWaiting(0)
    const other = await scene.join('stock')
    const stolen = bad.updateOf({
      client: doc.clientID,
      clock: Y.getState(doc.store, doc.clientID),
      garbage: 5,
    })
    other.send({ type: 'update', update: stolen })
    await clock.untilWaiting(1)
    await clock.untilWaiting(0)
    clock.pass()

    const before = Y.encodeStateVector(doc)
    doc.getText('content').insert(0, 'still, ')
    old.send({ type: 'update', update: Y.encodeStateAsUpdate(doc, before) })
    await untilText(scene.reader.text, `still, before, ${initialText}`)
    await old.settle()
    await untilDocument(scene.writer.doc, () => scene.writer.text.toString().startsWith('still, '))
    expect(scene.server.log).toEqual([])
  })
})

/** Everything said until the server has read what was sent before. */
function hearAll(socket: RawSocket): Promise<ServerMessage[]> {
  socket.send({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
  return socket.heard()
}
