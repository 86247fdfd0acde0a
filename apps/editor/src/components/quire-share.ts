/** `<quire-share>`: the button and the dialog by which a link to the document is handed on. */
import { assertNever, roles, type Role } from '@quire/protocol'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { LinksController } from '../controllers/links-controller.ts'
import type { DocumentLink } from '../controllers/route.ts'
import type { SharedLink, Surroundings } from '../controllers/surroundings.ts'
import { controls } from '../look/controls.ts'
import './quire-toast.ts'

const mayDo: Readonly<Record<Role, string>> = { own: 'Owner', edit: 'Can edit', view: 'Can view' }

export class QuireShare extends LitElement {
  static override properties = {
    surroundings: { attribute: false },
    link: { attribute: false },
    access: { attribute: false },
    documentTitle: { attribute: false },
    uncopied: { state: true },
  }
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      /* Slim enough for the bar; a thumb may still miss it by a little. */
      .share {
        position: relative;
        min-height: 36px;
      }
      .share::after {
        position: absolute;
        inset: -6px 0;
        content: '';
      }
      dialog {
        width: 480px;
        max-width: calc(100vw - 2 * var(--space-3));
        padding: 0;
        border: 0;
        border-radius: 14px;
        background: var(--leaf);
        color: var(--ink);
        box-shadow:
          var(--lift),
          0 0 0 1px var(--rule);
        opacity: 0;
        translate: 0 8px;
        transition:
          opacity 160ms ease-out,
          translate 160ms ease-out,
          display 160ms allow-discrete,
          overlay 160ms allow-discrete;
      }
      dialog[open] {
        opacity: 1;
        translate: 0 0;
      }
      @starting-style {
        dialog[open] {
          opacity: 0;
          translate: 0 8px;
        }
      }
      dialog::backdrop {
        background: oklch(0.2 0.01 70 / 0.32);
      }
      .page {
        padding: var(--space-5);
      }
      h2 {
        margin: 0 0 2px;
        font-size: var(--step-1);
        overflow-wrap: anywhere;
      }
      p {
        margin: 0;
        color: var(--ink-soft);
        font-size: var(--step--1);
        text-wrap: pretty;
      }
      ul {
        min-height: 121px;
        margin: var(--space-4) 0;
        padding: 0;
        border-top: 1px solid var(--rule);
        list-style: none;
      }
      ul.single {
        min-height: 0;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        min-height: 60px;
        padding: var(--space-2) 0;
        border-bottom: 1px solid var(--rule);
      }
      li b {
        font-weight: 580;
      }
      .field {
        grid-column: 1 / -1;
      }
      .ending {
        display: flex;
        justify-content: end;
      }
      @media (max-width: 600px) {
        .page {
          padding: var(--space-4);
        }
      }
      @media (prefers-reduced-motion: reduce) {
        dialog {
          translate: none;
          transition: none;
        }
      }
    `,
  ]

  declare surroundings: Surroundings
  declare link: DocumentLink
  /** What the link that opened this page allows. */
  declare access: Role
  declare documentTitle: string
  /** The link that the browser would not put on the clipboard, shown to be copied by hand. */
  declare private uncopied: string | undefined

  readonly #links = new LinksController(this)

  constructor() {
    super()
    this.documentTitle = ''
    this.uncopied = undefined
  }

  override render(): TemplateResult {
    return html`<button class="primary share" aria-haspopup="dialog" @click=${this.#open}>Share</button>
      <dialog aria-labelledby="heading" @click=${this.#closeFromOutside}>
        <div class="page">
          <h2 id="heading">Share “<bdi>${this.documentTitle || 'Untitled'}</bdi>”</h2>
          ${this.access === 'own' ? this.#renderOwn() : this.#renderOther()}
          <div class="ending"><button class="primary" @click=${this.#close}>Done</button></div>
          <quire-toast></quire-toast>
        </div>
      </dialog>`
  }

  #renderOwn(): TemplateResult {
    return html`<p>
        Anyone with a link can open it. The address of this page is the owner’s, so pass on one of these
        instead.
      </p>
      <ul aria-busy=${this.#links.links.type === 'asking'}>
        ${this.#renderLinks()}
      </ul>`
  }

  #renderLinks(): TemplateResult | TemplateResult[] {
    const { links } = this.#links
    switch (links.type) {
      case 'asking':
        return html`<li><p>Fetching the links…</p></li>`
      case 'failed':
        return html`<li>
          <p role="alert">${links.words}</p>
          <button class="outlined" @click=${this.#ask}>Try again</button>
        </li>`
      case 'given':
        return links.value
          .filter(({ role }) => role !== 'own')
          .toSorted((one, other) => roles.indexOf(other.role) - roles.indexOf(one.role))
          .map((link) => this.#renderLink(link))
      default:
        return assertNever(links)
    }
  }

  #renderOther(): TemplateResult {
    return html`<p>Anyone with this link can open it.</p>
      <ul class="single">
        ${this.#renderLink({ role: this.access, url: this.link.href })}
      </ul>`
  }

  #renderLink({ role, url }: Pick<SharedLink, 'role' | 'url'>): TemplateResult {
    return html`<li>
      <b>${mayDo[role]}</b>
      <button
        class="outlined"
        aria-label="Copy link: ${mayDo[role].toLowerCase()}"
        @click=${() => void this.#copy(url)}
      >
        Copy link
      </button>
      ${
        this.uncopied === url
          ? html`<input
              class="field"
              readonly
              aria-label="Link"
              .value=${url}
              @focus=${(event: FocusEvent) => event.target instanceof HTMLInputElement && event.target.select()}
            />`
          : nothing
      }
    </li>`
  }

  #open(): void {
    this.uncopied = undefined
    if (this.access === 'own') this.#ask()
    this.#dialog?.showModal()
  }

  #ask(): void {
    void this.#links.ask(() => this.surroundings.server.links(this.link))
  }

  #close(): void {
    this.#dialog?.close()
  }

  /** The dialog's page covers all of it, so what hits the dialog itself has hit what lies around it. */
  #closeFromOutside(event: MouseEvent): void {
    if (event.target === this.#dialog) this.#close()
  }

  async #copy(url: string): Promise<void> {
    const isCopied = await this.surroundings.copy(url)
    this.uncopied = isCopied ? undefined : url
    const words = isCopied ? 'Link copied' : 'Your browser does not allow copying. Copy the link by hand.'
    this.renderRoot.querySelector('quire-toast')?.say(words)
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }
}

customElements.define('quire-share', QuireShare)

declare global {
  interface HTMLElementTagNameMap {
    'quire-share': QuireShare
  }
}
