import { ensureSyntaxTree } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  demoteHeading,
  promoteHeading,
  setHeading,
  toggleBulletedList,
  toggleCodeBlock,
  toggleNumberedList,
  toggleQuote,
  toggleTask,
  toggleTaskList,
} from './line-markup.ts'
import { markdown } from './markdown.ts'
import { shiftItems } from './shift-items.ts'
import { sortLines } from './sort-lines.ts'
import { alignRows, alignTable } from './tables.ts'
import { apply, applyMeanwhile } from './testing/apply.ts'

const markup = markdown()

test.each([
  [setHeading(2), 'one| two', '## one| two'],
  [setHeading(2), '|', '## |'],
  [setHeading(2), '# one|', '## one|'],
  [setHeading(2), '## one|', 'one|'],
  [setHeading(0), '### one|', 'one|'],
  [setHeading(1), '> on|e', '> # on|e'],
  [promoteHeading, '## one|', '# one|'],
  [promoteHeading, '# one|', '# one|'],
  [promoteHeading, 'one|', 'one|'],
  [demoteHeading, '## one|', '### one|'],
  [demoteHeading, '###### one|', '###### one|'],
  [toggleBulletedList, '‹one\n\ntwo›', '- ‹one\n\n- two›'],
  [toggleBulletedList, '‹- one\n- two›', '‹one\ntwo›'],
  [toggleNumberedList, '‹- one\n- two›', '‹1. one\n2. two›'],
  [toggleNumberedList, '1. one|', 'one|'],
  [toggleTaskList, '  - one|', '  - [ ] one|'],
  [toggleTaskList, '- [x] one|', 'one|'],
  [toggleTask, '- [ ] one|', '- [x] one|'],
  [toggleTask, '- [x] one|', '- [ ] one|'],
  [toggleTask, '- one|', '- [ ] one|'],
  [toggleTask, 'one|', '- [ ] one|'],
  [toggleTask, '‹- [ ] one\n- [x] two›', '‹- [x] one\n- [x] two›'],
  [toggleQuote, 'one|', '> one|'],
  [toggleQuote, '‹> one\n> two›', '‹one\ntwo›'],
  [toggleQuote, '‹one\n\ntwo\n›\nthree', '> ‹one\n>\n> two\n›\nthree'],
  [toggleQuote, '‹> one\n>\n> two›', '‹one\n\ntwo›'],
  [toggleQuote, '‹> one\n\n> two›', '‹one\n\ntwo›'],
  [toggleQuote, '‹> one\n>\n> two\n\nthree›', '> ‹> one\n> >\n> > two\n>\n> three›'],
  [toggleQuote, '|', '> |'],
  [toggleQuote, 'one\n‹\n\n›two', 'one\n> ‹\n> \n›two'],
  [toggleCodeBlock, 'a\nb|\nc', 'a\n```\nb|\n```\nc'],
  [toggleCodeBlock, 'a\n```js\nb|\n```\nc', 'a\nb|\nc'],
  [toggleCodeBlock, 'a\n\n|', 'a\n\n```\n|\n```'],
  [toggleCodeBlock, '‹```\nb\n```›', '‹b›'],
  [toggleCodeBlock, 'one|\n\n    ````', '```\none|\n```\n\n    ````'],
  [shiftItems('in'), '- one\n- two|', '- one\n  - two|'],
  [shiftItems('in'), '1. one\n2. two|', '1. one\n   1. two|'],
  [shiftItems('in'), '1. one\n   1. two\n2. three|', '1. one\n   1. two\n   2. three|'],
  [shiftItems('in'), '1. one\n‹2. two\n3. three›', '1. one\n   ‹1. two\n   2. three›'],
  [shiftItems('in'), '- one\n1) two|', '- one\n  1) two|'],
  [shiftItems('out'), '1. one\n   1. two\n   2. three|', '1. one\n   1. two\n2. three|'],
  [shiftItems('out'), '> 4. one\n>    1. two|', '> 4. one\n> 5. two|'],
  [shiftItems('in'), '> - two|', '>   - two|'],
  [shiftItems('out'), '- one\n  - two|', '- one\n- two|'],
  [shiftItems('out'), '- one|', '- one|'],
  [sortLines, 'x\n\nb10|\nb9\na', 'x\n\n|a\nb9\nb10'],
  [sortLines, '‹b\na›\nA', '‹a\nb›\nA'],
])('%o makes of %j', (command, before, after) => expect(apply(command, before, markup)).toBe(after))

test('a line that is no list item is not shifted as one', () => {
  expect(apply(shiftItems('in'), 'one|', markup)).toBeUndefined()
})

test('a table is aligned by what is widest in each column, however it is written', () => {
  expect(alignRows(['|a|b|c|', '|:-|-:|:-:|', '|longer|漢字|x|', 'y|`\\|`'])).toBe(
    [
      '| a      |    b |  c  |',
      '| :----- | ---: | :-: |',
      '| longer | 漢字 |  x  |',
      '| y      | `\\|` |     |',
    ].join('\n'),
  )
})

test('the caret stays in its cell', () => {
  const before = 'text\n\n| a | b |\n|---|---|\n| long cell | x¦ |\n'
  const after = 'text\n\n| a         | b   |\n| --------- | --- |\n| long cell | x¦   |\n'
  expect(apply(alignTable, before, markup, '¦')).toBe(after)
})

test.each([
  ['amid a word', '|¦a|\n|-|\n|lo^ng|', '| a    |\n| ---- |\n| lo^ng |'],
  ['behind a word', '| ¦a^ |\n|---|\n| long |', '| a^    |\n| ---- |\n| long |'],
  ['before a number', '| ¦a |\n|--:|\n| ^1 |', '|   a |\n| --: |\n|   ^1 |'],
  ['in an empty cell', '| ¦a | b |\n|---|---|\n| | ^ |', '| a   | b   |\n| --- | --- |\n|     | ^    |'],
  ['without bars around', '¦a | b\n-|-\nc | d^d', '| a   | b   |\n| --- | --- |\n| c   | d^d  |'],
  [
    'in a row that lacks cells',
    '| ¦a | b |\n|---|---|\n| c^c |',
    '| a   | b   |\n| --- | --- |\n| c^c  |     |',
  ],
  ['in the rule', '| ¦long |\n|-^-|', '| long |\n| -^--- |'],
  ['in a quote', '> | ¦a |\n> |---|\n> | lo^ng |', '> | a    |\n> | ---- |\n> | lo^ng |'],
])('what another types in a table stays in its cell: %s', (_where, before, after) =>
  expect(applyMeanwhile(alignTable, before, markup, '¦')).toBe(after),
)

test('however a table is written, it is aligned and none of its words is written anew', () => {
  const cells = ['', ' ', 'a', ' long cell ', '  b', 'c   ', '漢', '\\|', ' \\', '\u00a0d', '\te', '> f', '-']
  const cell = fc.constantFrom(...cells)
  const first = fc.constantFrom('x', 'x|', '|x|', '  |\tx |', '||x|')
  const row = fc.tuple(first, fc.array(cell, { maxLength: 4 })).map(([text, more]) => text + more.join('|'))
  const head = fc.constantFrom('x|a|b', '| x | long | b |', '|x|a|b|  ')
  const rule = fc.constantFrom('|-|:-:|--:|', ':-|---|-', '  | - | :-: | -:|')
  fc.assert(
    fc.property(head, rule, fc.array(row, { maxLength: 4 }), (...[named, under, rows]) => {
      const lines = [named, under, ...rows]
      const state = EditorState.create({ doc: lines.join('\n'), extensions: markup })
      ensureSyntaxTree(state, state.doc.length)
      const dispatched = alignTable({
        state,
        dispatch: ({ changes, newDoc }) => {
          expect(newDoc.toString()).toBe(alignRows(lines))
          changes.iterChanges((from, to) => expect(state.sliceDoc(from, to).trim()).toBe(''))
        },
      })
      expect(dispatched).toBe(true)
    }),
    { numRuns: 300 },
  )
})
