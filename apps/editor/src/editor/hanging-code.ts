/**
 * A line of code that is longer than the page is wide goes on below its own beginning, and not at the edge, where it would
 * seem to be outside of what it is in. Only what is in view is looked at.
 */
import type { EditorState, Extension, Range } from '@codemirror/state'
import { countColumn } from '@codemirror/state'
import type { DecorationSet, ViewUpdate } from '@codemirror/view'
import { Decoration, EditorView, ViewPlugin } from '@codemirror/view'

export function hangingCode(): Extension {
  return [hanging, look]
}

/** In columns: a phone has some forty. Tabs of any width end there. */
const deepest = 24

const hanging = ViewPlugin.define(
  (view) => ({
    decorations: hang(view),
    wraps: view.lineWrapping,
    update({ docChanged, viewportChanged, startState, state, view: updated }: ViewUpdate) {
      const { wraps } = this
      this.wraps = updated.lineWrapping
      if (docChanged || viewportChanged || wraps !== this.wraps || startState.tabSize !== state.tabSize)
        this.decorations = hang(updated)
    },
  }),
  { decorations: (plugin): DecorationSet => plugin.decorations },
)

function hang({ state, visibleRanges, lineWrapping }: EditorView): DecorationSet {
  if (!lineWrapping) return Decoration.none
  const decorations: Range<Decoration>[] = []
  for (const { from, to } of visibleRanges)
    for (let line = state.doc.lineAt(from); ; line = state.doc.line(line.number + 1)) {
      const shape = shapes[depthOf(state, line.from, line.to)]
      if (shape) decorations.push(shape.range(line.from))
      if (line.to >= to) break
    }
  return Decoration.set(decorations)
}

/** In columns. A tab ends where it would without us if what it hangs by is whole tabs. */
function depthOf({ doc, tabSize }: EditorState, from: number, to: number): number {
  const [space = ''] = /^[\t ]*/.exec(doc.sliceString(from, Math.min(to, from + deepest))) ?? []
  const depth = Math.min(countColumn(space, tabSize), deepest)
  return space.includes('\t') ? depth - (depth % tabSize) : depth
}

const shapes: readonly (Decoration | undefined)[] = Array.from({ length: deepest + 1 }, (_, depth) =>
  depth === 0
    ? undefined
    : Decoration.line({ class: 'cm-hangingCode', attributes: { style: `--depth: ${depth}ch` } }),
)

const look = EditorView.theme({
  '.cm-line.cm-hangingCode': {
    paddingInlineStart: 'calc(var(--gutter, 0px) + var(--depth))',
    textIndent: 'calc(-1 * var(--depth))',
  },
  // Boxes within a line would begin by it, too.
  '.cm-hangingCode > *': { textIndent: '0' },
})
