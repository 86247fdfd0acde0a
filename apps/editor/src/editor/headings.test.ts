import { expect, test } from 'vitest'
import { headingsOf } from './headings.ts'

/** Each as its marks, its title and its line. */
const read = (...lines: string[]): string[] =>
  headingsOf(lines).map(({ level, title, line }) => `${'#'.repeat(level)} ${title} ${line}`)

test('lines that begin with number signs, as deep as those are many', () => {
  expect(read('# One', 'text', '', '### Three ###', '####### no', '#no', '##')).toEqual([
    '# One 1',
    '### Three 4',
    '##  7',
  ])
})

test('lines that are underlined', () => {
  expect(read('One', '===', '', 'Two', '---', '', '---', '- item', '---')).toEqual(['# One 1', '## Two 4'])
})

test('nothing that stands in code', () => {
  expect(read('```md', '# no', '~~~', '```', '# yes', '~~~~', '# no', '~~~', '~~~~', '    # no')).toEqual([
    '# yes 5',
  ])
})

test('one behind a mark of the encoding', () => {
  expect(read('\ufeff# One', '\ufeff# no')).toEqual(['# One 1'])
})

test('titles read without their marks', () => {
  expect(
    read(
      '# **Bold** and *slanted*, `code`',
      '## [Link](https://quire.example) ![](x.png)',
      '# snake_case \\# C#',
    ),
  ).toEqual(['# Bold and slanted, code 1', '## Link 2', '# snake_case # C# 3'])
})
