/** A document as it is read, beside its text or in the place of it: opened and closed, scrolled along, printed and handed on. */
import type { LitElement } from 'lit'
import type { QuirePreview } from './quire-preview.ts'
import type { QuireText } from './quire-text.ts'

export interface ReadingPaneParts {
  /** Its code, which few need at first: whether it is here. */
  readonly fetch: () => Promise<boolean>
  readonly editor: () => QuireText | null
  readonly focusText: () => Promise<void>
  /** What a preview is to show. */
  readonly shown: () => Pick<QuirePreview, 'text' | 'language'>
}

export class ReadingPane {
  readonly #host: LitElement
  readonly #parts: ReadingPaneParts
  #isOpen = false

  constructor(host: LitElement, parts: ReadingPaneParts) {
    this.#host = host
    this.#parts = parts
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  async toggle(): Promise<void> {
    if (this.#isOpen) {
      await this.#set(false)
      await this.#parts.focusText()
    } else if (await this.#parts.fetch()) {
      const line = this.#parts.editor()?.topLine ?? 0
      await this.#set(true)
      this.#preview?.scrollToLine(line)
    }
  }

  readonly textScrolled = ({ detail }: CustomEvent<number>): void => {
    this.#preview?.scrollToLine(detail)
  }

  readonly previewScrolled = ({ detail }: CustomEvent<number>): void => {
    this.#parts.editor()?.scrollToLine(detail)
  }

  /** The editor has but the lines that are seen; the preview has all of them. */
  async print(): Promise<void> {
    if (!this.#isOpen) await this.toggle()
    const preview = this.#preview
    await preview?.renderedHtml()
    preview?.print()
  }

  /** As the preview shows it, which need not be open for that. */
  async rendered(): Promise<string> {
    if (!(await this.#parts.fetch())) return ''
    const open = this.#preview
    if (open) return open.renderedHtml()
    const unseen = document.createElement('quire-preview')
    unseen.className = 'unseen'
    const { text, language } = this.#parts.shown()
    unseen.text = text
    unseen.language = language
    this.#host.renderRoot.append(unseen)
    try {
      await unseen.updateComplete
      return await unseen.renderedHtml()
    } finally {
      unseen.remove()
    }
  }

  get #preview(): QuirePreview | null {
    return this.#host.renderRoot.querySelector('quire-preview')
  }

  async #set(isOpen: boolean): Promise<void> {
    this.#isOpen = isOpen
    this.#host.requestUpdate()
    await this.#host.updateComplete
  }
}
