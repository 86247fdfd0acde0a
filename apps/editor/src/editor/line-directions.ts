/** Lines of scripts that are written from right to left run from right to left, each by its own first letter. */
import type { Extension, Range } from '@codemirror/state'
import type { DecorationSet, ViewUpdate } from '@codemirror/view'
import { Decoration, EditorView, ViewPlugin } from '@codemirror/view'
import { codeBlockAt } from './markdown-places.ts'

export function lineDirections(): Extension {
  return [EditorView.perLineTextDirection.of(true), directions]
}

/** Hebrew, Arabic and their neighbours; in the second plane, Adlam and the old scripts. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

const directions = ViewPlugin.define(
  (view) => ({
    decorations: findDirections(view),
    update({ docChanged, viewportChanged, view: updated }: ViewUpdate) {
      if (docChanged || viewportChanged) this.decorations = findDirections(updated)
    },
  }),
  { decorations: (plugin): DecorationSet => plugin.decorations },
)

function findDirections({ state, visibleRanges }: EditorView): DecorationSet {
  const decorations: Range<Decoration>[] = []
  for (const { from, to } of visibleRanges) {
    if (!rightToLeft.test(state.doc.sliceString(from, to))) continue
    for (let at = from; at <= to;) {
      const line = state.doc.lineAt(at)
      if (rightToLeft.test(line.text) && !codeBlockAt(state, line.from))
        decorations.push(ownDirection.range(line.from))
      at = line.to + 1
    }
  }
  return Decoration.set(decorations)
}

const ownDirection = Decoration.line({ attributes: { dir: 'auto' } })
