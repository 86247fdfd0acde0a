/** `<quire-delete>`: asks once whether a document is to be deleted, and says what is lost. */
import { css, html, LitElement, type TemplateResult } from 'lit'
import { controls } from '../look/controls.ts'
import { dialogs } from '../look/dialogs.ts'
import { t, tParts } from '../words/index.ts'

/** Fires `delete` when it is. */
export class QuireDelete extends LitElement {
  static override properties = { documentTitle: { attribute: false } }
  static override styles = [
    controls,
    dialogs,
    css`
      dialog {
        width: 420px;
      }
      .ending {
        margin-top: var(--space-5);
      }
    `,
  ]

  declare documentTitle: string

  constructor() {
    super()
    this.documentTitle = ''
  }

  async show(): Promise<void> {
    await this.updateComplete
    this.#dialog?.showModal()
  }

  override render(): TemplateResult {
    const title = html`<bdi>${this.documentTitle || t('app.untitled')}</bdi>`
    return html`<dialog aria-labelledby="heading" aria-describedby="words" @click=${this.#closeFromOutside}>
      <div class="page">
        <h2 id="heading">${tParts('delete.heading', { title })}</h2>
        <p id="words">${t('delete.words')}</p>
        <div class="ending">
          <button class="primary" @click=${this.#delete}>${t('delete.yes')}</button>
          <button class="bare" autofocus @click=${() => this.#dialog?.close()}>${t('delete.no')}</button>
        </div>
      </div>
    </dialog>`
  }

  #delete(): void {
    this.#dialog?.close()
    this.dispatchEvent(new Event('delete', { bubbles: true, composed: true }))
  }

  /** The dialog's page covers all of it, so what hits the dialog itself has hit what lies around it. */
  #closeFromOutside(event: MouseEvent): void {
    if (event.target === this.#dialog) this.#dialog?.close()
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }
}

customElements.define('quire-delete', QuireDelete)

declare global {
  interface HTMLElementTagNameMap {
    'quire-delete': QuireDelete
  }
}
