/** The words of the interface in the language of whoever reads them. English is here, or comes with what says it; others are fetched. */
import type { Catalogue, Entry, ParametersOf } from './catalogue.ts'
import { english } from './english.ts'
import type { WholeEnglish } from './whole-english.ts'

export type WordKey = keyof WholeEnglish

/** Other elements than text may stand in a sentence; its count is always a number. */
type Parameters<Source extends Catalogue, Key extends keyof Source, Value> = {
  readonly [Name in ParametersOf<Source[Key]>]: Name extends 'count' ? number : Value
}

type Arguments<Source extends Catalogue, Key extends keyof Source> = [ParametersOf<Source[Key]>] extends [
  never,
]
  ? readonly []
  : readonly [parameters: Parameters<Source, Key, string | number>]

/** `t` for a page that speaks these texts. */
export type Say<Source extends Catalogue> = <Key extends keyof Source>(
  key: Key,
  ...parameters: Arguments<Source, Key>
) => string

/** `tParts` likewise. */
export type SayInParts<Source extends Catalogue> = <Key extends keyof Source>(
  key: Key,
  parameters: Parameters<Source, Key, unknown>,
) => unknown[]

/** Whoever has said nothing of their language reads English as it is written where it comes from. */
export const firstLanguage = 'en-GB'

let language = firstLanguage
let catalogue: Catalogue = {}
/** In English: of what is here. */
const known: Partial<Record<WordKey, Entry>> = { ...english }
let pluralRules = new Intl.PluralRules(language)
let numbers = new Intl.NumberFormat(language)

/** To be called before anything is shown. A text that the catalogue lacks is English. */
export function speak(tag: string, texts: Catalogue): void {
  language = tag
  catalogue = texts
  pluralRules = new Intl.PluralRules(tag)
  numbers = new Intl.NumberFormat(tag)
}

/** For a part that is fetched with its first use, before it says anything: other languages have its texts anyway. */
export function bring(texts: Partial<Record<WordKey, Entry>>): void {
  Object.assign(known, texts)
}

/** BCP 47, for `Intl` and for `lang`. */
export function spokenLanguage(): string {
  return language
}

/** The text under this key, with its parameters put in. Numbers are written as the language writes them. */
export function t<Key extends WordKey>(key: Key, ...[parameters]: Arguments<WholeEnglish, Key>): string {
  return pieces(key, parameters ?? {}).join('')
}

/** The same in pieces, for a sentence in which something else than text stands. */
export function tParts<Key extends WordKey>(
  key: Key,
  parameters: Parameters<WholeEnglish, Key, unknown>,
): unknown[] {
  return pieces(key, parameters)
}

function pieces(key: WordKey, parameters: Readonly<Record<string, unknown>>): unknown[] {
  // Whatever says a text brings it, which is tested; a key in its place is less bad than no page.
  const entry = catalogue[key] ?? known[key] ?? key
  // Every other piece is the name of a parameter.
  return formOf(entry, parameters['count'])
    .split(/\{(\w+)\}/u)
    .map((piece, index) => (index % 2 === 0 ? piece : written(parameters[piece])))
}

function formOf(entry: Entry, count: unknown): string {
  return typeof entry === 'string' ? entry : (entry[pluralRules.select(Number(count))] ?? entry.other)
}

function written(value: unknown): unknown {
  return typeof value === 'number' ? numbers.format(value) : value
}
