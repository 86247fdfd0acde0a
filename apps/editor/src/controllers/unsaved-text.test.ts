import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldLines, ownWords, unsavedText, type Row, type ShownPart } from './unsaved-text.ts'

const texts = (saved: string, own: string) =>
  unsavedText({ saved: { title: 'T', text: saved }, own: { title: 'T', text: own } })

function read(rows: readonly Row[]): string[] {
  const textOf = (part: ShownPart): string => (part.type === 'folded' ? '…' : part.text)
  return rows.flatMap((row) => {
    switch (row.type) {
      case 'added':
        return row.lines.map((line) => `+${line}`)
      case 'removed':
        return row.lines.map((line) => `-${line}`)
      case 'folded':
        return [`… ${row.count} …`]
      default:
        return [(row.type === 'kept' ? ' ' : '~') + row.parts.map(textOf).join('')]
    }
  })
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`)

describe('what is shown', () => {
  const shown = (saved: readonly string[], own: readonly string[]): string[] =>
    read(foldLines(texts(saved.join('\n'), own.join('\n')).lines))

  test('is nothing if nothing is missing', () => {
    const draft = { title: 'T', text: 'a\nb' }
    expect(unsavedText({ saved: draft, own: { ...draft } })).toEqual({ title: [], lines: [] })
  })

  test('is the title alone if only that was changed', () => {
    const unsaved = unsavedText({ saved: { title: 'Old', text: 'a' }, own: { title: 'New', text: 'a' } })
    expect(unsaved).toEqual({
      title: [
        { type: 'removed', text: 'Old' },
        { type: 'added', text: 'New' },
      ],
      lines: [],
    })
  })

  test('is each change with two lines around it', () => {
    expect(shown(numbers(1, 20), [...numbers(1, 7), 'new', ...numbers(8, 20)])).toEqual([
      '… 5 …',
      ' 6',
      ' 7',
      '+new',
      ' 8',
      ' 9',
      '… 11 …',
    ])
  })

  test('leaves out no single line', () => {
    const one = [...numbers(1, 3), 'new', ...numbers(4, 6)]
    expect(shown(numbers(1, 6), one)).toEqual([' 1', ' 2', ' 3', '+new', ' 4', ' 5', ' 6'])
    const two = ['new', ...numbers(1, 5), 'new', ...numbers(6, 11), 'new']
    expect(shown(numbers(1, 11), two)).toEqual([
      '+new',
      ' 1',
      ' 2',
      ' 3',
      ' 4',
      ' 5',
      '+new',
      ' 6',
      ' 7',
      '… 2 …',
      ' 10',
      ' 11',
      '+new',
    ])
  })

  test('is a new line, whether it was put between others or begun on an empty one', () => {
    expect(shown(['a', ''], ['a', 'new', '', 'new'])).toEqual([' a', '+new', ' ', '+new'])
    expect(shown(['a', ''], ['a', 'new', 'new'])).toEqual([' a', '+new', '+new'])
    expect(shown(['a', 'old'], ['a', ''])).toEqual([' a', '-old'])
  })

  test('is all that was written or taken out, however long', () => {
    expect(shown([], numbers(1, 500))).toHaveLength(500)
    expect(shown(numbers(1, 500), [])).toHaveLength(500)
  })

  test('leaves out the middle of a long line, between words', () => {
    const sentence = 'Some words that are as they were. '
    const [row] = foldLines(texts(`${sentence.repeat(40)}end`, `${sentence.repeat(40)}the end`).lines)
    expect(row).toEqual({
      type: 'changed',
      parts: [
        { type: 'kept', text: `${sentence.repeat(4)}Some words that are as ` },
        { type: 'folded' },
        { type: 'kept', text: `words that are as they were. ${sentence.repeat(4)}` },
        { type: 'added', text: 'the ' },
        { type: 'kept', text: 'end' },
      ],
    })
  })

  test.each([
    ['letters', 'a'.repeat(2000), 'a'.repeat(160)],
    ['pairs', '😀'.repeat(1000), '😀'.repeat(80)],
    ['flags', '🇩🇪'.repeat(501), '🇩🇪'.repeat(40)],
    ['families', '👩‍👧‍👦'.repeat(250), '👩‍👧‍👦'.repeat(20)],
  ])('cuts no character of a line of %s', (_, line, shownStart) => {
    const [row] = foldLines(texts(`${line}\nend`, `${line}\nthe end`).lines)
    if (row?.type !== 'kept') expect.unreachable()
    expect(row.parts[0]).toEqual({ type: 'kept', text: shownStart })
    for (const part of row.parts)
      if (part.type !== 'folded') expect(line.startsWith(part.text) && line.endsWith(part.text)).toBe(true)
  })

  test('shows a character whole, however many parts it has', () => {
    const line = `e${'\u0301'.repeat(2000)}`
    const [row] = foldLines(texts(`${line}\nend`, `${line}\nthe end`).lines)
    expect(row).toEqual({ type: 'kept', parts: [{ type: 'kept', text: line }] })
  })

  test('is the lines in their order, with as many left out as it says', () => {
    const drafts = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 60 })
    fc.assert(
      fc.property(drafts, drafts, (saved, own) => {
        const { lines } = texts(saved.join('\n'), own.join('\n'))
        let at = 0
        for (const row of foldLines(lines)) {
          const next = at + (row.type === 'folded' ? row.count : read([row]).length)
          const some = lines.slice(at, next)
          if (row.type === 'folded') {
            expect(row.count).toBeGreaterThan(1)
            expect(some.every(({ type }) => type === 'kept')).toBe(true)
          } else expect(read([row])).toEqual(read(foldLines(some)))
          at = next
        }
        expect(at).toBe(lines.length)
      }),
    )
  })
})

describe('what somebody wrote', () => {
  const words = (saved: string, own: string): string => ownWords(texts(saved, own))

  test.each([
    ['words in a line', 'We met at the bridge.', 'We met at the north bridge today.', 'north\ntoday'],
    ['a line', 'a\nb', 'a\n    code\nb', '    code'],
    ['lines, with the empty ones between', 'a\nb', 'a\n\none\n\ntwo\n\nb', 'one\n\ntwo'],
    ['lines apart', 'a\nb\nc', 'one\na\nb\ntwo\nc\nthree', 'one\n\ntwo\n\nthree'],
    ['on an empty line', 'a\n', 'a\none\ntwo', 'one\ntwo'],
    ['into an empty document', '', 'one\n\ntwo\n', 'one\n\ntwo'],
    ['in the place of something else', 'a\nold\nb', 'a\nnew\nb', 'new'],
    ['nothing, but took something out', 'a\nold\nb', 'a\nb', ''],
    ['a space', 'ab', 'a b', 'a b'],
  ])('%s', (_, saved, own, expected) => {
    expect(words(saved, own)).toBe(expected)
  })

  test('begins with the title, if that is theirs', () => {
    const saved = { title: 'Notes', text: 'a' }
    expect(ownWords(unsavedText({ saved, own: { title: 'Plan', text: 'a' } }))).toBe('Plan')
    expect(ownWords(unsavedText({ saved, own: { title: 'Plan', text: 'a\nb' } }))).toBe('Plan\n\nb')
    expect(ownWords(unsavedText({ saved, own: { title: 'Notes, May', text: 'a' } }))).toBe('Notes, May')
    expect(ownWords(unsavedText({ saved, own: { title: '', text: 'a' } }))).toBe('')
  })

  test('is nothing that was there', () => {
    const lines = fc.array(fc.constantFrom('a b', 'c', '', 'd e f'), { maxLength: 20 })
    fc.assert(
      fc.property(lines, lines, (saved, own) => {
        const mine = own.map((line) => line.replaceAll(/\w/g, (letter) => letter.toUpperCase()))
        const mixed = saved.flatMap((line, index) => [line, ...mine.slice(index, index + 1)])
        expect(words(saved.join('\n'), mixed.join('\n'))).toMatch(/^[A-F \n]*$/)
      }),
    )
  })
})
