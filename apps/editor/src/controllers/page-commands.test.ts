import { expect, test } from 'vitest'
import { findCommands } from './page-commands.ts'

const commands = ['Share', 'Find', 'Print', 'Settings', 'Show outline'].map((title) => ({
  id: title,
  title,
  keys: [],
  run: () => undefined,
}))

const found = (query: string, recent: readonly string[]): string[] =>
  findCommands(commands, { query, recent }).map(({ command }) => command.title)

test('with nothing typed, all are there, those used last first', () => {
  expect(found('', ['Print', 'Share'])).toEqual(['Print', 'Share', 'Find', 'Settings', 'Show outline'])
})

test('what is typed comes before what was used', () => {
  expect(found('set', ['Print', 'Show outline'])[0]).toBe('Settings')
  expect(found('s', [])[0]).toBe('Share')
})
