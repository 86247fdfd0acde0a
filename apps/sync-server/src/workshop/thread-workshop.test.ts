import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { StoredDocument } from '../storage/document-store.ts'
import { ThreadWorkshop } from './thread-workshop.ts'

let workshop: ThreadWorkshop
beforeEach(() => {
  workshop = new ThreadWorkshop()
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
