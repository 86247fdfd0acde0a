/** `<quire-operator>`: the operator's page. The door first, then the documents or one of them. */
import { css, html, LitElement, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { mark } from '../components/icons.ts'
import { follow } from '../controllers/follow.ts'
import { controls } from '../look/controls.ts'
import type { OperatorServer, OperatorSurroundings, Search } from './operator-server.ts'
import { documentIn } from './route.ts'
import { t } from './words/index.ts'
import './quire-glance.ts'
import './quire-record.ts'
import './quire-shelf.ts'
import './quire-sign-in.ts'
import '../components/quire-toast.ts'

/** A screen or two. */
export const firstLimit = 50

export class QuireOperator extends LitElement {
  static override properties = {
    surroundings: { attribute: false },
    server: { state: true },
    search: { state: true },
    farewell: { state: true },
  }
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      header {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        max-width: 1000px;
        min-height: var(--bar);
        margin: 0 auto;
        padding: var(--space-2) var(--space-5);
      }
      header svg {
        display: block;
        flex: none;
        width: 22px;
        height: 22px;
      }
      header a {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        min-width: 0;
        min-height: 36px;
        border-radius: 2px;
        color: inherit;
        font-weight: 560;
        text-decoration: none;
      }
      header button {
        margin-inline: auto calc(-1 * var(--space-3));
        color: var(--ink-soft);
      }
      main {
        max-width: 1000px;
        margin: 0 auto;
        padding: var(--space-4) var(--space-5) 20vh;
      }
      @media (max-width: 600px) {
        header,
        main {
          padding-inline: var(--space-4);
        }
        header a {
          min-height: 44px;
        }
      }
    `,
  ]

  /** To be set before the element is put into the page. */
  declare surroundings: OperatorSurroundings
  /** Undefined: nobody is signed in. */
  declare private server: OperatorServer | undefined
  /** Kept here, so that whoever comes back from a document finds the list as it was. */
  declare private search: Search
  /** Why the door has closed. */
  declare private farewell: string | undefined

  constructor() {
    super()
    this.search = { order: 'changed', find: '', limit: firstLimit }
    this.addController(follow(this, () => [this.surroundings.place]))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const token = this.surroundings.token.get()
    if (token !== undefined) this.#open(token)
  }

  override render(): TemplateResult {
    const { server, surroundings } = this
    if (!server)
      return html`<quire-sign-in
        .surroundings=${surroundings}
        .words=${this.farewell}
        @signed-in=${({ detail }: CustomEvent<string>) => this.#enter(detail)}
      ></quire-sign-in>`
    const id = documentIn(surroundings.place.get())
    return html`<header>
        <a href="#">${mark}<span>${t('operator.heading')}</span></a>
        <button class="bare" @click=${() => this.#leave()}>${t('operator.signOut')}</button>
      </header>
      <main>
        ${id === undefined ? this.#renderList(server) : this.#renderDocument(server, id)}
        <quire-toast></quire-toast>
      </main>`
  }

  #renderList(server: OperatorServer): TemplateResult {
    const { surroundings } = this
    return html`<h1 class="unseen">${t('operator.heading')}</h1>
      <quire-glance .surroundings=${surroundings} .server=${server}></quire-glance>
      <quire-shelf
        .surroundings=${surroundings}
        .server=${server}
        .search=${this.search}
        @search=${({ detail }: CustomEvent<Search>) => (this.search = detail)}
      ></quire-shelf>`
  }

  #renderDocument(server: OperatorServer, id: string): TemplateResult {
    return html`${keyed(
      id,
      html`<quire-record
        .surroundings=${this.surroundings}
        .server=${server}
        .documentId=${id}
        @say=${({ detail }: CustomEvent<string>) => this.#say(detail)}
        @gone=${() => this.surroundings.place.go('')}
      ></quire-record>`,
    )}`
  }

  #enter(token: string): void {
    this.surroundings.token.set(token)
    this.#open(token)
  }

  #open(token: string): void {
    this.farewell = undefined
    this.server = this.surroundings.serverFor(token, () => this.#leave(t('signIn.ended')))
  }

  #leave(words?: string): void {
    this.surroundings.token.set(undefined)
    this.server = undefined
    this.farewell = words
  }

  #say(words: string): void {
    this.renderRoot.querySelector('quire-toast')?.say(words)
  }
}

customElements.define('quire-operator', QuireOperator)

declare global {
  interface HTMLElementTagNameMap {
    'quire-operator': QuireOperator
  }
}
