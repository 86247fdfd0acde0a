/** Writing anew, as plain edits of what the server has, what it would not take as it was sent. Fetched when it is wanted. */
import * as Y from 'yjs'
import { compareTexts, type Line } from './compare-texts.ts'
import { draftOf, type Draft } from './rescue.ts'

/** Less than any server takes at once. */
const maxInsertedUnits = 128 * 1024

/**
 * Updates that make of a document what `own` says: plain insertions and deletions where the two differ, under a client id
 * that nobody has seen. What others write meanwhile stays.
 */
export function rewrite(saved: Y.Doc, own: Draft): Uint8Array[] {
  const updates: Uint8Array[] = []
  const collect = (update: Uint8Array): unknown => updates.push(update)
  const text = saved.getText('content')
  const before = draftOf(saved)
  saved.on('update', collect)
  if (own.title !== before.title) saved.getMap('meta').set('title', own.title)
  writeText(text, before.text, own.text)
  saved.off('update', collect)
  return updates
}

/** Makes a text that says `before` say `after`, by changing only what is different. */
export function writeText(text: Y.Text, before: string, after: string): void {
  // From the end, so that the places before a change stay where they are.
  for (const { from, to, insert } of replacements(before, after).toReversed()) {
    if (to > from) text.delete(from, to - from)
    for (const piece of pieces(insert).toReversed()) text.insert(from, piece)
  }
}

export interface Replacement {
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** Where `after` differs from `before`, in order, as changes to `before`. */
export function replacements(before: string, after: string): Replacement[] {
  const start = sharedStart(before, after)
  const end = sharedEnd(before, after, start)
  const middle = (text: string): string => text.slice(start, text.length - end)
  return comparedReplacements(middle(before), middle(after)).map(({ from, to, insert }) => ({
    from: from + start,
    to: to + start,
    insert,
  }))
}

function sharedStart(one: string, other: string): number {
  const most = Math.min(one.length, other.length)
  let length = 0
  while (length < most && one.charCodeAt(length) === other.charCodeAt(length)) length++
  return isHighSurrogate(one.charCodeAt(length - 1)) ? length - 1 : length
}

/** Of what comes after the first `start` units of both. */
function sharedEnd(one: string, other: string, start: number): number {
  const most = Math.min(one.length, other.length) - start
  let length = 0
  while (
    length < most &&
    one.charCodeAt(one.length - 1 - length) === other.charCodeAt(other.length - 1 - length)
  )
    length++
  return isLowSurrogate(one.charCodeAt(one.length - length)) ? length - 1 : length
}

function comparedReplacements(before: string, after: string): Replacement[] {
  if (before === after) return []
  // An empty text has no lines.
  if (before === '' || after === '') return [{ from: 0, to: before.length, insert: after }]
  const found: Replacement[] = []
  let at = 0
  const keep = (text: string): void => void (at += text.length)
  const replace = (removed: string, inserted: string): void => {
    const last = found.at(-1)
    const grows = last?.to === at
    const [from, insert] = grows ? [last.from, last.insert + inserted] : [at, inserted]
    if (grows) found.pop()
    at += removed.length
    found.push({ from, to: at, insert })
  }
  // As if both ended with a line break, so that a line is always one with its break.
  for (const { type, text } of compareTexts(before, after).flatMap(partsOf)) {
    if (type === 'kept') keep(text)
    else if (type === 'removed') replace(text, '')
    else replace('', text)
  }
  return found.map((change) => withinText(change, before.length))
}

function partsOf(line: Line): { readonly type: 'kept' | 'added' | 'removed'; readonly text: string }[] {
  if (line.type === 'changed') return [...line.parts, { type: 'kept', text: '\n' }]
  return [{ type: line.type, text: `${line.text}\n` }]
}

/** The same change without the line break that is not there. */
function withinText({ from, to, insert }: Replacement, length: number): Replacement {
  if (to <= length) return { from, to, insert }
  if (from < to && insert !== '') return { from, to: length, insert: insert.slice(0, -1) }
  // The break before the last lines goes or comes with them instead.
  return from < to
    ? { from: from - 1, to: length, insert }
    : { from: length, to: length, insert: `\n${insert.slice(0, -1)}` }
}

function pieces(text: string): string[] {
  const found: string[] = []
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + maxInsertedUnits, text.length)
    // Between the halves of a character Yjs would put something else.
    if (isHighSurrogate(text.charCodeAt(end - 1)) && end < text.length) end--
    found.push(text.slice(at, end))
    at = end
  }
  return found
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
