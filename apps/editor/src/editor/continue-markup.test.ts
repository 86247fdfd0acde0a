import { EditorState } from '@codemirror/state'
import { describe, expect, test } from 'vitest'
import { continueMarkup, eraseMarkup, readMarks } from './continue-markup.ts'
import { markdown } from './markdown.ts'
import { apply } from './testing/apply.ts'

/** The text after a key, where `|` is a caret; undefined if the key is left to others. */
const enter = (marked: string, readOnly = false): string | undefined =>
  apply(continueMarkup, marked, [markdown(), EditorState.readOnly.of(readOnly)])
const backspace = (marked: string): string | undefined => apply(eraseMarkup, marked, markdown())

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
    ['- one\n- |', '- one\n\n|'],
    ['- one\n\n- |', '- one\n\n|'],
    ['- one\n- |\n- two', '- one\n\n|\n\n- two'],
    ['- one\n- |\n\ntwo', '- one\n\n|\n\ntwo'],
    ['1. one\n2. |', '1. one\n\n|'],
    ['- [ ] |', '|'],
    ['- |\n- one', '|\n- one'],
    ['> said\n> |', '> said\n\n|'],
    ['> > said\n> > |', '> > said\n>\n> |'],
    ['> - said\n> - |', '> - said\n>\n> |'],
  ])('ends what was left empty in %j', (before, after) => expect(enter(before)).toBe(after))

  test.each([
    ['- one\n  - |', '- one\n- |'],
    ['- one\n  - two\n    - |\n- three', '- one\n  - two\n  - |\n- three'],
    ['- [x] one\n  - |', '- [x] one\n- [ ] |'],
    ['> 1. one\n>    - |\n> 2. two', '> 1. one\n> 2. |\n> 3. two'],
    ['9. a\n   1. |\n   2. b\n10. c\n', '9. a\n10. |\n    1. b\n11. c\n'],
  ])('goes one list further out in %j', (before, after) => expect(enter(before)).toBe(after))

  test.each([
    ['plain|'],
    ['|- one'],
    ['# heading|'],
    ['```\n- code|\n```'],
    ['* * *|'],
    ['    - code|'],
    ['-|'],
  ])('is left to others in %j', (before) => expect(enter(before)).toBeUndefined())

  test.each([
    ['1. a|\n2. b\n3. c', '1. a\n2. |\n3. b\n4. c'],
    ['1. a|\n   - x\n2. b\n', '1. a\n2. |\n   - x\n3. b\n'],
    ['> 1) a|\n> 2) b', '> 1) a\n> 2) |\n> 3) b'],
    ['1. a|\n2. b\n2. c', '1. a\n2. |\n3. b\n2. c'],
    ['1. a|\n1. b\n1. c', '1. a\n2. |\n1. b\n1. c'],
    ['8. a|\n9. b\n   - x\n\n   y\n10. c', '8. a\n9. |\n10. b\n    - x\n\n    y\n11. c'],
    ['1. a\n2. |\n3. b', '1. a\n\n|\n\n2. b'],
  ])('counts on after %j', (before, after) => expect(enter(before)).toBe(after))

  test('counts on in no list that is longer than lists are', () => {
    const items = Array.from({ length: 300 }, (_, index) => `${index + 2}. b`).join('\n')
    expect(enter(`1. a|\n${items}`)).toBe(`1. a\n2. |\n${items}`)
  })

  test('goes on at each of several carets, and counts for none of them', () => {
    expect(enter('1. a|\n2. b|\n3. c')).toBe('1. a\n2. |\n2. b\n3. |\n3. c')
    expect(enter('- a|\n\nb|')).toBeUndefined()
  })

  test('takes no longer for an indent that never ends', () => {
    const indent = ' '.repeat(200_000)
    expect(readMarks(`>${indent}> - a`)).toMatchObject({ outer: `>${indent}> ` })
  })

  test('is left to others where nothing may be written', () => expect(enter('- one|', true)).toBeUndefined())
})

describe('Backspace', () => {
  test.each([
    ['- |', '|'],
    ['a\n\n- [ ] |', 'a\n\n|'],
    ['- one\n- |', '- one\n|'],
    ['> - one\n> - |', '> - one\n> |'],
    ['1. one\n   - |\n2. two', '1. one\n|\n2. two'],
    ['> |', '|'],
    ['> > |', '> |'],
  ])('takes the marks off what says nothing in %j', (before, after) => expect(backspace(before)).toBe(after))

  test.each([
    ['- |one', '|one'],
    ['- [x] |one', '|one'],
    ['- one\n- |two', '- one\n  |two'],
    ['- one\n  - |two', '- one\n  |two'],
    ['> |one', '|one'],
    ['> > |one', '> |one'],
    ['> - |one', '> |one'],
    ['> - one\n> - |two', '> - one\n>   |two'],
    ['1. one\n2. |two\n3. three', '1. one\n   |two\n2. three'],
    ['1. |one\n2. two', '|one\n1. two'],
    ['9. |one\n10. two\n    - x', '|one\n9. two\n   - x'],
  ])('takes the marks off what they begin in %j', (before, after) => expect(backspace(before)).toBe(after))

  test.each([
    ['- o|ne'],
    ['|- one'],
    ['-| one'],
    ['plain|'],
    ['```\n- |code\n```'],
    ['> - one\n>   |two'],
    ['- ‹one›'],
  ])('is left to others in %j', (before) => expect(backspace(before)).toBeUndefined())
})
