/** The boxes of task lists, ticked by a click. With the keyboard it is a command (`toggleTask`). */
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { markdownAt } from './markdown-places.ts'

export function tasks(): Extension {
  return [tickOnClick, look]
}

const tickOnClick = EditorView.domEventHandlers({
  // On `mousedown`, so that neither the caret moves nor a phone's keyboard rises.
  mousedown(event, view) {
    const isOnBox = event.target instanceof Element && event.target.closest('.cm-task') !== null
    if (!isOnBox || event.button !== 0 || event.shiftKey || event.altKey || view.state.readOnly) return false
    const position = view.posAtCoords(event, false)
    const box = markdownAt(view.state, position, ['TaskMarker'])
    if (!box) return false
    const isTicked = view.state.sliceDoc(box.from + 1, box.from + 2) !== ' '
    view.dispatch({
      changes: { from: box.from + 1, to: box.from + 2, insert: isTicked ? ' ' : 'x' },
      userEvent: 'input',
    })
    return true
  },
})

const look = EditorView.theme({
  '&:not(.cm-readOnly) .cm-task': { cursor: 'pointer' },
})
