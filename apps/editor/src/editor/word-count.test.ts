import { Text } from '@codemirror/state'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { countText, countWords } from './word-count.ts'

const always = (): boolean => true
const never = (): boolean => false
const textOf = (text: string): Text => Text.of(text.split('\n'))

test.each([
  ['', 0],
  ['  \t ', 0],
  ['We met at the north bridge.', 6],
  ["don’t, it's well-known: 3.14", 4],
  ['# A heading, **bold** and [a link](https://quire.example/d/1)', 10],
  ['— … · “”', 0],
  ['Überraschung für Zoë', 3],
  ['नमस्ते दुनिया', 2],
  ['می‌خواهم بنویسم', 3],
  ['今天天气很好', 6],
  ['東京タワー and Berlin', 7],
  ['สวัสดีชาวโลก', 3],
  ['👩‍👧 👧', 0],
])('%j has %i words', (line, words) => {
  expect(countWords(line)).toBe(words)
})

test('a pair of surrogates is one character, and the end of a line is none', () => {
  expect(countText(textOf('a😀\n\nb'), always)).toEqual({ words: 2, characters: 3 })
})

test('what was counted is not counted again, so that a change costs its own lines', () => {
  const text = textOf(Array.from({ length: 10_000 }, (_, index) => `line number ${index}`).join('\n'))
  expect(countText(text, never)).toBeUndefined()
  expect(countText(text, always)?.words).toBe(30_000)
  expect(countText(text, never)?.words).toBe(30_000)
  const changed = text.replace(5_000, 5_000, Text.of(['two words ']))
  let leaves = 0
  const counts = countText(changed, () => ++leaves > 0)
  expect(counts?.words).toBeGreaterThanOrEqual(30_002)
  expect(leaves).toBeLessThan(4)
})

test('counting in parts comes to the same', () => {
  const lines = fc.array(fc.constantFrom('', 'a b', 'today', '今天', '👧 x', '- [ ] to do'), {
    maxLength: 300,
  })
  fc.assert(
    fc.property(lines, (parts) => {
      const whole = textOf(parts.join('\n'))
      let pauses = 0
      let counts
      while (!counts) {
        let steps = 0
        counts = countText(whole, () => ++steps <= 1)
        expect(++pauses).toBeLessThan(100)
      }
      expect(counts.words).toBe(parts.reduce((sum, line) => sum + countWords(line), 0))
    }),
  )
})
