import { beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Principal } from './peer.ts'
import { roomLimits } from './room-limits.ts'
import { openStage, type Client, type Stage } from './testing/stage.ts'

/** All who came with one link. */
const link: Principal = { id: 'link', isPerson: false }
const { clientIdLeaseMs, earlyTimeoutMs } = roomLimits

let stage: Stage
let doc: Y.Doc
/** Somebody who wrote, and whose document goes on. */
let before: Client

beforeEach(async () => {
  stage = await openStage()
  doc = new Y.Doc()
  before = await stage.join({ doc, speaksQuire: false })
  before.answer()
  before.type('before ')
  await stage.settle()
})

/** The same document in another connection: they type a word, and are gone before it is let in. */
async function typeAndLeave(principal?: Principal): Promise<Client> {
  const after = await stage.join({ doc, speaksQuire: false, ...(principal && { principal }) })
  after.answer()
  after.type('after')
  after.type(' all')
  await stage.settle()
  expect((await stage.stored()).text).toBe('before ')
  after.membership?.leave()
  await stage.settle()
  return after
}

async function passTime(milliseconds: number): Promise<void> {
  stage.clock.advance(milliseconds)
  await stage.settle()
}

describe('words that wait for the sake of an id’s owner outlive who sent them', () => {
  it.each([
    ['while others are here', true],
    ['and nobody else is here', false],
  ])('who came back as somebody else, %s', async (_, hasOthers) => {
    const cleo = hasOthers ? await stage.join() : undefined
    before.membership?.leave()
    await typeAndLeave()
    await passTime(clientIdLeaseMs)
    expect((await stage.stored()).text).toBe('before after all')
    if (cleo) expect(cleo.text).toBe('before after all')
  })

  it('who came back by the same link before the old connection was found dead', async () => {
    before.membership?.leave()
    doc = new Y.Doc()
    before = await stage.join({ doc, speaksQuire: false, principal: link })
    before.answer()
    await stage.settle()
    before.doc.getText('content').insert(0, 'old ')
    await stage.settle()
    const after = await stage.join({ doc, speaksQuire: false, principal: link })
    after.answer()
    doc.getText('content').insert(0, 'new ')
    await stage.settle()
    after.membership?.leave()
    before.membership?.leave()
    await stage.settle()
    expect((await stage.stored()).text).toBe('new old before ')
  })
})

describe('they are not let in', () => {
  it('when the owner has come back', async () => {
    before.membership?.leave()
    await typeAndLeave()
    const back = await stage.join({ doc: before.doc, principal: before.principal, speaksQuire: false })
    back.say({ type: 'presence', entries: [{ clientId: doc.clientID, clock: 1, state: '{}' }] })
    await passTime(clientIdLeaseMs + earlyTimeoutMs)
    expect((await stage.stored()).text).toBe('before ')
  })

  it('when who sent them was sent away', async () => {
    before.membership?.leave()
    const after = await stage.join({ doc, speaksQuire: false })
    after.answer()
    after.type('after')
    await stage.settle()
    after.close(4403, 'write-not-allowed')
    await passTime(clientIdLeaseMs)
    expect((await stage.stored()).text).toBe('before ')
  })
})

it('a room in which only such words are left ends with them', async () => {
  before.membership?.leave()
  await typeAndLeave()
  // What builds on what never came waits with them.
  await passTime(clientIdLeaseMs + earlyTimeoutMs)
  expect((await stage.rooms.present()).size).toBe(0)
})
