/** Where in a text Markdown is Markdown, and where it only quotes code. */
import { ensureSyntaxTree, language, syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'
import type { SyntaxNode, Tree } from '@lezer/common'

export function isMarkdown(state: EditorState): boolean {
  return state.facet(language)?.name === 'markdown'
}

/**
 * What the text is up to here, for whoever has pressed a key that depends on it: what was just typed may not have been read
 * yet on a machine that has much to do. Up to 50 ms are taken for that; of a text that takes longer it is what is known.
 */
export function treeUpTo(state: EditorState, position: number): Tree {
  return ensureSyntaxTree(state, position, 50) ?? syntaxTree(state)
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
  const tree = treeUpTo(state, state.doc.lineAt(position).to)
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
