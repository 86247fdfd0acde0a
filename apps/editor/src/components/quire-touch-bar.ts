/**
 * `<quire-touch-bar>`: what a keyboard on a screen has no keys for, right above it for as long as somebody writes. Stands at the
 * foot of a page, and listens to whether the focus is in the text of that.
 */
import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit'
import type { PageCommand } from '../controllers/page-commands.ts'
import { controls } from '../look/controls.ts'
import { t } from '../words/index.ts'
import { dots } from './icons.ts'

/** Drawings for some of what the page and its text can do, by its id, in the order in which they stand. */
const drawings: Readonly<Record<string, TemplateResult>> = {
  undo: drawn(svg`<path d="M8 4.5 4 8.5l4 4" /><path d="M4 8.5h10a5 5 0 0 1 0 10h-3" />`),
  redo: drawn(svg`<path d="m16 4.5 4 4-4 4" /><path d="M20 8.5H10a5 5 0 0 0 0 10h3" />`),
  bold: drawn(
    svg`<path stroke-width="2.2" d="M7.5 5H13a3.4 3.4 0 0 1 0 6.8H7.5zm0 6.8h6.3a3.6 3.6 0 0 1 0 7.2H7.5z" />`,
  ),
  'bulleted-list': drawn(
    svg`<path d="M9.5 6.5H20M9.5 12H20M9.5 17.5H20" /><path stroke-width="2.6" d="M4.6 6.5h.01M4.6 12h.01M4.6 17.5h.01" />`,
  ),
  'task-list': drawn(
    svg`<rect x="4" y="4.5" width="15" height="15" rx="3" /><path d="m8 12.2 2.6 2.6 4.6-5.4" />`,
  ),
  'toggle-comment': drawn(svg`<path d="m10 18.5 4-13M5 18.5l4-13" />`),
  dedent: drawn(svg`<path d="M4 5h16M11 10h9M11 14h9M4 19h16M7.5 9l-3 3 3 3" />`),
  indent: drawn(svg`<path d="M4 5h16M11 10h9M11 14h9M4 19h16M4.5 9l3 3-3 3" />`),
  find: drawn(svg`<circle cx="10.5" cy="10.5" r="5.5" /><path d="m14.6 14.6 5 5" />`),
  palette: dots,
}
const ofMarkdown = new Set(['bold', 'bulleted-list', 'task-list'])
const ofCode = new Set(['toggle-comment'])

function drawn(lines: TemplateResult<2>): TemplateResult {
  return html`<svg
    viewBox="0 0 24 24"
    width="22"
    height="22"
    fill="none"
    stroke="currentColor"
    stroke-width="1.6"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${lines}
  </svg>`
}

export class QuireTouchBar extends LitElement {
  static override properties = {
    pageCommands: { attribute: false },
    textCommands: { attribute: false },
    isMarkdown: { attribute: false },
    isWriting: { state: true },
    coveredPx: { state: true },
  }
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      .bar {
        display: flex;
        border-block-start: 1px solid var(--rule);
        background: var(--paper);
        overflow-x: auto;
        scrollbar-width: none;
      }
      button {
        flex: 1 0 40px;
        min-height: 46px;
        padding: 0;
        border-radius: 0;
        color: var(--ink-soft);
      }
      /* What a finger leaves behind is not meant. */
      button:hover {
        background: none;
      }
      button:active {
        background: var(--rule);
        color: var(--ink);
      }
      :focus-visible {
        outline-offset: -3px;
      }
    `,
  ]

  declare pageCommands: readonly PageCommand[]
  declare textCommands: readonly PageCommand[]
  declare isMarkdown: boolean
  declare private isWriting: boolean
  /** How much of the page's foot lies under the keyboard, where that does not make the page smaller. */
  declare private coveredPx: number

  /** The roots in which we listen: of what moves within one, nothing is heard outside. */
  readonly #roots = new Set<DocumentOrShadowRoot & Node>()

  constructor() {
    super()
    this.pageCommands = []
    this.textCommands = []
    this.isMarkdown = true
    this.isWriting = false
    this.coveredPx = 0
  }

  override connectedCallback(): void {
    super.connectedCallback()
    let root = this.getRootNode()
    let focused: Element | null = null
    while (root instanceof ShadowRoot || root instanceof Document) {
      this.#hear(root)
      focused = root.activeElement ?? focused
      if (!focused?.shadowRoot || focused.shadowRoot === root) break
      root = focused.shadowRoot
    }
    this.isWriting = isText(focused)
    for (const type of ['resize', 'scroll']) visualViewport?.addEventListener(type, this.#measure)
    this.#measure()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const root of this.#roots)
      for (const type of focusEvents) root.removeEventListener(type, this.#focused)
    this.#roots.clear()
    for (const type of ['resize', 'scroll']) visualViewport?.removeEventListener(type, this.#measure)
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.isWriting) return nothing
    const others = this.isMarkdown ? ofCode : ofMarkdown
    const commands = [...this.textCommands, ...this.pageCommands]
    const shown = Object.entries(drawings).flatMap(([id, drawing]) => {
      const command = others.has(id) ? undefined : commands.find((each) => each.id === id)
      return command ? [{ ...command, drawing }] : []
    })
    return html`<div
      class="bar"
      role="toolbar"
      aria-label=${t('touchBar.label')}
      .style=${`margin-block-end: ${this.coveredPx}px`}
      @mousedown=${keepFocus}
    >
      ${shown.map(
        ({ title, drawing, run }) =>
          html`<button aria-label=${title} title=${title} @click=${run}>${drawing}</button>`,
      )}
    </div>`
  }

  #hear(root: DocumentOrShadowRoot & Node): void {
    this.#roots.add(root)
    for (const type of focusEvents) root.addEventListener(type, this.#focused)
  }

  /** The text is somebody's as long as its caret is; a field within the editor has other uses for the room. */
  readonly #focused = (event: Event): void => {
    if (!(event instanceof FocusEvent)) return
    for (const target of event.composedPath())
      if (target instanceof ShadowRoot && target !== this.renderRoot && !this.#roots.has(target))
        this.#hear(target)
    const into = event.type === 'focusin' ? event.composedPath()[0] : event.relatedTarget
    if (into === this || (into instanceof Node && this.renderRoot.contains(into))) return
    this.isWriting = isText(into)
  }

  readonly #measure = (): void => {
    // Zoomed in, one sees less for another reason.
    const seen = visualViewport?.scale === 1 ? visualViewport : { offsetTop: 0, height: innerHeight }
    this.coveredPx = Math.max(0, Math.round(innerHeight - seen.offsetTop - seen.height))
  }
}

const focusEvents = ['focusin', 'focusout'] as const

function isText(target: EventTarget | null | undefined): boolean {
  return target instanceof HTMLElement && target.isContentEditable
}

/** A button that took it would take the keyboard away with it. */
function keepFocus(event: Event): void {
  event.preventDefault()
}

customElements.define('quire-touch-bar', QuireTouchBar)

declare global {
  interface HTMLElementTagNameMap {
    'quire-touch-bar': QuireTouchBar
  }
}
