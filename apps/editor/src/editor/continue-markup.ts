/**
 * Enter and Backspace behind the marks of a list item or a quote: the next line begins with the same marks, an item that was
 * left empty goes one list further out or ends it, and marks go in one step. Items that were counted on from there still are.
 */
import type { ChangeSpec, EditorState, Line, StateCommand } from '@codemirror/state'
import { EditorSelection } from '@codemirror/state'
import type { SyntaxNode } from '@lezer/common'
import { isBlank } from './line-markup.ts'
import { treeUpTo } from './markdown-places.ts'

/** Quote marks and indent · then, in a list, its mark, the space after it and a task's box. */
const markup = /^((?:[ \t]*>)*[ \t]*)(?:([-*+]|(\d{1,9})([.)]))([ \t]+)(\[[ xX]\][ \t]+)?)?/u

/** Handles Enter where each caret stands behind the marks of a list item or a quote; leaves it to others elsewhere. */
export const continueMarkup = behindMarks((at) => {
  const { head, marks } = at
  if (isEmpty(at)) return goOutward(at) ?? leaveMarkup(at)
  const insert = `\n${marks.next}`
  return { changes: [{ from: head, insert }, ...countOn(at, 1)], caret: head + insert.length }
})

/** Backspace where an item or a quote begins. An item that follows others is a part of the one before it then. */
export const eraseMarkup = behindMarks((at) => {
  const { head, line, marks, block } = at
  // What is indented behind a quote's mark is not the mark's.
  if (head > line.from + marks.length || (marks.kind === 'quote' && marks.width > 2)) return undefined
  if (isEmpty(at)) return endMarkup(at)
  const from = line.from + marks.inner
  const follows = marks.kind === 'list' && block.parent?.getChild('ListItem')?.from !== block.from
  const insert = follows ? ' '.repeat(marks.width) : ''
  return { changes: [{ from, to: head, insert }, ...countOn(at, -1)], caret: from + insert.length }
})

interface Place {
  readonly state: EditorState
  readonly head: number
  readonly line: Line
  readonly marks: Marks
  /** The innermost item or quote; one from further up, if the last is so empty that the syntax takes it for a part of that. */
  readonly block: SyntaxNode
}

interface Edit {
  readonly changes: readonly ChangeSpec[]
  readonly caret: number
}

/** Several carets are all behind marks, or all left to others. */
function behindMarks(edit: (at: Place) => Edit | undefined): StateCommand {
  return ({ state, dispatch }) => {
    const { ranges } = state.selection
    if (state.readOnly || ranges.some(({ empty }) => !empty)) return false
    const edits = ranges.map((range) => {
      const place = placeAt(state, range.head)
      return place && edit(place)
    })
    if (edits.includes(undefined)) return false
    let index = 0
    dispatch(
      state.update(
        state.changeByRange((range) => {
          const made = edits[index++]
          return made ? { changes: made.changes, range: EditorSelection.cursor(made.caret) } : { range }
        }),
        { scrollIntoView: true, userEvent: 'input' },
      ),
    )
    return true
  }
}

/** Undefined unless it is behind the marks of a line. */
export function placeAt(state: EditorState, head: number): Place | undefined {
  const line = state.doc.lineAt(head)
  const marks = readMarks(line.text)
  if (!marks || head < line.from + marks.length) return undefined
  const block = blockAt(state, line.from + marks.length, marks.kind)
  return block && { state, head, line, marks, block }
}

function isEmpty({ line, marks }: Place): boolean {
  return line.text.slice(marks.length).trim() === ''
}

function endMarkup(at: Place): Edit {
  const { line, marks } = at
  return {
    changes: [{ from: line.from, to: line.to, insert: marks.outer }, ...countOn(at, -1)],
    caret: line.from + marks.outer.length,
  }
}

/** Undefined: the list is in no other whose marks we know. */
function goOutward(at: Place): Edit | undefined {
  const { state, line, block } = at
  const item = block.from < line.from ? block : block.parent?.parent
  if (block.name !== 'ListItem' || item?.name !== 'ListItem') return undefined
  const first = state.doc.lineAt(item.from)
  const marks = readMarks(first.text)
  if (marks?.inner !== item.from - first.from) return undefined
  const { next } = marks
  const isWider = /\d+/u.exec(next)?.[0].length !== /\d+/u.exec(first.text.slice(marks.inner))?.[0].length
  return {
    changes: [
      { from: line.from, to: line.to, insert: next },
      ...countOn(at, -1),
      ...countOn({ state, block: item }, 1),
      ...(isWider ? indentRest(state, item, 1, line) : []),
    ],
    caret: line.from + next.length,
  }
}

/** With a blank line on either side: else what is written next would be read as a part of what has just been left. */
function leaveMarkup(at: Place): Edit {
  const { state, line, marks, block } = at
  const { doc } = state
  const whole = marks.kind === 'list' ? block.parent : block
  const isFirst = !whole || whole.from >= line.from
  const blank = marks.outer.trimEnd()
  const above = isFirst || isBlank(doc.line(line.number - 1).text) ? '' : `${blank}\n`
  const below =
    isFirst || line.number === doc.lines || isBlank(doc.line(line.number + 1).text) ? '' : `\n${blank}`
  return {
    changes: [{ from: line.from, to: line.to, insert: above + marks.outer + below }, ...countOn(at, -1)],
    caret: line.from + above.length + marks.outer.length,
  }
}

/** More are no list that anybody counts in, and each is an edit that everyone is sent. */
const mostCounted = 200

/**
 * The items after this one, as far as they are counted on from it, one higher or lower; what other numbers there are is somebody's
 * wish. With several carets in one list each would count.
 */
function countOn(
  { state, block, line }: Pick<Place, 'state' | 'block'> & Partial<Place>,
  by: 1 | -1,
): ChangeSpec[] {
  const changes: ChangeSpec[] = []
  if (block.parent?.name !== 'OrderedList' || state.selection.ranges.length > 1) return []
  if (line && block.from < line.from) return []
  const first = numberOf(state, block)
  let number = first
  for (let item = block.nextSibling; item; item = item.nextSibling) {
    if (item.name !== 'ListItem') continue
    if (numberOf(state, item) !== number + 1) break
    number++
    if (number - first > mostCounted) return []
    const [before, after] = [String(number), String(number + by)]
    changes.push({ from: item.from, to: item.from + before.length, insert: after })
    if (after.length !== before.length) changes.push(...indentRest(state, item, by))
  }
  return changes
}

function numberOf({ doc }: EditorState, item: SyntaxNode): number {
  return Number.parseInt(doc.sliceString(item.from, item.from + 10), 10)
}

/** What is in an item, behind this line of it, stands behind its mark. */
function* indentRest(
  { doc }: EditorState,
  item: SyntaxNode,
  by: 1 | -1,
  after: Line = doc.lineAt(item.from),
): Generator<ChangeSpec> {
  const first = doc.lineAt(item.from)
  for (let at = after.to + 1; at < item.to;) {
    const line = doc.lineAt(at)
    const from = line.from + item.from - first.from
    if (doc.sliceString(from, from + 1) === ' ')
      yield by === 1 ? { from, insert: ' ' } : { from, to: from + 1 }
    at = line.to + 1
  }
}

interface Marks {
  readonly kind: 'list' | 'quote'
  readonly length: number
  /** Where the innermost begins, and how far what belongs to it is indented. */
  readonly inner: number
  readonly width: number
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
    return {
      kind: 'list',
      length: all.length,
      inner: prefix.length,
      width: mark.length + space.length,
      next,
      outer: withoutIndent(prefix),
    }
  }
  if (!prefix.includes('>')) return undefined
  const inner = prefix.lastIndexOf('>')
  const outer = prefix.slice(0, inner).trimEnd()
  return {
    kind: 'quote',
    length: all.length,
    inner,
    width: all.length - inner,
    next: prefix,
    outer: outer === '' ? '' : `${outer} `,
  }
}

/** The space behind a quote mark stays, the indent of a nested list goes. */
function withoutIndent(prefix: string): string {
  const quotes = prefix.trimEnd()
  return quotes === '' || quotes === prefix ? quotes : `${quotes} `
}

/** If the syntax agrees, which knows that a dash may be a rule or a line of code. */
function blockAt(state: EditorState, position: number, kind: Marks['kind']): SyntaxNode | undefined {
  let block: SyntaxNode | undefined
  const tree = treeUpTo(state, state.doc.lineAt(position).to)
  for (let node = tree.resolveInner(position, -1); node.parent; node = node.parent) {
    if (node.name === 'FencedCode' || node.name === 'CodeBlock') return undefined
    if (node.name === (kind === 'list' ? 'ListItem' : 'Blockquote')) block ??= node
  }
  return block
}
