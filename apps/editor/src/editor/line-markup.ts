/**
 * What the beginning of a Markdown line says of it: heading, list, task, quote. Each command gives every selected line
 * that shape, or takes it from all of them if all have it. Works on states alone.
 */
import type { ChangeSpec, EditorState, Line, StateCommand, Text, TransactionSpec } from '@codemirror/state'
import { codeBlockAt, isMarkdown, isMarkdownAt } from './markdown-places.ts'

/** Quote marks and indent · list mark · its number · a task's box · heading marks. */
const prefix =
  /^(?<outer>(?:[ \t]*>)*[ \t]*)(?<list>(?:[-*+]|(?<number>\d{1,9})[.)])[ \t]+(?<task>\[[ xX]\](?:[ \t]+|$))?)?(?<heading>#{1,6}(?:[ \t]+|$))?/u

export interface Prefix {
  readonly length: number
  /** Its quote marks and indent. */
  readonly outer: string
  /** Its list mark, the space after it and a task's box; '' if it is no list item. */
  readonly list: string
  readonly kind: ListKind | undefined
  readonly task: string
  readonly heading: string
}

type ListKind = 'bulleted' | 'numbered' | 'task'

export function readPrefix(text: string): Prefix {
  const match = prefix.exec(text)
  const { outer = '', list = '', number, task = '', heading = '' } = match?.groups ?? {}
  const kind = list === '' ? undefined : task !== '' ? 'task' : number === undefined ? 'bulleted' : 'numbered'
  return { length: match?.[0].length ?? 0, outer, list, kind, task, heading }
}

/** 0 makes it a paragraph. */
export function setHeading(level: number): StateCommand {
  return changeHeadings((present) => (present === level ? 0 : level))
}

/** A heading becomes one of the level above, or below. */
export const promoteHeading = changeHeadings((level) => Math.max(level - 1, Math.min(level, 1)))
export const demoteHeading = changeHeadings((level) => (level === 0 ? 0 : Math.min(level + 1, 6)))

function changeHeadings(nextLevel: (level: number) => number): StateCommand {
  return changeLines((lines) =>
    lines.flatMap((line) => {
      const { outer, list, heading } = readPrefix(line.text)
      const level = nextLevel(heading.trimEnd().length)
      const from = line.from + outer.length + list.length
      const insert = level === 0 ? '' : `${'#'.repeat(level)} `
      return insert === heading ? [] : [{ from, to: from + heading.length, insert }]
    }),
  )
}

export const toggleBulletedList = toggleList('bulleted')
export const toggleNumberedList = toggleList('numbered')
export const toggleTaskList = toggleList('task')

function toggleList(kind: ListKind): StateCommand {
  return changeLines((lines) => {
    const prefixes = lines.map((line) => readPrefix(line.text))
    const isOff = prefixes.every((present) => present.kind === kind)
    return lines.map((line, index) => {
      const { outer = '', list = '' } = prefixes[index] ?? {}
      const from = line.from + outer.length
      return { from, to: from + list.length, insert: isOff ? '' : listMark(kind, index) }
    })
  })
}

function listMark(kind: ListKind, index: number): string {
  if (kind === 'numbered') return `${index + 1}. `
  return kind === 'task' ? '- [ ] ' : '- '
}

export const toggleQuote = changeLines((lines) => {
  const quote = /^[ \t]*> ?/u
  const isOff = lines.every((line) => quote.test(line.text))
  return lines.map(({ from, text }) =>
    isOff ? { from, to: from + (quote.exec(text)?.[0].length ?? 0) } : { from, insert: '> ' },
  )
})

/** Ticks the selected tasks, or unticks them if all are ticked. A line that is no task becomes one. */
export const toggleTask = changeLines((lines) => {
  const prefixes = lines.map((line) => readPrefix(line.text))
  const isOff = prefixes.every(({ task }) => /^\[[xX]/u.test(task))
  return lines.flatMap((line, index): ChangeSpec[] => {
    const { outer = '', list = '', task = '' } = prefixes[index] ?? {}
    const at = line.from + outer.length + list.length
    if (task !== '')
      return [{ from: at - task.length + 1, to: at - task.length + 2, insert: isOff ? ' ' : 'x' }]
    return [{ from: at, insert: list === '' ? '- [ ] ' : '[ ] ' }]
  })
})

/** Puts fences around the selected lines, or takes them off the block that the caret is in. */
export const toggleCodeBlock: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly || !isMarkdown(state)) return false
  const { main } = state.selection
  const block = codeBlockAt(state, main.head)
  const change =
    block?.name === 'FencedCode' ? { changes: unfence(state, block) } : fence(state, main.anchor, main.head)
  dispatch(state.update(change, { scrollIntoView: true, userEvent: 'input' }))
  return true
}

type Range = { readonly from: number; readonly to: number }

function unfence({ doc }: EditorState, block: Range): ChangeSpec[] {
  const [first, last] = [doc.lineAt(block.from), doc.lineAt(block.to)]
  const isClosed = last.number > first.number && /^[ \t>]*(?:`{3,}|~{3,})[ \t]*$/u.test(last.text)
  return [
    { from: first.from, to: Math.min(first.to + 1, doc.length) },
    ...(isClosed && last.from > first.to + 1 ? [{ from: last.from - 1, to: last.to }] : []),
    ...(isClosed && last.from === first.to + 1 ? [{ from: last.from, to: last.to }] : []),
  ]
}

function fence({ doc }: EditorState, anchor: number, head: number): TransactionSpec {
  const [first, last] = [doc.lineAt(Math.min(anchor, head)), doc.lineAt(Math.max(anchor, head))]
  const runs = Array.from(doc.sliceString(first.from, last.to).matchAll(/`{3,}/gu), ([run]) => run.length)
  const marks = '`'.repeat(Math.max(2, ...runs) + 1)
  const shift = marks.length + 1
  return {
    changes: [
      { from: first.from, insert: `${marks}\n` },
      { from: last.to, insert: `\n${marks}` },
    ],
    selection: { anchor: anchor + shift, head: head + shift },
  }
}

/**
 * Moves list items in or out by the width of their own mark, so that what is nested is understood as nested. Each is counted
 * on from the item before it where it comes to stand.
 */
export function shiftItems(direction: 'in' | 'out'): StateCommand {
  return (target) => {
    const { state } = target
    if (!selectedLines(state).every(({ text }) => readPrefix(text).kind !== undefined)) return false
    return changeLines((lines) => {
      const shifted = new Map<number, string>()
      return lines.flatMap((line): ChangeSpec[] => {
        const shift = shiftOf(line, direction)
        if (!shift) return []
        const { outer, list } = readPrefix(line.text)
        const before = line.text.slice(0, shift.from - line.from) + shift.insert
        const moved = before + line.text.slice(shift.to - line.from)
        const number = /^\d+/u.exec(list)?.[0]
        const indent = readPrefix(moved).outer
        const next = number === undefined ? undefined : numberAt(state.doc, line, indent, shifted)
        shifted.set(line.number, next === undefined ? moved : `${indent}${next}. `)
        if (number === undefined || next === undefined || next === number) return [shift]
        const from = line.from + outer.length
        return [shift, { from, to: from + number.length, insert: next }]
      })
    })(target)
  }
}

function shiftOf(
  { from, text }: Line,
  direction: 'in' | 'out',
): (Range & { readonly insert: string }) | undefined {
  const { outer, list, task } = readPrefix(text)
  const quote = /^(?:[ \t]*>)*/u.exec(outer)?.[0] ?? ''
  const width = list.length - task.length
  // The one space after a quote mark belongs to it.
  const at = from + Math.min(outer.length, quote.length + (quote === '' ? 0 : 1))
  if (direction === 'in') return { from: at, to: at, insert: ' '.repeat(width) }
  const space = Math.max(0, from + outer.length - at)
  const isTab = text.slice(at - from).startsWith('\t')
  return space === 0 ? undefined : { from: at, to: at + (isTab ? 1 : Math.min(space, width)), insert: '' }
}

/** Further up no one looks for what is counted. */
const linesLookedBack = 200

/** The number of an item that stands there with this indent; `shifted` is what lines before it have become. */
function numberAt(doc: Text, line: Line, outer: string, shifted: ReadonlyMap<number, string>): string {
  const last = Math.max(1, line.number - linesLookedBack)
  for (let above = line.number - 1; above >= last; above--) {
    const text = shifted.get(above) ?? doc.line(above).text
    const before = readPrefix(text)
    if (text.trim() === '' || before.outer.length > outer.length) continue
    const number = before.outer === outer ? /^\d+/u.exec(before.list)?.[0] : undefined
    return number === undefined ? '1' : String(Number(number) + 1)
  }
  return '1'
}

/** The lines that the selection touches, each once; not one at whose beginning a selection only ends. */
export function selectedLines({ doc, selection }: EditorState): Line[] {
  const lines = new Map<number, Line>()
  for (const range of selection.ranges) {
    for (let line = doc.lineAt(range.from); ; line = doc.line(line.number + 1)) {
      if (range.empty || line.from < range.to || line.from === range.from) lines.set(line.number, line)
      if (line.to >= range.to) break
    }
  }
  return [...lines.values()]
}

/** Blank lines between others stay blank. */
function changeLines(change: (lines: readonly Line[]) => ChangeSpec[]): StateCommand {
  return ({ state, dispatch }) => {
    if (state.readOnly || !isMarkdownAt(state, state.selection.main.head)) return false
    const selected = selectedLines(state)
    const written = selected.filter(({ text }) => text.trim() !== '')
    const changes = state.changes(change(written.length > 0 ? written : selected))
    if (changes.empty) return true
    dispatch(
      state.update({
        changes,
        // Marks are put before what is there, the caret stays behind them.
        selection: state.selection.map(changes, 1),
        scrollIntoView: true,
        userEvent: 'input',
      }),
    )
    return true
  }
}
