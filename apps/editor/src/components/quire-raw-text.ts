/** `<quire-raw-text>`: the text of a document and nothing else, as it was last saved. */
import { css, html, LitElement, type TemplateResult } from 'lit'
import { documentPathOf, type Pass } from '../controllers/route.ts'
import { controls } from '../look/controls.ts'
import { pageTitle } from '../controllers/page-title.ts'
import type { Answer, Surroundings } from '../controllers/surroundings.ts'
import { t } from '../words/index.ts'
import './quire-dead-end.ts'

export class QuireRawText extends LitElement {
  static override properties = {
    surroundings: { attribute: false },
    pass: { attribute: false },
    answer: { state: true },
  }
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      /* Selecting all of the page selects the text. */
      h1 {
        user-select: none;
      }
      pre,
      p {
        margin: 0;
        padding: var(--space-4);
        font: var(--step--1) / 1.5 var(--mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        tab-size: 4;
        unicode-bidi: plaintext;
      }
      p {
        color: var(--ink-soft);
        font-family: var(--sans);
      }
    `,
  ]

  /** Both to be set before the element is put into the page. */
  declare surroundings: Surroundings
  declare pass: Pass
  declare private answer: Answer<string> | undefined

  constructor() {
    super()
    this.addController(pageTitle(() => this.#title))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.#ask()
  }

  override render(): TemplateResult {
    const { answer } = this
    if (!answer) return html`<p role="status">${t('raw.fetching')}</p>`
    if (answer.type === 'given')
      return html`<main>
        <h1 class="unseen">${this.#title}</h1>
        <pre>${answer.value}</pre>
      </main>`
    return html`<quire-dead-end .heading=${t('raw.failedHeading')} .hasStart=${this.pass.type === 'link'}>
      ${answer.words}
      <button slot="way" class="outlined" @click=${() => void this.#ask()}>${t('raw.again')}</button>
      <a slot="way" class="button outlined" href=${documentPathOf(this.pass)}>${t('raw.back')}</a>
    </quire-dead-end>`
  }

  get #title(): string {
    const { list } = this.surroundings.recents
    const known = list.find(({ documentId }) => documentId === this.pass.documentId)
    return t('raw.title', { title: known?.title || t('app.untitled') })
  }

  async #ask(): Promise<void> {
    this.answer = undefined
    this.answer = await this.surroundings.server.text(this.pass)
  }
}

customElements.define('quire-raw-text', QuireRawText)

declare global {
  interface HTMLElementTagNameMap {
    'quire-raw-text': QuireRawText
  }
}
