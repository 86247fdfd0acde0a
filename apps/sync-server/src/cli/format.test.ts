import { describe, expect, it } from 'vitest'
import { bytes, count, facts, moment, printable, table } from './format.ts'

describe('what a terminal is shown', () => {
  it('stands in columns, also where letters are wide, and has no spaces at its ends', () => {
    const columns = [
      { head: 'NAME', cell: ([name]: [string, number]) => name },
      { head: 'N', cell: ([, number]: [string, number]) => String(number), isNumber: true },
      { head: 'TITLE', cell: ([name]: [string, number]) => name.slice(1) },
    ]
    expect(table(columns, [])).toBe('NAME  N  TITLE\n')
    expect(
      table(columns, [
        ['日本', 5],
        ['é', 10],
        ['ab', 1],
      ]),
    ).toBe('NAME   N  TITLE\n日本   5  本\né     10\nab     1  b\n')
    expect(
      facts([
        ['a', '1'],
        ['long', '2'],
      ]),
    ).toBe('a     1\nlong  2\n')
  })

  it.each([
    '\u001B[31mred\u001B[0m',
    'two\nlines',
    'back\u0008space',
    'an 8-bit \u009Bescape',
    'turned \u202Earound',
    'isolated \u2067this',
  ])('obeys nobody who chose a title: %j', (title) => {
    // oxlint-disable-next-line no-control-regex -- that is what must not be there
    expect(printable(title)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
  })

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [150 * 1024, '150 KiB'],
    [64 * 1024 ** 2, '64.0 MiB'],
    [5 * 1024 ** 4, '5.0 TiB'],
  ])('has %i as %s', (size, shown) => expect(bytes(size)).toBe(shown))

  it('counts in words, and tells a moment of this place', () => {
    expect([count(1, 'document'), count(0, 'document'), count(2, 'entry', 'entries')]).toEqual([
      '1 document',
      '0 documents',
      '2 entries',
    ])
    expect(moment(new Date(2026, 0, 2, 3, 4).getTime() / 1000)).toBe('2026-01-02 03:04')
  })
})
