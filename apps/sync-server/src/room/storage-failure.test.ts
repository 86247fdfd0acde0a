import { closeCodes, limits } from '@quire/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { roomLimits } from './room-limits.ts'
import { name, openStage, type Client, type Stage } from './testing/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})

async function recover(): Promise<void> {
  stage.store.failing = 'no'
  stage.clock.advance(roomLimits.maxRecoveryDelayMs)
  await stage.settle()
}

/** As every client does: each question of the server is answered once. */
function answerAll(...clients: Client[]): void {
  for (const client of clients) client.answer()
}

describe('a room whose store fails', () => {
  it.each(['before-storing', 'after-storing'] as const)(
    'tells everyone, acknowledges nothing, and goes on when the store is back (it failed %s)',
    async (failing) => {
      const [anna, bo] = [await stage.join(), await stage.join()]
      answerAll(anna, bo)
      anna.type('kept')
      await stage.settle()
      expect(anna.saved).toBe(2)
      stage.store.failing = failing
      anna.type(' more')
      await stage.settle()
      anna.type(' and more')
      await stage.settle()
      expect([anna.saved, bo.text, stage.failures]).toEqual([2, 'kept', ['append']])
      expect([anna.notices, bo.notices, anna.closed]).toEqual([
        ['storage-failed'],
        ['storage-failed'],
        undefined,
      ])

      await recover()
      expect([anna.notices.at(-1), bo.notices.at(-1)]).toEqual(['storage-recovered', 'storage-recovered'])
      answerAll(anna, bo)
      await stage.settle()
      // The two edits whose frames were let go of, and the answer that brought them.
      expect([anna.saved, bo.text]).toEqual([5, 'kept more and more'])
      expect((await stage.stored()).text).toBe('kept more and more')
    },
  )

  it('ends rather than go on with less than is stored', async () => {
    const anna = await stage.join()
    answerAll(anna)
    anna.type('kept')
    await stage.settle()
    const elsewhere = new Y.Doc()
    elsewhere.getText('content').insert(0, 'and more ')
    await stage.store.append(name, Y.encodeStateAsUpdate(elsewhere), { create: false, writers: [] })
    const saved = anna.saved
    anna.type(' too')
    await stage.settle()
    expect([anna.closed?.code, anna.saved, stage.failures]).toEqual([
      closeCodes.serverError,
      saved,
      ['append'],
    ])
    const bo = await stage.join()
    expect(bo.text).toHaveLength('kept too'.length + 'and more '.length)
  })

  it('asks each peer once, however long it takes', async () => {
    const anna = await stage.join()
    anna.answer()
    stage.store.failing = 'before-storing'
    for (const letter of 'abc') {
      anna.type(letter)
      await stage.settle()
      stage.clock.advance(roomLimits.maxRecoveryDelayMs)
      await stage.settle()
    }
    expect(anna.toldOf('sync-step-1')).toHaveLength(1)
    await recover()
    stage.clock.advance(60_000)
    expect(anna.toldOf('sync-step-1')).toHaveLength(2)
  })

  it('lets people in meanwhile, to what is stored, and tells them', async () => {
    const anna = await stage.join()
    anna.type('kept')
    await stage.settle()
    stage.store.failing = 'before-storing'
    anna.type(' lost')
    await stage.settle()
    const late = await stage.join()
    expect([late.text, late.notices]).toEqual(['kept', ['storage-failed']])
    await recover()
    answerAll(anna, late)
    await stage.settle()
    expect(late.text).toBe('kept lost')
  })

  it('goes on with what is longer than a message may be: Yjs may have written it so', async () => {
    const doc = new Y.Doc()
    doc.getText('content').insert(0, 'kept', { link: 'x'.repeat(limits.maxFormatBytes) })
    const base = { position: 1, update: Y.encodeStateAsUpdate(doc) }
    stage.store.replace(name, { base, tail: [] })
    const anna = await stage.join()
    anna.answer()
    stage.store.failing = 'before-storing'
    anna.doc.getMap('meta').set('title', 'Notes')
    await stage.settle()
    await recover()
    expect([anna.notices.at(-1), anna.closed]).toEqual(['storage-recovered', undefined])
  })

  it('closes no stock client either: it is asked like the others', async () => {
    const stock = await stage.join({ speaksQuire: false })
    stock.answer()
    stage.store.failing = 'before-storing'
    stock.type('typed while the disk was full')
    await stage.settle()
    expect([stock.closed, stock.notices]).toEqual([undefined, []])
    await recover()
    stock.answer()
    await stage.settle()
    expect((await stage.stored()).text).toBe(stock.text)
  })

  it('stores again what the disk has lost of what was acknowledged, before anything else', async () => {
    const [anna, bo] = [await stage.join(), await stage.join()]
    anna.answer()
    anna.type('acknowledged')
    await stage.settle()
    stage.store.failing = 'before-storing'
    anna.type('!')
    await stage.settle()
    // The file comes back as it was before: somebody put a copy in its place.
    stage.store.forget(name)
    await recover()
    expect((await stage.stored()).text).toBe('acknowledged')
    anna.answer()
    await stage.settle()
    expect([(await stage.stored()).text, bo.text]).toEqual(['acknowledged!', 'acknowledged!'])
  })

  it('is forgotten when everybody has left, and those who come back bring what they hold', async () => {
    const anna = await stage.join()
    anna.answer()
    stage.store.failing = 'before-storing'
    anna.type('held')
    await stage.settle()
    anna.membership?.leave()
    await stage.settle()
    expect(stage.rooms.size).toBe(0)
    stage.store.failing = 'no'
    const back = await stage.join({ doc: anna.doc, principal: anna.principal })
    back.answer()
    await stage.settle()
    expect([back.saved, (await stage.stored()).text]).toEqual([1, 'held'])
  })

  it('drains without waiting for the disk', async () => {
    const anna = await stage.join()
    stage.store.failing = 'before-storing'
    anna.type('x')
    await stage.settle()
    await stage.rooms.drain()
    expect([anna.closed?.code, anna.saved]).toEqual([1012, 0])
  })

  it('ends, and everyone comes back, when the failure is not one of the disk', async () => {
    const anna = await stage.join()
    stage.store.append = async () => {
      throw new Error('a bug')
    }
    anna.type('x')
    await stage.settle()
    expect([anna.closed?.code, stage.failures]).toEqual([1011, ['append']])
    expect(stage.rooms.size).toBe(0)
  })
})

describe('a document that cannot be read', () => {
  it('is set aside with a reason; whoever opens it is told to come back', async () => {
    await stage.store.append(name, Uint8Array.of(1, 2, 3))
    await expect(stage.join()).rejects.toMatchObject({ code: 'document-damaged', closeCode: 1011 })
    expect(stage.store.asideReasons).toEqual([expect.stringContaining('an entry is not an update')])
    expect(stage.failures).toEqual(['loading'])
  })
})

describe('a room whose store takes long', () => {
  it('says so, also to whoever comes meanwhile, and goes on when it has answered', async () => {
    const [anna, bo] = [await stage.join(), await stage.join()]
    answerAll(anna, bo)
    stage.store.hold()
    anna.type('at last')
    await stage.settle()
    expect(anna.notices).toEqual([])
    stage.clock.advance(roomLimits.slowStoreMs)
    const late = await stage.join()
    late.answer()
    expect([anna.notices, late.notices]).toEqual([['storage-failed'], ['storage-failed']])
    expect([stage.delays, stage.failures]).toEqual([1, []])
    stage.store.release()
    await stage.settle()
    expect([anna.notices.at(-1), late.notices.at(-1)]).toEqual(['storage-recovered', 'storage-recovered'])
    expect([anna.saved, bo.text, late.text]).toEqual([2, 'at last', 'at last'])
    expect(anna.toldOf('sync-step-1')).toHaveLength(1)
  })

  it('and then fails, tells once that it is back', async () => {
    const anna = await stage.join()
    anna.answer()
    stage.store.hold()
    anna.type('at last')
    await stage.settle()
    stage.clock.advance(roomLimits.slowStoreMs)
    stage.store.failing = 'before-storing'
    stage.store.release()
    await stage.settle()
    await recover()
    anna.answer()
    await stage.settle()
    expect(anna.notices).toEqual(['storage-failed', 'storage-failed', 'storage-recovered'])
    expect(anna.saved).toBe(3)
  })
})
