import { expect, test } from 'vitest'
import { remember } from './remember.ts'

test('the same is given for the same, and made anew for anything else', () => {
  const made = remember((name: string, count: number) => ({ name, count }))
  const first = made('a', 1)
  expect(first).toEqual({ name: 'a', count: 1 })
  expect(made('a', 1)).toBe(first)
  expect(made('a', 2)).toEqual({ name: 'a', count: 2 })
  expect(made('a', 1)).not.toBe(first)
  expect(made('a', 1)).toEqual(first)
})
