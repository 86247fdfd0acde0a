/** `<quire-rescue>`: the dialog in which somebody finds what they wrote and the server did not take. */
import { assertNever } from '@quire/protocol'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { textFileName } from '../controllers/text-file-name.ts'
import {
  foldLines,
  ownWords,
  unsavedText,
  type Row,
  type ShownPart,
  type UnsavedText,
} from '../controllers/unsaved-text.ts'
import { controls } from '../look/controls.ts'
import { dialogs } from '../look/dialogs.ts'
import type { Rescue } from '../session/rescue.ts'
import { cross } from './icons.ts'
// So that it is here when something is to be written anew.
import '../session/rewrite.ts'
import { rescueStyles } from './rescue-styles.ts'
import { t } from '../words/index.ts'
import './quire-toast.ts'

/** Fires `reapply` and `discard`, each after the dialog has closed. */
export class QuireRescue extends LitElement {
  static override properties = {
    rescue: { attribute: false },
    reason: { attribute: false },
    mayReapply: { attribute: false },
    mayDiscard: { attribute: false },
    copy: { attribute: false },
    download: { attribute: false },
    unsaved: { state: true },
    isDiscarding: { state: true },
  }
  static override styles = [controls, dialogs, rescueStyles]

  /** To be set before the dialog is shown, as are `copy` and `download`. */
  declare rescue: Rescue
  /** Why the server did not take it, in a sentence. */
  declare reason: string
  declare mayReapply: boolean
  declare mayDiscard: boolean
  /** Resolves to whether the text is on the clipboard now. */
  declare copy: (text: string) => Promise<boolean>
  declare download: (name: string, text: string) => void
  /** What is shown; undefined until the dialog first is. */
  declare private unsaved: UnsavedText | undefined
  declare private isDiscarding: boolean

  constructor() {
    super()
    this.reason = ''
    this.mayReapply = false
    this.mayDiscard = false
    this.unsaved = undefined
    this.isDiscarding = false
  }

  async show(): Promise<void> {
    this.unsaved = unsavedText(this.rescue)
    this.isDiscarding = false
    await this.updateComplete
    this.#dialog?.showModal()
    this.#focus('.ending button')
  }

  /** A large text takes its time, and changes with each key: what nobody looks at stays as it is. */
  protected override shouldUpdate(changed: PropertyValues): boolean {
    return !this.hasUpdated || this.#dialog?.open === true || changed.has('unsaved')
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('rescue') && this.#dialog?.open) this.unsaved = unsavedText(this.rescue)
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading" aria-describedby="reason" @click=${this.#closeFromOutside}>
      ${this.unsaved ? this.#renderPage(this.unsaved) : nothing}
      <quire-toast></quire-toast>
    </dialog>`
  }

  #renderPage(unsaved: UnsavedText): TemplateResult {
    const isMissing = unsaved.title.length > 0 || unsaved.lines.length > 0
    return html`<div class="page">
      <div class="heading">
        <h2 id="heading">${t('rescue.heading')}</h2>
        <button
          class="icon close"
          aria-label=${t('rescue.close')}
          title=${t('rescue.close')}
          @click=${this.#close}
        >
          ${cross}
        </button>
        <p id="reason">${isMissing ? this.#renderReason() : t('rescue.nothingMissing')}</p>
      </div>
      ${isMissing ? this.#renderChanges(unsaved) : nothing}
      ${this.isDiscarding && isMissing ? this.#renderQuestion() : this.#renderActs(unsaved, isMissing)}
    </div>`
  }

  #renderReason(): string {
    const { reason, mayReapply } = this
    return t(mayReapply ? 'rescue.reasonAndWayBack' : 'rescue.reason', { reason })
  }

  #renderChanges({ title, lines }: UnsavedText): TemplateResult {
    return html`<div class="changes" role="group" aria-label=${t('rescue.changes')} tabindex="0">
      ${title.length > 0 ? html`<p class="title"><small>${t('rescue.title')}</small> <bdi>${title.map(renderPart)}</bdi></p>` : nothing}
      ${foldLines(lines).map((row) => this.#renderRow(row))}
    </div>`
  }

  #renderRow(row: Row): TemplateResult {
    switch (row.type) {
      case 'folded':
        return html`<p class="folded">${t('rescue.folded', { count: row.count })}</p>`
      case 'added':
        return html`<ins class="lines" dir=${directionOf(row.lines)}
          >${said('rescue.added')}${textOf(row.lines)}</ins
        >`
      case 'removed':
        return html`<del class="lines" dir=${directionOf(row.lines)}
          >${said('rescue.removed')}${textOf(row.lines)}</del
        >`
      case 'kept':
      case 'changed':
        return html`<div class="lines ${row.type}" dir="auto">${row.parts.map(renderPart)}</div>`
      default:
        return assertNever(row)
    }
  }

  #renderActs(unsaved: UnsavedText, isMissing: boolean): TemplateResult {
    const { title, text } = this.rescue.own
    const words = ownWords(unsaved)
    const acts = [
      ...(isMissing && this.mayReapply
        ? [{ words: t('rescue.reapply'), act: () => this.#leave('reapply') }]
        : []),
      ...(words === '' || words === text.trim()
        ? []
        : [{ words: t('rescue.copyOwn'), act: () => this.#copy(words, t('rescue.copiedOwn')) }]),
      ...(text === ''
        ? []
        : [
            { words: t('rescue.copyWhole'), act: () => this.#copy(text, t('rescue.copiedWhole')) },
            { words: t('rescue.download'), act: () => this.download(textFileName(title), text) },
          ]),
    ]
    return html`<div class="ending">
      ${acts.map(
        ({ words: name, act }, index) =>
          html`<button class=${index === 0 ? 'primary' : 'outlined'} @click=${act}>${name}</button>`,
      )}
      ${
        isMissing && this.mayDiscard
          ? html`<button class="bare apart discard" @click=${() => this.#turnTo({ isDiscarding: true })}>
              ${t('rescue.discard')}
            </button>`
          : nothing
      }
    </div>`
  }

  #renderQuestion(): TemplateResult {
    return html`<div class="question">
      <p>${t('rescue.discardQuestion')}</p>
      <div class="ending">
        <button class="primary" @click=${() => this.#leave('discard')}>${t('rescue.discardYes')}</button>
        <button class="bare keep" @click=${() => this.#turnTo({ isDiscarding: false })}>
          ${t('rescue.keep')}
        </button>
      </div>
    </div>`
  }

  /** Whoever works by keyboard goes on where the question is, on the answer that costs nothing, and comes back. */
  async #turnTo({ isDiscarding }: { readonly isDiscarding: boolean }): Promise<void> {
    this.isDiscarding = isDiscarding
    await this.updateComplete
    this.#focus(isDiscarding ? '.keep' : '.discard')
  }

  #leave(event: 'reapply' | 'discard'): void {
    this.#close()
    this.dispatchEvent(new Event(event))
  }

  async #copy(text: string, done: string): Promise<void> {
    const isCopied = await this.copy(text)
    const words = isCopied ? done : t('rescue.notCopied')
    this.renderRoot.querySelector('quire-toast')?.say(words)
  }

  #focus(selector: string): void {
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus()
  }

  #close(): void {
    this.#dialog?.close()
  }

  /** The dialog's page covers all of it, so what hits the dialog itself has hit what lies around it. */
  #closeFromOutside(event: MouseEvent): void {
    if (event.target === this.#dialog) this.#close()
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }
}

/** Said to whoever does not see how a text is marked. */
function said(key: 'rescue.added' | 'rescue.removed'): TemplateResult {
  return html`<span class="unseen">${t(key)} </span>`
}

function renderPart(part: ShownPart): TemplateResult | string {
  switch (part.type) {
    case 'added':
      return html`<ins>${said('rescue.added')}${part.text}</ins>`
    case 'removed':
      return html`<del>${said('rescue.removed')}${part.text}</del>`
    case 'folded':
      return html`<span class="folded"> … </span>`
    case 'kept':
      return part.text
    default:
      return assertNever(part)
  }
}

/** A browser that finds the direction of each paragraph by itself takes the square of its length; beyond this, it is to find one for all. */
const maxParagraphUnits = 20_000

function directionOf(lines: readonly string[]): 'auto' | typeof nothing {
  return lines.some(({ length }) => length > maxParagraphUnits) ? 'auto' : nothing
}

/** Ends with a line break, without which a last empty line would not be shown. */
function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

customElements.define('quire-rescue', QuireRescue)

declare global {
  interface HTMLElementTagNameMap {
    'quire-rescue': QuireRescue
  }
}
