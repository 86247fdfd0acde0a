/** Search and replace, go to a line, and the next place that says the same: fetched when someone looks for something. */
import type { Extension } from '@codemirror/state'
import { Compartment, Prec } from '@codemirror/state'
import type { Command } from '@codemirror/view'
import { EditorView, ViewPlugin } from '@codemirror/view'
import { useLazily } from './lazily.ts'

type SearchPanel = typeof import('./search-panel.ts')

export function search(): Extension {
  return [
    panel.of([]),
    // What is typed right after the key for search must not land in the text.
    EditorView.domEventHandlers({ focus: fetchEarly }),
    // Whoever has just made a document is in its text before this is here.
    ViewPlugin.define((view) => {
      if (view.hasFocus) fetchEarly()
      return {}
    }),
  ]
}

function fetchEarly(): void {
  fetchPanel().catch(() => undefined)
}

export const find = searching(({ openSearch }, view) => openSearch(view, 'search'))
export const findAndReplace = searching(({ openSearch }, view) => openSearch(view, 'replace'))
export const findNext = searching((fetched, view) => fetched.findNext(view))
export const findPrevious = searching((fetched, view) => fetched.findPrevious(view))
export const goToLine = searching((fetched, view) => fetched.gotoLine(view))
export const selectNextOccurrence = searching((fetched, view) => fetched.selectNextOccurrence(view))
export const selectAllOccurrences = searching((fetched, view) => fetched.selectSelectionMatches(view))

const panel = new Compartment()
let fetchedPanel: SearchPanel | undefined

async function fetchPanel(): Promise<SearchPanel> {
  fetchedPanel = await import('./search-panel.ts')
  return fetchedPanel
}

function searching(act: (panel: SearchPanel, view: EditorView) => boolean): Command {
  return (view) => {
    // In this very turn if it can be, since the next key is for the panel.
    if (fetchedPanel) begin(fetchedPanel, view, act)
    else void useLazily(view, fetchPanel, (fetched) => begin(fetched, view, act))
    return true
  }
}

function begin(
  fetched: SearchPanel,
  view: EditorView,
  act: (panel: SearchPanel, view: EditorView) => boolean,
): void {
  if (Array.isArray(panel.get(view.state)))
    view.dispatch({ effects: panel.reconfigure(Prec.high(fetched.searchPanel())) })
  act(fetched, view)
}
