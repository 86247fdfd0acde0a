import { decodeStateVector, encodeStateVector, missingParts, scan } from '@quire/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { maxWaiting } from './answers.ts'
import { roomLimits } from './room-limits.ts'
import { openStage, type Client, type Stage } from './testing/stage.ts'

/** Everything is asked of the workshop. */
const limits = { loopBytes: { perSecond: 1, atOnce: 1 } }

interface Job {
  /** By which the tests know who asked it. */
  readonly clock: number | undefined
  readonly isGivenUp: () => boolean
  readonly finish: () => void
}

let stage: Stage
let author: Client
/** What the workshop was asked for, in order. Each is finished when the test says so. */
let jobs: Job[]

beforeEach(async () => {
  jobs = []
  stage = await openStage(limits, {
    async missing(updates, stateVector, maxBytes, signal) {
      const vector = decodeStateVector(stateVector)
      const { promise, resolve } = Promise.withResolvers<void>()
      jobs.push({ clock: vector.get(7), isGivenUp: () => signal?.aborted ?? false, finish: resolve })
      await promise
      return missingParts(
        updates.map((update) => scan(update)),
        vector,
        maxBytes,
      )
    },
  })
  author = await stage.join()
  author.type('What all of them are to read.')
  await stage.settle()
})

/** Somebody who asks as nobody else does. */
async function comer(clock: number): Promise<Client> {
  const client = await stage.join({ isSilent: true })
  client.say({ type: 'sync-step-1', stateVector: encodeStateVector(new Map([[7, clock]])) })
  return client
}

/** Lets the workshop finish all it has, and all it is asked for then. */
async function finishAll(): Promise<void> {
  for (let done = 0; done < jobs.length; done++) {
    jobs[done]?.finish()
    await stage.settle()
  }
}

const begun = (): (number | undefined)[] => jobs.map(({ clock }) => clock)

describe('an answer', () => {
  it('that nobody waits for any more is not begun', async () => {
    const first = await comer(1)
    const gone = await comer(2)
    const last = await comer(3)
    gone.membership?.leave()
    await finishAll()
    expect(begun()).toEqual([1, 3])
    expect([first.text, last.text]).toEqual([author.text, author.text])
  })

  it('is made for those who still wait for the same, and for who comes to wait for it', async () => {
    const first = await comer(1)
    const [gone, ...left] = [await comer(2), await comer(2)]
    gone?.membership?.leave()
    left.push(await comer(2))
    await finishAll()
    expect(begun()).toEqual([1, 2])
    for (const { text } of [first, ...left]) expect(text).toBe(author.text)
  })

  it('is made when somebody asks again what others have left', async () => {
    await comer(1)
    const gone = await comer(2)
    gone.membership?.leave()
    const late = await comer(2)
    await finishAll()
    expect([begun(), late.text]).toEqual([[1, 2], author.text])
  })

  it('is not made by a room that all have left, and the workshop hears that it need not begin', async () => {
    const all = [author, await comer(1), await comer(2), await comer(3)]
    for (const { membership } of all) membership?.leave()
    await stage.settle()
    expect([begun(), jobs[0]?.isGivenUp(), stage.rooms.size]).toEqual([[1], true, 0])
    await finishAll()
    expect([begun(), stage.failures]).toEqual([[1], []])
  })

  it('to one more than may wait is all there is, which is made once', async () => {
    const under = await comer(1)
    const all = [under]
    for (let clock = 2; clock < maxWaiting + 10; clock++) all.push(await comer(clock))
    await finishAll()
    const waited = Array.from({ length: maxWaiting }, (_, index) => index + 2)
    expect(begun()).toEqual([1, ...waited, undefined])
    for (const { text } of all) expect(text).toBe(author.text)
  })

  it('that waits while the store fails is made of what is there when it is back', async () => {
    const waiting = [await comer(1), await comer(2)]
    stage.store.failing = 'before-storing'
    author.type('Not stored. ')
    await stage.settle()
    stage.store.failing = 'no'
    stage.clock.advance(roomLimits.maxRecoveryDelayMs)
    await stage.settle()
    author.answer()
    await stage.settle()
    await finishAll()
    for (const { text, closed } of waiting) expect([text, closed]).toEqual([author.text, undefined])
    expect(stage.failures).toEqual(['append'])
  })
})
