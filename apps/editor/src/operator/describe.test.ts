import { afterEach, expect, test } from 'vitest'
import { english } from '../words/english.ts'
import { firstLanguage, speak } from '../words/words.ts'
import { describeBytes, describeMs, describeNumber } from './describe.ts'

afterEach(() => speak(firstLanguage, english))

test.each([
  [0, '0\u00a0B'],
  [1023, '1,023\u00a0B'],
  [1024, '1\u00a0KiB'],
  [1_646_264, '1.57\u00a0MiB'],
  [252 * 2 ** 30, '252\u00a0GiB'],
  [2 ** 60, '1,048,576\u00a0TiB'],
])('%d bytes', (bytes, words) => {
  expect(describeBytes(bytes)).toBe(words)
})

test.each([
  [0, '0 ms'],
  [0.123, '0.12 ms'],
  [41.4, '41 ms'],
  [999, '1,000 ms'],
  [1500, '1.5 secs'],
])('%d milliseconds', (milliseconds, words) => {
  expect(describeMs(milliseconds)).toBe(words)
})

test('each language writes its own numbers', () => {
  speak('de', {})
  expect([describeNumber(4.567), describeNumber(12_345.6), describeBytes(1536)]).toEqual([
    '4,57',
    '12.346',
    '1,5\u00a0KiB',
  ])
})
