import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { cursorAt, equalCursors, parseCursor, resolveCursor } from './cursor.ts'

function textSaying(content: string): Y.Text {
  const text = new Y.Doc().getText('content')
  text.insert(0, content)
  return text
}

const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('a cursor', () => {
  test('means the same place after a journey through JSON', () => {
    const text = textSaying('some text')
    for (const range of [
      { anchor: 0, head: 0 },
      { anchor: 2, head: 7 },
      { anchor: 9, head: 4 },
      { anchor: 9, head: 9 },
    ]) {
      const cursor = parseCursor(overTheWire(cursorAt(text, range)), text)
      expect(cursor && resolveCursor(cursor, text)).toEqual(range)
      expect(equalCursors(cursor, parseCursor(cursorAt(text, range), text))).toBe(true)
    }
  })

  test('names all four fields, since other apps read them unchecked', () => {
    const { anchor } = cursorAt(textSaying('ab'), { anchor: 1, head: 2 })
    expect(Object.keys(anchor).toSorted()).toEqual(['assoc', 'item', 'tname', 'type'])
  })

  test('stands in a nested text as well', () => {
    const text = new Y.Doc().getMap('page').set('body', new Y.Text('nested'))
    for (const at of [0, 3, 6]) {
      const cursor = parseCursor(overTheWire(cursorAt(text, { anchor: at, head: at })), text)
      expect(cursor && resolveCursor(cursor, text)).toEqual({ anchor: at, head: at })
    }
  })

  test('keeps its place while the text around it changes', () => {
    const text = textSaying('one two')
    const cursor = cursorAt(text, { anchor: 4, head: 7 })
    text.insert(0, '> ')
    expect(resolveCursor(cursor, text)).toEqual({ anchor: 6, head: 9 })
  })

  test('has no place while its text has not arrived, and none in another text', () => {
    const there = textSaying('elsewhere')
    const text = textSaying('here')
    const ahead = parseCursor(overTheWire(cursorAt(there, { anchor: 2, head: 2 })), text)
    expect(ahead && resolveCursor(ahead, text)).toBeUndefined()
    const other = text.doc?.getText('other')
    other?.insert(0, 'other')
    const inOther = other && parseCursor(cursorAt(other, { anchor: 1, head: 1 }), text)
    expect(inOther && resolveCursor(inOther, text)).toBeUndefined()
  })
})

describe('67 what is not a cursor', () => {
  const id = { client: 1, clock: 0 }
  const position = { type: null, tname: 'content', item: id, assoc: 0 }
  const nasty: readonly unknown[] = [
    undefined,
    null,
    0,
    NaN,
    '',
    'cursor',
    true,
    [],
    {},
    () => 0,
    { anchor: null, head: null },
    { anchor: position },
    { anchor: position, head: { ...position, item: 'x' } },
    { anchor: position, head: { ...position, item: {} } },
    { anchor: position, head: { ...position, item: { client: NaN, clock: 0 } } },
    { anchor: position, head: { ...position, item: { client: 1, clock: -1 } } },
    { anchor: position, head: { ...position, item: { client: 1, clock: 0.5 } } },
    { anchor: position, head: { ...position, item: { client: 1e300, clock: 1e300 } } },
    { anchor: { ...position, item: null, tname: 'evil' }, head: position },
    { anchor: { ...position, item: null, tname: { toString: 'x' } }, head: position },
    { anchor: { ...position, item: null, tname: null }, head: position },
    { anchor: { ...position, item: null, tname: null, type: id }, head: position },
  ]

  test('is read as none, and creates nothing in the document', () => {
    const text = textSaying('text')
    for (const value of nasty) expect(parseCursor(value, text)).toBeUndefined()
    expect([...(text.doc?.share.keys() ?? [])]).toEqual(['content'])
  })

  test('does no harm where it looks like one', () => {
    const text = textSaying('text')
    for (const item of [
      { client: 0, clock: 0 },
      { client: 2 ** 53 - 1, clock: 2 ** 53 - 1 },
      { client: 1, clock: 9 },
    ]) {
      const cursor = parseCursor({ anchor: { item, assoc: 'x' }, head: { item, assoc: NaN } }, text)
      expect(cursor && resolveCursor(cursor, text)).toBeUndefined()
    }
  })
})
