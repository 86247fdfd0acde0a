/**
 * How many words and characters a text has. Each leaf of CodeMirror's text tree is counted once, and a change makes new
 * leaves only where it was made, so that counting again after a keystroke costs next to nothing however long the text is.
 */
import type { Text } from '@codemirror/state'

export interface Counts {
  readonly words: number
  /** As Unicode counts them, without the ends of lines. */
  readonly characters: number
}

/** Leaves hold some 32 lines, and never part of one. */
const known = new WeakMap<Text, Counts>()

/** Counts for as long as `hasTime`; undefined if there was not enough. What was counted until then is known from then on. */
export function countText(text: Text, hasTime: () => boolean): Counts | undefined {
  let words = 0
  let characters = 0
  for (const leaf of leavesOf(text)) {
    let counts = known.get(leaf)
    if (!counts) {
      if (!hasTime()) return undefined
      counts = countLeaf(leaf)
      known.set(leaf, counts)
    }
    words += counts.words
    characters += counts.characters
  }
  return { words, characters }
}

function* leavesOf(text: Text): Generator<Text> {
  if (text.children === null) yield text
  else for (const child of text.children) yield* leavesOf(child)
}

function countLeaf(leaf: Text): Counts {
  let words = 0
  let characters = 0
  for (const line of leaf.iterLines()) {
    words += countWords(line)
    characters += countCharacters(line)
  }
  return { words, characters }
}

/**
 * In Chinese and Japanese each sign counts, as people count there. Thai and its neighbours put no spaces between words, so
 * they are told apart by a dictionary. Elsewhere a word is letters and digits, with what may stand within one.
 */
const wordLike =
  /(?<sign>[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])|(?<joined>[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+)|[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}]|['’.,\-·‐:](?=[\p{L}\p{N}]))*/gu

/** Most lines are of nothing else, and this is several times as fast. */
const asciiWord = /[A-Za-z0-9](?:[A-Za-z0-9]|['.,\-:](?=[A-Za-z0-9]))*/g
const ascii = /^[\t\x20-\x7e]*$/

let segmenter: Intl.Segmenter | undefined

export function countWords(line: string): number {
  if (ascii.test(line)) return line.match(asciiWord)?.length ?? 0
  let words = 0
  for (const { groups } of line.matchAll(wordLike))
    words += groups?.['joined'] ? wordsIn(groups['joined']) : 1
  return words
}

function wordsIn(joined: string): number {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' })
  return [...segmenter.segment(joined)].filter(({ isWordLike }) => isWordLike).length
}

function countCharacters(line: string): number {
  return line.length - (line.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0)
}
