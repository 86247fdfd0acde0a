/**
 * `<quire-text>`: the text itself. Owns a CodeMirror view inside its shadow root for as long as it is in the page;
 * what the view can do is the business of `editor/`.
 */
import { StateEffect } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import * as Y from 'yjs'
import {
  follow,
  goToLineNumber,
  indexOfPlace,
  jumpTo,
  lineAtTop,
  lineLinks,
  placeOfLine,
  readingPlace,
  readText,
  scrollToLine,
  showLine,
  textEditor,
  useLazily,
  changeSetup,
  changeTerms,
  defaultSettings,
  fetchLanguages,
  type EditorCommand,
  type EditorSettings,
  type TextEditorOptions,
} from '../editor/index.ts'

// It comes while the text does; whoever cannot have it now gets it with a later text.
void fetchLanguages().catch(() => undefined)

const fetchCountedText = (): Promise<typeof import('../editor/counted-text.ts')> =>
  import('../editor/counted-text.ts')

/**
 * Fires `carets-change` with the clients whose carets have a place in the text as `detail` (a set), `follow-end`
 * when who is followed is left because of something done in the text. Fires `scroll-line` with the line at the upper edge
 * as `detail` (a fraction is how far it has been scrolled past) when it is scrolled by what is done in the text. Fires
 * `place-change` with the place where one reads and writes, and `counts-change` with how much there is, once nobody types. Fires
 * `notice` with what to say as `detail` when the editor has something to say.
 */
export class QuireText extends LitElement {
  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true }
  static override properties = {
    text: { attribute: false },
    awareness: { attribute: false },
    readOnly: { type: Boolean, attribute: 'readonly', reflect: true },
    label: {},
    placeholder: {},
    language: {},
    settings: { attribute: false },
    // The same clients in another array are the same.
    followed: { attribute: false, hasChanged: isOther },
  }
  static override styles = css`
    :host {
      display: block;
      min-height: 0;
    }
    :host([hidden]) {
      display: none;
    }
    .page,
    .cm-editor {
      height: 100%;
    }
    /* How wide the text may be depends on what stands beside it. */
    .page {
      container-type: inline-size;
    }
  `

  declare text: TextEditorOptions['text'] | undefined
  declare awareness: TextEditorOptions['awareness'] | undefined
  declare readOnly: boolean
  declare label: string
  declare placeholder: string
  /** `'markdown'`, `'text'`, or the name of a language that code is written in. */
  declare language: string
  declare settings: EditorSettings
  /** The clients of whom the text is to stay with, wherever their caret goes; none: it stays where it is. */
  declare followed: readonly number[]

  #view: EditorView | undefined
  /** The person acts in the text, and not in what scrolls along with it. */
  #isLeading = true

  /** What is on the page now, character for character; '' before there is a view. */
  get value(): string {
    return this.#view?.state.doc.toString() ?? ''
  }

  constructor() {
    super()
    this.readOnly = false
    this.label = ''
    this.placeholder = ''
    this.language = 'markdown'
    this.settings = defaultSettings
    this.followed = []
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.requestUpdate()
  }

  /** A move within the page disconnects and connects in one task; the view, its selection and its history survive it. */
  override disconnectedCallback(): void {
    super.disconnectedCallback()
    queueMicrotask(() => {
      if (!this.isConnected) this.#destroyView()
    })
  }

  override render(): TemplateResult {
    return html`<div
      class="page"
      @pointermove=${this.#lead}
      @touchstart=${this.#lead}
      @wheel=${this.#lead}
      @keydown=${this.#lead}
    ></div>`
  }

  override focus(options?: FocusOptions): void {
    if (this.#view) this.#view.focus()
    else super.focus(options)
  }

  /**
   * For when the top of the editor has moved by this much on the page: the lines stay where they were on the screen.
   * A text that is read from its very beginning moves along, or its first line would lie against what is above it.
   */
  shiftLines(by: number): void {
    if (!this.#view) return
    const { scrollDOM, hasFocus } = this.#view
    if (hasFocus || scrollDOM.scrollTop > 0) scrollDOM.scrollTop += by
  }

  /** Whether a change of the Yjs text with this origin was made here: typed, or taken back. */
  isOrigin(origin: unknown): boolean {
    if (!this.#view) return false
    return origin === this.#view || (origin instanceof Y.UndoManager && origin.trackedOrigins.has(this.#view))
  }

  /** Shows where the caret stands that one of these clients moved last; tells whether there is one. */
  jumpTo(clientIds: readonly number[]): boolean {
    return this.#view !== undefined && jumpTo(this.#view, clientIds)
  }

  /** Which line of the text stands at the upper edge, counted from 0. */
  get topLine(): number {
    return this.#view ? lineAtTop(this.#view) : 0
  }

  /** For what scrolls along: this is no scrolling that `scroll-line` tells of. */
  scrollToLine(line: number): void {
    this.#isLeading = false
    if (this.#view) scrollToLine(this.#view, line)
  }

  /** The text line by line, without copying it. */
  get lines(): Iterable<string> {
    return this.#view?.state.doc.iterLines() ?? []
  }

  /** Where the caret is, as links tell places. */
  get linkedPlace(): string | undefined {
    return this.#view && this.text && placeOfLine(this.text, this.#view.state.selection.main.head)
  }

  /** Brings the line that a link leads to into view; tells whether it is there. */
  showLinkedPlace(place: string): boolean {
    const index = this.text && indexOfPlace(this.text, place)
    if (!this.#view || index === undefined) return false
    showLine(this.#view, index)
    return true
  }

  /** Counted from 1. */
  goToLine(line: number): void {
    if (this.#view) goToLineNumber(this.#view, line)
  }

  /** Runs one of the commands that `loadCommands` gives; tells whether there was anything to do. */
  run(command: EditorCommand): boolean {
    return this.#view !== undefined && command.run(this.#view)
  }

  protected override updated(changed: PropertyValues<this>): void {
    const isAnother = changed.has('text') || changed.has('awareness')
    const hadFocus = this.#view?.hasFocus === true
    if (isAnother) this.#destroyView()
    if (this.#view) this.#changeView(this.#view, changed)
    else this.#createView()
    if (this.#view && changed.has('followed')) follow(this.#view, this.followed)
    if (isAnother && hadFocus) this.focus()
  }

  /** Whatever is said of a text, where one is in it and what one can take back stay. */
  #changeView(view: EditorView, changed: PropertyValues<this>): void {
    const { readOnly, label, placeholder, language, settings } = this
    if ((['readOnly', 'label', 'placeholder'] as const).some((name) => changed.has(name)))
      changeTerms(view, { readOnly, label, placeholder })
    if (changed.has('language') || changed.has('settings')) changeSetup(view, { language, settings })
  }

  #createView(): void {
    const parent = this.renderRoot.querySelector('.page')
    const { text, awareness, readOnly, label, placeholder, language, settings, renderRoot: root } = this
    if (!this.isConnected || !parent || !text || !awareness || !(root instanceof ShadowRoot)) return
    const view = new EditorView({
      doc: readText(text),
      extensions: [
        readingPlace((detail) => this.dispatchEvent(new CustomEvent('place-change', { detail }))),
        lineLinks(),
        textEditor({
          text,
          awareness,
          readOnly,
          label,
          placeholder,
          language,
          settings,
          onNotice: (detail) => this.dispatchEvent(new CustomEvent('notice', { detail })),
          onCaretsChange: (detail) => this.dispatchEvent(new CustomEvent('carets-change', { detail })),
          onFollowEnd: () => this.dispatchEvent(new CustomEvent('follow-end')),
        }),
      ],
      parent,
      root,
    })
    const { scrollDOM } = view
    scrollDOM.addEventListener('scroll', () => this.#scrolled(), { passive: true })
    // A browser that hands on our focus gives it to the first that takes any, where nothing can be typed. Pressed, it may keep it.
    scrollDOM.addEventListener('focus', () => scrollDOM.matches(':active') || view.focus())
    this.#view = view
    void useLazily(view, fetchCountedText, ({ countedText }) => {
      const counted = countedText((detail) =>
        this.dispatchEvent(new CustomEvent('counts-change', { detail })),
      )
      view.dispatch({ effects: StateEffect.appendConfig.of(counted) })
    })
  }

  readonly #lead = { handleEvent: () => void (this.#isLeading = true), passive: true }

  #scrolled(): void {
    if (this.#isLeading) this.dispatchEvent(new CustomEvent('scroll-line', { detail: this.topLine }))
  }

  #destroyView(): void {
    this.#view?.destroy()
    this.#view = undefined
  }
}

function isOther(now: readonly number[], before: readonly number[] | undefined): boolean {
  return now.length !== before?.length || now.some((clientId, index) => clientId !== before[index])
}

customElements.define('quire-text', QuireText)

declare global {
  interface HTMLElementTagNameMap {
    'quire-text': QuireText
  }
}
