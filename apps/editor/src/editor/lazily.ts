/** Parts of the editor that are fetched when they are first needed, and what happens when they cannot be. */
import { logException, type EditorView } from '@codemirror/view'
import { t } from '../words/index.ts'
import { say } from './notices.ts'

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
    return say(view, t('editor.partMissing'))
  }
  use(fetched)
}
