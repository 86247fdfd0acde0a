import * as encoding from 'lib0/encoding'
import { limits } from '@quire/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { ManualClock } from '../room/manual-clock.ts'
import type { StoredDocument } from '../storage/document-store.ts'
import { ThreadWorkshop } from './thread-workshop.ts'
import { ResourceLimitError } from './workshop.ts'

const minuteMs = 60_000

let clock: ManualClock
let workshop: ThreadWorkshop
beforeEach(() => {
  clock = new ManualClock()
  workshop = new ThreadWorkshop(clock)
})
afterEach(() => workshop.close())

/** A log of one update per edit, as a room would have stored it. */
function stored(edit: (doc: Y.Doc) => void): StoredDocument & { readonly doc: Y.Doc } {
  const doc = new Y.Doc()
  const tail: { position: number; update: Uint8Array }[] = []
  doc.on('update', (update: Uint8Array) => tail.push({ position: tail.length + 1, update }))
  edit(doc)
  return { base: undefined, tail, doc }
}

describe('the workshop', () => {
  it('joins a log into what a document would say, without its garbage', async () => {
    const { doc, ...document } = stored((writer) => {
      for (let round = 0; round < 100; round++) {
        writer.getText('content').insert(0, 'draft')
        writer.getText('content').delete(0, 5)
      }
      writer.getText('content').insert(0, 'kept')
    })
    const compacted = await workshop.compact(document)
    expect(compacted).toEqual(Y.encodeStateAsUpdate(doc))
    expect(compacted.length).toBeLessThan(
      document.tail.reduce((bytes, { update }) => bytes + update.length, 0),
    )
  })

  it('compacts again what is longer than a message may be: Yjs may have written it so', async () => {
    const { tail } = stored((writer) => {
      writer.getText('content').insert(0, 'a', { link: 'x'.repeat(limits.maxFormatBytes) })
    })
    const [base] = tail
    expect(await workshop.compact({ base, tail: [] })).toEqual(base?.update)
  })

  it('refuses to compact what would be lost by it: updates that have no place', async () => {
    const { tail } = stored((writer) => {
      writer.getText('content').insert(0, 'a')
      writer.getText('content').insert(1, 'b')
    })
    await expect(workshop.compact({ base: undefined, tail: tail.slice(1) })).rejects.toThrow('has its place')
  })

  it('reads the text of base and tail together', async () => {
    const { doc, tail } = stored((writer) => {
      writer.getText('content').insert(0, 'hello')
      writer.getText('content').insert(5, ' world')
    })
    const [first, ...rest] = tail
    expect(await workshop.readText({ base: first, tail: rest })).toBe(doc.getText('content').toString())
  })

  it('reads the title, of whatever kind somebody made it', async () => {
    const { doc: _doc, ...named } = stored((writer) => {
      writer.getText('content').insert(0, 'text')
      writer.getMap('meta').set('title', 'Draft')
      writer.getMap('meta').set('title', 'Notes')
    })
    expect(await workshop.readTitle(named)).toBe('Notes')
    const { doc: _other, ...odd } = stored((writer) => writer.getMap('meta').set('title', new Y.Text('no')))
    expect(await workshop.readTitle(odd)).toBe('')
    expect(await workshop.readTitle({ base: undefined, tail: [] })).toBe('')
  })

  it('composes a new document with title and language', async () => {
    const update = await workshop.compose({ text: 'hi \ud800 there', title: 'Notes', language: 'markdown' })
    const doc = new Y.Doc()
    Y.applyUpdate(doc, update ?? new Uint8Array())
    expect(doc.getText('content').toString()).toBe('hi \ufffd there')
    expect(doc.getMap('meta').toJSON()).toEqual({ title: 'Notes', language: 'markdown' })
    expect(await workshop.compose({ text: '', title: '', language: '' })).toBeUndefined()
  })

  it('fails a job it cannot do, and does the next', async () => {
    const broken = { base: undefined, tail: [{ position: 1, update: Uint8Array.of(1, 2, 3) }] }
    await expect(workshop.readText(broken)).rejects.toThrow()
    expect(await workshop.readText({ base: undefined, tail: [] })).toBe('')
  })

  it('does nothing once closed', async () => {
    await workshop.close()
    await expect(workshop.readText({ base: undefined, tail: [] })).rejects.toThrow('closed')
  })
})

/** A letter at the very beginning before each of those of a text: Yjs looks for the place of each among all, which takes minutes. */
function endless(): StoredDocument {
  const letters = 40_000
  const encoder = encoding.createEncoder()
  const item = { withNeighbour: 4 | 64, withParent: 4 }
  encoding.writeVarUint(encoder, 2)
  for (const number of [letters, 2, 0]) encoding.writeVarUint(encoder, number)
  for (let letter = 0; letter < letters; letter++) {
    encoding.writeUint8(encoder, item.withNeighbour)
    for (const number of [1, letter]) encoding.writeVarUint(encoder, number)
    encoding.writeVarString(encoder, 'x')
  }
  for (const number of [1, 1, 0]) encoding.writeVarUint(encoder, number)
  encoding.writeUint8(encoder, item.withParent)
  encoding.writeVarUint(encoder, 1)
  for (const text of ['content', 'a'.repeat(letters)]) encoding.writeVarString(encoder, text)
  encoding.writeVarUint(encoder, 0)
  return { base: undefined, tail: [{ position: 1, update: encoding.toUint8Array(encoder) }] }
}

describe('a document that takes for ever', () => {
  it('is given up, and those that waited behind it are done', async () => {
    const given = workshop.compact(endless())
    const { doc, ...short } = stored((writer) => writer.getText('content').insert(0, 'short'))
    const waiting = [workshop.compact(short), workshop.compact({ base: undefined, tail: [] })]
    await workshop.compose({ text: 'it has begun', title: '', language: '' })
    clock.advance(minuteMs)
    await expect(given).rejects.toThrow(ResourceLimitError)
    expect(await Promise.all(waiting)).toEqual([
      Y.encodeStateAsUpdate(doc),
      Y.encodeStateAsUpdate(new Y.Doc()),
    ])
  })

  it('holds up nobody who makes, joins or reads one', async () => {
    const given = expect(workshop.compact(endless())).rejects.toThrow('ended')
    const { doc, ...short } = stored((writer) => writer.getText('content').insert(0, 'short'))
    expect(await workshop.compose({ text: 'new', title: '', language: '' })).toBeDefined()
    const updates = short.tail.map(({ update }) => update)
    expect(await workshop.missing(updates, Uint8Array.of(0), 1000)).toEqual([Y.encodeStateAsUpdate(doc)])
    expect(await workshop.readText(short)).toBe('short')
    expect(await workshop.readTitle(short)).toBe('')
    await workshop.close()
    await given
  })

  it('holds up nobody who makes or joins one while it is read', async () => {
    const given = workshop.readText(endless())
    expect(await workshop.compose({ text: 'new', title: '', language: '' })).toBeDefined()
    expect(await workshop.missing([], Uint8Array.of(0), 1000)).toEqual([])
    clock.advance(minuteMs)
    await expect(given).rejects.toThrow(ResourceLimitError)
  })

  it('holds up nobody who reads another while it is read', async () => {
    const given = expect(workshop.readText(endless())).rejects.toThrow('ended')
    const { doc: _doc, ...short } = stored((writer) => writer.getText('content').insert(0, 'short'))
    expect(await workshop.readText(short)).toBe('short')
    await workshop.close()
    await given
  })

  it('has the more time the larger it is', async () => {
    const mebibyte = 'x'.repeat(2 ** 20)
    const { tail } = stored((writer) => writer.getText('content').insert(0, mebibyte))
    const given = workshop.compact({ base: undefined, tail: [...endless().tail, ...tail] })
    await workshop.compose({ text: 'it has begun', title: '', language: '' })
    clock.advance(25_000)
    await workshop.compose({ text: 'it still goes on', title: '', language: '' })
    const outcome = Promise.race([given, Promise.resolve('under way')])
    expect(await outcome).toBe('under way')
    clock.advance(minuteMs)
    await expect(given).rejects.toThrow(ResourceLimitError)
  })
})
