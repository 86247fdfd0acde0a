/** A bracket or a mark typed over selected words goes around them, in Markdown; nothing is closed that is merely typed. */
import type { Extension } from '@codemirror/state'
import { EditorSelection } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { isMarkdown } from './markdown-places.ts'

const closing: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '*': '*',
  _: '_',
  '`': '`',
  '~': '~',
}

export function wrapSelection(): Extension {
  return EditorView.inputHandler.of((view, _from, _to, text) => {
    const { state } = view
    const close = closing[text]
    if (close === undefined || view.composing || state.readOnly || !isMarkdown(state)) return false
    if (state.selection.ranges.some(({ empty }) => empty)) return false
    view.dispatch(
      state.update(
        state.changeByRange(({ from, to, anchor, head }) => ({
          changes: [
            { from, insert: text },
            { from: to, insert: close },
          ],
          range: EditorSelection.range(anchor + text.length, head + text.length),
        })),
        { userEvent: 'input.type', scrollIntoView: true },
      ),
    )
    return true
  })
}
