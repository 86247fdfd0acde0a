/** Finds what is looked for in the background, once nobody types for a moment. Knows no page. */
import type { SearchQuery } from '@codemirror/search'
import type { EditorState } from '@codemirror/state'
import { findMatches, type Outcome } from './found-matches.ts'

/** Longer than between two keys, and hardly a moment. */
const calmMs = 150
/** Of a frame, what is left when the rest of the page has had its share. */
const sliceMs = 5

export class Tally {
  readonly #state: () => EditorState
  readonly #listener: (outcome: Outcome) => void
  #query: SearchQuery | undefined
  #finding: ReturnType<typeof findMatches> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #isOutdated = false

  constructor(state: () => EditorState, listener: (outcome: Outcome) => void) {
    this.#state = state
    this.#listener = listener
  }

  begin(query: SearchQuery): void {
    this.close()
    this.#query = query
    this.#beginSoon()
  }

  /** A text that others never stop writing in is nevertheless gone through to its end, and then anew. */
  textChanged(): void {
    if (this.#finding) this.#isOutdated = true
    else if (this.#timer === undefined) this.#beginSoon()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#finding = undefined
  }

  #beginSoon(): void {
    this.#timer = setTimeout(() => {
      this.#isOutdated = false
      if (this.#query) this.#goOn(findMatches(this.#state(), this.#query))
    }, calmMs)
  }

  #goOn(finding: ReturnType<typeof findMatches>): void {
    const end = performance.now() + sliceMs
    while (performance.now() < end) {
      const { done, value } = finding.next()
      if (done) return this.#came(value)
    }
    this.#finding = finding
    // A timer lets everything else that waits come first.
    this.#timer = setTimeout(() => this.#goOn(finding), sliceMs)
  }

  #came(outcome: Outcome): void {
    this.close()
    if (this.#isOutdated) this.#beginSoon()
    this.#listener(outcome)
  }
}
