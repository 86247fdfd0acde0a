/**
 * Everything one can do to a text, in one list: the keys are bound from it, and whatever shows commands (a palette, a
 * help page) reads it too.
 */
import {
  addCursorAbove,
  addCursorBelow,
  copyLineDown,
  deleteLine,
  indentLess,
  indentMore,
  moveLineDown,
  moveLineUp,
  toggleComment,
} from '@codemirror/commands'
import { foldAll, foldCode, unfoldAll, unfoldCode } from '@codemirror/language'
import { Prec, type Extension, type StateCommand } from '@codemirror/state'
import type { Command, KeyBinding } from '@codemirror/view'
import { EditorView, keymap } from '@codemirror/view'
import { commandsEnglish } from '../words/commands-english.ts'
import { bring, t, type WordKey } from '../words/index.ts'
import {
  toggleLink,
  toggleBold,
  toggleInlineCode,
  toggleItalic,
  toggleStrikethrough,
} from './inline-markup.ts'
import {
  demoteHeading,
  promoteHeading,
  setHeading,
  toggleBulletedList,
  toggleCodeBlock,
  toggleNumberedList,
  toggleQuote,
  toggleTask,
  toggleTaskList,
} from './line-markup.ts'
import { isModified, openLink } from './links.ts'
import {
  find,
  findAndReplace,
  findNext,
  findPrevious,
  goToLine,
  selectAllOccurrences,
  selectNextOccurrence,
} from './search.ts'
import { shiftItems } from './shift-items.ts'
import { sortLines } from './sort-lines.ts'
import { alignTable } from './tables.ts'
import { endUndoStep, redo, undo } from './undo.ts'

bring(commandsEnglish)

export interface EditorCommand {
  readonly id: string
  /** In the language of the interface. */
  title(): string
  /** As CodeMirror writes keys: `Mod` is Cmd on a Mac and Ctrl elsewhere. */
  readonly keys?: { readonly mac?: string; readonly key: string }
  /** Not for readers. */
  readonly writes: boolean
  /** Tells whether there was anything to do. */
  run(view: EditorView): boolean
}

export const editorCommands: readonly EditorCommand[] = [
  writing('bold', 'command.bold', toggleBold, 'Mod-b'),
  writing('italic', 'command.italic', toggleItalic, 'Mod-i'),
  writing('strikethrough', 'command.strikethrough', toggleStrikethrough, 'Mod-Shift-x'),
  writing('inline-code', 'command.inlineCode', toggleInlineCode, 'Mod-e'),
  writing('link', 'command.link', toggleLink, 'Mod-k'),
  writing('heading-1', 'command.heading1', setHeading(1), 'Mod-Alt-1'),
  writing('heading-2', 'command.heading2', setHeading(2), 'Mod-Alt-2'),
  writing('heading-3', 'command.heading3', setHeading(3), 'Mod-Alt-3'),
  writing('heading-none', 'command.headingNone', setHeading(0), 'Mod-Alt-0'),
  writing('heading-up', 'command.headingUp', promoteHeading),
  writing('heading-down', 'command.headingDown', demoteHeading),
  writing('bulleted-list', 'command.bulletedList', toggleBulletedList, 'Mod-Shift-8'),
  writing('numbered-list', 'command.numberedList', toggleNumberedList, 'Mod-Shift-7'),
  writing('task-list', 'command.taskList', toggleTaskList, 'Mod-Shift-9'),
  writing('toggle-task', 'command.toggleTask', toggleTask, 'Mod-Enter'),
  writing('quote', 'command.quote', toggleQuote, 'Mod-Shift-.'),
  writing('code-block', 'command.codeBlock', toggleCodeBlock, 'Mod-Alt-c'),
  writing('align-table', 'command.alignTable', alignTable),
  reading('open-link', 'command.openLink', openLink, 'Alt-Enter'),
  writing('move-line-up', 'command.moveLineUp', moveLineUp, 'Alt-ArrowUp'),
  writing('move-line-down', 'command.moveLineDown', moveLineDown, 'Alt-ArrowDown'),
  writing('copy-line', 'command.copyLine', copyLineDown, 'Shift-Alt-ArrowDown'),
  writing('delete-line', 'command.deleteLine', deleteLine, 'Shift-Mod-k'),
  writing('indent', 'command.indent', either(shiftItems('in'), indentMore), 'Mod-]'),
  writing('dedent', 'command.dedent', either(shiftItems('out'), indentLess), 'Mod-['),
  writing('toggle-comment', 'command.toggleComment', toggleComment, 'Mod-/'),
  writing('sort-lines', 'command.sortLines', sortLines),
  reading('find', 'command.find', find, 'Mod-f'),
  writing('find-and-replace', 'command.findAndReplace', findAndReplace, 'Ctrl-h', 'Cmd-Alt-f'),
  reading('find-next', 'command.findNext', findNext, 'F3', 'Cmd-g'),
  reading('find-previous', 'command.findPrevious', findPrevious, 'Shift-F3', 'Shift-Cmd-g'),
  reading('go-to-line', 'command.goToLine', goToLine, 'Mod-Alt-g'),
  reading('select-next', 'command.selectNext', selectNextOccurrence, 'Mod-d'),
  reading('select-all-same', 'command.selectAllSame', selectAllOccurrences, 'Mod-Shift-l'),
  reading('add-cursor-above', 'command.addCursorAbove', addCursorAbove, 'Mod-Alt-ArrowUp'),
  reading('add-cursor-below', 'command.addCursorBelow', addCursorBelow, 'Mod-Alt-ArrowDown'),
  reading('fold', 'command.fold', foldCode, 'Ctrl-Shift-[', 'Cmd-Alt-['),
  reading('unfold', 'command.unfold', unfoldCode, 'Ctrl-Shift-]', 'Cmd-Alt-]'),
  reading('fold-all', 'command.foldAll', foldAll, 'Ctrl-Alt-['),
  reading('unfold-all', 'command.unfoldAll', unfoldAll, 'Ctrl-Alt-]'),
  // Their keys come with the history itself.
  writing('undo', 'command.undo', undo, 'Mod-z'),
  writing('redo', 'command.redo', redo, 'Mod-Shift-z'),
]

type CommandWord = Extract<WordKey, `command.${string}`>

/** The keys of all commands, or of those whose key is free. */
export function commandKeys(isFree: (key: string) => boolean = () => true): Extension {
  const bindings = editorCommands.flatMap(({ keys, run }): KeyBinding[] =>
    keys !== undefined && isFree(keys.key) ? [{ ...keys, run, preventDefault: true }] : [],
  )
  return [shiftedDigits(bindings), keymap.of(bindings)]
}

/**
 * Shift makes of a digit whatever a keyboard has there: a slash of the 7, on German ones, which is the key of another command.
 * So these go by where the key is, before any goes by its sign.
 */
function shiftedDigits(bindings: readonly KeyBinding[]): Extension {
  const commands = new Map(bindings.map(({ key, run }) => [key, run]))
  return Prec.high(
    EditorView.domEventHandlers({
      keydown(event, view) {
        const { code, shiftKey, altKey } = event
        if (!code.startsWith('Digit') || !isModified(event) || !shiftKey || altKey) return false
        const run = commands.get(code.replace('Digit', 'Mod-Shift-'))
        run?.(view)
        return run !== undefined
      },
    }),
  )
}

function reading(id: string, title: CommandWord, run: Command, key?: string, mac?: string): EditorCommand {
  return command({ id, title, run, key, mac, writes: false })
}

function writing(id: string, title: CommandWord, run: Command, key?: string, mac?: string): EditorCommand {
  return command({
    id,
    title,
    run(view) {
      if (view.state.readOnly) return false
      // However soon after what was typed: to take it back takes back nothing else.
      endUndoStep(view)
      const isDone = run(view)
      endUndoStep(view)
      return isDone
    },
    key,
    mac,
    writes: true,
  })
}

function command(made: {
  readonly id: string
  readonly title: CommandWord
  readonly run: Command
  readonly key: string | undefined
  readonly mac: string | undefined
  readonly writes: boolean
}): EditorCommand {
  const { id, title, run, key, mac, writes } = made
  return {
    id,
    title: () => t(title),
    ...(key !== undefined && { keys: { key, ...(mac !== undefined && { mac }) } }),
    writes,
    run,
  }
}

function either(first: StateCommand, second: StateCommand): StateCommand {
  return (target) => first(target) || second(target)
}
