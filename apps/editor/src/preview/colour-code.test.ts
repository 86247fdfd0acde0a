import { expect, it } from 'vitest'
import { colourCode } from './colour-code.ts'

it('names places in code as the editor sees it', async () => {
  expect(await colourCode('js', 'const a = 1')).toEqual(
    expect.arrayContaining([
      [0, 5, 'code-keyword'],
      [10, 11, 'code-literal'],
    ]),
  )
})

it.each([
  ['an unknown language', 'no such language', 'x'],
  ['a name every object has', 'constructor', 'x'],
  ['very long code', 'js', 'const a = 1\n'.repeat(9000)],
])('leaves %s plain', async (_, language, code) => {
  expect(await colourCode(language, code)).toEqual([])
})
