/** A document as it is read, beside its text or in the place of it: opened and closed, and scrolled along. */
import type { LitElement } from 'lit'
import type { QuirePreview } from './quire-preview.ts'
import type { QuireText } from './quire-text.ts'

export interface ReadingPaneParts {
  /** Its code, which few need at first: whether it is here. */
  readonly fetch: () => Promise<boolean>
  readonly editor: () => QuireText | null
  /** What a preview is to show. */
  readonly shown: () => Pick<QuirePreview, 'text' | 'language'>
}

export class ReadingPane {
  readonly host: LitElement
  readonly parts: ReadingPaneParts
  #isOpen = false
  #line = 0

  constructor(host: LitElement, parts: ReadingPaneParts) {
    this.host = host
    this.parts = parts
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  get preview(): QuirePreview | null {
    return this.host.renderRoot.querySelector('quire-preview')
  }

  /** Which line is read, where the text itself is not seen; counted from 0. */
  get line(): number | undefined {
    return this.#isOpen && this.#editor?.checkVisibility() === false ? this.#line : undefined
  }

  async toggle(): Promise<void> {
    if (this.#isOpen) {
      const { line } = this
      await this.#set(false)
      if (line !== undefined) this.#editor?.scrollToLine(line)
      this.focus()
    } else if (await this.parts.fetch()) {
      const wasWriting = this.#editor?.matches(':focus-within')
      const line = this.#editor?.topLine ?? 0
      await this.#set(true)
      this.#scrollTo(line)
      if (wasWriting) this.focus()
    }
  }

  /** Puts the focus into the text, or where that is read instead. */
  focus(): void {
    if (this.line === undefined) this.#editor?.focus()
    else this.preview?.focus()
  }

  /** Counted from 1. */
  goToLine(line: number): void {
    this.#editor?.goToLine(line)
    if (this.line !== undefined) this.#scrollTo(line - 1)
    this.focus()
  }

  /** Back to the text, of which the preview may stand in the place. */
  readonly escaped = (): void => {
    if (this.line === undefined) this.focus()
    else void this.toggle()
  }

  readonly textScrolled = ({ detail }: CustomEvent<number>): void => this.#scrollTo(detail)

  readonly previewScrolled = ({ detail }: CustomEvent<number>): void => {
    this.#line = detail
    this.#editor?.scrollToLine(detail)
  }

  get #editor(): QuireText | null {
    return this.parts.editor()
  }

  #scrollTo(line: number): void {
    this.#line = line
    this.preview?.scrollToLine(line)
  }

  async #set(isOpen: boolean): Promise<void> {
    this.#isOpen = isOpen
    this.host.requestUpdate()
    await this.host.updateComplete
  }
}
