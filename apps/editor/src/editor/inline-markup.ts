/**
 * Bold, italic, struck out, code and links, put around the selection or the word at the caret, and taken off again.
 * Works on states alone. Marks are put around each line's own words, never across a paragraph's end or a list mark.
 */
import type {
  ChangeDesc,
  ChangeSpec,
  EditorState,
  SelectionRange,
  StateCommand,
  TransactionSpec,
} from '@codemirror/state'
import { EditorSelection, StateEffect, StateField } from '@codemirror/state'
import type { SyntaxNode } from '@lezer/common'
import { isMarkdown, isMarkdownAt, treeUpTo } from './markdown-places.ts'
import type { Mark, Marks, Parsed, Span } from './marked-words.ts'
import {
  isProse,
  markedWithin,
  marksAround,
  marksBeside,
  marksFor,
  marksOf,
  wordsIn,
} from './marked-words.ts'

export const toggleBold = toggleMark({ node: 'StrongEmphasis', text: '**', isIn: (run) => run >= 2 })
export const toggleItalic = toggleMark({ node: 'Emphasis', text: '*', isIn: (run) => run % 2 === 1 })
export const toggleStrikethrough = toggleMark({ node: 'Strikethrough', text: '~~', isIn: (run) => run >= 2 })
export const toggleInlineCode = toggleMark({ node: 'InlineCode', text: '`', isIn: (run) => run === 1 })

/** Takes the marks off if all that is selected has them, and otherwise puts them around what has none. */
function toggleMark(mark: Mark): StateCommand {
  return ({ state, dispatch }) => {
    if (state.readOnly || !isMarkdown(state)) return false
    const leaving = leaveMarks(state, mark)
    if (leaving) {
      dispatch(state.update(leaving))
      return true
    }
    const { ranges, mainIndex } = state.selection
    const tree = treeUpTo(state, ranges.at(-1)?.to ?? 0)
    const parsed = { state, tree }
    const places = ranges.flatMap((range) => placesIn(parsed, range, mark))
    if (places.length === 0) return false
    const marked = places.map((place) => findMarks(parsed, place, mark))
    const unmarked = places.flatMap(({ words }, index) => (marked[index] ? [] : [words]))
    const changes = state.changes(
      unmarked.length > 0
        ? putAround(parsed, unmarked, mark)
        : takeOff(marked.filter((marks) => marks !== undefined)),
    )
    const gaps = new Set<Span>(unmarked)
    const begun = new Set(unmarked.map(({ from }) => from))
    const moved = ranges.map((range) => {
      if (gaps.has(range)) return EditorSelection.cursor(changes.mapPos(range.head, -1) + mark.text.length)
      // A caret stays in its word.
      if (range.empty)
        return EditorSelection.cursor(changes.mapPos(range.head, begun.has(range.head) ? 1 : -1))
      return moveRange(range, changes)
    })
    dispatch(
      state.update({
        changes,
        selection: EditorSelection.create(moved, mainIndex),
        effects: moved.flatMap(({ head }, index) => {
          const range = ranges[index]
          return range && gaps.has(range) ? opened.of({ at: head, text: mark.text }) : []
        }),
        scrollIntoView: true,
        userEvent: 'input',
      }),
    )
    return true
  }
}

interface Opened {
  /** Where their end begins. */
  readonly at: number
  readonly text: string
}

const opened = StateEffect.define<Opened>({
  map: ({ at, text }, changes) => ({ at: changes.mapPos(at, 1), text }),
})

/** Where marks were put with nothing between, to be written in. */
export const openedMarks = StateField.define<readonly Opened[]>({
  create: () => [],
  update(before, { changes, effects }) {
    const moved = before.map(({ at, text }) => ({ at: changes.mapPos(at, 1), text }))
    return [...moved, ...effects.flatMap((effect) => (effect.is(opened) ? effect.value : []))].slice(
      -mostOpened,
    )
  },
})
const mostOpened = 20

/** Who made bold what they were about to write is done with it when they say so again. */
function leaveMarks(state: EditorState, mark: Mark): TransactionSpec | undefined {
  const { ranges, main } = state.selection
  const isOpened = state
    .field(openedMarks, false)
    ?.some(({ at, text }) => at === main.head && text === mark.text)
  const end = main.head + mark.text.length
  if (!isOpened || ranges.length > 1 || !main.empty || state.sliceDoc(main.head, end) !== mark.text)
    return undefined
  if (marksBeside(state, main, mark)) return undefined
  return { selection: EditorSelection.cursor(end), scrollIntoView: true, userEvent: 'select' }
}

interface Place {
  readonly words: Span
  /** Where to ask for the mark: a caret may stand among more words than its own that have it. */
  readonly asked: Span
}

/** A caret in a word means the word, and elsewhere what is to be written there. */
function placesIn(parsed: Parsed, range: SelectionRange, mark: Mark): readonly Place[] {
  const { state } = parsed
  if (!range.empty) return Array.from(wordsIn(parsed, range), (words) => ({ words, asked: words }))
  // Four tildes begin code until something is between them.
  if (!isProse(parsed, range.head) && !marksBeside(state, range, mark)) return []
  const word = state.wordAt(range.head)
  if (!word) return [{ words: range, asked: range }]
  return Array.from(wordsIn(parsed, word), (words) => ({ words, asked: range }))
}

function findMarks(parsed: Parsed, { words, asked }: Place, mark: Mark): Marks | undefined {
  const beside = (): Marks | undefined => marksBeside(parsed.state, words, mark)
  const around = (): Marks | undefined => marksAround(parsed, asked, mark)
  // Two marks with nothing between are none to the syntax, which may make something else of them.
  return words.from === words.to ? (beside() ?? around()) : (around() ?? beside())
}

/** What several carets are in loses its marks once. */
function takeOff(marked: readonly Marks[]): Span[] {
  const each = new Map(marked.map((marks) => [marks.before.from, marks]))
  return [...each.values()].flatMap(({ before, after }) => [before, after])
}

function putAround(parsed: Parsed, unmarked: readonly Span[], mark: Mark): ChangeSpec[] {
  const { state } = parsed
  return widen(parsed, unmarked, mark).flatMap((span): ChangeSpec[] => {
    const inner = takeOff(markedWithin(parsed, span, mark).map((node) => marksOf(state, node)))
    const [before, after] = marksFor(sliceWithout(state, span, inner), mark)
    return [{ from: span.from, insert: before }, ...inner, { from: span.to, insert: after }]
  })
}

/** With all that has this mark already and overlaps or touches them: no mark may begin within another. */
function widen(parsed: Parsed, spans: readonly Span[], mark: Mark): readonly Span[] {
  const wide: Span[] = []
  for (const span of spans) {
    const all = [span, ...markedWithin(parsed, span, mark)]
    const last = wide.at(-1)
    if (last && last.to >= Math.min(...all.map(({ from }) => from))) all.push(...wide.splice(-1))
    wide.push({
      from: Math.min(...all.map(({ from }) => from)),
      to: Math.max(...all.map(({ to }) => to)),
    })
  }
  return wide
}

function sliceWithout(state: EditorState, { from, to }: Span, cuts: readonly Span[]): string {
  let text = ''
  let at = from
  for (const cut of cuts.toSorted((one, other) => one.from - other.from)) {
    text += state.sliceDoc(at, cut.from)
    at = cut.to
  }
  return text + state.sliceDoc(at, to)
}

/** What was selected stays selected, and marks put at its ends stay outside. */
function moveRange({ from, to, anchor, head }: SelectionRange, changes: ChangeDesc): SelectionRange {
  const [first, last] = [changes.mapPos(from, 1), changes.mapPos(to, -1)]
  return anchor <= head ? EditorSelection.range(first, last) : EditorSelection.range(last, first)
}

const address = /^(?:https?:\/\/|mailto:|www\.)\S+$/u

/**
 * The selection, or the word at the caret, becomes a link, and of several lines the words of each; a caret stands wherever
 * something is missing. What is in a link already, or has one in it, loses that.
 */
export const toggleLink: StateCommand = ({ state, dispatch }) => {
  const { ranges, main } = state.selection
  if (state.readOnly || !isMarkdownAt(state, main.head)) return false
  const parsed = { state, tree: treeUpTo(state, ranges.at(-1)?.to ?? 0) }
  const links = ranges.flatMap((range) => linksIn(parsed, range))
  const spec = links.length > 0 ? { changes: takeOff(links.map(linkMarks)) } : putLinks(parsed)
  if (!spec) return false
  dispatch(state.update(spec, { scrollIntoView: true, userEvent: 'input' }))
  return true
}

/** Beside a link a caret is not in it. Brackets that lead nowhere are none. */
function linksIn({ tree }: Parsed, { from, to, empty }: SelectionRange): readonly SyntaxNode[] {
  const links: SyntaxNode[] = []
  tree.iterate({
    from,
    to,
    enter({ name, node }) {
      const isWithin = node.from < to && node.to > from && (!empty || node.from < from)
      const [, closing] = node.getChildren('LinkMark')
      if (name === 'Link' && isWithin && closing && closing.to < node.to) links.push(node)
    },
  })
  return links
}

/** All but the words; of a link that has none yet, all but where it leads. */
function linkMarks(link: SyntaxNode): Marks {
  const { from, to } = link
  const [opening, closing] = link.getChildren('LinkMark')
  const words = { from: opening?.to ?? from, to: closing?.from ?? to }
  const kept = words.from < words.to ? words : (link.getChild('URL') ?? words)
  return { before: { from, to: kept.from }, after: { from: kept.to, to } }
}

/** Undefined: there are no words to link. */
function putLinks(parsed: Parsed): TransactionSpec | undefined {
  const { state } = parsed
  const { ranges, main } = state.selection
  const spans = ranges.flatMap((range) => spansToLink(parsed, range))
  // Two carets may be in one word.
  const each = [...new Map(spans.map((span) => [span.from, span])).values()]
  if (each.length === 0) return undefined
  const carets: SelectionRange[] = []
  const changes = each.flatMap(({ from, to }, index) => {
    const text = state.sliceDoc(from, to)
    const isAddress = address.test(text)
    const before = from + index * '[]()'.length
    carets.push(EditorSelection.cursor(text === '' || isAddress ? before + 1 : before + text.length + 3))
    return isAddress ? putLink({ from, to }, '[](', ')') : putLink({ from, to }, '[', ']()')
  })
  const mainIndex = each.findIndex(({ to }) => to >= main.from)
  return { changes, selection: EditorSelection.create(carets, Math.max(mainIndex, 0)) }
}

function spansToLink(parsed: Parsed, range: SelectionRange): readonly Span[] {
  return range.empty ? [parsed.state.wordAt(range.head) ?? range] : [...wordsIn(parsed, range)]
}

/** What is there stays: another may be writing in it. */
function putLink({ from, to }: Span, before: string, after: string): ChangeSpec[] {
  return [
    { from, insert: before },
    { from: to, insert: after },
  ]
}

/** What is pasted over words is where they lead, if it is an address and nothing else. */
export function linkSelection(
  state: EditorState,
  pasted: string,
): ReturnType<EditorState['update']> | undefined {
  const words = state.sliceDoc(state.selection.main.from, state.selection.main.to)
  const { main, ranges } = state.selection
  if (ranges.length > 1 || !isMarkdownAt(state, main.from)) return undefined
  if (words.trim() === '' || words.includes('\n') || address.test(words) || !address.test(pasted.trim()))
    return undefined
  return state.update({
    changes: putLink(main, '[', `](${pasted.trim()})`),
    selection: EditorSelection.cursor(main.from + words.length + pasted.trim().length + 4),
    scrollIntoView: true,
    userEvent: 'input.paste',
  })
}
