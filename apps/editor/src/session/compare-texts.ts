/**
 * What became of a text: line by line, and word by word where a line is still the same line. For people to read, so it
 * cuts only where one character, as a person sees it, ends; and for a page that must not hang, so there are limits
 * beyond which words, and then lines, are no longer looked for. Knows nothing of documents.
 */
import { diffArrays } from 'diff/lib/diff/array.js'

export type Fate = 'kept' | 'added' | 'removed'

export interface Part {
  readonly type: Fate
  readonly text: string
}

/**
 * Without its line break. Those that were not added, joined by `\n` and without their added parts, are the text before;
 * those that were not removed, without their removed parts, the text after. An empty text has no lines.
 */
export type Line = Part | { readonly type: 'changed'; readonly parts: readonly Part[] }

/** The search for what two sequences share takes at most the square of this many steps: for lines a fifth of a second, for the words of a line a few milliseconds. */
const maxSteps = { lines: 1000, words: 200 } as const
/** Finding the words in this much text takes a fifth of a second. */
const maxComparedUnits = 400_000
/** So many new lines may stand before a changed one. */
const reach = 8

const firstMark = 0x300

const words = new Intl.Segmenter(undefined, { granularity: 'word' })
const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

export function compareTexts(before: string, after: string): Line[] {
  return [...compareLines(linesOf(before), linesOf(after))]
}

/** For what is a line of its own, such as a title. */
export function compareLine(before: string, after: string): Part[] {
  const [old, now] = [wordsOf(before), wordsOf(after)]
  return before === after || isSameLine(old, now) ? compareWords(old, now) : exchange(before, after)
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n')
}

function wordsOf(line: string): string[] {
  const found: string[] = []
  const seen = characters.segment(line)
  // To ask is slow, and below the first combining mark every unit is a character, but for line breaks.
  const isSeam = (at: number): boolean =>
    (line.charCodeAt(at - 1) < firstMark && line.charCodeAt(at) < firstMark) ||
    seen.containing(at)?.index === at
  let from = 0
  for (const { index } of words.segment(line)) {
    if (index === from || !isSeam(index)) continue
    found.push(line.slice(from, index))
    from = index
  }
  if (from < line.length) found.push(line.slice(from))
  return found
}

function* compareLines(before: readonly string[], after: readonly string[]): Generator<Line> {
  let unitsLeft = maxComparedUnits
  for (const stretch of align(before, after, maxSteps.lines)) {
    if (stretch.type === 'kept') {
      yield { type: 'kept', text: stretch.item }
      continue
    }
    const { removed, added } = stretch
    const units = lengthOf(removed) + lengthOf(added)
    const mayHoldChanged = removed.length > 0 && added.length > 0 && units <= unitsLeft
    if (mayHoldChanged) unitsLeft -= units
    yield* mayHoldChanged ? pairLines(removed, added) : replaceLines(removed, added)
  }
}

/** Finds the lines that were changed among those that went and those that came in one place. */
function* pairLines(removed: readonly string[], added: readonly string[]): Generator<Line> {
  const addedWords = added.map(wordsOf)
  let [removedFrom, addedFrom] = [0, 0]
  for (const [index, line] of removed.entries()) {
    const old = wordsOf(line)
    const ahead = addedWords.slice(addedFrom, addedFrom + reach).findIndex((now) => isSameLine(old, now))
    if (ahead < 0) continue
    const found = addedFrom + ahead
    yield* replaceLines(removed.slice(removedFrom, index), added.slice(addedFrom, found))
    yield { type: 'changed', parts: compareWords(old, addedWords[found] ?? []) }
    removedFrom = index + 1
    addedFrom = found + 1
  }
  yield* replaceLines(removed.slice(removedFrom), added.slice(addedFrom))
}

function* replaceLines(removed: readonly string[], added: readonly string[]): Generator<Line> {
  // A line begun where there was an empty one, or emptied, is a changed line.
  let paired = 0
  for (; paired < removed.length && paired < added.length; paired++) {
    const [old, now] = [removed[paired] ?? '', added[paired] ?? '']
    if (old !== '' && now !== '') break
    yield { type: 'changed', parts: exchange(old, now) }
  }
  for (const text of removed.slice(paired)) yield { type: 'removed', text }
  for (const text of added.slice(paired)) yield { type: 'added', text }
}

/** Whether a person would say that it is still the line it was: half of it is, or something was only put into it or taken out. */
function isSameLine(before: readonly string[], after: readonly string[]): boolean {
  const [old, now] = [before.filter(isVisible), after.filter(isVisible)]
  const { start, end } = sharedEnds(old, now)
  const fewer = Math.min(old.length, now.length)
  if (fewer > 0 && start + end === fewer) return true
  const counts = new Map<string, number>()
  for (const word of old) counts.set(word, (counts.get(word) ?? 0) + 1)
  let shared = 0
  for (const word of now) {
    const count = counts.get(word) ?? 0
    if (count === 0) continue
    counts.set(word, count - 1)
    shared += word.length
  }
  return 4 * shared >= lengthOf(old) + lengthOf(now)
}

function isVisible(text: string): boolean {
  return text.trim() !== ''
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0)
}

function compareWords(before: readonly string[], after: readonly string[]): Part[] {
  const changes: { removed: string; added: string; keptAfter: string }[] = []
  let keptBefore = ''
  for (const stretch of align(before, after, maxSteps.words)) {
    const last = changes.at(-1)
    if (stretch.type === 'kept') {
      if (last) last.keptAfter += stretch.item
      else keptBefore += stretch.item
      continue
    }
    const [removed, added] = [stretch.removed.join(''), stretch.added.join('')]
    // Words replaced one after the other read better as one phrase in another's place.
    const isOnePhrase = last && !isVisible(last.keptAfter) && last.removed + removed && last.added + added
    if (!isOnePhrase) changes.push({ removed, added, keptAfter: '' })
    else {
      last.removed += last.keptAfter + removed
      last.added += last.keptAfter + added
      last.keptAfter = ''
    }
  }
  return [
    ...partOf('kept', keptBefore),
    ...changes.flatMap(({ removed, added, keptAfter }) => [
      ...exchange(removed, added),
      ...partOf('kept', keptAfter),
    ]),
  ]
}

function exchange(removed: string, added: string): Part[] {
  return [...partOf('removed', removed), ...partOf('added', added)]
}

function partOf(type: Fate, text: string): Part[] {
  return text === '' ? [] : [{ type, text }]
}

type Stretch =
  | { readonly type: 'kept'; readonly item: string }
  | { readonly type: 'replaced'; readonly removed: readonly string[]; readonly added: readonly string[] }

function* align(before: readonly string[], after: readonly string[], steps: number): Generator<Stretch> {
  let [old, now] = [0, 0]
  for (const [oldAt, nowAt] of [
    ...sharedPlaces(before, after, steps),
    [before.length, after.length] as const,
  ]) {
    if (old < oldAt || now < nowAt)
      yield { type: 'replaced', removed: before.slice(old, oldAt), added: after.slice(now, nowAt) }
    const item = before[oldAt]
    if (item !== undefined) yield { type: 'kept', item }
    ;[old, now] = [oldAt + 1, nowAt + 1]
  }
}

type Place = readonly [before: number, after: number]

/** Where, in order, the two have the same: as often as possible, or only at their ends if that takes too many steps. */
function sharedPlaces(before: readonly string[], after: readonly string[], steps: number): Place[] {
  const { start, end } = sharedEnds(before, after)
  const [oldEnd, nowEnd] = [before.length - end, after.length - end]
  const places: Place[] = []
  for (let index = 0; index < start; index++) places.push([index, index])
  for (const [old, now] of longestShared(before.slice(start, oldEnd), after.slice(start, nowEnd), steps))
    places.push([start + old, start + now])
  for (let index = 0; index < end; index++) places.push([oldEnd + index, nowEnd + index])
  return places
}

function sharedEnds(before: readonly string[], after: readonly string[]): { start: number; end: number } {
  const fewer = Math.min(before.length, after.length)
  let start = 0
  while (start < fewer && before[start] === after[start]) start++
  let end = 0
  while (end < fewer - start && before.at(-1 - end) === after.at(-1 - end)) end++
  return { start, end }
}

function longestShared(before: readonly string[], after: readonly string[], steps: number): Place[] {
  // What only one side has is in no place that both have: the search is spared it, and compares numbers rather than texts.
  const numbers = new Map<string, number>()
  for (const item of after) if (!numbers.has(item)) numbers.set(item, numbers.size)
  const known = new Set(before.filter((item) => numbers.has(item)))
  const oldPlaces = [...before.keys()].filter((index) => known.has(before[index] ?? ''))
  const nowPlaces = [...after.keys()].filter((index) => known.has(after[index] ?? ''))
  const changes = diffArrays(
    oldPlaces.map((index) => numbers.get(before[index] ?? '')),
    nowPlaces.map((index) => numbers.get(after[index] ?? '')),
    { maxEditLength: steps },
  )
  const places: Place[] = []
  let [old, now] = [0, 0]
  for (const { count, added, removed } of changes ?? []) {
    if (!added && !removed)
      for (let index = 0; index < count; index++)
        places.push([oldPlaces[old + index] ?? 0, nowPlaces[now + index] ?? 0])
    if (!added) old += count
    if (!removed) now += count
  }
  return places
}
