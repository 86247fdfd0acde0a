/** `<quire-document>`: one document: the bar with its title, its save state and its people, and the text beneath. */
import { assertNever, type Role } from '@quire/protocol'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { Company } from '../controllers/company.ts'
import type { ShownDocument } from '../controllers/document-actions.ts'
import { describeEnding } from '../controllers/describe-ending.ts'
import { focusGoesOn } from '../controllers/focus-goes-on.ts'
import { follow } from '../controllers/follow.ts'
import { isPressed, paletteKeys } from '../controllers/key-names.ts'
import { LazyParts } from '../controllers/lazy-parts.ts'
import { MediaQuery } from '../controllers/media-query.ts'
import type { PageCommand } from '../controllers/page-commands.ts'
import { remember } from '../controllers/remember.ts'
import { pageTitle } from '../controllers/page-title.ts'
import { forEditor, measures } from '../controllers/settings.ts'
import type { Pass } from '../controllers/route.ts'
import { SessionController, type Stage } from '../controllers/session-controller.ts'
import { steadyText } from '../controllers/steady-text.ts'
import type { Surroundings } from '../controllers/surroundings.ts'
import { whenIdle } from '../controllers/when-idle.ts'
import { wholeOnPaper } from '../controllers/whole-on-paper.ts'
import { loadCommands, type Counts, type EditorCommand, type ReadingPlace } from '../editor/index.ts'
import type { Person } from '../session/session.ts'
import { controls } from '../look/controls.ts'
import { LocalStoreError } from '../session/local-store.ts'
import type { Rescue } from '../session/rescue.ts'
import { t } from '../words/index.ts'
import { documentStyles } from './document-styles.ts'
import { mark, reading } from './icons.ts'
import './quire-dead-end.ts'
import { OutlinePane } from './outline-pane.ts'
import type { QuirePreview } from './quire-preview.ts'
import type { QuireText } from './quire-text.ts'
import './quire-text.ts'
import './quire-title.ts'
import type { ToastAction } from './quire-toast.ts'
import './quire-toast.ts'
import { ReadingPane } from './reading-pane.ts'
import type { Tool } from './quire-tools.ts'

const nobody: readonly number[] = []

type OpenStage = Extract<Stage, { type: 'open' }>
/** There is nothing to see of the document. */
type DeadEnd = Extract<Stage, { type: 'closed' | 'waiting' }>

function isDeadEnd(stage: Stage): stage is DeadEnd {
  return stage.type === 'closed' || stage.type === 'waiting'
}

function hasText(stage: Stage): stage is Extract<Stage, { type: 'open' | 'stopped' }> {
  return stage.type === 'open' || stage.type === 'stopped'
}

type DocumentBar = typeof import('./document-bar.ts')

/** What can be done with the document now. */
interface Commands {
  readonly menu: readonly (readonly PageCommand[])[]
  readonly all: readonly PageCommand[]
}

export class QuireDocument extends LitElement {
  static override properties = {
    surroundings: { attribute: false },
    pass: { attribute: false },
    rescue: { state: true },
    counts: { state: true },
    editorCommands: { state: true },
  }
  static override styles = [controls, documentStyles]

  /** Both to be set before the element is put into the page; another document, or person, needs another element. */
  declare surroundings: Surroundings
  declare pass: Pass
  /** What was last looked at of it. */
  declare private rescue: Rescue | undefined
  declare private counts: Counts | undefined
  declare private editorCommands: readonly EditorCommand[]

  readonly #document = new SessionController(this, () => ({
    documents: this.surroundings.documents,
    pass: this.pass,
  }))
  readonly #company = new Company(this, () => this.#document.session.people)
  /** Undefined until it is here. */
  #bar: DocumentBar | undefined
  readonly #parts = new LazyParts(this, {
    bar: async () => {
      this.#bar = await import('./document-bar.ts')
    },
    share: () => import('./quire-share.ts'),
    rescue: () => import('./quire-rescue.ts'),
    outline: () => import('./quire-outline.ts'),
    preview: () => import('./quire-preview.ts'),
    touch: () => import('./quire-touch-bar.ts'),
  })
  readonly #reading = new ReadingPane(this, {
    fetch: () => this.#fetch('preview'),
    editor: () => this.#editor,
    shown: () => this.#asRead(),
  })
  readonly #outline = new OutlinePane(this, {
    fetch: () => this.#fetch('outline'),
    lines: () => this.#editor?.lines ?? [],
    topLine: () => this.#reading.line ?? this.#editor?.topLine ?? 0,
    focusText: () => this.#focusText(),
    headingsOf: (lines) => this.#bar?.headingsOf(lines) ?? [],
  })
  readonly #isWide = new MediaQuery(this, '(min-width: 60em)')
  // What shows these draws them anew when they are others, and something changes here with every key.
  readonly #shownAs = remember((role: Role, pass: Pass, title: string, language: string): ShownDocument => ({
    surroundings: this.surroundings,
    pass,
    role,
    title,
    language,
    text: () => this.#editor?.value ?? '',
    rendered: (purpose) =>
      this.#bar?.renderRead(this.#reading, purpose) ?? Promise.reject(new Error('asked too early')),
    place: () => this.#editor?.linkedPlace,
    say: (words) => this.#say(words),
  }))
  readonly #commandsOf = remember((bar: DocumentBar | undefined, shown: ShownDocument): Commands => {
    const groups =
      bar?.documentCommands(shown, {
        share: () => void this.#show('share'),
        open: (tool) => void this.#open(tool),
        ask: async (question) => (await this.renderRoot.querySelector('quire-tools')?.ask(question)) ?? false,
        preview: () => void this.#reading.toggle(),
        outline: () => void this.#outline.toggle(),
        print: () => void bar.printRead(this.#reading),
        focusTitle: () => this.renderRoot.querySelector('quire-title')?.focus(),
        setLanguage: (id) => this.#setLanguage(id),
        saySaved: () => this.#say(this.#document.saveState.words),
      }) ?? []
    return {
      menu: groups.flatMap(({ inMenu, commands }) => (inMenu ? [commands] : [])),
      all: groups.flatMap(({ commands }) => commands),
    }
  })
  /** Those of the editor are fetched with what shows them. */
  readonly #textCommands = remember(
    (all: readonly EditorCommand[], editable: boolean): readonly PageCommand[] => {
      const { isApple } = this.surroundings.platform
      return all
        .filter(({ writes }) => editable || !writes)
        .map((command) => {
          const { id, keys } = command
          const key = (isApple ? keys?.mac : undefined) ?? keys?.key
          return {
            id,
            title: command.title(),
            keys: key === undefined ? [] : [key],
            run: () => this.#runInText(command),
          }
        })
    },
  )
  readonly #languages = remember(
    (bar: DocumentBar | undefined, language: string) => bar?.languagesWith(language) ?? [],
  )
  #hasShownText = false
  /** When the text was last drawn. */
  #couldOnlyRead = false
  /** The key of the palette was pressed before there was anything to listen to it. */
  #wantsPalette = false
  /** Where the link leads, until that has been shown. */
  #placeToShow: string | undefined

  constructor() {
    super()
    this.editorCommands = []
    this.addController(follow(this, () => [this.surroundings.settings]))
    this.addController(
      focusGoesOn(
        () => this.#editor,
        () => void this.#focusText(),
      ),
    )
    this.addController(
      steadyText(() => ({
        bar: this.renderRoot.querySelector('header'),
        text: this.renderRoot.querySelector('quire-text'),
      })),
    )
    this.addController(
      wholeOnPaper(
        () => this.renderRoot.querySelector('.paper'),
        () => this.#editor?.value ?? '',
      ),
    )
    this.addController(
      pageTitle(() => {
        const { stage, session } = this.#document
        return isDeadEnd(stage) ? undefined : session.title || t('app.untitled')
      }),
    )
  }

  override connectedCallback(): void {
    super.connectedCallback()
    document.addEventListener('keydown', this.#pressed)
    void this.#parts.fetch('bar')
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.removeEventListener('keydown', this.#pressed)
  }

  override render(): TemplateResult {
    const { stage } = this.#document
    const { language } = this.#asRead()
    return isDeadEnd(stage)
      ? this.#renderDeadEnd(stage)
      : html`<div class=${this.#reading.isOpen ? 'page previewing' : 'page'}>
            <header>${this.#renderBar(stage)}</header>
            <main .style=${`--measure: ${measures[this.surroundings.settings.current.width]}`}>
              ${this.#renderOutline(stage)}${this.#renderMain(stage)}
            </main>
            ${this.#renderStatus(stage)} ${this.#renderTouchBar(stage)}
          </div>
          <quire-following
            .person=${this.#company.followed}
            @stop=${() => this.#company.follow(undefined)}
          ></quire-following>
          ${this.#renderRescue()} ${this.#renderTools(stage)}
          <quire-toast></quire-toast>
          <pre class=${language === 'markdown' || language === 'text' ? 'paper' : 'paper code'}></pre>`
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('pass')) this.#placeToShow = this.pass.type === 'link' ? this.pass.place : undefined
  }

  protected override updated(): void {
    const { stage, session } = this.#document
    if (stage.type === 'open') {
      void this.#showPlace()
      if (this.#couldOnlyRead && stage.editable) this.#say(t('document.mayWrite'))
      this.#couldOnlyRead = !stage.editable
    }
    if (stage.type === 'open' && this.#bar && this.#wantsPalette) {
      this.#wantsPalette = false
      void this.#open('palette')
    }
    if (this.#hasShownText || stage.type !== 'open') return
    this.#hasShownText = true
    // What may be wanted when there is no network any more.
    whenIdle(() => void this.#prepare())
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
          ? html`<div class="ends">
              <quire-people
                .people=${session.people}
                .isComplete=${session.state.type === 'live'}
                .mayRename=${session.mayRename}
                .carets=${this.#company.carets}
                .followed=${this.#company.followed}
                @rename=${this.#rename}
                @jump=${this.#jump}
                @follow=${(event: CustomEvent<Person | undefined>) => this.#company.follow(event.detail)}
              ></quire-people>
              ${this.#renderPreviewButton()} ${this.#renderShare(stage.role)} ${this.#renderMore(stage)}
            </div>`
          : nothing
      }`
  }

  /** Whoever was let in by another application is at home there. */
  #renderHome(): TemplateResult | typeof nothing {
    if (this.pass.type === 'token') return nothing
    return html`<a class="home" href="/" aria-label=${t('document.startLabel')} title=${t('document.start')}
      >${mark}</a
    >`
  }

  #renderPreviewButton(): TemplateResult {
    return html`<button
      class="preview icon"
      aria-pressed=${this.#reading.isOpen}
      aria-label=${t('preview.open')}
      title=${t(this.#reading.isOpen ? 'preview.close' : 'preview.open')}
      @click=${() => void this.#reading.toggle()}
    >
      ${reading}
    </button>`
  }

  /** A token lets in one person; whom else is for the application to say that made it. */
  #renderShare(role: Role): TemplateResult | typeof nothing {
    if (this.pass.type === 'token') return nothing
    return html`<button class="primary share" aria-haspopup="dialog" @click=${() => void this.#show('share')}>
        ${t('share.open')}
      </button>
      ${
        this.#parts.state('share') === 'yes'
          ? html`<quire-share
              .surroundings=${this.surroundings}
              .link=${this.pass}
              .access=${role}
              .documentTitle=${this.#document.session.title}
            ></quire-share>`
          : nothing
      }`
  }

  #renderMore(stage: OpenStage): TemplateResult {
    const { counts } = this
    return html`<quire-more
      .groups=${this.#commands(stage).menu}
      .platform=${this.surroundings.platform}
      .note=${counts ? t('status.words', { count: counts.words }) : ''}
    ></quire-more>`
  }

  #renderOutline(stage: Stage): TemplateResult | typeof nothing {
    if (!this.#outline.isOpen || this.#parts.state('outline') !== 'yes' || !hasText(stage)) return nothing
    const isBeside = this.#isWide.matches
    return html`<quire-outline
      class=${isBeside ? 'beside' : ''}
      .isBeside=${isBeside}
      .isMarkdown=${this.#asRead().language === 'markdown'}
      .headings=${this.#outline.headings}
      @go-to-line=${({ detail }: CustomEvent<number>) => this.#reading.goToLine(detail)}
      @close=${() => void this.#outline.close()}
    ></quire-outline>`
  }

  #renderStatus(stage: Stage): TemplateResult | typeof nothing {
    if (!hasText(stage)) return nothing
    const { session } = this.#document
    return html`<quire-status
      .counts=${this.counts}
      .languages=${this.#languages(this.#bar, session.language)}
      .language=${session.language}
      .readOnly=${stage.type !== 'open' || !stage.editable}
      @go-to-line=${() => void this.#goToLine()}
      @language-choose=${({ detail }: CustomEvent<string>) => this.#setLanguage(detail)}
    ></quire-status>`
  }

  #renderTouchBar(stage: Stage): TemplateResult | typeof nothing {
    if (this.#parts.state('touch') !== 'yes' || stage.type !== 'open' || !stage.editable) return nothing
    return html`<quire-touch-bar
      .pageCommands=${this.#commands(stage).all}
      .textCommands=${this.#textCommands(this.editorCommands, true)}
      .isMarkdown=${this.#asRead().language === 'markdown'}
    ></quire-touch-bar>`
  }

  #renderTools(stage: Stage): TemplateResult | typeof nothing {
    if (stage.type !== 'open') return nothing
    return html`<quire-tools
      .surroundings=${this.surroundings}
      .pageCommands=${this.#commands(stage).all}
      .textCommands=${this.#textCommands(this.editorCommands, stage.editable)}
    ></quire-tools>`
  }

  #commands(stage: OpenStage): Commands {
    return this.#commandsOf(this.#bar, this.#shown(stage))
  }

  /** Once all is there, `<quire-tools>` knows its keys. */
  readonly #pressed = (event: KeyboardEvent): void => {
    const { type } = this.#document.stage
    const isEarly = type === 'opening' || (type === 'open' && !this.#bar)
    const { platform } = this.surroundings
    if (!isEarly || !paletteKeys(platform).some((key) => isPressed(event, key, platform))) return
    event.preventDefault()
    this.#wantsPalette = true
  }

  #typedInVain(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, altKey, defaultPrevented } = event
    // A space turns the page.
    const isLetter = key.length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey
    if (isLetter && !defaultPrevented) this.#say(this.#document.saveState.words)
  }

  #runInText(command: EditorCommand): void {
    this.#editor?.focus()
    this.#editor?.run(command)
  }

  async #prepare(): Promise<void> {
    const [isBarHere] = await Promise.all(
      (['bar', 'share', 'rescue'] as const).map((part) => this.#parts.fetch(part)),
    )
    if (isBarHere) await this.renderRoot.querySelector('quire-tools')?.prepare()
    this.editorCommands = await loadCommands().catch(() => this.editorCommands)
    if (this.surroundings.platform.isTouched) void this.#parts.fetch('touch')
  }

  async #open(tool: Tool): Promise<void> {
    if ((tool === 'palette' || tool === 'keys') && !(await this.#fetchCommands())) return
    await this.renderRoot.querySelector('quire-tools')?.open(tool)
  }

  async #goToLine(): Promise<void> {
    if (!(await this.#fetchCommands())) return
    const command = this.editorCommands.find(({ id }) => id === 'go-to-line')
    if (command) this.#runInText(command)
  }

  async #fetchCommands(): Promise<boolean> {
    // What is typed right after the key that opens the palette is meant for it, and not for the text.
    if (this.editorCommands.length > 0) return true
    try {
      this.editorCommands = await loadCommands()
    } catch {
      this.#say(t('do.failed'))
      return false
    }
    await this.updateComplete
    return true
  }

  #shown({ role }: { readonly role: Role }): ShownDocument {
    const { title, language } = this.#document.session
    return this.#shownAs(role, this.pass, title, language)
  }

  #renderState(stage: Stage): TemplateResult {
    const { saveState, announcement, rescueReason } = this.#document
    const isOutdated = stage.type === 'stopped' && stage.ending === 'version'
    const isMissing = stage.type === 'stopped' && stage.ending === 'missing' && !rescueReason
    // What is spoken stands in a place of its own, so that a screen reader hears of trouble and not of every word saved.
    return html`<div class="state">
      <span class=${saveState.tone} aria-hidden=${announcement ? 'true' : nothing}>${saveState.words}</span>
      <span role="status" class="unseen">${announcement}</span>
      ${rescueReason ? html`<button @click=${() => void this.#showRescue()}>${t('document.showText')}</button>` : nothing}
      ${isMissing ? html`<button @click=${() => this.#bar?.downloadAsItIs(this.#shown(stage))}>${t('rescue.download')}</button>` : nothing}
      ${isOutdated ? html`<button @click=${this.#reload}>${t('document.reload')}</button>` : nothing}
    </div>`
  }

  #renderRescue(): TemplateResult | typeof nothing {
    if (!this.rescue || this.#parts.state('rescue') !== 'yes') return nothing
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

  #renderMain(stage: Exclude<Stage, DeadEnd>): TemplateResult {
    const { session } = this.#document
    switch (stage.type) {
      case 'opening':
        return html`<p class="opening">${t('document.opening')}</p>`
      case 'open':
      case 'stopped': {
        const isEditable = stage.type === 'open' && stage.editable
        const settings = this.surroundings.settings.current
        const asRead = this.#asRead()
        return html`<quire-text
            .text=${session.text}
            .awareness=${session.awareness}
            .readOnly=${!isEditable}
            .language=${asRead.language}
            .settings=${guard([settings], () => forEditor(settings))}
            .followed=${this.#company.followed?.clientIds ?? nobody}
            @carets-change=${(event: CustomEvent<ReadonlySet<number>>) => this.#company.caretsChanged(event.detail)}
            @follow-end=${() => this.#company.follow(undefined)}
            @scroll-line=${this.#reading.textScrolled}
            @notice=${({ detail }: CustomEvent<string>) => this.#say(detail)}
            @keydown=${isEditable ? nothing : this.#typedInVain}
            @place-change=${this.#placeChanged}
            @counts-change=${this.#countsChanged}
            label=${t('document.text')}
            placeholder=${t(stage.role === 'view' ? 'document.nothingToRead' : 'document.nothingYet')}
          ></quire-text>
          ${
            this.#reading.isOpen
              ? html`<quire-preview
                  .text=${asRead.text}
                  .language=${asRead.language}
                  .theme=${settings.theme}
                  .pictures=${settings.pictures}
                  .isAlone=${!this.#isWide.matches}
                  @scroll-line=${this.#reading.previewScrolled}
                  @preview-leave=${() => void this.#reading.toggle()}
                  @preview-escape=${this.#reading.escaped}
                  @preview-palette=${() => void this.#open('palette')}
                ></quire-preview>`
              : nothing
          }`
      }
      default:
        return assertNever(stage)
    }
  }

  #renderDeadEnd(stage: DeadEnd): TemplateResult {
    const { heading, words } =
      stage.type === 'waiting'
        ? { heading: t('document.unreached'), words: t('document.waiting') }
        : describeEnding(stage.ending)
    return html`<quire-dead-end .heading=${heading} .hasStart=${this.pass.type === 'link'}>
      ${words} ${this.#renderWayOut(stage)}
    </quire-dead-end>`
  }

  /** Besides the one to the start page. */
  #renderWayOut(stage: DeadEnd): TemplateResult | typeof nothing {
    if (stage.type === 'closed' && stage.ending !== 'version') return nothing
    const [words, go] =
      stage.type === 'waiting'
        ? [t('document.tryNow'), () => this.#document.session.wake()]
        : [t('document.reload'), () => this.#reload()]
    return html`<button slot="way" class="outlined" @click=${go}>${words}</button>`
  }

  /** Past the rendering of everything else, since it happens all the while one types. */
  #placeChanged({ detail }: CustomEvent<ReadingPlace>): void {
    const status = this.renderRoot.querySelector('quire-status')
    if (status) status.place = detail
    this.#outline.placeChanged(detail)
  }

  #countsChanged({ detail }: CustomEvent<Counts>): void {
    this.counts = detail
    this.#outline.textChanged()
  }

  #asRead(): Pick<QuirePreview, 'text' | 'language'> {
    const { text, language } = this.#document.session
    return { text, language: language || 'markdown' }
  }

  /** The part of the text that a link leads to may come later than the rest; one that is not there is no matter. */
  async #showPlace(): Promise<void> {
    const place = this.#placeToShow
    if (place === undefined) return
    const { session } = this.#document
    await this.#editor?.updateComplete
    const isShown = this.#editor?.showLinkedPlace(place) === true
    if ((isShown || session.state.type === 'live') && this.#placeToShow === place)
      this.#placeToShow = undefined
  }

  async #show(part: 'share' | 'rescue'): Promise<void> {
    if (await this.#fetch(part)) await this.renderRoot.querySelector(`quire-${part}`)?.show()
  }

  async #fetch(part: 'share' | 'rescue' | 'outline' | 'preview'): Promise<boolean> {
    const isHere = await this.#parts.fetch(part)
    if (!isHere) this.#say(t('do.failed'))
    return isHere
  }

  #setLanguage(id: string): void {
    this.#bar?.setLanguage(this.#document.session, id, this.#say)
  }

  readonly #say = (words: string, action?: ToastAction): void => {
    this.renderRoot.querySelector('quire-toast')?.say(words, action)
  }

  get #editor(): QuireText | null {
    return this.renderRoot.querySelector('quire-text')
  }

  #rename(event: CustomEvent<string>): void {
    this.surroundings.guest.rename(event.detail)
  }

  #jump({ detail }: CustomEvent<Person>): void {
    this.renderRoot.querySelector('quire-text')?.jumpTo(detail.clientIds)
  }

  #reload(): void {
    this.surroundings.address.reload()
  }

  async #showRescue(): Promise<void> {
    await this.#withWhatIsKept(async () => {
      this.rescue = await this.#document.session.rescue()
      await this.#show('rescue')
    })
  }

  /** What is saved is read from this device, which may fail. */
  async #withWhatIsKept(act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      if (!(error instanceof LocalStoreError)) throw error
      this.#say(t('document.unreadable'))
    }
  }

  async #focusText(): Promise<void> {
    await this.#editor?.updateComplete
    this.#reading.focus()
  }
}

customElements.define('quire-document', QuireDocument)

declare global {
  interface HTMLElementTagNameMap {
    'quire-document': QuireDocument
  }
}
