import { EditorState } from '@codemirror/state'
import { expect, test } from 'vitest'
import { makeLink, toggleBold, toggleInlineCode, toggleItalic, toggleStrikethrough } from './inline-markup.ts'
import { markdown } from './markdown.ts'
import { apply } from './testing/apply.ts'

const markup = markdown()

test.each([
  ['the word at the caret', 'one tw|o three', 'one **tw|o** three'],
  ['the selection', 'one ‹two› three', 'one **‹two›** three'],
  ['no space at its ends', 'one‹ two ›three', 'one‹ **two** ›three'],
  ['each of several', '‹one› ‹two›', '**‹one›** **‹two›**'],
  ['each line, behind its list mark', '‹- one\n- two›', '‹- **one**\n- **two›**'],
  ['nothing yet', 'one | two', 'one **|** two'],
])('bold goes around %s', (_what, before, after) => expect(apply(toggleBold, before, markup)).toBe(after))

test.each([
  ['the selection', '**‹two›**', '‹two›'],
  ['the selection with its marks', '‹**two**›', '‹two›'],
  ['what the caret is in', 'a **two thr|ee** b', 'a two thr|ee b'],
  ['a word in other marks', '__two|__', 'two|'],
  ['a word that two carets are in', '**t|w|o**', 't|w|o'],
  ['nothing', 'one **|** two', 'one | two'],
])('bold comes off %s', (_what, before, after) => expect(apply(toggleBold, before, markup)).toBe(after))

test.each([
  [toggleItalic, '**‹two›**', '***‹two›***'],
  [toggleItalic, '***‹two›***', '**‹two›**'],
  [toggleStrikethrough, '‹two›', '~~‹two›~~'],
  [toggleInlineCode, '‹two›', '`‹two›`'],
  [toggleInlineCode, '‹a `b` c›', '`` ‹a `b` c› ``'],
  [makeLink, 'see ‹here› now', 'see [here](|) now'],
  [makeLink, '‹https://a.example/b›', '[|](https://a.example/b)'],
  [makeLink, 'a | b', 'a [|]() b'],
])('a mark of another kind: %o', (command, before, after) =>
  expect(apply(command, before, markup)).toBe(after),
)

test('code is left alone, and so is what may not be written', () => {
  expect(apply(toggleBold, '```\nsome ‹code›\n```', markup)).toBeUndefined()
  expect(apply(toggleBold, '‹two›', [markup, EditorState.readOnly.of(true)])).toBeUndefined()
  expect(apply(toggleBold, '‹two›')).toBeUndefined()
})
