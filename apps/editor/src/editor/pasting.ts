/** Where something was pasted whose words are still to come: meanwhile others write and we do too, and the place moves along. */
import { EditorSelection } from '@codemirror/state'
import type { EditorView, PluginValue, ViewUpdate } from '@codemirror/view'
import { ViewPlugin } from '@codemirror/view'

export interface Place {
  from: number
  to: number
}

class Pasting implements PluginValue {
  readonly #view: EditorView
  readonly #places = new Set<Place>()
  #closed = false

  constructor(view: EditorView) {
    this.#view = view
  }

  /** `words` is called with where they will stand, which it may change in the end, and must not reject; there may be none after all. */
  async paste(words: (place: Place) => Promise<string | undefined>): Promise<void> {
    const { from, to } = this.#view.state.selection.main
    const place = { from, to }
    this.#places.add(place)
    const insert = await words(place)
    this.#places.delete(place)
    if (insert === undefined || this.#closed || this.#view.state.readOnly) return
    const { head } = this.#view.state.selection.main
    const isStillThere = head >= place.from && head <= place.to
    this.#view.dispatch({
      changes: { ...place, insert },
      ...(isStillThere && { selection: EditorSelection.cursor(place.from + insert.length) }),
      scrollIntoView: isStillThere,
      userEvent: 'input.paste',
    })
  }

  update({ docChanged, changes }: ViewUpdate): void {
    if (!docChanged) return
    for (const place of this.#places) {
      const from = changes.mapPos(place.from, -1)
      place.to = Math.max(from, changes.mapPos(place.to, -1))
      place.from = from
    }
  }

  destroy(): void {
    this.#closed = true
  }
}

export const pasting = ViewPlugin.fromClass(Pasting)

/** What a clipboard holds, which can only be read while the event lasts. */
export interface Clipboard {
  readonly types: readonly string[]
  readonly html: string
  readonly plain: string
}

export function clipboardOf(data: DataTransfer): Clipboard {
  return {
    types: data.types,
    html: data.getData('text/html'),
    plain: data.getData('text/plain').replaceAll(/\r\n?/gu, '\n'),
  }
}
