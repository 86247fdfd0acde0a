import { copyLineDown, moveLineDown, moveLineUp } from '@codemirror/commands'
import type { StateCommand } from '@codemirror/state'
import { describe, expect, test } from 'vitest'
import { markdown } from './markdown.ts'
import { recount } from './recount.ts'
import { apply } from './testing/apply.ts'

const after = (command: StateCommand, marked: string): string | undefined =>
  apply(command, marked, [markdown(), recount])

/** As the command of an editor does, which has no state alone. */
const deleteLine: StateCommand = ({ state, dispatch }) => {
  const { from, to } = state.doc.lineAt(state.selection.main.head)
  const changes = to < state.doc.length ? { from, to: to + 1 } : { from: Math.max(0, from - 1), to }
  dispatch(state.update({ changes, userEvent: 'delete.line' }))
  return true
}

describe('a list that counts goes on counting', () => {
  test.each([
    ['1. a\n2. |b\n3. c', '1. |b\n2. a\n3. c'],
    ['> 4) a\n> 5) |b', '> 4) |b\n> 5) a'],
    ['1. a\n   1. x\n   2. |y\n2. b', '1. a\n   1. |y\n   2. x\n2. b'],
    ['9. a\n10. |b', '9. |b\n10. a'],
  ])('when a line moves up in %j', (before, then) => expect(after(moveLineUp, before)).toBe(then))

  test.each([
    ['1. |a\n2. b', '1. b\n2. |a'],
    ['1. |a\n\n2. b', '\n1. |a\n2. b'],
  ])('when a line moves down in %j', (before, then) => expect(after(moveLineDown, before)).toBe(then))

  test.each([
    ['1. |a\n2. b\n3. c', '|1. b\n2. c'],
    ['1. a\n2. |b\n   more\n3. c', '1. a\n|   more\n2. c'],
    ['1. a\n2. b|', '1. a|'],
    ['1. a\n2. |b\nwords', '1. a\n|words'],
  ])('when a line is deleted in %j', (before, then) => expect(after(deleteLine, before)).toBe(then))

  test('when a line is copied', () => expect(after(copyLineDown, '1. |a\n2. b')).toBe('1. a\n2. |a\n3. b'))
})

describe('all else is left as it is', () => {
  test.each([
    ['1. a\n1. |b', '1. |b\n1. a'],
    ['1. a\n3. |b', '3. |b\n1. a'],
    ['words\n1. |a\n2. b', '1. |a\nwords\n2. b'],
    ['- a\n- |b', '- |b\n- a'],
    ['```\n1. a\n2. |b\n```', '```\n2. |b\n1. a\n```'],
    ['1. a\n2) |b', '2) |b\n1. a'],
  ])('in %j', (before, then) => expect(after(moveLineUp, before)).toBe(then))

  test('where it is not lines that are moved', () =>
    expect(
      after(({ state, dispatch }) => {
        dispatch(state.update({ changes: { from: 0, to: 5 }, userEvent: 'delete.cut' }))
        return true
      }, '1. a\n2. |b'),
    ).toBe('2. |b'))
})
