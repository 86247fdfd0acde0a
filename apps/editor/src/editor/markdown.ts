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
  syntaxHighlighting,
} from '@codemirror/language'
import { Prec } from '@codemirror/state'
import { keymap } from '@codemirror/view'
import { styleTags, Tag, tags } from '@lezer/highlight'
import { boundedMarkdown } from './bounded-markdown.ts'
import { continueMarkup } from './continue-markup.ts'
import { markdownLines } from './markdown-lines.ts'

export function markdown(): Extension {
  return new LanguageSupport(markdownLanguage, [
    syntaxHighlighting(inkAndRubric),
    markdownLines(),
    // Before the default Enter.
    Prec.high(keymap.of([{ key: 'Enter', run: continueMarkup }])),
  ])
}

const listMark = Tag.define()
const linkTarget = Tag.define()

const facts = defineLanguageFacet({
  commentTokens: { block: { open: '<!--', close: '-->' } },
  closeBrackets: { brackets: [] },
})

const markdownLanguage = new Language(
  facts,
  boundedMarkdown({
    props: [
      languageDataProp.add({ Document: facts }),
      // A new line is indented like the one before it.
      indentNodeProp.add({ Document: () => null }),
      styleTags({
        ListMark: listMark,
        TaskMarker: listMark,
        'Link/URL Image/URL Link/LinkTitle Image/LinkTitle LinkReference/URL': linkTarget,
      }),
    ],
  }),
  [],
  'markdown',
)

const faint = 'var(--ink-faint)'
const soft = 'var(--ink-soft)'

/** Sizes of headings are the business of their lines (`markdown-lines.ts`): a line and its letters must agree. */
const inkAndRubric = HighlightStyle.define([
  { tag: tags.heading, fontWeight: '700' },
  { tag: tags.strong, fontWeight: '700' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strikethrough, textDecoration: 'line-through' },
  { tag: tags.quote, color: soft },
  {
    tag: [tags.link, tags.url],
    textDecoration: 'underline',
    textDecorationColor: 'var(--rubric)',
    textDecorationThickness: '1px',
    textUnderlineOffset: '3px',
  },
  { tag: tags.monospace, class: 'cm-code' },
  { tag: [tags.labelName, tags.comment, tags.character], color: soft },
  { tag: tags.contentSeparator, color: faint },
  { tag: tags.escape, color: faint },
  {
    tag: tags.processingInstruction,
    color: faint,
    fontWeight: '400',
    fontStyle: 'normal',
    textDecoration: 'none',
  },
  { tag: linkTarget, color: soft, textDecoration: 'none', fontWeight: '400' },
  { tag: listMark, color: 'var(--rubric)', fontWeight: '400' },
])
