/** `<quire-dead-end>`: a page that says why there is no document to see, and the way out. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { pageTitle } from '../controllers/page-title.ts'
import { controls } from '../look/controls.ts'
import { frontPage } from '../look/front-page.ts'
import { mark } from './icons.ts'
import { t } from '../words/index.ts'

export class QuireDeadEnd extends LitElement {
  static override properties = { heading: {}, hasStart: { attribute: false } }
  static override styles = [
    controls,
    frontPage,
    css`
      svg {
        display: block;
        width: 38px;
        height: 38px;
        margin-bottom: var(--space-4);
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
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
      .primary {
        padding: 10px 16px;
        font-size: var(--step-0);
      }
    `,
  ]

  declare heading: string
  /** Whoever comes from another application has no use for our start page. */
  declare hasStart: boolean

  constructor() {
    super()
    this.heading = ''
    this.hasStart = true
    this.addController(pageTitle(() => this.heading))
  }

  override render(): TemplateResult {
    return html`<main>
      ${mark}
      <div role="alert">
        <h1>${this.heading}</h1>
        <p><slot></slot></p>
      </div>
      <div class="ways">
        <slot name="way"></slot>
        ${this.hasStart ? html`<a class="button primary" href="/">${t('app.start')}</a>` : nothing}
      </div>
    </main>`
  }
}

customElements.define('quire-dead-end', QuireDeadEnd)

declare global {
  interface HTMLElementTagNameMap {
    'quire-dead-end': QuireDeadEnd
  }
}
