/** `<quire-keys>`: all keys at a glance. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { writeKeys, type Platform } from '../controllers/key-names.ts'
import type { PageCommand } from '../controllers/page-commands.ts'
import { controls } from '../look/controls.ts'
import { dialogs } from '../look/dialogs.ts'
import { panels } from '../look/panels.ts'
import { t } from '../words/index.ts'
import { cross } from './icons.ts'

export class QuireKeys extends LitElement {
  static override properties = {
    page: { attribute: false },
    text: { attribute: false },
    platform: { attribute: false },
    paletteKeys: { attribute: false },
  }
  static override styles = [
    controls,
    dialogs,
    panels,
    css`
      dialog {
        width: 720px;
        max-height: min(46rem, 100dvh - 2 * var(--space-3));
      }
      dl {
        margin: 0;
        columns: 2 16rem;
        column-gap: var(--space-6);
      }
      dl > div {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 var(--space-4);
        padding: 6px 0;
        border-top: 1px solid var(--rule);
        break-inside: avoid;
        font-size: var(--step--1);
      }
      dd {
        margin: 0;
        margin-inline-start: auto;
        color: var(--ink-soft);
        text-align: end;
      }
      kbd {
        font: inherit;
        white-space: nowrap;
      }
      @media (max-width: 600px) {
        dialog {
          width: 100vw;
        }
      }
    `,
  ]

  /** The commands of the page and those of the text; those without keys are not shown. */
  declare page: readonly PageCommand[]
  declare text: readonly PageCommand[]
  declare platform: Platform
  /** What opens the palette. */
  declare paletteKeys: string

  constructor() {
    super()
    this.page = []
    this.text = []
    this.paletteKeys = ''
  }

  async show(): Promise<void> {
    this.requestUpdate()
    await this.updateComplete
    this.#dialog?.showModal()
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading" @click=${this.#closeFromOutside}>
      <div class="page">
        <div class="top">
          <h2 id="heading">${t('keys.heading')}</h2>
          <button
            class="icon close"
            aria-label=${t('keys.close')}
            title=${t('keys.close')}
            @click=${() => this.#dialog?.close()}
          >
            ${cross}
          </button>
          <p>${t('keys.lead', { keys: writeKeys(this.paletteKeys, this.platform) })}</p>
        </div>
        ${this.#renderList(t('keys.page'), this.page)} ${this.#renderList(t('keys.text'), this.text)}
      </div>
    </dialog>`
  }

  #renderList(heading: string, commands: readonly PageCommand[]): TemplateResult | typeof nothing {
    const withKeys = commands.filter(({ keys }) => keys.length > 0)
    if (withKeys.length === 0) return nothing
    return html`<h3>${heading}</h3>
      <dl>
        ${withKeys.map(
          ({ title, keys }) =>
            html`<div>
              <dt>${title}</dt>
              <dd>
                ${keys.map((key, index) => html`${index > 0 ? ' · ' : ''}<kbd>${writeKeys(key, this.platform)}</kbd>`)}
              </dd>
            </div>`,
        )}
      </dl>`
  }

  /** The dialog's page covers all of it, so what hits the dialog itself has hit what lies around it. */
  #closeFromOutside(event: MouseEvent): void {
    if (event.target === this.#dialog) this.#dialog?.close()
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }
}

customElements.define('quire-keys', QuireKeys)

declare global {
  interface HTMLElementTagNameMap {
    'quire-keys': QuireKeys
  }
}
