/**
 * Keys that reach for the whole text. Of a long one only what is near the view is on the page, and a browser that is left to
 * itself takes that for all there is.
 */
import { EditorSelection, Prec, type Extension } from '@codemirror/state'
import { keymap, type Command, type EditorView } from '@codemirror/view'

/** For whoever is quicker than the commands that are fetched after the text: those come before these. */
export function wholeTextKeys(): Extension {
  return Prec.lowest(
    keymap.of([
      { key: 'Mod-Home', mac: 'Cmd-ArrowUp', run: goTo(start), shift: extendTo(start) },
      { key: 'Mod-End', mac: 'Cmd-ArrowDown', run: goTo(end), shift: extendTo(end) },
      { key: 'Mod-a', run: (view) => select(view, start(view), end(view)) },
    ]),
  )
}

type Place = (view: EditorView) => number

const start: Place = () => 0
const end: Place = ({ state }) => state.doc.length

function goTo(place: Place): Command {
  return (view) => select(view, place(view))
}

function extendTo(place: Place): Command {
  return (view) => select(view, view.state.selection.main.anchor, place(view))
}

function select(view: EditorView, anchor: number, head = anchor): boolean {
  view.dispatch({
    selection: EditorSelection.single(anchor, head),
    scrollIntoView: true,
    userEvent: 'select',
  })
  return true
}
