import { expect, test } from 'vitest'
import { describeEnd, describeWhen } from './describe-when.ts'

const now = new Date(2025, 10, 23, 18, 30).getTime()

test.each([
  ['just now', new Date(2025, 10, 23, 18, 29, 30)],
  ['just now', new Date(2025, 10, 23, 18, 45)],
  ['1 minute ago', new Date(2025, 10, 23, 18, 29)],
  ['59 minutes ago', new Date(2025, 10, 23, 17, 31)],
  ['1 hour ago', new Date(2025, 10, 23, 17, 30)],
  ['18 hours ago', new Date(2025, 10, 23, 0, 5)],
  ['yesterday', new Date(2025, 10, 22, 23, 59)],
  ['yesterday', new Date(2025, 10, 22, 0, 0)],
  ['21 Nov', new Date(2025, 10, 21, 23, 59)],
  ['3 Jan', new Date(2025, 0, 3)],
  ['31 Dec 2024', new Date(2024, 11, 31)],
])('%s', (words, then) => {
  expect(describeWhen(then.getTime(), now)).toBe(words)
})

test('shortly before midnight counts in minutes shortly after it', () => {
  const midnight = new Date(2025, 10, 23).getTime()
  const words = describeWhen(midnight - 5 * 60_000, midnight + 5 * 60_000)
  expect(words).toBe('10 minutes ago')
})

test.each([
  ['has ended', new Date(2025, 10, 23, 18, 30)],
  ['ends 24 Nov, 18:30', new Date(2025, 10, 24, 18, 30)],
  ['ends 30 Nov', new Date(2025, 10, 30, 18, 30)],
  ['ends 3 Jan 2026', new Date(2026, 0, 3)],
])('a link %s', (words, then) => {
  expect(describeEnd(then.getTime(), now)).toBe(words)
})
