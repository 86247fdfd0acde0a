/** Emacs' keys, as `keys.ts` fetches them, with our undo. */
import { emacs, EmacsHandler } from '@replit/codemirror-emacs'
import type { Extension } from '@codemirror/state'
import { blockCaret } from './block-caret.ts'
import { find } from './search.ts'
import { endUndoStep, redo, undo } from './undo.ts'

EmacsHandler.bindKey('C-/|C-x u|S-C--|C-z', undo)
EmacsHandler.bindKey('S-C-/|S-C-x u|C--|S-C-z', redo)
EmacsHandler.bindKey('C-s|C-r', find)

interface KillRingCommand {
  exec: (handler: EmacsHandler, ...rest: readonly unknown[]) => void
}

before('yank', ({ view }) => endUndoStep(view))
// It takes back what was yanked, by a history that is not here, before it yanks what was killed earlier.
before('yankRotate', ({ view, $data }) => {
  if ($data.lastCommand === 'yank') undo(view)
})

function before(name: string, act: (handler: EmacsHandler) => void): void {
  // The package types its table of commands as anything.
  const command = EmacsHandler.commands[name] as KillRingCommand
  const { exec } = command
  command.exec = (handler, ...rest) => {
    act(handler)
    exec(handler, ...rest)
  }
}

export function emacsKeys(): Extension {
  return [emacs(), blockCaret()]
}
