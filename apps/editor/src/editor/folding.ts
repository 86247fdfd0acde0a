/** Sections, list items and blocks that can be folded away. The text itself is untouched, and others see all of it. */
import { codeFolding, foldGutter, foldNodeProp, foldService, syntaxTree } from '@codemirror/language'
import type { EditorState, Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import type { NodePropSource, SyntaxNode } from '@lezer/common'
import { t } from '../words/index.ts'

export function folding(): Extension {
  return [codeFolding({ placeholderText: '…' }), sections, look]
}

/** Arrows beside what can be folded, seen when the pointer is near. */
export function foldMarks(): Extension {
  return foldGutter({ markerDOM: drawArrow })
}

/** List items, quotes and blocks of code fold to their first line. */
export const foldBlocks: NodePropSource = foldNodeProp.add((type) =>
  foldedBlocks.has(type.name) ? foldToFirstLine : undefined,
)

const foldedBlocks = new Set(['ListItem', 'Blockquote', 'FencedCode', 'Table', 'HTMLBlock', 'CommentBlock'])

function foldToFirstLine(node: SyntaxNode, { doc }: EditorState): { from: number; to: number } | null {
  const from = doc.lineAt(node.from).to
  return from < node.to ? { from, to: node.to } : null
}

/** A heading folds all that is said under it. */
const sections = foldService.of((state, lineStart, lineEnd) => {
  let node: SyntaxNode | null = syntaxTree(state).resolve(lineEnd, -1)
  while (node && levelOf(node) === undefined) node = node.parent
  const level = node && levelOf(node)
  if (!node || !level || node.from < lineStart) return null
  let last = node
  for (let next = node.nextSibling; next; next = next.nextSibling) {
    const nextLevel = levelOf(next)
    if (nextLevel !== undefined && nextLevel <= level) break
    last = next
  }
  return last.to > lineEnd ? { from: lineEnd, to: last.to } : null
})

function levelOf({ name }: SyntaxNode): number | undefined {
  const match = /^(?:ATX|Setext)Heading(\d)$/u.exec(name)
  return match ? Number(match[1]) : undefined
}

function drawArrow(isOpen: boolean): HTMLElement {
  const arrow = document.createElement('span')
  arrow.className = isOpen ? 'cm-fold' : 'cm-fold cm-folded'
  arrow.title = isOpen ? t('fold.foldLine') : t('fold.unfoldLine')
  return arrow
}

const look = EditorView.theme({
  '.cm-foldPlaceholder': {
    font: 'inherit',
    color: 'var(--ink-soft)',
    background: 'var(--rule)',
    border: '0',
    borderRadius: '4px',
    padding: '0 6px',
    margin: '0 4px',
  },
  '.cm-foldGutter .cm-gutterElement': { width: '20px', cursor: 'pointer' },
  '.cm-fold': { display: 'grid', height: '100%', placeItems: 'center' },
  '.cm-fold::before': {
    content: '""',
    width: '6px',
    height: '6px',
    borderRight: '1.5px solid var(--ink-soft)',
    borderBottom: '1.5px solid var(--ink-soft)',
    transform: 'translateY(-2px) rotate(45deg)',
    opacity: '0',
  },
  '@media (prefers-reduced-motion: no-preference)': {
    '.cm-fold::before': { transition: 'opacity 120ms ease-out' },
  },
  '.cm-folded::before': { transform: 'rotate(-45deg)', opacity: '1' },
  '.cm-gutters:hover .cm-fold::before': { opacity: '1' },
})
