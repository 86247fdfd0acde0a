/** Tells whoever shows it where in the text one is: the caret, what is selected, what is at the top. */
import type { EditorState, Extension } from '@codemirror/state'
import { EditorView, ViewPlugin, type PluginValue, type ViewUpdate } from '@codemirror/view'
import { lineAtTop } from './scroll-lines.ts'

export interface ReadingPlace {
  /** Of the caret, both from 1. A column is a character as people see it, as long as the line is not of a monstrous length. */
  readonly line: number
  readonly column: number
  /** How many characters are selected. */
  readonly selected: number
  /** The line whose text is at the top of what is seen. */
  readonly topLine: number
}

/** Whoever writes looks at the text, and what is said beside it would be painted with every key. */
const pauseMs = 100

type Listener = (place: ReadingPlace) => void

export function readingPlace(listener: Listener): Extension {
  return ViewPlugin.define((view) => new Reporter(view, listener), {
    eventObservers: {
      scroll(_event, view) {
        this.schedule(view)
      },
    },
  })
}

class Reporter implements PluginValue {
  readonly #listener: Listener
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(view: EditorView, listener: Listener) {
    this.#listener = listener
    this.schedule(view)
  }

  update({ docChanged, selectionSet, geometryChanged, view }: ViewUpdate): void {
    if (docChanged || selectionSet || geometryChanged) this.schedule(view)
  }

  destroy(): void {
    clearTimeout(this.#timer)
  }

  schedule(view: EditorView): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#listener(placeIn(view))
    }, pauseMs)
  }
}

const longLine = 5_000
const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

function placeIn(view: EditorView): ReadingPlace {
  const { state } = view
  const { head } = state.selection.main
  const { number, from, text } = state.doc.lineAt(head)
  const before = text.slice(0, head - from)
  const column = before.length > longLine ? before.length : [...characters.segment(before)].length
  return {
    line: number,
    column: column + 1,
    selected: selectedIn(state),
    topLine: Math.floor(lineAtTop(view)) + 1,
  }
}

function selectedIn({ selection }: EditorState): number {
  return selection.ranges.reduce((sum, { from, to }) => sum + to - from, 0)
}

/** Puts the caret at the start of a line and that line near the top. */
export function goToLineNumber(view: EditorView, line: number): void {
  const { doc } = view.state
  const { from } = doc.line(Math.max(1, Math.min(line, doc.lines)))
  view.dispatch({
    selection: { anchor: from },
    effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 24 }),
    userEvent: 'select',
  })
  view.focus()
}
