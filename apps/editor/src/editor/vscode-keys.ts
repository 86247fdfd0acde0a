/** VS Code's keys, as `keys.ts` fetches them, with our undo, search and Tab. */
import { redo as theirRedo, undo as theirUndo, undoSelection } from '@codemirror/commands'
import {
  gotoLine,
  openSearchPanel,
  replaceAll,
  selectMatches,
  selectNextOccurrence,
  selectSelectionMatches,
} from '@codemirror/search'
import type { Extension } from '@codemirror/state'
import type { Command, KeyBinding } from '@codemirror/view'
import { keymap } from '@codemirror/view'
import { vscodeKeymap } from '@replit/codemirror-vscode-keymap'
import { commandKeys } from './commands.ts'
import { find, goToLine, selectAllOccurrences, selectNextOccurrence as selectNext } from './search.ts'
import { redo, undo } from './undo.ts'

const ours = new Map<Command | undefined, Command>([
  [theirUndo, undo],
  [theirRedo, redo],
  [openSearchPanel, find],
  [gotoLine, goToLine],
  [selectNextOccurrence, selectNext],
  [selectSelectionMatches, selectAllOccurrences],
])

/** There is no history of selections here; and the panel has its own keys. */
const unwelcome = new Set<Command | undefined>([undoSelection, selectMatches, replaceAll])

export function vscodeKeys(): Extension {
  const bindings = vscodeKeymap
    .filter(({ key, run }: KeyBinding) => key !== 'Tab' && key !== 'Enter' && !unwelcome.has(run))
    .map((binding: KeyBinding): KeyBinding => {
      const run = ours.get(binding.run) ?? binding.run
      return run ? { ...binding, run } : binding
    })
  // A key that begins several of theirs cannot be one of ours.
  const prefixes = new Set(bindings.flatMap(({ key }) => (key?.includes(' ') ? [key.split(' ')[0]] : [])))
  return [keymap.of(bindings), commandKeys((key) => !prefixes.has(key))]
}
