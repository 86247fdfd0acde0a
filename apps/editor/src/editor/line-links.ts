/**
 * Places that are told by a letter rather than by a number, so that a link to a line leads there whatever was written
 * above it since. A place comes with an address, which anyone may have written: it is read through a grammar.
 */
import { StateEffect, StateField, type Extension } from '@codemirror/state'
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view'
import * as Y from 'yjs'

/** Two numbers of at most 53 bits and a few signs around them take about 20 bytes. */
const grammar = /^[\w-]{2,64}$/

/** The place of the line in which `index` is, as a few letters that may stand in an address. */
export function placeOfLine(text: Y.Text, index: number): string {
  const start = text.toString().lastIndexOf('\n', index - 1) + 1
  const position = Y.createRelativePositionFromTypeIndex(text, start)
  return toBase64Url(Y.encodeRelativePosition(position))
}

/** Where that place is now; undefined if it is none of this text, or that part of the text has not arrived. Never throws. */
export function indexOfPlace(text: Y.Text, place: string): number | undefined {
  if (!text.doc || !grammar.test(place)) return undefined
  try {
    const position = Y.decodeRelativePosition(fromBase64Url(place))
    // Asked for the name of another root, Yjs would make one.
    if (position.item === null) return position.tname === rootNameOf(text) ? text.length : undefined
    const found = Y.createAbsolutePositionFromRelativePosition(position, text.doc)
    return found?.type === text ? found.index : undefined
  } catch {
    return undefined // no position, or an id that never was one
  }
}

function rootNameOf(text: Y.Text): string | null {
  return Y.createRelativePositionFromTypeIndex(text, text.length).tname
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}

function fromBase64Url(letters: string): Uint8Array {
  return Uint8Array.from(atob(letters.replaceAll('-', '+').replaceAll('_', '/')), (sign) =>
    sign.charCodeAt(0),
  )
}

/** Long enough to find it with the eye. */
const markedMs = 3_000

const mark = StateEffect.define<number | undefined>()

const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, { changes, effects }) {
    let next = lines.map(changes)
    for (const effect of effects)
      if (effect.is(mark))
        next = effect.value === undefined ? Decoration.none : Decoration.set(linkedLine.range(effect.value))
    return next
  },
  provide: (field) => EditorView.decorations.from(field),
})

const linkedLine = Decoration.line({ class: 'cm-linkedLine' })

const look = EditorView.theme({
  '.cm-linkedLine': { background: 'var(--rubric-wash)', borderRadius: '4px' },
})

export function lineLinks(): Extension {
  return [marked, look]
}

/** Brings the line that `index` is in into view and marks it for a moment. The caret stays where it is. */
export function showLine(view: EditorView, index: number): void {
  const { from } = view.state.doc.lineAt(Math.min(index, view.state.doc.length))
  view.dispatch({
    effects: [mark.of(from), EditorView.scrollIntoView(from, { y: 'center' })],
  })
  setTimeout(() => {
    // To a view that is gone by then, nothing happens.
    if (view.dom.isConnected) view.dispatch({ effects: mark.of(undefined) })
  }, markedMs)
}
