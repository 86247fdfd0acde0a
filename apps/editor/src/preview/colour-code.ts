/** The colours of a piece of code, as the editor's own parsers see it. Runs in the page, where the editor has them already. */
import { LanguageDescription } from '@codemirror/language'
import { languages } from '@codemirror/language-data'
import { highlightTree } from '@lezer/highlight'
import { codeClasses } from './code-classes.ts'
import type { ColouredSpan } from './messages.ts'

/** Longer code stays plain: typing goes first. */
const maxLength = 100_000
const patienceMs = 30

/** Empty for a language that nobody knows, and for code that takes too long to parse. */
export async function colourCode(name: string, code: string): Promise<readonly ColouredSpan[]> {
  const description = LanguageDescription.matchLanguageName(languages, name, false)
  if (!description || code.length > maxLength) return []
  const { language } = await description.load()
  const parsing = language.parser.startParse(code)
  const until = performance.now() + patienceMs
  let tree = parsing.advance()
  while (!tree && performance.now() < until) tree = parsing.advance()
  if (!tree) return []
  const spans: ColouredSpan[] = []
  highlightTree(tree, codeClasses, (from, to, classes) => void spans.push([from, to, classes]))
  return spans
}
