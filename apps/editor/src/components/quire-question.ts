/** `<quire-question>`: asks one thing before it is done, with the verb on the button. */
import { css, html, LitElement, type TemplateResult } from 'lit'
import { controls } from '../look/controls.ts'
import { dialogs } from '../look/dialogs.ts'

export interface Question {
  readonly heading: unknown
  readonly words: unknown
  readonly yes: string
  readonly no: string
}

export class QuireQuestion extends LitElement {
  static override properties = { question: { state: true } }
  static override styles = [
    controls,
    dialogs,
    css`
      dialog {
        width: 440px;
      }
      p {
        overflow-wrap: anywhere;
      }
      .ending {
        margin-block-start: var(--space-5);
      }
    `,
  ]

  declare private question: Question | undefined
  #answer: (isWanted: boolean) => void = () => undefined

  /** Resolves with whether that is to be done. */
  async ask(question: Question): Promise<boolean> {
    this.question = question
    await this.updateComplete
    this.#dialog?.showModal()
    return new Promise((resolve) => (this.#answer = resolve))
  }

  override render(): TemplateResult {
    return html`<dialog
      aria-labelledby="heading"
      aria-describedby="words"
      @click=${this.#closeFromOutside}
      @close=${this.#closed}
    >
      <div class="page">
        <h2 id="heading">${this.question?.heading}</h2>
        <p id="words">${this.question?.words}</p>
        <div class="ending">
          <button class="primary" @click=${this.#agree}>${this.question?.yes}</button>
          <button class="bare" autofocus @click=${() => this.#dialog?.close()}>${this.question?.no}</button>
        </div>
      </div>
    </dialog>`
  }

  /** The event comes a moment after, when the next question may have been asked already. */
  #closed(): void {
    if (!this.#dialog?.open) this.#answer(false)
  }

  #agree(): void {
    this.#answer(true)
    this.#dialog?.close()
  }

  /** The dialog's page covers all of it, so what hits the dialog itself has hit what lies around it. */
  #closeFromOutside(event: MouseEvent): void {
    if (event.target === this.#dialog) this.#dialog?.close()
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }
}

customElements.define('quire-question', QuireQuestion)

declare global {
  interface HTMLElementTagNameMap {
    'quire-question': QuireQuestion
  }
}
