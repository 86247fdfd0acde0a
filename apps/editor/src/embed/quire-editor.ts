/**
 * `<quire-editor>`: a Quire document, or a text of its own, in anybody's page: no frame, no cookie. With a `link`, or with
 * `server`, `doc` and `token`, it shows that document; without, it is a text field that knows Markdown. Within a form
 * it takes part under its `name` like any field.
 */
import { assertNever } from '@quire/protocol'
import { html, LitElement, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { entranceOf } from '../controllers/route.ts'
import { readText } from '../editor/index.ts'
import { writeText } from '../session/rewrite.ts'
import type { DocumentSession, Ending, Person, SessionState } from '../session/session.ts'
import { bestLanguage, learn, t } from '../words/index.ts'
import '../components/quire-text.ts'
import type { QuireText } from '../components/quire-text.ts'
import { documentsOf, guestHere } from './documents.ts'
import { look } from './look.ts'
import './quire-sheet.ts'
import type { QuireSheet } from './quire-sheet.ts'
import { sourceOf, type Source } from './source.ts'
import { TokenRenewal } from './token-renewal.ts'

export type { DocumentSession, Person } from '../session/session.ts'

/** `detail` of `quire-status`. */
export interface QuireStatus {
  readonly state: SessionState['type'] | 'incomplete'
  /** What we may do, once the server has said so. */
  readonly role: 'view' | 'edit' | 'own' | undefined
  /** How many edits the server has not said are durable; 0 means saved. */
  readonly unsaved: number
  /** The same as a sentence. */
  readonly words: string
}

/** `detail` of `quire-error`: why the server will not have us, or that the page has no token to open the document with. */
export type QuireError =
  | { readonly code: Ending }
  | { readonly code: 'no-token'; /** What `getToken` rejected with. */ readonly cause: unknown }

/** The words of all elements of a page, which are in its language; learnt when there is the first element. */
let words: Promise<unknown> | undefined

/** What is written by the page, rather than by whoever sits before it. */
const byPage = Symbol('the page')

/**
 * Fires, each bubbling and composed: `input` for every edit made in this element and `change` when it loses the focus after
 * one; `quire-ready` when its text is first shown; `quire-status` and `quire-people` (`detail`: those who are here)
 * when they change; `quire-error` when the server will not have us or `getToken` fails to give the first token; `quire-token`
 * when a newer token is wanted, to be set as `token`, unless `getToken` gives one.
 */
export class QuireEditor extends LitElement {
  static readonly formAssociated = true
  static override shadowRootOptions: ShadowRootInit = {
    ...LitElement.shadowRootOptions,
    delegatesFocus: true,
  }
  static override properties: PropertyDeclarations = {
    link: {},
    server: {},
    doc: {},
    token: {},
    userName: { attribute: 'user-name' },
    name: { reflect: true },
    readOnly: { type: Boolean, attribute: 'readonly', reflect: true },
    disabled: { type: Boolean, reflect: true },
    required: { type: Boolean, reflect: true },
    label: {},
    placeholder: {},
    theme: { reflect: true },
    // Pages that make it anew whenever they are drawn say nothing new.
    getToken: { attribute: false, hasChanged: (one: unknown, other: unknown) => !one !== !other },
    tokenFailure: { state: true },
    hasOwnStatus: { state: true },
    isBarred: { state: true },
  }
  static override styles = look

  /** A whole link, `https://host/d/<id>#<key>`; says server, document and key at once. */
  declare link: string
  /** Where Quire is; where this script came from, unless said otherwise. */
  declare server: string
  /** The id of a document. */
  declare doc: string
  /** A link's key or an access token. A newer one for the same person may be set at any time. */
  declare token: string
  /** How a guest is called; a token says so itself. */
  declare userName: string
  /** Under which name the text is sent with a form. */
  declare name: string
  declare readOnly: boolean
  declare disabled: boolean
  /** An empty text keeps the form from being sent. */
  declare required: boolean
  /** How a screen reader announces the text. */
  declare label: string
  declare placeholder: string
  /** 'light' or 'dark'; '' as the page is. */
  declare theme: '' | 'light' | 'dark'
  /** Gives an access token where there is none, and a newer one before the last one ends; asked again after a while if it rejects. */
  declare getToken: (() => Promise<string>) | undefined
  /** The page has put something of its own in the place of the status line. */
  declare private hasOwnStatus: boolean
  /** A fieldset around it is disabled. */
  declare private isBarred: boolean
  /** Why there is no first token yet. */
  declare private tokenFailure: { readonly cause: unknown } | undefined

  readonly #internals = this.attachInternals()
  readonly #renewal = new TokenRenewal(() => void this.#renew())
  readonly #ready = Promise.withResolvers<void>()
  #form: HTMLFormElement | undefined
  #source: Source = { type: 'own' }
  /** What `getToken` gave last, which is of use for that document only. */
  #given: string | undefined
  /** What `value` was set to before the class was known: then it is a property like any other, which would hide ours for good. */
  #early: string | undefined
  /** The text of an element without a document. */
  #own: Y.Text | undefined
  #ownAwareness: Awareness | undefined
  /** The text whose changes are heard. */
  #heard: Y.Text | undefined
  #isChanged = false
  #hasShown = false
  #status: QuireStatus | undefined
  #people: readonly Person[] = []
  #error: QuireError['code'] | undefined

  constructor() {
    super()
    this.link = ''
    this.server = new URL(import.meta.url).origin
    this.doc = ''
    this.token = ''
    this.userName = ''
    this.name = ''
    this.readOnly = false
    this.disabled = false
    this.required = false
    this.label = ''
    this.placeholder = ''
    this.theme = ''
    this.hasOwnStatus = false
    this.isBarred = false
    this.tokenFailure = undefined
    if (Object.hasOwn(this, 'value')) {
      const { value } = this
      Reflect.deleteProperty(this, 'value')
      this.#early = asText(value)
    }
    this.addEventListener('focusout', this.#left)
  }

  /** Resolves when the text is first shown. */
  get ready(): Promise<void> {
    return this.#ready.promise
  }

  /** The session of the document; undefined for a text of its own, and while nothing is open. */
  get session(): DocumentSession | undefined {
    return this.isConnected && this.#isCurrent ? this.#sheet?.session : undefined
  }

  get status(): QuireStatus {
    return this.#status ?? this.#readStatus()
  }

  /** Everyone in the document, ourselves first. */
  get people(): readonly Person[] {
    return this.#people
  }

  /** The text, character for character; '' while it is not here. */
  get value(): string {
    if (this.#early !== undefined) return this.#early
    // Who asks while the page is still being read is told what there is by then.
    if (this.#isOwn) return this.#own ? readText(this.#own) : asText(this.defaultValue)
    return this.#sharedText ? readText(this.#sharedText) : ''
  }

  /**
   * Writes only what is different, so that everybody's carets stay; nothing is the empty text. Throws an `InvalidStateError` for
   * a document that is not here yet or may not be written.
   */
  set value(next: string | null | undefined) {
    const isOpen = this.isConnected && this.#sheet?.isEditable
    const text = this.#isOwn ? this.#ownText : isOpen ? this.#sharedText : undefined
    if (!text) throw new DOMException('There is no text here that may be written.', 'InvalidStateError')
    this.#early = undefined
    text.doc?.transact(() => writeText(text, readText(text), asText(next)), byPage)
  }

  /** What a form is sent back to, where the text is the element's own: what is said within, but for slots. */
  get defaultValue(): string {
    const said = [...this.childNodes].filter(
      (node) => node instanceof Text || (node instanceof Element && node.slot === ''),
    )
    const text = said.map(({ textContent }) => textContent).join('')
    // What stands in slots stands on lines of its own, which are no part of the text, and neither is space alone.
    const isLaidOut = this.querySelector(':scope > [slot]') !== null || text.trim() === ''
    return isLaidOut ? text.trim() : text
  }

  get form(): HTMLFormElement | null {
    return this.#internals.form
  }

  get validity(): ValidityState {
    return this.#internals.validity
  }

  get validationMessage(): string {
    return this.#internals.validationMessage
  }

  get willValidate(): boolean {
    return this.#internals.willValidate
  }

  checkValidity(): boolean {
    return this.#internals.checkValidity()
  }

  reportValidity(): boolean {
    return this.#internals.reportValidity()
  }

  formAssociatedCallback(form: HTMLFormElement | null): void {
    this.#form?.removeEventListener('formdata', this.#fillIn)
    this.#form = form ?? undefined
    form?.addEventListener('formdata', this.#fillIn)
  }

  formDisabledCallback(isBarred: boolean): void {
    this.isBarred = isBarred
  }

  /** Nobody's form takes back what others have written. */
  formResetCallback(): void {
    if (this.#isOwn) this.value = this.defaultValue
  }

  /** Somebody comes back to a page, or loads it anew: what they had written in a field is in it. */
  formStateRestoreCallback(state: unknown): void {
    if (this.#isOwn && typeof state === 'string') this.value = state
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) this.requestUpdate()
    this.#watchToken()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#renewal.stop()
    queueMicrotask(() => {
      if (!this.isConnected) this.#letGo()
    })
  }

  /** The browser tells of keys that are typed, from within and under our name; what is told of edits is told once. */
  override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot()
    root.addEventListener('input', (event) => event.stopPropagation())
    return root
  }

  override focus(options?: FocusOptions): void {
    if (this.#text) this.#text.focus(options)
    else super.focus(options)
  }

  override render(): TemplateResult {
    return html`<slot name="toolbar"></slot>
      ${this.#renderSource()}
      <slot name="status" @slotchange=${this.#slotted}></slot>`
  }

  protected override async scheduleUpdate(): Promise<void> {
    words ??= learn(bestLanguage([document.documentElement.lang, ...navigator.languages]))
    await words
    // What its own text begins with may not have been read yet, and the script that sets `getToken` not have run.
    if (!this.hasUpdated && this.#isOwn) await pageRead()
    if (!this.hasUpdated && sourceOf(this).type === 'incomplete') await scriptsRun()
    await super.scheduleUpdate()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('userName') && this.userName) guestHere().rename(this.userName)
    const isElsewhere = (['link', 'server', 'doc'] as const).some((name) => changed.has(name))
    if (!isElsewhere && !changed.has('token') && !changed.has('getToken')) return
    if (isElsewhere && this.token === this.#given) this.token = ''
    const next = sourceOf(this)
    const isSame = keyOf(next) === keyOf(this.#source)
    this.#source = next
    if (isSame && next.type === 'document' && next.pass.type === 'token')
      documentsOf(next.server).renew(next.pass)
    if (!isSame) this.#forget()
    this.#watchToken()
    if (this.#early !== undefined) this.#takeEarly(this.#early)
  }

  protected override updated(): void {
    this.#changed()
  }

  /** Undefined also for one that has never been in the page, and so has opened nothing. */
  get #sheet(): QuireSheet | undefined {
    const sheet = this.renderRoot.querySelector('quire-sheet')
    return sheet && (sheet.isConnected || sheet.hasUpdated) ? sheet : undefined
  }

  get #text(): QuireText | undefined {
    return this.#sheet?.text ?? this.renderRoot.querySelector('quire-text') ?? undefined
  }

  /** As is said of the element by now, though it may not show that yet. */
  get #isOwn(): boolean {
    return sourceOf(this).type === 'own'
  }

  /** Undefined while the text of the document is not here. */
  get #sharedText(): Y.Text | undefined {
    return this.#isCurrent ? this.#sheet?.text?.text : undefined
  }

  /** Not while the element has been told of another document, and has yet to turn to that. */
  get #isCurrent(): boolean {
    return keyOf(sourceOf(this)) === keyOf(this.#source)
  }

  /** There is nobody to catch what setting it would throw. */
  #takeEarly(value: string): void {
    this.#early = undefined
    try {
      this.value = value
    } catch (error) {
      reportError(error)
    }
  }

  /** Made when it is first needed. */
  get #ownText(): Y.Text {
    if (this.#own) return this.#own
    const text = new Y.Doc().getText('content')
    writeText(text, '', asText(this.defaultValue))
    return (this.#own = text)
  }

  #awarenessOf({ doc }: Y.Text): Awareness | undefined {
    return (this.#ownAwareness ??= doc ? new Awareness(doc) : undefined)
  }

  get #isReadOnly(): boolean {
    return this.readOnly || this.disabled || this.isBarred
  }

  get #awaitedWords(): string {
    return t(this.tokenFailure ? 'embed.noToken' : 'document.opening')
  }

  #renderSource(): TemplateResult {
    const source = this.#source
    const label = this.label || t('document.text')
    switch (source.type) {
      case 'own':
        return html`<quire-text
          part="text"
          .text=${this.#ownText}
          .awareness=${this.#awarenessOf(this.#ownText)}
          .readOnly=${this.#isReadOnly}
          .label=${label}
          .placeholder=${this.placeholder}
        ></quire-text>`
      case 'document':
        return html`${keyed(
          keyOf(source),
          html`<quire-sheet
            exportparts="text, status"
            .documents=${documentsOf(source.server)}
            .pass=${source.pass}
            .readOnly=${this.#isReadOnly}
            .label=${label}
            .placeholder=${this.placeholder}
            .hasStatus=${!this.hasOwnStatus}
            @sheet-change=${this.#changed}
          ></quire-sheet>`,
        )}`
      case 'awaited':
        return html`<p class="words">${this.#awaitedWords}</p>`
      case 'incomplete':
        return html`<p class="words">${t('embed.incomplete')}</p>`
      default:
        return assertNever(source)
    }
  }

  /** Another document, or another person: nothing that was told of the last one holds. */
  #forget(): void {
    this.#hear(undefined)
    this.#hasShown = false
    this.#status = undefined
    this.#error = undefined
    this.tokenFailure = undefined
  }

  readonly #changed = (): void => {
    const text = this.#source.type === 'own' ? this.#ownText : this.#sharedText
    this.#hear(text)
    if (text && !this.#hasShown) {
      this.#hasShown = true
      this.#ready.resolve()
      this.#tell('quire-ready')
    }
    this.#validate()
    this.#tellStatus()
    this.#tellPeople()
    this.#tellError()
  }

  /** What would keep an element alive that is in no page: presence has a timer. The text stays; of the document, nothing is known. */
  #letGo(): void {
    this.#hear(undefined)
    this.#status = undefined
    this.#people = []
    this.#ownAwareness?.destroy()
    this.#ownAwareness = undefined
  }

  #hear(text: Y.Text | undefined): void {
    if (text === this.#heard) return
    this.#heard?.unobserve(this.#wrote)
    this.#heard = text
    text?.observe(this.#wrote)
  }

  readonly #wrote = (_event: Y.YTextEvent, { local, origin }: Y.Transaction): void => {
    this.#validate()
    if (!local || origin === byPage || !this.#text?.isOrigin(origin)) return
    this.#isChanged = true
    this.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  }

  readonly #left = ({ relatedTarget }: FocusEvent): void => {
    // What stands in a slot is a part of us.
    const isStill = relatedTarget instanceof Node && this.contains(relatedTarget)
    if (!this.#isChanged || isStill) return
    this.#isChanged = false
    this.#keepState()
    this.dispatchEvent(new Event('change', { bubbles: true, composed: true }))
  }

  /** What the browser is to bring back. Nothing is sent of it: that is read when the form is, and not with every key. */
  #keepState(): void {
    if (this.#isOwn) this.#internals.setFormValue(null, this.value)
  }

  readonly #fillIn = ({ formData }: FormDataEvent): void => {
    this.#keepState()
    if (this.name && !this.disabled && !this.isBarred) formData.set(this.name, this.value)
  }

  #validate(): void {
    const mayWrite = !this.#isReadOnly && this.#readStatus().role !== 'view'
    const isMissing = this.required && mayWrite && (this.#heard?.length ?? 0) === 0
    // Said of the element itself: Safari says nothing, and focuses nothing, at a part that only hands the focus on.
    this.#internals.setValidity(isMissing ? { valueMissing: true } : {}, isMissing ? t('embed.required') : '')
  }

  #readStatus(): QuireStatus {
    if (this.#source.type === 'incomplete')
      return { state: 'incomplete', role: undefined, unsaved: 0, words: t('embed.incomplete') }
    const sheet = this.isConnected ? this.#sheet : undefined
    if (!sheet) {
      const isAwaited = this.#source.type === 'awaited'
      return {
        state: 'loading',
        role: undefined,
        unsaved: 0,
        words: isAwaited ? this.#awaitedWords : '',
      }
    }
    const { state, unsaved } = sheet.session
    const role = 'role' in state ? state.role : undefined
    return { state: state.type, role, unsaved, words: sheet.saveState.words }
  }

  #tellStatus(): void {
    if (this.#source.type === 'own') return
    const next = this.#readStatus()
    const last = this.#status
    const isSame =
      last && (['state', 'role', 'unsaved', 'words'] as const).every((name) => last[name] === next[name])
    if (isSame) return
    this.#status = next
    this.#tell('quire-status', next)
  }

  #tellPeople(): void {
    const next = this.#sheet?.session.people ?? []
    if (next === this.#people || (next.length === 0 && this.#people.length === 0)) return
    this.#people = next
    this.#tell('quire-people', next)
  }

  #tellError(): void {
    const state = this.#sheet?.session.state
    const ending = state?.type === 'refused' ? state.refusal : state?.type === 'gone' ? 'gone' : undefined
    const next: QuireError | undefined = ending
      ? { code: ending }
      : this.tokenFailure && { code: 'no-token', cause: this.tokenFailure.cause }
    if (next?.code === this.#error) return
    this.#error = next?.code
    if (next) this.#tell('quire-error', next)
    // Its token ended, perhaps while this device slept.
    if (ending === 'access-ended') void this.#renew()
  }

  #tell(type: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }

  #watchToken(): void {
    const source = this.#source
    if (!this.isConnected) this.#renewal.stop()
    else if (source.type === 'awaited') this.#renewal.begin()
    else if (source.type === 'document' && source.pass.type === 'token')
      this.#renewal.watch(source.pass.token)
    else this.#renewal.stop()
  }

  /** What comes once another document is shown is nobody's. */
  async #renew(): Promise<void> {
    this.#tell('quire-token')
    if (!this.getToken) return
    const { link, server, doc } = this
    const isStill = (): boolean => this.link === link && this.server === server && this.doc === doc
    try {
      const token = await this.getToken()
      if (!token) throw new Error('getToken gave no token')
      if (isStill()) this.#given = this.token = token
    } catch (cause) {
      // It is asked again after a while, and until then a document that is open stays so.
      if (isStill() && this.#source.type === 'awaited') this.tokenFailure = { cause }
    }
  }

  readonly #slotted = ({ target }: Event): void => {
    this.hasOwnStatus = target instanceof HTMLSlotElement && target.assignedElements().length > 0
  }
}

/** The same for what one sheet shows, whichever token of a person it was opened with. */
function keyOf(source: Source): string {
  switch (source.type) {
    case 'document':
      return `${source.server} ${entranceOf(source.pass)}`
    case 'awaited':
      return `awaited ${source.server} ${source.documentId}`
    default:
      return source.type
  }
}

/** Pages that know no types set numbers as well. */
function asText(value: string | number | null | undefined): string {
  return String(value ?? '')
    .replaceAll(/\r\n?/gu, '\n')
    .toWellFormed()
}

/** Of a page that is being read, elements are put into it before what is within them. */
async function pageRead(): Promise<void> {
  if (document.readyState !== 'loading') return
  await new Promise((resolve) => document.addEventListener('readystatechange', resolve, { once: true }))
}

/** Those that run once the page has been read, in their order. */
async function scriptsRun(): Promise<void> {
  if (document.readyState === 'complete') return
  await new Promise((resolve) => {
    document.addEventListener('DOMContentLoaded', resolve, { once: true })
    addEventListener('load', resolve, { once: true })
  })
}

customElements.define('quire-editor', QuireEditor)

declare global {
  interface HTMLElementTagNameMap {
    'quire-editor': QuireEditor
  }
  interface HTMLElementEventMap {
    'quire-ready': CustomEvent<undefined>
    'quire-status': CustomEvent<QuireStatus>
    'quire-people': CustomEvent<readonly Person[]>
    'quire-error': CustomEvent<QuireError>
    'quire-token': CustomEvent<undefined>
  }
}
