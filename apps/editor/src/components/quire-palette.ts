/** `<quire-palette>`: every command by its name. What is typed chooses among them, and Enter does it. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { writeKeys, type Platform } from '../controllers/key-names.ts'
import { findCommands, type FoundCommand, type PageCommand } from '../controllers/page-commands.ts'
import type { RecentCommands } from '../controllers/recent-commands.ts'
import { controls } from '../look/controls.ts'
import { dialogs } from '../look/dialogs.ts'
import { t } from '../words/index.ts'

export class QuirePalette extends LitElement {
  static override properties = {
    commands: { attribute: false },
    recent: { attribute: false },
    platform: { attribute: false },
    query: { state: true },
    chosen: { state: true },
  }
  static override styles = [
    controls,
    dialogs,
    css`
      dialog {
        width: 560px;
        margin-top: min(14vh, 120px);
        overflow: hidden;
      }
      .page {
        padding: 0;
      }
      .search {
        display: block;
        width: 100%;
        min-height: 52px;
        padding: var(--space-3) var(--space-4);
        border: 0;
        border-bottom: 1px solid var(--rule);
        border-radius: 0;
        background: none;
        color: var(--ink);
        font: inherit;
        font-size: max(1rem, var(--typed));
      }
      /* The caret in it and the choice below it show where one is. */
      .search:focus-visible {
        outline: none;
      }
      .search::placeholder {
        color: var(--ink-soft);
        opacity: 1;
      }
      .list {
        max-height: min(384px, 56dvh);
        padding: var(--space-1);
        overflow-y: auto;
        overscroll-behavior: contain;
        scroll-padding-block: var(--space-1);
      }
      .option {
        display: flex;
        align-items: center;
        gap: var(--space-4);
        min-height: 38px;
        padding: 4px var(--space-3);
        border-radius: 6px;
        cursor: pointer;
      }
      .option[aria-selected='true'] {
        background: var(--rule);
      }
      .option.last {
        position: relative;
        margin-bottom: 9px;
      }
      .option.last::after {
        position: absolute;
        inset: auto var(--space-3) -5px;
        border-bottom: 1px solid var(--rule);
        content: '';
      }
      .title {
        flex: 1;
        min-width: 0;
      }
      .title b {
        font-weight: inherit;
        text-decoration: underline;
        text-decoration-color: var(--rubric);
        text-underline-offset: 3px;
      }
      kbd {
        flex: none;
        color: var(--ink-soft);
        font: var(--step--1) var(--sans);
        white-space: nowrap;
      }
      .nothing {
        padding: var(--space-3);
      }
      @media (max-width: 600px) {
        dialog {
          width: 100vw;
          margin-top: var(--space-3);
        }
        .option {
          min-height: 46px;
        }
      }
      /* Hardly any of those who touch have keys. */
      @media (hover: none) and (pointer: coarse) {
        kbd {
          display: none;
        }
      }
      /* Where both do not fit, keys go below what they do. */
      @media (max-width: 20em) {
        .option {
          flex-wrap: wrap;
          gap: 0 var(--space-4);
        }
        .title {
          flex: 1 1 auto;
        }
      }
      @media (forced-colors: active) {
        .option[aria-selected='true'] {
          outline: 2px solid Highlight;
          outline-offset: -2px;
        }
      }
    `,
  ]

  declare commands: readonly PageCommand[]
  declare recent: RecentCommands
  declare platform: Platform
  declare private query: string
  /** The place of the one that Enter does. */
  declare private chosen: number
  #found: readonly FoundCommand[] = []

  constructor() {
    super()
    this.commands = []
    this.query = ''
    this.chosen = 0
  }

  async show(): Promise<void> {
    this.query = ''
    this.chosen = 0
    this.requestUpdate()
    await this.updateComplete
    this.#dialog?.showModal()
    this.#search?.focus()
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed)
    const { query, commands } = this
    this.#found = findCommands(commands, { query, recent: this.recent.ids })
    this.chosen = Math.max(0, Math.min(this.chosen, this.#found.length - 1))
  }

  override render(): TemplateResult {
    const found = this.#found
    return html`<dialog aria-label=${t('palette.heading')} @click=${this.#closeFromOutside}>
      <div class="page">
        <input
          class="search"
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls="list"
          aria-activedescendant=${found.length > 0 ? `option-${this.chosen}` : nothing}
          aria-label=${t('palette.search')}
          placeholder=${t('palette.search')}
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          enterkeyhint="go"
          .value=${this.query}
          @input=${this.#typed}
          @keydown=${this.#pressed}
        />
        <div class="list" id="list" role="listbox" aria-label=${t('palette.heading')}>
          ${repeat(
            found,
            ({ command }) => command.id,
            (one, index) => this.#renderOption(one, index),
          )}
        </div>
        ${found.length === 0 ? html`<p class="nothing">${t('palette.nothing')}</p>` : nothing}
        <span role="status" class="unseen"
          >${this.query ? t('palette.found', { count: found.length }) : ''}</span
        >
      </div>
    </dialog>`
  }

  #renderOption({ command, at, isRecent }: FoundCommand, index: number): TemplateResult {
    const { keys, title } = command
    const isLastRecent = this.query === '' && isRecent && this.#found[index + 1]?.isRecent === false
    // The search field keeps the focus whatever is pressed here.
    return html`<div
      class="option ${isLastRecent ? 'last' : ''}"
      id="option-${index}"
      role="option"
      aria-selected=${index === this.chosen}
      @pointermove=${() => (this.chosen = index)}
      @mousedown=${(event: MouseEvent) => event.preventDefault()}
      @click=${() => this.#run(command)}
    >
      <span class="title">${emphasise(title, at)}</span>
      ${keys[0] ? html`<kbd>${writeKeys(keys[0], this.platform)}</kbd>` : nothing}
    </div>`
  }

  #typed({ target }: InputEvent): void {
    if (!(target instanceof HTMLInputElement)) return
    this.query = target.value
    this.chosen = 0
    this.renderRoot.querySelector('.list')?.scrollTo(0, 0)
  }

  #pressed(event: KeyboardEvent): void {
    if (event.isComposing) return
    const { length } = this.#found
    const target = {
      ArrowDown: (this.chosen + 1) % length,
      ArrowUp: (this.chosen + length - 1) % length,
      PageDown: Math.min(this.chosen + 8, length - 1),
      PageUp: Math.max(this.chosen - 8, 0),
    }[event.key]
    if (target !== undefined && length > 0) {
      event.preventDefault()
      void this.#choose(target)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      const found = this.#found[this.chosen]
      if (found) this.#run(found.command)
    }
  }

  async #choose(index: number): Promise<void> {
    this.chosen = index
    await this.updateComplete
    this.renderRoot.querySelector(`#option-${index}`)?.scrollIntoView({ block: 'nearest' })
  }

  /** After the dialog has given the focus back, so that what is done may take it elsewhere. */
  #run(command: PageCommand): void {
    this.#dialog?.close()
    this.recent.used(command.id)
    command.run()
  }

  /** The dialog's page covers all of it, so what hits the dialog itself has hit what lies around it. */
  #closeFromOutside(event: MouseEvent): void {
    if (event.target === this.#dialog) this.#dialog?.close()
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }

  get #search(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input')
  }
}

/** The title with the characters underlined that were meant. */
function emphasise(title: string, at: readonly number[]): (string | TemplateResult)[] {
  const meant = new Set(at)
  return Array.from(title, (character, index) => (meant.has(index) ? html`<b>${character}</b>` : character))
}

customElements.define('quire-palette', QuirePalette)

declare global {
  interface HTMLElementTagNameMap {
    'quire-palette': QuirePalette
  }
}
