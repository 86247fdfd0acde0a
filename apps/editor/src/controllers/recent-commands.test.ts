import { expect, test } from 'vitest'
import { maxRecentCommands, withCommand } from './recent-commands.ts'

test('what was used is remembered once, and not for ever', () => {
  expect(withCommand(['a', 'b', 'c'], 'b')).toEqual(['b', 'a', 'c'])
  const many = Array.from({ length: 20 }, (_, index) => String(index))
  expect(many.reduce<readonly string[]>(withCommand, [])).toHaveLength(maxRecentCommands)
})
