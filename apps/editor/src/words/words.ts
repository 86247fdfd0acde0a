/** The words of the interface in the language of whoever reads them. English is here; others are fetched. */
import type { Catalogue, Entry, ParametersOf } from './catalogue.ts'
import { english } from './english.ts'

export type WordKey = keyof typeof english

type Arguments<Key extends WordKey> = keyof ParametersOf<(typeof english)[Key]> extends never
  ? readonly []
  : readonly [parameters: ParametersOf<(typeof english)[Key]>]

let language = 'en'
let catalogue: Catalogue = english
let pluralRules = new Intl.PluralRules(language)
let numbers = new Intl.NumberFormat(language)

/** To be called before anything is shown. A text that the catalogue lacks is English. */
export function speak(tag: string, texts: Catalogue): void {
  language = tag
  catalogue = { ...english, ...texts }
  pluralRules = new Intl.PluralRules(tag)
  numbers = new Intl.NumberFormat(tag)
}

/** BCP 47, for `Intl` and for `lang`. */
export function spokenLanguage(): string {
  return language
}

/** The text under this key, with its parameters put in. */
export function t<Key extends WordKey>(key: Key, ...[parameters]: Arguments<Key>): string {
  const values: Readonly<Record<string, string | number>> = parameters ?? {}
  return formOf(catalogue[key] ?? english[key], values['count']).replaceAll(
    /\{(\w+)\}/gu,
    (hole, name: string) => {
      const value = values[name]
      return typeof value === 'number' ? numbers.format(value) : (value ?? hole)
    },
  )
}

function formOf(entry: Entry, count: string | number | undefined): string {
  return typeof entry === 'string' ? entry : (entry[pluralRules.select(Number(count))] ?? entry.other)
}
