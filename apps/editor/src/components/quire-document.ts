/** `<quire-document>`: one document: the bar with its title, its save state and its people, and the text beneath. */
import { assertNever, type Role } from '@quire/protocol'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { Company } from '../controllers/company.ts'
import { describeEnding } from '../controllers/describe-ending.ts'
import { pageTitle } from '../controllers/page-title.ts'
import type { Pass } from '../controllers/route.ts'
import { SessionController, type Stage } from '../controllers/session-controller.ts'
import { steadyText } from '../controllers/steady-text.ts'
import type { Surroundings } from '../controllers/surroundings.ts'
import type { Person } from '../session/session.ts'
import { controls } from '../look/controls.ts'
import { LocalStoreError } from '../session/local-store.ts'
import type { Rescue } from '../session/rescue.ts'
import { t } from '../words/index.ts'
import { mark, reading } from './icons.ts'
import './quire-dead-end.ts'
import './quire-editor.ts'
import './quire-following.ts'
import './quire-people.ts'
import './quire-rescue.ts'
import './quire-share.ts'
import './quire-title.ts'
import './quire-toast.ts'

const nobody: readonly number[] = []

export class QuireDocument extends LitElement {
  static override properties = {
    surroundings: { attribute: false },
    pass: { attribute: false },
    rescue: { state: true },
    isPreviewing: { state: true },
  }
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      .page {
        display: flex;
        flex-direction: column;
        height: 100dvh;
      }
      header {
        display: grid;
        grid-template: 'home title state people preview share' auto / auto minmax(0, max-content) minmax(
            0,
            1fr
          ) auto auto auto;
        flex: none;
        align-items: center;
        gap: 0 var(--space-2);
        min-height: var(--bar);
        padding: 0 var(--space-4) 0 var(--space-2);
      }
      .home {
        display: grid;
        grid-area: home;
        place-items: center;
        width: 36px;
        height: 44px;
        border-radius: var(--radius);
        color: var(--ink);
      }
      .home svg {
        width: 22px;
        height: 22px;
      }
      h1 {
        grid-area: title;
        max-width: 36ch;
        min-width: 0;
        margin: 0 0 0 calc(-1 * var(--space-1));
        font: inherit;
      }
      .state {
        grid-area: state;
        color: var(--ink-soft);
        font-size: var(--step--1);
        line-height: 1.35;
        text-wrap: pretty;
      }
      .act {
        color: var(--rubric);
      }
      .state button {
        display: inline;
        position: relative;
        min-height: 0;
        padding: 0;
        border: 0;
        background: none;
        font-size: inherit;
        text-decoration: underline;
        text-decoration-color: var(--rubric);
        text-underline-offset: 3px;
      }
      .state button::after {
        position: absolute;
        inset: -4px -8px -16px;
        content: '';
      }
      quire-people {
        grid-area: people;
      }
      quire-share {
        grid-area: share;
      }
      .preview {
        grid-area: preview;
      }
      .preview[aria-pressed='true'] {
        background: var(--rule);
        color: var(--ink);
      }
      main {
        display: grid;
        grid-auto-columns: minmax(0, 1fr);
        grid-auto-flow: column;
        flex: 1;
        min-height: 0;
      }
      quire-preview {
        height: 100%;
        border-inline-start: 1px solid var(--rule);
      }
      quire-editor {
        height: 100%;
      }
      .waiting {
        max-width: calc(var(--measure) + 2 * var(--space-5));
        margin: 0 auto;
        padding: var(--space-6) var(--space-5);
        color: var(--ink-soft);
        font: var(--step-1) / 1.72 var(--prose);
        text-wrap: pretty;
      }
      .waiting p {
        margin: 0;
      }
      /* Most documents open before anyone could read that they do. */
      .opening {
        animation: appear 160ms ease-out 300ms backwards;
      }
      @keyframes appear {
        from {
          opacity: 0;
        }
      }
      /* Two columns of a readable width, or one. */
      @media (max-width: 60em) {
        .previewing quire-editor {
          display: none;
        }
        quire-preview {
          border: 0;
        }
      }
      @media print {
        .previewing {
          height: auto;
        }
        .previewing :is(header, quire-editor, quire-following, quire-toast) {
          display: none;
        }
        quire-preview {
          border: 0;
        }
      }
      /* In em, so that whoever has set larger letters is not left with a column of single words. */
      @media (max-width: 54em) {
        header {
          grid-template:
            'home title people preview share' auto
            'home state people preview share' auto / auto minmax(0, 1fr) auto auto auto;
          /* Everything hangs from the top, so that a longer sentence moves nothing beside it. */
          align-items: start;
          align-content: start;
          padding-block: var(--space-1);
        }
        h1 {
          max-width: none;
          margin-bottom: -2px;
        }
        quire-share,
        .preview {
          margin-top: var(--space-1);
        }
        .state {
          padding: 0 0 var(--space-1) 2px;
          font-size: 0.75rem;
          line-height: 1.25;
        }
      }
      @media (max-width: 600px) {
        header {
          gap: 0 var(--space-1);
          padding: 2px var(--space-3) 2px var(--space-1);
        }
        /* The title then begins where the text does. */
        header:not(:has(.home)) {
          padding-left: calc(var(--space-3) - 2px);
        }
        .preview {
          min-height: 36px;
        }
        .waiting {
          padding: var(--space-5) var(--space-4);
        }
      }
      @media (max-width: 20em) {
        header {
          grid-template:
            'home title people preview share' auto
            'state state state state state' auto / auto minmax(0, 1fr) auto auto auto;
        }
        .state {
          padding-left: var(--space-2);
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .opening {
          animation: none;
        }
      }
    `,
  ]

  /** Both to be set before the element is put into the page; another document, or person, needs another element. */
  declare surroundings: Surroundings
  declare pass: Pass
  /** What was last looked at of it. */
  declare private rescue: Rescue | undefined
  declare private isPreviewing: boolean

  readonly #document = new SessionController(this, () => ({
    documents: this.surroundings.documents,
    pass: this.pass,
  }))
  readonly #company = new Company(this, () => this.#document.session.people)
  #hasShownText = false

  constructor() {
    super()
    this.isPreviewing = false
    this.addController(
      steadyText(() => ({
        bar: this.renderRoot.querySelector('header'),
        text: this.renderRoot.querySelector('quire-editor'),
      })),
    )
    this.addController(
      pageTitle(() =>
        this.#document.stage.type === 'closed' ? undefined : this.#document.session.title || 'Untitled',
      ),
    )
  }

  override render(): TemplateResult {
    const { stage } = this.#document
    return stage.type === 'closed'
      ? this.#renderClosed(stage)
      : html`<div class=${this.isPreviewing ? 'page previewing' : 'page'} @keydown=${this.#keyPressed}>
            <header>${this.#renderBar(stage)}</header>
            <main>${this.#renderMain(stage)}</main>
          </div>
          <quire-following
            .person=${this.#company.followed}
            @stop=${() => this.#company.follow(undefined)}
          ></quire-following>
          ${this.#renderRescue()}
          <quire-toast></quire-toast>`
  }

  protected override updated(): void {
    const { stage, session } = this.#document
    if (this.#hasShownText || stage.type !== 'open') return
    this.#hasShownText = true
    // Whoever opens an empty page has come to write; whoever opens a text may have come to read.
    if (stage.editable && session.text.length === 0) void this.#focusText()
  }

  #renderBar(stage: Stage): TemplateResult {
    const { session } = this.#document
    const isEditable = stage.type === 'open' && stage.editable
    return html`${this.#renderHome()}
      <h1>
        <quire-title
          .value=${session.title}
          .readOnly=${!isEditable}
          @title-change=${(event: CustomEvent<string>) => session.setTitle(event.detail)}
          @title-done=${() => void this.#focusText()}
        ></quire-title>
      </h1>
      ${this.#renderState(stage)}
      ${
        stage.type === 'open'
          ? html`<quire-people
                .people=${session.people}
                .isComplete=${session.state.type === 'live'}
                .mayRename=${session.mayRename}
                .carets=${this.#company.carets}
                .followed=${this.#company.followed}
                @rename=${this.#rename}
                @jump=${this.#jump}
                @follow=${(event: CustomEvent<Person | undefined>) => this.#company.follow(event.detail)}
              ></quire-people>
              ${this.#renderPreviewButton()} ${this.#renderShare(stage.role)}`
          : nothing
      }`
  }

  /** Whoever was let in by another application is at home there. */
  #renderHome(): TemplateResult | typeof nothing {
    if (this.pass.type === 'token') return nothing
    return html`<a class="home" href="/" aria-label="Quire, start page" title="Start page">${mark}</a>`
  }

  #renderPreviewButton(): TemplateResult {
    return html`<button
      class="preview icon"
      aria-pressed=${this.isPreviewing}
      aria-label=${t('preview.open')}
      aria-keyshortcuts="Control+Shift+V Meta+Shift+V"
      title=${t(this.isPreviewing ? 'preview.close' : 'preview.open')}
      @click=${() => void this.#togglePreview()}
    >
      ${reading}
    </button>`
  }

  /** A token lets in one person; whom else is for the application to say that made it. */
  #renderShare(role: Role): TemplateResult | typeof nothing {
    if (this.pass.type === 'token') return nothing
    return html`<quire-share
      .surroundings=${this.surroundings}
      .link=${this.pass}
      .access=${role}
      .documentTitle=${this.#document.session.title}
    ></quire-share>`
  }

  #renderState(stage: Stage): TemplateResult {
    const { saveState, announcement, rescueReason } = this.#document
    const isOutdated = stage.type === 'stopped' && stage.ending === 'version'
    // What is spoken stands in a place of its own, so that a screen reader hears of trouble and not of every word saved.
    return html`<div class="state">
      <span class=${saveState.tone} aria-hidden=${announcement ? 'true' : nothing}>${saveState.words}</span>
      <span role="status" class="unseen">${announcement}</span>
      ${rescueReason ? html`<button @click=${() => void this.#showRescue()}>Show my text</button>` : nothing}
      ${isOutdated ? html`<button @click=${this.#reload}>Reload</button>` : nothing}
    </div>`
  }

  #renderRescue(): TemplateResult | typeof nothing {
    if (!this.rescue) return nothing
    const { session, rescueReason, mayReapply } = this.#document
    const { copy, download } = this.surroundings
    return html`<quire-rescue
      .rescue=${this.rescue}
      .reason=${rescueReason ?? ''}
      .mayReapply=${mayReapply}
      .mayDiscard=${true}
      .copy=${copy}
      .download=${download}
      @reapply=${() => void this.#withWhatIsKept(() => session.reapply())}
      @discard=${() => void this.#withWhatIsKept(() => session.discard())}
    ></quire-rescue>`
  }

  #renderMain(stage: Exclude<Stage, { type: 'closed' }>): TemplateResult {
    const { session } = this.#document
    switch (stage.type) {
      case 'opening':
        return html`<div class="waiting opening"><p>Opening…</p></div>`
      case 'waiting':
        return html`<div class="waiting">
          <p>
            The server cannot be reached, so the text is not here yet. It opens by itself once you are
            connected.
          </p>
        </div>`
      case 'open':
      case 'stopped': {
        const isEditable = stage.type === 'open' && stage.editable
        return html`<quire-editor
            .text=${session.text}
            .awareness=${session.awareness}
            .readOnly=${!isEditable}
            .followed=${this.#company.followed?.clientIds ?? nobody}
            @carets-change=${(event: CustomEvent<ReadonlySet<number>>) => this.#company.caretsChanged(event.detail)}
            @follow-end=${() => this.#company.follow(undefined)}
            @scroll-line=${this.#textScrolled}
            label="Text"
            placeholder=${stage.role === 'view' ? 'Nothing is written here yet.' : 'Start writing…'}
          ></quire-editor>
          ${
            this.isPreviewing
              ? html`<quire-preview
                  .text=${session.text}
                  @scroll-line=${this.#previewScrolled}
                  @preview-leave=${() => void this.#togglePreview()}
                ></quire-preview>`
              : nothing
          }`
      }
      default:
        return assertNever(stage)
    }
  }

  #renderClosed({ ending }: Extract<Stage, { type: 'closed' }>): TemplateResult {
    const { heading, words } = describeEnding(ending)
    return html`<quire-dead-end .heading=${heading} .hasStart=${this.pass.type === 'link'}>
      ${words}
      ${
        ending === 'version'
          ? html`<button slot="way" class="outlined" @click=${this.#reload}>Reload</button>`
          : nothing
      }
    </quire-dead-end>`
  }

  /** Its code is fetched with its first use. */
  async #togglePreview(): Promise<void> {
    if (this.isPreviewing) {
      this.isPreviewing = false
      await this.updateComplete
      await this.#focusText()
      return
    }
    await import('./quire-preview.ts')
    const line = this.renderRoot.querySelector('quire-editor')?.topLine ?? 0
    this.isPreviewing = true
    await this.updateComplete
    this.renderRoot.querySelector('quire-preview')?.scrollToLine(line)
  }

  #textScrolled({ detail }: CustomEvent<number>): void {
    this.renderRoot.querySelector('quire-preview')?.scrollToLine(detail)
  }

  #previewScrolled({ detail }: CustomEvent<number>): void {
    this.renderRoot.querySelector('quire-editor')?.scrollToLine(detail)
  }

  #keyPressed(event: KeyboardEvent): void {
    if (!event.ctrlKey && !event.metaKey) return
    const key = event.key.toLowerCase()
    const preview = this.renderRoot.querySelector('quire-preview')
    if (key === 'v' && event.shiftKey) void this.#togglePreview()
    else if (key === 'p' && !event.shiftKey && preview) preview.print()
    else return
    event.preventDefault()
  }

  #rename(event: CustomEvent<string>): void {
    this.surroundings.guest.rename(event.detail)
  }

  #jump({ detail }: CustomEvent<Person>): void {
    this.renderRoot.querySelector('quire-editor')?.jumpTo(detail.clientIds)
  }

  #reload(): void {
    this.surroundings.address.reload()
  }

  async #showRescue(): Promise<void> {
    await this.#withWhatIsKept(async () => {
      this.rescue = await this.#document.session.rescue()
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
      const words =
        'This device does not give back what it keeps just now. Your text is still here: try again.'
      this.renderRoot.querySelector('quire-toast')?.say(words)
    }
  }

  async #focusText(): Promise<void> {
    const editor = this.renderRoot.querySelector('quire-editor')
    await editor?.updateComplete
    editor?.focus()
  }
}

customElements.define('quire-document', QuireDocument)

declare global {
  interface HTMLElementTagNameMap {
    'quire-document': QuireDocument
  }
}
