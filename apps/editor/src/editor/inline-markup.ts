/**
 * Bold, italic, struck out, code and links, put around the selection or the word at the caret, and taken off again.
 * Works on states alone. Marks are put around each line's own words, never across a paragraph's end or a list mark.
 */
import { ensureSyntaxTree, syntaxTree } from '@codemirror/language'
import type { ChangeSpec, EditorState, SelectionRange, StateCommand } from '@codemirror/state'
import { EditorSelection } from '@codemirror/state'
import type { SyntaxNode } from '@lezer/common'
import { isMarkdownAt } from './markdown-places.ts'
import { readPrefix } from './line-markup.ts'

interface Mark {
  /** The syntax that it makes. */
  readonly node: string
  readonly text: string
}

export const toggleBold = toggleMark({ node: 'StrongEmphasis', text: '**' })
export const toggleItalic = toggleMark({ node: 'Emphasis', text: '*' })
export const toggleStrikethrough = toggleMark({ node: 'Strikethrough', text: '~~' })
export const toggleInlineCode = toggleMark({ node: 'InlineCode', text: '`' })

function toggleMark(mark: Mark): StateCommand {
  return ({ state, dispatch }) => {
    if (state.readOnly || !isMarkdownAt(state, state.selection.main.head)) return false
    const taken = new Set<number>()
    const update = state.changeByRange((range) => {
      const marked = findMarked(state, range, mark)
      if (!marked) return putAround(state, range, mark)
      // Two carets in one word take its marks off once.
      const isTaken = taken.has(marked.from)
      taken.add(marked.from)
      return isTaken ? { range } : moveRange(state, range, takeOff(marked))
    })
    dispatch(state.update(update, { scrollIntoView: true, userEvent: 'input' }))
    return true
  }
}

/** The innermost syntax of this mark that has the whole range within. */
function findMarked(state: EditorState, range: SelectionRange, { node: name }: Mark): SyntaxNode | undefined {
  const tree = ensureSyntaxTree(state, range.to, 50) ?? syntaxTree(state)
  for (const side of range.empty ? ([-1, 1] as const) : ([1] as const)) {
    let node: SyntaxNode | null = tree.resolveInner(range.from, side)
    for (; node; node = node.parent) if (node.name === name && node.to >= range.to) return node
  }
  return undefined
}

function takeOff({ from, to, firstChild, lastChild }: SyntaxNode): ChangeSpec[] {
  if (!firstChild || !lastChild) return []
  return [
    { from, to: firstChild.to },
    { from: lastChild.from, to },
  ]
}

function putAround(state: EditorState, range: SelectionRange, mark: Mark): RangeChange {
  const { head } = range
  const word = range.empty ? state.wordAt(head) : range
  if (!word) return putEmpty(state, head, mark)
  const parts = [...wordsIn(state, word)]
  if (parts.length === 0) return { range }
  return moveRange(
    state,
    range,
    parts.flatMap(({ from, to }) => {
      const [before, after] = marksFor(state.sliceDoc(from, to), mark)
      return [
        { from, insert: before },
        { from: to, insert: after },
      ]
    }),
  )
}

/** Two marks with the caret between; or neither, where it stands between two. */
function putEmpty(state: EditorState, head: number, { text }: Mark): RangeChange {
  const isBetween =
    state.sliceDoc(Math.max(0, head - text.length), head) === text &&
    state.sliceDoc(head, head + text.length) === text
  if (isBetween)
    return {
      changes: { from: head - text.length, to: head + text.length },
      range: EditorSelection.cursor(head - text.length),
    }
  return {
    changes: { from: head, insert: text + text },
    range: EditorSelection.cursor(head + text.length),
  }
}

/** Of each line in the range, from its first letter behind its marks to its last. */
function* wordsIn(
  state: EditorState,
  range: { readonly from: number; readonly to: number },
): Generator<{ from: number; to: number }> {
  for (let at = range.from; at <= range.to;) {
    const line = state.doc.lineAt(at)
    const from = Math.max(at, line.from + readPrefix(line.text).length)
    const to = Math.min(line.to, range.to)
    const text = state.sliceDoc(Math.min(from, to), to)
    const words = text.trim()
    const start = from + text.length - text.trimStart().length
    if (words !== '') yield { from: start, to: start + words.length }
    at = line.to + 1
  }
}

/** Code may hold backticks: its marks are longer than any within. */
function marksFor(words: string, { node, text }: Mark): readonly [before: string, after: string] {
  if (node !== 'InlineCode' || !words.includes('`')) return [text, text]
  const longest = Math.max(...Array.from(words.matchAll(/`+/gu), ([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return [`${fence} `, ` ${fence}`]
}

interface RangeChange {
  readonly changes?: ChangeSpec
  readonly range: SelectionRange
}

/** What was selected stays selected, and marks put at its ends stay outside. */
function moveRange(state: EditorState, range: SelectionRange, specs: ChangeSpec[]): RangeChange {
  const changes = state.changes(specs)
  const from = changes.mapPos(range.from, range.empty ? -1 : 1)
  const to = changes.mapPos(range.to, -1)
  const [anchor, head] = range.anchor <= range.head ? [from, to] : [to, from]
  return { changes: specs, range: EditorSelection.range(anchor, head) }
}

const address = /^(?:https?:\/\/|mailto:|www\.)\S+$/u

/** The selection, or the word at the caret, becomes a link; the caret stands where what is missing is to be written. */
export const makeLink: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly || !isMarkdownAt(state, state.selection.main.head)) return false
  const update = state.changeByRange((range) => {
    const { from, to } = range.empty ? (state.wordAt(range.head) ?? range) : range
    const text = state.sliceDoc(from, to)
    if (address.test(text))
      return {
        changes: { from, to, insert: `[](${text})` },
        range: EditorSelection.cursor(from + 1),
      }
    return {
      changes: { from, to, insert: `[${text}]()` },
      range: EditorSelection.cursor(text === '' ? from + 1 : to + 3),
    }
  })
  dispatch(state.update(update, { scrollIntoView: true, userEvent: 'input' }))
  return true
}

/** What is pasted over words is where they lead, if it is an address and nothing else. */
export function linkSelection(
  state: EditorState,
  pasted: string,
): ReturnType<EditorState['update']> | undefined {
  const words = state.sliceDoc(state.selection.main.from, state.selection.main.to)
  const { main, ranges } = state.selection
  if (ranges.length > 1 || !isMarkdownAt(state, main.from)) return undefined
  if (words.trim() === '' || words.includes('\n') || address.test(words) || !address.test(pasted.trim()))
    return undefined
  return state.update({
    changes: { from: main.from, to: main.to, insert: `[${words}](${pasted.trim()})` },
    selection: EditorSelection.cursor(main.from + words.length + pasted.trim().length + 4),
    scrollIntoView: true,
    userEvent: 'input.paste',
  })
}
