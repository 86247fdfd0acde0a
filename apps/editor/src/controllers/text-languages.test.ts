import { LanguageDescription } from '@codemirror/language'
import { languages } from '@codemirror/language-data'
import { expect, test } from 'vitest'
import {
  endingOf,
  languageName,
  languageOfFile,
  markdownId,
  plainId,
  textLanguages,
} from './text-languages.ts'

const codeLanguages = textLanguages.filter(({ id }) => id !== markdownId && id !== plainId)

test.each(codeLanguages.map(({ id, name }) => [id, name]))('the editor knows %j as %s', (id, name) => {
  expect(LanguageDescription.matchLanguageName(languages, id, false)?.name).toBe(name)
})

test.each(codeLanguages.flatMap(({ name, endings }) => endings.map((ending) => [ending, name])))(
  'a file that ends in .%s is in what the editor takes it for, %s',
  (ending, name) => {
    const taken = LanguageDescription.matchFilename(languages, `file.${ending}`)?.name ?? name
    expect(taken).toBe(name)
    expect(languageOfFile(`file.${ending}`)?.name).toBe(name)
  },
)

test('a file gets an ending by which it is found again', () => {
  for (const { id } of textLanguages) expect(languageOfFile(`x.${endingOf(id)}`)?.id).toBe(id)
  expect(endingOf('unheard of')).toBe('txt')
})

test.each(['README', 'a.b/c', '.', '', 'archive.tar.gz', 'x.'])('nothing is known of %j', (name) => {
  expect(languageOfFile(name)).toBeUndefined()
})

test('every language has a name', () => {
  for (const { id } of textLanguages) expect(languageName(id)).not.toBe('')
  expect(languageName('unheard of')).toBe('unheard of')
})

test('capitals make no difference', () => {
  expect(languageOfFile('NOTES.MD')?.id).toBe(markdownId)
})
