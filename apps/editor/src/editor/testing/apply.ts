/** For tests: what a command makes of a text, in which `|` is a caret and `‹…›` a selection. */
import { ensureSyntaxTree } from '@codemirror/language'
import type { Extension, StateCommand } from '@codemirror/state'
import { ChangeSet, EditorSelection, EditorState } from '@codemirror/state'

/** Undefined if the command leaves it to others. */
export function apply(
  command: StateCommand,
  marked: string,
  extensions: Extension = [],
  caret = '|',
): string | undefined {
  let state = read(marked, extensions, caret)
  ensureSyntaxTree(state, state.doc.length)
  const handled = command({
    state,
    dispatch: (transaction) => {
      state = transaction.state
    },
  })
  return handled ? write(state, caret) : undefined
}

/** What the text says if someone else types the `^` before they see what the command does. */
export function applyMeanwhile(
  command: StateCommand,
  marked: string,
  extensions: Extension = [],
  caret = '|',
): string {
  const at = read(marked, extensions, caret).doc.toString().indexOf('^')
  const state = read(marked.replace('^', ''), extensions, caret)
  ensureSyntaxTree(state, state.doc.length)
  const typed = ChangeSet.of({ from: at, insert: '^' }, state.doc.length)
  let text = typed.apply(state.doc)
  command({
    state,
    dispatch: ({ changes }) => {
      text = changes.map(typed).apply(text)
    },
  })
  return text.toString()
}

function read(marked: string, extensions: Extension, caret: string): EditorState {
  const ranges = []
  let doc = ''
  let anchor = 0
  for (const character of marked) {
    if (character === caret) ranges.push(EditorSelection.cursor(doc.length))
    else if (character === '‹') anchor = doc.length
    else if (character === '›') ranges.push(EditorSelection.range(anchor, doc.length))
    else doc += character
  }
  return EditorState.create({
    doc,
    selection: EditorSelection.create(ranges),
    extensions: [EditorState.allowMultipleSelections.of(true), extensions],
  })
}

function write({ doc, selection }: EditorState, caret: string): string {
  let marked = doc.toString()
  for (const { from, to, empty } of selection.ranges.toReversed()) {
    marked = empty
      ? `${marked.slice(0, from)}${caret}${marked.slice(from)}`
      : `${marked.slice(0, from)}‹${marked.slice(from, to)}›${marked.slice(to)}`
  }
  return marked
}
