/**
 * A Markdown parser that reads of a very long text only what is around the lines in view. Reading anew after a key costs a
 * little for every block there is, which in a text of megabytes is more than there is between two keys.
 */
import { ParseContext } from '@codemirror/language'
import type { Text } from '@codemirror/state'
import { Parser, Tree, TreeFragment, type Input, type PartialParse } from '@lezer/common'
import { closingOfFence } from './headings.ts'

/** Up to here all of a text is read. */
const longText = 400_000
/** Some hundred lines, so that scrolling seldom meets what has not been read. */
const margin = 20_000

interface Part {
  readonly from: number
  readonly to: number
}

interface ReadPart extends Part {
  /** It went to the end of the text. */
  readonly isLast: boolean
}

export function nearView(parser: Parser): Parser {
  return new NearView(parser)
}

class NearView extends Parser {
  readonly #parser: Parser
  /** Of which part a tree tells. */
  readonly #parts = new WeakMap<Tree, ReadPart>()

  constructor(parser: Parser) {
    super()
    this.#parser = parser
  }

  override createParse(
    input: Input,
    fragments: readonly TreeFragment[],
    ranges: readonly Part[],
  ): PartialParse {
    const context = ParseContext.get()
    if (!context || input.length <= longText) return this.#parser.startParse(input, fragments, ranges)
    const { viewport, state } = context
    const before = this.#partBefore(fragments)
    const isSeen = before !== undefined && before.from <= viewport.from && viewport.to <= before.to
    const isEndKnown = isSeen && before.isEndKnown
    const from = isSeen ? before.from : startBefore(state.doc, viewport.from - margin)
    const to = isEndKnown ? before.to : state.doc.lineAt(Math.min(viewport.to + margin, input.length)).to
    // What was left out before is still known to be left out.
    if (!isSeen && from > 0) context.skipUntilInView(0, from)
    if (!isEndKnown && to < input.length) context.skipUntilInView(to, input.length)
    const parse = this.#parser.startParse(input, this.#readOf(fragments), [{ from, to }])
    return new PartOfParse(parse, { from, to }, (tree, isWhole) => {
      const whole = within(tree, from, isWhole ? input.length : from + tree.length)
      this.#parts.set(whole, { from, to, isLast: to === input.length })
      return whole
    })
  }

  /** A parser takes what lies between two blocks for empty, and what was left out is not. */
  #readOf(fragments: readonly TreeFragment[]): readonly TreeFragment[] {
    return fragments.flatMap((fragment) => {
      const { tree, offset, openStart, openEnd } = fragment
      const part = this.#parts.get(tree)
      if (!part) return [fragment]
      const from = Math.max(fragment.from, part.from - offset)
      const to = Math.min(fragment.to, part.to - offset)
      return from < to ? [new TreeFragment(from, to, tree, offset, openStart, openEnd)] : []
    })
  }

  /**
   * Where the part is now that was read before the text changed. Its end is a guess if it had not been read up to there; what
   * is written behind the last one belongs to it.
   */
  #partBefore(fragments: readonly TreeFragment[]): (Part & { readonly isEndKnown: boolean }) | undefined {
    const tree = fragments.find((fragment) => this.#parts.has(fragment.tree))?.tree
    const part = tree && this.#parts.get(tree)
    if (!part) return undefined
    const now = (position: number): number | undefined => {
      const kept = fragments.find(
        (fragment) =>
          fragment.tree === tree &&
          fragment.from + fragment.offset <= position &&
          position <= fragment.to + fragment.offset,
      )
      return kept && position - kept.offset
    }
    const from = now(part.from)
    const to = now(part.to)
    if (from === undefined) return undefined
    if (part.isLast) return { from, to: Infinity, isEndKnown: false }
    return { from, to: to ?? from + part.to - part.from, isEndKnown: to !== undefined }
  }
}

class PartOfParse implements PartialParse {
  readonly #parse: PartialParse
  readonly #part: Part
  readonly #done: (tree: Tree, isWhole: boolean) => Tree

  constructor(parse: PartialParse, part: Part, done: (tree: Tree, isWhole: boolean) => Tree) {
    this.#parse = parse
    this.#part = part
    this.#done = done
  }

  get parsedPos(): number {
    return this.#parse.parsedPos
  }

  get stoppedAt(): number | null {
    return this.#parse.stoppedAt
  }

  advance(): Tree | null {
    const tree = this.#parse.advance()
    return tree && this.#done(tree, this.stoppedAt === null)
  }

  stopAt(position: number): void {
    // Behind its part there is nothing more to be read.
    if (position < this.#part.to) this.#parse.stopAt(Math.max(position, this.#part.from))
  }
}

/** The same tree, in a text of this length. */
function within({ type, children, positions, propValues }: Tree, from: number, length: number): Tree {
  return new Tree(
    type,
    children,
    positions.map((position) => from + position),
    length,
    propValues,
  )
}

/** The last place before `position` where reading may begin: a paragraph of its own, neither in a list nor in code. */
function startBefore(doc: Text, position: number): number {
  let start = 0
  let lineStart = 0
  let isAfterBlank = true
  let closing: RegExp | undefined
  for (const line of doc.iterLines()) {
    if (lineStart > position) break
    if (closing) {
      if (closing.test(line)) closing = undefined
    } else {
      if (isAfterBlank && /^\S/u.test(line)) start = lineStart
      closing = closingOfFence(line)
    }
    isAfterBlank = line.trim() === ''
    lineStart += line.length + 1
  }
  return start
}
