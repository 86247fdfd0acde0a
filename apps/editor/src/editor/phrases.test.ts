import { expect, test } from 'vitest'
import { wordsOfCodeMirror } from './phrases.ts'

const sources = import.meta.glob<string>('../../node_modules/@codemirror/*/dist/index.js', {
  query: '?raw',
  import: 'default',
  eager: true,
  exhaustive: true,
})

test.each(['autocomplete', 'commands', 'language', 'search', 'view'])(
  'what %s says is said by us',
  (name) => {
    const source = sources[`../../node_modules/@codemirror/${name}/dist/index.js`] ?? ''
    const calls = [...source.matchAll(/\bphrase\((?:view, )?([^;\n]*?")[,)]/g)].map(
      ([, argument = '']) => argument,
    )
    const said = calls.flatMap((argument) =>
      [...argument.matchAll(/"([^"]+)"/g)].map(([, words = '']) => words),
    )
    expect(said).not.toEqual([])
    expect(said.filter((words) => !(words in wordsOfCodeMirror()))).toEqual([])
  },
)
