/**
 * `<quire-preview>`: the text as it is read, in a frame that may do nothing but show it. Stands beside the text or in its
 * place; what is in the frame is the business of `preview/`.
 */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { keyed } from 'lit/directives/keyed.js'
import type * as Y from 'yjs'
import { WayBack } from '../controllers/way-back.ts'
import { readText } from '../editor/index.ts'
import { controls } from '../look/controls.ts'
import type { Purpose, Theme } from '../preview/messages.ts'
import { frameAddress, frameRights, PreviewFrame } from '../preview/preview-frame.ts'
import { t } from '../words/index.ts'

/**
 * Fires `scroll-line` with the line of the text at its upper edge as `detail` when somebody scrolls it (a fraction is how far
 * it has been scrolled past), `preview-shown` when it shows the text as it is, `preview-leave` for the key that leaves it and for
 * the browser's way back, `preview-escape` for Escape, and `preview-palette` for a key by which commands are found.
 */
export class QuirePreview extends LitElement {
  static override properties = {
    text: { attribute: false },
    language: {},
    theme: {},
    pictures: { attribute: false },
    isAlone: { attribute: false },
    attempt: { state: true },
    hasFailed: { state: true },
  }
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-height: 0;
        background: var(--paper);
      }
      iframe {
        display: block;
        width: 100%;
        height: 100%;
        border: 0;
      }
      .failed {
        max-width: var(--measure);
        margin: 0 auto;
        padding: var(--space-6) var(--space-5);
        color: var(--ink-soft);
        font-size: var(--step-0);
      }
    `,
  ]

  /** What is shown; a function is asked again after each `refresh()`. */
  declare text: Y.Text | (() => string)
  /** `'markdown'`, `'text'`, or the name of a language that code is written in. */
  declare language: string
  declare theme: Theme
  /** The reader lets pictures from elsewhere be loaded, whose sites then learn where the reader is. */
  declare pictures: boolean
  /** It stands in the place of the text, so that the browser's way back leads to that. */
  declare isAlone: boolean
  declare private attempt: number
  declare private hasFailed: boolean

  #frame: PreviewFrame | undefined
  #line = 0
  #forget: (() => void) | undefined

  constructor() {
    super()
    this.language = 'markdown'
    this.theme = 'system'
    this.pictures = false
    this.isAlone = false
    this.attempt = 0
    this.hasFailed = false
    const leave = (): boolean => this.dispatchEvent(new CustomEvent('preview-leave'))
    this.addController(new WayBack(this, { isWanted: () => this.isAlone, taken: leave }))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    // Whatever was in a frame is gone when it is taken out of the page.
    this.attempt++
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#closeFrame()
  }

  override render(): TemplateResult {
    if (this.hasFailed)
      return html`<div class="failed" role="status">
        <p>${t('preview.failed')}</p>
        <button class="outlined" @click=${this.#retry}>${t('preview.retry')}</button>
      </div>`
    return html`${keyed(
      `${this.attempt} ${this.pictures}`,
      guard(
        [this.attempt, this.pictures],
        () =>
          html`<iframe
            sandbox=${frameRights}
            src=${frameAddress(this.pictures)}
            title=${t('preview.title')}
            referrerpolicy="no-referrer"
          ></iframe>`,
      ),
    )}`
  }

  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector('iframe')?.focus(options)
  }

  /** The text has changed; a Y.Text says so by itself. */
  refresh(): void {
    this.#frame?.refresh()
  }

  scrollToLine(line: number): void {
    this.#line = line
    this.#frame?.scrollTo(line)
  }

  /** The text and nothing else; resolves when the browser is done with that, rejects if it is closed before. */
  print(): Promise<void> {
    return this.#frame?.print() ?? Promise.reject(new Error('there is no preview'))
  }

  /** The text as it is now, as HTML that is safe to hand to others; resolves when all that is drawn in it is, rejects if it is closed before. */
  renderedHtml(purpose: Purpose = 'page'): Promise<string> {
    return this.#frame?.html(purpose) ?? Promise.reject(new Error('there is no preview'))
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('attempt') || changed.has('pictures') || changed.has('hasFailed') || changed.has('text'))
      this.#openFrame()
    if (changed.has('language')) this.refresh()
    if (changed.has('theme')) this.#frame?.dress(this.theme)
  }

  #openFrame(): void {
    this.#closeFrame()
    const element = this.renderRoot.querySelector('iframe')
    const { text } = this
    if (!element || !this.isConnected) return
    const frame = new PreviewFrame({
      element,
      readText: () => (typeof text === 'function' ? text() : readText(text)),
      readLanguage: () => this.language,
      theme: this.theme,
      pictures: this.pictures,
      words: {
        pictureFrom: t('preview.pictureFrom', { site: '{site}' }),
        showPictures: t('preview.showPictures'),
        diagramFailed: t('preview.diagramFailed'),
        title: t('preview.title'),
      },
      listener: {
        shown: () => this.dispatchEvent(new CustomEvent('preview-shown')),
        scrolled: (line) => {
          this.#line = line
          this.dispatchEvent(new CustomEvent('scroll-line', { detail: line }))
        },
        picturesWanted: () => (this.pictures = true),
        left: () => this.dispatchEvent(new CustomEvent('preview-leave')),
        escaped: () => this.dispatchEvent(new CustomEvent('preview-escape')),
        paletteWanted: () => this.dispatchEvent(new CustomEvent('preview-palette')),
        failed: () => (this.hasFailed = true),
      },
    })
    frame.scrollTo(this.#line)
    this.#frame = frame
    if (typeof text === 'function') return
    const refresh = (): void => frame.refresh()
    text.observe(refresh)
    this.#forget = () => text.unobserve(refresh)
  }

  #closeFrame(): void {
    this.#forget?.()
    this.#forget = undefined
    this.#frame?.close()
    this.#frame = undefined
  }

  #retry(): void {
    this.hasFailed = false
    this.attempt++
  }
}

customElements.define('quire-preview', QuirePreview)

declare global {
  interface HTMLElementTagNameMap {
    'quire-preview': QuirePreview
  }
}
