import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { indexOfPlace, placeOfLine } from './line-links.ts'

function textOf(words: string): Y.Text {
  const text = new Y.Doc().getText('content')
  text.insert(0, words)
  return text
}

function lineAt(text: Y.Text, index: number | undefined): string | undefined {
  if (index === undefined) return undefined
  const [line] = text.toString().slice(index).split('\n')
  return line
}

test('a link to a line leads there whatever is written above and in it', () => {
  const text = textOf('one\ntwo\nthree\n')
  const place = placeOfLine(text, 6)
  expect(lineAt(text, indexOfPlace(text, place))).toBe('two')
  text.insert(0, 'zero\n')
  text.insert(text.toString().indexOf('two') + 3, ' and a half')
  expect(lineAt(text, indexOfPlace(text, place))).toBe('two and a half')
  text.delete(0, 5)
  expect(lineAt(text, indexOfPlace(text, place))).toBe('two and a half')
})

test('of a line that was taken out, where it was', () => {
  const text = textOf('one\ntwo\nthree')
  const place = placeOfLine(text, 4)
  text.delete(4, 4)
  expect(lineAt(text, indexOfPlace(text, place))).toBe('three')
})

test('the same in a copy of the text, once that part has arrived', () => {
  const text = textOf('one\ntwo')
  const copy = new Y.Doc().getText('content')
  const place = placeOfLine(text, 4)
  expect(indexOfPlace(copy, place)).toBeUndefined()
  if (text.doc && copy.doc) Y.applyUpdate(copy.doc, Y.encodeStateAsUpdate(text.doc))
  expect(indexOfPlace(copy, place)).toBe(4)
})

test('every line has a place that stands in an address as it is', () => {
  const lines = fc.array(fc.constantFrom('', 'a', 'line', '👧'), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(lines, fc.nat(), (parts, chance) => {
      const words = parts.join('\n')
      const text = textOf(words)
      const index = chance % (words.length + 1)
      const place = placeOfLine(text, index)
      expect(place).toMatch(/^[\w-]+$/)
      const start = words.lastIndexOf('\n', index - 1) + 1
      expect(indexOfPlace(text, place)).toBe(start)
    }),
  )
})

test('what is no place is none, and leaves nothing behind in the document', () => {
  const text = textOf('one')
  const other = new Y.Doc()
  other.getText('elsewhere').insert(0, 'x')
  const strange = [
    placeOfLine(other.getText('elsewhere'), 1),
    placeOfLine(other.getText('elsewhere'), 0),
    '',
    '%%%',
    'AAAA',
    'a'.repeat(64),
    'a'.repeat(65),
  ]
  for (const place of strange) expect(indexOfPlace(text, place)).toBeUndefined()
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 24 }), (bytes) => {
      const index = indexOfPlace(text, base64Url(bytes))
      if (index !== undefined) expect(index).toBeLessThanOrEqual(text.length)
    }),
  )
  expect([...(text.doc?.share.keys() ?? [])]).toEqual(['content'])
})

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
