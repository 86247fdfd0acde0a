/** `<quire-share>`: the dialog by which a link to the document is handed on. */
import { assertNever, roles, type Role } from '@quire/protocol'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { describeEnd, describeWhen } from '../controllers/describe-when.ts'
import { LinksController } from '../controllers/links-controller.ts'
import { pathOf, type DocumentLink } from '../controllers/route.ts'
import type { SharedLink, Surroundings } from '../controllers/surroundings.ts'
import { controls } from '../look/controls.ts'
import { dialogs } from '../look/dialogs.ts'
import { selects } from '../look/selects.ts'
import { bring, spokenLanguage, t, tParts } from '../words/index.ts'
import { shareEnglish } from '../words/share-english.ts'
import { qrCode } from './icons.ts'
import { linkChangeIn, linkFields, newLinkIn } from './link-form.ts'
import { shareStyles } from './share-styles.ts'
import './quire-qr.ts'
import './quire-toast.ts'

bring(shareEnglish)

/** What the dialog asks beside the list of links, one thing at a time. */
type Panel =
  | { readonly type: 'none' | 'making' | 'more' | 'renewing-all' | 'deleting' }
  | { readonly type: 'changing' | 'renewing' | 'taking'; readonly linkId: string }

function mayDo(role: Role): string {
  return t(`share.${role}`)
}

function nameOf({ role, label }: SharedLink): string {
  return label ? t('share.labelled', { role: mayDo(role), label }) : mayDo(role)
}

export class QuireShare extends LitElement {
  static override properties = {
    surroundings: { attribute: false },
    link: { attribute: false },
    access: { attribute: false },
    documentTitle: { attribute: false },
    uncopied: { state: true },
    drawn: { state: true },
    panel: { state: true },
  }
  static override styles = [controls, selects, dialogs, shareStyles]

  declare surroundings: Surroundings
  declare link: DocumentLink
  /** What the link that opened this page allows. */
  declare access: Role
  declare documentTitle: string
  /** The link that the browser would not put on the clipboard, shown to be copied by hand. */
  declare private uncopied: string | undefined
  /** The link whose QR code is shown. */
  declare private drawn: string | undefined
  declare private panel: Panel
  /** The owner's next key, if all links were to be renewed: kept until it is known whether they were. */
  #nextKey: string | undefined

  readonly #links = new LinksController(this)

  constructor() {
    super()
    this.documentTitle = ''
    this.uncopied = undefined
    this.drawn = undefined
    this.panel = { type: 'none' }
  }

  /** Resolves when there is something to be handed on. */
  async show(): Promise<void> {
    this.uncopied = undefined
    this.drawn = undefined
    this.panel = { type: 'none' }
    const asked = this.access === 'own' ? this.#ask() : undefined
    await this.updateComplete
    this.#dialog?.showModal()
    const begun = this.shadowRoot?.activeElement
    await asked
    await this.updateComplete
    // Where nothing has been scrolled, and only for those who have not gone elsewhere meanwhile.
    if (begun === this.shadowRoot?.activeElement)
      this.renderRoot.querySelector<HTMLElement>('li .outlined')?.focus({ preventScroll: true })
  }

  override render(): TemplateResult {
    // The heading has the focus until there is a link: what could have it before stands at the end.
    return html`<dialog aria-labelledby="heading" @click=${this.#closeFromOutside}>
      <div class="page">
        <h2 id="heading" tabindex="-1" autofocus>
          ${tParts('share.heading', { title: html`<bdi>${this.documentTitle || t('app.untitled')}</bdi>` })}
        </h2>
        ${this.access === 'own' ? this.#renderOwn() : this.#renderOther()}
        <quire-toast></quire-toast>
      </div>
    </dialog>`
  }

  #renderOwn(): TemplateResult {
    return html`<p>${t('share.ownersPage')}</p>
      <ul aria-busy=${this.#links.links.type === 'asking'}>
        ${this.#renderLinks()}
      </ul>
      ${this.#renderPanel()}`
  }

  #renderPanel(): TemplateResult | typeof nothing {
    switch (this.panel.type) {
      case 'making':
        return this.#renderMaking()
      case 'more':
        return this.#renderMore()
      case 'renewing-all':
        return this.#renderQuestion({
          words: t('share.renewAllQuestion'),
          yes: t('share.renewAllYes'),
          act: () => this.#renewAll(),
          no: t('share.keepLinks'),
        })
      case 'deleting':
        return this.#renderQuestion({
          words: t('share.deleteQuestion'),
          yes: t('share.deleteYes'),
          act: () => this.#delete(),
          no: t('share.keepDocument'),
        })
      case 'changing':
      case 'renewing':
      case 'taking':
        return nothing
      case 'none':
        return html`<div class="ending">
          <button class="outlined" @click=${() => this.#turnTo({ type: 'making' })}>${t('share.new')}</button>
          <button class="bare" @click=${() => this.#turnTo({ type: 'more' })}>${t('share.more')}</button>
          <button class="primary apart" @click=${this.#close}>${t('share.done')}</button>
        </div>`
      default:
        return assertNever(this.panel)
    }
  }

  #renderMaking(): TemplateResult {
    return html`<form @submit=${(event: SubmitEvent) => void this.#make(event)}>
      ${linkFields({ link: undefined, now: this.surroundings.now() })}
      <div class="wide acts">
        <button class="primary" type="submit" ?disabled=${this.#links.isBusy}>${t('share.make')}</button>
        <button class="bare" type="button" @click=${this.#turnBack}>${t('share.cancel')}</button>
      </div>
    </form>`
  }

  #renderChanging(link: SharedLink): TemplateResult {
    const turnTo = (type: 'renewing' | 'taking'): void => this.#turnTo({ type, linkId: link.id })
    return html`<li>
      <form @submit=${(event: SubmitEvent) => void this.#change(event, link)}>
        ${linkFields({ link, now: this.surroundings.now() })}
        <div class="wide acts">
          <button class="primary" type="submit" ?disabled=${this.#links.isBusy}>${t('share.save')}</button>
          <button class="bare" type="button" @click=${this.#turnBack}>${t('share.cancel')}</button>
          <span class="acts apart">
            <button class="bare" type="button" @click=${() => turnTo('renewing')}>${t('share.renew')}</button>
            <button class="bare" type="button" @click=${() => turnTo('taking')}>
              ${t('share.takeBack')}
            </button>
          </span>
        </div>
      </form>
    </li>`
  }

  #renderMore(): TemplateResult {
    return html`<div class="choices">
      <div class="choice">
        <p>${t('share.renewAllWhy')}</p>
        <button class="outlined" @click=${() => this.#turnTo({ type: 'renewing-all' })}>
          ${t('share.renewAll')}
        </button>
      </div>
      <div class="choice">
        <p>${t('share.deleteWhy')}</p>
        <button class="outlined" @click=${() => this.#turnTo({ type: 'deleting' })}>
          ${t('share.delete')}
        </button>
      </div>
      <div class="ending">
        <button class="primary apart" @click=${this.#turnBack}>${t('share.back')}</button>
      </div>
    </div>`
  }

  #renderQuestion(question: {
    readonly words: string
    readonly yes: string
    readonly act: () => Promise<void>
    readonly no: string
  }): TemplateResult {
    const { words, yes, act, no } = question
    return html`<div class="question">
      <p>${words}</p>
      <div class="acts">
        <button class="primary" ?disabled=${this.#links.isBusy} @click=${() => void act()}>${yes}</button>
        <button class="bare" @click=${this.#turnBack}>${no}</button>
      </div>
    </div>`
  }

  #renderLinks(): TemplateResult | TemplateResult[] {
    const { links } = this.#links
    switch (links.type) {
      case 'asking':
        return html`<li><p>${t('share.fetching')}</p></li>`
      case 'failed':
        return html`<li>
          <p role="alert">${links.words}</p>
          <button class="outlined" @click=${() => void this.#ask()}>${t('share.tryAgain')}</button>
        </li>`
      case 'given':
        return links.value
          .filter(({ role }) => role !== 'own')
          .toSorted((one, other) => roles.indexOf(other.role) - roles.indexOf(one.role))
          .map((link) => this.#renderEntry(link))
      default:
        return assertNever(links)
    }
  }

  #renderEntry(link: SharedLink): TemplateResult {
    const { panel } = this
    if (!('linkId' in panel) || panel.linkId !== link.id) return this.#renderLink(link)
    switch (panel.type) {
      case 'changing':
        return this.#renderChanging(link)
      case 'renewing':
        return html`<li>
          ${this.#renderQuestion({
            words: t('share.renewQuestion', { link: nameOf(link) }),
            yes: t('share.renewYes'),
            act: () => this.#renew(link),
            no: t('share.keepLink'),
          })}
        </li>`
      case 'taking':
        return html`<li>
          ${this.#renderQuestion({
            words: t('share.takeBackQuestion', { link: nameOf(link) }),
            yes: t('share.takeBackYes'),
            act: () => this.#takeBack(link),
            no: t('share.keepLink'),
          })}
        </li>`
      default:
        return assertNever(panel)
    }
  }

  #renderOther(): TemplateResult {
    return html`<p>${t('share.othersPage')}</p>
      <ul class="single">
        ${this.#renderLink({ role: this.access, url: this.link.href })}
      </ul>
      <div class="ending">
        <button class="primary apart" @click=${this.#close}>${t('share.done')}</button>
      </div>`
  }

  /** What is handed on: one of the owner's links, or the one that opened this page. */
  #renderLink(link: SharedLink | Pick<SharedLink, 'role' | 'url'>): TemplateResult {
    const { role, url } = link
    const name = 'id' in link ? nameOf(link) : mayDo(role)
    return html`<li data-link=${'id' in link ? link.id : nothing}>
      <div>
        <b>${mayDo(role)}</b>
        ${'id' in link ? html`<small>${this.#describe(link)}</small>` : nothing}
      </div>
      ${url === undefined ? nothing : html`<div class="acts">${this.#renderHanding(url, name)}</div>`}
      ${
        'id' in link
          ? html`<button
              class="bare"
              aria-label=${t('share.changeNamed', { link: name })}
              @click=${() => this.#turnTo({ type: 'changing', linkId: link.id })}
            >
              ${t('share.change')}
            </button>`
          : nothing
      }
      ${
        url !== undefined && this.uncopied === url
          ? html`<input
              class="field wide"
              readonly
              aria-label=${t('share.link')}
              .value=${url}
              @focus=${(event: FocusEvent) => event.target instanceof HTMLInputElement && event.target.select()}
            />`
          : nothing
      }
      ${url !== undefined && this.drawn === url ? html`<quire-qr class="wide" .text=${url}></quire-qr>` : nothing}
    </li>`
  }

  #renderHanding(url: string, name: string): TemplateResult {
    return html`<button
        class="outlined"
        aria-label=${t('share.copyNamed', { link: name })}
        @click=${() => void this.#copy(url)}
      >
        ${t('share.copy')}
      </button>
      ${this.#renderSending(url, name)}
      <button
        class="icon"
        aria-label=${t('qr.showNamed', { link: name })}
        aria-expanded=${this.drawn === url}
        title=${t(this.drawn === url ? 'qr.hide' : 'qr.show')}
        @click=${() => (this.drawn = this.drawn === url ? undefined : url)}
      >
        ${qrCode}
      </button>`
  }

  /** With a mouse a link is copied; who touches a screen has other applications to hand it to. */
  #renderSending(url: string, name: string): TemplateResult | typeof nothing {
    const { platform, send } = this.surroundings
    if (!platform.isTouched || !send) return nothing
    const title = this.documentTitle || t('app.untitled')
    return html`<button
      class="outlined"
      aria-label=${t('share.sendNamed', { link: name })}
      @click=${() => void send({ title, url })}
    >
      ${t('share.send')}
    </button>`
  }

  #describe({ url, label, createdAt, expiresAt, maxUses, uses, presence }: SharedLink): string {
    const now = this.surroundings.now()
    const words = [
      ...(label ? [t('share.label', { label })] : []),
      ...(url === undefined ? [t('share.byOperator')] : []),
      ...(presence ? [] : [t('share.unseen')]),
      expiresAt === undefined
        ? t('share.made', { when: describeWhen(createdAt, now) })
        : describeEnd(expiresAt, now),
      ...(maxUses === undefined ? [] : [t('share.came', { uses, count: maxUses })]),
    ].join('\u00a0· ')
    return words.charAt(0).toLocaleUpperCase(spokenLanguage()) + words.slice(1)
  }

  #turnTo(panel: Panel): void {
    this.panel = panel
    void this.#focusPanel()
  }

  /** Whoever works by keyboard goes on where the question is, and whoever does not is shown all of it. */
  async #focusPanel(): Promise<void> {
    await this.updateComplete
    const panel = this.renderRoot.querySelector('form, .question, .choices')
    panel?.querySelector<HTMLElement>('input, button')?.focus()
    panel?.scrollIntoView({ block: 'nearest' })
  }

  #turnBack(): void {
    const { panel } = this
    this.panel = { type: 'none' }
    void this.#focusWayTo(panel)
  }

  /** Whoever works by keyboard goes on from where they had come, if that is still there. */
  async #focusWayTo(panel: Panel): Promise<void> {
    await this.updateComplete
    const entry = 'linkId' in panel ? `[data-link='${panel.linkId}'] .bare` : ''
    const end = panel.type === 'making' ? '.ending .outlined' : '.ending .bare'
    const target = entry ? this.renderRoot.querySelector<HTMLElement>(entry) : null
    ;(target ?? this.renderRoot.querySelector<HTMLElement>(end))?.focus()
  }

  async #make(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (!(event.target instanceof HTMLFormElement)) return
    const link = newLinkIn(event.target)
    const failure = await this.#links.change(
      () => this.surroundings.server.makeLink(this.link, link),
      (links, made) => [...links, made],
    )
    this.#finish(failure, t('share.linkMade'))
  }

  async #change(event: SubmitEvent, { id }: SharedLink): Promise<void> {
    event.preventDefault()
    if (!(event.target instanceof HTMLFormElement)) return
    const change = linkChangeIn(event.target)
    const failure = await this.#links.change(
      () => this.surroundings.server.changeLink(this.link, id, change),
      (links, changed) => links.map((link) => (link.id === id ? changed : link)),
    )
    this.#finish(failure, t('share.linkChanged'))
  }

  async #renew({ id }: SharedLink): Promise<void> {
    const failure = await this.#links.change(
      () => this.surroundings.server.renewLink(this.link, id),
      (links, renewed) => links.map((link) => (link.id === id ? renewed : link)),
    )
    this.#finish(failure, t('share.linkRenewed'))
  }

  async #takeBack({ id }: SharedLink): Promise<void> {
    const failure = await this.#links.change(
      () => this.surroundings.server.takeBackLink(this.link, id),
      (links) => links.filter((link) => link.id !== id),
    )
    this.#finish(failure, t('share.linkTakenBack'))
  }

  async #renewAll(): Promise<void> {
    const { server, documents, address } = this.surroundings
    const { documentId } = this.link
    if (documents.unsaved(documentId) > 0) return this.#say(t('share.waitUntilSaved'))
    const key = (this.#nextKey ??= this.surroundings.makeKey())
    const failure = await this.#links.change(
      async () => {
        const answer = await server.renewAllLinks(this.link, key)
        if (answer.type === 'given') return answer
        // An answer that was lost on the way is no failure: the new key opens the document then.
        const opened = await server.links({ documentId, key })
        return opened.type === 'given' ? { type: 'given', value: undefined } : answer
      },
      (links) => links,
    )
    if (failure === undefined) address.replace(pathOf({ documentId, key }))
    else this.#say(failure)
  }

  async #delete(): Promise<void> {
    const { server, recents, address } = this.surroundings
    const failure = await this.#links.change(
      () => server.deleteDocument(this.link),
      (links) => links,
    )
    if (failure !== undefined) return this.#say(failure)
    recents.forget(this.link.documentId)
    address.replace('/')
  }

  /** What was asked is done, or the question stays, with what went wrong. */
  #finish(failure: string | undefined, done: string): void {
    if (failure === undefined) this.#turnBack()
    this.#say(failure ?? done)
  }

  #say(words: string): void {
    this.renderRoot.querySelector('quire-toast')?.say(words)
  }

  #ask(): Promise<void> {
    return this.#links.ask(() => this.surroundings.server.links(this.link))
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
    this.#say(t(isCopied ? 'share.copied' : 'share.notCopied'))
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
