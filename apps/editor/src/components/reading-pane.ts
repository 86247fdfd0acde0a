/** A document as it is read, beside its text or in the place of it: opened and closed, scrolled along, printed and handed on. */
import type { LitElement } from 'lit'
import type { Purpose } from '../preview/messages.ts'
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

  /** The editor has but the lines that are seen; the preview has all of them. One that was not open is open meanwhile. */
  async print(): Promise<void> {
    const wasOpen = this.#isOpen
    if (!wasOpen) await this.toggle()
    const preview = this.#preview
    if (!preview) return
    try {
      await preview.print()
    } catch {
      return // closed, or it says by itself that it cannot be shown
    }
    if (!wasOpen && preview === this.#preview) await this.toggle()
  }

  /** As the preview shows it, which need not be open for that; rejects if it cannot. */
  async rendered(purpose: Purpose): Promise<string> {
    if (!(await this.#parts.fetch())) throw new Error('the preview cannot be fetched')
    const open = this.#preview
    if (open) return open.renderedHtml(purpose)
    const unseen = document.createElement('quire-preview')
    unseen.className = 'unseen'
    const { text, language } = this.#parts.shown()
    unseen.text = text
    unseen.language = language
    this.#host.renderRoot.append(unseen)
    try {
      await unseen.updateComplete
      return await unseen.renderedHtml(purpose)
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
