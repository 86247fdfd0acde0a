/**
 * The words that marks go around, and the marks that are around them: asked of the syntax, and where that sees none, of
 * the letters beside them.
 */
import type { EditorState } from '@codemirror/state'
import type { SyntaxNode, Tree } from '@lezer/common'
import { readPrefix } from './line-markup.ts'

export interface Mark {
  /** The syntax that it makes. */
  readonly node: string
  readonly text: string
  /** Whether so many of its character in a row are this mark, alone or with another. */
  isIn(run: number): boolean
}

export interface Span {
  readonly from: number
  readonly to: number
}

/** What is written before marked words, and after them. */
export interface Marks {
  readonly before: Span
  readonly after: Span
}

/** A text, and what its syntax is known to be. */
export interface Parsed {
  readonly state: EditorState
  readonly tree: Tree
}

/** Of each line in the span, from its first letter behind its marks to its last; of a table, of each cell. */
export function* wordsIn(parsed: Parsed, { from, to }: Span): Generator<Span> {
  const { state } = parsed
  for (let at = from; at <= to;) {
    const line = state.doc.lineAt(at)
    const start = Math.max(at, line.from + readPrefix(line.text).length)
    for (const part of proseIn(parsed, { from: start, to: Math.min(line.to, to) })) {
      const text = state.sliceDoc(part.from, part.to)
      const words = text.trim()
      const first = part.from + text.length - text.trimStart().length
      if (words !== '') yield { from: first, to: first + words.length }
    }
    at = line.to + 1
  }
}

function proseIn({ tree }: Parsed, part: Span): readonly Span[] {
  if (part.from >= part.to) return []
  const block = specialBlock(tree, part.from, 1)
  if (!block) return [part]
  if (!rows.has(block.name)) return []
  return block
    .getChildren('TableCell')
    .map(({ from, to }) => ({ from: Math.max(from, part.from), to: Math.min(to, part.to) }))
    .filter(({ from, to }) => from < to)
}

/** Whether marks may be put here with nothing between; four stars are a rule until something is. */
export function isProse({ tree }: Parsed, position: number): boolean {
  return ([-1, 1] as const).every((side) => {
    const name = specialBlock(tree, position, side)?.name
    return name === undefined || name === 'HorizontalRule' || rows.has(name)
  })
}

const rows = new Set(['TableRow', 'TableHeader'])
/** Marks mean nothing in code, HTML and where a link leads, and make something else of what draws a line. */
const noProse = new Set([
  'FencedCode',
  'CodeBlock',
  'HTMLBlock',
  'CommentBlock',
  'ProcessingInstructionBlock',
  'LinkReference',
  'HorizontalRule',
  'HeaderMark',
  'Table',
])

function specialBlock(tree: Tree, position: number, side: -1 | 1): SyntaxNode | undefined {
  for (const node of around(tree, position, side))
    if (rows.has(node.name) || noProse.has(node.name)) return node
  return undefined
}

/** The innermost marks of this kind that the syntax sees the whole span within. */
export function marksAround({ state, tree }: Parsed, { from, to }: Span, mark: Mark): Marks | undefined {
  for (const side of from === to ? ([-1, 1] as const) : ([1] as const))
    for (const node of around(tree, from, side))
      if (node.name === mark.node && node.from <= from && node.to >= to) return marksOf(state, node)
  return undefined
}

/** All that has this mark and overlaps the span, or touches it. */
export function markedWithin({ tree }: Parsed, span: Span, mark: Mark): readonly SyntaxNode[] {
  const found: SyntaxNode[] = []
  tree.iterate({ ...span, enter: ({ name, node }) => void (name === mark.node && found.push(node)) })
  return found
}

/** Code may hold backticks: its marks are longer than any within. */
export function marksFor(words: string, { node, text }: Mark): readonly [before: string, after: string] {
  if (node !== 'InlineCode' || !words.includes('`')) return [text, text]
  const fence = '`'.repeat(Math.max(...runsIn(words, '`')) + 1)
  return [`${fence} `, ` ${fence}`]
}

/** One space at both ends of code belongs to its marks. */
export function marksOf(state: EditorState, { name, from, to, firstChild, lastChild }: SyntaxNode): Marks {
  const [start, end] = [firstChild?.to ?? from, lastChild?.from ?? to]
  const words = state.sliceDoc(start, end)
  const isPadded = words.startsWith(' ') && words.endsWith(' ') && words.trim() !== ''
  const pad = name === 'InlineCode' && isPadded ? 1 : 0
  return { before: { from, to: start + pad }, after: { from: end - pad, to } }
}

/** Marks by their letters: between a letter and a bracket, say, the syntax sees none, and they are to go as they came. */
export function marksBeside({ doc }: EditorState, span: Span, mark: Mark): Marks | undefined {
  const { from: start, text } = doc.lineAt(span.from)
  const character = mark.text.charAt(0)
  let from = span.from - start
  let to = span.to - start
  // Those at one end may be among the words, and those at the other beside them.
  while (from < to && text[from] === character) from++
  while (from < to && text[to - 1] === character) to--
  const runs = [runBefore(text, from, character), runAfter(text, to, character)]
  if (!runs.every(mark.isIn) || runsIn(text.slice(from, to), character).some(mark.isIn)) return undefined
  const [first, last] = [start + from, start + to]
  return {
    before: { from: first - mark.text.length, to: first },
    after: { from: last, to: last + mark.text.length },
  }
}

function runsIn(text: string, character: string): number[] {
  const runs: number[] = []
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at)) {
    const run = runAfter(text, at, character)
    runs.push(run)
    at += run
  }
  return runs
}

function runAfter(text: string, at: number, character: string): number {
  let end = at
  while (text[end] === character) end++
  return end - at
}

function runBefore(text: string, at: number, character: string): number {
  let start = at
  while (text[start - 1] === character) start--
  return at - start
}

/** From the innermost syntax here outwards; not into the languages of code blocks, whose names may be the same. */
function* around(tree: Tree, position: number, side: -1 | 1): Generator<SyntaxNode> {
  for (let node: SyntaxNode | null = tree.resolve(position, side); node; node = node.parent) yield node
}
