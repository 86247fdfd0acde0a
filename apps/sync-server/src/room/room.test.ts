import { encodeStateVector, parseDocumentName } from '@quire/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { roomLimits } from './room-limits.ts'
import { Client, name, openStage, type Stage } from './testing/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})

describe('a room', () => {
  it('begins with its state vector and answers what the joiner lacks, once', async () => {
    const client = await stage.join()
    expect(client.told.map(({ type }) => type)).toEqual(['sync-step-1', 'sync-step-2'])
  })

  it('shows an edit to the others and acknowledges it, but only once it is durable', async () => {
    const [anna, bo] = [await stage.join(), await stage.join()]
    stage.store.hold()
    anna.type('hello')
    await stage.settle()
    expect([bo.text, anna.saved]).toEqual(['', 0])
    stage.store.release()
    await stage.settle()
    expect([bo.text, anna.saved]).toEqual(['hello', 1])
  })

  it('does not show a joiner what is not yet durable, nor tell them it has it', async () => {
    const anna = await stage.join()
    stage.store.hold()
    anna.type('hello')
    await stage.settle()
    const late = await stage.join()
    expect(late.text).toBe('')
    expect(late.toldOf('sync-step-1')[0]?.stateVector).toEqual(encodeStateVector(new Map()))
    stage.store.release()
    await stage.settle()
    expect(late.text).toBe('hello')
  })

  it('acknowledges what it has seen before only when that is durable', async () => {
    const anna = await stage.join()
    stage.store.hold()
    anna.type('hello')
    await stage.settle()
    // The same person on a new connection, sending again what was never acknowledged.
    const again = await stage.join()
    again.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(anna.doc) })
    expect(again.saved).toBe(0)
    stage.store.release()
    await stage.settle()
    expect(again.saved).toBe(1)
    expect((await stage.store.load(name))?.tail).toHaveLength(1)
  })

  it('joins what is typed while the disk is busy into one entry', async () => {
    const [anna, bo] = [await stage.join(), await stage.join()]
    stage.store.hold()
    for (const letter of 'abc') {
      anna.type(letter)
      await stage.settle()
    }
    stage.store.release()
    await stage.settle()
    expect(bo.text).toBe('abc')
    expect((await stage.store.load(name))?.tail).toHaveLength(2)
    expect(anna.saved).toBe(3)
  })

  it('echoes an edit to a stock client, for which that is the acknowledgement, and not to ours', async () => {
    const stock = await stage.join({ speaksQuire: false })
    const ours = await stage.join()
    stock.type('a')
    await stage.settle()
    ours.type('b')
    await stage.settle()
    expect(stock.toldOf('update')).toHaveLength(2)
    expect(ours.toldOf('update')).toHaveLength(1)
    expect(stock.toldOf('saved')).toHaveLength(0)
  })

  it('tells whoever comes back after hours the same as before', async () => {
    const anna = await stage.join()
    anna.type('A line among many.\n'.repeat(5000))
    await stage.settle()
    for (const wait of [1, 2, 3]) {
      stage.clock.advance(wait * roomLimits.answerKeptMs)
      await stage.settle()
      expect((await stage.join()).text).toBe(anna.text)
    }
  })

  it('stores and relays nothing when a client answers with what is known', async () => {
    const anna = await stage.join()
    anna.type('hello')
    anna.doc.getText('content').delete(0, 2)
    await stage.settle()
    const bo = await stage.join()
    const entries = (await stage.store.load(name))?.tail.length
    bo.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(bo.doc) })
    await stage.settle()
    expect((await stage.store.load(name))?.tail).toHaveLength(entries ?? 0)
    expect(anna.toldOf('update')).toHaveLength(0)
    expect(bo.saved).toBe(1)
  })

  it('takes a viewer’s answer that brings nothing, and ends the connection of one who writes', async () => {
    const viewer = await stage.join({ role: 'view' })
    viewer.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(viewer.doc) })
    expect(() => viewer.type('x')).toThrow(expect.objectContaining({ code: 'write-not-allowed' }))
    await stage.settle()
    expect((await stage.store.load(name))?.tail).toEqual([])
  })

  it('lets a viewer stay whose answer holds deletions that follow from what everyone has', async () => {
    const [anna, bo] = [await stage.join(), await stage.join()]
    // Two titles at once: in every document one of them ends up deleted, and nobody ever sends that.
    stage.store.hold()
    anna.doc.getMap('meta').set('title', 'hers')
    bo.doc.getMap('meta').set('title', 'his')
    stage.store.release()
    await stage.settle()
    const viewer = await stage.join({ role: 'view' })
    const entries = (await stage.store.load(name))?.tail.length ?? 0
    viewer.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(viewer.doc) })
    await stage.settle()
    expect((await stage.store.load(name))?.tail).toHaveLength(entries)
    expect(viewer.saved).toBe(0)
  })

  it('stores and shows nothing of what a viewer deletes', async () => {
    const anna = await stage.join()
    anna.type('hello')
    await stage.settle()
    const viewer = await stage.join({ role: 'view' })
    viewer.doc.getText('content').delete(0, 2)
    await stage.settle()
    expect([anna.text, viewer.saved, (await stage.store.load(name))?.tail.length]).toEqual(['hello', 0, 1])
  })

  it('asks a viewer who may write from now on, and stores and acknowledges what was let pass before', async () => {
    const anna = await stage.join()
    anna.type('hello')
    await stage.settle()
    const viewer = await stage.join({ role: 'view' })
    viewer.answer()
    viewer.doc.getText('content').delete(0, 2)
    await stage.settle()
    expect([anna.text, viewer.saved]).toEqual(['hello', 1])
    viewer.role = 'edit'
    viewer.membership?.mayWriteNow()
    viewer.answer()
    viewer.type('!')
    await stage.settle()
    expect([anna.text, viewer.saved]).toEqual(['llo!', 4])
  })

  it('stores nothing of an update it cannot read to the end', async () => {
    const [anna, bo] = [await stage.join(), await stage.join()]
    const writer = new Y.Doc()
    writer.getText('content').insert(0, 'hello')
    const whole = Y.encodeStateAsUpdate(writer)
    for (let length = 0; length < whole.length; length++)
      expect(() => anna.say({ type: 'update', update: whole.subarray(0, length) })).toThrow()
    expect(() => anna.say({ type: 'update', update: Y.encodeStateAsUpdateV2(writer) })).toThrow()
    await stage.settle()
    expect([bo.text, (await stage.store.load(name))?.tail]).toEqual(['', []])
  })

  describe('when an update comes before what it builds on', () => {
    async function twoEdits(): Promise<{ first: Uint8Array; second: Uint8Array }> {
      const writer = new Y.Doc()
      const updates: Uint8Array[] = []
      writer.on('update', (update) => updates.push(update))
      writer.getText('content').insert(0, 'a')
      // Somebody else goes on: an id is its owner's, so one connection sends what one of them wrote.
      writer.clientID++
      writer.getText('content').insert(1, 'b')
      const [first, second] = updates
      if (!first || !second) throw new Error('two edits make two updates')
      return { first, second }
    }

    it('keeps it out of the log and asks its sender, once', async () => {
      const { second } = await twoEdits()
      const anna = await stage.join()
      anna.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(anna.doc) })
      anna.say({ type: 'update', update: second })
      anna.say({ type: 'update', update: second })
      await stage.settle()
      expect((await stage.store.load(name))?.tail).toEqual([])
      expect(anna.toldOf('sync-step-1')).toHaveLength(2)
      expect(anna.saved).toBe(1)
    })

    it('lets it in when that arrives, whoever sends it', async () => {
      const { first, second } = await twoEdits()
      const [anna, bo, reader] = [await stage.join(), await stage.join(), await stage.join()]
      anna.say({ type: 'update', update: second })
      await stage.settle()
      expect(reader.text).toBe('')
      bo.say({ type: 'update', update: first })
      await stage.settle()
      expect(reader.text).toBe('ab')
      expect([anna.saved, bo.saved]).toEqual([1, 1])
    })

    it('does not let it in once its sender may no longer write', async () => {
      const { first, second } = await twoEdits()
      const [anna, bo, reader] = [await stage.join(), await stage.join(), await stage.join()]
      anna.say({ type: 'update', update: second })
      anna.role = 'view'
      bo.say({ type: 'update', update: first })
      await stage.settle()
      expect([reader.text, anna.saved]).toEqual(['a', 0])
      anna.role = 'edit'
      anna.membership?.mayWriteNow()
      anna.say({ type: 'sync-step-2', update: second })
      await stage.settle()
      expect([reader.text, anna.saved]).toEqual(['ab', 2])
    })

    it('ends its sender’s connection, and no other, if it turns out that it can never be let in', async () => {
      const { first } = await twoEdits()
      const { client } = Y.decodeUpdate(first).structs[0]?.id ?? { client: 0 }
      const [eve, bo] = [await stage.join(), await stage.join()]
      // Two structs that build on each other, and one that builds on what is not there yet.
      eve.say({
        type: 'update',
        update: lettersOf([
          { client: 3, builtOn: client },
          { client: 2, builtOn: 1 },
          { client: 1, builtOn: 2 },
        ]),
      })
      bo.say({ type: 'update', update: first })
      await stage.settle()
      expect([eve.closed?.code, bo.closed, stage.failures]).toEqual([4400, undefined, []])
      expect((await stage.join()).text).toBe('a')
    })

    it('counts one there was no room for as saved when the sender’s answer is', async () => {
      const writer = new Y.Doc()
      const updates: Uint8Array[] = []
      writer.on('update', (update) => updates.push(update))
      writer.getText('content').insert(0, 'first')
      writer.getText('content').insert(0, 'x'.repeat(roomLimits.maxEarlyBytes + 1))
      const [, large] = updates
      const anna = await stage.join()
      anna.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(anna.doc) })
      anna.say({ type: 'update', update: large ?? new Uint8Array() })
      expect(anna.saved).toBe(1)
      anna.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(writer) })
      await stage.settle()
      expect(anna.saved).toBe(3)
    })
  })

  describe('a peer that falls behind', () => {
    it('is sent nothing while its backlog is full, and one joined update when it has drained', async () => {
      const [anna, slow] = [await stage.join(), await stage.join()]
      slow.backlogBytes = roomLimits.maxBacklogBytes + 1
      const before = slow.told.length
      for (const letter of 'abc') {
        anna.type(letter)
        await stage.settle()
      }
      expect(slow.told).toHaveLength(before)
      slow.backlogBytes = 0
      slow.membership?.drained()
      expect(slow.text).toBe('abc')
      expect(slow.toldOf('update')).toHaveLength(1)
      anna.type('d')
      await stage.settle()
      expect(slow.text).toBe('abcd')
    })

    it('is answered once when it has drained, however often it asked', async () => {
      const [anna, slow] = [await stage.join(), await stage.join()]
      anna.type('hello')
      await stage.settle()
      slow.backlogBytes = roomLimits.maxBacklogBytes + 1
      const before = slow.told.length
      for (let question = 0; question < 100; question++) {
        slow.say({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
        slow.say({ type: 'query-presence' })
      }
      await stage.settle()
      expect(slow.told).toHaveLength(before)
      slow.backlogBytes = 0
      slow.membership?.drained()
      expect(slow.told.slice(before).map(({ type }) => type)).toEqual(['presence', 'sync-step-2'])
    })

    it('is closed if it does not drain in time, and others are not', async () => {
      const [anna, slow] = [await stage.join(), await stage.join()]
      slow.backlogBytes = roomLimits.maxBacklogBytes + 1
      anna.type('a')
      await stage.settle()
      stage.clock.advance(roomLimits.drainTimeoutMs)
      expect([slow.closed?.code, anna.closed]).toEqual([1013, undefined])
    })

    it('is brought up to date from a base that was made meanwhile', async () => {
      const [anna, slow] = [await stage.join(), await stage.join()]
      slow.backlogBytes = roomLimits.maxBacklogBytes + 1
      anna.type('x'.repeat(roomLimits.compactWhileOpen.bytes + 1))
      await stage.settle()
      anna.type('end')
      await stage.settle()
      expect((await stage.store.load(name))?.base).toBeDefined()
      slow.backlogBytes = 0
      slow.membership?.drained()
      await stage.settle()
      expect(slow.text === anna.text).toBe(true)
    })
  })

  it('is forgotten when the last peer has left and its last edit is durable, and not before', async () => {
    const anna = await stage.join()
    stage.store.hold()
    anna.type('last words')
    anna.membership?.leave()
    await stage.settle()
    expect(stage.rooms.size).toBe(1)
    stage.store.release()
    await stage.settle()
    expect(stage.rooms.size).toBe(0)
    expect((await stage.join()).text).toBe('last words')
  })

  it('hears no more of whoever has left, in its own place or in that of one that is forgotten', async () => {
    const [anna, bo] = [await stage.join(), await stage.join()]
    anna.membership?.leave()
    anna.type('never sent')
    await stage.settle()
    bo.membership?.leave()
    await stage.settle()
    bo.type('nor this')
    await stage.settle()
    expect((await stage.stored()).entries).toBe(0)
  })

  it('leaves a short base behind when it rests', async () => {
    const anna = await stage.join()
    for (let index = 0; index < roomLimits.compactAtRest.entries; index++) {
      anna.type('x')
      await stage.settle()
    }
    anna.membership?.leave()
    await stage.settle()
    const stored = await stage.store.load(name)
    expect([stored?.base?.position, stored?.tail]).toEqual([roomLimits.compactAtRest.entries, []])
    expect(stage.rooms.size).toBe(0)
  })

  it('drains: takes no more, makes what it has durable, tells so, and sends everyone away to come back', async () => {
    const anna = await stage.join()
    stage.store.hold()
    anna.type('in time')
    const drained = stage.rooms.drain()
    await stage.settle()
    expect(anna.closed).toBeUndefined()
    stage.store.release()
    await stage.settle()
    await drained
    expect([anna.saved, anna.closed?.code]).toEqual([1, 1012])
  })

  it('sends somebody away once what they wrote is durable and they know, hears no more of them, and keeps the others', async () => {
    const [anna, bo] = [await stage.join(), await stage.join()]
    stage.store.hold()
    anna.type('in time')
    await stage.settle()
    anna.type(', as is this')
    expect(await stage.rooms.disconnect(name, (id) => id === anna.principal.id)).toBe(1)
    anna.type(', and this is not')
    await stage.settle()
    expect(anna.closed).toBeUndefined()
    stage.store.release()
    await stage.settle()
    expect([anna.saved, anna.closed?.code, bo.closed]).toEqual([2, 1013, undefined])
    expect(bo.text).toBe('in time, as is this')
  })

  it('sends everyone away at once who wrote nothing, or whose words cannot become durable', async () => {
    const [anna, bo] = [await stage.join(), await stage.join()]
    expect(await stage.rooms.disconnect(name, (id) => id === anna.principal.id)).toBe(1)
    expect([anna.closed?.code, bo.closed]).toEqual([1013, undefined])
    stage.store.hold()
    bo.type('never')
    await stage.settle()
    expect(await stage.rooms.disconnect(name, (id) => id === bo.principal.id)).toBe(1)
    stage.store.failing = 'before-storing'
    stage.store.release()
    await stage.settle()
    expect([bo.saved, bo.closed?.code]).toEqual([0, 1013])
    expect(await stage.rooms.disconnect(parseDocumentName('elsewhere'), () => true)).toBe(0)
  })

  it('ends alone when something goes wrong in its own time', async () => {
    const anna = await stage.join()
    anna.answer()
    anna.deliver = () => {
      throw new Error('nobody foresaw this')
    }
    const bo = await stage.join()
    bo.say({ type: 'presence', entries: [{ clientId: bo.doc.clientID, clock: 1, state: '{}' }] })
    expect(() => stage.clock.advance(roomLimits.presencePulseMs)).not.toThrow()
    expect(stage.failures).toEqual(['timer'])
    expect([anna.closed?.code, bo.closed?.code]).toEqual([1011, 1011])
    expect((await stage.join()).closed).toBeUndefined()
  })

  it('is one room, however many come at once', async () => {
    const clients = await Promise.all(Array.from({ length: 5 }, () => stage.join()))
    expect(stage.rooms.size).toBe(1)
    clients[0]?.type('seen by all')
    await stage.settle()
    expect(clients.map(({ text }) => text)).toEqual(Array.from({ length: 5 }, () => 'seen by all'))
  })

  it('is not made for a document nobody made', async () => {
    const stranger = new Client()
    const join = stage.rooms.join(parseDocumentName('elsewhere'), stranger, { create: false })
    await expect(join).rejects.toMatchObject({ code: 'document-unknown' })
    expect(stage.rooms.size).toBe(0)
  })
})

/** One letter from each client, right of the first letter of another. */
function lettersOf(letters: readonly { readonly client: number; readonly builtOn: number }[]): Uint8Array {
  const bytes = letters.flatMap(({ client, builtOn }) => [
    ...varUint(1),
    ...varUint(client),
    0,
    0x84, // a string, with a left neighbour
    ...varUint(builtOn),
    0,
    1,
    'x'.charCodeAt(0),
  ])
  return Uint8Array.of(letters.length, ...bytes, 0)
}

function varUint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varUint(Math.floor(value / 128))]
}
