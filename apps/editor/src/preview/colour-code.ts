/** The colours of a piece of code, as the editor's own parsers see it. Runs in the page, where the editor has them already. */
import { LanguageDescription } from '@codemirror/language'
import { languages } from '@codemirror/language-data'
import { highlightTree } from '@lezer/highlight'
import { codeHighlight } from '../editor/code-colours.ts'
import type { ColouredSpan } from './messages.ts'

/** Longer code stays plain: typing goes first. */
const maxLength = 100_000
const sliceMs = 8

/** Empty for a language that nobody knows. Parses in slices, between which others get to work. */
export async function colourCode(name: string, code: string): Promise<readonly ColouredSpan[]> {
  const description = LanguageDescription.matchLanguageName(languages, name, false)
  if (!description || code.length > maxLength) return []
  const { language } = await description.load()
  const parsing = language.parser.startParse(code)
  let tree = parsing.advance()
  for (let until = performance.now() + sliceMs; !tree; tree = parsing.advance()) {
    if (performance.now() < until) continue
    // oxlint-disable-next-line no-await-in-loop -- to let others work meanwhile is what it is for
    await new Promise((resolve) => setTimeout(resolve))
    until = performance.now() + sliceMs
  }
  const spans: ColouredSpan[] = []
  highlightTree(tree, codeHighlight, (from, to, classes) => void spans.push([from, to, classes]))
  return spans
}
