import { beforeEach, describe, expect, it } from 'vitest'
import { ResourceLimitError } from '../workshop/workshop.ts'
import { compact } from '../workshop/yjs-work.ts'
import { roomLimits } from './room-limits.ts'
import { Client, name, openStage, type Stage } from './testing/stage.ts'

describe('a compaction that takes its time', () => {
  let stage: Stage
  let finish: () => void

  /** What somebody wrote is long, they have left, and the workshop has it. */
  beforeEach(async () => {
    const finished = Promise.withResolvers<void>()
    finish = finished.resolve
    stage = await openStage(
      {},
      {
        async compact(stored) {
          await finished.promise
          return compact(stored)
        },
      },
    )
    const anna = await stage.join()
    for (let edit = 0; edit < roomLimits.compactAtRest.entries; edit++) {
      anna.type('old ')
      await stage.settle()
    }
    anna.membership?.leave()
    await stage.settle()
    expect(stage.rooms.size).toBe(1)
  })

  it('puts nothing into a document that began anew under its name', async () => {
    await stage.rooms.evict(name)
    await stage.store.remove(name)
    await stage.store.create({ name, links: [] })
    const bo = await stage.join()
    bo.type('new words')
    await stage.settle()
    expect(bo.saved).toBe(1)
    finish()
    await stage.settle()
    bo.type(', and more')
    await stage.settle()
    expect(await stage.stored()).toMatchObject({ entries: 2, text: 'new words, and more' })
    expect(stage.failures).toEqual([])
  })

  it('is forgotten when the store came back as it was before', async () => {
    const bo = await stage.join()
    stage.store.failing = 'before-storing'
    bo.type('new')
    await stage.settle()
    stage.store.failing = 'no'
    stage.store.forget(name)
    stage.clock.advance(roomLimits.maxRecoveryDelayMs)
    await stage.settle()
    finish()
    await stage.settle()
    bo.answer()
    await stage.settle()
    expect((await stage.stored()).text).toBe(bo.text)
    expect((await stage.store.load(name))?.base).toBeUndefined()
  })
})

describe('a compaction that failed', () => {
  const entries = roomLimits.compactAtRest.entries
  let tried: number
  let fails: boolean

  async function open(limits: Parameters<typeof openStage>[0]): Promise<{ stage: Stage; anna: Client }> {
    tried = 0
    fails = true
    const stage = await openStage(limits, {
      async compact(stored) {
        tried++
        if (fails) throw new Error('the workshop thread has ended')
        return compact(stored)
      },
    })
    return { stage, anna: await stage.join() }
  }

  async function edit(stage: Stage, anna: Client): Promise<void> {
    anna.type('x')
    await stage.settle()
  }

  it('is tried again after a minute, and then ever more rarely', async () => {
    const { stage, anna } = await open({ compactWhileOpen: { entries: 1, bytes: 0 } })
    await edit(stage, anna)
    const minutes: number[] = []
    for (let minute = 1; minute <= 10; minute++) {
      const before = tried
      stage.clock.advance(60_000)
      await edit(stage, anna)
      if (tried > before) minutes.push(minute)
    }
    expect(minutes).toEqual([1, 3, 7])
    expect(stage.failures).toEqual(['compaction', 'compaction', 'compaction', 'compaction'])
    fails = false
    stage.clock.advance(8 * 60_000)
    await stage.settle()
    expect((await stage.stored()).entries).toBe(0)
  })

  it('leaves a document full no longer than it must', async () => {
    const { stage, anna } = await open({
      compactWhileOpen: { entries: 10, bytes: 1e9 },
      maxDocumentBytes: 2_000,
    })
    const text = anna.doc.getText('content')
    const fill = async (): Promise<void> => {
      for (let round = 0; round < 10; round++) {
        text.insert(0, 'x'.repeat(300))
        text.delete(0, 300)
        await stage.settle()
      }
    }
    await fill()
    expect([tried, anna.notices]).toEqual([1, ['document-full']])
    fails = false
    stage.clock.advance(60_000)
    await stage.settle()
    expect(anna.notices.at(-1)).toBe('document-writable')
    anna.type('x')
    anna.answer()
    await stage.settle()
    expect((await stage.stored()).text).toBe('x')
  })

  it('is tried at once when the operator asks', async () => {
    const { stage, anna } = await open({})
    for (let count = 0; count < entries; count++) await edit(stage, anna)
    expect(await stage.rooms.compact(name)).toBe(false)
    fails = false
    expect(await stage.rooms.compact(name)).toBe(true)
    expect((await stage.stored()).entries).toBe(0)
  })
})

describe('a compaction that took too much', () => {
  const hourMs = 3_600_000
  const { entries } = roomLimits.compactAtRest
  let stage: Stage
  let tried: number

  /** Somebody opens the document and leaves it again: its log is long. */
  async function visit(): Promise<void> {
    const anna = await stage.join()
    anna.membership?.leave()
    await stage.settle()
  }

  beforeEach(async () => {
    tried = 0
    stage = await openStage(
      { compactWhileOpen: { entries: 2 * entries, bytes: 1e9 } },
      {
        async compact() {
          tried++
          throw new ResourceLimitError('it took longer than 20 s')
        },
      },
    )
    const anna = await stage.join()
    for (let edit = 0; edit < entries; edit++) {
      anna.type('x')
      await stage.settle()
    }
    anna.membership?.leave()
    await stage.settle()
    expect([tried, stage.rooms.size]).toEqual([1, 0])
  })

  it('is not tried again for hours, whoever opens the document', async () => {
    await visit()
    stage.clock.advance(5 * hourMs)
    await visit()
    expect(tried).toBe(1)
    stage.clock.advance(hourMs)
    await visit()
    expect(tried).toBe(2)
    expect(stage.failures).toEqual(['compaction', 'compaction'])
  })

  it('is tried by those who stay once the hours are over', async () => {
    const anna = await stage.join()
    for (let edit = 0; edit < entries; edit++) {
      anna.type('x')
      await stage.settle()
    }
    expect(tried).toBe(1)
    stage.clock.advance(6 * hourMs)
    await stage.settle()
    expect(tried).toBe(2)
    anna.membership?.leave()
  })

  it('is tried at once when the operator asks, and for a new document of the same name', async () => {
    expect(await stage.rooms.compact(name)).toBe(false)
    expect(tried).toBe(2)
    const stored = await stage.store.load(name)
    await stage.rooms.evict(name)
    await stage.store.remove(name)
    await stage.store.create({ name, links: [] })
    for (const { update } of stored?.tail ?? []) await stage.store.append(name, update, { create: false })
    await visit()
    expect(tried).toBe(3)
  })
})
