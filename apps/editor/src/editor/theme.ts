/**
 * The page: paper, ink and measure. Every value is one of the tokens (`tokens.css`), custom properties that reach
 * the editor wherever it stands, inside a shadow root too.
 */
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'

/** Fills the box it is put in; the text scrolls within. */
export function theme(): Extension {
  // CodeMirror lets what comes first win.
  return [phone, page, searchPanel]
}

const page = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    // This room belongs to the lines, since selections are drawn from where the text of a line begins.
    '--gutter': 'var(--space-5)',
    font: 'var(--step-1)/1.72 var(--prose)',
    letterSpacing: '0.002em',
    overflowX: 'hidden',
    overflowY: 'auto',
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
  '.cm-placeholder': { color: 'var(--ink-soft)' },
  '.cm-dropCursor': { borderLeft: '2px solid var(--ink)' },
  '@media print': { '.cm-content': { paddingBottom: '0' } },
})

const phone = EditorView.theme({
  '@media (max-width: 600px)': {
    '.cm-scroller': { '--gutter': 'var(--space-4)', fontSize: '1rem', lineHeight: '1.66' },
    '.cm-content': { padding: 'var(--space-5) 0 40vh' },
  },
})

const searchPanel = EditorView.theme({
  '.cm-panels': { background: 'var(--leaf)', color: 'var(--ink)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--rule)' },
  '.cm-panel.cm-search': {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: 'var(--space-1) var(--space-2)',
    paddingBlock: 'var(--space-2)',
    paddingInline: 'var(--space-4) 44px',
    font: 'var(--step--1)/1.5 var(--sans)',
  },
  '.cm-panel.cm-search br': { display: 'block', width: '100%', height: '0', content: '""' },
  '.cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label': { margin: '0' },
  '.cm-panel.cm-search label': {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '5px',
    font: 'inherit',
    color: 'var(--ink-soft)',
    padding: '4px',
  },
  '.cm-panel.cm-search input[type=checkbox]': { margin: '0', accentColor: 'var(--ink)' },
  '.cm-panel .cm-textfield': {
    flex: '0 1 220px',
    minWidth: '120px',
    font: 'inherit',
    color: 'var(--ink)',
    background: 'var(--paper)',
    border: '1px solid var(--rule)',
    borderRadius: 'var(--radius)',
    padding: '5px 9px',
  },
  '.cm-panel .cm-button, .cm-panel.cm-search [name=close]': {
    font: 'inherit',
    fontWeight: '560',
    color: 'var(--ink-soft)',
    background: 'none',
    border: '0',
    borderRadius: 'var(--radius)',
    padding: '6px 9px',
    cursor: 'pointer',
  },
  '.cm-panel .cm-button:hover, .cm-panel.cm-search [name=close]:hover': { color: 'var(--ink)' },
  '.cm-panel.cm-search [name=close]': {
    top: 'var(--space-2)',
    right: 'auto',
    insetInlineEnd: 'var(--space-3)',
    fontSize: '20px',
    lineHeight: '20px',
  },
  '.cm-panel :focus-visible': { outline: '2px solid var(--ink)', outlineOffset: '1px' },
  '.cm-searchMatch': { background: 'color-mix(in oklab, var(--ink) 12%, transparent)', borderRadius: '2px' },
  '.cm-searchMatch.cm-searchMatch-selected': {
    background: 'color-mix(in oklab, var(--ink) 26%, transparent)',
  },
})
