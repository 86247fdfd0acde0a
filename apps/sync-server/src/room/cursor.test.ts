import { decodeStateVector, encodeStateVector, missingParts, scan } from '@quire/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { roomLimits } from './room-limits.ts'
import { Client, name, openStage, type Stage } from './testing/stage.ts'

/** Small enough that a page of text is a large document. */
const limits = { maxPartBytes: 1000, maxLoopBytes: 20_000, maxBacklogBytes: 4000 }

/** Takes one frame, and then none for a while. */
class SlowClient extends Client {
  isSlow = true

  override deliver(frame: Uint8Array): void {
    super.deliver(frame)
    if (this.isSlow && this.toldOf('update').length > 0) this.backlogBytes = limits.maxBacklogBytes + 1
  }
}

let stage: Stage
let author: Client
beforeEach(async () => {
  stage = await openStage(limits)
  author = await stage.join()
  author.answer()
})

async function write(length: number): Promise<void> {
  for (let written = 0; written < length; written += 500) author.type('Written on. '.repeat(42).slice(0, 500))
  await stage.settle()
}

describe('a joiner', () => {
  it('is answered with one SyncStep2 while the document is small', async () => {
    author.type('short')
    await stage.settle()
    const joiner = await stage.join()
    expect(joiner.told.map(({ type }) => type)).toEqual(['sync-step-1', 'sync-step-2'])
  })

  it.each([
    ['beside the sockets', 10_000],
    ['in the workshop', 40_000],
  ])('of a large document gets it in parts, made %s, and an empty SyncStep2 last', async (_where, length) => {
    await write(length)
    const joiner = await stage.join()
    await stage.settle()
    const parts = joiner.toldOf('update')
    expect(parts.length).toBeGreaterThan(5)
    for (const { update } of parts) expect(update.length).toBeLessThan(limits.maxPartBytes * 1.2)
    expect(joiner.told.at(-1)).toEqual({ type: 'sync-step-2', update: Uint8Array.of(0, 0) })
    expect(joiner.text === author.text).toBe(true)
  })

  it('that takes its parts slowly is sent no more than fits, and what was written meanwhile comes after', async () => {
    await write(10_000)
    const joiner = await stage.join()
    const slow = await stage.join()
    slow.backlogBytes = limits.maxBacklogBytes + 1
    slow.say({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
    const heard = slow.told.length
    author.type('THE END')
    await stage.settle()
    expect([slow.told.length, joiner.text.endsWith('THE END')]).toEqual([heard, true])
    slow.backlogBytes = 0
    slow.membership?.drained()
    expect(slow.text === author.text).toBe(true)
  })

  it('that takes its parts slowly goes on with the log that took the place of its own', async () => {
    for (let entry = 0; entry < 20; entry++) await write(500)
    const slow = new SlowClient()
    slow.membership = await stage.rooms.join(name, slow, { create: false })
    slow.say({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
    expect(slow.text.length).toBeLessThan(author.text.length)
    stage.store.failing = 'before-storing'
    author.type('Not stored. ')
    await stage.settle()
    stage.store.forget(name)
    stage.store.failing = 'no'
    stage.clock.advance(roomLimits.recoveryDelayMs)
    await stage.settle()
    author.answer()
    author.type('THE END')
    await stage.settle()
    slow.isSlow = false
    slow.backlogBytes = 0
    slow.membership.drained()
    await stage.settle()
    expect([stage.failures, slow.text === author.text]).toEqual([['append'], true])
  })

  it('shares the frames with everyone who comes at the same time', async () => {
    await write(10_000)
    const frames = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const delivered: Uint8Array[] = []
        const joiner = await stage.join()
        const deliver = joiner.deliver.bind(joiner)
        joiner.deliver = (frame) => {
          delivered.push(frame)
          deliver(frame)
        }
        joiner.say({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
        return delivered
      }),
    )
    for (const delivered of frames.slice(1)) {
      expect(delivered).toHaveLength(frames[0]?.length ?? 0)
      for (const [index, frame] of delivered.entries()) expect(frame).toBe(frames[0]?.[index])
    }
  })

  it('who has a part of it gets the rest only, and every deletion', async () => {
    await write(5000)
    const left = new Y.Doc()
    Y.applyUpdate(left, Y.encodeStateAsUpdate(author.doc))
    author.doc.getText('content').delete(0, 100)
    author.type('THE END')
    await stage.settle()
    const back = await stage.join({ doc: left })
    expect(back.text === author.text).toBe(true)
    const bytes = back.toldOf('sync-step-2').reduce((sum, { update }) => sum + update.length, 0)
    expect([bytes < 200, back.toldOf('update').length]).toEqual([true, 0])
  })

  it('is answered for the last of the questions it asked while it took in nothing', async () => {
    await write(3000)
    const joiner = await stage.join()
    joiner.backlogBytes = limits.maxBacklogBytes + 1
    joiner.say({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
    joiner.say({ type: 'sync-step-1', stateVector: Y.encodeStateVector(author.doc) })
    stage.clock.advance(roomLimits.answerPulseMs)
    joiner.backlogBytes = 0
    joiner.membership?.drained()
    const answers = joiner.toldOf('sync-step-2')
    expect(answers.map(({ update }) => update.length)).toEqual([expect.any(Number), 2])
  })

  it('that sends what is not a state vector is refused', async () => {
    const joiner = await stage.join()
    expect(() => joiner.say({ type: 'sync-step-1', stateVector: Uint8Array.of(5) })).toThrow(
      expect.objectContaining({ code: 'frame-malformed' }),
    )
    expect(stage.failures).toEqual([])
  })

  it('that asks without end is answered once in a while', async () => {
    const joiner = await stage.join()
    for (let clock = 1; clock <= 1000; clock++)
      joiner.say({ type: 'sync-step-1', stateVector: encodeStateVector(new Map([[7, clock]])) })
    expect(joiner.toldOf('sync-step-2')).toHaveLength(1)
    stage.clock.advance(roomLimits.answerPulseMs)
    expect(joiner.toldOf('sync-step-2')).toHaveLength(2)
    stage.clock.advance(roomLimits.answerPulseMs)
    expect(joiner.toldOf('sync-step-2')).toHaveLength(2)
  })

  it('and tells at length what it has gets an answer that was made in the workshop', async () => {
    const asked: number[] = []
    stage = await openStage(limits, {
      async missing(_updates, stateVector) {
        asked.push(stateVector.length)
        return []
      },
    })
    author = await stage.join()
    await write(1)
    const vectorOf = (clients: number): Uint8Array =>
      encodeStateVector(new Map(Array.from({ length: clients }, (_, client) => [client + 2 ** 32, 1])))
    const joiner = await stage.join()
    for (const clients of [100, 10_000]) {
      joiner.say({ type: 'sync-step-1', stateVector: vectorOf(clients) })
      stage.clock.advance(roomLimits.answerPulseMs)
      await stage.settle()
    }
    expect(joiner.toldOf('sync-step-2')).toHaveLength(3)
    expect(asked).toEqual([vectorOf(10_000).length])
  })

  it('when much was asked of late gets an answer that was made in the workshop, one at a time', async () => {
    let under = 0
    const atOnce: number[] = []
    stage = await openStage(
      { ...limits, loopBytes: { perSecond: 1, atOnce: 1 } },
      {
        async missing(updates, stateVector, maxBytes) {
          atOnce.push(++under)
          await new Promise((resolve) => setImmediate(resolve))
          under--
          return missingParts(
            updates.map((update) => scan(update)),
            decodeStateVector(stateVector),
            maxBytes,
          )
        },
      },
    )
    author = await stage.join()
    await write(100)
    const joiners = await Promise.all(
      [1, 2, 3].map((clientID) => {
        const doc = new Y.Doc()
        doc.clientID = clientID
        doc.getMap('mine').set('a', clientID)
        return stage.join({ doc })
      }),
    )
    await stage.settle()
    for (const { text } of joiners) expect(text).toBe(author.text)
    expect(atOnce).toEqual([1, 1, 1])
  })
})

describe('someone who lags', () => {
  it('is told once of all that became durable meanwhile, and who is here now', async () => {
    const slow = await stage.join()
    slow.answer()
    await stage.settle()
    slow.backlogBytes = limits.maxBacklogBytes + 1
    const heard = slow.told.length
    for (let edit = 0; edit < 10; edit++) {
      author.type('x')
      slow.type('y')
      slow.say({ type: 'query-presence' })
      await stage.settle()
    }
    expect(slow.told).toHaveLength(heard)
    slow.backlogBytes = 0
    slow.membership?.drained()
    expect(slow.told.slice(heard).map(({ type }) => type)).toEqual(['saved', 'presence', 'update'])
    expect(slow.saved).toBe(11)
  })

  it('behind a base that was made meanwhile gets it in parts, without an answer nobody asked for', async () => {
    stage = await openStage({ ...limits, compactWhileOpen: { entries: 3, bytes: 1e9 } })
    author = await stage.join()
    const slow = await stage.join()
    slow.backlogBytes = limits.maxBacklogBytes + 1
    for (let round = 0; round < 5; round++) await write(2000)
    const before = slow.toldOf('sync-step-2').length
    slow.backlogBytes = 0
    slow.membership?.drained()
    await stage.settle()
    expect(slow.text === author.text).toBe(true)
    expect(slow.toldOf('sync-step-2')).toHaveLength(before)
    author.type('THE END')
    await stage.settle()
    expect(slow.text.endsWith('THE END')).toBe(true)
  })

  it('has its time to drain counted anew whenever it has taken something', async () => {
    await write(10_000)
    const slow = await stage.join()
    const taken = slow.deliver.bind(slow)
    slow.deliver = (frame) => {
      slow.backlogBytes += frame.length
      taken(frame)
    }
    slow.say({ type: 'sync-step-1', stateVector: encodeStateVector(new Map()) })
    while (slow.backlogBytes > limits.maxBacklogBytes) {
      stage.clock.advance(roomLimits.drainTimeoutMs - 1)
      slow.backlogBytes -= 2000
      slow.membership?.drained()
    }
    expect([slow.closed, slow.text === author.text]).toEqual([undefined, true])
  })
})
