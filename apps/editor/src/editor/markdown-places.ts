/** Where in a text Markdown is Markdown, and where it only quotes code. */
import { language, syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'
import type { SyntaxNode } from '@lezer/common'

export function isMarkdown(state: EditorState): boolean {
  return state.facet(language)?.name === 'markdown'
}

/** Whether marks mean anything here. */
export function isMarkdownAt(state: EditorState, position: number): boolean {
  return isMarkdown(state) && !codeBlockAt(state, position)
}

/** The innermost Markdown syntax of one of these names around a position. */
export function markdownAt(
  state: EditorState,
  position: number,
  names: readonly string[],
): SyntaxNode | undefined {
  if (!isMarkdown(state)) return undefined
  const tree = syntaxTree(state)
  for (const side of [-1, 1] as const) {
    // Not into the languages of its code blocks, whose syntax may have the same names.
    let node: SyntaxNode | null = tree.resolve(position, side)
    for (; node; node = node.parent) if (names.includes(node.name)) return node
  }
  return undefined
}

export function codeBlockAt(state: EditorState, position: number): SyntaxNode | undefined {
  return markdownAt(state, position, ['FencedCode', 'CodeBlock'])
}
