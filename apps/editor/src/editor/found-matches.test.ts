import { SearchQuery } from '@codemirror/search'
import { EditorState } from '@codemirror/state'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { findMatches, isCostly, mostMatches, numberOf, type Outcome } from './found-matches.ts'

type Config = ConstructorParameters<typeof SearchQuery>[0]

/** And how often others had their turn. */
function find(doc: string, config: Config): { found: Outcome; turns: number } {
  const finding = findMatches(EditorState.create({ doc }), new SearchQuery(config))
  for (let turns = 0; ; turns++) {
    const step = finding.next()
    if (step.done) return { found: step.value, turns }
  }
}

function placesOf(doc: string, config: Config): (readonly [number, number])[] {
  const { found } = find(doc, config)
  if (typeof found === 'string') throw new Error('it was given up')
  return found.matches.map(({ from, to }) => [from, to])
}

test('what is looked for is found wherever it stands', () => {
  expect(placesOf('Ein Ei\nund ein ei', { search: 'ei' })).toEqual([
    [0, 2],
    [4, 6],
    [11, 13],
    [15, 17],
  ])
  expect(placesOf('one\ntwo', { search: 'e\\nt' })).toEqual([[2, 5]])
  expect(placesOf('one', { search: '' })).toEqual([])
  expect(placesOf('', { search: 'o' })).toEqual([])
})

test('of half a pattern it is said that it is broken', () => {
  expect(find('one (two)', { search: '(two', regexp: true }).found).toBe('broken')
  expect(placesOf('one (two)', { search: '(two' })).toEqual([[4, 8]])
})

test('in a long text others have their turn, and what reaches across such a turn is found once', () => {
  const doc = 'ab cd\n'.repeat(20_000)
  for (const config of [
    { search: 'd\\na' },
    { search: 'd\\sa', regexp: true },
    { search: '^ab$', regexp: true },
    { search: 'nowhere' },
  ]) {
    const { found, turns } = find(`${doc}end`, config)
    expect(found).toMatchObject({ hasMore: !/ab|no/.test(config.search) })
    if (config.search === 'nowhere') expect(turns).toBeGreaterThan(3)
  }
})

test('wherever the turns fall, the same is found as all at once', () => {
  const word = fc.constantFrom('a', 'aa', 'ab', '\n', ' ', 'é', 'e\u0301', 'ﬁ', '👩‍🌾', 'İ', 'x'.repeat(9_000))
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
      fc.constantFrom('a', 'aa', 'b\\na', 'é', 'fi', 'a b', 'x\\n'),
      fc.boolean(),
      (doc, search, wholeWord) => {
        const query = new SearchQuery({ search, wholeWord })
        const all: [number, number][] = []
        const cursor = query.getCursor(EditorState.create({ doc }))
        for (let next = cursor.next(); !next.done; next = cursor.next())
          all.push([next.value.from, next.value.to])
        expect(placesOf(doc, { search, wholeWord })).toEqual(all.slice(0, mostMatches))
      },
    ),
  )
})

test.each([
  [mostMatches, false],
  [mostMatches + 1, true],
])('of %i, no more than are to be counted', (count, hasMore) => {
  const { found } = find('a '.repeat(count), { search: 'a' })
  expect(found).toMatchObject({ hasMore })
  expect(typeof found === 'string' ? [] : found.matches).toHaveLength(mostMatches)
})

test('each has its number', () => {
  const { found } = find('a b a b a', { search: 'a' })
  if (typeof found === 'string') throw new Error('it was given up')
  expect([0, 4, 8].map((from) => numberOf(found, { from, to: from + 1 }))).toEqual([1, 2, 3])
  expect(numberOf(found, { from: 0, to: 2 })).toBe(0)
  expect(numberOf(found, { from: 2, to: 3 })).toBe(0)
  expect(numberOf(found, { from: 20, to: 21 })).toBe(0)
})

const prose = 'Wer schreibt, der bleibt und weiß am Abend was am Morgen noch keiner wusste'

test.each([
  ['(\\w+\\s?)+:$', prose],
  ['(a+)+$', `${'a'.repeat(60)}b`],
  ['(.*)*x', prose],
  ['a.*b.*c', 'a'.repeat(100_000)],
])('a pattern that would take for ever is noticed: %s', (source, line) => {
  expect(isCostly(new RegExp(source, 'gmu'), line)).toBe(true)
})

test.each([
  ['(\\w+\\s)+', prose],
  ['\\w+@\\w+', `${prose} `.repeat(2_000)],
  ['e|i|(ab)*', prose],
  ['^#+ .*$', '## Heading'],
])('one that does not is none of those: %s', (source, line) => {
  expect(isCostly(new RegExp(source, 'gmu'), line)).toBe(false)
})

test('a text with a line that a pattern is too costly for is not looked through', () => {
  expect(find(`one\n${'a'.repeat(50)}!\ntwo`, { search: '(a+)+$', regexp: true }).found).toBe('costly')
})
