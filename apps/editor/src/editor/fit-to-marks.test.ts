import type { StateCommand } from '@codemirror/state'
import { expect, test } from 'vitest'
import { fitToMarks } from './fit-to-marks.ts'
import { markdown } from './markdown.ts'
import { apply } from './testing/apply.ts'

function paste(pasted: string): StateCommand {
  return ({ state, dispatch }) => {
    const { main } = state.selection
    const { from, insert } = fitToMarks(state, main, pasted)
    const selection = { anchor: from + insert.length }
    dispatch(state.update({ changes: { from, to: main.to, insert }, selection }))
    return true
  }
}

const after = (marked: string, pasted: string): string | undefined => apply(paste(pasted), marked, markdown())

test.each([
  ['- |', 'x\ny', '- x\n  y|'],
  ['1. a |b', 'x\ny', '1. a x\n   y|b'],
  ['- [ ] ‹a›', 'x\n\ny', '- [ ] x\n\n  y|'],
  ['> |', 'x\n\ny', '> x\n>\n> y|'],
  ['> > a|', 'x\ny', '> > ax\n> > y|'],
  ['> |', '- x\n- y', '> - x\n> - y|'],
  ['> - |', 'x\n\ny', '> - x\n>\n>   y|'],
  ['- |', '```\nx\n```', '- ```\n  x\n  ```|'],
])('what is pasted in %j stays in it: %j', (before, pasted, then) => expect(after(before, pasted)).toBe(then))

test.each([
  ['- |', '- x\n- y', '- x\n- y|'],
  ['- a\n  - |', '- x\n  - y', '- a\n  - x\n    - y|'],
  ['> - |', '1. x\n2. y', '> 1. x\n> 2. y|'],
  ['- |', '- x', '- x|'],
  ['> |', '> x\n> y', '> x\n> y|'],
])('an empty %j gives way to its like: %j', (before, pasted, then) =>
  expect(after(before, pasted)).toBe(then),
)

test.each([
  ['- a\n- b', 2],
  ['  - a\n  - b\n  - c', 4],
  ['- a\n  b', 2],
  ['- a\n  - b\n- c', 2],
  ['> a\n>\n> b', 2],
  ['1. a\n\n   b', 3],
])('what is cut out of %j and pasted there again is as it was', (text, at) =>
  expect(after(`${text.slice(0, at)}|`, text.slice(at))).toBe(`${text}|`),
)

test.each([
  ['a|', 'x\ny', 'ax\ny|'],
  ['|- a', 'x\ny', 'x\ny|- a'],
  ['```\n- |\n```', 'x\ny', '```\n- x\ny|\n```'],
  ['    > |', 'x\ny', '    > x\ny|'],
  ['- a|', 'x\n', '- ax\n|'],
  ['> a|', 'x\ny\n', '> ax\n> y\n|'],
])('in %j it is as it was copied: %j', (before, pasted, then) => expect(after(before, pasted)).toBe(then))
