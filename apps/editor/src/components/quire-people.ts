/** `<quire-people>`: who is here. A few overlapping avatars, and behind them everyone by name, to go to or to follow. */
import { maxNameCodePoints } from '@quire/protocol'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { Arrivals } from '../controllers/arrivals.ts'
import type { Person } from '../session/session.ts'
import { controls, popovers } from '../look/controls.ts'
import { called, t } from '../words/index.ts'

/** The most circles that stand in the bar, the count included, on a wide and on a narrow page. */
const circles = { wide: 5, narrow: 3 } as const

/** In pixels: of the list of people, and what stays free beside it. */
const listWidth = 320
const edge = 12

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * Fires `rename` with the new name as `detail`, `jump` with a person whose caret is to be shown, and `follow` with the
 * person to follow from now on, or undefined.
 */
export class QuirePeople extends LitElement {
  static override properties = {
    people: { attribute: false },
    isComplete: { attribute: false },
    mayRename: { attribute: false },
    carets: { attribute: false },
    followed: { attribute: false },
  }
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
        forced-color-adjust: none;
        /* A letter may carry marks without end. */
        overflow: clip;
      }
      .here .avatar + .avatar {
        margin-inline-start: -6px;
      }
      .more {
        width: auto;
        min-width: 1.75rem;
        padding-inline: 5px;
        border-radius: 1rem;
        background: var(--rule);
        color: var(--ink);
        font-size: 0.6875rem;
        font-variant-numeric: tabular-nums;
      }
      .list[popover] {
        position: fixed;
        inset: auto;
        width: 320px;
        max-width: calc(100vw - 2 * var(--space-3));
        padding: 0 var(--space-2) var(--space-3);
        overflow-y: auto;
        overscroll-behavior: contain;
        font-size: var(--step-0);
      }
      h2 {
        position: sticky;
        top: 0;
        z-index: 1;
        margin: 0;
        padding: var(--space-3) var(--space-2) var(--space-2);
        background: var(--leaf);
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
        gap: var(--space-1);
      }
      .person {
        display: flex;
        flex: 1;
        align-items: center;
        justify-content: start;
        gap: var(--space-2);
        min-width: 0;
        min-height: 40px;
        padding: 2px var(--space-2);
        border: 0;
        font-size: inherit;
        font-weight: inherit;
        text-align: start;
      }
      .list .avatar {
        border-color: transparent;
        background-clip: padding-box;
      }
      .name {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .aside {
        flex: none;
        padding-inline-end: var(--space-2);
        color: var(--ink-soft);
        font-size: var(--step--1);
      }
      .follow {
        flex: none;
        min-height: 40px;
        padding-inline: var(--space-2);
        color: var(--ink-soft);
      }
      .follow:hover,
      .follow[aria-pressed='true'] {
        color: var(--ink);
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
        .person,
        .follow {
          min-height: 44px;
        }
      }
    `,
  ]

  declare people: readonly Person[]
  /** We are connected, so that whoever is not among them is not here. */
  declare isComplete: boolean
  /** We choose how we are called. */
  declare mayRename: boolean
  /** The clients whose carets have a place in the text. */
  declare carets: ReadonlySet<number>
  declare followed: Person | undefined

  readonly #arrivals = new Arrivals(this, () => (this.isComplete ? this.people : undefined))

  constructor() {
    super()
    this.people = []
    this.isComplete = false
    this.mayRename = false
    this.carets = new Set()
    this.followed = undefined
  }

  override render(): TemplateResult {
    // Before the server has told who is here, there is nothing to be opened.
    return html`<span role="status" class="unseen">${this.#arrivals.words}</span>
      ${this.people.length > 0 ? this.#renderHere() : nothing}`
  }

  #renderHere(): TemplateResult {
    const { length } = this.people
    const words = length === 1 ? t('people.alone') : t('people.here', { count: length })
    return html`<button class="here" popovertarget="list" aria-label=${words} title=${words}>
        ${this.#renderAvatars()}
      </button>
      <div
        popover
        id="list"
        class="list"
        aria-labelledby="heading"
        @beforetoggle=${this.#place}
        @keydown=${this.#escaped}
      >
        <h2 id="heading">${words}</h2>
        <ul>
          ${repeat(
            this.people,
            ({ id }) => id,
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
      ...(wide < length
        ? [html`<span class="avatar more wide">${t('people.more', { number: length - wide })}</span>`]
        : []),
      ...(narrow < length
        ? [html`<span class="avatar more narrow">${t('people.more', { number: length - narrow })}</span>`]
        : []),
    ]
  }

  /** Through the CSSOM: a style attribute, which is what `styleMap` begins with, is against the page's policy. */
  #renderAvatar({ name, colour }: Person, where = ''): TemplateResult {
    return html`<span class="avatar ${where}" aria-hidden="true" .style=${`--person: ${colour}`}
      >${initialOf(called(name))}</span
    >`
  }

  #renderPerson(person: Person): TemplateResult {
    return html`<li>${person.isSelf ? this.#renderSelf(person) : this.#renderOther(person)}</li>`
  }

  #renderSelf(person: Person): TemplateResult {
    return html`<span class="person">
        ${this.#renderAvatar(person)}
        ${
          this.mayRename
            ? html`<input
                class="field"
                aria-label=${t('people.yourName')}
                autocomplete="nickname"
                enterkeyhint="done"
                maxlength=${maxNameCodePoints}
                .value=${person.name}
                @change=${this.#renamed}
                @keydown=${this.#pressed}
              />`
            : renderName(person)
        } </span
      ><span class="aside">${t('people.you')}</span>`
  }

  #renderOther(person: Person): TemplateResult {
    const { id, name, clientIds } = person
    const who = html`${this.#renderAvatar(person)}${renderName(person)}`
    if (!clientIds.some((clientId) => this.carets.has(clientId)))
      return html`<span class="person">${who}</span
        ><span class="aside" title=${t('people.readingWhy')}>${t('people.reading')}</span>`
    const isFollowed = id === this.followed?.id
    return html`<button class="person" title=${t('people.goTo')} @click=${() => this.#choose('jump', person)}>
        ${who}
      </button>
      <button
        class="follow"
        aria-pressed=${isFollowed}
        aria-label=${t('people.followNamed', { name: called(name) })}
        @click=${() => this.#choose('follow', isFollowed ? undefined : person)}
      >
        ${t(isFollowed ? 'people.stop' : 'people.follow')}
      </button>`
  }

  /** What was asked for happens in the text, so that the list must not cover it. */
  #choose(type: 'jump' | 'follow', detail: Person | undefined): void {
    this.#close()
    this.dispatchEvent(new CustomEvent(type, { detail }))
  }

  #close(): void {
    this.#list?.hidePopover()
    this.renderRoot.querySelector<HTMLElement>('.here')?.focus()
  }

  /** Esc closes the list and does nothing else. */
  #escaped(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    this.#close()
  }

  #renamed(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return
    const name = event.target.value.trim()
    if (name) this.dispatchEvent(new CustomEvent('rename', { detail: name }))
    else this.requestUpdate()
  }

  #pressed(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.isComposing || !(event.target instanceof HTMLInputElement)) return
    // Or it would press the button too, which has the focus next.
    event.preventDefault()
    event.target.blur()
    this.#close()
  }

  /** By its button, wherever that stands: beneath it, or above it where there is more room. */
  readonly #place = (): void => {
    const list = this.#list
    const here = this.renderRoot.querySelector('.here')?.getBoundingClientRect()
    if (!list || !here) return
    const [above, below] = [here.top, innerHeight - here.bottom]
    const isBeneath = below >= above
    const isRightToLeft = getComputedStyle(this).direction === 'rtl'
    const aside = isRightToLeft ? here.left : innerWidth - here.right
    list.style.insetBlock = isBeneath ? `${here.bottom + 2}px auto` : `auto ${innerHeight - here.top + 2}px`
    list.style.insetInlineEnd = `${Math.max(edge, Math.min(aside, innerWidth - listWidth - edge))}px`
    list.style.maxHeight = `${Math.min(480, Math.max(above, below) - 2 * edge)}px`
  }

  get #list(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.list')
  }
}

/** The name turns as it is written, the place where it stands does not. */
function renderName({ name }: Person): TemplateResult {
  return html`<span class="name"><bdi>${called(name)}</bdi></span>`
}

/** How many avatars are shown of `count` people when at most `limit` circles fit and the count of the others takes one. */
function fold(count: number, limit: number): number {
  return count <= limit ? count : limit - 1
}

function initialOf(name: string): string {
  const [first] = graphemes.segment(name)
  return first?.segment.toLocaleUpperCase() ?? ''
}

customElements.define('quire-people', QuirePeople)

declare global {
  interface HTMLElementTagNameMap {
    'quire-people': QuirePeople
  }
}
