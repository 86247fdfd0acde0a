/**
 * The page: paper, ink and measure. Every value is one of the tokens (`tokens.css`), custom properties that reach
 * the editor wherever it stands, inside a shadow root too.
 */
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'

/** Fills the box it is put in; the text scrolls within. */
export function theme(): Extension {
  // CodeMirror lets what comes first win.
  return [phone, page]
}

const page = EditorView.theme({
  '&': { '--face': 'var(--prose)', height: '100%', color: 'var(--ink)' },
  '&.cm-font-serif': { '--face': "ui-serif, 'Iowan Old Style', Charter, Georgia, serif" },
  '&.cm-font-sans': { '--face': 'var(--sans)' },
  '&.cm-font-mono': { '--face': 'var(--mono)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    // This room belongs to the lines, since selections are drawn from where the text of a line begins.
    '--gutter': 'var(--space-5)',
    font: 'var(--text-size, max(var(--step-1), var(--typed)))/1.72 var(--face)',
    letterSpacing: '0.002em',
    overflow: 'auto',
  },
  '.cm-content': {
    maxWidth: 'calc(var(--measure) + 2 * var(--gutter))',
    margin: '0 auto',
    padding: 'var(--space-6) 0 33vh',
    caretColor: 'var(--ink)',
    fontVariantLigatures: 'none',
  },
  '.cm-line': { padding: '0 var(--gutter)' },
  '.cm-line ::selection, .cm-line::selection': {
    background: 'color-mix(in oklab, var(--ink) 16%, transparent)',
  },
  // Beside numbers the text stands as a page does, with them in its margin.
  '.cm-gutters': {
    fontFamily: 'var(--mono)',
    fontSize: '0.8em',
    // As high as the lines beside it.
    lineHeight: '2.15',
    color: 'var(--ink-soft)',
    background: 'var(--paper)',
    border: '0',
    fontVariantNumeric: 'tabular-nums',
    paddingInlineStart: 'var(--space-2)',
  },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '3ch', paddingInline: '4px 0' },
  '&:not(.cm-isCode) .cm-scroller:has(> .cm-gutters)': { justifyContent: 'center' },
  '&:not(.cm-isCode) .cm-gutters + .cm-content': { margin: '0', flexShrink: '1' },
  '&.cm-isCode .cm-scroller': {
    '--gutter': 'var(--space-4)',
    fontSize: 'var(--text-size, var(--step-0))',
    lineHeight: '1.6',
  },
  '&.cm-isCode .cm-line': { direction: 'ltr' },
  '&.cm-isCode .cm-content': { maxWidth: 'none', margin: '0', paddingTop: 'var(--space-5)' },
  '&.cm-isCode .cm-gutters': { lineHeight: '2' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    background: 'none',
    outline: '1px solid var(--ink-faint)',
    borderRadius: '2px',
  },
  '.cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket': {
    background: 'none',
    color: 'var(--rubric)',
  },
  '.cm-placeholder': { color: 'var(--ink-soft)' },
  '.cm-dropCursor': { borderLeft: '2px solid var(--ink)' },
  '@media print': { '.cm-content': { paddingBottom: '0' } },
})

const phone = EditorView.theme({
  '@media (max-width: 600px)': {
    '.cm-scroller': {
      '--gutter': 'var(--space-4)',
      fontSize: 'var(--text-size, max(1rem, var(--typed)))',
      lineHeight: '1.66',
    },
    '.cm-content': { padding: 'var(--space-5) 0 40vh' },
  },
})
