/** Makes the columns of a Markdown table equally wide, so that it reads as a table before it is one. */
import type { ChangeSpec, StateCommand } from '@codemirror/state'
import { Text } from '@codemirror/state'
import { markdownAt } from './markdown-places.ts'
import { difference } from './shared-text.ts'

/** Beyond this a table is data, which nobody reads here. */
const longestTable = 100_000

/** Aligns the table that the caret is in; the caret stays in its cell. */
export const alignTable: StateCommand = ({ state, dispatch }) => {
  const { head } = state.selection.main
  const table = markdownAt(state, head, ['Table'])
  if (state.readOnly || !table || table.to - table.from > longestTable) return false
  const from = state.doc.lineAt(table.from).from
  const before = state.sliceDoc(from, table.to)
  const after = alignRows(before.split('\n'))
  if (after === undefined) return false
  if (after !== before) {
    const row = state.doc.lineAt(head).number - state.doc.lineAt(from).number
    const cell = splitRow(state.doc.lineAt(head).text.slice(0, head - state.doc.lineAt(head).from)).length - 1
    dispatch(
      state.update({
        changes: changesBetween(before.split('\n'), after.split('\n'), from),
        selection: { anchor: from + placeOf(after.split('\n'), row, cell) },
        scrollIntoView: true,
        userEvent: 'input',
      }),
    )
  }
  return true
}

/** Padding, dashes and missing bars only, so that whoever writes in the table goes on in their cell. */
function changesBetween(rows: readonly string[], aligned: readonly string[], from: number): ChangeSpec[] {
  let at = from
  return rows.flatMap((row, index) => {
    const pieces = piecesOf(row)
    const changes = piecesOf(aligned[index] ?? '').flatMap((wanted, place): ChangeSpec[] => {
      const piece = pieces[place] ?? ''
      const change = difference(Text.of([piece]), wanted)
      const start = at
      at += piece.length
      return change ? [{ ...change, from: start + change.from, to: start + change.to }] : []
    })
    at++
    return changes
  })
}

/**
 * Its indent, its first bar, and for each cell the padding before its words, a space, the words, the padding behind them and
 * a bar; '' for what it lacks. The space is by itself, so that padding goes before it and not to where someone begins to write.
 */
function piecesOf(row: string): string[] {
  const indent = indentOf(row)
  const [first = '', ...others] = splitRow(row.slice(indent.length))
  const isBarred = first.trim() === '' && others.length > 0
  const cells = isBarred ? others : [first, ...others]
  return [
    indent,
    isBarred ? `${first}|` : '',
    ...cells.flatMap((cell, index) => {
      const words = cell.trim()
      const start = cell.indexOf(words)
      return [
        cell.slice(0, Math.max(start - 1, 0)),
        cell.slice(Math.max(start - 1, 0), start),
        words,
        cell.slice(start + words.length),
        index < cells.length - 1 ? '|' : '',
      ]
    }),
  ]
}

/** The rows of a table with its columns aligned; undefined if they are no table. */
export function alignRows(lines: readonly string[]): string | undefined {
  const indent = indentOf(lines[0] ?? '')
  const rows = lines.map((line) => cellsOf(line.slice(indentOf(line).length)))
  const columns = rows[1]?.map(alignmentOf)
  if (!columns || columns.includes(undefined)) return undefined
  const count = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(3, ...rows.map((row, index) => (index === 1 ? 0 : widthOf(row[column] ?? '')))),
  )
  return rows
    .map((row, index) => {
      const cells = widths.map((width, column) => {
        const alignment = columns[column] ?? 'none'
        return index === 1 ? ruleOf(alignment, width) : pad(row[column] ?? '', width, alignment)
      })
      return `${indent}| ${cells.join(' | ')} |`
    })
    .join('\n')
}

type Alignment = 'none' | 'left' | 'right' | 'centre'

function alignmentOf(cell: string): Alignment | undefined {
  const match = /^(:?)-+(:?)$/u.exec(cell)
  if (!match) return undefined
  if (match[1] && match[2]) return 'centre'
  if (match[2]) return 'right'
  return match[1] ? 'left' : 'none'
}

/** Whether the line stands between the names of columns and what is in them. */
export function isRule(line: string): boolean {
  const cells = cellsOf(line.slice(indentOf(line).length))
  return cells.length > 0 && cells.every((cell) => alignmentOf(cell) !== undefined)
}

function ruleOf(alignment: Alignment, width: number): string {
  const left = alignment === 'left' || alignment === 'centre' ? ':' : ''
  const right = alignment === 'right' || alignment === 'centre' ? ':' : ''
  return left + '-'.repeat(width - left.length - right.length) + right
}

function pad(cell: string, width: number, alignment: Alignment): string {
  const space = width - widthOf(cell)
  const left = alignment === 'right' ? space : alignment === 'centre' ? Math.floor(space / 2) : 0
  return ' '.repeat(left) + cell + ' '.repeat(space - left)
}

export function indentOf(line: string): string {
  return /^[ \t>]*/u.exec(line)?.[0] ?? ''
}

function cellsOf(line: string): string[] {
  const cells = splitRow(line.trim()).map((cell) => cell.trim())
  if (cells[0] === '') cells.shift()
  if (cells.at(-1) === '') cells.pop()
  return cells
}

/** At each bar that no backslash stands before. */
export function splitRow(line: string): string[] {
  return line.split(/(?<!\\)\|/u)
}

/** Where a cell's words end: behind its bar, and behind what is written in it. */
function placeOf(lines: readonly string[], row: number, cell: number): number {
  const before = lines.slice(0, row).reduce((length, line) => length + line.length + 1, 0)
  const parts = splitRow(lines[row] ?? '')
  const index = Math.min(Math.max(cell, 1), parts.length - 2)
  const start = parts.slice(0, index).reduce((length, part) => length + part.length + 1, 0)
  const text = parts[index] ?? ''
  return before + start + Math.max(text.trimEnd().length, 1)
}

const graphemes = new Intl.Segmenter()
const wide =
  /\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303f\uff01-\uff60]/u

/** In columns of a face in which all letters are equally wide. */
function widthOf(text: string): number {
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1
  return width
}
