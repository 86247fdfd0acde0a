/**
 * Several carets and selections at once. The browser draws the main one, as phones and screen readers know it; only the
 * others are drawn here.
 */
import type { Extension, SelectionRange } from '@codemirror/state'
import { EditorSelection, EditorState } from '@codemirror/state'
import { crosshairCursor, EditorView, layer, RectangleMarker, rectangularSelection } from '@codemirror/view'

export function selections(): Extension {
  return [
    EditorState.allowMultipleSelections.of(true),
    rectangularSelection(),
    crosshairCursor(),
    drawOthers('cm-otherSelection', false, (range) => range),
    drawOthers('cm-otherCaret', true, ({ head, assoc }) => EditorSelection.cursor(head, assoc)),
    look,
  ]
}

function drawOthers(
  className: string,
  above: boolean,
  drawnRange: (range: SelectionRange) => SelectionRange,
): Extension {
  return layer({
    above,
    class: `${className}s`,
    update: ({ docChanged, selectionSet }) => docChanged || selectionSet,
    markers(view) {
      const { main, ranges } = view.state.selection
      return ranges
        .filter((range) => range !== main && (above || !range.empty))
        .flatMap((range) => RectangleMarker.forRange(view, className, drawnRange(range)))
    },
  })
}

const look = EditorView.theme({
  '.cm-otherSelection, .cm-otherCaret': { forcedColorAdjust: 'none' },
  '.cm-otherSelection': { background: 'color-mix(in oklab, var(--ink) 16%, transparent)' },
  '.cm-otherCaret': { borderInlineStart: '1.5px solid var(--ink)', marginInlineStart: '-0.75px' },
  '&:not(.cm-focused) .cm-otherCaret': { opacity: '0.4' },
})
