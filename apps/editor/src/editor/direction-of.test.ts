import { expect, test } from 'vitest'
import { directionOf, type Direction } from './direction-of.ts'

test.each<[Direction | undefined, string]>([
  ['ltr', 'A line'],
  ['ltr', '# 1. Ein Titel'],
  ['rtl', 'שורה חדשה'],
  ['rtl', '## **مرحبا** Quire'],
  ['rtl', '- [ ] 12 ދިވެހި'],
  ['rtl', '𞤀𞤣𞤤𞤢𞤥'],
  ['ltr', 'Quire, مرحبا'],
  ['ltr', '日本語'],
  [undefined, ''],
  [undefined, '- 12 + 3 = 15 👍'],
])('%s: %s', (direction, text) => {
  expect(directionOf(text)).toBe(direction)
})
