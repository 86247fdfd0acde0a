/** Links in a text, opened with a modifier key and a click, or by a command. What they lead to was written by strangers. */
import { syntaxTree } from '@codemirror/language'
import type { EditorState, Extension } from '@codemirror/state'
import type { Command } from '@codemirror/view'
import { EditorView, ViewPlugin } from '@codemirror/view'
import type { SyntaxNode } from '@lezer/common'
import { markdownAt } from './markdown-places.ts'

export function links(): Extension {
  return [openOnClick, pointing, look]
}

/** Opens the link at the caret in a tab of its own, which learns nothing of this one. */
export const openLink: Command = ({ state }) => open(state, state.selection.main.head)

/** The address that a place in a text leads to; undefined if none that is safe to open. */
export function linkAt(state: EditorState, position: number): string | undefined {
  const link = markdownAt(state, position, ['Link', 'Image', 'Autolink', 'URL', 'LinkReference'])
  if (!link) return undefined
  const target = link.name === 'URL' ? link : (link.getChild('URL') ?? findReference(state, link))
  return target && safeAddress(state.sliceDoc(target.from, target.to))
}

/** `[words][label]`, `[label][]` and `[label]` lead where `[label]: address` says. */
function findReference(state: EditorState, link: SyntaxNode): SyntaxNode | undefined {
  const label = link.getChild('LinkLabel')
  const written = label ? state.sliceDoc(label.from, label.to) : ''
  const wanted = normalise(
    written.length > 2 ? written : (/^!?(\[[^\]]*\])/u.exec(state.sliceDoc(link.from, link.to))?.[1] ?? ''),
  )
  for (const reference of syntaxTree(state).topNode.getChildren('LinkReference')) {
    const defined = reference.getChild('LinkLabel')
    if (defined && normalise(state.sliceDoc(defined.from, defined.to)) === wanted)
      return reference.getChild('URL') ?? undefined
  }
  return undefined
}

function normalise(label: string): string {
  return label.toLowerCase().replaceAll(/\s+/gu, ' ')
}

const safeProtocols = new Set(['http:', 'https:', 'mailto:'])

function safeAddress(written: string): string | undefined {
  const bare = written.replace(/^<|>$/gu, '')
  const address = /^www\./iu.test(bare)
    ? `https://${bare}`
    : /^[^\s:/@]+@[^\s:/@]+$/u.test(bare)
      ? `mailto:${bare}`
      : bare
  if (!URL.canParse(address)) return undefined
  const { protocol, href } = new URL(address)
  return safeProtocols.has(protocol) ? href : undefined
}

function open(state: EditorState, position: number): boolean {
  const address = linkAt(state, position)
  if (address === undefined) return false
  window.open(address, '_blank', 'noopener,noreferrer')
  return true
}

const isMac = /Mac|iPhone|iPad/u.test(navigator.userAgent)

/** Whether the key is held that `Mod` stands for. */
export function isModified(event: MouseEvent | KeyboardEvent): boolean {
  return isMac ? event.metaKey : event.ctrlKey
}

const openOnClick = EditorView.domEventHandlers({
  // On `mousedown`, before it adds a caret.
  mousedown(event, view) {
    if (event.button !== 0 || !isModified(event)) return false
    const isOnLink = event.target instanceof Element && event.target.closest('.cm-link') !== null
    const position = isOnLink ? view.posAtCoords(event) : null
    return position !== null && open(view.state, position)
  },
})

/** Links look like links to click on while the key is held that makes them so. */
const pointing = ViewPlugin.define((view) => {
  const follow = (event: KeyboardEvent | MouseEvent): void => {
    view.dom.classList.toggle('cm-pointing', isModified(event))
  }
  const stop = (): void => view.dom.classList.remove('cm-pointing')
  const page = view.dom.ownerDocument
  page.addEventListener('keydown', follow)
  page.addEventListener('keyup', follow)
  view.dom.addEventListener('mousemove', follow)
  window.addEventListener('blur', stop)
  return {
    destroy() {
      page.removeEventListener('keydown', follow)
      page.removeEventListener('keyup', follow)
      view.dom.removeEventListener('mousemove', follow)
      window.removeEventListener('blur', stop)
    },
  }
})

const look = EditorView.theme({ '&.cm-pointing .cm-link': { cursor: 'pointer' } })
