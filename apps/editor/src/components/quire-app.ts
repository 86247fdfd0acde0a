/** `<quire-app>`: the whole page. Shows what the address bar asks for. */
import { css, html, LitElement, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { assertNever } from '@quire/protocol'
import { follow } from '../controllers/follow.ts'
import { entranceOf, routeOf } from '../controllers/route.ts'
import type { Surroundings } from '../controllers/surroundings.ts'
import { t } from '../words/index.ts'
import './quire-dead-end.ts'
import './quire-document.ts'
import './quire-home.ts'

export class QuireApp extends LitElement {
  static override properties = { surroundings: { attribute: false } }
  static override styles = css`
    :host {
      display: block;
    }
  `

  /** To be set before the element is put into the page. */
  declare surroundings: Surroundings

  constructor() {
    super()
    this.addController(follow(this, () => [this.surroundings.address]))
  }

  override render(): TemplateResult {
    const { surroundings } = this
    const route = routeOf(surroundings.address.href, (documentId) => surroundings.tokens.of(documentId))
    switch (route.type) {
      case 'home':
        return html`<quire-home .surroundings=${surroundings}></quire-home>`
      case 'document':
        return html`${keyed(
          entranceOf(route.pass),
          html`<quire-document .surroundings=${surroundings} .pass=${route.pass}></quire-document>`,
        )}`
      case 'broken-link':
        return html`<quire-dead-end heading=${t('app.brokenHeading')}>${t('app.broken')}</quire-dead-end>`
      case 'nowhere':
        return html`<quire-dead-end heading=${t('app.nowhereHeading')}>${t('app.nowhere')}</quire-dead-end>`
      default:
        return assertNever(route)
    }
  }
}

customElements.define('quire-app', QuireApp)

declare global {
  interface HTMLElementTagNameMap {
    'quire-app': QuireApp
  }
}
