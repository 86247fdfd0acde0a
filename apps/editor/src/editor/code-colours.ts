/**
 * How code is coloured, in the editor and wherever else code is shown: classes by what a word is, and few colours. Most of
 * it is ink; what is quoted, what is named and what is only remarked stands apart.
 */
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import type { Highlighter } from '@lezer/highlight'
import { tagHighlighter, tags } from '@lezer/highlight'

/** For `highlightTree` and `syntaxHighlighting`. */
export const codeHighlight: Highlighter = tagHighlighter([
  { tag: tags.comment, class: 'code-comment' },
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.self], class: 'code-keyword' },
  { tag: [tags.string, tags.regexp, tags.special(tags.string), tags.inserted], class: 'code-string' },
  {
    tag: [tags.number, tags.bool, tags.null, tags.atom, tags.unit, tags.color, tags.escape],
    class: 'code-literal',
  },
  {
    tag: [
      tags.typeName,
      tags.className,
      tags.namespace,
      tags.tagName,
      tags.macroName,
      tags.definition(tags.propertyName),
      tags.labelName,
    ],
    class: 'code-type',
  },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: 'code-function' },
  { tag: [tags.attributeName, tags.propertyName], class: 'code-property' },
  { tag: [tags.meta, tags.processingInstruction, tags.documentMeta], class: 'code-meta' },
  { tag: [tags.punctuation, tags.operator], class: 'code-punctuation' },
  { tag: tags.heading, class: 'code-heading' },
  { tag: tags.emphasis, class: 'code-emphasis' },
  { tag: tags.strong, class: 'code-strong' },
  { tag: [tags.invalid, tags.deleted], class: 'code-invalid' },
])

/** Each 4.5:1 or more on paper, on leaf and on what lies under code. */
const blue = 'light-dark(oklch(0.46 0.09 255), oklch(0.76 0.08 250))'
const green = 'light-dark(oklch(0.46 0.08 150), oklch(0.77 0.08 150))'
const plum = 'light-dark(oklch(0.46 0.1 330), oklch(0.77 0.08 330))'

/** What the classes look like, by selector. */
export const codeColours: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '.code-comment': { color: 'var(--ink-soft)', fontStyle: 'italic' },
  '.code-keyword': { color: blue },
  '.code-string': { color: green },
  '.code-literal': { color: plum },
  '.code-type': { color: plum },
  '.code-function': { fontWeight: '560' },
  '.code-meta': { color: 'var(--ink-soft)' },
  '.code-punctuation': { color: 'var(--ink-soft)' },
  '.code-heading': { fontWeight: '700' },
  '.code-emphasis': { fontStyle: 'italic' },
  '.code-strong': { fontWeight: '700' },
  '.code-invalid': { color: 'var(--rubric)' },
}

export function codeLook(): Extension {
  return EditorView.theme({ ...codeColours })
}
