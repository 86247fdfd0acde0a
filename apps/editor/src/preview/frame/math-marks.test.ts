import { describe, expect, it } from 'vitest'
import { inlineMathAt, mathBlockEnd } from './math-marks.ts'

const formulaAt = (text: string): string | undefined =>
  inlineMathAt(text, text.indexOf('$'), text.length)?.formula

describe('a formula in a line', () => {
  it.each([
    ['$x$', 'x'],
    ['a $x + y$ b', 'x + y'],
    ['$$x$$', 'x'],
    [String.raw`$\$5$`, String.raw`\$5`],
  ])('%s', (text, formula) => expect(formulaAt(text)).toBe(formula))

  it.each(['$5 and $6', '$ x$', '$x $', '$x', '$$', '$$$$', '$$x$', '$'])('is not in %s', (text) =>
    expect(formulaAt(text)).toBeUndefined(),
  )
})

describe('a formula on lines of its own', () => {
  const blockOf = (...lines: string[]) => mathBlockEnd(0, lines.length, (line) => lines[line] ?? '')

  it('goes to the line that ends it', () => {
    expect(blockOf('$$', 'a', 'b', '$$', 'c')).toEqual({ formula: 'a\nb', line: 4 })
    expect(blockOf('$$a', 'b$$')).toEqual({ formula: 'a\nb', line: 2 })
    expect(blockOf('$$a$$', 'b')).toEqual({ formula: 'a', line: 1 })
  })

  it('is none without an end, or with words after it', () => {
    expect(blockOf('$$', 'a')).toBeUndefined()
    expect(blockOf('$$a$$ b', 'c$$')).toBeUndefined()
  })

  it('is looked for in so many lines and no more', () => {
    const lines = (count: number) => ['$$', ...Array.from({ length: count }, () => 'x'), '$$']
    expect(blockOf(...lines(398))).toBeDefined()
    expect(blockOf(...lines(399))).toBeUndefined()
  })
})
