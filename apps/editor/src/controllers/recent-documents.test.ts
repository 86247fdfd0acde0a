import type { Role } from '@quire/protocol'
import { expect, test } from 'vitest'
import { maxRecentDocuments, withDocument, withoutDocument, type RecentDocument } from './recent-documents.ts'

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

test('a better link replaces a lesser one', () => {
  const [document] = withDocument([opened('a', 1, 'view')], opened('a', 2, 'edit'))
  expect(document).toEqual(opened('a', 2, 'edit'))
})

test('the oldest fall off the end', () => {
  const full = Array.from({ length: maxRecentDocuments }, (_, index) => opened(`d${index}`, 1000 - index))
  const list = withDocument(full, opened('new', 2000))
  expect(list.length).toBe(maxRecentDocuments)
  expect(list.at(-1)?.documentId).toBe(`d${maxRecentDocuments - 2}`)
})

test('a forgotten document is gone', () => {
  expect(ids(withoutDocument([opened('b', 2), opened('a', 1)], 'b'))).toBe('a')
})
