/** Parts of the editor that are fetched when they are first needed, and what happens when they cannot be. */
import { Facet } from '@codemirror/state'
import { EditorView, logException } from '@codemirror/view'
import { t } from '../words/index.ts'

/** Called when a part could not be fetched, with what to say of it. */
export const whenMissing = Facet.define<(words: string) => void>()

/** Calls `use` with a part of the editor once it is there. One that cannot be fetched is asked for anew the next time. */
export async function useLazily<Part>(
  view: EditorView,
  part: () => Promise<Part>,
  use: (part: Part) => void,
): Promise<void> {
  let fetched: Part
  try {
    fetched = await part()
  } catch (error) {
    logException(view.state, error, 'fetching a part of the editor')
    const words = t('editor.partMissing')
    view.dispatch({ effects: EditorView.announce.of(words) })
    for (const tell of view.state.facet(whenMissing)) tell(words)
    return
  }
  use(fetched)
}
