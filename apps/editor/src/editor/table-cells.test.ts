import { EditorState } from '@codemirror/state'
import { expect, test } from 'vitest'
import { markdown } from './markdown.ts'
import { nextCell, previousCell } from './table-cells.ts'
import { apply, applyMeanwhile } from './testing/apply.ts'

const after = (command: typeof nextCell, marked: string): string | undefined =>
  apply(command, marked, markdown(), '¦')

const rule = '|---|---|'

test.each([
  ['to what the next one says', `| a¦ | b |\n${rule}`, `| a | ‹b› |\n${rule}`],
  ['from what this one says', `| ‹a› | b |\n${rule}`, `| a | ‹b› |\n${rule}`],
  ['into an empty one', `| a¦ |  |\n${rule}`, `| a | ¦ |\n${rule}`],
  ['into one without a space', `|a¦||\n${rule}`, `|a|¦|\n${rule}`],
  ['past a bar that is written', `| a¦\\|b | c |\n${rule}`, `| a\\|b | ‹c› |\n${rule}`],
  ['over the rule', `| a | b¦ |\n${rule}\n| c | d |`, `| a | b |\n${rule}\n| ‹c› | d |`],
  ['out of the rule', `| a | b |\n|--¦-|---|\n| c | d |`, `| a | b |\n${rule}\n| ‹c› | d |`],
  ['from before the first one', `¦| a | b |\n${rule}`, `| ‹a› | b |\n${rule}`],
  ['without bars around', 'a¦ | b\n--|--', 'a | ‹b›\n--|--'],
  ['in a quote', `> | a¦ | b |\n> ${rule}`, `> | a | ‹b› |\n> ${rule}`],
  ['behind the mark of an item', `- x\n\n  | a¦ | b |\n  ${rule}`, `- x\n\n  | a | ‹b› |\n  ${rule}`],
])('Tab goes %s', (_where, before, then) => expect(after(nextCell, before)).toBe(then))

test.each([
  [`| a | b |\n${rule}\n| c | d¦ |\n\nx`, `| a | b |\n${rule}\n| c | d |\n| ¦ |  |\n\nx`],
  [`| a | b |\n${rule}\n| c | d |¦`, `| a | b |\n${rule}\n| c | d |\n| ¦ |  |`],
  [`| a | b¦ |\n${rule}`, `| a | b |\n${rule}\n| ¦ |  |`],
  [`> | a | b |\n> ${rule}¦`, `> | a | b |\n> ${rule}\n> | ¦ |  |`],
  ['| a | b¦ |', '| a | b |\n| --- | --- |\n| ¦ |  |'],
  ['| a | ¦', '| a | \n| --- |\n| ¦ |'],
  ['| a |\n| b¦ |', '| a |\n| b |\n| ¦ |'],
])('behind the last cell Tab adds a row: %j', (before, then) => expect(after(nextCell, before)).toBe(then))

test.each([
  [`| a | b |\n${rule}\n| c¦`, `| a | b |\n${rule}\n| c | ¦`],
  [`| a | b |\n${rule}\n| c |¦`, `| a | b |\n${rule}\n| c | ¦`],
  [`| a | b |\n${rule}\n| c | ¦`, `| a | b |\n${rule}\n| c | \n| ¦ |  |`],
  ['| a | b | c |\n|-|-|-|\n| d | ¦', '| a | b | c |\n|-|-|-|\n| d | | ¦'],
  ['| a¦', '| a | ¦'],
])('what is only half a row goes on with a cell: %j', (before, then) =>
  expect(after(nextCell, before)).toBe(then),
)

test.each([
  ['to what the one before says', `| a | b¦ |\n${rule}`, `| ‹a› | b |\n${rule}`],
  ['over the rule', `| a | b |\n${rule}\n| c¦ | d |`, `| a | ‹b› |\n${rule}\n| c | d |`],
  ['nowhere before the first', `x\n\n| a¦ | b |\n${rule}`, `x\n\n| a¦ | b |\n${rule}`],
])('Shift+Tab goes %s', (_where, before, then) => expect(after(previousCell, before)).toBe(then))

test.each([
  ['a bar amid a sentence', 'a | b¦'],
  ['code', '```\n| a | b¦ |\n```'],
  ['an item that begins with a row', `- | a¦ | b |\n  ${rule}`],
])('in %s it is left to others', (_what, before) => expect(after(nextCell, before)).toBeUndefined())

test('readers go nowhere', () =>
  expect(
    apply(nextCell, `| a¦ | b |\n${rule}`, [markdown(), EditorState.readOnly.of(true)], '¦'),
  ).toBeUndefined())

test('what another types in the last row stays in its cell', () =>
  expect(applyMeanwhile(nextCell, `| a | b |\n${rule}\n| c^ | d¦ |`, markdown(), '¦')).toBe(
    `| a | b |\n${rule}\n| c^ | d |\n|  |  |`,
  ))
