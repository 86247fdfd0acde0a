/** `<quire-sign-in>`: asks for the admin token, and tries it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { isSendable } from '../browser/operator-api.ts'
import { mark } from '../components/icons.ts'
import { pageTitle } from '../controllers/page-title.ts'
import { controls } from '../look/controls.ts'
import { frontPage } from '../look/front-page.ts'
import type { OperatorSurroundings } from './operator-server.ts'
import { t } from './words/index.ts'

/** Fires `signed-in` with the token once it has opened something. */
export class QuireSignIn extends LitElement {
  static override properties = {
    surroundings: { attribute: false },
    words: { attribute: false },
    isTrying: { state: true },
  }
  static override styles = [
    controls,
    frontPage,
    css`
      svg {
        display: block;
        width: 38px;
        height: 38px;
        margin-block-end: var(--space-4);
        margin-inline-start: -2px;
      }
      h1 {
        margin: 0;
        font: 700 var(--step-2) / 1.25 var(--prose);
        text-wrap: balance;
      }
      p {
        max-width: 44ch;
        margin: var(--space-2) 0 var(--space-5);
        color: var(--ink-soft);
        font: var(--step-1) / 1.6 var(--prose);
        text-wrap: pretty;
      }
      form {
        max-width: 400px;
      }
      label {
        display: block;
        margin-block-end: 6px;
        color: var(--ink-soft);
        font-size: var(--step--1);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
      .row .field {
        flex: 1 1 200px;
        min-height: 44px;
        font-size: max(1rem, var(--typed));
      }
      .row button {
        min-height: 44px;
        padding-inline: 16px;
        font-size: var(--step-0);
      }
      form p {
        max-width: none;
        margin: var(--space-3) 0 0;
        font: inherit;
        font-size: var(--step--1);
      }
      form .wrong {
        color: var(--rubric);
      }
      [aria-disabled='true'] {
        opacity: 0.6;
        cursor: progress;
      }
    `,
  ]

  declare surroundings: OperatorSurroundings
  /** Why it was not enough, or is not any more. */
  declare words: string | undefined
  declare private isTrying: boolean

  constructor() {
    super()
    this.isTrying = false
    this.addController(pageTitle(() => t('operator.pageTitle')))
  }

  override firstUpdated(): void {
    this.#field?.focus()
  }

  override render(): TemplateResult {
    return html`<main>
      ${mark}
      <h1>${t('signIn.heading')}</h1>
      <p>${t('signIn.words')}</p>
      <form @submit=${(event: SubmitEvent) => void this.#try(event)}>
        <input type="text" name="username" autocomplete="username" value="operator" hidden />
        <label for="token">${t('signIn.token')}</label>
        <div class="row">
          <input
            id="token"
            class="field"
            type="password"
            autocomplete="current-password"
            autocapitalize="off"
            spellcheck="false"
            dir="ltr"
            required
            aria-describedby="hint wrong"
          />
          <button class="primary" type="submit" aria-disabled=${this.isTrying}>
            ${t(this.isTrying ? 'signIn.entering' : 'signIn.enter')}
          </button>
        </div>
        <div role="alert" id="wrong">
          ${this.words === undefined ? nothing : html`<p class="wrong">${this.words}</p>`}
        </div>
        <p id="hint">${t('signIn.hint')}</p>
      </form>
    </main>`
  }

  async #try(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const token = this.#field?.value.trim() ?? ''
    if (this.isTrying || token === '') return
    this.isTrying = true
    this.words = undefined
    const failure = isSendable(token) ? await this.#failureOf(token) : t('signIn.wrong')
    this.isTrying = false
    if (failure === undefined) return void this.dispatchEvent(new CustomEvent('signed-in', { detail: token }))
    this.words = failure
    this.#field?.select()
    this.#field?.focus()
  }

  /** Undefined: it is the right one. */
  async #failureOf(token: string): Promise<string | undefined> {
    const answer = await this.surroundings.serverFor(token, () => undefined).glance()
    if (answer.type === 'given') return undefined
    switch (answer.code) {
      case 'not-authenticated':
        return t('signIn.wrong')
      case 'not-found':
        return t('signIn.absent')
      default:
        return answer.words
    }
  }

  get #field(): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>('#token')
  }
}

customElements.define('quire-sign-in', QuireSignIn)

declare global {
  interface HTMLElementTagNameMap {
    'quire-sign-in': QuireSignIn
  }
}
