import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { findDisputes, structsIn, structsOf } from './disputes.ts'

const ours = 7

/** A document in which client 7 has done this. */
function docOf(write: (text: Y.Text, doc: Y.Doc) => void, begin: Uint8Array = Uint8Array.of(0, 0)): Y.Doc {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, begin)
  doc.clientID = ours
  write(doc.getText('content'), doc)
  return doc
}

/** Where the two first differ in what client 7 has done from a clock on; the same for an update as for a document. */
function disputedAt(mine: Y.Doc, theirs: Y.Doc, from = 0): number | undefined {
  const update = Y.encodeStateAsUpdate(mine, Y.encodeStateVector(new Map([[ours, from]])))
  const edits = [{ id: 'mine', update }]
  const [found] = findDisputes(edits, structsIn(Y.encodeStateAsUpdate(theirs)))
  expect(findDisputes(edits, structsOf(theirs))).toEqual(found ? [found] : [])
  return found?.clock
}

function disputed(mine: Y.Doc, theirs: Y.Doc): boolean {
  return disputedAt(mine, theirs) !== undefined
}

const hello = (text: Y.Text): void => text.insert(0, 'hello')

describe('what the server holds under our id', () => {
  it.each<[string, (text: Y.Text, doc: Y.Doc) => void]>([
    ['the same', hello],
    ['less', (text) => text.insert(0, 'hel')],
    ['more', (text) => text.insert(0, 'hello you')],
    ['nothing', () => undefined],
    [
      'the same in other pieces',
      (text) => ['h', 'el', 'lo'].forEach((piece) => text.insert(text.length, piece)),
    ],
    [
      'the same, with something of another in between',
      (text, doc) => {
        hello(text)
        doc.clientID = 8
        text.insert(2, '…')
      },
    ],
    [
      'the same, deleted since',
      (text) => {
        hello(text)
        text.delete(1, 3)
      },
    ],
  ])('is no dispute if it is %s', (_, write) => {
    expect(disputed(docOf(hello), docOf(write))).toBe(false)
    expect(disputed(docOf(write), docOf(hello))).toBe(false)
  })

  it.each<[string, (text: Y.Text, doc: Y.Doc) => void]>([
    ['other words', (text) => text.insert(0, 'HELLO')],
    ['other words at the end', (text) => text.insert(0, 'help')],
    [
      'the same letters elsewhere',
      (text) => ['o', 'l', 'l', 'e', 'h'].forEach((letter) => text.insert(0, letter)),
    ],
    ['something that is no text', (text) => text.insertEmbed(0, { image: 1 })],
    ['in another text', (_text, doc) => doc.getMap('meta').set('title', 'h')],
  ])('is one if it is %s', (_, write) => {
    expect(disputed(docOf(hello), docOf(write))).toBe(true)
  })

  it('is one though what we wrote there is deleted by now, if it stood elsewhere', () => {
    const begin = Y.encodeStateAsUpdate(
      docOf((text, doc) => {
        doc.clientID = 8
        text.insert(0, 'before')
      }),
    )
    const mine = docOf((text) => {
      text.insert(6, 'gone, ')
      text.delete(6, 6)
      text.insert(6, 'and here')
    }, begin)
    const theirs = docOf((text) => text.insert(0, 'stolen'), begin)
    expect(disputed(mine, theirs)).toBe(true)
    expect(
      disputed(
        mine,
        docOf((text) => text.insert(6, 'gone, '), begin),
      ),
    ).toBe(false)
  })

  it('begins where the two first differ', () => {
    const help = docOf((text) => text.insert(0, 'help me'))
    expect(disputedAt(docOf(hello), help)).toBe(3)
    const inPieces = docOf((text) => ['hel', 'lo'].forEach((piece) => text.insert(text.length, piece)))
    expect(disputedAt(inPieces, help)).toBe(3)
    expect(disputedAt(help, inPieces)).toBe(3)
  })

  it('is none where nothing of ours is unsaved', () => {
    const other = docOf((text) => text.insert(0, 'HELLO, all'))
    expect(
      disputedAt(
        docOf((text) => text.insert(0, 'hello')),
        other,
        5,
      ),
    ).toBe(undefined)
  })

  it('is none if Yjs has put something else for half a character', () => {
    const write = (text: Y.Text): void => text.insert(0, 'a🙂b')
    const spoilt = docOf((text) => {
      write(text)
      text.format(2, 1, { bold: null })
    })
    expect(spoilt.getText('content').toString()).toContain('\ufffd')
    expect(disputed(spoilt, docOf(write))).toBe(false)
  })
})
