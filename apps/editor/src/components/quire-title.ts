/** `<quire-title>`: the document's title, written in place. It looks like text until someone means to change it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import { maxTitleLength } from '../controllers/title-length.ts'
import { controls } from '../look/controls.ts'
import { t } from '../words/index.ts'

/** Fires `title-change` with the new title as `detail`, and `title-done` when the person goes on to the text. */
export class QuireTitle extends LitElement {
  static override properties = {
    value: {},
    readOnly: { type: Boolean, attribute: 'readonly' },
    draft: { state: true },
  }
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      /* The field is as wide as its words: it lies on an unseen copy of them. */
      .title {
        display: grid;
        width: fit-content;
        max-width: 100%;
        font-size: max(1em, var(--typed));
        font-weight: 600;
      }
      .copy,
      input {
        grid-area: 1 / 1;
        min-width: 0;
        padding: 2px 6px;
        font: inherit;
      }
      .copy {
        visibility: hidden;
        overflow: hidden;
        white-space: pre;
      }
      input {
        width: 0;
        min-width: 100%;
        margin: 0;
        border: 0;
        border-radius: 6px;
        background: none;
        color: inherit;
        text-overflow: ellipsis;
      }
      input::placeholder {
        color: var(--ink-soft);
        opacity: 1;
      }
      input:read-write:hover,
      input:read-write:focus {
        background: var(--rule);
      }
      /* Within the field, since the save state stands close below. */
      input:focus-visible {
        outline-offset: -2px;
      }
    `,
  ]

  declare value: string
  declare readOnly: boolean
  /** What is being typed. While there is a draft, titles from elsewhere do not move the caret in it. */
  declare private draft: string | undefined

  constructor() {
    super()
    this.value = ''
    this.readOnly = false
    this.draft = undefined
  }

  override render(): TemplateResult {
    const shown = this.draft ?? this.value
    return html`<div class="title">
      <span class="copy" aria-hidden="true">${shown || t('app.untitled')}</span>
      <input
        aria-label=${t('title.label')}
        placeholder=${t('app.untitled')}
        dir="auto"
        autocomplete="off"
        enterkeyhint="done"
        maxlength=${maxTitleLength}
        title=${shown || nothing}
        .value=${live(shown)}
        ?readonly=${this.readOnly}
        @input=${this.#typed}
        @keydown=${this.#pressed}
        @blur=${() => (this.draft = undefined)}
      />
    </div>`
  }

  override focus(): void {
    const input = this.renderRoot.querySelector('input')
    input?.focus()
    input?.select()
  }

  #typed(event: InputEvent): void {
    if (!(event.target instanceof HTMLInputElement)) return
    this.draft = event.target.value
    this.dispatchEvent(new CustomEvent('title-change', { detail: this.draft }))
  }

  #pressed(event: KeyboardEvent): void {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return
    event.preventDefault()
    this.dispatchEvent(new CustomEvent('title-done'))
  }
}

customElements.define('quire-title', QuireTitle)

declare global {
  interface HTMLElementTagNameMap {
    'quire-title': QuireTitle
  }
}
