/**
 * What the beginning of a Markdown line says of it: heading, list, task, quote. Each command gives every selected line
 * that shape, or takes it from all of them if all have it. Works on states alone.
 */
import type { ChangeSpec, EditorState, Line, StateCommand, TransactionSpec } from '@codemirror/state'
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

/** But for the marks of quotes. */
export function isBlank(text: string): boolean {
  return /^[\s>]*$/u.test(text)
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

/** Of blank lines as well, or a quote would end there and another begin. */
export const toggleQuote = changeLines((lines) => {
  const quote = /^[ \t]*> ?/u
  const marks = lines.map(({ text }) => quote.exec(text)?.[0] ?? '')
  const isOff = marks.some(Boolean) && lines.every((line, index) => marks[index] !== '' || !isWritten(line))
  return lines.map((line, index): ChangeSpec => {
    const { from } = line
    if (isOff) return { from, to: from + (marks[index] ?? '').length }
    const isBetween = index > 0 && index < lines.length - 1
    return { from, insert: isBetween && !isWritten(line) ? '>' : '> ' }
  })
}, fromFirstToLast)

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

type Choose = (selected: readonly Line[]) => readonly Line[]

function isWritten({ text }: Line): boolean {
  return text.trim() !== ''
}

function fromFirstToLast(lines: readonly Line[]): readonly Line[] {
  return lines.slice(lines.findIndex(isWritten), lines.findLastIndex(isWritten) + 1)
}

/** Blank lines between others stay blank, unless they are chosen. */
export function changeLines(
  change: (lines: readonly Line[]) => ChangeSpec[],
  choose: Choose = (lines) => lines.filter(isWritten),
): StateCommand {
  return ({ state, dispatch }) => {
    if (state.readOnly || !isMarkdownAt(state, state.selection.main.head)) return false
    const selected = selectedLines(state)
    const chosen = choose(selected)
    const changes = state.changes(change(chosen.length > 0 ? chosen : selected))
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
