/** `<quire-status>`: the line below the text, where there is room for it: where one is, how much there is, and its language. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import type { Counts, ReadingPlace } from '../editor/index.ts'
import { controls } from '../look/controls.ts'
import { t } from '../words/index.ts'

export interface TextLanguage {
  /** As the document holds it; '' is Markdown. */
  readonly id: string
  readonly name: string
}

/** Fires `go-to-line`, and `language-choose` with the id of a language as `detail`. */
export class QuireStatus extends LitElement {
  static override properties = {
    place: { attribute: false },
    counts: { attribute: false },
    languages: { attribute: false },
    language: {},
    readOnly: { type: Boolean, attribute: 'readonly' },
  }
  static override styles = [
    controls,
    css`
      footer {
        display: flex;
        align-items: center;
        gap: var(--space-4);
        min-height: 30px;
        padding: 0 var(--space-4);
        color: var(--ink-soft);
        font-size: 0.75rem;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      button,
      select {
        min-height: 28px;
        padding: 0 6px;
        border: 0;
        border-radius: 6px;
        background: none;
        color: inherit;
        font: inherit;
        cursor: pointer;
      }
      button {
        margin-inline-start: -6px;
      }
      select {
        margin-inline-end: -6px;
        appearance: none;
        field-sizing: content;
        text-align: end;
      }
      button:hover,
      select:hover:enabled {
        background: var(--rule);
        color: var(--ink);
      }
      select:disabled {
        opacity: 1;
        cursor: default;
      }
      option {
        background: var(--leaf);
        color: var(--ink);
      }
      .push {
        margin-inline-start: auto;
      }
      :host {
        display: block;
      }
      /* Of a phone that lies on its side, the keyboard leaves a few lines. */
      @media (max-width: 54em), (max-height: 28em) and (pointer: coarse) {
        :host {
          display: none;
        }
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ]

  declare place: ReadingPlace | undefined
  declare counts: Counts | undefined
  declare languages: readonly TextLanguage[]
  declare language: string
  declare readOnly: boolean

  constructor() {
    super()
    this.languages = []
    this.language = ''
    this.readOnly = false
  }

  override render(): TemplateResult {
    const { place, counts } = this
    return html`<footer>
      ${
        place
          ? html`<button
              title=${t('status.goToLine')}
              @click=${() => this.dispatchEvent(new Event('go-to-line'))}
            >
              ${t('status.place', place)}
            </button>`
          : nothing
      }
      ${place && place.selected > 0 ? html`<span>${t('status.selected', { count: place.selected })}</span>` : nothing}
      <span class="push"></span>
      ${
        counts
          ? html`<span>${t('status.words', { count: counts.words })}</span>
              <span>${t('status.characters', { count: counts.characters })}</span>`
          : nothing
      }
      ${this.#renderLanguages()}
    </footer>`
  }

  #renderLanguages(): TemplateResult | typeof nothing {
    if (this.languages.length === 0) return nothing
    const chose = ({ target }: Event): void => {
      if (!(target instanceof HTMLSelectElement)) return
      this.dispatchEvent(new CustomEvent('language-choose', { detail: target.value }))
    }
    return html`<select
      aria-label=${t('status.language')}
      title=${t('status.language')}
      ?disabled=${this.readOnly}
      @change=${chose}
    >
      ${this.languages.map(
        ({ id, name }) => html`<option value=${id} .selected=${live(id === this.language)}>${name}</option>`,
      )}
    </select>`
  }
}

customElements.define('quire-status', QuireStatus)

declare global {
  interface HTMLElementTagNameMap {
    'quire-status': QuireStatus
  }
}
