/** `<quire-toast>`: one line at the bottom of the page that tells what just happened, and perhaps how to undo it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { controls, popovers } from '../look/controls.ts'

export interface ToastAction {
  readonly words: string
  readonly run: () => void
}

/** Long enough to read one line; with something to press, long enough to reach it. */
const shownMs = 2500
const shownWithActionMs = 7000

export class QuireToast extends LitElement {
  static override properties = {
    words: { state: true },
    action: { state: true },
  }
  static override styles = [
    controls,
    popovers,
    css`
      .toast[popover] {
        position: fixed;
        inset: auto auto calc(var(--space-5) + env(safe-area-inset-bottom)) 50%;
        translate: -50% 0;
        width: max-content;
        max-width: calc(100vw - 2 * var(--space-4));
        padding: 0 var(--space-4);
        background: var(--ink);
        color: var(--paper);
        font-size: var(--step--1);
        box-shadow: var(--lift);
        overflow: visible;
      }
      .line {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        min-height: 40px;
      }
      button,
      button:hover {
        margin-inline-end: calc(-1 * var(--space-3));
        background: none;
        color: inherit;
        text-decoration: underline;
        text-underline-offset: 3px;
      }
      button:focus-visible {
        outline-color: currentColor;
        outline-offset: -4px;
      }
    `,
  ]

  declare private words: string
  declare private action: ToastAction | undefined
  #hiding: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    this.words = ''
    this.action = undefined
  }

  say(words: string, action?: ToastAction): void {
    this.words = words
    this.action = action
    clearTimeout(this.#hiding)
    this.#popover?.showPopover()
    this.#hiding = setTimeout(() => this.#hide(), action ? shownWithActionMs : shownMs)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#hiding)
  }

  // The words are spoken from a place that is always there: a live region that appears with its text stays silent.
  override render(): TemplateResult {
    return html`<div role="status" class="unseen">${this.words}</div>
      <div popover="manual" class="toast">
        <div class="line">
          <span aria-hidden="true">${this.words}</span>
          ${this.action ? html`<button @click=${() => this.#act()}>${this.action.words}</button>` : nothing}
        </div>
      </div>`
  }

  #act(): void {
    this.action?.run()
    this.#hide()
  }

  #hide(): void {
    this.#popover?.hidePopover()
    this.words = ''
  }

  get #popover(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.toast')
  }
}

customElements.define('quire-toast', QuireToast)

declare global {
  interface HTMLElementTagNameMap {
    'quire-toast': QuireToast
  }
}
