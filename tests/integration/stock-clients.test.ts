/** Clients that know nothing of Quire: every y-websocket there is, and another implementation of Yjs altogether. */
import { encodeClientMessage } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import { Awareness } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import { WebsocketProvider as WebsocketProvider1 } from 'y-websocket-1'
import { WebsocketProvider as WebsocketProvider2 } from 'y-websocket-2'
import { WebsocketProvider as WebsocketProvider30 } from 'y-websocket-3.0'
import * as Y from 'yjs'
import * as ywasm from 'ywasm'
import { createDocument, createSession } from '../support/documents.ts'
import { signHostToken } from '../support/host-token.ts'
import { muchDeleted } from '../support/much-deleted.ts'
import { chosenSeed, seededRandom, type Random } from '../support/random.ts'
import { RawSocket } from '../support/raw-socket.ts'
import { Replica } from '../support/replica.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { openStockClient, type ProviderClass, type StockClient } from '../support/stock-client.ts'
import { untilDocument, untilPresence } from '../support/until.ts'

describe('a stock client', () => {
  async function ofDocument(
    server: TestServer,
    tokenOf: (document: Awaited<ReturnType<typeof createDocument>>) => string | Promise<string>,
  ): Promise<{ room: string; token: string }> {
    const document = await createDocument(server.url)
    return { room: document.id, token: await tokenOf(document) }
  }

  it.each<[token: string, admission: (server: TestServer) => Promise<{ room: string; token: string }>]>([
    ['the key of an edit link', (server) => ofDocument(server, ({ keys }) => keys.edit)],
    [
      'a session token',
      (server) => ofDocument(server, (document) => createSession(server.url, document, document.keys.edit)),
    ],
    [
      'a token of the host application',
      async ({ secret }) => ({ room: 'team/notes 1', token: signHostToken(secret, { doc: 'team/notes 1' }) }),
    ],
  ])('joins with %s and writes in any shared type', async (_, admission) => {
    const server = await startTestServer()
    const stock = { serverUrl: server.syncUrl, ...(await admission(server)) }
    const [ada, ben] = [openStockClient(stock), openStockClient(stock)]
    await Promise.all([ada.synced, ben.synced])

    ada.text.insert(0, 'text')
    ada.text.format(0, 2, { bold: true })
    ada.doc.getMap('map').set('key', { nested: [1, 'two', null] })
    const paragraph = new Y.XmlElement('p')
    ada.doc.getXmlFragment('xml').insert(0, [paragraph])
    paragraph.insert(0, [new Y.XmlText('words')])
    ada.doc.getArray('array').insert(0, [new Uint8Array([1, 2, 3]), new Y.Map([['in', 'an array']])])

    const everything = (doc: Y.Doc) => [
      doc.getText('content').toDelta(),
      doc.getMap('map').toJSON(),
      doc.getXmlFragment('xml').toString(),
      doc.getArray('array').toJSON(),
    ]
    await untilDocument(ben.doc, () => ben.doc.getArray('array').length === 2)
    expect(everything(ben.doc)).toEqual(everything(ada.doc))
    expect(ben.doc.getXmlFragment('xml').toString()).toBe('<p>words</p>')

    const late = openStockClient(stock)
    await late.synced
    expect(everything(late.doc)).toEqual(everything(ada.doc))
    expect(server.log).toEqual([])
  })

  it('brings what it wrote while it was away', async () => {
    const server = await startTestServer()
    const { id, keys } = await createDocument(server.url, { text: 'here' })
    const stock = { serverUrl: server.syncUrl, room: id, token: keys.edit }
    const [ada, ben] = [openStockClient(stock), openStockClient(stock)]
    await Promise.all([ada.synced, ben.synced])
    ada.provider.disconnect()
    ada.text.insert(4, ' and there')
    ben.text.insert(0, 'both ')
    ada.provider.connect()
    const hasBoth =
      ({ text }: StockClient) =>
      () =>
        text.toString() === 'both here and there'
    await Promise.all([untilDocument(ada.doc, hasBoth(ada)), untilDocument(ben.doc, hasBoth(ben))])
  })

  it('brings back what the server has lost, however much of it was written and deleted', async () => {
    const server = await startTestServer({ openRooms: true })
    const stock = { serverUrl: server.syncUrl, room: 'lost' }
    const doc = muchDeleted()
    openStockClient({ ...stock, doc })
    const ben = openStockClient(stock)
    await untilDocument(ben.doc, () => ben.text.toString() === 'kept')
    expect(Y.encodeStateVector(ben.doc)).toEqual(Y.encodeStateVector(doc))
    expect(server.log).toEqual([])
  })

  it('may stay with the key of a view link, and sees what others write', async () => {
    const server = await startTestServer()
    const { id, keys } = await createDocument(server.url, { text: 'here' })
    const stock = { serverUrl: server.syncUrl, room: id }
    const writer = openStockClient({ ...stock, token: keys.edit })
    const viewer = openStockClient({ ...stock, token: keys.view })
    await Promise.all([writer.synced, viewer.synced])
    writer.text.insert(4, ' too')
    await untilDocument(viewer.doc, () => viewer.text.toString() === 'here too')
    expect(viewer.provider.synced).toBe(true)
  })
})

describe('presence leaves no ghost', () => {
  /** Two who stay, and one who comes and goes. */
  async function meet() {
    const server = await startTestServer()
    const { id, keys } = await createDocument(server.url)
    const join = async (doc = new Y.Doc(), awareness = new Awareness(doc)): Promise<StockClient> => {
      const client = openStockClient({
        serverUrl: server.syncUrl,
        room: id,
        token: keys.edit,
        doc,
        awareness,
      })
      client.awareness.setLocalStateField('user', { name: 'somebody' })
      await client.synced
      return client
    }
    const others = [await join(), await join()] as const
    const guest = await join()
    const guestId = guest.doc.clientID
    const seen = (isHere: boolean) =>
      Promise.all(
        others.map(({ awareness }) =>
          untilPresence(awareness, () => awareness.getStates().has(guestId) === isHere),
        ),
      )
    /** What a newcomer is told is what the server believes. */
    const idsOnServer = async (): Promise<number[]> => {
      const socket = await RawSocket.open(`${server.syncUrl}/${id}?token=${keys.view}`)
      await socket.receive('sync-step-1')
      socket.send({ type: 'query-presence' })
      const { entries } = await socket.receive('presence')
      await socket.settle()
      socket.close()
      await socket.closed
      return entries.map(({ clientId }) => clientId).toSorted((a, b) => a - b)
    }
    const idsOf = (...clients: readonly StockClient[]): number[] =>
      clients.map(({ doc }) => doc.clientID).toSorted((a, b) => a - b)
    await seen(true)
    return { join, others, guest, seen, idsOnServer, idsOf }
  }

  /** As a network does it. */
  function cut({ provider }: StockClient): void {
    const socket = provider.ws
    if (!(socket instanceof NodeWebSocket)) throw new Error('there is no socket to cut')
    socket.terminate()
  }

  /** A doc that writes under the id of another, as a page does that restored its session. */
  function sameIdAs(client: StockClient): Y.Doc {
    const doc = new Y.Doc()
    doc.clientID = client.doc.clientID
    return doc
  }

  it('of someone who closed', async () => {
    const { guest, others, seen, idsOnServer, idsOf } = await meet()
    guest.close()
    await seen(false)
    expect(await idsOnServer()).toEqual(idsOf(...others))
  })

  it('of someone whose socket was cut and who closed later', async () => {
    const { guest, others, seen, idsOnServer, idsOf } = await meet()
    cut(guest)
    await seen(false)
    await seen(true)
    expect(await idsOnServer()).toEqual(idsOf(...others, guest))
    guest.close()
    await seen(false)
    expect(await idsOnServer()).toEqual(idsOf(...others))
  })

  it('of someone who closed and came back as who they were', async () => {
    const { guest, join, others, seen, idsOnServer, idsOf } = await meet()
    guest.close()
    await seen(false)
    const returned = await join(sameIdAs(guest))
    await seen(true)
    cut(returned)
    await seen(false)
    await seen(true)
    returned.close()
    await seen(false)
    expect(await idsOnServer()).toEqual(idsOf(...others))
  })

  it('of someone whose socket was cut and who came back at once as who they were', async () => {
    const { guest, join, others, seen, idsOnServer, idsOf } = await meet()
    cut(guest)
    guest.provider.disconnect()
    const returned = await join(sameIdAs(guest))
    await seen(true)
    returned.awareness.setLocalStateField('user', { name: 'somebody else' })
    await Promise.all(
      others.map(({ awareness }) =>
        untilPresence(
          awareness,
          () => awareness.getStates().get(guest.doc.clientID)?.['user']?.name === 'somebody else',
        ),
      ),
    )
    returned.close()
    await seen(false)
    expect(await idsOnServer()).toEqual(idsOf(...others))
  })

  it('when those who stay repeat what they were told of someone who has left', async () => {
    const { guest, others, seen, idsOnServer, idsOf } = await meet()
    const echo = { clientId: guest.doc.clientID, clock: 1, state: '{"user":{"name":"ghost"}}' }
    guest.close()
    await seen(false)
    const [ada, ben] = others
    ada.provider.ws?.send(encodeClientMessage({ type: 'presence', entries: [echo] }))
    ada.awareness.setLocalStateField('cursor', 1)
    const ofAda = () => ben.awareness.getStates().get(ada.doc.clientID)
    await untilPresence(ben.awareness, () => ofAda()?.['cursor'] === 1)
    expect(ben.awareness.getStates().has(echo.clientId)).toBe(false)
    expect(await idsOnServer()).toEqual(idsOf(...others))
  })
})

describe('in an open room', () => {
  /** One program in the room, whatever it is written with. */
  interface Participant {
    readonly synced: Promise<void>
    read(): string
    insert(position: number, words: string): void
    /** The last thing it does. What one client writes arrives in order, so who sees this has seen all before it. */
    finish(name: string): void
    until(holds: () => boolean): Promise<void>
    finished(): number
  }

  function stock(Provider: ProviderClass, serverUrl: string): Participant {
    const { doc, text, synced } = openStockClient({ serverUrl, room, Provider })
    const done = doc.getMap('done')
    return {
      synced,
      read: () => text.toString(),
      insert: (position, words) => text.insert(position, words),
      finish: (name) => void done.set(name, true),
      until: (holds) => untilDocument(doc, holds),
      finished: () => done.size,
    }
  }

  /** Yjs in Rust. It brings no client, so it speaks over a bare socket. */
  async function yrs(serverUrl: string): Promise<Participant> {
    const doc = new ywasm.YDoc({})
    const [text, done] = [doc.getText('content'), doc.getMap('done')]
    const socket = await RawSocket.open(`${serverUrl}/${encodeURIComponent(room)}`)
    const replica = new Replica(socket, {
      stateVector: () => ywasm.encodeStateVector(doc),
      missingFrom: (stateVector) => ywasm.encodeStateAsUpdate(doc, stateVector),
      apply: (update) => ywasm.applyUpdate(doc, update, 'server'),
    })
    const edit = (act: () => void): void => {
      const before = ywasm.encodeStateVector(doc)
      act()
      replica.send(ywasm.encodeStateAsUpdate(doc, before))
    }
    return {
      synced: replica.synced(),
      read: () => text.toString(undefined),
      insert: (position, words) => edit(() => text.insert(position, words, undefined, undefined)),
      finish: (name) => edit(() => done.set(name, true, undefined)),
      until: (holds) => replica.until(holds),
      finished: () => done.length(undefined),
    }
  }

  const room = 'a/b c'
  const rounds = 40
  const seed = chosenSeed()

  it(`y-websocket 1.5, 2.1, 3.0 and 3.1 and Yjs in Rust write one text (seed ${seed})`, async () => {
    const server = await startTestServer({ openRooms: true })
    const host = server.url.replace('http', 'ws')
    const participants = [
      stock(WebsocketProvider1, host),
      stock(WebsocketProvider2, host),
      stock(WebsocketProvider30, server.syncUrl),
      stock(WebsocketProvider, server.syncUrl),
      await yrs(server.syncUrl),
    ]
    await Promise.all(participants.map(({ synced }) => synced))

    const random = seededRandom(seed)
    const words = (index: number, round: number): string => `<${index}:${round}:é😀>`
    for (let round = 0; round < rounds; round++) {
      for (const [index, participant] of participants.entries())
        participant.insert(placeIn(participant.read(), random), words(index, round))
      // One waits for one other, so that some edits know of each other and most do not.
      const [reader, author] = [random.below(participants.length), random.below(participants.length)]
      const participant = participants[reader]
      await participant?.until(() => participant.read().includes(words(author, round)))
    }
    for (const [index, participant] of participants.entries()) participant.finish(String(index))
    await Promise.all(
      participants.map(({ until, finished }) => until(() => finished() === participants.length)),
    )

    const [first = '', ...texts] = participants.map(({ read }) => read())
    expect(texts).toEqual(texts.map(() => first))
    for (let round = 0; round < rounds; round++)
      for (const index of participants.keys()) expect(first.split(words(index, round))).toHaveLength(2)
    expect(server.log).toEqual([])
  })

  /** Not inside what somebody wrote, so that it can be found again. */
  function placeIn(text: string, random: Random): number {
    return text.indexOf('>', random.below(text.length + 1)) + 1
  }
})
