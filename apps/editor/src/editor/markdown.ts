/**
 * How Markdown looks while it is written: marks stay where they are and turn faint, so letters never move when a
 * caret passes. Built on `@lezer/markdown` alone; `@codemirror/lang-markdown` brings HTML, CSS and JavaScript along.
 */
import type { Extension } from '@codemirror/state'
import {
  defineLanguageFacet,
  HighlightStyle,
  indentNodeProp,
  Language,
  languageDataProp,
  LanguageSupport,
  ParseContext,
  syntaxHighlighting,
} from '@codemirror/language'
import { Prec } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import type { Parser } from '@lezer/common'
import { styleTags, Tag, tags } from '@lezer/highlight'
import { parseCode } from '@lezer/markdown'
import { boundedMarkdown } from './bounded-markdown.ts'
import { codeHighlight, codeLook } from './code-colours.ts'
import { continueMarkup, eraseMarkup } from './continue-markup.ts'
import { foldBlocks } from './folding.ts'
import { markdownLines } from './markdown-lines.ts'
import { nearView } from './near-view.ts'
import { recount } from './recount.ts'

export function markdown(): Extension {
  return new LanguageSupport(markdownLanguage, [
    syntaxHighlighting(inkAndRubric),
    syntaxHighlighting({ ...codeHighlight, scope: (top) => top.prop(languageDataProp) !== facts }),
    markdownLines(),
    codeLook(),
    classLook,
    recount,
    // Before what these keys do elsewhere.
    Prec.high(
      keymap.of([
        { key: 'Enter', run: continueMarkup },
        { key: 'Backspace', run: eraseMarkup },
      ]),
    ),
  ])
}

const listMark = Tag.define()
const taskMarker = Tag.define()
const linkTarget = Tag.define()

const facts = defineLanguageFacet({
  commentTokens: { block: { open: '<!--', close: '-->' } },
  closeBrackets: { brackets: [] },
})

type CodeLanguages = typeof import('./code-languages.ts')

let codeLanguages: CodeLanguages | undefined
let cannotFetch = false

/** The first block of code fetches what knows of languages; until it is there, and if it cannot be, code stays plain. */
function codeParser(info: string): Parser | null {
  if (info === '' || cannotFetch) return null
  if (codeLanguages) return codeLanguages.parserFor(info) ?? null
  return ParseContext.getSkippingParser(fetchLanguages())
}

async function fetchLanguages(): Promise<void> {
  try {
    codeLanguages = await import('./code-languages.ts')
  } catch {
    cannotFetch = true
  }
}

const markdownLanguage = new Language(
  facts,
  nearView(
    boundedMarkdown([
      {
        props: [
          languageDataProp.add({ Document: facts }),
          foldBlocks,
          // A new line is indented like the one before it.
          indentNodeProp.add({ Document: () => null }),
          styleTags({
            ListMark: listMark,
            TaskMarker: taskMarker,
            'Link/URL Image/URL Link/LinkTitle Image/LinkTitle LinkReference/URL': linkTarget,
          }),
        ],
      },
      parseCode({ codeParser }),
    ]),
  ),
  [],
  'markdown',
)

const faint = 'var(--ink-faint)'
const soft = 'var(--ink-soft)'

/** Sizes of headings are the business of their lines (`markdown-lines.ts`): a line and its letters must agree. */
const inkAndRubric = HighlightStyle.define(
  [
    { tag: tags.heading, fontWeight: '700' },
    { tag: tags.strong, fontWeight: '700' },
    { tag: tags.emphasis, fontStyle: 'italic' },
    { tag: tags.strikethrough, textDecoration: 'line-through' },
    { tag: tags.quote, color: soft },
    { tag: [tags.link, tags.url], class: 'cm-link' },
    { tag: tags.monospace, class: 'cm-code' },
    { tag: [tags.labelName, tags.comment, tags.character], color: soft },
    { tag: tags.contentSeparator, color: faint },
    { tag: tags.escape, color: faint },
    { tag: tags.processingInstruction, class: 'cm-mark' },
    { tag: linkTarget, class: 'cm-link cm-linkTarget' },
    { tag: listMark, color: 'var(--rubric)', fontWeight: '400' },
    { tag: taskMarker, class: 'cm-task' },
  ],
  { scope: markdownLanguage },
)

const classLook = EditorView.theme({
  '.cm-link': {
    textDecoration: 'underline',
    textDecorationColor: 'var(--rubric)',
    textDecorationThickness: '1px',
    textUnderlineOffset: '3px',
  },
  '.cm-linkTarget': { color: soft, textDecoration: 'none', fontWeight: '400' },
  '.cm-mark': { color: faint, fontWeight: '400', fontStyle: 'normal', textDecoration: 'none' },
  '.cm-task': { color: 'var(--rubric)', fontWeight: '400' },
})
