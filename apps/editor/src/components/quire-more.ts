/** `<quire-more>`: the menu at the end of the bar. On a phone it is where everything is. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { writeKeys, type Platform } from '../controllers/key-names.ts'
import type { PageCommand } from '../controllers/page-commands.ts'
import { controls, popovers } from '../look/controls.ts'
import { t } from '../words/index.ts'
import { dots } from './icons.ts'

export class QuireMore extends LitElement {
  static override properties = {
    groups: { attribute: false },
    platform: { attribute: false },
    note: {},
  }
  static override styles = [
    controls,
    popovers,
    css`
      :host {
        display: block;
      }
      .menu[popover] {
        position: fixed;
        inset: calc(var(--bar) + 2px) var(--space-4) auto auto;
        width: max-content;
        min-width: 250px;
        max-width: calc(100vw - 2 * var(--space-3));
        max-height: calc(100dvh - var(--bar) - var(--space-4));
        padding: var(--space-1);
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      .menu:dir(rtl)[popover] {
        inset: calc(var(--bar) + 2px) auto auto var(--space-4);
      }
      .item {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-5);
        width: 100%;
        min-height: 36px;
        padding: 4px var(--space-3);
        border: 0;
        border-radius: 5px;
        font-size: var(--step-0);
        font-weight: 400;
        text-align: start;
      }
      .item:focus-visible {
        outline: none;
        background: var(--rule);
      }
      kbd {
        color: var(--ink-soft);
        font: var(--step--1) var(--sans);
      }
      hr {
        margin: var(--space-1) var(--space-3);
        border: 0;
        border-top: 1px solid var(--rule);
      }
      .note {
        margin: var(--space-1) var(--space-3) 0;
        padding: var(--space-2) 0 var(--space-1);
        border-top: 1px solid var(--rule);
        color: var(--ink-soft);
        font-size: var(--step--1);
      }
      @media (max-width: 600px) {
        .menu[popover] {
          inset-inline-end: var(--space-2);
          min-width: min(290px, calc(100vw - 2 * var(--space-3)));
        }
        .item {
          min-height: 44px;
        }
      }
      /* Where both do not fit, keys go below what they do. */
      @media (max-width: 20em) {
        .item {
          flex-wrap: wrap;
          gap: 0 var(--space-5);
        }
      }
      /* Hardly any of those who touch have keys. */
      @media (hover: none) and (pointer: coarse) {
        kbd {
          display: none;
        }
      }
      @media (forced-colors: active) {
        .item:focus-visible {
          outline: 2px solid Highlight;
          outline-offset: -2px;
        }
      }
    `,
  ]

  /** Those that belong together, apart from others by a rule. */
  declare groups: readonly (readonly PageCommand[])[]
  declare platform: Platform
  /** A line of knowledge at the end. */
  declare note: string
  /** The place of the one that has the focus when the menu opens. */
  #firstItem = 0

  constructor() {
    super()
    this.groups = []
    this.note = ''
  }

  override render(): TemplateResult {
    return html`<button
        class="icon"
        popovertarget="menu"
        aria-haspopup="menu"
        aria-label=${t('more.open')}
        title=${t('more.open')}
        @keydown=${this.#pressedClosed}
      >
        ${dots}
      </button>
      <div popover id="menu" class="menu" @toggle=${this.#toggled} @keydown=${this.#pressed}>
        <div role="menu" aria-label=${t('more.menu')}>
          ${this.groups
            .filter(({ length }) => length > 0)
            .map(
              (group, index) =>
                html`${index > 0 ? html`<hr />` : nothing}${group.map((command) => this.#renderItem(command))}`,
            )}
        </div>
        ${this.note ? html`<p class="note">${this.note}</p>` : nothing}
      </div>`
  }

  #renderItem(command: PageCommand): TemplateResult {
    const [keys] = command.keys
    return html`<button class="item" role="menuitem" tabindex="-1" @click=${() => this.#run(command)}>
      <span>${command.title}</span>${keys ? html`<kbd>${writeKeys(keys, this.platform)}</kbd>` : nothing}
    </button>`
  }

  #run(command: PageCommand): void {
    this.#close()
    command.run()
  }

  /** The browser gives the focus back only if nothing has moved it within the menu. */
  #close(): void {
    this.#menu?.hidePopover()
    this.renderRoot.querySelector('button')?.focus()
  }

  /** An arrow on the button opens the menu at that end of it. */
  #pressedClosed(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    this.#firstItem = event.key === 'ArrowDown' ? 0 : -1
    this.#menu?.togglePopover(true)
  }

  #toggled({ newState }: ToggleEvent): void {
    if (newState === 'open') this.#items.at(this.#firstItem)?.focus()
    this.#firstItem = 0
  }

  #pressed(event: KeyboardEvent): void {
    const items = this.#items
    const at = items.findIndex((item) => item.matches(':focus'))
    const target = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at + items.length - 1) % items.length,
      Home: 0,
      End: items.length - 1,
    }[event.key]
    if (target !== undefined) {
      event.preventDefault()
      items[target]?.focus()
    } else if (event.key === 'Tab') this.#close()
    else if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      this.#close()
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey)
      this.#seek(event.key, at)
  }

  /** The next item that begins with this letter, as in every menu. */
  #seek(letter: string, at: number): void {
    const items = this.#items
    const beginsSo = (item: HTMLElement | undefined): boolean =>
      item?.textContent.trim().toLowerCase().startsWith(letter.toLowerCase()) === true
    const next = items.map((_, step) => items[(at + 1 + step) % items.length]).find(beginsSo)
    next?.focus()
  }

  get #menu(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.menu')
  }

  get #items(): readonly HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.item')]
  }
}

customElements.define('quire-more', QuireMore)

declare global {
  interface HTMLElementTagNameMap {
    'quire-more': QuireMore
  }
}
