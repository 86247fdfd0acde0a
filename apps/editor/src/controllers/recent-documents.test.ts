import type { Role } from '@quire/protocol'
import { expect, test } from 'vitest'
import {
  called,
  maxDocumentsOfOthers,
  withDocument,
  withNote,
  withoutDocument,
  type RecentDocument,
} from './recent-documents.ts'

function opened(documentId: string, openedAt: number, role: Role = 'edit'): RecentDocument {
  return { documentId, path: `/d/${documentId}#${role}`, role, title: documentId, openedAt }
}

function ids(list: readonly RecentDocument[]): string {
  return list.map(({ documentId }) => documentId).join(' ')
}

test('the newest comes first, and a document is listed once', () => {
  const list = [opened('b', 2), opened('a', 1)]
  expect(ids(withDocument(list, opened('c', 3)))).toBe('c b a')
  expect(ids(withDocument(list, opened('a', 3)))).toBe('a b')
})

test('a document that is put back takes its old place', () => {
  expect(ids(withDocument([opened('c', 3), opened('a', 1)], opened('b', 2)))).toBe('c b a')
})

test('a lesser link does not replace a better one', () => {
  const [document] = withDocument([opened('a', 1, 'own')], { ...opened('a', 2, 'view'), title: 'New title' })
  expect(document).toEqual({ ...opened('a', 2, 'own'), title: 'New title' })
})

test('what is unsaved stays noted until it is saved', () => {
  const noted = withNote([opened('a', 1), opened('b', 1)], 'a', true)
  expect(noted).toEqual([{ ...opened('a', 1), isUnsaved: true }, opened('b', 1)])
  const [again] = withDocument(noted, opened('a', 2))
  expect(again).toEqual({ ...opened('a', 2), isUnsaved: true })
  expect(withNote(noted, 'a', false)).toEqual([opened('a', 1), opened('b', 1)])
})

test('the same link gives what it gives by now', () => {
  const lowered = { ...opened('a', 2, 'view'), path: opened('a', 1, 'edit').path }
  expect(withDocument([opened('a', 1, 'edit')], lowered)).toEqual([lowered])
})

test('a better link replaces a lesser one', () => {
  const [document] = withDocument([opened('a', 1, 'view')], opened('a', 2, 'edit'))
  expect(document).toEqual(opened('a', 2, 'edit'))
})

test('of documents of others the oldest fall off the end', () => {
  const full = Array.from({ length: maxDocumentsOfOthers }, (_, index) => opened(`d${index}`, 1000 - index))
  const list = withDocument(full, opened('new', 2000))
  expect(list.length).toBe(maxDocumentsOfOthers)
  expect(list.at(-1)?.documentId).toBe(`d${maxDocumentsOfOthers - 2}`)
})

test('an own document never does, and takes the place of none', () => {
  const own = Array.from({ length: 1500 }, (_, index) => opened(`own${index}`, -index, 'own'))
  const others = Array.from({ length: maxDocumentsOfOthers }, (_, index) => opened(`d${index}`, 9000 - index))
  expect(withDocument([...others, ...own], opened('mine', -9999, 'own'))).toEqual([
    ...others,
    ...own,
    opened('mine', -9999, 'own'),
  ])
})

test('a forgotten document is gone', () => {
  expect(ids(withoutDocument([opened('b', 2), opened('a', 1)], 'b'))).toBe('a')
})

test.each([
  ['thesis', 'My thesis'],
  ['MY THESIS', 'My thesis'],
  [' thesis ', 'My thesis'],
  ['cafe', 'Café'],
  ['Straße', 'STRASSE 7'],
  ['unt', ''],
  ['', 'My thesis'],
])('“%s” finds “%s”', (words, title) => {
  const document = { ...opened('a', 1), title }
  expect(called([document], { words, untitled: 'Untitled' })).toEqual([document])
})

test('what is called otherwise is not found', () => {
  expect(called([opened('a', 1)], { words: 'thesis', untitled: 'Untitled' })).toEqual([])
})
