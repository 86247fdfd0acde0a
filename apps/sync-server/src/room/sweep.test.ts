import { parseDocumentName } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { ResourceLimitError } from '../workshop/workshop.ts'
import { roomLimits } from './room-limits.ts'
import { sweep } from './sweep.ts'
import { name, openStage, type Stage } from './testing/stage.ts'

const minuteMs = 60_000

/** Writes a log as a server leaves it that was killed: long, and nobody in the room. */
async function leaveLong(
  stage: Stage,
  document = name,
  entries = roomLimits.compactAtRest.entries,
): Promise<Y.Doc> {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update) => updates.push(update))
  for (let entry = 0; entry < entries; entry++) doc.getText('content').insert(0, 'x')
  for (const update of updates) await stage.store.append(document, update, { create: true })
  return doc
}

describe('the sweep', () => {
  it('shortens the logs of documents nobody has open, and leaves nothing in memory', async () => {
    const stage = await openStage()
    const doc = await leaveLong(stage)
    const stop = sweep(stage.rooms, stage.clock)
    stage.clock.advance(minuteMs)
    await stage.settle()
    const stored = await stage.store.load(name)
    expect([stored?.tail, stored?.base?.update]).toEqual([[], Y.encodeStateAsUpdate(doc)])
    expect(stage.rooms.size).toBe(0)
    stop()
  })

  it('leaves short ones alone, and those that somebody has open', async () => {
    const stage = await openStage()
    await leaveLong(stage)
    const anna = await stage.join()
    const short = parseDocumentName('short')
    await leaveLong(stage, short, 3)
    const stop = sweep(stage.rooms, stage.clock)
    stage.clock.advance(minuteMs)
    await stage.settle()
    expect((await stage.store.load(name))?.base).toBeUndefined()
    expect((await stage.store.load(short))?.base).toBeUndefined()
    expect(anna.closed).toBeUndefined()
    stop()
  })

  it('tries those that take too much once in hours, and gets to those behind them', async () => {
    let tried = 0
    const stage = await openStage(
      {},
      {
        async compact() {
          tried++
          throw new ResourceLimitError('it took longer than 20 s')
        },
      },
    )
    const documents = Array.from({ length: 60 }, (_, index) => parseDocumentName(`document ${index}`))
    const doc = new Y.Doc()
    doc.getText('content').insert(0, 'x'.repeat(roomLimits.compactAtRest.bytes))
    const update = Y.encodeStateAsUpdate(doc)
    for (const document of documents) await stage.store.append(document, update, { create: true })
    const stop = sweep(stage.rooms, stage.clock)
    const triedAfter: number[] = []
    for (let sweeps = 0; sweeps < 5; sweeps++) {
      stage.clock.advance(minuteMs)
      for (let round = 0; round < 10; round++) await stage.settle()
      triedAfter.push(tried)
    }
    expect(triedAfter).toEqual([50, 60, 60, 60, 60])
    stop()
  })

  it('goes on with the others when one is damaged, and comes again', async () => {
    const stage = await openStage()
    const broken = parseDocumentName('broken')
    for (let entry = 0; entry < 60; entry++)
      await stage.store.append(broken, Uint8Array.of(1, 2, 3), { create: true })
    await leaveLong(stage)
    const stop = sweep(stage.rooms, stage.clock)
    stage.clock.advance(minuteMs)
    await stage.settle()
    expect((await stage.store.load(name))?.base).toBeDefined()
    expect(stage.store.asideReasons).toHaveLength(1)
    const other = parseDocumentName('other')
    await leaveLong(stage, other)
    stage.clock.advance(minuteMs)
    await stage.settle()
    expect((await stage.store.load(other))?.base).toBeDefined()
    stop()
    stage.clock.advance(minuteMs)
    expect(stage.store.asideReasons).toHaveLength(2)
  })
})
