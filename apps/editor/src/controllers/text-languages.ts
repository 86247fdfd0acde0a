/**
 * The languages a text may be in, as they are offered and as files end that are in them. A document holds the id, which
 * is the name by which the editor finds the language; Markdown is what a document without one is in.
 */

import { t } from '../words/index.ts'

export interface TextLanguage {
  readonly id: string
  /** A proper name, the same in every language of the interface; '' for what has none. */
  readonly name: string
  /** Without dots; the first is what a file is given. */
  readonly endings: readonly string[]
}

export const markdownId = ''

/** What has no marks and no grammar. */
export const plainId = 'text'

export const textLanguages: readonly TextLanguage[] = [
  { id: markdownId, name: 'Markdown', endings: ['md', 'markdown', 'mkd'] },
  {
    id: plainId,
    name: '',
    // None that a system would run: whoever may write gives a document its name.
    endings: ['txt', 'text', 'log', 'csv', 'tsv', 'ini', 'cfg', 'conf', 'rst', 'adoc', 'org', 'srt', 'vtt'],
  },
  { id: 'c', name: 'C', endings: ['c', 'h'] },
  { id: 'c++', name: 'C++', endings: ['cpp', 'cc', 'cxx', 'hpp', 'hh'] },
  { id: 'c#', name: 'C#', endings: ['cs'] },
  { id: 'clojure', name: 'Clojure', endings: ['clj', 'cljc'] },
  { id: 'css', name: 'CSS', endings: ['css'] },
  { id: 'dart', name: 'Dart', endings: ['dart'] },
  { id: 'diff', name: 'diff', endings: ['diff', 'patch'] },
  { id: 'elm', name: 'Elm', endings: ['elm'] },
  { id: 'erlang', name: 'Erlang', endings: ['erl'] },
  { id: 'go', name: 'Go', endings: ['go'] },
  { id: 'haskell', name: 'Haskell', endings: ['hs'] },
  { id: 'html', name: 'HTML', endings: ['html', 'htm'] },
  { id: 'java', name: 'Java', endings: ['java'] },
  { id: 'javascript', name: 'JavaScript', endings: ['js', 'mjs', 'cjs'] },
  { id: 'json', name: 'JSON', endings: ['json'] },
  { id: 'julia', name: 'Julia', endings: ['jl'] },
  { id: 'kotlin', name: 'Kotlin', endings: ['kt', 'kts'] },
  { id: 'latex', name: 'LaTeX', endings: ['tex', 'ltx'] },
  { id: 'lua', name: 'Lua', endings: ['lua'] },
  { id: 'ocaml', name: 'OCaml', endings: ['ml', 'mli'] },
  { id: 'perl', name: 'Perl', endings: ['pl', 'pm'] },
  { id: 'php', name: 'PHP', endings: ['php'] },
  { id: 'powershell', name: 'PowerShell', endings: ['ps1', 'psm1'] },
  { id: 'python', name: 'Python', endings: ['py'] },
  { id: 'r', name: 'R', endings: ['r'] },
  { id: 'ruby', name: 'Ruby', endings: ['rb'] },
  { id: 'rust', name: 'Rust', endings: ['rs'] },
  { id: 'scala', name: 'Scala', endings: ['scala'] },
  { id: 'scheme', name: 'Scheme', endings: ['scm'] },
  { id: 'shell', name: 'Shell', endings: ['sh', 'bash'] },
  { id: 'sql', name: 'SQL', endings: ['sql'] },
  { id: 'swift', name: 'Swift', endings: ['swift'] },
  { id: 'toml', name: 'TOML', endings: ['toml'] },
  { id: 'tsx', name: 'TSX', endings: ['tsx'] },
  { id: 'typescript', name: 'TypeScript', endings: ['ts', 'mts', 'cts'] },
  { id: 'xml', name: 'XML', endings: ['xml', 'svg', 'xsd'] },
  { id: 'yaml', name: 'YAML', endings: ['yaml', 'yml'] },
]

/** Of a file of this name; undefined if nothing is known of its ending. */
export function languageOfFile(name: string): TextLanguage | undefined {
  const ending = /\.(?<ending>[^.]+)$/.exec(name)?.groups?.['ending']?.toLowerCase()
  return ending === undefined ? undefined : textLanguages.find(({ endings }) => endings.includes(ending))
}

/** How a file ends that is in the language of this id. */
export function endingOf(id: string): string {
  return textLanguages.find((language) => language.id === id)?.endings[0] ?? 'txt'
}

/** As people read it. One that is not on the list is called by its id. */
export function languageName(id: string): string {
  if (id === plainId) return t('language.plain')
  return textLanguages.find((language) => language.id === id)?.name ?? id
}
