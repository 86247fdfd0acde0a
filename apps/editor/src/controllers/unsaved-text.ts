/** What is shown and handed out of a text that the server would not take. */
import { assertNever } from '@quire/protocol'
import type { Rescue } from '../session/rescue.ts'
import { compareLine, compareTexts, type Line, type Part } from '../session/compare-texts.ts'

export interface UnsavedText {
  /** Of the title; empty if it is the same. */
  readonly title: readonly Part[]
  /** Of the whole text; empty if it is the same. */
  readonly lines: readonly Line[]
}

export type ShownPart = Part | { readonly type: 'folded' }

export type Row =
  | { readonly type: 'kept' | 'changed'; readonly parts: readonly ShownPart[] }
  /** Lines that follow one another: a page may hold a great many, but only a few thousand elements. */
  | { readonly type: 'added' | 'removed'; readonly lines: readonly string[] }
  /** So many lines that are as they were. */
  | { readonly type: 'folded'; readonly count: number }

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
  return runsOf(lines).flatMap((run): Row[] => {
    switch (run.type) {
      case 'added':
      case 'removed':
        return [{ type: run.type, lines: run.lines.flatMap(partsOf).map(({ text }) => text) }]
      case 'far':
        // A single line takes no more room than the words that it is left out.
        return run.lines.length > 1 ? [{ type: 'folded', count: run.lines.length }] : rowsOf(run.lines)
      case 'kept':
      case 'changed':
        return rowsOf(run.lines)
      default:
        return assertNever(run.type)
    }
  })
}

interface Run {
  /** `far`: kept, and far from any change. */
  readonly type: Line['type'] | 'far'
  readonly lines: Line[]
}

function runsOf(lines: readonly Line[]): Run[] {
  const isNear = lines.map(() => false)
  for (const [index, { type }] of lines.entries())
    if (type !== 'kept') isNear.fill(true, Math.max(0, index - contextLines), index + contextLines + 1)
  const runs: Run[] = []
  for (const [index, line] of lines.entries()) {
    const type = isNear[index] ? fateOf(line) : 'far'
    const last = runs.at(-1)
    if (last?.type === type) last.lines.push(line)
    else runs.push({ type, lines: [line] })
  }
  return runs
}

/** A line that was begun where an empty one stood looks as new as one that was put between. */
function fateOf(line: Line): Line['type'] {
  const [part, ...others] = partsOf(line)
  return part && others.length === 0 ? part.type : line.type
}

function rowsOf(lines: readonly Line[]): Row[] {
  return lines.map((line) => ({
    type: line.type === 'changed' ? 'changed' : 'kept',
    parts: partsOf(line).flatMap(foldPart),
  }))
}

function partsOf(line: Line): readonly Part[] {
  return line.type === 'changed' ? line.parts : [line]
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
  // A title is one thing: nobody wants the end of it alone.
  const newTitle = title.some(isAdded) ? title.filter(({ type }) => type !== 'removed') : []
  return [newTitle.map((part) => part.text).join(''), text.trimEnd()]
    .filter((words) => words !== '')
    .join('\n\n')
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
