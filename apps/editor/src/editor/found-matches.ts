/**
 * Where a text says what somebody looks for, found a little at a time, and whether a pattern can be looked for at all.
 * Knows no view.
 */
import type { SearchQuery } from '@codemirror/search'
import type { EditorState, Text } from '@codemirror/state'

/** So many are counted, and no more: what comes after them is only said to be there. */
export const mostMatches = 1000

export interface Found {
  readonly doc: Text
  readonly matches: readonly { readonly from: number; readonly to: number }[]
  readonly hasMore: boolean
}

/** A pattern that is no whole one is broken; for `'costly'` see `isCostly`. */
export type Outcome = Found | 'broken' | 'costly'

/** What can be looked through within a part of a frame: CodeMirror takes 0.2 µs for a character. */
const sliceLength = 20_000

/** Yields whenever a moment has passed, so that other things can be done in between. */
export function* findMatches(state: EditorState, query: SearchQuery): Generator<void, Outcome> {
  const { doc } = state
  if (!query.valid) return query.search === '' ? { doc, matches: [], hasMore: false } : 'broken'
  const pattern = query.regexp ? patternOf(query) : undefined
  // What is found may be longer than what is looked for: one letter may be written as many.
  const reach = 5_000 + 40 * query.search.length
  const matches: { from: number; to: number }[] = []
  for (let from = 0; from <= doc.length; yield) {
    const end = doc.lineAt(Math.min(from + sliceLength, doc.length)).to
    if (pattern && isCostlyWithin(doc, pattern, from, end)) return 'costly'
    const cursor = query.getCursor(state, from, Math.min(end + reach, doc.length))
    from = end + 1
    for (let next = cursor.next(); !next.done && next.value.from < from; next = cursor.next()) {
      if (matches.length === mostMatches) return { doc, matches, hasMore: true }
      matches.push({ from: next.value.from, to: next.value.to })
    }
    from = Math.max(from, matches.at(-1)?.to ?? 0)
  }
  return { doc, matches, hasMore: false }
}

/** Which of them is at this place, counted from 1; 0 if none is. */
export function numberOf({ matches }: Found, place: { readonly from: number; readonly to: number }): number {
  let low = 0
  let high = matches.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((matches[middle]?.from ?? 0) < place.from) low = middle + 1
    else high = middle
  }
  const match = matches[low]
  return match?.from === place.from && match.to === place.to ? low + 1 : 0
}

/** As CodeMirror reads it. Throws for what is no pattern. */
export function patternOf({ search, caseSensitive }: SearchQuery): RegExp {
  return new RegExp(search, caseSensitive ? 'gmu' : 'gimu')
}

export function isCostlyWithin(doc: Text, pattern: RegExp, from: number, to: number): boolean {
  for (let line = doc.lineAt(from); ; line = doc.line(line.number + 1)) {
    if (isCostly(pattern, line.text)) return true
    if (line.to >= to) return false
  }
}

/** What a page may stand still for once, and what each character may cost besides. */
const patienceMs = 20
const patiencePerCharacterMs = 0.0002

/**
 * Whether a browser would take for ever to find that this line lacks this pattern, as it does if there are countless ways to
 * read the line, or if it is very long. Nothing stops a browser that has begun, so ever longer beginnings are tried: each
 * takes at most a few times as long as the one before it.
 */
export function isCostly(pattern: RegExp, line: string): boolean {
  for (let length = 8; ; length += Math.ceil(length / 16)) {
    // The last character is one that hardly any pattern has, so that all ways of reading come to their end.
    const beginning = `${line.slice(0, length)}\0`
    const patience = patienceMs + length * patiencePerCharacterMs
    // The machine may have had other things to do the first time.
    if (timeOf(pattern, beginning) > patience && timeOf(pattern, beginning) > patience) return true
    if (length >= line.length) return false
  }
}

function timeOf(pattern: RegExp, text: string): number {
  const start = performance.now()
  pattern.lastIndex = 0
  pattern.test(text)
  return performance.now() - start
}
