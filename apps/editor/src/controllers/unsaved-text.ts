/** What is shown and handed out of a text that the server would not take. */
import type { Rescue } from '../session/rescue.ts'
import { compareLine, compareTexts, type Fate, type Line, type Part } from '../session/compare-texts.ts'

export interface UnsavedText {
  /** Of the title; empty if it is the same. */
  readonly title: readonly Part[]
  /** Of the whole text; empty if it is the same. */
  readonly lines: readonly Line[]
}

export type ShownPart = Part | { readonly type: 'folded' }

export type Row =
  | { readonly type: Fate | 'changed'; readonly parts: readonly ShownPart[] }
  /** So many lines that are as they were. */
  | { readonly type: 'folded'; readonly lines: number }

/** By the lines around a change a person knows where it is. Between paragraphs, every other one is empty. */
const contextLines = 2
/** Of a long line, what a telephone shows in some four. */
const contextUnits = 160

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

export function unsavedText({ saved, own }: Rescue): UnsavedText {
  return {
    title: saved.title === own.title ? [] : compareLine(saved.title, own.title),
    lines: saved.text === own.text ? [] : compareTexts(saved.text, own.text),
  }
}

/** All that changed, and as much of the rest as tells where. */
export function foldLines(lines: readonly Line[]): Row[] {
  const isNearChange = nearChange(lines)
  const rows: Row[] = []
  let folded = 0
  for (const [index, line] of lines.entries()) {
    // A single line takes no more room than the words that it is left out.
    const isAlone = folded === 0 && isNearChange[index + 1] !== false
    if (isNearChange[index] || isAlone) {
      if (folded > 0) rows.push({ type: 'folded', lines: folded })
      folded = 0
      rows.push(rowOf(line))
    } else folded++
  }
  if (folded > 0) rows.push({ type: 'folded', lines: folded })
  return rows
}

function nearChange(lines: readonly Line[]): boolean[] {
  const near = lines.map(() => false)
  for (const [index, { type }] of lines.entries())
    if (type !== 'kept') near.fill(true, Math.max(0, index - contextLines), index + contextLines + 1)
  return near
}

function rowOf(line: Line): Row {
  const parts = line.type === 'changed' ? line.parts : [line]
  return { type: line.type, parts: parts.flatMap(foldPart) }
}

function foldPart(part: Part): ShownPart[] {
  const { type, text } = part
  // Otherwise hardly more would be left out than is put in its place.
  if (type !== 'kept' || text.length <= 3 * contextUnits) return [part]
  const [end, start] = [contextUnits, text.length - contextUnits].map((at) => characterAt(text, at))
  return end === start
    ? [part]
    : [{ type, text: text.slice(0, end) }, { type: 'folded' }, { type, text: text.slice(start) }]
}

/** Where the character at `at` begins, or the word if that is near. */
function characterAt(text: string, at: number): number {
  const space = text.lastIndexOf(' ', at - 1)
  const wanted = at - space < contextUnits / 4 ? space + 1 : at
  return characters.segment(text).containing(wanted)?.index ?? wanted
}

/** What somebody wrote and nothing else; '' if they only took something out. */
export function ownWords({ title, lines }: UnsavedText): string {
  let text = ''
  let isApart = false
  for (const line of lines) {
    if (line.type === 'kept') isApart = true
    for (const piece of addedIn(line)) {
      text += `${text && (isApart ? '\n\n' : '\n')}${piece}`
      isApart = false
    }
  }
  const newTitle = title.filter(isAdded).map((part) => part.text)
  return [...newTitle, text.trimEnd()].filter((words) => words !== '').join('\n\n')
}

function addedIn(line: Line): string[] {
  if (line.type !== 'changed') return isAdded(line) ? [line.text] : []
  const pieces = line.parts.filter(isAdded).map((part) => part.text)
  const isWhole = line.parts.every(({ type }) => type !== 'kept')
  return isWhole ? pieces : pieces.map((piece) => piece.trim()).filter((piece) => piece !== '')
}

function isAdded({ type }: Part): boolean {
  return type === 'added'
}
