/** The language somebody chose for the interface on this device; undefined: whatever their browser asks for. */
import { languages } from '../words/index.ts'
import { storedValue, type StoredValue } from './stored-value.ts'

export function storedLanguage(): StoredValue<string | undefined> {
  return storedValue({ name: 'quire.language', parse: parseLanguage })
}

/**
 * The tags somebody wants, most wanted first. What they chose has no region; how they write dates and numbers, the browser
 * knows.
 */
export function wantedLanguages(chosen: string | undefined, asked: readonly string[]): readonly string[] {
  if (chosen === undefined) return asked
  return [...asked.filter((tag) => tag === chosen || tag.startsWith(`${chosen}-`)), chosen]
}

/** Of another version, it may be a language that this one does not have. */
function parseLanguage(stored: unknown): string | undefined {
  return typeof stored === 'string' && Object.hasOwn(languages, stored) ? stored : undefined
}
