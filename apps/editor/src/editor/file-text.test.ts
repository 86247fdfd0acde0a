import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxFileBytes, textOfFile } from './file-text.ts'

const read = (...content: BlobPart[]) => textOfFile(new File(content, 'a.md'))

test('a text is what it was, but for ends of lines of which the editor has one kind', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme' }).filter((text) => !/[\0\r]/u.test(text)),
      async (text) => {
        expect(await read(text)).toEqual({ type: 'text', text })
      },
    ),
  )
  expect(await read('one\r\ntwo\rthree\n')).toMatchObject({ text: 'one\ntwo\nthree\n' })
})

test('a mark of UTF-16 is read and left out, one of UTF-8 is kept', async () => {
  const utf16 = new Uint8Array([0xff, 0xfe, 0x41, 0, 0x3d, 0xd8, 0x00, 0xde])
  expect(await read(utf16)).toEqual({ type: 'text', text: 'A😀' })
  expect(await read('\ufeff# A')).toEqual({ type: 'text', text: '\ufeff# A' })
})

test.each<[what: string, content: BlobPart]>([
  ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0])],
  ['a text with a zero in it', 'a\0b'],
  ['Latin-1', new Uint8Array([0x66, 0xfc, 0x72])],
  ['a PDF that is all letters', '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n'],
])('%s is refused', async (_, content) => {
  expect(await read(content)).toEqual({
    type: 'failed',
    words: '“a.md” is not a text, or not in Unicode (UTF-8).',
  })
})

test('a text about PDFs is one', async () => {
  expect(await read('They begin with %PDF-')).toMatchObject({ type: 'text' })
})

test('a file that cannot be read is told', async () => {
  const folder = new File([], 'a')
  folder.arrayBuffer = async () => Promise.reject(new Error('a folder'))
  expect(await textOfFile(folder)).toEqual({ type: 'failed', words: '“a” cannot be read.' })
})

test('a file is as large as it may be, and no larger', async () => {
  expect(await read(new Uint8Array(maxFileBytes).fill(0x61))).toMatchObject({ type: 'text' })
  expect(await read(new Uint8Array(maxFileBytes + 1).fill(0x61))).toEqual({
    type: 'failed',
    words: '“a.md” is larger than 10 MB, which is more than a document may be.',
  })
})
