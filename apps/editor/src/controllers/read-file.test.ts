import { expect, test } from 'vitest'
import { readFile } from './read-file.ts'

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
])('%s with %j is titled %j', async (name, text, title, language) => {
  expect(await readFile(new File([text], name))).toEqual({ type: 'text', title, text, language })
})

test('a mark of UTF-8 is no part of a heading', async () => {
  expect(await readFile(new File(['\ufeff# A'], 'a'))).toMatchObject({ text: '\ufeff# A', title: 'A' })
})

test('what is no text is no document', async () => {
  expect(await readFile(new File(['a\0b'], 'a.md'))).toMatchObject({ type: 'failed' })
})
