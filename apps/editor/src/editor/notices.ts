/** What the editor has to say while one writes. Whoever has the page shows it; a screen reader hears it in any case. */
import { Facet } from '@codemirror/state'
import { EditorView } from '@codemirror/view'

export const notices = Facet.define<(words: string) => void>()

export function say(view: EditorView, words: string): void {
  view.dispatch({ effects: EditorView.announce.of(words) })
  for (const tell of view.state.facet(notices)) tell(words)
}
