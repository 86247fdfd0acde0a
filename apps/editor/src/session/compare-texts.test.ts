import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareLine, compareTexts, type Line, type Part } from './compare-texts.ts'

/** Lines as one reads them: `-gone`, `+new`, ` kept`, and within a changed line `[-gone-]` and `{+new+}`. */
function read(lines: readonly Line[]): string[] {
  const signs = { kept: ' ', added: '+', removed: '-' }
  return lines.map((line) =>
    line.type === 'changed' ? `~${readParts(line.parts)}` : signs[line.type] + line.text,
  )
}

function readParts(parts: readonly Part[]): string {
  const write = {
    kept: (text: string) => text,
    added: (text: string) => `{+${text}+}`,
    removed: (text: string) => `[-${text}-]`,
  }
  return parts.map(({ type, text }) => write[type](text)).join('')
}

const compare = (before: string, after: string): string[] => read(compareTexts(before, after))

describe('a line', () => {
  test.each([
    ['that is new', 'a\nc', 'a\nb\nc', [' a', '+b', ' c']],
    ['that is gone', 'a\nb\nc', 'a\nc', [' a', '-b', ' c']],
    ['that is another', 'one\ntwo\nthree', 'one\n2\nthree', [' one', '-two', '+2', ' three']],
    [
      'in which a word is new',
      'We met at the bridge.',
      'We met at the north bridge.',
      ['~We met at the {+north +}bridge.'],
    ],
    [
      'in which a word is gone',
      'We met at the north bridge.',
      'We met at the bridge.',
      ['~We met at the [-north -]bridge.'],
    ],
    ['in which a word is another', 'at seven sharp', 'at eight sharp', ['~at [-seven-]{+eight+} sharp']],
    [
      'in which a phrase is another',
      'They walked until the light went.',
      'They sat down until the light went.',
      ['~They [-walked-]{+sat down+} until the light went.'],
    ],
    [
      'in which each word is another',
      'We saw two herons standing on the bank.',
      'We saw a few storks standing on the bank.',
      ['~We saw [-two herons-]{+a few storks+} standing on the bank.'],
    ],
    [
      'that goes on',
      'Short.',
      'Short. And then I wrote very much more than that.',
      ['~Short.{+ And then I wrote very much more than that.+}'],
    ],
    ['that was empty', 'a\n\nb', 'a\nnew\nb', [' a', '~{+new+}', ' b']],
    ['that was emptied', 'a\nold\nb', 'a\n\nb', [' a', '~[-old-]', ' b']],
    [
      'behind others that are new',
      'A long line of words.',
      'x\ny\nA very long line of words.',
      ['+x', '+y', '~A {+very +}long line of words.'],
    ],
    [
      'between others that are gone',
      'x\nA long line of words.\ny',
      'A very long line of words.',
      ['-x', '~A {+very +}long line of words.', '-y'],
    ],
    ['of words without spaces', '我们在桥上见面', '我们在北桥上见面', ['~我们在{+北+}桥上见面']],
  ])('%s', (_, before, after, lines) => {
    expect(compare(before, after)).toEqual(lines)
  })

  test('of which characters are made of several is not cut within one', () => {
    expect(compare('see 👩‍👧 here', 'see 👩‍👧‍👦 here')).toEqual(['~see [-👩‍👧-]{+👩‍👧‍👦+} here'])
    expect(compare('a cafe there', 'a cafe\u0301 there')).toEqual(['~a [-cafe-]{+cafe\u0301+} there'])
    expect(compare('on 🇩🇪🇫🇷 it', 'on 🇩🇪🇬🇧🇫🇷 it')).toEqual(['~on 🇩🇪{+🇬🇧+}🇫🇷 it'])
  })
})

describe('a text', () => {
  test('that was empty is new, and one that is empty is gone', () => {
    expect(compare('', 'a\nb')).toEqual(['+a', '+b'])
    expect(compare('a\nb', '')).toEqual(['-a', '-b'])
    expect(compare('', '')).toEqual([])
    expect(compare('', '\n')).toEqual(['+', '+'])
  })

  test('that goes on', () => {
    expect(compare('a', 'a\n')).toEqual([' a', '+'])
    expect(compare('a\n', 'a\nb\n')).toEqual([' a', '+b', ' '])
  })
})

test('a title is compared by words, or one for the other', () => {
  expect(readParts(compareLine('Field notes', 'Field notes, November'))).toBe('Field notes{+, November+}')
  expect(readParts(compareLine('Untitled', 'Field notes'))).toBe('[-Untitled-]{+Field notes+}')
  expect(readParts(compareLine('', 'Field notes'))).toBe('{+Field notes+}')
  expect(readParts(compareLine('Field notes', ''))).toBe('[-Field notes-]')
  expect(compareLine('', '')).toEqual([])
})

/** What `gone` has no part in. */
function without(gone: 'added' | 'removed', lines: readonly Line[]): string {
  const textOf = (parts: readonly Part[]): string =>
    parts
      .filter(({ type }) => type !== gone)
      .map(({ text }) => text)
      .join('')
  return lines
    .filter(({ type }) => type !== gone)
    .map((line) => (line.type === 'changed' ? textOf(line.parts) : line.text))
    .join('\n')
}

/** Where in `text` a person sees one character end and the next begin. */
function seams(text: string): Set<number> {
  const starts = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)]
  return new Set([...starts.map(({ index }) => index), text.length])
}

function expectUncut(lines: readonly Line[], side: 'added' | 'removed'): void {
  for (const line of lines) {
    if (line.type !== 'changed') continue
    const parts = line.parts.filter(({ type }) => type !== side)
    const whole = seams(parts.map(({ text }) => text).join(''))
    let at = 0
    for (const { text } of parts) expect(whole).toContain((at += text.length))
  }
}

const bits = [
  'a',
  'b',
  'word',
  'other',
  ' ',
  '  ',
  '.',
  '\n',
  '\n',
  '\n\n',
  '\r',
  '\t',
  '\u0301',
  'é',
  '👩',
  '\u200d',
  '👧',
  '🇩🇪',
  '🇩',
  '\ud83d',
  '\udc67',
  '桥',
  'שלום',
  'नि',
  '\u0e33',
  'ก',
  '\u0600',
  '한',
  '\u1112',
]
const someText = fc
  .array(fc.oneof(fc.constantFrom(...bits), fc.string({ maxLength: 4 })), { maxLength: 60 })
  .map((some) => some.join(''))
/** A text, and what became of it: some of it out, something else in, a few times. */
const edited = fc
  .tuple(
    someText,
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat(12),
        someText.map((text) => text.slice(0, 12)),
      ),
      { maxLength: 4 },
    ),
  )
  .map(([before, edits]) => ({
    before,
    after: edits.reduce((text, [place, out, put]) => {
      const at = place % (text.length + 1)
      return text.slice(0, at) + put + text.slice(at + out)
    }, before),
  }))

describe('whatever the texts', () => {
  test.each([
    ['of which one came of the other', edited],
    ['of which neither came of the other', fc.record({ before: someText, after: someText })],
  ])('both can be read from what is shown, and no character is cut: texts %s', (_, texts) => {
    fc.assert(
      fc.property(texts, ({ before, after }) => {
        const lines = compareTexts(before, after)
        expect(without('added', lines)).toBe(before)
        expect(without('removed', lines)).toBe(after)
        expectUncut(lines, 'added')
        expectUncut(lines, 'removed')
      }),
      { numRuns: 500 },
    )
  })

  test('a change is shown where there is one, and nowhere else', () => {
    fc.assert(
      fc.property(edited, ({ before, after }) => {
        const isKept = compareTexts(before, after).every(({ type }) => type === 'kept')
        expect(isKept).toBe(before === after)
      }),
    )
  })
})

describe('however much', () => {
  const million = 1_000_000
  const line = (number: number): string => `Line ${number} of a document that many have written.`
  const document = Array.from({ length: 20_000 }, (_, number) => line(number))
  const both = (before: string, after: string): Line[] => {
    const lines = compareTexts(before, after)
    expect(without('added', lines)).toBe(before)
    expect(without('removed', lines)).toBe(after)
    return lines
  }

  test('a word that is new is found among a million others', () => {
    const changed = document.with(12_000, `${line(12_000)} Mine!`)
    const lines = both(document.join('\n'), changed.join('\n'))
    expect(read(lines.filter(({ type }) => type !== 'kept'))).toEqual([`~${line(12_000)}{+ Mine!+}`])
  })

  test('two thousand lines with a new word each are changed lines', () => {
    const some = document.slice(0, 2000)
    const lines = both(some.join('\n'), some.map((text) => `${text} Mine!`).join('\n'))
    expect(lines.filter(({ type }) => type === 'changed')).toHaveLength(2000)
  })

  test('a text that is another in every line is one text in the place of another', () => {
    const lines = both(document.join('\n'), document.map((text) => text.toUpperCase()).join('\n'))
    expect(lines.map(({ type }) => type)).toEqual([
      ...document.map(() => 'removed'),
      ...document.map(() => 'added'),
    ])
  })

  test.each([
    ['lines in another order', document.join('\n'), document.toReversed().join('\n')],
    ['one line of other words', 'a b '.repeat(million / 4), 'c d '.repeat(million / 4)],
    ['one line of the same words', 'a b c d '.repeat(million / 8), 'd a c b '.repeat(million / 8)],
    ['one word', 'a'.repeat(million), 'b'.repeat(million)],
    ['a character of a million parts', `e${'\u0301'.repeat(million)}`, `e${'\u0300'.repeat(million)}`],
    ['empty lines', '\n'.repeat(million / 10), '\n'.repeat(million / 20)],
    ['lines that take turns', 'a\nb\n'.repeat(million / 40), 'b\nb\na\n'.repeat(million / 60)],
    ['lines of the same words', 'a b c d e f g h\n'.repeat(2000), 'h g f e d c b a\n'.repeat(2000)],
  ])('%s', (_, before, after) => {
    both(before, after)
  })
})
