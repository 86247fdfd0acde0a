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

test('no more of a title than anyone reads, however many marks are in it', () => {
  for (const mark of ['[', '[](', ' *a', '`', '!['])
    expect(headingsOf([`# ${mark.repeat(200_000)}`])[0]?.title.length).toBeLessThanOrEqual(300)
  expect(headingsOf([`#${' '.repeat(200_000)}\u2028`, 'a'.repeat(200_000), '==='])).toMatchObject([
    { title: '' },
    { title: 'a'.repeat(300) },
  ])
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
