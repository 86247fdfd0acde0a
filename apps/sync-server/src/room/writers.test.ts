import type { User } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { maxWritersPerClient } from '../storage/document-store.ts'
import type { Identity } from './peer.ts'
import { name, openStage, type Client, type Stage } from './testing/stage.ts'

const user = (id: string): User => ({ id, name: `called ${id}`, colour: '#1f6fb5' })
const signedIn = (id: string): Identity => ({ type: 'known', user: user(id), mayRename: false })
const guest = (id: string): Identity => ({ type: 'known', user: user(id), mayRename: true })

function sayName(client: Client, shownName: string, clock = 1): void {
  const state = JSON.stringify({ user: { name: shownName } })
  client.say({ type: 'presence', entries: [{ clientId: client.doc.clientID, clock, state }] })
}

/** Who was noted for the id of this client, as `user, called, part, clock`. */
async function notedFor(stage: Stage, { doc }: Client): Promise<string[]> {
  await stage.settle()
  return (await stage.store.writers(name))
    .filter(({ clientId }) => clientId === doc.clientID)
    .map((writer) => [writer.userId, writer.name, writer.part, writer.clock].join(', '))
}

/** How often the store was asked to note somebody. */
function countNotes(stage: Stage): () => number {
  let notes = 0
  const append = stage.store.append.bind(stage.store)
  stage.store.append = (document, update, options) => {
    notes += options?.writers?.length ?? 0
    return append(document, update, options)
  }
  return () => notes
}

describe('who wrote under a client id is noted', () => {
  it('with their first words, by the name that the server knows', async () => {
    const stage = await openStage()
    const ada = await stage.join({ identity: signedIn('ada') })
    sayName(ada, 'Eve')
    ada.type('one')
    expect(await notedFor(stage, ada)).toEqual(['ada, called ada, wrote, 0'])
  })

  it('once, however much they write', async () => {
    const stage = await openStage()
    const notes = countNotes(stage)
    const ada = await stage.join({ identity: signedIn('ada') })
    for (const word of ['one', 'two', 'three']) {
      ada.type(word)
      await stage.settle()
    }
    expect(notes()).toBe(1)
  })

  it('of a guest and of a stranger by the name they show', async () => {
    const stage = await openStage()
    const [ada, bo, silent] = [
      await stage.join({ identity: guest('ada') }),
      await stage.join({ speaksQuire: false }),
      await stage.join({ speaksQuire: false }),
    ]
    sayName(ada, 'Ada\nLovelace')
    sayName(bo, 'Bo')
    for (const client of [ada, bo, silent]) client.type('words')
    expect(await notedFor(stage, ada)).toEqual(['ada, Ada Lovelace, wrote, 0'])
    expect(await notedFor(stage, bo)).toEqual([', Bo, wrote, 0'])
    expect(await notedFor(stage, silent)).toEqual([', , wrote, 0'])
  })

  it('as bringing it, when the words are under an id that is not theirs', async () => {
    const stage = await openStage()
    const gone = new Y.Doc()
    gone.getText('content').insert(0, 'kept for another')
    const ada = await stage.join({ identity: signedIn('ada') })
    ada.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(gone) })
    await stage.settle()
    const [writer] = await stage.store.writers(name)
    expect(writer).toMatchObject({ clientId: gone.clientID, userId: 'ada', part: 'brought' })
  })

  it('as writing what they wrote while they were away, since they announce the id before they bring it', async () => {
    const stage = await openStage()
    const ada = await stage.join({ identity: signedIn('ada') })
    sayName(ada, 'Ada')
    const offline = new Y.Doc()
    offline.clientID = ada.doc.clientID
    offline.getText('content').insert(0, 'while away')
    ada.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(offline) })
    expect(await notedFor(stage, ada)).toEqual(['ada, called ada, wrote, 0'])
  })

  it('as writing after all, once they write with an id they had only brought', async () => {
    const stage = await openStage()
    const ada = await stage.join({ identity: signedIn('ada') })
    const before = new Y.Doc()
    before.clientID = ada.doc.clientID
    before.getText('content').insert(0, 'before')
    ada.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(before) })
    expect(await notedFor(stage, ada)).toEqual(['ada, called ada, brought, 0'])
    ada.type(' and after')
    expect(await notedFor(stage, ada)).toEqual(['ada, called ada, wrote, 0'])
  })

  it('beside those before them, with the clock at which their part begins', async () => {
    const stage = await openStage({ clientIdLeaseMs: 0 })
    const ada = await stage.join({ identity: signedIn('ada') })
    ada.type('one')
    await stage.settle()
    ada.membership?.leave()
    const bo = await stage.join({ identity: signedIn('bo'), doc: copyOf(ada.doc) })
    bo.type('two')
    expect(await notedFor(stage, bo)).toEqual(['ada, called ada, wrote, 0', 'bo, called bo, wrote, 3'])
  })

  it(`for ${maxWritersPerClient} users of one id at most, and the store is not asked for more`, async () => {
    const stage = await openStage({ clientIdLeaseMs: 0 })
    const notes = countNotes(stage)
    await stage.join()
    let doc = new Y.Doc()
    for (let number = 0; number <= maxWritersPerClient; number++) {
      const client = await stage.join({ identity: guest(String(number)), doc })
      client.type('x')
      await stage.settle()
      client.membership?.leave()
      doc = copyOf(doc)
    }
    expect(await stage.store.writers(name)).toHaveLength(maxWritersPerClient)
    expect(notes()).toBe(maxWritersPerClient)
  })

  it('not when nothing was let in, nor when something was only deleted', async () => {
    const stage = await openStage()
    await stage.store.append(name, written('here'))
    const [reader, ada] = [
      await stage.join({ role: 'view', identity: signedIn('reader') }),
      await stage.join({ identity: signedIn('ada') }),
    ]
    await stage.settle()
    expect(() => reader.type('not allowed')).toThrow()
    ada.doc.getText('content').delete(0, 2)
    await stage.settle()
    expect((await stage.stored()).text).toBe('re')
    expect(await stage.store.writers(name)).toEqual([])
  })

  it.each(['before-storing', 'after-storing'] as const)(
    'though the store failed with their first words: %s',
    async (failing) => {
      const stage = await openStage()
      const ada = await stage.join({ identity: signedIn('ada') })
      stage.store.failing = failing
      ada.type('words')
      await stage.settle()
      stage.store.failing = 'no'
      stage.clock.advance(1000)
      await stage.settle()
      ada.answer()
      expect(await notedFor(stage, ada)).toEqual(['ada, called ada, wrote, 0'])
      expect((await stage.stored()).text).toBe('words')
    },
  )

  it('anew, should the disk have lost it together with the words', async () => {
    const stage = await openStage()
    const ada = await stage.join({ identity: signedIn('ada') })
    ada.type('words')
    await stage.settle()
    stage.store.forget(name)
    stage.store.failing = 'before-storing'
    ada.type(' and more')
    await stage.settle()
    stage.store.failing = 'no'
    stage.clock.advance(1000)
    expect(await notedFor(stage, ada)).toEqual(['ada, called ada, wrote, 0'])
  })
})

/** The same document under the same client id, of another page. */
function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  copy.clientID = doc.clientID
  return copy
}

function written(text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}
