/**
 * Lays out each line from the side on which its language begins: what its first letter says, not what the page or the line
 * before does. A line without letters goes on like the one above it, so that the caret of who writes stays on their side.
 */
import type { Extension, Range, Text } from '@codemirror/state'
import type { DecorationSet, ViewUpdate } from '@codemirror/view'
import { Decoration, EditorView, ViewPlugin } from '@codemirror/view'
import { directionOf, type Direction } from './direction-of.ts'

export function lineDirection(): Extension {
  return [EditorView.perLineTextDirection.of(true), directions]
}

/** A line may be a whole book; who writes one begins with a word. */
const begunWithin = 400

const directions = ViewPlugin.define(
  (view) => ({
    decorations: direct(view),
    update({ docChanged, viewportChanged, view: updated }: ViewUpdate) {
      if (docChanged || viewportChanged) this.decorations = direct(updated)
    },
  }),
  { decorations: (plugin): DecorationSet => plugin.decorations },
)

const shapes = {
  ltr: Decoration.line({ attributes: { dir: 'ltr' } }),
  rtl: Decoration.line({ attributes: { dir: 'rtl' } }),
}

function direct({ state: { doc }, viewport }: EditorView): DecorationSet {
  const decorations: Range<Decoration>[] = []
  let line = doc.lineAt(viewport.from)
  let direction = directionAbove(doc, line.number)
  for (;;) {
    direction =
      directionOf(doc.sliceString(line.from, Math.min(line.to, line.from + begunWithin))) ?? direction
    if (direction) decorations.push(shapes[direction].range(line.from))
    if (line.to >= viewport.to) return Decoration.set(decorations)
    line = doc.line(line.number + 1)
  }
}

/** Beyond this many lines without a letter, nobody remembers what was above them. */
const reach = 20

function directionAbove(doc: Text, number: number): Direction | undefined {
  for (let above = number - 1; above > Math.max(0, number - reach); above--) {
    const { from, to } = doc.line(above)
    const direction = directionOf(doc.sliceString(from, Math.min(to, from + begunWithin)))
    if (direction) return direction
  }
  return undefined
}
