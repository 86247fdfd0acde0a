/** Where the text is scrolled to, in lines, for others that show the same text and scroll along. */
import type { EditorView } from '@codemirror/view'

/** The line at the upper edge, counted from 0; a fraction is how far it has been scrolled past. */
export function lineAtTop(view: EditorView): number {
  const height = edgeOf(view) - view.documentTop
  if (height <= 0) return 0
  const block = view.lineBlockAtHeight(height)
  const share = Math.min(Math.max((height - block.top) / block.height, 0), 1)
  return view.state.doc.lineAt(block.from).number - 1 + share
}

/** A line that is not there (any more) is the last. */
export function scrollToLine(view: EditorView, line: number): void {
  const { doc } = view.state
  const number = Math.min(Math.floor(line) + 1, doc.lines)
  const block = view.lineBlockAt(doc.line(number).from)
  const height = block.top + (line - Math.floor(line)) * block.height
  view.scrollDOM.scrollTop =
    line <= 0 ? 0 : view.scrollDOM.scrollTop + view.documentTop + height - edgeOf(view)
}

function edgeOf(view: EditorView): number {
  return view.scrollDOM.getBoundingClientRect().top
}
