import { expect, test } from 'vitest'
import { parseRecents } from './stored-recents.ts'

const recent = {
  documentId: 'a',
  path: '/d/a#AAAAAAAAAAAAAAAAAAAAAA',
  role: 'own',
  title: 'Field notes',
  openedAt: 1,
}

test('what was stored comes back', () => {
  const unsaved = { ...recent, isUnsaved: true }
  expect(parseRecents(JSON.parse(JSON.stringify([recent, unsaved])))).toEqual([recent, unsaved])
})

test('anything that is not a list is an empty list', () => {
  for (const stored of [null, 'x', 1, {}, { length: 1 }]) expect(parseRecents(stored)).toEqual([])
})

test('an entry that could not be opened is left out, the others stay', () => {
  const damaged = [
    null,
    {},
    { ...recent, path: '/d/a' },
    { ...recent, path: 'javascript:alert(1)' },
    { ...recent, role: 'admin' },
    { ...recent, title: 7 },
    { ...recent, openedAt: 'yesterday' },
    { ...recent, openedAt: null },
  ]
  expect(parseRecents([...damaged, recent])).toEqual([recent])
})

test('a stored path cannot lead to another site', () => {
  const [document] = parseRecents([{ ...recent, path: '.evil.example/d/a#AAAAAAAAAAAAAAAAAAAAAA' }])
  expect(document?.path).toBe(recent.path)
})
