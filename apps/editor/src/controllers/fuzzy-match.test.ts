import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fuzzyMatch } from './fuzzy-match.ts'

const titles = [
  'Copy link',
  'Copy as Markdown',
  'Go to line…',
  'Download as Markdown',
  'Keyboard help',
  'Überschrift',
  'Language of the text: C',
  'Language of the text: Go',
  'Language of the text: JavaScript',
  'Language of the text: SQL',
]

function found(query: string): string[] {
  return titles
    .map((title) => ({ title, match: fuzzyMatch(query, title) }))
    .flatMap(({ title, match }) => (match ? [{ title, score: match.score }] : []))
    .toSorted((one, other) => other.score - one.score)
    .map(({ title }) => title)
}

test.each<[query: string, first: string]>([
  ['copy', 'Copy link'],
  ['cam', 'Copy as Markdown'],
  ['dam', 'Download as Markdown'],
  ['gtl', 'Go to line…'],
  ['line', 'Go to line…'],
  ['down mark', 'Download as Markdown'],
  ['UBER', 'Überschrift'],
  // The start of one word, and not of two.
  ['lang', 'Language of the text: C'],
])('%j means %j first', (query, first) => {
  expect(found(query)[0]).toBe(first)
})

test('of long titles, that one is a little longer says nothing', () => {
  expect(found('lang').map((title) => title.replace(/.* /, ''))).toEqual(['C', 'Go', 'JavaScript', 'SQL'])
})

test('letters that are not there, or not in this order, mean nothing', () => {
  expect(found('xyz')).toEqual([])
  expect(found('knil ypoc')).toEqual([])
})

test('nothing typed means everything', () => {
  expect(found(' ')).toEqual(titles)
})

test('the letters that were meant are those that were typed', () => {
  expect(fuzzyMatch('cl', 'Copy link')?.at).toEqual([0, 5])
  const letters = fc.string({ unit: fc.constantFrom('a', 'B', 'é', ' ', '👧', '-'), maxLength: 12 })
  fc.assert(
    fc.property(letters, letters, (query, title) => {
      const match = fuzzyMatch(query, title)
      if (!match) return
      const meant = match.at.map((index) => Array.from(title)[index] ?? '').join('')
      const plain = (text: string): string =>
        text
          .normalize('NFD')
          .replaceAll(/\p{M}| /gu, '')
          .toLowerCase()
      expect(plain(meant)).toBe(plain(query))
      expect(match.at.toSorted((one, other) => one - other)).toEqual(match.at)
    }),
  )
})

test('every part of a title in its order means it', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 20 }),
      fc.infiniteStream(fc.boolean()),
      (title, keeps) => {
        const query = Array.from(title)
          .filter(() => keeps.next().value)
          .join('')
        expect(fuzzyMatch(query, title)).toBeDefined()
      },
    ),
  )
})
