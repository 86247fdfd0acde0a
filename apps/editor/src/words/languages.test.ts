import { maxNameCodePoints } from '@quire/protocol'
import { afterEach, describe, expect, test } from 'vitest'
import type { Catalogue, Entry } from './catalogue.ts'
import { operatorEnglish } from '../operator/words/english.ts'
import { operatorTexts } from '../operator/words/index.ts'
import { bestLanguage, languages, learn } from './languages.ts'
import { wholeEnglish } from './whole-english.ts'
import { firstLanguage, speak, spokenLanguage, t } from './words.ts'

afterEach(() => speak(firstLanguage, {}))

describe('the language somebody reads', () => {
  test.each([
    ['de-AT', ['de-AT', 'en']],
    ['en-US', ['fr-FR', 'en-US', 'de']],
    ['de', ['nonsense!', '', 'de']],
    ['en-GB', ['fr', 'constructor']],
    ['en-GB', []],
  ])('is %s of %j', (best, wanted) => {
    expect(bestLanguage(wanted)).toBe(best)
  })

  test('is spoken once its words are there', async () => {
    expect(await learn('de-CH')).toEqual({ tag: 'de-CH', direction: 'ltr' })
    expect(spokenLanguage()).toBe('de-CH')
    expect(t('home.new')).toBe('Neues Dokument')
  })

  test('is English if its words cannot be had', async () => {
    expect(await learn('fr')).toEqual({ tag: 'en-GB', direction: 'ltr' })
    expect(t('home.new')).toBe('New document')
  })
})

const formsOf = (entry: Entry): Readonly<Record<string, string>> =>
  typeof entry === 'string' ? { other: entry } : entry

/** In CodeMirror's words, a number stands for `$`. */
const holesIn = (text: string): string[] => (text.match(/\{\w+\}|\$/gu) ?? []).toSorted()

/** Each has the same holes but for the count, which a form for a single number may leave out or say in words. */
const differs = (own: string, text: string): boolean => {
  const [ours, theirs] = [own, text].map((some) => holesIn(some).filter((hole) => hole !== '{count}'))
  return String(ours) !== String(theirs)
}

/** Says of each text what is wrong with it. */
function faults(tag: string, texts: Catalogue, source: Catalogue = wholeEnglish): string[] {
  const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.toSorted()
  return Object.entries(source).flatMap(([key, original]) => {
    const entry = texts[key]
    if (entry === undefined) return [`${key} is missing`]
    if (typeof entry !== typeof original) return [`${key} has other forms`]
    const forms = formsOf(entry)
    return [
      ...(typeof entry === 'object' && String(Object.keys(forms).toSorted()) !== String(categories)
        ? [`${key} is to have the forms ${categories.join(', ')}`]
        : []),
      ...Object.values(forms).flatMap((text) => [
        ...(differs(formsOf(original)['other'] ?? '', text) ? [`${key} has other parameters: ${text}`] : []),
        ...(text.trim() === text && text !== '' ? [] : [`${key} is empty, or begins or ends with a space`]),
        ...(text.includes('!') ? [`${key} shouts: ${text}`] : []),
      ]),
      ...(String(holesIn(forms['other'] ?? '')) === String(holesIn(formsOf(original)['other'] ?? ''))
        ? []
        : [`${key} does not tell its count`]),
    ]
  })
}

describe.each(Object.keys(languages))('the words of %s', (tag) => {
  const texts = async (): Promise<Catalogue> => (await languages[tag]?.texts()) ?? {}

  test('are all there, each with the parameters of the English one', async () => {
    expect(faults(tag, await texts())).toEqual([])
  })

  test('are no others', async () => {
    expect(Object.keys(await texts()).filter((key) => !(key in wholeEnglish))).toEqual([])
  })

  test('have names for guests that can be told apart', async () => {
    const said = (await texts())['guest.names']
    const names = typeof said === 'string' ? said.split(' ') : []
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThanOrEqual(40)
    for (const name of names) expect(name).toMatch(new RegExp(`^\\p{L}{1,${maxNameCodePoints}}$`, 'u'))
  })
})

test.each<[string, string, Entry | undefined]>([
  ['is missing', 'home.new', undefined],
  ['has other forms', 'home.unsaved', '{count} Änderungen'],
  ['is to have the forms', 'home.unsaved', { other: '{count} Änderungen' }],
  ['has other parameters', 'home.forgetNamed', '{nam} vergessen'],
  ['has other parameters', 'search.replaced', 'Treffer ersetzt'],
  ['is empty', 'home.new', ''],
  ['shouts', 'home.new', 'Neu!'],
  ['does not tell its count', 'home.unsaved', { one: 'eine Änderung', other: 'viele Änderungen' }],
])('a text that %s is noticed', async (fault, key, entry) => {
  const german = await languages['de']?.texts()
  const { [key]: _, ...others } = { ...german }
  expect(faults('de', entry === undefined ? others : { ...others, [key]: entry }).join()).toContain(fault)
})

/** The keys of those that say the same in both. */
function sameIn(german: Catalogue, source: Catalogue): string[] {
  return Object.entries(source).flatMap(([key, entry]) =>
    Object.values(formsOf(entry)).some((text) => Object.values(formsOf(german[key] ?? '')).includes(text))
      ? [key]
      : [],
  )
}

test('no German text was left in English', async () => {
  const german = (await languages['de']?.texts()) ?? {}
  expect(sameIn(german, wholeEnglish)).toEqual([
    'app.pageTitle',
    'document.text',
    'people.more',
    'saveState.offline',
    'key.escape',
    'keys.text',
    'share.link',
    'command.inlineCode',
    'command.link',
  ])
})

describe('the words of the operator’s page', () => {
  test('are there in every language of the editor, each with the parameters of the English one', async () => {
    expect(Object.keys(operatorTexts)).toEqual(Object.keys(languages))
    for (const [tag, texts] of Object.entries(operatorTexts))
      expect(faults(tag, await texts(), operatorEnglish)).toEqual([])
  })

  test('hide none of the editor’s, which the page says too', () => {
    expect(Object.keys(operatorEnglish).filter((key) => key in wholeEnglish)).toEqual([])
  })

  test('were not left in English', async () => {
    const german = (await operatorTexts['de']?.()) ?? {}
    expect(sameIn(german, operatorEnglish)).toEqual(['glance.savesBoth', 'list.links', 'record.links'])
  })
})
