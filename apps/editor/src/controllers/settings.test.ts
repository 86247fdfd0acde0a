import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { choices, defaultSettings, parseSettings, type Settings } from './settings.ts'

const anySettings: fc.Arbitrary<Settings> = fc.record({
  theme: fc.constantFrom(...choices.theme),
  font: fc.constantFrom(...choices.font),
  fontSize: fc.constantFrom(...choices.fontSize),
  width: fc.constantFrom(...choices.width),
  keys: fc.constantFrom(...choices.keys),
  indentUnit: fc.constantFrom(...choices.indentUnit),
  lineNumbers: fc.constantFrom(...choices.lineNumbers),
  foldGutter: fc.boolean(),
  wordWrap: fc.boolean(),
  spellCheck: fc.boolean(),
  tabIndents: fc.boolean(),
  pictures: fc.boolean(),
})

test('what was chosen is what is read', () => {
  fc.assert(
    fc.property(anySettings, (settings) => {
      expect(parseSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings)
    }),
  )
})

test('whatever is stored, each setting is one of its choices', () => {
  const strange = fc.dictionary(
    fc.constantFrom(...Object.keys(defaultSettings), 'toString', '__proto__', 'other'),
    fc.anything(),
  )
  fc.assert(
    fc.property(fc.oneof(strange, fc.anything()), (stored) => {
      const settings = parseSettings(stored)
      expect(Object.keys(settings).toSorted()).toEqual(Object.keys(defaultSettings).toSorted())
      for (const [name, choice] of Object.entries(choices))
        expect(choice).toContain(settings[name as keyof typeof choices])
    }),
  )
})

test('one setting that cannot be read costs no other', () => {
  expect(parseSettings({ theme: 'dark', fontSize: 1000, keys: 'vim', wordWrap: 'no' })).toEqual({
    ...defaultSettings,
    theme: 'dark',
    keys: 'vim',
  })
})
