/** `<quire-people>`: who is here. A few overlapping avatars, and behind them everyone by name. */
import { maxNameCodePoints } from '@quire/protocol'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Person } from '../session/session.ts'
import { controls, popovers } from '../look/controls.ts'

/** The most circles that stand in the bar, the count included, on a wide and on a narrow page. */
const circles = { wide: 5, narrow: 3 } as const

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Fires `rename` with the new name as `detail`. */
export class QuirePeople extends LitElement {
  static override properties = { people: { attribute: false }, mayRename: { attribute: false } }
  static override styles = [
    controls,
    popovers,
    css`
      :host {
        display: block;
      }
      .here,
      .here:hover {
        gap: 0;
        min-height: 44px;
        padding: 0 4px;
        background: none;
      }
      .avatar {
        display: grid;
        flex: none;
        place-items: center;
        width: 1.75rem;
        height: 1.75rem;
        border: 2px solid var(--paper);
        border-radius: 50%;
        background: var(--person);
        color: #fff;
        font-size: 0.75rem;
        font-weight: 650;
        line-height: 1;
      }
      .here .avatar + .avatar {
        margin-inline-start: -6px;
      }
      .more {
        background: var(--rule);
        color: var(--ink);
        font-size: 0.6875rem;
        font-variant-numeric: tabular-nums;
      }
      .list[popover] {
        position: fixed;
        inset: calc(var(--bar) + 2px) var(--space-4) auto auto;
        width: 280px;
        max-width: calc(100vw - 2 * var(--space-4));
        max-height: min(480px, calc(100dvh - var(--bar) - var(--space-5)));
        padding: var(--space-3) var(--space-2);
        overflow-y: auto;
      }
      h2 {
        margin: 0 var(--space-2) var(--space-2);
        color: var(--ink-soft);
        font-size: 0.75rem;
        font-weight: 600;
        letter-spacing: 0.02em;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 40px;
        padding: 2px var(--space-2);
      }
      .list .avatar {
        border-color: var(--leaf);
      }
      .name {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .you {
        color: var(--ink-soft);
        font-size: var(--step--1);
      }
      .field {
        flex: 1;
      }
      @media (min-width: 601px) {
        .narrow {
          display: none;
        }
      }
      @media (max-width: 600px) {
        .wide {
          display: none;
        }
        .list[popover] {
          right: var(--space-3);
        }
      }
    `,
  ]

  declare people: readonly Person[]
  /** We choose how we are called. */
  declare mayRename: boolean

  constructor() {
    super()
    this.people = []
    this.mayRename = false
  }

  override render(): TemplateResult {
    const { length } = this.people
    const words = length === 1 ? 'Only you are here' : `${length} people are here`
    return html`<button class="here" popovertarget="list" aria-label=${words} title=${words}>
        ${this.#renderAvatars()}
      </button>
      <div popover id="list" class="list" aria-labelledby="heading">
        <h2 id="heading">${words}</h2>
        <ul>
          ${repeat(
            this.people,
            ({ clientId }) => clientId,
            (person) => this.#renderPerson(person),
          )}
        </ul>
      </div>`
  }

  #renderAvatars(): TemplateResult[] {
    const { length } = this.people
    const wide = fold(length, circles.wide)
    const narrow = fold(length, circles.narrow)
    return [
      ...this.people
        .slice(0, wide)
        .map((person, index) => this.#renderAvatar(person, index < narrow ? '' : 'wide')),
      ...(wide < length ? [html`<span class="avatar more wide">+${length - wide}</span>`] : []),
      ...(narrow < length ? [html`<span class="avatar more narrow">+${length - narrow}</span>`] : []),
    ]
  }

  /** Through the CSSOM: a style attribute, which is what `styleMap` begins with, is against the page's policy. */
  #renderAvatar({ name, colour }: Person, where = ''): TemplateResult {
    return html`<span class="avatar ${where}" aria-hidden="true" .style=${`--person: ${colour}`}
      >${initialOf(name)}</span
    >`
  }

  #renderPerson(person: Person): TemplateResult {
    return html`<li>
      ${this.#renderAvatar(person)}
      ${
        person.isSelf && this.mayRename
          ? html`<input
              class="field"
              aria-label="Your name"
              autocomplete="nickname"
              enterkeyhint="done"
              maxlength=${maxNameCodePoints}
              .value=${person.name}
              @change=${this.#renamed}
              @keydown=${this.#pressed}
            />`
          : html`<span class="name"><bdi>${person.name || 'Guest'}</bdi></span>`
      }
      ${person.isSelf ? html`<span class="you">you</span>` : nothing}
    </li>`
  }

  #renamed(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return
    const name = event.target.value.trim()
    if (name) this.dispatchEvent(new CustomEvent('rename', { detail: name }))
    else this.requestUpdate()
  }

  #pressed(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.isComposing || !(event.target instanceof HTMLInputElement)) return
    event.target.blur()
    this.renderRoot.querySelector<HTMLElement>('.list')?.hidePopover()
  }
}

/** How many avatars are shown of `count` people when at most `limit` circles fit and the count of the others takes one. */
function fold(count: number, limit: number): number {
  return count <= limit ? count : limit - 1
}

function initialOf(name: string): string {
  const [first] = graphemes.segment(name || 'Guest')
  return first?.segment.toLocaleUpperCase() ?? ''
}

customElements.define('quire-people', QuirePeople)

declare global {
  interface HTMLElementTagNameMap {
    'quire-people': QuirePeople
  }
}
