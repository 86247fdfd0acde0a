/**
 * Shows what has no shape of its own: control characters, marks that turn text around, and the places of objects that
 * only another app can show. Not for looks alone: a bare `\r` or U+2028 in the page would be read back as a new line.
 */
import type { Extension } from '@codemirror/state'
import { EditorView, highlightSpecialChars } from '@codemirror/view'
import { objectCharacter } from './shared-text.ts'
import { t } from '../words/index.ts'

export function invisibles(): Extension {
  return [highlightSpecialChars({ render: draw }), look]
}

function draw(code: number, description: string | null, placeholder: string): HTMLElement {
  if (code === objectCharacter.charCodeAt(0)) return sign('object', 'cm-object', t('editor.object'))
  // The control picture for a carriage return is missing from most fonts.
  return sign(
    code === 13 ? '\u21b5' : placeholder,
    'cm-specialChar',
    description ?? t('editor.controlCharacter'),
  )
}

function sign(text: string, className: string, title: string): HTMLElement {
  const element = document.createElement('span')
  element.textContent = text
  element.className = className
  element.title = title
  element.setAttribute('aria-label', title)
  return element
}

const look = EditorView.theme({
  '.cm-specialChar': { color: 'var(--ink-faint)' },
  '.cm-object': {
    font: '0.75em/1 var(--sans)',
    color: 'var(--ink-soft)',
    border: '1px solid var(--rule)',
    borderRadius: '4px',
    padding: '1px 5px',
    verticalAlign: '0.08em',
  },
})
