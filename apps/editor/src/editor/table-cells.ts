/**
 * From cell to cell of a Markdown table, and into a new row behind the last. A row that is only begun, with no rule under it
 * that would make a table of it, is one already. Works on states alone.
 */
import type { EditorState, Line, StateCommand, TransactionSpec } from '@codemirror/state'
import { readPrefix } from './line-markup.ts'
import { isMarkdownAt, markdownAt } from './markdown-places.ts'
import { indentOf, isRule, splitRow } from './tables.ts'

/** Selects what the next cell says; what is begun goes on with one. Left to others where no row is, as is its opposite. */
export const nextCell = inRow(goOn)

/** Before the first cell there is none, and nothing happens. */
export const previousCell = inRow((row, cell) => {
  const previous = row.cells[cell - 1] ?? lastAbove(row)
  return previous && enter(row.state, previous)
})

interface Cell {
  readonly from: number
  readonly to: number
}

interface Row {
  readonly state: EditorState
  readonly line: Line
  /** The rule has none. */
  readonly cells: readonly Cell[]
  /** How many its table has; undefined: there is no rule yet. */
  readonly columns: number | undefined
}

function inRow(go: (row: Row, cell: number) => TransactionSpec | undefined): StateCommand {
  return ({ state, dispatch }) => {
    const { ranges, main } = state.selection
    const line = state.doc.lineAt(main.head)
    // Where a row begins a list item, that is what is moved.
    const isItem = readPrefix(line.text).kind !== undefined
    const row = state.readOnly || ranges.length > 1 || isItem ? undefined : rowAt(state, line)
    if (!row) return false
    const spec = go(
      row,
      row.cells.findLastIndex(({ from }) => from <= main.head),
    )
    if (spec) dispatch(state.update(spec, { scrollIntoView: true }))
    return true
  }
}

function goOn(row: Row, cell: number): TransactionSpec {
  const next = row.cells[cell + 1]
  if (next) return enter(row.state, next)
  if (lacksCell(row)) return beginCell(row)
  const below = neighbour(row, 1)
  return below ? goOn(below, -1) : addRow(row)
}

function lastAbove(row: Row): Cell | undefined {
  const above = neighbour(row, -1)
  return above && (above.cells.at(-1) ?? lastAbove(above))
}

function rowAt(state: EditorState, line: Line): Row | undefined {
  const start = line.from + indentOf(line.text).length
  const table = markdownAt(state, start, ['Table'])
  const isBegun = line.text.startsWith('|', start - line.from) && isMarkdownAt(state, start)
  if (!table && !isBegun) return undefined
  const columns = table && cellsIn(state.doc.lineAt(table.from)).length
  return { state, line, cells: cellsIn(line, columns), columns }
}

/** Behind the last bar is one more cell where the table has more and there is room to write in it. */
function cellsIn({ from, text }: Line, columns = 0): readonly Cell[] {
  if (isRule(text)) return []
  const indent = indentOf(text).length
  let at = from + indent
  const parts = splitRow(text.slice(indent)).map((words) => {
    const part = { from: at, to: at + words.length, words }
    at = part.to + 1
    return part
  })
  if (parts.length > 1 && parts[0]?.words.trim() === '') parts.shift()
  const last = parts.at(-1)
  const isOpen = parts.length <= columns && last?.words !== ''
  if (last?.words.trim() === '' && !isOpen) parts.pop()
  return parts
}

function lacksCell({ line: { text }, cells, columns }: Row): boolean {
  if (isRule(text)) return false
  return columns === undefined ? !text.trimEnd().endsWith('|') : cells.length < columns
}

function enter(state: EditorState, { from, to }: Cell): TransactionSpec {
  const text = state.sliceDoc(from, to)
  const words = text.trim()
  const first = from + text.indexOf(words)
  return words === ''
    ? { selection: { anchor: Math.min(from + 1, to) }, userEvent: 'select' }
    : { selection: { anchor: first, head: first + words.length }, userEvent: 'select' }
}

function neighbour({ state, line }: Row, step: 1 | -1): Row | undefined {
  const number = line.number + step
  return number < 1 || number > state.doc.lines ? undefined : rowAt(state, state.doc.line(number))
}

function beginCell({ line: { to, text } }: Row): TransactionSpec {
  return writeAt(to, text.endsWith('|') ? ' ' : text.endsWith(' ') ? '| ' : ' | ')
}

function addRow(row: Row): TransactionSpec {
  const { line, cells, columns } = row
  const start = `\n${indentOf(line.text)}|`
  const count = Math.max(1, columns ?? cells.length)
  const isFirst = columns === undefined && !neighbour(row, -1)
  const rule = isFirst ? start + ' --- |'.repeat(count) : ''
  return writeAt(line.to, `${rule}${start} `, ` |${'  |'.repeat(count - 1)}`)
}

/** The caret stands between the two. */
function writeAt(from: number, before: string, after = ''): TransactionSpec {
  return {
    changes: { from, insert: before + after },
    selection: { anchor: from + before.length },
    userEvent: 'input',
  }
}
