import { EditorState, type StateCommand } from '@codemirror/state'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  linkSelection,
  toggleLink,
  openedMarks,
  toggleBold,
  toggleInlineCode,
  toggleItalic,
  toggleStrikethrough,
} from './inline-markup.ts'
import { markdown } from './markdown.ts'
import { apply, applyMeanwhile } from './testing/apply.ts'

const markup = markdown()

test.each([
  ['the word at the caret', 'one tw|o three', 'one **tw|o** three'],
  ['the selection', 'one ‹two› three', 'one **‹two›** three'],
  ['no space at its ends', 'one‹ two ›three', 'one‹ **two** ›three'],
  ['each of several', '‹one› ‹two›', '**‹one›** **‹two›**'],
  ['each line, behind its list mark', '‹- one\n- two›', '‹- **one**\n- **two›**'],
  ['each paragraph', '‹one\n\ntwo›', '**‹one**\n\n**two›**'],
  ['each line of a quote', '> ‹one\n> two›', '> **‹one**\n> **two›**'],
  ['what has none of several', '‹**one**\ntwo›', '‹**one**\n**two›**'],
  ['all, in one pair of marks', '‹one **two› three**', '**‹one two› three**'],
  ['what touches what has them', '**one**‹two›', '**one‹two›**'],
  ['a word that two carets are in', 't|w|o', '**t|w|o**'],
  [
    'words and not what draws a line',
    '‹one\n---\n\n***\n\n```\ntwo\n```›',
    '**‹one**\n---\n\n***\n\n```\ntwo\n```›',
  ],
  ['nothing yet', 'one | two', 'one **|** two'],
  ['nothing yet, at two carets', 'one | two | three', 'one **|** two **|** three'],
])('bold goes around %s', (_what, before, after) => expect(apply(toggleBold, before, markup)).toBe(after))

test.each([
  ['the selection', '**‹two›**', '‹two›'],
  ['the selection with its marks', '‹**two**›', '‹two›'],
  ['what the caret is in', 'a **two thr|ee** b', 'a two thr|ee b'],
  ['a word in other marks', '__two|__', 'two|'],
  ['a word that two carets are in', '**t|w|o**', 't|w|o'],
  ['each line', '**‹one**\n\n- **two›**', '‹one\n\n- two›'],
  ['each of several', '**‹one›** **‹two›**', '‹one› ‹two›'],
  ['what no syntax sees', 'one**‹"two"›**', 'one‹"two"›'],
  ['nothing', 'one **|** two', 'one | two'],
])('bold comes off %s', (_what, before, after) => expect(apply(toggleBold, before, markup)).toBe(after))

test.each([
  [toggleItalic, '**‹two›**', '***‹two›***'],
  [toggleItalic, '***‹two›***', '**‹two›**'],
  [toggleStrikethrough, '‹two›', '~~‹two›~~'],
  [toggleInlineCode, '‹two›', '`‹two›`'],
  [toggleItalic, '**|**', '***|***'],
  [toggleItalic, '***|***', '**|**'],
  [toggleItalic, '‹a **b** c›', '*‹a **b** c›*'],
  [toggleItalic, '*‹a **b** c›*', '‹a **b** c›'],
  [toggleInlineCode, '‹a `b` c›', '`‹a b c›`'],
  [toggleInlineCode, '‹a `b c›', '`` ‹a `b c› ``'],
  [toggleInlineCode, '`` ‹a `b c› ``', '‹a `b c›'],
  [toggleLink, 'see ‹here› now', 'see [here](|) now'],
  [toggleLink, '‹https://a.example/b›', '[|](https://a.example/b)'],
  [toggleLink, 'see he|re now', 'see [here](|) now'],
  [toggleLink, 'a | b', 'a [|]() b'],
  [toggleLink, '‹one›‹two› | x', '[one](|)[two](|) [|]() x'],
  [toggleLink, 't|w|o', '[two](|)'],
  [toggleLink, '‹one\n\n- two\n- https://a.example/b›', '[one](|)\n\n- [two](|)\n- [|](https://a.example/b)'],
  [toggleLink, 'see [here](|) now', 'see here| now'],
  [toggleLink, 'a [|]() b', 'a | b'],
  [toggleLink, '[|](https://a.example/b)', '|https://a.example/b'],
  [toggleLink, '[tw|o](https://a.example/b "title")', 'tw|o'],
  [toggleLink, '‹[two](x)›', '‹two›'],
  [toggleLink, '[a ‹b› c](x)', 'a ‹b› c'],
  [toggleLink, '‹one [two](x) and [three][y]›', '‹one two and three›'],
  [toggleLink, '[t|w|o](x)', 't|w|o'],
  [toggleLink, '[![i](s)|](x)', '![i](s)|'],
  [toggleLink, '[one](x)| two', '[one](x)[|]() two'],
  [toggleLink, 'a [no|te]', 'a [[note](|)]'],
  [paste('https://a.example/b'), 'see ‹here› now', 'see [here](https://a.example/b)| now'],
])('a mark of another kind: %o', (command, before, after) =>
  expect(apply(command, before, markup)).toBe(after),
)

test.each([
  [toggleLink, 'see ‹he^re› now', 'see [he^re]() now'],
  [toggleLink, 'see |he^re now', 'see [he^re]() now'],
  [toggleLink, '‹https://a.^example/b›', '[](https://a.^example/b)'],
  [toggleLink, 'see [he^re|](x) now', 'see he^re now'],
  [paste('https://a.example/b'), 'see ‹he^re› now', 'see [he^re](https://a.example/b) now'],
])(
  'what another types in words that become a link, or were one, stays in them: %o %j',
  (command, before, after) => expect(applyMeanwhile(command, before, markup)).toBe(after),
)

function paste(address: string): StateCommand {
  return ({ state, dispatch }) => {
    const link = linkSelection(state, address)
    if (link) dispatch(link)
    return link !== undefined
  }
}

test('what is written between marks that were put there ends where it is told again', () => {
  let state = EditorState.create({ extensions: [markup, openedMarks] })
  const tell = (command: StateCommand): void =>
    void command({ state, dispatch: (transaction) => void (state = transaction.state) })
  const type = (text: string): void => void (state = state.update(state.replaceSelection(text)).state)
  tell(toggleBold)
  type('bold ')
  tell(toggleItalic)
  type('both')
  tell(toggleItalic)
  tell(toggleBold)
  type(' none')
  expect(state.doc.toString()).toBe('**bold *both*** none')
})

test('a table stays one: bold goes around what its cells say', () =>
  expect(apply(toggleBold, '‹| a | b |\n|---|---|\n| c | d |›', markup, '¦')).toBe(
    '‹| **a** | **b** |\n|---|---|\n| **c** | **d** |›',
  ))

test('code is left alone, and so is what may not be written', () => {
  expect(apply(toggleBold, '```\nsome ‹code›\n```', markup)).toBeUndefined()
  expect(apply(toggleBold, '‹two›', [markup, EditorState.readOnly.of(true)])).toBeUndefined()
  expect(apply(toggleBold, '‹two›')).toBeUndefined()
})

const pieces = [
  [
    'a',
    'word',
    ' ',
    '  ',
    '\n',
    '\n\n',
    '"',
    '(',
    ')',
    '.',
    '!',
    '\\',
    '[x](y)',
    's_c',
    '|',
    'é',
    '漢',
    '<b>',
  ],
  ['\n- ', '\n  - ', '\n1. ', '\n- [ ] ', '\n> ', '\n> - ', '\n# ', '\n---\n', '\n===\n', '\n    code\n'],
  ['\n\n| a | b |\n|---|---|\n| c | d |\n', '\n```\ncode\n```\n', '\n<div>\n', '\n[x]: y\n'],
]
const piece = fc.constantFrom(...pieces.flat())
const written = fc.array(piece, { maxLength: 30 }).map((all) => all.join(''))
const place = fc.nat({ max: 200 })

test.each([
  ['bold', toggleBold],
  ['italic', toggleItalic],
  ['struck out', toggleStrikethrough],
  ['code', toggleInlineCode],
])('what becomes %s and is told so again is as it was', (_what, command) => {
  const toggled = (state: EditorState): EditorState => {
    let next = state
    command({ state, dispatch: (transaction) => void (next = transaction.state) })
    return next
  }
  fc.assert(
    fc.property(written, place, place, (doc, anchor, head) => {
      const selection = { anchor: Math.min(anchor, doc.length), head: Math.min(head, doc.length) }
      const state = EditorState.create({ doc, selection, extensions: markup })
      expect(toggled(toggled(state)).doc.toString()).toBe(doc)
    }),
    { numRuns: 1000 },
  )
})
