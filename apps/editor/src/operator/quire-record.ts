/** `<quire-record>`: one document as its operator sees it: how large, who is in it, what opens it. Never what it says. */
import { roles, unnamed, type Role } from '@quire/protocol'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { newLinkIn } from '../components/link-form.ts'
import type { Question } from '../components/quire-question.ts'
import '../components/quire-question.ts'
import { describeEnd, describeWhen } from '../controllers/describe-when.ts'
import { pageTitle } from '../controllers/page-title.ts'
import { controls } from '../look/controls.ts'
import { selects } from '../look/selects.ts'
import { bring } from '../words/index.ts'
import { shareEnglish } from '../words/share-english.ts'
import { describeBytes, describeMoment } from './describe.ts'
import type {
  OperatorServer,
  OperatorSurroundings,
  Outcome,
  PresentPerson,
  ShownDocument,
  ShownLink,
} from './operator-server.ts'
import { recordStyles } from './record-styles.ts'
import { Watch } from './watch.ts'
import { t, tParts } from './words/index.ts'

bring(shareEnglish)

/** Who is there changes fast; all else changes by what is done here, or slowly. */
const peopleEveryMs = 4000
const everyMs = 30_000

const lives = [
  { days: 0, words: 'linkForm.forGood' },
  { days: 1, words: 'linkForm.day' },
  { days: 7, words: 'linkForm.week' },
  { days: 30, words: 'linkForm.month' },
] as const

/** Making a link: not now, in the form, or made and shown this once. */
type Making = { readonly type: 'none' | 'asking' } | { readonly type: 'made'; readonly url: string }

/** Fires `say` with words for what was done, and `gone` when the document is no more. */
export class QuireRecord extends LitElement {
  static override properties = {
    surroundings: { attribute: false },
    server: { attribute: false },
    documentId: { attribute: false },
    making: { state: true },
    isBusy: { state: true },
  }
  static override styles = [controls, selects, recordStyles]

  declare surroundings: OperatorSurroundings
  declare server: OperatorServer
  declare documentId: string
  declare private making: Making
  declare private isBusy: boolean
  readonly #document = new Watch<ShownDocument>(this, {
    ask: () => this.server.document(this.documentId),
    everyMs,
    sight: () => this.surroundings.sight,
  })
  readonly #people = new Watch<readonly PresentPerson[]>(this, {
    ask: () => this.server.people(this.documentId),
    everyMs: peopleEveryMs,
    sight: () => this.surroundings.sight,
  })
  #hasShown = false

  constructor() {
    super()
    this.making = { type: 'none' }
    this.isBusy = false
    this.addController(pageTitle(() => this.#title))
  }

  /** Whoever comes by keyboard begins where the document is named. */
  override updated(): void {
    const heading = this.renderRoot.querySelector<HTMLElement>('h1')
    if (!heading || this.#hasShown) return
    this.#hasShown = true
    scrollTo(0, 0)
    heading.focus()
  }

  override render(): TemplateResult {
    return html`<a class="back" href="#">${t('record.back')}</a>
      ${this.#renderBelow()}
      <quire-question></quire-question>`
  }

  #renderBelow(): TemplateResult {
    const { value, failure } = this.#document
    if (failure?.code === 'document-unknown')
      return html`<h1 tabindex="-1">${t('record.gone')}</h1>
        <p class="why">${t('record.goneWhy')}</p>`
    return html`${failure ? html`<p role="alert" class="failure">${failure.words}</p>` : nothing}
    ${value ? this.#renderDocument(value) : failure ? nothing : html`<p class="why" role="status">${t('record.fetching')}</p>`}`
  }

  #renderDocument(document: ShownDocument): TemplateResult {
    const { id, title, linkList } = document
    return html`<h1 tabindex="-1" dir="auto" class=${title ? '' : 'none'}>${this.#title}</h1>
      <p class="id"><bdi>${id}</bdi></p>
      ${this.#renderFacts(document)}
      <div class="acts">
        <button class="outlined" aria-disabled=${this.isBusy} @click=${() => void this.#compact()}>
          ${t(this.isBusy ? 'record.compacting' : 'record.compact')}
        </button>
        <button class="outlined" @click=${() => void this.#delete()}>${t('record.delete')}</button>
      </div>
      ${this.#renderPeople(this.#people.value ?? document.present)}
      <div class="top">
        <h2 id="links" tabindex="-1">${t('record.links')}</h2>
        ${
          this.making.type === 'none'
            ? html`<button class="outlined" id="make" @click=${this.#askForLink}>
                ${t('record.makeLink')}
              </button>`
            : nothing
        }
      </div>
      ${this.#renderMaking()}
      ${
        linkList.length === 0
          ? html`<p class="quiet">${t('record.noLinks')}</p>`
          : html`<ul aria-labelledby="links">
              ${linkList
                .toSorted((one, other) => roles.indexOf(other.role) - roles.indexOf(one.role))
                .map((link) => this.#renderLink(link))}
            </ul>`
      }`
  }

  #renderFacts({ createdAt, changedAt, openedAt, bytes, base, tail }: ShownDocument): TemplateResult {
    const now = this.surroundings.now()
    const when = (time: number): TemplateResult =>
      html`<dd title=${describeMoment(time)}>${describeWhen(time, now)}</dd>`
    return html`<dl>
      <div>
        <dt>${t('record.changed')}</dt>
        ${changedAt === undefined ? html`<dd>${t('record.never')}</dd>` : when(changedAt)}
      </div>
      <div>
        <dt>${t('record.opened')}</dt>
        ${openedAt === undefined ? html`<dd>–</dd>` : when(openedAt)}
      </div>
      <div>
        <dt>${t('record.made')}</dt>
        ${when(createdAt)}
      </div>
      <div>
        <dt>${t('record.size')}</dt>
        <dd>${describeBytes(bytes)}</dd>
      </div>
      <div>
        <dt>${t('record.base')}</dt>
        <dd>
          ${
            base.position === 0
              ? t('record.noBase')
              : t('record.baseIs', { bytes: describeBytes(base.bytes), count: base.position })
          }
        </dd>
      </div>
      <div>
        <dt>${t('record.tail')}</dt>
        <dd>
          ${
            tail.entries === 0
              ? t('record.noBase')
              : t('record.baseIs', { bytes: describeBytes(tail.bytes), count: tail.entries })
          }
        </dd>
      </div>
    </dl>`
  }

  #renderPeople(people: readonly PresentPerson[]): TemplateResult {
    return html`<div class="top">
        <h2 id="people" tabindex="-1">${t('record.people')}</h2>
        ${
          people.length > 1
            ? html`<button class="outlined" @click=${() => void this.#disconnect()}>
                ${t('record.disconnectAll')}
              </button>`
            : nothing
        }
      </div>
      ${
        people.length === 0
          ? html`<p class="quiet">${t('record.nobody')}</p>`
          : html`<ul aria-labelledby="people">
              ${people.map((person) => this.#renderPerson(person))}
            </ul>`
      }`
  }

  #renderPerson(person: PresentPerson): TemplateResult {
    const name = nameOf(person)
    const about = [
      roleName(person.role),
      ...(person.connections > 1 ? [t('record.connections', { count: person.connections })] : []),
    ]
    return html`<li>
      <div>
        <b><bdi>${name}</bdi></b>
        <small>${about.join('\u00a0· ')}</small>
      </div>
      <button
        class="bare"
        aria-label=${t('record.disconnectNamed', { name })}
        @click=${() => void this.#disconnect(person)}
      >
        ${t('record.disconnect')}
      </button>
    </li>`
  }

  #renderLink(link: ShownLink): TemplateResult {
    const name = linkName(link)
    return html`<li>
      <div>
        <b><bdi>${name}</bdi></b>
        <small>${this.#describe(link)}</small>
      </div>
      ${
        link.role === 'own'
          ? nothing
          : html`<button
              class="bare"
              aria-label=${t('record.revokeNamed', { link: name })}
              @click=${() => void this.#revoke(link)}
            >
              ${t('record.revoke')}
            </button>`
      }
    </li>`
  }

  #describe({ role, createdAt, expiresAt, maxUses, uses, presence, operator }: ShownLink): string {
    const now = this.surroundings.now()
    return [
      t('share.made', { when: describeWhen(createdAt, now) }),
      ...(operator ? [t('record.byOperator')] : []),
      ...(presence ? [] : [t('share.unseen')]),
      ...(expiresAt === undefined ? [] : [describeEnd(expiresAt, now)]),
      ...(maxUses === undefined ? [] : [t('share.came', { uses, count: maxUses })]),
      ...(role === 'own' ? [t('record.ownerStays')] : []),
    ].join('\u00a0· ')
  }

  #renderMaking(): TemplateResult | typeof nothing {
    const { making } = this
    if (making.type === 'none') return nothing
    if (making.type === 'made')
      return html`<div class="made" role="group" aria-label=${t('share.link')}>
        <p role="status">${t('record.linkMade')}</p>
        <input
          class="field"
          readonly
          dir="ltr"
          aria-label=${t('share.link')}
          .value=${making.url}
          @focus=${(event: FocusEvent) => event.target instanceof HTMLInputElement && event.target.select()}
        />
        <button class="primary" @click=${() => void this.#copy(making.url)}>${t('share.copy')}</button>
        <button class="bare" @click=${this.#endMaking}>${t('share.done')}</button>
      </div>`
    return html`<form @submit=${(event: SubmitEvent) => void this.#make(event)}>
      <label
        >${t('linkForm.label')}
        <input
          class="field"
          name="label"
          maxlength="64"
          autocomplete="off"
          placeholder=${t('record.labelHint')}
        />
      </label>
      <label
        >${t('linkForm.role')}
        <select class="field" name="role">
          <option value="view">${t('linkForm.view')}</option>
          <option value="edit">${t('linkForm.edit')}</option>
        </select>
      </label>
      <label
        >${t('linkForm.life')}
        <select class="field" name="days">
          ${lives.map(({ days, words }) => html`<option value=${days}>${t(words)}</option>`)}
        </select>
      </label>
      <div class="acts">
        <button class="primary" type="submit">${t('record.make')}</button>
        <button class="bare" type="button" @click=${this.#endMaking}>${t('share.cancel')}</button>
      </div>
    </form>`
  }

  get #title(): string {
    const { value, failure } = this.#document
    if (failure?.code === 'document-unknown') return t('record.gone')
    if (!value) return t('operator.pageTitle')
    return value.title === undefined ? t('list.unreadable') : value.title || t('app.untitled')
  }

  async #disconnect(person?: PresentPerson): Promise<void> {
    const heading = person
      ? tParts('record.disconnectQuestion', { name: html`<bdi>${nameOf(person)}</bdi>` })
      : t('record.disconnectAllQuestion')
    const yes = t('record.disconnectYes')
    if (!(await this.#isWanted({ heading, words: t('record.disconnectWhy'), yes }))) return
    const answer = await this.server.disconnect(this.documentId, person?.id)
    this.#tell(answer, (count) => t('record.disconnected', { count }))
    this.#people.askNow()
    this.#focus('#people')
  }

  async #revoke(link: ShownLink): Promise<void> {
    const heading = tParts('record.revokeQuestion', { link: html`<bdi>${linkName(link)}</bdi>` })
    const yes = t('record.revokeYes')
    if (!(await this.#isWanted({ heading, words: t('record.revokeWhy'), yes }))) return
    const answer = await this.server.revoke(this.documentId, link.id)
    this.#tell(answer, () => t('record.revoked'))
    this.#askAgain()
    this.#focus('#links')
  }

  async #compact(): Promise<void> {
    if (this.isBusy) return
    this.isBusy = true
    const answer = await this.server.compact(this.documentId)
    this.isBusy = false
    this.#tell(answer, ({ bytesBefore, bytesAfter }) =>
      t('record.compacted', { before: describeBytes(bytesBefore), after: describeBytes(bytesAfter) }),
    )
    this.#askAgain()
  }

  async #delete(): Promise<void> {
    const title = this.#title
    const heading = tParts('record.deleteQuestion', { title: html`<bdi>${title}</bdi>` })
    const words = tParts('record.deleteWhy', { id: html`<bdi>${this.documentId}</bdi>` })
    if (!(await this.#isWanted({ heading, words, yes: t('record.deleteYes') }))) return
    const answer = await this.server.remove(this.documentId)
    this.#tell(answer, () => t('record.deleted', { title }))
    if (answer.type === 'given') this.dispatchEvent(new Event('gone'))
  }

  #askForLink(): void {
    this.making = { type: 'asking' }
    this.#focus('form input')
  }

  async #make(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (!(event.target instanceof HTMLFormElement)) return
    const { role, label, expiresIn } = newLinkIn(event.target)
    const answer = await this.server.makeLink(this.documentId, { role, label, expiresIn })
    if (answer.type === 'failed') return this.#say(answer.words)
    this.making = { type: 'made', url: answer.value }
    this.#askAgain()
    this.#focus('.made input')
  }

  #endMaking(): void {
    this.making = { type: 'none' }
    this.#focus('#make')
  }

  async #copy(url: string): Promise<void> {
    this.#say(t((await this.surroundings.copy(url)) ? 'share.copied' : 'share.notCopied'))
  }

  async #isWanted(question: Omit<Question, 'no'>): Promise<boolean> {
    const whole = { ...question, no: t('question.no') }
    return (await this.renderRoot.querySelector('quire-question')?.ask(whole)) ?? false
  }

  #askAgain(): void {
    this.#document.askNow()
    this.#people.askNow()
  }

  #tell<Value>(answer: Outcome<Value>, done: (value: Value) => string): void {
    this.#say(answer.type === 'given' ? done(answer.value) : answer.words)
  }

  #say(words: string): void {
    this.dispatchEvent(new CustomEvent('say', { detail: words }))
  }

  /** What was pressed may be gone by now: whoever works by keyboard goes on from here. */
  async #focusOn(place: string): Promise<void> {
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>(place)?.focus()
  }

  #focus(place: string): void {
    void this.#focusOn(place)
  }
}

function nameOf({ name }: PresentPerson): string {
  if (name === '') return t('record.somebody')
  return name === unnamed ? t('people.unnamed') : name
}

function linkName({ role, label }: ShownLink): string {
  return label ? t('share.labelled', { role: roleName(role), label }) : roleName(role)
}

/** To an owner it is said that the document is theirs. */
function roleName(role: Role): string {
  return role === 'own' ? t('record.own') : t(`share.${role}`)
}

customElements.define('quire-record', QuireRecord)

declare global {
  interface HTMLElementTagNameMap {
    'quire-record': QuireRecord
  }
}
