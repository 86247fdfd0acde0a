import { unnamed } from '@quire/protocol'
import { afterEach, expect, test } from 'vitest'
import { called } from './called.ts'
import { settingsEnglish } from './settings-english.ts'
import { shareEnglish } from './share-english.ts'
import { bring, firstLanguage, speak, spokenLanguage, t, tParts } from './words.ts'

bring(shareEnglish)
afterEach(() => speak(firstLanguage, {}))

test('a text is in English until another language is spoken', () => {
  expect(t('home.new')).toBe('New document')
  speak('de', { 'home.new': 'Neues Dokument' })
  expect(spokenLanguage()).toBe('de')
  expect(t('home.new')).toBe('Neues Dokument')
})

test('a text that a language lacks is in English', () => {
  speak('de', { 'home.new': 'Neues Dokument' })
  expect(t('home.forget')).toBe('Forget')
})

test('what a part brings is in English, whatever was spoken before', () => {
  speak('de', { 'settings.close': 'Schließen' })
  bring(settingsEnglish)
  expect(t('settings.close')).toBe('Schließen')
  expect(t('settings.heading')).toBe('Settings')
})

test('parameters stand where the language has them', () => {
  expect(t('share.labelled', { role: 'Can edit', label: 'Bo' })).toBe('Can edit, “Bo”')
  speak('de', { 'share.labelled': '„{label}“: {role}' })
  expect(t('share.labelled', { role: 'Darf schreiben', label: 'Bo' })).toBe('„Bo“: Darf schreiben')
})

test.each(['{label}', '$&', '{role}'])('a parameter is text, whatever it says: %s', (label) => {
  expect(t('share.labelled', { role: 'Owner', label })).toBe(`Owner, “${label}”`)
})

test.each([
  ['0 people are here', 0],
  ['1 person is here', 1],
  ['2 people are here', 2],
  ['12,345 people are here', 12_345],
])('%s', (words, count) => {
  expect(t('people.here', { count })).toBe(words)
})

test('each language has its own plural forms and writes its own numbers', () => {
  const count = (number: number): string => t('home.unsaved', { count: number })
  speak('pl', { 'home.unsaved': { one: '{count} zmiana', few: '{count} zmiany', other: '{count} zmian' } })
  expect([1, 3, 5, 22].map(count)).toEqual(['1 zmiana', '3 zmiany', '5 zmian', '22 zmiany'])
  speak('ar-EG', { 'home.unsaved': { two: 'تعديلان', other: '{count} تعديلات' } })
  expect([2, 3].map(count)).toEqual(['تعديلان', '٣ تعديلات'])
})

test('something else than text may stand in a sentence', () => {
  const element = { tag: 'bdi' }
  expect(tParts('share.heading', { title: element })).toEqual(['Share “', element, '”'])
  speak('de', { 'share.heading': '„{title}“ teilen' })
  expect(tParts('share.heading', { title: element })).toEqual(['„', element, '“ teilen'])
})

test('who has no name is called something in each language', () => {
  expect(called('Anna')).toBe('Anna')
  speak('de', { 'people.unnamed': 'Gast' })
  expect(called(unnamed)).toBe('Gast')
})
