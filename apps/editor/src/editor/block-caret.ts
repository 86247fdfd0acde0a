/**
 * How Vim's and Emacs' own caret and line of status look here. They hide the browser's caret and selection, so someone has to
 * draw one.
 */
import type { Extension } from '@codemirror/state'
import { drawSelection, EditorView } from '@codemirror/view'

export function blockCaret(): Extension {
  return [drawSelection({ cursorBlinkRate: 0 }), look]
}

const look = EditorView.theme({
  '.cm-panel.cm-vim-panel': {
    font: 'var(--step--1)/1.5 var(--mono)',
    color: 'var(--ink-soft)',
    background: 'var(--leaf)',
    padding: 'var(--space-1) var(--space-4)',
    minHeight: '0',
  },
  '.cm-panel.cm-vim-panel input, .cm-panel.cm-vim-panel input:focus-visible': {
    font: 'inherit',
    color: 'var(--ink)',
    background: 'none',
    border: '0',
    outline: 'none',
  },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--rule)' },
  // Theirs is drawn with the highest precedence.
  '.cm-cursorLayer .cm-fat-cursor': {
    background: 'var(--ink) !important',
    color: 'var(--paper) !important',
  },
  '&:not(.cm-focused) .cm-cursorLayer .cm-fat-cursor': {
    background: 'none !important',
    outline: '1px solid var(--ink-soft) !important',
    color: 'transparent !important',
  },
  '.cm-selectionBackground': {
    background: 'color-mix(in oklab, var(--ink) 16%, transparent) !important',
  },
})
