import { classHighlighter, highlightTree } from '@lezer/highlight'
import { GFM, parser as plainParser, type MarkdownParser } from '@lezer/markdown'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundedMarkdown } from './bounded-markdown.ts'

const parser = boundedMarkdown({})

/** Every node, in order. */
function nodesIn(by: MarkdownParser, text: string): { name: string; from: number; to: number }[] {
  const nodes: { name: string; from: number; to: number }[] = []
  by.parse(text).iterate({
    enter: ({ name, from, to }) => {
      nodes.push({ name, from, to })
    },
  })
  return nodes
}

function namesIn(text: string): string[] {
  return nodesIn(parser, text).map(({ name }) => name)
}

describe('Markdown as people write it', () => {
  test('is read as GFM', () => {
    const names = namesIn('# T\n\n> - [x] **b** ~~s~~ `c` [l](u)\n\n| a |\n|---|\n| b |\n')
    for (const name of [
      'ATXHeading1',
      'Blockquote',
      'ListItem',
      'TaskMarker',
      'StrongEmphasis',
      'Strikethrough',
      'InlineCode',
      'Link',
      'Table',
    ])
      expect(names).toContain(name)
  })

  test('is read as without bounds, wherever its words and marks meet', () => {
    const asGfm = plainParser.configure(GFM)
    const words = [
      'a',
      'word',
      'w',
      'é',
      '1',
      'http',
      'www.a.de',
      'https://a.de/b',
      'a@b.de',
      'mailto:',
      'xmpp:a@b.de',
    ]
    const marks = [...'*_`[)<>\\.-+@#|'.split(''), '**', '~~', '](', '![', '<b>', '&amp;', ' ', '  \n', '\n']
    const pieces = fc.constantFrom(...words, ...marks)
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (some) => {
        const text = some.join('')
        expect(nodesIn(parser, text)).toEqual(nodesIn(asGfm, text))
      }),
      { numRuns: 3000 },
    )
  })

  test('nests ten lists deep', () => {
    const nested = Array.from({ length: 10 }, (_, level) => `${'  '.repeat(level)}- x`).join('\n')
    expect(namesIn(nested).filter((name) => name === 'ListItem')).toHaveLength(10)
  })

  test('keeps emphasis in a long paragraph', () => {
    const names = namesIn('A sentence with *one* emphasis. '.repeat(300))
    expect(names.filter((name) => name === 'Emphasis')).toHaveLength(300)
  })
})

describe('Markdown as nobody writes it', () => {
  const many = 20_000
  const twice = (before: string, after: string): string => `${before.repeat(many)}x${after.repeat(many)}`
  test.each([
    ['>'.repeat(many)],
    ['> '.repeat(many)],
    ['- '.repeat(many)],
    [twice('*', '*')],
    [twice('*a ', ' a*')],
    [`${'*a '.repeat(490)}x${' a*'.repeat(490)}`],
    ['a _b '.repeat(900)],
    [twice('**a ', ' a**')],
    [twice('~~a ', ' a~~')],
    [twice('![', '](b)')],
    [twice('[', ']')],
    ['[a]('.repeat(many)],
    ['a*b_'.repeat(many)],
    [Array.from({ length: 600 }, (_, count) => '`'.repeat(count)).join(' ')],
    [Array.from({ length: 400 }, (_, level) => `${'  '.repeat(level)}- x`).join('\n')],
    [`${'> '.repeat(many)}\n`.repeat(20)],
    ['<'.repeat(many)],
    ['a line of text\n'.repeat(100_000)],
    ['x'.repeat(1_000_000)],
  ])('is read to the end in bounded depth: %.8s…', (text) => {
    const tree = parser.parse(text)
    let depth = 0
    let deepest = 0
    tree.iterate({
      enter: () => {
        deepest = Math.max(deepest, ++depth)
      },
      leave: () => {
        depth--
      },
    })
    highlightTree(tree, classHighlighter, () => {})
    expect(deepest).toBeLessThan(1100)
  })
})
