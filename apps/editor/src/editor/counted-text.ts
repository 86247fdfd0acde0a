/** Tells whoever shows it how many words and characters the text has, once nobody types for a moment. */
import type { Extension } from '@codemirror/state'
import type { EditorView, PluginValue, ViewUpdate } from '@codemirror/view'
import { ViewPlugin } from '@codemirror/view'
import { countText, type Counts } from './word-count.ts'

/** Longer than between two keys. */
const calmMs = 300
/** Of a frame, what is left when the rest of the page has had its share. */
const sliceMs = 5

export function countedText(listener: (counts: Counts) => void): Extension {
  return ViewPlugin.define((view) => new Counter(view, listener))
}

class Counter implements PluginValue {
  readonly #view: EditorView
  readonly #listener: (counts: Counts) => void
  #timer: ReturnType<typeof setTimeout>

  constructor(view: EditorView, listener: (counts: Counts) => void) {
    this.#view = view
    this.#listener = listener
    this.#timer = setTimeout(this.#count)
  }

  update({ docChanged }: ViewUpdate): void {
    if (!docChanged) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#count, calmMs)
  }

  destroy(): void {
    clearTimeout(this.#timer)
  }

  readonly #count = (): void => {
    const end = performance.now() + sliceMs
    const counts = countText(this.#view.state.doc, () => performance.now() < end)
    if (counts) this.#listener(counts)
    // A timer lets everything else that waits come first.
    else this.#timer = setTimeout(this.#count, sliceMs)
  }
}
