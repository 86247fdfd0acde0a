/** Puts lines into the order of their reader's language. */
import type { StateCommand } from '@codemirror/state'
import type { Text } from '@codemirror/state'

/** Sorts the selected lines, or those around the caret up to the next blank ones; numbers by their value. */
export const sortLines: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false
  const { doc, selection } = state
  const { from, to, empty } = selection.main
  const [first, last] = empty
    ? blockAround(doc, doc.lineAt(from).number)
    : [doc.lineAt(from).number, doc.lineAt(Math.max(from, to - 1)).number]
  if (first === last) return false
  const range = { from: doc.line(first).from, to: doc.line(last).to }
  const before = doc.sliceString(range.from, range.to).split('\n')
  const { compare } = new Intl.Collator(undefined, { numeric: true })
  const after = before.toSorted(compare)
  const hasMoved = (line: string, index: number): boolean => line !== after[index]
  const [start, end] = [before.findIndex(hasMoved), before.findLastIndex(hasMoved)]
  // Lines that stay are left alone, with the carets of others in them and what those are just writing.
  if (start !== -1)
    dispatch(
      state.update({
        changes: {
          from: doc.line(first + start).from,
          to: doc.line(first + end).to,
          insert: after.slice(start, end + 1).join('\n'),
        },
        selection: empty ? { anchor: range.from } : { anchor: range.from, head: range.to },
        userEvent: 'move.line',
      }),
    )
  return true
}

function blockAround(doc: Text, line: number): readonly [first: number, last: number] {
  let [first, last] = [line, line]
  const isWritten = (number: number): boolean => doc.line(number).text.trim() !== ''
  while (first > 1 && isWritten(first - 1)) first--
  while (last < doc.lines && isWritten(last + 1)) last++
  return [first, last]
}
