/** Vim's keys, as `keys.ts` fetches them, with our undo. */
import { CodeMirror, getCM, vim } from '@replit/codemirror-vim'
import type { Extension } from '@codemirror/state'
import { ViewPlugin, type EditorView } from '@codemirror/view'
import { blockCaret } from './block-caret.ts'
import { matchLook } from './match-look.ts'
import { endUndoStep, redo, undo, undoStepsAreTold } from './undo.ts'

CodeMirror.commands.undo = (cm: { readonly cm6: EditorView }) => undo(cm.cm6)
CodeMirror.commands.redo = (cm: { readonly cm6: EditorView }) => redo(cm.cm6)

export function vimKeys(): Extension {
  return [vim({ status: true }), blockCaret(), matchLook, undoStepsAreTold.of(true), stepPerCommand]
}

/** Each command of Vim is taken back by itself, however fast it follows another, with all that is written until Escape. */
const stepPerCommand = ViewPlugin.define((view) => {
  const endStep = (): void => {
    // There, each letter is one of its commands.
    if (!getCM(view)?.state.vim?.insertMode) endUndoStep(view)
  }
  getCM(view)?.on('vim-command-done', endStep)
  return {
    destroy: () => getCM(view)?.off('vim-command-done', endStep),
  }
})
