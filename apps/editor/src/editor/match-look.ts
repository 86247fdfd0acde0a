/** How what was found is marked in the text, whichever keys looked for it. */
import { EditorView } from '@codemirror/view'

export const matchLook = EditorView.theme({
  '.cm-searchMatch': { background: 'color-mix(in oklab, var(--ink) 12%, transparent)', borderRadius: '2px' },
  '.cm-searchMatch.cm-searchMatch-selected': {
    background: 'color-mix(in oklab, var(--ink) 26%, transparent)',
  },
  '@media (forced-colors: active)': {
    '.cm-searchMatch': { outline: '1px solid CanvasText' },
    '.cm-searchMatch.cm-searchMatch-selected': { outline: '2px solid Highlight' },
  },
})
