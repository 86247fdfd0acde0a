/**
 * Enter inside a list or a quote: the next line begins with the same marks, and an item that was left empty ends
 * the list. Reads one line and the syntax around it.
 */
import { syntaxTree } from '@codemirror/language'
import type { EditorState, StateCommand } from '@codemirror/state'
import { EditorSelection } from '@codemirror/state'

/** Quote marks and indent · then, in a list, its mark, the space after it and a task's box. */
const markup = /^((?:[ \t]*>)*[ \t]*)(?:([-*+]|(\d{1,9})([.)]))([ \t]+)(\[[ xX]\][ \t]+)?)?/u

/** Handles Enter where the caret stands behind the marks of a list item or a quote; leaves it to others elsewhere. */
export const continueMarkup: StateCommand = ({ state, dispatch }) => {
  const { main } = state.selection
  if (state.readOnly || !main.empty) return false
  const line = state.doc.lineAt(main.head)
  const marks = readMarks(line.text)
  if (!marks || main.head < line.from + marks.length) return false
  if (!isInside(state, line.from + marks.length, marks.kind)) return false
  const isEmpty = line.text.slice(marks.length).trim() === ''
  const change = isEmpty
    ? { from: line.from, to: line.to, insert: marks.outer }
    : { from: main.head, insert: `\n${marks.next}` }
  dispatch(
    state.update({
      changes: change,
      selection: EditorSelection.cursor(change.from + change.insert.length),
      scrollIntoView: true,
      userEvent: 'input',
    }),
  )
  return true
}

interface Marks {
  readonly kind: 'list' | 'quote'
  readonly length: number
  /** What the next line begins with. */
  readonly next: string
  /** What remains of the line when its innermost list or quote ends. */
  readonly outer: string
}

/** The marks a line begins with; undefined if there are none. */
export function readMarks(text: string): Marks | undefined {
  const match = markup.exec(text)
  if (!match) return undefined
  const [all, prefix = '', mark, number, delimiter, space = ''] = match
  const task = match[6]
  if (mark !== undefined) {
    const nextMark = number === undefined ? mark : `${Number(number) + 1}${delimiter}`
    const next = `${prefix}${nextMark}${space}${task === undefined ? '' : '[ ] '}`
    return { kind: 'list', length: all.length, next, outer: withoutIndent(prefix) }
  }
  if (!prefix.includes('>')) return undefined
  const outer = prefix.slice(0, prefix.lastIndexOf('>')).trimEnd()
  return { kind: 'quote', length: all.length, next: prefix, outer: outer === '' ? '' : `${outer} ` }
}

/** The space behind a quote mark stays, the indent of a nested list goes. */
function withoutIndent(prefix: string): string {
  const quotes = prefix.trimEnd()
  return quotes === '' || quotes === prefix ? quotes : `${quotes} `
}

/** Whether the syntax agrees, which knows that a dash may be a rule or a line of code. */
function isInside(state: EditorState, position: number, kind: Marks['kind']): boolean {
  let isInKind = false
  for (let node = syntaxTree(state).resolveInner(position, -1); node.parent; node = node.parent) {
    if (node.name === 'FencedCode' || node.name === 'CodeBlock') return false
    isInKind ||= node.name === (kind === 'list' ? 'ListItem' : 'Blockquote')
  }
  return isInKind
}
