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
  const bounded = parser.configure([GFM, depth, length, words, config])
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

/**
 * Nothing begins within a word: a mark is none of its letters, and an address begins where it does. The parser would ask for
 * each letter all that might begin there, which is most of what it does.
 */
const words: MarkdownConfig = {
  parseInline: [
    {
      name: 'Word',
      before: 'Escape',
      parse(context, next, from) {
        if (!isOfWord(next) || !isOfWord(context.char(from - 1))) return -1
        let to = from + 1
        while (isOfWord(context.char(to))) to++
        return to
      },
    },
  ],
}

/** An ASCII letter or digit. */
function isOfWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)
}

function isTame(text: string): boolean {
  if (text.length <= mostMarks) return true
  if (text.length > 2 * longestParagraph) return false
  let marks = 0
  for (const character of text) if ('*_~`[]<!'.includes(character)) marks++
  return marks <= mostMarks
}
