/** Vim's keys, as `keys.ts` fetches them, with our undo. */
import { CodeMirror, getCM, vim } from '@replit/codemirror-vim'
import type { Extension } from '@codemirror/state'
import { drawSelection, EditorView, ViewPlugin } from '@codemirror/view'
import { endUndoStep, redo, undo, undoStepsAreTold } from './undo.ts'

CodeMirror.commands.undo = (cm: { readonly cm6: EditorView }) => undo(cm.cm6)
CodeMirror.commands.redo = (cm: { readonly cm6: EditorView }) => redo(cm.cm6)

export function vimKeys(): Extension {
  // It draws its own caret, so the browser's selection is hidden, and someone has to draw one.
  return [
    vim({ status: true }),
    drawSelection({ cursorBlinkRate: 0 }),
    undoStepsAreTold.of(true),
    stepPerCommand,
    look,
  ]
}

/** Each command of Vim is taken back by itself, however fast it follows another. */
const stepPerCommand = ViewPlugin.define((view) => {
  const endStep = (): void => endUndoStep(view)
  getCM(view)?.on('vim-command-done', endStep)
  return {
    destroy: () => getCM(view)?.off('vim-command-done', endStep),
  }
})

const look = EditorView.theme({
  '.cm-vim-panel': {
    font: 'var(--step--1)/1.5 var(--mono)',
    color: 'var(--ink-soft)',
    background: 'var(--leaf)',
    padding: 'var(--space-1) var(--space-4)',
    minHeight: '0',
  },
  '.cm-vim-panel input': {
    font: 'inherit',
    color: 'var(--ink)',
    background: 'none',
    border: '0',
    outline: 'none',
  },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--rule)' },
  '& .cm-fat-cursor': { background: 'var(--ink)', color: 'var(--paper) !important' },
  '&:not(.cm-focused) .cm-fat-cursor': {
    background: 'none',
    outline: '1px solid var(--ink-soft)',
    color: 'transparent !important',
  },
  '.cm-selectionBackground': { background: 'color-mix(in oklab, var(--ink) 16%, transparent) !important' },
})
