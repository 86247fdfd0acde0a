import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxFileBytes, readFile } from './read-file.ts'

const encoder = new TextEncoder()
const read = (name: string, text: string) => readFile({ name, bytes: encoder.encode(text) })

test('a text is what it was, but for ends of lines of which the editor has one kind', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }).filter((text) => !/[\0\r]/u.test(text)),
      (text) => {
        expect(read('a.txt', text)).toMatchObject({ type: 'text', text })
      },
    ),
  )
  expect(read('a.md', 'one\r\ntwo\rthree\n')).toMatchObject({ text: 'one\ntwo\nthree\n' })
})

test.each<[name: string, text: string, title: string, language: string]>([
  ['notes.md', 'text\n\n# **Field** notes\n', 'Field notes', ''],
  ['notes.md', 'no heading', 'notes', ''],
  ['notes.md', '#\n# Second', 'Second', ''],
  ['notes.markdown', '# Heading\n', 'Heading', ''],
  ['notes.txt', '# Heading\n', 'notes', 'text'],
  ['main.rs', '# no heading', 'main.rs', 'rust'],
  ['.env', 'A=1', '.env', 'text'],
  ['.gitignore', '# built\ndist\n', '.gitignore', 'text'],
  ['data.csv', 'a,b\n', 'data.csv', 'text'],
  ['server.LOG', 'started\n', 'server.LOG', 'text'],
  ['README', '', 'README', ''],
])('%s with %j is titled %j', (name, text, title, language) => {
  expect(read(name, text)).toEqual({ type: 'text', title, text, language })
})

test('a mark of UTF-16 is read and left out, one of UTF-8 is kept', () => {
  const utf16 = new Uint8Array([0xff, 0xfe, 0x41, 0, 0x3d, 0xd8, 0x00, 0xde])
  expect(readFile({ name: 'a', bytes: utf16 })).toMatchObject({ type: 'text', text: 'A😀' })
  expect(read('a', '\ufeff# A')).toMatchObject({ type: 'text', text: '\ufeff# A', title: 'A' })
})

test.each([
  ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0])],
  ['a text with a zero in it', encoder.encode('a\0b')],
  ['Latin-1', new Uint8Array([0x66, 0xfc, 0x72])],
])('%s is refused', (_, bytes) => {
  expect(readFile({ name: 'a.md', bytes })).toEqual({ type: 'refused', reason: 'no-text' })
})

test('a file is as large as it may be, and no larger', () => {
  expect(readFile({ name: 'a', bytes: new Uint8Array(maxFileBytes).fill(0x61) }).type).toBe('text')
  expect(readFile({ name: 'a', bytes: new Uint8Array(maxFileBytes + 1).fill(0x61) })).toEqual({
    type: 'refused',
    reason: 'too-large',
  })
})
