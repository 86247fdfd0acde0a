/**
 * What Tab does. Where it indents, or goes from cell to cell, Escape and then Tab within two seconds leaves the text:
 * CodeMirror's own way out, which other people's keys must not take away.
 */
import { indentLess, indentMore } from '@codemirror/commands'
import { indentUnit } from '@codemirror/language'
import type { EditorState, Extension, StateCommand } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { codeBlockAt, markdownAt } from './markdown-places.ts'
import { shiftItems } from './shift-items.ts'
import { nextCell, previousCell } from './table-cells.ts'

const timeToLeaveMs = 2_000

export function tabKey(indents: 'everywhere' | 'lists and code'): Extension {
  const indentsAt = (state: EditorState): boolean =>
    !state.readOnly && (indents === 'everywhere' || isListOrCode(state))
  return [
    keymap.of([
      {
        key: 'Tab',
        run: (view) => nextCell(view) || (indentsAt(view.state) && indent(view)),
        shift: (view) =>
          previousCell(view) || (indentsAt(view.state) && (shiftItems('out')(view) || indentLess(view))),
      },
    ]),
    EditorView.domEventObservers({
      keydown(event, view) {
        if (event.key === 'Escape') view.setTabFocusMode(timeToLeaveMs)
      },
    }),
  ]
}

function isListOrCode(state: EditorState): boolean {
  const { head } = state.selection.main
  return markdownAt(state, head, ['ListItem']) !== undefined || codeBlockAt(state, head) !== undefined
}

const indent: StateCommand = (target) => {
  const { state, dispatch } = target
  if (!codeBlockAt(state, state.selection.main.head) && shiftItems('in')(target)) return true
  if (state.selection.ranges.some((range) => !range.empty)) return indentMore(target)
  const unit = state.facet(indentUnit)
  dispatch(
    state.update(
      state.changeByRange((range) => {
        const line = state.doc.lineAt(range.head)
        const column = range.head - line.from
        const insert = unit === '\t' ? unit : ' '.repeat(unit.length - (column % unit.length))
        return {
          changes: { from: range.head, insert },
          range: range.map(state.changes({ from: range.head, insert }), 1),
        }
      }),
      { scrollIntoView: true, userEvent: 'input' },
    ),
  )
  return true
}
