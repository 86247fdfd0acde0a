/** `<quire-following>`: whom we follow: a hairline of their colour around the page, and one word to stop it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import type { Person } from '../session/session.ts'
import { controls } from '../look/controls.ts'
import { called, t, tParts } from '../words/index.ts'

/** Fires `stop` when the word, or Esc, is pressed. */
export class QuireFollowing extends LitElement {
  static override properties = { person: { attribute: false } }
  static override styles = [
    controls,
    css`
      .frame {
        position: fixed;
        inset: 0;
        z-index: 1;
        border: 2px solid var(--person);
        pointer-events: none;
      }
      .who {
        position: absolute;
        bottom: 0;
        left: 50%;
        display: flex;
        align-items: center;
        max-width: calc(100% - 2 * var(--space-5));
        padding: 0 0 env(safe-area-inset-bottom) var(--space-3);
        border-radius: var(--radius) var(--radius) 0 0;
        background: var(--person);
        color: #fff;
        font-size: var(--step--1);
        white-space: nowrap;
        pointer-events: auto;
        translate: -50% 0;
      }
      .words {
        min-width: 0;
        max-width: 28ch;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      button,
      button:hover {
        background: none;
        color: inherit;
        text-decoration: underline;
        text-underline-offset: 3px;
      }
      button:focus-visible {
        outline-color: currentColor;
        outline-offset: -4px;
      }
      @media print {
        .frame {
          display: none;
        }
      }
    `,
  ]

  declare person: Person | undefined

  constructor() {
    super()
    this.person = undefined
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('keydown', this.#pressed)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('keydown', this.#pressed)
  }

  // The words are spoken from a place that is always there: a live region that appears with its text stays silent.
  override render(): TemplateResult {
    const { person } = this
    return html`<span role="status" class="unseen"
        >${person ? t('following.spoken', { name: called(person.name) }) : ''}</span
      >${person ? this.#renderFrame(person) : nothing}`
  }

  /** The colour goes through the CSSOM: a style attribute is against the page's policy. */
  #renderFrame({ name, colour }: Person): TemplateResult {
    const shown = called(name)
    return html`<div class="frame" .style=${`--person: ${colour}`}>
      <div class="who">
        <span class="words" aria-hidden="true"
          >${tParts('following.shown', { name: html`<bdi>${shown}</bdi>` })}</span
        >
        <button aria-label=${t('following.stopNamed', { name: shown })} @click=${this.#stop}>
          ${t('following.stop')}
        </button>
      </div>
    </div>`
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    if (this.person && event.key === 'Escape' && !event.defaultPrevented) this.#stop()
  }

  #stop(): void {
    this.dispatchEvent(new CustomEvent('stop'))
  }
}

customElements.define('quire-following', QuireFollowing)

declare global {
  interface HTMLElementTagNameMap {
    'quire-following': QuireFollowing
  }
}
