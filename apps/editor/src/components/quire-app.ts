/** `<quire-app>`: the whole page. Shows what the address bar asks for. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { assertNever } from '@quire/protocol'
import { follow } from '../controllers/follow.ts'
import { LazyParts } from '../controllers/lazy-parts.ts'
import { entranceOf, routeOf, type Route } from '../controllers/route.ts'
import type { Surroundings } from '../controllers/surroundings.ts'
import { t } from '../words/index.ts'
import './quire-dead-end.ts'
import './quire-document.ts'

export class QuireApp extends LitElement {
  static override properties = { surroundings: { attribute: false } }
  static override styles = css`
    :host {
      display: block;
    }
  `

  /** To be set before the element is put into the page. */
  declare surroundings: Surroundings

  /** Whoever opens a link has come for the document, so that is here from the beginning. */
  readonly #parts = new LazyParts(this, {
    home: () => import('./quire-home.ts'),
    text: () => import('./quire-raw-text.ts'),
  })

  constructor() {
    super()
    this.addController(follow(this, () => [this.surroundings.address]))
  }

  override render(): TemplateResult | typeof nothing {
    const { surroundings } = this
    const route = this.#route
    switch (route.type) {
      case 'home':
        return this.#renderPart('home', () => html`<quire-home .surroundings=${surroundings}></quire-home>`)
      case 'document':
        return html`${keyed(
          entranceOf(route.pass),
          html`<quire-document .surroundings=${surroundings} .pass=${route.pass}></quire-document>`,
        )}`
      case 'text':
        return this.#renderPart(
          'text',
          () =>
            html`${keyed(
              entranceOf(route.pass),
              html`<quire-raw-text .surroundings=${surroundings} .pass=${route.pass}></quire-raw-text>`,
            )}`,
        )
      case 'broken-link':
        return html`<quire-dead-end heading=${t('app.brokenHeading')}>${t('app.broken')}</quire-dead-end>`
      case 'nowhere':
        return html`<quire-dead-end heading=${t('app.nowhereHeading')}>${t('app.nowhere')}</quire-dead-end>`
      default:
        return assertNever(route)
    }
  }

  protected override updated(): void {
    const { type } = this.#route
    if ((type === 'home' || type === 'text') && this.#parts.state(type) === 'no') void this.#parts.fetch(type)
  }

  get #route(): Route {
    const { address, tokens } = this.surroundings
    return routeOf(address.href, (documentId) => tokens.of(documentId))
  }

  #renderPart(name: 'home' | 'text', render: () => TemplateResult): TemplateResult | typeof nothing {
    const state = this.#parts.state(name)
    switch (state) {
      case 'yes':
        return render()
      case 'no':
        return nothing
      case 'failed':
        return html`<quire-dead-end heading=${t('app.partHeading')} .hasStart=${false}>
          ${t('do.failed')}
          <button slot="way" class="primary" @click=${() => this.surroundings.address.reload()}>
            ${t('app.reload')}
          </button>
        </quire-dead-end>`
      default:
        return assertNever(state)
    }
  }
}

customElements.define('quire-app', QuireApp)

declare global {
  interface HTMLElementTagNameMap {
    'quire-app': QuireApp
  }
}
