/**
 * `<quire-outline>`: the headings of the text, to see where one is and to go elsewhere. Beside the text where there is room,
 * else a dialog above it.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { Heading } from '../editor/index.ts'
import { controls } from '../look/controls.ts'
import { dialogs } from '../look/dialogs.ts'
import { panels } from '../look/panels.ts'
import { t } from '../words/index.ts'
import { cross } from './icons.ts'

/** Fires `go-to-line` with the number of a line as `detail`, and `close`. */
export class QuireOutline extends LitElement {
  static override properties = {
    headings: { attribute: false },
    topLine: { type: Number },
    isBeside: { attribute: false },
    isMarkdown: { attribute: false },
  }
  static override styles = [
    controls,
    dialogs,
    panels,
    css`
      :host {
        display: block;
        min-height: 0;
      }
      aside {
        display: flex;
        flex-direction: column;
        height: 100%;
        padding: var(--space-2) var(--space-2) var(--space-4);
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      .top {
        align-items: center;
        padding-inline-start: var(--space-2);
      }
      dialog .top {
        padding: 0;
      }
      aside h2 {
        margin: 0;
        color: var(--ink-soft);
        font-size: 0.75rem;
        font-weight: 600;
        letter-spacing: 0.02em;
      }
      aside .close {
        margin: 0;
      }
      dialog {
        width: 420px;
        max-height: min(40rem, 100dvh - 2 * var(--space-3));
      }
      dialog ol {
        margin: var(--space-3) calc(-1 * var(--space-3)) 0;
      }
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .heading {
        display: block;
        width: 100%;
        min-height: 30px;
        padding: 5px var(--space-2);
        overflow: hidden;
        color: var(--ink-soft);
        font-weight: 400;
        text-align: start;
        text-overflow: ellipsis;
      }
      .heading:hover,
      .heading[aria-current] {
        color: var(--ink);
      }
      .heading[aria-current] {
        font-weight: 580;
      }
      .level-1 {
        padding-inline-start: var(--space-3);
      }
      .level-2 {
        padding-inline-start: calc(var(--space-3) + 1rem);
      }
      .level-3 {
        padding-inline-start: calc(var(--space-3) + 2rem);
      }
      .level-4 {
        padding-inline-start: calc(var(--space-3) + 3rem);
      }
      .nothing {
        padding: 5px var(--space-3);
      }
      dialog .nothing {
        padding: var(--space-2) 0 0;
      }
      @media (max-width: 600px) {
        dialog {
          width: 100vw;
        }
        .heading {
          min-height: 44px;
          padding-block: 10px;
          font-size: var(--step-0);
        }
      }
    `,
  ]

  declare headings: readonly Heading[]
  /** The first line that is seen. */
  declare topLine: number
  declare isBeside: boolean
  /** What else a text may be has no headings. */
  declare isMarkdown: boolean

  constructor() {
    super()
    this.headings = []
    this.topLine = 1
    this.isBeside = true
    this.isMarkdown = true
  }

  override render(): TemplateResult {
    const content = html`<div class="top">
        <h2 id="heading">${t('outline.heading')}</h2>
        <button
          class="icon close"
          aria-label=${t('outline.close')}
          title=${t('outline.close')}
          @click=${this.#close}
        >
          ${cross}
        </button>
      </div>
      ${this.#renderList()}`
    return this.isBeside
      ? html`<aside aria-labelledby="heading" @keydown=${this.#pressed}>${content}</aside>`
      : html`<dialog aria-labelledby="heading" @click=${this.#closeFromOutside} @close=${this.#closed}>
          <div class="page" @keydown=${this.#pressed}>${content}</div>
        </dialog>`
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('isBeside') && !this.isBeside) this.#dialog?.showModal()
    if (changed.has('topLine') || changed.has('headings')) this.#showCurrent()
  }

  /** Puts the focus on the heading that one is under. */
  async enter(): Promise<void> {
    await this.updateComplete
    const target = this.#buttons[this.#current] ?? this.#buttons[0] ?? this.renderRoot.querySelector('button')
    target?.focus()
  }

  #renderList(): TemplateResult {
    if (!this.isMarkdown) return html`<p class="nothing">${t('outline.noMarkdown')}</p>`
    if (this.headings.length === 0) return html`<p class="nothing">${t('outline.nothing')}</p>`
    const top = Math.min(...this.headings.map(({ level }) => level))
    const current = this.#current
    return html`<ol>
      ${this.headings.map(({ level, title, line }, index) => {
        const words = title || t('outline.untitled')
        return html`<li>
          <button
            class="heading level-${Math.min(4, level - top + 1)}"
            aria-current=${index === current ? 'location' : nothing}
            title=${words}
            @click=${() => this.#go(line)}
          >
            <bdi>${words}</bdi>
          </button>
        </li>`
      })}
    </ol>`
  }

  /** The place of the last heading above what is read; -1: none. */
  get #current(): number {
    return this.headings.findLastIndex(({ line }) => line <= this.topLine + 1)
  }

  get #buttons(): readonly HTMLButtonElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLButtonElement>('.heading')]
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }

  #showCurrent(): void {
    const button = this.#buttons[this.#current]
    const box = button?.closest('aside, .page')
    if (!button || !box) return
    const [place, around] = [button.getBoundingClientRect(), box.getBoundingClientRect()]
    if (place.top < around.top || place.bottom > around.bottom)
      box.scrollBy({ top: place.top - around.top - around.height / 2 })
  }

  /** Up and down go from heading to heading, as in any list. */
  #pressed(event: KeyboardEvent): void {
    const buttons = this.#buttons
    const at = buttons.findIndex((button) => button.matches(':focus'))
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key]
    if (target !== undefined && buttons[target]) {
      event.preventDefault()
      buttons[target].focus()
    } else if (event.key === 'Escape' && this.isBeside) {
      event.preventDefault()
      this.#close()
    }
  }

  #go(line: number): void {
    if (!this.isBeside) this.#close()
    this.dispatchEvent(new CustomEvent('go-to-line', { detail: line }))
  }

  /** Whoever put it here takes it away. A dialog can be closed by the browser too, and says so either way. */
  #close(): void {
    if (this.#dialog) this.#dialog.close()
    else this.#closed()
  }

  #closed(): void {
    this.dispatchEvent(new Event('close'))
  }

  #closeFromOutside(event: MouseEvent): void {
    if (event.target === this.#dialog) this.#close()
  }
}

customElements.define('quire-outline', QuireOutline)

declare global {
  interface HTMLElementTagNameMap {
    'quire-outline': QuireOutline
  }
}
