/** `<quire-share>`: the button and the dialog by which a link to the document is handed on. */
import { assertNever, roles, type Role } from '@quire/protocol'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { describeEnd, describeWhen } from '../controllers/describe-when.ts'
import { LinksController } from '../controllers/links-controller.ts'
import type { DocumentLink } from '../controllers/route.ts'
import type { SharedLink, Surroundings } from '../controllers/surroundings.ts'
import { controls } from '../look/controls.ts'
import './quire-toast.ts'

const mayDo: Readonly<Record<Role, string>> = { own: 'Owner', edit: 'Can edit', view: 'Can view' }

const daySeconds = 24 * 60 * 60
const lives = [
  { days: 0, words: 'for good' },
  { days: 1, words: 'for a day' },
  { days: 7, words: 'for a week' },
  { days: 30, words: 'for a month' },
]

function nameOf({ role, label }: SharedLink): string {
  return label ? `${mayDo[role]}, “${label}”` : mayDo[role]
}

export class QuireShare extends LitElement {
  static override properties = {
    surroundings: { attribute: false },
    link: { attribute: false },
    access: { attribute: false },
    documentTitle: { attribute: false },
    uncopied: { state: true },
    taking: { state: true },
    isMaking: { state: true },
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
      li small {
        display: block;
        color: var(--ink-soft);
        font-size: 12px;
        overflow-wrap: anywhere;
      }
      li .acts {
        display: flex;
        gap: var(--space-1);
      }
      .bare {
        padding-inline: 8px;
        color: var(--ink-soft);
      }
      li p {
        grid-column: 1 / -1;
      }
      .wide {
        grid-column: 1 / -1;
      }
      form {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--space-3);
        margin: 0;
      }
      form label {
        display: grid;
        gap: 4px;
        color: var(--ink-soft);
        font-size: 12px;
      }
      form .wide {
        grid-column: 1 / -1;
      }
      .ending {
        display: flex;
        justify-content: space-between;
        gap: var(--space-2);
      }
      .ending .primary {
        margin-left: auto;
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
  /** The id of the link that is to be taken back, if the person says so once more. */
  declare private taking: string | undefined
  /** The form for a new link is open. */
  declare private isMaking: boolean

  readonly #links = new LinksController(this)

  constructor() {
    super()
    this.documentTitle = ''
    this.uncopied = undefined
    this.taking = undefined
    this.isMaking = false
  }

  override render(): TemplateResult {
    return html`<button class="primary share" aria-haspopup="dialog" @click=${this.#open}>Share</button>
      <dialog aria-labelledby="heading" @click=${this.#closeFromOutside}>
        <div class="page">
          <h2 id="heading">Share “<bdi>${this.documentTitle || 'Untitled'}</bdi>”</h2>
          ${this.access === 'own' ? this.#renderOwn() : this.#renderOther()}
          ${this.isMaking ? nothing : this.#renderEnding()}
          <quire-toast></quire-toast>
        </div>
      </dialog>`
  }

  #renderEnding(): TemplateResult {
    return html`<div class="ending">
      ${
        this.access === 'own'
          ? html`<button class="outlined" @click=${this.#beginMaking}>New link…</button>`
          : nothing
      }
      <button class="primary" @click=${this.#close}>Done</button>
    </div>`
  }

  #renderOwn(): TemplateResult {
    return html`<p>
        Anyone with a link can open it, until you take the link back. The address of this page is the owner’s,
        so pass on one of these instead.
      </p>
      <ul aria-busy=${this.#links.links.type === 'asking'}>
        ${this.#renderLinks()}
      </ul>
      ${this.isMaking ? this.#renderMaking() : nothing}`
  }

  #renderMaking(): TemplateResult {
    return html`<form @submit=${(event: SubmitEvent) => void this.#make(event)}>
      <label class="wide"
        >What it is for
        <input class="field" name="label" maxlength="64" autocomplete="off" placeholder="Only you see this" />
      </label>
      <label
        >Whoever has it
        <select class="field" name="role">
          <option value="edit">can edit</option>
          <option value="view">can view</option>
        </select>
      </label>
      <label
        >It opens the document
        <select class="field" name="days">
          ${lives.map(({ days, words }) => html`<option value=${days}>${words}</option>`)}
        </select>
      </label>
      <div class="wide acts">
        <button class="primary" type="submit" ?disabled=${this.#links.isBusy}>Make link</button>
        <button class="bare" type="button" @click=${this.#endMaking}>Cancel</button>
      </div>
    </form>`
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
          .map((link) => (this.taking === link.id ? this.#renderTaking(link) : this.#renderLink(link)))
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

  #renderTaking(link: SharedLink): TemplateResult {
    return html`<li>
      <p>
        ${nameOf(link)}: the link will open nothing any more, and whoever came through it is sent away at
        once. That cannot be undone.
      </p>
      <div class="acts wide">
        <button class="primary" ?disabled=${this.#links.isBusy} @click=${() => void this.#takeBack(link)}>
          Take it back
        </button>
        <button class="bare" @click=${() => (this.taking = undefined)}>Keep it</button>
      </div>
    </li>`
  }

  /** What is handed on: one of the owner's links, or the one that opened this page. */
  #renderLink(link: SharedLink | Pick<SharedLink, 'role' | 'url'>): TemplateResult {
    const { role, url } = link
    const name = 'id' in link ? nameOf(link) : mayDo[role]
    return html`<li>
      <div>
        <b>${mayDo[role]}</b>
        ${'id' in link ? html`<small>${this.#describe(link)}</small>` : nothing}
      </div>
      <div class="acts">
        <button class="outlined" aria-label="Copy link: ${name}" @click=${() => void this.#copy(url)}>
          Copy link
        </button>
        ${
          'id' in link
            ? html`<button
                class="bare"
                aria-label="Take back: ${name}"
                @click=${() => (this.taking = link.id)}
              >
                Take back
              </button>`
            : nothing
        }
      </div>
      ${
        this.uncopied === url
          ? html`<input
              class="field wide"
              readonly
              aria-label="Link"
              .value=${url}
              @focus=${(event: FocusEvent) => event.target instanceof HTMLInputElement && event.target.select()}
            />`
          : nothing
      }
    </li>`
  }

  #describe({ label, createdAt, expiresAt }: SharedLink): string {
    const now = this.surroundings.now()
    const locale = navigator.language
    const end =
      expiresAt === undefined
        ? `made ${describeWhen(createdAt, { now, locale })}`
        : describeEnd(expiresAt, { now, locale })
    return label ? `“${label}” · ${end}` : end.charAt(0).toUpperCase() + end.slice(1)
  }

  async #beginMaking(): Promise<void> {
    this.isMaking = true
    await this.updateComplete
    this.renderRoot.querySelector('input')?.focus()
  }

  #endMaking(): void {
    this.isMaking = false
  }

  async #make(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (!(event.target instanceof HTMLFormElement)) return
    const fields = new FormData(event.target)
    const label = fields.get('label')
    const days = Number(fields.get('days'))
    const link = {
      role: fields.get('role') === 'view' ? 'view' : 'edit',
      label: typeof label === 'string' ? label : '',
      expiresIn: days > 0 ? days * daySeconds : undefined,
    } as const
    const failure = await this.#links.change(
      () => this.surroundings.server.makeLink(this.link, link),
      (links, made) => [...links, made],
    )
    if (failure === undefined) this.#endMaking()
    this.#say(failure ?? 'Link made')
  }

  async #takeBack({ id }: SharedLink): Promise<void> {
    const failure = await this.#links.change(
      () => this.surroundings.server.takeBackLink(this.link, id),
      (links) => links.filter((link) => link.id !== id),
    )
    if (failure === undefined) this.taking = undefined
    this.#say(failure ?? 'Link taken back')
  }

  #say(words: string): void {
    this.renderRoot.querySelector('quire-toast')?.say(words)
  }

  #open(): void {
    this.uncopied = undefined
    this.taking = undefined
    this.isMaking = false
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
    this.#say(words)
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
