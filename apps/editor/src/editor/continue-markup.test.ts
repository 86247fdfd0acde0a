import { EditorState } from '@codemirror/state'
import { describe, expect, test } from 'vitest'
import { continueMarkup, readMarks } from './continue-markup.ts'
import { markdown } from './markdown.ts'

/** The text after Enter, where `|` is the caret; undefined if Enter is left to others. */
function enter(marked: string, readOnly = false): string | undefined {
  const at = marked.indexOf('|')
  let state = EditorState.create({
    doc: marked.replace('|', ''),
    selection: { anchor: at },
    extensions: [markdown(), EditorState.readOnly.of(readOnly)],
  })
  const handled = continueMarkup({
    state,
    dispatch: (transaction) => {
      state = transaction.state
    },
  })
  if (!handled) return undefined
  const { head } = state.selection.main
  return `${state.sliceDoc(0, head)}|${state.sliceDoc(head)}`
}

describe('Enter', () => {
  test.each([
    ['- one|', '- one\n- |'],
    ['* o|ne', '* o\n* |ne'],
    ['1. one|', '1. one\n2. |'],
    ['9) one|', '9) one\n10) |'],
    ['- one\n  - two|', '- one\n  - two\n  - |'],
    ['- [x] done|', '- [x] done\n- [ ] |'],
    ['> said|', '> said\n> |'],
    ['> - said|', '> - said\n> - |'],
  ])('continues %j', (before, after) => expect(enter(before)).toBe(after))

  test.each([
    ['- one\n- |', '- one\n|'],
    ['1. one\n2. |', '1. one\n|'],
    ['- [ ] |', '|'],
    ['> said\n> |', '> said\n|'],
    ['> - said\n> - |', '> - said\n> |'],
    ['- one\n  - |', '- one\n|'],
  ])('ends what was left empty in %j', (before, after) => expect(enter(before)).toBe(after))

  test.each([
    ['plain|'],
    ['|- one'],
    ['# heading|'],
    ['```\n- code|\n```'],
    ['* * *|'],
    ['    - code|'],
    ['-|'],
  ])('is left to others in %j', (before) => expect(enter(before)).toBeUndefined())

  test('takes no longer for an indent that never ends', () => {
    const indent = ' '.repeat(200_000)
    expect(readMarks(`>${indent}> - a`)).toMatchObject({ outer: `>${indent}> ` })
  })

  test('is left to others where nothing may be written', () => expect(enter('- one|', true)).toBeUndefined())
})
