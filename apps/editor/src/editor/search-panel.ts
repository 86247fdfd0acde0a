/** The panel for search and replace, as `search.ts` fetches it. */
import { openSearchPanel, search, searchKeymap } from '@codemirror/search'
import type { EditorState, Extension } from '@codemirror/state'
import { EditorView, keymap, showPanel } from '@codemirror/view'
import { matchLook } from './match-look.ts'
import { askToReplace, SearchForm } from './search-form.ts'

export {
  findNext,
  findPrevious,
  gotoLine,
  selectNextOccurrence,
  selectSelectionMatches,
} from '@codemirror/search'

export function searchPanel(): Extension {
  return [
    search({ createPanel: (view) => new SearchForm(view) }),
    keymap.of(searchKeymap.filter(({ scope }) => scope !== undefined)),
    focusComesBack,
    look,
    matchLook,
  ]
}

/** A dialog of CodeMirror's gives the focus back only if the page says that it has it, which then names the shadow around it. */
const focusComesBack = EditorView.updateListener.of(({ view, startState, state }) => {
  if (panelCount(state) < panelCount(startState)) view.focus()
})

function panelCount(state: EditorState): number {
  return state.facet(showPanel).filter((panel) => panel !== null).length
}

/** Opens the panel ready to be typed in. Until its field for what to find says something, nothing can be put in its place. */
export function openSearch(view: EditorView, field: 'search' | 'replace'): boolean {
  openSearchPanel(view)
  if (field === 'replace') view.dispatch({ effects: askToReplace.of(null) })
  const inputNamed = (name: string): HTMLInputElement | null =>
    view.dom.querySelector(`.cm-search [name=${name}]`)
  const input = inputNamed(inputNamed('search')?.value === '' ? 'search' : field)
  input?.focus()
  input?.select()
  return true
}

const look = EditorView.theme({
  '.cm-panels': { background: 'var(--leaf)', color: 'var(--ink)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--rule)' },
  '.cm-panel.cm-search': {
    display: 'grid',
    gap: 'var(--space-1)',
    paddingBlock: 'var(--space-2)',
    paddingInline: 'var(--space-4) 44px',
    font: 'var(--step--1)/1.5 var(--sans)',
  },
  '.cm-searchGroup': {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: 'var(--space-1) var(--space-2)',
  },
  '.cm-searchGroup[hidden]': { display: 'none' },
  '.cm-panel.cm-search [name=replacing]': { display: 'none' },
  // Wide enough that nothing moves about when it says something else.
  '.cm-searchSaid': {
    minWidth: '11em',
    marginInlineStart: 'var(--space-1)',
    color: 'var(--ink-soft)',
    fontVariantNumeric: 'tabular-nums',
  },
  '.cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label': { margin: '0' },
  '.cm-panel.cm-search label': {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '5px',
    font: 'inherit',
    color: 'var(--ink-soft)',
    padding: '4px',
  },
  '.cm-panel.cm-search input[type=checkbox]': { margin: '0', accentColor: 'var(--ink)' },
  '.cm-panel.cm-dialog': {
    padding: 'var(--space-2) 44px var(--space-2) var(--space-4)',
    font: 'var(--step--1)/1.5 var(--sans)',
    color: 'var(--ink-soft)',
  },
  '.cm-panel.cm-dialog label': { font: 'inherit' },
  '.cm-panel.cm-dialog input': { width: '9ch', marginInlineStart: 'var(--space-2)' },
  '.cm-panel.cm-dialog .cm-dialog-close': {
    top: 'var(--space-2)',
    right: 'var(--space-3)',
    fontSize: '20px',
    lineHeight: '20px',
    color: 'var(--ink-soft)',
  },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--rule)' },
  '.cm-panel .cm-textfield': {
    width: '240px',
    minWidth: '100px',
    font: 'inherit',
    fontSize: 'max(1em, var(--typed))',
    color: 'var(--ink)',
    background: 'var(--paper)',
    border: '1px solid var(--rule)',
    borderRadius: 'var(--radius)',
    padding: '5px 9px',
  },
  '.cm-panel .cm-textfield::placeholder': { color: 'var(--ink-soft)', opacity: '1' },
  '.cm-panel .cm-button, .cm-panel.cm-search [name=close]': {
    font: 'inherit',
    fontWeight: '560',
    color: 'var(--ink-soft)',
    background: 'none',
    border: '0',
    borderRadius: 'var(--radius)',
    padding: '6px 9px',
    cursor: 'pointer',
  },
  '.cm-panel .cm-button:hover, .cm-panel.cm-search [name=close]:hover': { color: 'var(--ink)' },
  '.cm-panel.cm-search [name=close]': {
    top: 'var(--space-2)',
    right: 'auto',
    insetInlineEnd: 'var(--space-3)',
    fontSize: '20px',
    lineHeight: '20px',
  },
  '.cm-panel :focus-visible': { outline: '2px solid var(--ink)', outlineOffset: '1px' },
  '@media (max-width: 600px)': {
    '.cm-panel.cm-search': { paddingInline: 'var(--space-3)' },
    '.cm-searchGroup > .cm-searchGroup': { flex: '1 0 100%' },
    '.cm-searchGroup': { columnGap: 'var(--space-1)' },
    // Beside what closes it.
    '.cm-searchGroup:first-child > .cm-searchGroup:first-child': {
      boxSizing: 'border-box',
      paddingInlineEnd: '36px',
    },
    '.cm-panel.cm-search .cm-textfield': { flex: '1' },
    '.cm-searchSaid': { minWidth: '8em' },
    // Their words stand below those of the field.
    '.cm-panel.cm-search .cm-button': { paddingInline: '7px' },
    '.cm-panel.cm-search .cm-button:first-child': { marginInlineStart: '-7px' },
    '.cm-panel.cm-search label:first-child': { marginInlineStart: '-4px' },
  },
  // What is looked for is to be seen all the same, however little of the page is left by a keyboard, or by far zooming in.
  '@media (max-height: 400px)': {
    '.cm-panels.cm-panels-top': { flexShrink: '0', maxHeight: '50vh', overflowY: 'auto' },
    '.cm-panel.cm-search': {
      display: 'flex',
      flexWrap: 'wrap',
      gap: '2px var(--space-2)',
      paddingBlock: '3px',
    },
    '.cm-panel.cm-search > .cm-searchGroup:not([hidden])': { display: 'contents' },
    '.cm-panel.cm-search [name=close]': { top: '3px' },
  },
  '@media (max-width: 600px), (max-height: 400px)': {
    '.cm-panel.cm-search:not(.cm-replaces) .cm-replacing': { display: 'none' },
    '.cm-panel.cm-search [name=replacing]:not([hidden])': {
      display: 'block',
      width: '32px',
      marginInlineStart: 'auto',
    },
    // An angle that points to where it opens.
    '.cm-panel.cm-search [name=replacing]::before': {
      display: 'inline-block',
      width: '7px',
      height: '7px',
      borderBlockEnd: '1.5px solid',
      borderInlineEnd: '1.5px solid',
      rotate: '45deg',
      translate: '0 -3px',
      content: '""',
    },
    '.cm-panel.cm-search.cm-replaces [name=replacing]::before': { rotate: '-135deg', translate: '0 1px' },
  },
})
