/**
 * A Markdown parser for text that strangers write: quotes, lists and emphasis nest as deep as people nest them, and no
 * paragraph is so long that typing waits for it. Beyond that the text simply stays plain. Without these bounds a line
 * of twenty thousand `>` overflows the stack of everyone who has the document open.
 */
import type { MarkdownConfig, MarkdownExtension, MarkdownParser } from '@lezer/markdown'
import { GFM, parser } from '@lezer/markdown'

/** A list counts twice, as a list and as its item. */
const deepestBlock = 48
/** A parser step is a whole paragraph; one of this length takes about a millisecond. */
const longestParagraph = 20_000
/** Each may nest, and each may be looked at once for every other. A long paragraph has a few dozen. */
const mostMarks = 1000

export function boundedMarkdown(config: MarkdownExtension): MarkdownParser {
  const bounded = parser.configure([GFM, depth, length, config])
  const parseInline = bounded.parseInline.bind(bounded)
  bounded.parseInline = (text, offset) => (isTame(text) ? parseInline(text, offset) : [])
  return bounded
}

const depth: MarkdownConfig = {
  parseBlock: [
    {
      name: 'TooDeep',
      before: 'LinkReference',
      parse(context) {
        if (context.depth <= deepestBlock) return false
        context.nextLine()
        return true
      },
    },
  ],
}

const length: MarkdownConfig = {
  parseBlock: [
    {
      name: 'TooLong',
      endLeaf: (_context, _line, paragraph) => paragraph.content.length > longestParagraph,
    },
  ],
}

function isTame(text: string): boolean {
  if (text.length > 2 * longestParagraph) return false
  let marks = 0
  for (const character of text) if ('*_~`[]<!'.includes(character)) marks++
  return marks <= mostMarks
}
