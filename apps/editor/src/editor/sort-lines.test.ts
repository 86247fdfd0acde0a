import { EditorState, type ChangeSet } from '@codemirror/state'
import { expect, test } from 'vitest'
import { sortLines } from './sort-lines.ts'

test.each([
  ['a\nb\nd\nc\nx\ny', [[4, 7, 'c\nd']]],
  ['b\na\nx', [[0, 3, 'a\nb']]],
  ['x\n\na\nc\nb', [[5, 8, 'b\nc']]],
  ['c\nb\na', [[0, 5, 'a\nb\nc']]],
  ['a\nb\nb', []],
])('of %j, only what stands between the lines that stay is written anew', (doc, expected) => {
  expect(written(doc)).toEqual(expected)
})

/** From where to where the block at the end of a text is written anew, and as what. */
function written(doc: string): unknown[] {
  const pieces: unknown[] = []
  const keep = (changes: ChangeSet): void =>
    changes.iterChanges((from, to, _from, _to, text) => pieces.push([from, to, text.toString()]))
  const state = EditorState.create({ doc, selection: { anchor: doc.length } })
  sortLines({ state, dispatch: ({ changes }) => keep(changes) })
  return pieces
}
