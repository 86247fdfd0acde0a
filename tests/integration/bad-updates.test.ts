/**
 * What a peer may do with updates and state vectors that it should not. The number of a test is its row in our table of
 * bad input. Where we take what one might refuse, the test says why. However it ends for that peer, others go on.
 */
import { closeCodes, encodeStateVector, limits, type ServerMessage } from '@quire/protocol'
import { MemoryStore } from '@quire/sync-server'
import * as encoding from 'lib0/encoding'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import * as bad from '../support/bad-frames.ts'
import type { Closed, RawSocket } from '../support/raw-socket.ts'
import { dialects, initialText, openScene, type Scene } from '../support/scene.ts'
import { openStockClient } from '../support/stock-client.ts'
import { untilDocument, untilPresence, untilText } from '../support/until.ts'

const malformed: Closed = { code: closeCodes.malformed, reason: 'frame-malformed' }
const malformedUpdate: Closed = { code: closeCodes.malformed, reason: 'update-malformed' }
const tooLarge: Closed = { code: closeCodes.tooLarge, reason: 'update-too-large' }
const documentFull: Closed = { code: closeCodes.tooLarge, reason: 'document-full' }

const kinds = { garbage: 0, deleted: 1, binary: 3, embed: 5, any: 8, skip: 10, unknown: 11 } as const
const anyArray = 117
const anyObject = 118
const anyNull = 126

/** Lists in lists, to this depth. */
function nestedList(depth: number): Uint8Array {
  return bad.structsOf(
    1,
    bad.struct(kinds.any, (encoder) => {
      encoding.writeVarUint(encoder, 1)
      for (let level = 0; level < depth; level++)
        encoding.writeUint8Array(encoder, Uint8Array.of(anyArray, 1))
      encoding.writeUint8(encoder, anyNull)
    }),
  )
}

function objectWithKey(key: string): Uint8Array {
  return bad.structsOf(
    1,
    bad.struct(kinds.any, (encoder) => {
      encoding.writeVarUint(encoder, 1)
      encoding.writeUint8Array(encoder, Uint8Array.of(anyObject, 1))
      encoding.writeVarString(encoder, key)
      encoding.writeAny(encoder, { polluted: bad.payload })
    }),
  )
}

/** A run of clocks with nothing in it: garbage and gaps. */
function bareRun(kind: number, length: number): Uint8Array {
  return bad.frame((encoder) => {
    encoding.writeUint8(encoder, kind)
    encoding.writeVarUint(encoder, length)
  })
}

/** Of every kind of content there is, with deletions. */
function richUpdate(): Uint8Array {
  return bad.updateBy((doc) => {
    const text = doc.getText('content')
    text.insert(0, `${bad.payload} é😀`)
    text.format(0, 2, { bold: true })
    text.insertEmbed(3, { image: 1 })
    text.delete(5, 3)
    doc.getMap('meta').set('list', [1, 'two', null, { three: 3.5 }])
    doc.getXmlFragment('xml').insert(0, [new Y.XmlElement('p')])
    doc.getArray('array').insert(0, [Uint8Array.of(1, 2, 3)])
  })
}

describe.each(dialects)('a %s client is closed that sends', (dialect) => {
  it('45: an update cut off at any byte, of which no part is stored', async () => {
    const scene = await openScene()
    const update = richUpdate()
    for (let length = 0; length < update.length; length++) {
      const socket = await scene.join(dialect)
      socket.sendBytes(bad.updateFrame(update.subarray(0, length)))
      expect(await socket.closed).toEqual(malformedUpdate)
    }
    await scene.expectUnharmed({ logLines: update.length })
  })

  it.each<[what: string, frame: Uint8Array, end: Closed]>([
    [
      '45: an update with bytes after its end',
      bad.updateFrame(Uint8Array.of(...bad.goodUpdate(), 7)),
      malformedUpdate,
    ],
    [
      '45: sound structs before deletions that cannot be read',
      bad.updateFrame(Uint8Array.of(...bad.goodUpdate().subarray(0, -1), 1, 1, 200)),
      malformedUpdate,
    ],
    [
      '46: an update that promises 2^25 structs',
      bad.updateFrame(Uint8Array.of(1, 0x80, 0x80, 0x80, 0x10, 1, 0)),
      malformedUpdate,
    ],
    [
      '46: an update that promises 2^25 clients',
      bad.updateFrame(Uint8Array.of(0x80, 0x80, 0x80, 0x10, 1, 1, 0)),
      malformedUpdate,
    ],
    [
      '46: an update that promises 2^25 deletions',
      bad.updateFrame(Uint8Array.of(0, 1, 1, 0x80, 0x80, 0x80, 0x10)),
      malformedUpdate,
    ],
    ['47: an update in format V2', bad.updateFrame(bad.goodUpdate({ version: 2 })), malformedUpdate],
    ['47: an answer in format V2', bad.syncFrame(1, bad.goodUpdate({ version: 2 })), malformedUpdate],
    [
      '48: garbage up to clock 2^31',
      bad.updateFrame(bad.updateOf({ client: 1, clock: 0, garbage: 2 ** 31 })),
      malformedUpdate,
    ],
    [
      '48: deleted words up to clock 2^31',
      bad.updateFrame(
        bad.structsOf(
          1,
          bad.struct(kinds.deleted, (encoder) => encoding.writeVarUint(encoder, 2 ** 31)),
        ),
      ),
      malformedUpdate,
    ],
    [
      '48: a gap up to clock 2^31',
      bad.updateFrame(bad.structsOf(1, bareRun(kinds.skip, 2 ** 31))),
      malformedUpdate,
    ],
    [
      '48: a struct that begins past clock 2^31',
      bad.updateFrame(bad.updateOf({ client: 1, clock: 2 ** 31, garbage: 1 })),
      malformedUpdate,
    ],
    [
      '48: a deletion past clock 2^31',
      bad.updateFrame(bad.deletionOf({ client: 1, length: 2 ** 31 })),
      malformedUpdate,
    ],
    [
      '48: an empty struct',
      bad.updateFrame(bad.updateOf({ client: 1, clock: 0, garbage: 0 })),
      malformedUpdate,
    ],
    [
      '50: a struct that builds on itself',
      bad.updateFrame(bad.updateOf({ client: 1, clock: 0, origin: { client: 1, clock: 0 } })),
      malformedUpdate,
    ],
    [
      '50: structs that build on each other in a circle',
      bad.updateFrame(
        bad.updateOf(
          { client: 1, clock: 0, origin: { client: 2, clock: 0 } },
          { client: 2, clock: 0, origin: { client: 1, clock: 0 } },
        ),
      ),
      malformedUpdate,
    ],
    [
      '51: deletions of 100,001 clients',
      bad.updateFrame(bad.deletionsOfMany(limits.maxUpdateRuns + 1)),
      tooLarge,
    ],
    ['53: lists nested 101 deep', bad.updateFrame(nestedList(limits.maxValueDepth + 1)), malformedUpdate],
    ['53: lists nested 100,000 deep', bad.updateFrame(nestedList(100_000)), malformedUpdate],
    ['53: a value with the key __proto__', bad.updateFrame(objectWithKey('__proto__')), malformedUpdate],
    [
      '53: JSON nested 101 deep',
      bad.updateFrame(
        bad.structsOf(
          1,
          bad.struct(kinds.embed, (encoder) =>
            encoding.writeVarString(encoder, '['.repeat(101) + ']'.repeat(101)),
          ),
        ),
      ),
      malformedUpdate,
    ],
    [
      '54: content of a kind there is not',
      bad.updateFrame(
        bad.structsOf(
          1,
          bad.struct(kinds.unknown, (encoder) => encoding.writeAny(encoder, 1)),
        ),
      ),
      malformedUpdate,
    ],
    [
      '54: a sub-document whose options replace its guid',
      bad.updateFrame(
        bad.structsOf(
          1,
          bad.struct(9, (encoder) => {
            encoding.writeVarString(encoder, 'one')
            encoding.writeAny(encoder, { guid: 'another' })
          }),
        ),
      ),
      malformedUpdate,
    ],
    [
      '56: a formatting mark of more than 64 KiB',
      bad.updateFrame(
        bad.updateBy((doc) => {
          doc.getText('content').insert(0, 'x')
          doc.getText('content').format(0, 1, { mark: 'm'.repeat(limits.maxFormatBytes) })
        }),
      ),
      tooLarge,
    ],
    ['58: a state vector that is cut off', bad.syncFrame(0, Uint8Array.of(3, 1)), malformed],
    ['58: a state vector with bytes after its end', bad.syncFrame(0, Uint8Array.of(1, 1, 1, 1)), malformed],
    [
      '58: a state vector that promises 2^25 clients',
      bad.syncFrame(0, Uint8Array.of(0x80, 0x80, 0x80, 0x10, 1, 1)),
      malformed,
    ],
    [
      '58: a state vector of more clients than any document has',
      bad.syncFrame(0, encodeStateVector(new Map(Array.from({ length: 200_001 }, (_, id) => [id + 7, 1])))),
      malformed,
    ],
    [
      '58: a state vector of more than 8 MiB',
      bad.syncFrame(0, new Uint8Array(limits.maxStateVectorBytes + 1)),
      malformed,
    ],
  ])('%s', async (_, frame, end) => {
    const scene = await openScene()
    const socket = await scene.join(dialect)
    socket.sendBytes(frame)
    expect(await socket.closed).toEqual(end)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    await scene.expectUnharmed()
  })
})

describe.each(dialects)(
  'what a %s client sends waits, unstored, and it is asked one question:',
  (dialect) => {
    // Refusing would cut off honest clients: a frame may overtake the one it builds on, which another connection brings.
    it.each<[what: string, updates: readonly Uint8Array[]]>([
      ['50: an edit without the one before it', [bad.earlyUpdate(), bad.earlyUpdate(), bad.earlyUpdate()]],
      [
        '50: a struct next to one nobody knows',
        [bad.updateOf({ client: 1, clock: 0, origin: { client: 2, clock: 0 } })],
      ],
      [
        '50: a struct inside one nobody knows',
        [
          bad.structsOf(
            1,
            bad.frame((encoder) => {
              encoding.writeUint8(encoder, 4)
              for (const number of [0, 2, 0]) encoding.writeVarUint(encoder, number)
              encoding.writeVarString(encoder, bad.payload)
            }),
          ),
        ],
      ],
      [
        '50: a thousand edits of a kilobyte that nothing leads up to',
        Array.from({ length: 1000 }, (_, client) =>
          bad.frame((encoder) => {
            for (const number of [1, 1, client + 10, 5, 4, 1]) encoding.writeVarUint(encoder, number)
            encoding.writeVarString(encoder, 'content')
            encoding.writeVarString(encoder, 'x'.repeat(1000))
            encoding.writeVarUint(encoder, 0)
          }),
        ),
      ],
      ['51: a deletion of what nobody has written', [bad.earlyDeletion()]],
      ['51: 250,000 deletions of what nobody has written', [bad.manyDeletions(250_000)]],
    ])('%s', async (_, updates) => {
      // Without the delay, a second question would come at once as well.
      const scene = await openScene({ limits: { questionDelayMs: 0 } })
      const socket = await scene.join(dialect)
      socket.send({ type: 'sync-step-2', update: Uint8Array.of(0, 0) })
      for (const update of updates) socket.send({ type: 'update', update })
      await socket.receive('sync-step-1')
      const heard = [...(await askAndHear(socket)), ...(await askAndHear(socket))]
      expect(typesOf(heard).filter((type) => type !== 'presence')).toEqual(['sync-step-2', 'sync-step-2'])
      await scene.expectUnharmed({ logLines: 0 })
    })

    it('49: words under an id that belongs to someone who is here', async () => {
      // Held back rather than refused: those who share a document also bring each other's words, in good faith.
      const scene = await openScene()
      const { writer, reader } = scene
      const client = writer.doc.clientID
      await untilPresence(reader.awareness, () => reader.awareness.getStates().has(client))
      const socket = await scene.join(dialect)
      socket.send({ type: 'sync-step-2', update: Uint8Array.of(0, 0) })
      socket.send({ type: 'update', update: bad.updateOf({ client, clock: 0, garbage: 2 ** 20 }) })
      expect(typesOf(await askAndHear(socket))).not.toContain('update')
      await scene.expectUnharmed({ logLines: 0 })
    })
  },
)

describe.each(dialects)('a %s client may send, since stock Yjs apps do,', (dialect) => {
  it.each<[what: string, edit: (doc: Y.Doc) => void]>([
    ['53: a BigInt', (doc) => doc.getMap('map').set('key', 2n ** 60n)],
    ['53: undefined', (doc) => doc.getMap('map').set('key', [undefined, { in: undefined }])],
    [
      '53: values nested 100 deep',
      (doc) => {
        let value: unknown[] = []
        for (let depth = 1; depth < limits.maxValueDepth; depth++) value = [value]
        doc.getMap('map').set('key', value)
      },
    ],
    ['54: bytes', (doc) => doc.getMap('map').set('key', Uint8Array.of(1, 2, 3))],
    ['54: an embed', (doc) => doc.getText('words').insertEmbed(0, { image: 1 })],
    ['54: a sub-document', (doc) => doc.getMap('map').set('key', new Y.Doc({ guid: 'inner' }))],
    [
      '54: XML',
      (doc) => doc.getXmlFragment('xml').insert(0, [new Y.XmlElement('p'), new Y.XmlText('words')]),
    ],
    ['55: another root', (doc) => doc.getText('elsewhere').insert(0, 'words')],
    ['55: the root of the text as a map', (doc) => doc.getMap('content').set('key', 'value')],
    [
      '55: the root of the text as a fragment of XML',
      (doc) => doc.getXmlFragment('content').insert(0, [new Y.XmlElement('p')]),
    ],
    [
      '56: a formatting mark of just under 64 KiB',
      (doc) => {
        doc.getText('words').insert(0, 'x')
        doc.getText('words').format(0, 1, { mark: 'm'.repeat(limits.maxFormatBytes - 5) })
      },
    ],
  ])('%s', async (_, edit) => {
    const scene = await openScene()
    const { reader, writer } = scene
    const socket = await scene.join(dialect)
    const made = new Y.Doc()
    edit(made)
    socket.send({ type: 'update', update: Y.encodeStateAsUpdate(made) })
    if (dialect === 'quire.1') expect(await socket.receive('saved')).toEqual({ type: 'saved', frames: 1 })
    else await socket.receive('update')

    const client = made.clientID
    const clock = Y.getState(made.store, client)
    await Promise.all(
      [reader, writer].map(({ doc }) => untilDocument(doc, () => Y.getState(doc.store, client) === clock)),
    )
    expect(Y.getState((await scene.stored()).store, client)).toBe(clock)
    writer.doc.getText('content').insert(0, 'still here: ')
    await untilDocument(reader.doc, () => reader.text.toString().startsWith('still here: '))
    expect(reader.text.toString()).toBe(`still here: ${initialText}`)
    expect(scene.server.log).toEqual([])
  })
})

describe('a document that is full', () => {
  /** The two that stay find room for their words in it. */
  const full: Record<string, { readonly quota: object; readonly update: () => Uint8Array }> = {
    '52: of client ids': {
      quota: { maxClients: 2 },
      update: () => Y.mergeUpdates([bad.goodUpdate(), bad.goodUpdate()]),
    },
    '57: of bytes': {
      quota: { maxDocumentBytes: 4096 },
      update: () => bad.updateBy((doc) => doc.getText('content').insert(0, 'x'.repeat(8192))),
    },
  }

  it.each(Object.entries(full))('%s says so to a quire.1 client, once', async (_, { quota, update }) => {
    const scene = await openScene({ limits: quota })
    const socket = await scene.join('quire.1')
    for (let times = 0; times < 3; times++) socket.send({ type: 'update', update: update() })
    const heard = await askAndHear(socket)
    expect(heard.filter(({ type }) => type !== 'presence')).toEqual([
      expect.objectContaining({ type: 'notice', code: 'document-full' }),
      expect.objectContaining({ type: 'sync-step-2' }),
    ])
    await expectReadable(scene)
    await scene.expectAtWork({ logLines: 0 })
  })

  it.each(Object.entries(full))('%s closes a stock client', async (_, { quota, update }) => {
    const scene = await openScene({ limits: quota })
    const socket = await scene.join('stock')
    socket.send({ type: 'update', update: update() })
    expect(await socket.closed).toEqual(documentFull)
    await expectReadable(scene)
    await scene.expectAtWork({ logLines: 1 })
  })

  async function expectReadable({ server, document }: Scene): Promise<void> {
    const stock = { serverUrl: server.syncUrl, room: document.id, token: document.keys.view }
    const newcomer = openStockClient(stock)
    await newcomer.synced
    expect(newcomer.text.toString()).toBe(initialText)
    newcomer.close()
  }
})

describe.each(dialects)('a %s client is answered that asks', (dialect) => {
  /** What someone is sent who says they have this. */
  async function answerTo(scene: Scene, stateVector: (author: number) => Uint8Array): Promise<Y.Doc> {
    const socket = await scene.join(dialect)
    const [author = 0] = [...(await scene.stored()).store.clients.keys()]
    socket.send({ type: 'sync-step-1', stateVector: stateVector(author) })
    const { update } = await socket.receive('sync-step-2')
    const doc = new Y.Doc()
    Y.applyUpdate(doc, update)
    return doc
  }

  const length = initialText.length

  it.each<[what: string, stateVector: (author: number) => Uint8Array, text: string]>([
    ['58: from clocks we do not have', (author) => encodeStateVector(new Map([[author, 2 ** 31 - 1]])), ''],
    [
      '58: for 20,000 clients we do not know',
      () => encodeStateVector(new Map(Array.from({ length: 20_000 }, (_, id) => [id + 7, 9]))),
      initialText,
    ],
    ['58: twice for one client, the later being nothing', (id) => twice(id, length, 0), initialText],
    ['58: twice for one client, the later being all', (id) => twice(id, 0, length), ''],
  ])('%s', async (_, stateVector, text) => {
    const scene = await openScene()
    const answer = await answerTo(scene, stateVector)
    expect(answer.getText('content').toString()).toBe(text)
    await scene.expectUnharmed({ logLines: 0 })
  })

  function twice(client: number, first: number, second: number): Uint8Array {
    return bad.frame((encoder) => {
      for (const number of [2, client, first, client, second]) encoding.writeVarUint(encoder, number)
    })
  }

  it('59: a thousand times, with the last of them', async () => {
    const scene = await openScene()
    const socket = await scene.join(dialect)
    for (let times = 0; times < 1000; times++)
      socket.send({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
    await socket.receive('sync-step-2')
    await scene.expectUnharmed({ logLines: 0 })
  })

  it('59: a thousand times without reading, with only the last once its socket is full', async () => {
    const scene = await openScene()
    const { reader, writer } = scene
    const long = 'a long text. '.repeat(20_000)
    writer.text.insert(0, long)
    await untilText(reader.text, long + initialText)
    const socket = await scene.join(dialect)
    socket.pause()
    for (let times = 0; times < 1000; times++)
      socket.send({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
    // Says that everything before it has been read, on a connection of its own.
    socket.send({ type: 'update', update: bad.goodUpdate() })
    await untilDocument(reader.doc, () => reader.text.toString().includes(bad.payload))
    socket.resume()
    let answers = 0
    const doc = new Y.Doc()
    for await (const message of socket.messages()) {
      if (message.type !== 'sync-step-2' && message.type !== 'update') continue
      Y.applyUpdate(doc, message.update)
      if (message.type === 'sync-step-2') answers++
      if (doc.getText('content').toString() === reader.text.toString()) break
    }
    console.log(`59, ${dialect}: ${answers} answers to 1,000 questions`)
    // A thousand would be 260 MB; the kernel's buffers hold a few.
    expect(answers).toBeLessThan(100)
    await settleAfterFlood(socket)
    expect(scene.server.log).toEqual([])
  })

  /** The last answer may still be under way. */
  async function settleAfterFlood(socket: RawSocket): Promise<void> {
    socket.send({ type: 'query-presence' })
    await socket.receive('presence')
  }
})

describe.each(dialects)('what a %s client sends again', (dialect) => {
  it('60: a thousand times is stored once, and each time acknowledged', async () => {
    const scene = await openScene()
    const { server, document, reader } = scene
    const socket = await scene.join(dialect)
    const update = bad.goodUpdate()
    for (let times = 0; times < 1000; times++) socket.send({ type: 'update', update })
    if (dialect === 'quire.1') await receiveSaved(socket, 1000)
    else await socket.receive('update')
    await untilDocument(reader.doc, () => reader.text.toString().includes(bad.payload))
    // Had it been stored or sent on twice, this would come after it.
    expect(typesOf(await askAndHear(socket)).filter((type) => type === 'update')).toEqual([])
    const stored = await server.store.load(document.id)
    expect(stored?.tail).toHaveLength(2)
    expect(reader.text.toString().split(bad.payload)).toHaveLength(2)
    expect(server.log).toEqual([])
  })

  it('61: after a compaction has taken it in, is acknowledged and changes nothing', async () => {
    const store = new CompactedStore()
    const scene = await openScene({ store, limits: { compactWhileOpen: { entries: 3, bytes: 2 ** 20 } } })
    const { document } = scene
    const socket = await scene.join(dialect)
    const updates = [bad.goodUpdate(), bad.goodUpdate()]
    for (const [index, update] of updates.entries()) {
      socket.send({ type: 'update', update })
      if (dialect === 'quire.1') await receiveSaved(socket, index + 1)
      else await socket.receive('update')
    }
    await store.compacted.promise
    const before = await store.load(document.id)
    expect(before?.base).toBeDefined()

    for (const update of updates) socket.send({ type: 'update', update })
    if (dialect === 'quire.1') await receiveSaved(socket, 4)
    expect(typesOf(await askAndHear(socket)).filter((type) => type === 'update')).toEqual([])
    expect(await store.load(document.id)).toEqual(before)
    expect(scene.server.log).toEqual([])
  })
})

/** Tells of its first compaction. */
class CompactedStore extends MemoryStore {
  readonly compacted = Promise.withResolvers<void>()

  override async compact(...compaction: Parameters<MemoryStore['compact']>): Promise<void> {
    await super.compact(...compaction)
    this.compacted.resolve()
  }
}

async function receiveSaved(socket: RawSocket, frames: number): Promise<void> {
  while ((await socket.receive('saved')).frames < frames);
}

/** Everything said up to the answer to a question that is asked now. */
function askAndHear(socket: RawSocket): Promise<ServerMessage[]> {
  socket.send({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
  return socket.heard()
}

function typesOf(messages: readonly ServerMessage[]): ServerMessage['type'][] {
  return messages.map(({ type }) => type)
}
