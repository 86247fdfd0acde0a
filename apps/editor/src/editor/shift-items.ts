/**
 * Moves list items in or out, so that what is nested is understood as nested. Those that are moved are counted on from the item
 * before them where they come to stand; what was counted around them still is, in the list they leave, in the one they join,
 * and in what comes to be nested in them. Works on states alone.
 */
import type { ChangeSpec, EditorState, Line, StateCommand, Text } from '@codemirror/state'
import { changeLines, isBlank, type Prefix, readPrefix, selectedLines } from './line-markup.ts'
import { isMarkdownAt } from './markdown-places.ts'

export function shiftItems(direction: 'in' | 'out'): StateCommand {
  return (target) => {
    const { state } = target
    if (!selectedLines(state).every(({ text }) => readPrefix(text).kind !== undefined)) return false
    return changeLines((lines) => {
      const shifts = new Map<number, Shift>()
      for (const line of lines) {
        const shift = direction === 'in' ? shiftIn(state.doc, line) : shiftOut(state.doc, line)
        if (shift) shifts.set(line.number, shift)
      }
      return [...shifts.values(), ...countOn(state, shifts)]
    })(target)
  }
}

interface Shift {
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** By the width of the mark that it is to be nested in; of its own if there is none. */
function shiftIn(doc: Text, line: Line): Shift {
  const prefix = readPrefix(line.text)
  const above = prefixAbove(doc, line.number, prefix.outer.length)
  const width = (above?.outer === prefix.outer && widthOf(above)) || widthOf(prefix)
  const at = line.from + ownIndent(prefix)
  return { from: at, to: at, insert: ' '.repeat(width) }
}

/** To where the item begins that it is nested in. */
function shiftOut(doc: Text, line: Line): Shift | undefined {
  const prefix = readPrefix(line.text)
  const { outer } = prefix
  const to = line.from + outer.length
  const parent = prefixAbove(doc, line.number, outer.length - 1)
  if (parent?.kind !== undefined && outer.startsWith(parent.outer))
    return { from: line.from + parent.outer.length, to, insert: '' }
  const at = line.from + ownIndent(prefix)
  const isTab = line.text.slice(at - line.from).startsWith('\t')
  return at >= to
    ? undefined
    : { from: at, to: at + (isTab ? 1 : Math.min(to - at, widthOf(prefix))), insert: '' }
}

/** Where its indent begins. The one space after a quote mark belongs to that. */
function ownIndent({ outer }: Prefix): number {
  const quote = /^(?:[ \t]*>)*/u.exec(outer)?.[0] ?? ''
  return Math.min(outer.length, quote.length + (quote === '' ? 0 : 1))
}

/** Of its mark and the space behind it. */
function widthOf({ list, task }: Prefix): number {
  return list.length - task.length
}

function numberOf({ list }: Prefix): string | undefined {
  return /^\d+/u.exec(list)?.[0]
}

/** Further away no one looks for what is counted, and each is an edit that everyone is sent. */
const mostLines = 200

/** Of the nearest line above that is indented no further; `become` is what lines are by now. */
function prefixAbove(
  doc: Text,
  below: number,
  indent: number,
  become?: ReadonlyMap<number, string>,
): Prefix | undefined {
  for (let number = below - 1; number >= Math.max(1, below - mostLines); number--) {
    const text = become?.get(number) ?? doc.line(number).text
    const prefix = readPrefix(text)
    if (!isBlank(text) && prefix.outer.length <= indent) return prefix
  }
  return undefined
}

function countOn(state: EditorState, shifts: ReadonlyMap<number, Shift>): ChangeSpec[] {
  const { doc } = state
  const changes: ChangeSpec[] = []
  const become = new Map<number, string>()
  const numberAbove = (below: number, outer: string, now?: typeof become): number | undefined => {
    const above = prefixAbove(doc, below, outer.length, now)
    const number = above?.outer === outer ? numberOf(above) : undefined
    return number === undefined ? undefined : Number(number)
  }
  const numberFor = (line: Line, outer: string, number: string): string => {
    const before = numberAbove(line.number, outer, become)
    if (shifts.has(line.number)) return String((before ?? 0) + 1)
    const old = numberAbove(line.number, readPrefix(line.text).outer)
    const isCounted = old === undefined || Number(number) === old + 1
    if (!isCounted || !isMarkdownAt(state, line.from)) return number
    return before === undefined && old === undefined ? number : String((before ?? 0) + 1)
  }
  const within: Item[] = []
  for (const line of linesToCount(doc, shifts)) {
    const old = readPrefix(line.text)
    const { outer: seen } = readPrefix(shifted(line, shifts.get(line.number)))
    while ((within.at(-1)?.seen ?? -1) >= seen.length) within.pop()
    const outer = indentIn(within.at(-1), seen, old.kind !== undefined)
    const from = line.from + old.outer.length
    if (outer.length > seen.length) changes.push({ from, insert: outer.slice(seen.length) })
    else if (outer !== seen) changes.push({ from: from - seen.length + outer.length, to: from })
    const number = numberOf(old) ?? ''
    const next = number && numberFor(line, outer, number)
    if (next !== number) changes.push({ from, to: from + number.length, insert: next })
    become.set(line.number, outer + next + line.text.slice(old.outer.length + number.length))
    if (old.kind === undefined) continue
    const by = outer.length - seen.length + next.length - number.length
    const reach = outer.length + widthOf(old) + next.length - number.length
    within.push({ seen: seen.length, reach, by, isOther: by !== 0 || shifts.has(line.number) })
  }
  return changes
}

interface Item {
  /** How far it is indented for whoever looks at it, and how far what is in it must be. */
  readonly seen: number
  readonly reach: number
  /** How much further that is than it was. */
  readonly by: number
  /** What is in it must go along. */
  readonly isOther: boolean
}

/** What is nested in an item must be indented as far as its mark reaches, for the syntax sees it elsewhere or not at all. */
function indentIn(item: Item | undefined, seen: string, isItem: boolean): string {
  if (!item?.isOther || seen.includes('\t')) return seen
  const { reach, by } = item
  const length = isItem
    ? reach
    : by > 0
      ? seen.length + by
      : Math.max(Math.min(seen.length, reach), seen.length + by)
  return seen.slice(0, length).padEnd(length)
}

function shifted({ from, text }: Line, shift: Shift | undefined): string {
  return shift ? text.slice(0, shift.from - from) + shift.insert + text.slice(shift.to - from) : text
}

/** From the first that is moved to the end of all lists that it is in before and after. */
function linesToCount(doc: Text, shifts: ReadonlyMap<number, Shift>): readonly Line[] {
  const numbers = [...shifts.keys()]
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)]
  let indent = Infinity
  const lines: Line[] = []
  for (let number = first; number <= doc.lines; number++) {
    const line = doc.line(number)
    const { outer, kind } = readPrefix(line.text)
    const shift = shifts.get(number)
    if (shift) indent = Math.min(indent, outer.length, readPrefix(shifted(line, shift)).outer.length)
    else if (isBlank(line.text)) continue
    else if (number > last && (outer.length < indent || (kind === undefined && outer.length === indent)))
      break
    // It has no end that anyone would look for.
    if (number > last + mostLines) return lines.filter((each) => each.number <= last)
    lines.push(line)
  }
  return lines
}
