import { expect, test } from 'vitest'
import { wantedLanguages } from './stored-language.ts'

test.each<[string, string | undefined, string[], string[]]>([
  ['nothing was chosen: what the browser asks for', undefined, ['fr-CA', 'de'], ['fr-CA', 'de']],
  ['a choice is written as the browser has it', 'de', ['en-US', 'de-AT', 'den'], ['de-AT', 'de']],
  ['a choice counts though the browser does not ask for it', 'de', ['en-US'], ['de']],
])('%s', (_, chosen, asked, wanted) => {
  expect(wantedLanguages(chosen, asked)).toEqual(wanted)
})
