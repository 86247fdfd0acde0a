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

test('one of many is there once it is asked for, or was used', () => {
  const languages = ['Python', 'Rust'].map((title) => ({ id: title, title, keys: [], run: () => undefined }))
  const all = [...commands, ...languages.map((language) => ({ ...language, isOneOfMany: true }))]
  const titles = (query: string, recent: readonly string[]): string[] =>
    findCommands(all, { query, recent }).map(({ command }) => command.title)
  expect(titles('', [])).toEqual(commands.map(({ title }) => title))
  expect(titles('', ['Rust'])[0]).toBe('Rust')
  expect(titles('pyt', [])).toEqual(['Python'])
})

test('what is typed comes before what was used', () => {
  expect(found('set', ['Print', 'Show outline'])[0]).toBe('Settings')
  expect(found('s', [])[0]).toBe('Share')
})
