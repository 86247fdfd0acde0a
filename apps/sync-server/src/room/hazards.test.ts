/**
 * The known ways in which one writer can harm a Yjs document or those who share it. Eve may edit, and sends what no
 * honest client does; whatever it is, Anna's words are stored, shown and acknowledged, and nothing of Eve's waits in
 * anybody's document.
 */
import { limits, parseDocumentName, type ProtocolErrorCode } from '@quire/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { roomLimits } from './room-limits.ts'
import { openStage, type Client, type Stage } from './testing/stage.ts'

let stage: Stage
let anna: Client
let eve: Client
beforeEach(async () => {
  stage = await openStage()
  anna = await stage.join()
  eve = await stage.join()
  anna.answer()
  eve.answer()
  anna.type('Dear Bo, ')
  await stage.settle()
})

/** Anna writes on; in the end her words are everywhere, once, and nobody waits for anything. */
async function expectUnharmed(): Promise<void> {
  const before = anna.saved
  anna.type('all is well.')
  await stage.settle()
  expect(anna.closed).toBeUndefined()
  expect(anna.saved).toBe(before + 1)
  const bo = await stage.join()
  for (const { doc } of [anna, bo]) {
    expect(doc.getText('content').toString()).toBe('Dear Bo, all is well.')
    expect([doc.store.pendingStructs, doc.store.pendingDs]).toEqual([null, null])
  }
  expect((await stage.stored()).text).toBe('Dear Bo, all is well.')
  expect(stage.failures).toEqual([])
}

function expectRefused(update: Uint8Array, code: ProtocolErrorCode = 'update-malformed'): void {
  expect(() => eve.send(update)).toThrow(expect.objectContaining({ code }))
}

/** One section of structs, and deletions. */
function made(options: {
  client: number
  clock: number
  structs: readonly ((encoder: encoding.Encoder) => void)[]
  deletions?: readonly (readonly [client: number, clock: number, length: number])[]
}): Uint8Array {
  return encoding.encode((encoder) => {
    const { client, clock, structs, deletions = [] } = options
    encoding.writeVarUint(encoder, structs.length > 0 ? 1 : 0)
    if (structs.length > 0)
      for (const number of [structs.length, client, clock]) encoding.writeVarUint(encoder, number)
    for (const write of structs) write(encoder)
    const byClient = Map.groupBy(deletions, ([of]) => of)
    encoding.writeVarUint(encoder, byClient.size)
    for (const [of, ranges] of byClient) {
      for (const number of [of, ranges.length]) encoding.writeVarUint(encoder, number)
      for (const [, from, length] of ranges)
        for (const number of [from, length]) encoding.writeVarUint(encoder, number)
    }
  })
}

const garbage = (length: number) => (encoder: encoding.Encoder) => {
  encoding.writeUint8(encoder, 0)
  encoding.writeVarUint(encoder, length)
}

const text =
  (words: string, root = 'content') =>
  (encoder: encoding.Encoder) => {
    encoding.writeUint8(encoder, 4)
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarString(encoder, root)
    encoding.writeVarString(encoder, words)
  }

/** What Eve would type in a document of her own, with the garbage that editing leaves. */
function evesUpdate(): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('notes').insert(0, 'words of mine')
  doc.getText('notes').delete(3, 4)
  return Y.encodeStateAsUpdate(doc)
}

describe('an editor cannot harm another by', () => {
  it('a truncated update: none of it is applied', async () => {
    const update = evesUpdate()
    for (let length = 0; length < update.length; length++) expectRefused(update.subarray(0, length))
    await expectUnharmed()
    expect(anna.doc.share.has('notes')).toBe(false)
  })

  it('good structs with a broken delete set: none of it is applied', async () => {
    const update = evesUpdate()
    expectRefused(Uint8Array.of(...update.subarray(0, -1), 0xff))
    await expectUnharmed()
    expect(anna.doc.share.has('notes')).toBe(false)
  })

  it('clock poison: garbage in the place of her next words waits, and hers do not', async () => {
    const { clientID } = anna.doc
    eve.send(made({ client: clientID, clock: 9, structs: [garbage(1000)] }))
    await stage.settle()
    await expectUnharmed()
    expect([eve.closed, eve.saved]).toEqual([undefined, 1])
  })

  it('clock poison with all clocks there are', async () => {
    const { clientID } = anna.doc
    expectRefused(made({ client: clientID, clock: 9, structs: [garbage(2 ** 31)] }))
    eve.send(made({ client: clientID, clock: 9, structs: [garbage(limits.maxClock - 9)] }))
    await stage.settle()
    await expectUnharmed()
  })

  it('clock poison with all clocks there are while she is away for long: she writes on under another id', async () => {
    const { clientID } = anna.doc
    anna.membership?.leave()
    stage.clock.advance(roomLimits.clientIdLeaseMs)
    eve.send(made({ client: clientID, clock: 9, structs: [garbage(limits.maxClock - 9)] }))
    await stage.settle()
    anna = await stage.join({ doc: anna.doc, principal: anna.principal })
    anna.answer()
    await stage.settle()
    expect(anna.doc.clientID).not.toBe(clientID)
    await expectUnharmed()
  })

  it('clock poison while she is away for a moment', async () => {
    const { clientID } = anna.doc
    anna.membership?.leave()
    eve.send(made({ client: clientID, clock: 9, structs: [garbage(5)] }))
    await stage.settle()
    stage.clock.advance(roomLimits.clientIdLeaseMs / 2)
    anna = await stage.join({ doc: anna.doc, principal: anna.principal })
    anna.answer()
    await expectUnharmed()
  })

  it('the same client id with other content: one truth for all', async () => {
    const { clientID } = anna.doc
    const twin = new Y.Doc()
    Y.applyUpdate(twin, Y.encodeStateAsUpdate(anna.doc))
    twin.clientID = clientID
    const vector = Y.encodeStateVector(twin)
    twin.getText('content').insert(9, 'MALICE')
    eve.send(Y.encodeStateAsUpdate(twin, vector))
    eve.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(twin, vector) })
    await stage.settle()
    await expectUnharmed()
  })

  it('only reading, and announcing the ids of those who are away', async () => {
    const { clientID } = anna.doc
    anna.membership?.leave()
    stage.clock.advance(roomLimits.clientIdLeaseMs)
    const vera = await stage.join({ role: 'view' })
    vera.say({ type: 'presence', entries: [{ clientId: clientID, clock: 1, state: '{}' }] })
    await stage.settle()
    anna = await stage.join({ doc: anna.doc, principal: anna.principal })
    anna.answer()
    anna.say({ type: 'presence', entries: [{ clientId: clientID, clock: 2, state: '{"name":"Anna"}' }] })
    await stage.settle()
    expect(eve.toldOf('presence').at(-1)?.entries).toMatchObject([{ clientId: clientID, clock: 2 }])
    await expectUnharmed()
  })

  it('only reading, and announcing the ids of those who wrote, while nobody is there', async () => {
    const { clientID } = anna.doc
    anna.membership?.leave()
    eve.membership?.leave()
    await stage.settle()
    stage.clock.advance(roomLimits.clientIdLeaseMs)
    const vera = await stage.join({ role: 'view' })
    vera.say({ type: 'presence', entries: [{ clientId: clientID, clock: 1, state: '{}' }] })
    anna = await stage.join({ doc: anna.doc, principal: anna.principal })
    anna.answer()
    await expectUnharmed()
  })

  it('writing first under an id she has only announced', async () => {
    const clementine = await stage.join()
    clementine.answer()
    clementine.say({
      type: 'presence',
      entries: [{ clientId: clementine.doc.clientID, clock: 1, state: '{}' }],
    })
    eve.send(made({ client: clementine.doc.clientID, clock: 0, structs: [garbage(100)] }))
    await stage.settle()
    clementine.doc.getMap('meta').set('title', 'mine')
    await stage.settle()
    expect(clementine.saved).toBe(2)
    expect(anna.doc.getMap('meta').get('title')).toBe('mine')
    await expectUnharmed()
  })

  it('naming one client id twice in an update', async () => {
    const once = encoding.encode((encoder) => {
      for (const number of [1, 77, 0]) encoding.writeVarUint(encoder, number)
      text('a')(encoder)
    })
    expectRefused(Uint8Array.of(2, ...once, ...once, 0))
    await expectUnharmed()
  })

  it('parked deletes: deletions of what is not there yet wait outside, and hit nothing when it comes', async () => {
    const { clientID } = anna.doc
    // Some of them fit what she is about to write.
    for (let length = 1; length <= 20; length++)
      for (let clock = 9; clock < 9 + length; clock++)
        eve.send(made({ client: 0, clock: 0, structs: [], deletions: [[clientID, clock, length]] }))
    // Others come with structs, of which some wait for her words.
    eve.send(made({ client: 5, clock: 0, structs: [text('mine', 'notes')], deletions: [[clientID, 9, 3]] }))
    eve.send(
      encoding.encode((encoder) => {
        for (const number of [1, 1, 6, 0]) encoding.writeVarUint(encoder, number)
        encoding.writeUint8(encoder, 0x81) // what was deleted, right of what she has yet to write
        for (const number of [clientID, 12, 1]) encoding.writeVarUint(encoder, number)
        for (const number of [1, clientID, 1, 9, 5]) encoding.writeVarUint(encoder, number)
      }),
    )
    const many = Array.from({ length: 1000 }, (_, at) => [clientID, 100 + at * 2, 1] as const)
    eve.send(made({ client: 0, clock: 0, structs: [], deletions: many }))
    await stage.settle()
    await expectUnharmed()
    expect((await stage.stored()).bytes).toBeLessThan(200)
  })

  it('parked structs: what builds on nothing waits outside, within a budget, and is never stored', async () => {
    for (let client = 1; client <= 1000; client++)
      eve.send(
        encoding.encode((encoder) => {
          for (const number of [1, 1, client, 0]) encoding.writeVarUint(encoder, number)
          encoding.writeUint8(encoder, 0x84) // text, right of a struct that nobody has
          for (const number of [999_999, client]) encoding.writeVarUint(encoder, number)
          encoding.writeVarString(encoder, 'x'.repeat(1000))
          encoding.writeVarUint(encoder, 0)
        }),
      )
    await stage.settle()
    await expectUnharmed()
    expect((await stage.stored()).bytes).toBeLessThan(200)
    // However many wait, Eve is asked one question at a time.
    expect(eve.toldOf('sync-step-1').length).toBeLessThanOrEqual(2)
  })

  it('an array bomb: a number of structs that is only claimed', async () => {
    expectRefused(Uint8Array.of(1, 0x80, 0x80, 0x80, 0x10, 7, 0))
    expectRefused(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f))
    await expectUnharmed()
  })

  it('V2 bytes, which V1 reads as nothing', async () => {
    const doc = new Y.Doc()
    expectRefused(Y.encodeStateAsUpdateV2(doc))
    doc.getText('content').insert(0, 'x')
    expectRefused(Y.encodeStateAsUpdateV2(doc))
    await expectUnharmed()
  })

  it('a SyncStep2 that says nothing new: it is neither stored nor passed on', async () => {
    anna.doc.getText('content').delete(0, 4)
    anna.doc.getText('content').insert(0, 'Dear')
    await stage.settle()
    const { entries } = await stage.stored()
    const heard = anna.told.length
    for (let time = 0; time < 100; time++)
      eve.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(eve.doc) })
    await stage.settle()
    expect([(await stage.stored()).entries, anna.told.length]).toEqual([entries, heard])
    expect(eve.saved).toBe(101)
  })

  it('what waits, sent to those who join', async () => {
    eve.send(made({ client: 5, clock: 3, structs: [text('late')] }))
    await stage.settle()
    const bo = await stage.join()
    expect(bo.doc.store.pendingStructs).toBeNull()
    expect(bo.doc.store.clients.has(5)).toBe(false)
    await expectUnharmed()
  })

  it('freezing her presence: a clock at its end, or a removal, is not hers to send', async () => {
    const { clientID } = anna.doc
    const here = (clock: number, state: string): void =>
      anna.say({ type: 'presence', entries: [{ clientId: clientID, clock, state }] })
    here(1, '{"caret":1}')
    await stage.settle()
    const eves = (clock: number, state: string): void =>
      eve.say({ type: 'presence', entries: [{ clientId: clientID, clock, state }] })
    eves(limits.maxPresenceClock, '{"caret":666}')
    eves(2, 'null')
    here(2, '{"caret":2}')
    await stage.settle()
    const bo = await stage.join()
    const states = bo.toldOf('presence').flatMap(({ entries }) => entries.map(({ state }) => state))
    expect(states).toEqual(['{"caret":2}'])
    await expectUnharmed()
  })

  it('structs that build on each other in a circle, in one update or two', async () => {
    const right = (client: number, of: number, clock = 0): Uint8Array =>
      encoding.encode((encoder) => {
        for (const number of [1, 1, client, clock]) encoding.writeVarUint(encoder, number)
        encoding.writeUint8(encoder, 0x84)
        for (const number of [of, 0]) encoding.writeVarUint(encoder, number)
        encoding.writeVarString(encoder, 'o')
        encoding.writeVarUint(encoder, 0)
      })
    eve.send(right(3, 4))
    eve.send(right(4, 3))
    await stage.settle()
    const both = Uint8Array.of(2, ...right(3, 4).subarray(1, -1), ...right(4, 3).subarray(1, -1), 0)
    expectRefused(both)
    await expectUnharmed()
  })

  it('several values under one key, of which one is deleted, and then the map: everybody’s Yjs would fail', async () => {
    const map = eve.doc.getMap<unknown>('map').set('inner', new Y.Map())
    const { client, clock } = map._item?.id ?? { client: 0, clock: 0 }
    await stage.settle()
    const twoValues = (encoder: encoding.Encoder): void => {
      encoding.writeUint8(encoder, 0x28)
      for (const number of [0, client, clock]) encoding.writeVarUint(encoder, number)
      encoding.writeVarString(encoder, 'key')
      for (const number of [2, 126, 126]) encoding.writeVarUint(encoder, number)
    }
    const update = made({ client: 7, clock: 0, structs: [twoValues], deletions: [[7, 1, 1]] })
    const victim = new Y.Doc()
    Y.applyUpdate(victim, Y.encodeStateAsUpdate(anna.doc))
    Y.applyUpdate(victim, update)
    expect(() => victim.getMap('map').delete('inner')).toThrow('Unexpected case')
    expectRefused(update)
    anna.doc.getMap('map').delete('inner')
    await stage.settle()
    await expectUnharmed()
  })

  it('asking for everything again and again: a socket that does not read holds one answer', async () => {
    eve.backlogBytes = roomLimits.maxBacklogBytes + 1
    const heard = eve.told.length
    for (let time = 0; time < 1000; time++) eve.say({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
    expect(eve.told).toHaveLength(heard)
    await expectUnharmed()
  })

  it('filling the document: the room stays readable', async () => {
    stage = await openStage({ maxDocumentBytes: 1000 })
    anna = await stage.join()
    eve = await stage.join()
    anna.answer()
    eve.answer()
    anna.type('Dear Bo, ')
    await stage.settle()
    eve.doc.getText('junk').insert(0, 'x'.repeat(2000))
    await stage.settle()
    expect([eve.notices, eve.saved, eve.closed]).toEqual([['document-full'], 1, undefined])
    await expectUnharmed()
  })

  it('deleting on and on what nobody was shown: she has to come back', async () => {
    stage = await openStage({ maxOpenReceipts: 100 })
    anna = await stage.join()
    eve = await stage.join()
    anna.answer()
    eve.answer()
    anna.type('Dear Bo, ')
    anna.say({ type: 'presence', entries: [{ clientId: 77, clock: 1, state: '{}' }] })
    await stage.settle()
    const blind = made({ client: 77, clock: 0, structs: [], deletions: [[77, 0, 1]] })
    for (let time = 0; time < 200 && !eve.closed; time++) eve.send(blind)
    expect(eve.closed?.code).toBe(1013)
    await expectUnharmed()
  })

  it('using up client ids', async () => {
    stage = await openStage({ maxClients: 10 })
    anna = await stage.join()
    eve = await stage.join()
    anna.answer()
    eve.answer()
    anna.type('Dear Bo, ')
    await stage.settle()
    for (let client = 1; client <= 20; client++) eve.send(made({ client, clock: 0, structs: [garbage(1)] }))
    await stage.settle()
    expect([eve.notices, eve.saved]).toEqual([['document-full'], 10])
    await expectUnharmed()
  })
})

describe('an honest peer is not taken for an attacker when', () => {
  it('it brings what somebody wrote who is gone', async () => {
    const gone = new Y.Doc()
    gone.getText('kept').insert(0, 'from a tab that was closed')
    const bo = await stage.join()
    bo.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(gone) })
    await stage.settle()
    expect([bo.saved, anna.doc.getText('kept').toString()]).toEqual([1, 'from a tab that was closed'])
  })

  it('it passes on what somebody who is here has just written: that counts once, and is acknowledged to both', async () => {
    const bo = await stage.join()
    bo.answer()
    const vector = Y.encodeStateVector(anna.doc)
    const heardElsewhere = new Y.Doc()
    Y.applyUpdate(heardElsewhere, Y.encodeStateAsUpdate(anna.doc))
    heardElsewhere.clientID = anna.doc.clientID
    heardElsewhere.getText('content').insert(9, 'now')
    const update = Y.encodeStateAsUpdate(heardElsewhere, vector)
    bo.send(update)
    await stage.settle()
    expect(bo.saved).toBe(1)
    anna.doc.getText('content').insert(9, 'now')
    await stage.settle()
    expect([anna.saved, bo.saved]).toEqual([3, 2])
    expect((await stage.stored()).text).toBe('Dear Bo, now')
  })

  it('two tabs told each other what they wrote offline, and each brings what both wrote', async () => {
    const link = { id: 'the edit link', isPerson: false }
    const tabs = await Promise.all([1, 2].map(() => stage.join({ principal: link })))
    const [one, other] = tabs
    if (!one || !other) throw new Error('there are two')
    for (const tab of tabs)
      tab.say({ type: 'presence', entries: [{ clientId: tab.doc.clientID, clock: 1, state: '{}' }] })
    // Their edits never leave one by one: they were offline, and heard of each other beside the server.
    const [first, second] = tabs.map(() => new Y.Doc())
    if (!first || !second) throw new Error('there are two')
    for (const [at, doc] of [first, second].entries()) {
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(anna.doc))
      doc.clientID = tabs[at]?.doc.clientID ?? 0
    }
    for (let turn = 0; turn < 5; turn++) {
      first.getText('content').insert(first.getText('content').length, `a${turn} `)
      Y.applyUpdate(second, Y.encodeStateAsUpdate(first))
      second.getText('content').insert(second.getText('content').length, `b${turn} `)
      Y.applyUpdate(first, Y.encodeStateAsUpdate(second))
    }
    for (const [at, doc] of [first, second].entries()) {
      const vector = tabs[at]?.toldOf('sync-step-1').at(-1)?.stateVector
      tabs[at]?.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(doc, vector) })
    }
    for (let round = 0; round < 5; round++) await stage.settle()
    expect((await stage.stored()).text).toBe('Dear Bo, a0 b0 a1 b1 a2 b2 a3 b3 a4 b4 ')
    expect([one.saved, other.saved, one.closed, other.closed]).toEqual([1, 1, undefined, undefined])
  })

  it('it comes back on a new connection while the old one is thought to live', async () => {
    const again = await stage.join({ doc: anna.doc, principal: anna.principal })
    again.answer()
    anna.doc.getText('content').insert(9, 'from the new one')
    await stage.settle()
    expect((await stage.stored()).text).toBe('Dear Bo, from the new one')
  })

  it('it shares a link with the old connection, which is asked whether it still lives', async () => {
    const principal = { id: 'the edit link', isPerson: false }
    const old = await stage.join({ principal, speaksQuire: false })
    old.answer()
    old.doc.getText('content').insert(0, '1')
    await stage.settle()
    const fresh = await stage.join({ principal, speaksQuire: false, doc: old.doc })
    fresh.say({ type: 'sync-step-2', update: Uint8Array.of(0, 0) })
    const vector = Y.encodeStateVector(fresh.doc)
    const writer = new Y.Doc()
    Y.applyUpdate(writer, Y.encodeStateAsUpdate(fresh.doc))
    writer.clientID = fresh.doc.clientID
    writer.getText('content').insert(0, '2')
    const update = Y.encodeStateAsUpdate(writer, vector)
    fresh.send(update)
    await stage.settle()
    expect([old.probes, (await stage.stored()).text]).toEqual([1, '1Dear Bo, '])
    old.membership?.leave()
    await stage.settle()
    fresh.say({ type: 'sync-step-2', update })
    await stage.settle()
    expect((await stage.stored()).text).toBe('21Dear Bo, ')
  })
})

describe('quotas', () => {
  it('close a stock client, which could not be told, and let it read', async () => {
    stage = await openStage({ maxDocumentBytes: 1000 })
    const stock = await stage.join({ speaksQuire: false })
    stock.answer()
    stock.type('x'.repeat(2000))
    await stage.settle()
    expect(stock.closed).toEqual({ code: 4413, reason: 'document-full' })
    expect((await stage.join({ speaksQuire: false })).closed).toBeUndefined()
  })

  it('end when something was deleted: whoever was refused is asked again', async () => {
    stage = await openStage({ maxDocumentBytes: 3000 })
    const [bo, cleo] = [await stage.join(), await stage.join()]
    bo.answer()
    cleo.answer()
    bo.type('x'.repeat(2500))
    await stage.settle()
    cleo.doc.getText('other').insert(0, 'y'.repeat(1000))
    await stage.settle()
    expect(cleo.notices).toEqual(['document-full'])
    bo.doc.getText('content').delete(0, 2500)
    await stage.settle()
    expect(cleo.notices).toEqual(['document-full', 'document-writable'])
    cleo.answer()
    await stage.settle()
    expect(bo.doc.getText('other').length).toBe(1000)
    expect(cleo.saved).toBe(3)
  })

  describe('of all documents together', () => {
    const other = parseDocumentName('other')
    const bytes = 2000

    /** Almost full of a document that nobody is in. */
    async function openFull(): Promise<Stage> {
      stage = await openStage({ maxTotalBytes: bytes })
      await stage.store.append(other, new Uint8Array(bytes - 100), { create: true })
      return stage
    }

    it('keep what was saved, go on reading and deleting, and take nothing more', async () => {
      await openFull()
      const [bo, cleo] = [await stage.join(), await stage.join()]
      bo.answer()
      cleo.answer()
      bo.type('short')
      await stage.settle()
      cleo.type('x'.repeat(200))
      cleo.type('y')
      await stage.settle()
      expect([cleo.notices, cleo.closed]).toEqual([['storage-full'], undefined])
      bo.doc.getText('content').delete(0, 2)
      await stage.settle()
      expect([bo.text, bo.notices]).toEqual(['ort', []])
      expect((await stage.stored()).text).toBe('ort')
      expect((await stage.join()).text).toBe('ort')
    })

    it('end when a document was deleted: whoever was refused is asked again', async () => {
      await openFull()
      const cleo = await stage.join()
      cleo.answer()
      cleo.type('x'.repeat(200))
      await stage.settle()
      stage.clock.advance(roomLimits.roomRetryMs)
      expect(cleo.notices).toEqual(['storage-full'])
      await stage.store.remove(other)
      stage.clock.advance(roomLimits.roomRetryMs)
      expect(cleo.notices).toEqual(['storage-full', 'storage-writable'])
      cleo.answer()
      await stage.settle()
      expect([cleo.saved, (await stage.stored()).text]).toEqual([3, 'x'.repeat(200)])
    })

    it('join a long log for the sake of room', async () => {
      await openFull()
      const cleo = await stage.join()
      cleo.answer()
      const written = cleo.doc.getText('content')
      // Each letter is an entry, which takes more than the letter.
      await stage.store.compact(other, { position: 1, update: new Uint8Array(0) })
      for (let count = 0; count < roomLimits.compactAtRest.entries + 10; count++) {
        written.insert(written.length, 'x')
        await stage.settle()
      }
      await stage.store.append(other, new Uint8Array(bytes - stage.store.usedBytes))
      written.insert(0, 'y')
      await stage.settle()
      expect(cleo.notices).toEqual(['storage-full', 'storage-writable'])
      cleo.answer()
      await stage.settle()
      expect((await stage.stored()).text).toMatch(/^yx+$/)
    })

    it('close a stock client, which could not be told', async () => {
      await openFull()
      const stock = await stage.join({ speaksQuire: false })
      stock.answer()
      stock.type('x'.repeat(200))
      await stage.settle()
      expect(stock.closed).toEqual({ code: 4413, reason: 'storage-full' })
    })

    it('are told beside that of the document, and end with it', async () => {
      stage = await openStage({ maxTotalBytes: bytes, maxDocumentBytes: 1000 })
      await stage.store.append(other, new Uint8Array(bytes - 100), { create: true })
      const cleo = await stage.join()
      cleo.answer()
      cleo.type('x'.repeat(200))
      cleo.type('x'.repeat(2000))
      cleo.answer()
      await stage.settle()
      expect(cleo.notices).toEqual(['storage-full', 'document-full'])
    })
  })

  it('count what is known already for nothing', async () => {
    stage = await openStage({ maxClients: 1 })
    const bo = await stage.join()
    bo.answer()
    bo.type('x')
    await stage.settle()
    bo.type('y')
    const cleo = await stage.join()
    cleo.answer()
    await stage.settle()
    expect([bo.saved, cleo.saved, cleo.notices]).toEqual([3, 1, []])
  })
})
