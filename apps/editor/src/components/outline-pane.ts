/** The outline of a document, beside its text or above it: opened and closed, and true to the text meanwhile. */
import type { LitElement } from 'lit'
import type { Heading, ReadingPlace } from '../editor/index.ts'
import type { QuireOutline } from './quire-outline.ts'

export interface OutlinePaneParts {
  /** Its code, which few need at first: whether it is here. */
  readonly fetch: () => Promise<boolean>
  readonly lines: () => Iterable<string>
  /** The first line that is seen, counted from 0. */
  readonly topLine: () => number
  readonly focusText: () => Promise<void>
  /** Those of Markdown; of a text in another language, none that mean anything. */
  readonly headingsOf: (lines: Iterable<string>) => readonly Heading[]
}

export class OutlinePane {
  readonly #host: LitElement
  readonly #parts: OutlinePaneParts
  #isOpen = false
  #headings: readonly Heading[] = []

  constructor(host: LitElement, parts: OutlinePaneParts) {
    this.#host = host
    this.#parts = parts
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  get headings(): readonly Heading[] {
    return this.#headings
  }

  async toggle(): Promise<void> {
    if (this.#isOpen) return this.close()
    if (!(await this.#parts.fetch())) return
    this.#isOpen = true
    this.#read()
    await this.#host.updateComplete
    const outline = this.#outline
    if (outline) outline.topLine = Math.floor(this.#parts.topLine()) + 1
    await outline?.enter()
  }

  async close(): Promise<void> {
    this.#isOpen = false
    this.#host.requestUpdate()
    await this.#parts.focusText()
  }

  textChanged(): void {
    if (this.#isOpen) this.#read()
  }

  /** Past the rendering of everything else, since it happens all the while one types. */
  placeChanged({ topLine }: ReadingPlace): void {
    const outline = this.#outline
    if (outline) outline.topLine = topLine
  }

  get #outline(): QuireOutline | null {
    return this.#host.renderRoot.querySelector('quire-outline')
  }

  #read(): void {
    this.#headings = this.#parts.headingsOf(this.#parts.lines())
    this.#host.requestUpdate()
  }
}
