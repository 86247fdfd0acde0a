/** `<quire-sheet>`: a document within somebody else's page: its text, and beneath it whether it is saved and who is here. */
import { assertNever } from '@quire/protocol'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { copyText } from '../browser/copy-text.ts'
import { downloadText } from '../browser/download-text.ts'
import { Company } from '../controllers/company.ts'
import { describeEnding } from '../controllers/describe-ending.ts'
import { focusGoesOn } from '../controllers/focus-goes-on.ts'
import type { OpenDocuments } from '../controllers/open-documents.ts'
import type { Pass } from '../controllers/route.ts'
import type { SaveState } from '../controllers/save-state.ts'
import { SessionController, type Stage } from '../controllers/session-controller.ts'
import { controls } from '../look/controls.ts'
import { LocalStoreError } from '../session/local-store.ts'
import type { Rescue } from '../session/rescue.ts'
import { t } from '../words/index.ts'
import type { DocumentSession, Person } from '../session/session.ts'
import { guestHere } from './documents.ts'
import '../components/quire-people.ts'
import '../components/quire-rescue.ts'
import '../components/quire-text.ts'
import '../components/quire-toast.ts'
import type { QuireText } from '../components/quire-text.ts'

const nobody: readonly number[] = []

/** Fires `sheet-change` after each rendering. */
export class QuireSheet extends LitElement {
  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true }
  static override properties = {
    documents: { attribute: false },
    pass: { attribute: false },
    readOnly: { attribute: false },
    label: { attribute: false },
    placeholder: { attribute: false },
    hasStatus: { attribute: false },
    rescue: { state: true },
  }
  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        height: 100%;
      }
      .text {
        display: flex;
        flex: 1;
        flex-direction: column;
        min-height: 0;
      }
      quire-text {
        flex: 1;
        min-height: 0;
      }
      .words {
        margin: 0;
        padding: var(--space-5);
        color: var(--ink-soft);
        text-wrap: pretty;
      }
      footer {
        display: flex;
        flex: none;
        align-items: center;
        gap: var(--space-2);
        min-height: 44px;
        padding-inline: var(--space-4) var(--space-2);
        border-top: 1px solid var(--rule);
        color: var(--ink-soft);
        font-size: var(--step--1);
      }
      .state {
        flex: 1;
        min-width: 0;
      }
      .act {
        color: var(--rubric);
      }
    `,
  ]

  /** Both to be set before the element is put into the page; another document, or person, needs another element. */
  declare documents: OpenDocuments
  declare pass: Pass
  /** Even if the server would let us write. */
  declare readOnly: boolean
  declare label: string
  declare placeholder: string
  declare hasStatus: boolean
  declare private rescue: Rescue | undefined

  readonly #document = new SessionController(
    this,
    () => ({ documents: this.documents, pass: this.pass }),
    // The element around this tells its page of each.
    ({ unsaved }) => [unsaved],
  )
  readonly #company = new Company(this, () => this.#document.session.people)

  constructor() {
    super()
    this.readOnly = false
    this.label = ''
    this.placeholder = ''
    this.hasStatus = true
    this.rescue = undefined
    this.addController(
      focusGoesOn(
        () => this.text ?? null,
        () => void this.text?.updateComplete.then(() => this.text?.focus()),
      ),
    )
  }

  get session(): DocumentSession {
    return this.#document.session
  }

  get stage(): Stage {
    return this.#document.stage
  }

  get saveState(): SaveState {
    return this.#document.saveState
  }

  /** Undefined while there is no text to be shown. */
  get text(): QuireText | undefined {
    return this.renderRoot.querySelector('quire-text') ?? undefined
  }

  get isEditable(): boolean {
    const { stage } = this
    return stage.type === 'open' && stage.editable && !this.readOnly
  }

  override render(): TemplateResult {
    return html`<div class="text" part="text">${this.#renderText()}</div>
      ${this.hasStatus ? this.#renderStatus() : nothing} ${this.#renderRescue()}
      <quire-toast></quire-toast>`
  }

  protected override updated(): void {
    this.dispatchEvent(new CustomEvent('sheet-change'))
  }

  #renderText(): TemplateResult {
    const { stage, session } = this
    switch (stage.type) {
      case 'opening':
        return html`<p class="words">${t('document.opening')}</p>`
      case 'waiting':
        return html`<p class="words">${t('document.unreached')}. ${t('document.waiting')}</p>`
      case 'closed':
        return html`<p class="words">${describeEnding(stage.ending).words}</p>`
      case 'open':
      case 'stopped':
        return html`<quire-text
          .text=${session.text}
          .awareness=${session.awareness}
          .readOnly=${!this.isEditable}
          .followed=${this.#company.followed?.clientIds ?? nobody}
          @carets-change=${(event: CustomEvent<ReadonlySet<number>>) => this.#company.caretsChanged(event.detail)}
          @follow-end=${() => this.#company.follow(undefined)}
          .label=${this.label}
          .placeholder=${this.placeholder}
        ></quire-text>`
      default:
        return assertNever(stage)
    }
  }

  #renderStatus(): TemplateResult {
    const { session, stage } = this
    const { saveState, announcement, rescueReason } = this.#document
    return html`<footer part="status">
      <span class="state">
        <span class=${saveState.tone} aria-hidden=${announcement ? 'true' : nothing}>${saveState.words}</span>
        <span role="status" class="unseen">${announcement}</span>
        ${
          rescueReason
            ? html`<button class="outlined" @click=${() => void this.#showRescue()}>
                ${t('document.showText')}
              </button>`
            : nothing
        }
      </span>
      ${
        stage.type === 'open'
          ? html`<quire-people
              .people=${session.people}
              .isComplete=${session.state.type === 'live'}
              .mayRename=${session.mayRename}
              .carets=${this.#company.carets}
              .followed=${this.#company.followed}
              @rename=${({ detail }: CustomEvent<string>) => guestHere().rename(detail)}
              @jump=${({ detail }: CustomEvent<Person>) => this.text?.jumpTo(detail.clientIds)}
              @follow=${(event: CustomEvent<Person | undefined>) => this.#company.follow(event.detail)}
            ></quire-people>`
          : nothing
      }
    </footer>`
  }

  #renderRescue(): TemplateResult | typeof nothing {
    if (!this.rescue) return nothing
    const { session, rescueReason, mayReapply } = this.#document
    return html`<quire-rescue
      .rescue=${this.rescue}
      .reason=${rescueReason ?? ''}
      .mayReapply=${mayReapply}
      .mayDiscard=${true}
      .copy=${copyText}
      .download=${downloadText}
      @reapply=${() => void this.#withWhatIsKept(() => session.reapply())}
      @discard=${() => void this.#withWhatIsKept(() => session.discard())}
    ></quire-rescue>`
  }

  async #showRescue(): Promise<void> {
    await this.#withWhatIsKept(async () => {
      this.rescue = await this.session.rescue()
      await this.updateComplete
      await this.renderRoot.querySelector('quire-rescue')?.show()
    })
  }

  /** What is saved is read from this device, which may fail. */
  async #withWhatIsKept(act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      if (!(error instanceof LocalStoreError)) throw error
      this.renderRoot.querySelector('quire-toast')?.say(t('document.unreadable'))
    }
  }
}

customElements.define('quire-sheet', QuireSheet)

declare global {
  interface HTMLElementTagNameMap {
    'quire-sheet': QuireSheet
  }
}
