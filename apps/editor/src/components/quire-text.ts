/**
 * `<quire-text>`: the text itself. Owns a CodeMirror view inside its shadow root for as long as it is in the page;
 * what the view can do is the business of `editor/`.
 */
import { EditorView } from '@codemirror/view'
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import * as Y from 'yjs'
import { follow, jumpTo, readText, setReadOnly, textEditor, type TextEditorOptions } from '../editor/index.ts'

/**
 * Fires `carets-change` with the clients whose carets have a place in the text as `detail` (a set), and `follow-end`
 * when who is followed is left because of something done in the text.
 */
export class QuireText extends LitElement {
  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true }
  static override properties = {
    text: { attribute: false },
    awareness: { attribute: false },
    readOnly: { type: Boolean, attribute: 'readonly', reflect: true },
    label: {},
    placeholder: {},
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
  `

  declare text: TextEditorOptions['text'] | undefined
  declare awareness: TextEditorOptions['awareness'] | undefined
  declare readOnly: boolean
  declare label: string
  declare placeholder: string
  /** The clients of whom the text is to stay with, wherever their caret goes; none: it stays where it is. */
  declare followed: readonly number[]

  #view: EditorView | undefined

  /** What is on the page now, character for character; '' before there is a view. */
  get value(): string {
    return this.#view?.state.doc.toString() ?? ''
  }

  constructor() {
    super()
    this.readOnly = false
    this.label = ''
    this.placeholder = ''
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
    return html`<div class="page"></div>`
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

  protected override updated(changed: PropertyValues<this>): void {
    const isAnother = (['text', 'awareness', 'label', 'placeholder'] as const).some((name) =>
      changed.has(name),
    )
    if (isAnother) this.#destroyView()
    if (!this.#view) this.#createView()
    else if (changed.has('readOnly')) setReadOnly(this.#view, this.readOnly)
    if (this.#view && changed.has('followed')) follow(this.#view, this.followed)
  }

  #createView(): void {
    const parent = this.renderRoot.querySelector('.page')
    const { text, awareness, readOnly, label, placeholder, renderRoot: root } = this
    if (!this.isConnected || !parent || !text || !awareness || !(root instanceof ShadowRoot)) return
    this.#view = new EditorView({
      doc: readText(text),
      extensions: textEditor({
        text,
        awareness,
        readOnly,
        label,
        placeholder,
        onCaretsChange: (detail) => this.dispatchEvent(new CustomEvent('carets-change', { detail })),
        onFollowEnd: () => this.dispatchEvent(new CustomEvent('follow-end')),
      }),
      parent,
      root,
    })
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
