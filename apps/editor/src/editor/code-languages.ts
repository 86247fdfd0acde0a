/**
 * The languages that code is written in, each fetched when a text first has some of it. Knows a language by its name,
 * another name for it or the ending of its files.
 */
import type { LanguageSupport } from '@codemirror/language'
import { LanguageDescription, ParseContext } from '@codemirror/language'
import type { Parser } from '@lezer/common'

/** Of Markdown we have a parser of our own, which no text can overwhelm. */
const markdownNames = new Set(['markdown', 'md', 'mkd', 'gfm'])

type Languages = readonly LanguageDescription[]

let known: Languages | undefined
/** Names that are no language, or one that could not be fetched: asking for it anew with each parse would never end. */
const unknownNames = new Set<string>()

/** The parser for a code block that says it is in this language; undefined if it stays plain. */
export function parserFor(info: string): Parser | undefined {
  const name = (/^[^\s{,]*/u.exec(info)?.[0] ?? '').toLowerCase()
  if (name === '' || markdownNames.has(name) || unknownNames.has(name)) return undefined
  const support = known && describe(known, name)?.support
  if (support) return support.language.parser
  // Parses again when it is there.
  return ParseContext.getSkippingParser(load(name))
}

async function load(name: string): Promise<LanguageSupport | undefined> {
  const support = await loadLanguage(name).catch(() => undefined)
  if (!support) unknownNames.add(name)
  return support
}

/** Undefined if there is no language of this name. Rejects if it cannot be fetched. */
export async function loadLanguage(name: string): Promise<LanguageSupport | undefined> {
  known ??= (await import('@codemirror/language-data')).languages
  return describe(known, name.toLowerCase())?.load()
}

function describe(languages: Languages, name: string): LanguageDescription | undefined {
  return (
    LanguageDescription.matchLanguageName(languages, name, false) ??
    languages.find(({ extensions }) => extensions.includes(name))
  )
}
