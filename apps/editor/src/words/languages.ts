/** The languages in which the interface can be read, and which of them somebody reads best. */
import type { Catalogue } from './catalogue.ts'
import { firstLanguage, speak } from './words.ts'

interface Language {
  readonly direction: 'ltr' | 'rtl'
  /** All of them, fetched as a file of its own: nobody who reads English needs that. */
  readonly texts: () => Promise<Catalogue>
}

/** By their BCP 47 language subtag. */
export const languages: Readonly<Record<string, Language>> = {
  en: { direction: 'ltr', texts: async () => (await import('./whole-english.ts')).wholeEnglish },
  de: { direction: 'ltr', texts: async () => (await import('./german.ts')).german },
}

/** The first of these tags, most wanted first, for which there are words. Its region tells how dates and numbers are written. */
export function bestLanguage(wanted: readonly string[]): string {
  return wanted.find((tag) => languageOf(tag) !== undefined) ?? firstLanguage
}

/**
 * Speaks this language, which is one of `bestLanguage`, and tells what is spoken now: English, if the words cannot be had. A
 * page without a network that has not kept them is still of use.
 */
export async function learn(
  tag: string,
): Promise<{ readonly tag: string; readonly direction: 'ltr' | 'rtl' }> {
  const language = languageOf(tag)
  const texts = isEnglish(tag) ? {} : await language?.texts().catch(() => undefined)
  if (!language || !texts) return { tag: firstLanguage, direction: 'ltr' }
  speak(tag, texts)
  return { tag, direction: language.direction }
}

/** English needs no translation of what others say in English. */
export function isEnglish(tag: string): boolean {
  return subtagOf(tag) === 'en'
}

function languageOf(tag: string): Language | undefined {
  const subtag = subtagOf(tag)
  return subtag !== undefined && Object.hasOwn(languages, subtag) ? languages[subtag] : undefined
}

/** Undefined for what is no tag: it comes from browsers, and from what is stored. */
function subtagOf(tag: string): string | undefined {
  try {
    return new Intl.Locale(tag).language
  } catch {
    return undefined
  }
}
