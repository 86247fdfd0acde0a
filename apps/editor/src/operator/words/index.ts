/** The words of the operator's page: those of the editor's pages, and its own, which the editor does not load. */
import { english } from '../../words/english.ts'
import type { Catalogue } from '../../words/catalogue.ts'
import { isEnglish, languages, learn } from '../../words/index.ts'
import {
  firstLanguage,
  speak,
  t as say,
  tParts as sayInParts,
  type Say,
  type SayInParts,
} from '../../words/words.ts'
import type { shareEnglish } from '../../words/share-english.ts'
import { operatorEnglish } from './english.ts'

/** All but English are fetched. */
export const operatorTexts: Readonly<Record<string, () => Promise<Catalogue>>> = {
  en: () => Promise.resolve(operatorEnglish),
  de: async () => (await import('./german.ts')).operatorGerman,
}

type Texts = typeof english & typeof shareEnglish & typeof operatorEnglish

// What is spoken after `learnAll` has the entries of both.
export const t = say as unknown as Say<Texts>
export const tParts = sayInParts as unknown as SayInParts<Texts>

/** As `learn`, with the words of this page. */
export async function learnAll(tag: string): ReturnType<typeof learn> {
  const { language } = new Intl.Locale(tag)
  try {
    const [texts, own] = await Promise.all([
      isEnglish(tag) ? {} : languages[language]?.texts(),
      operatorTexts[language]?.(),
    ])
    if (texts && own) {
      speak(tag, { ...operatorEnglish, ...texts, ...own })
      return { tag, direction: languages[language]?.direction ?? 'ltr' }
    }
  } catch {
    // They cannot be had: then English it is.
  }
  speak(firstLanguage, { ...english, ...operatorEnglish })
  return { tag: firstLanguage, direction: 'ltr' }
}
