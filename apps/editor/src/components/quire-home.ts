/** `<quire-home>`: the start page. Makes a document, and lists those opened on this device. */
import { parseLink } from '@quire/protocol'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { describeWhen } from '../controllers/describe-when.ts'
import { follow } from '../controllers/follow.ts'
import { pageTitle } from '../controllers/page-title.ts'
import type { RecentDocument } from '../controllers/recent-documents.ts'
import { pathOf } from '../controllers/route.ts'
import type { Surroundings } from '../controllers/surroundings.ts'
import { controls } from '../look/controls.ts'
import { frontPage } from '../look/front-page.ts'
import { cross, mark } from './icons.ts'
import { t } from '../words/index.ts'
import './quire-toast.ts'

/** What becomes of a press on “New document”. */
type Creation =
  | { readonly type: 'idle' }
  | { readonly type: 'asked' }
  | { readonly type: 'failed'; readonly words: string }

export class QuireHome extends LitElement {
  static override properties = {
    surroundings: { attribute: false },
    creation: { state: true },
  }
  static override styles = [
    controls,
    frontPage,
    css`
      header svg {
        display: block;
        width: 38px;
        height: 38px;
        margin: 0 0 var(--space-4) -2px;
      }
      h1 {
        margin: 0;
        font: 700 var(--step-3) / 1.15 var(--prose);
      }
      .lead {
        max-width: 44ch;
        margin: var(--space-2) 0 var(--space-5);
        color: var(--ink-soft);
        font: var(--step-1) / 1.6 var(--prose);
        text-wrap: pretty;
      }
      .primary {
        min-height: 44px;
        padding: 10px 16px;
        font-size: var(--step-0);
      }
      .primary[aria-disabled='true'] {
        opacity: 0.6;
        cursor: progress;
      }
      .failure {
        max-width: 64ch;
        margin: var(--space-3) 0 0;
        color: var(--rubric);
        font-size: var(--step--1);
      }
      h2 {
        margin: var(--space-7) 0 var(--space-2);
        color: var(--ink-soft);
        font-size: 0.75rem;
        font-weight: 600;
        letter-spacing: 0.02em;
      }
      ol {
        margin: 0;
        padding: 0;
        border-top: 1px solid var(--rule);
        list-style: none;
      }
      li {
        position: relative;
        display: flex;
        align-items: center;
        border-bottom: 1px solid var(--rule);
      }
      li a {
        display: flex;
        flex: 1;
        align-items: baseline;
        gap: var(--space-1) var(--space-3);
        min-width: 0;
        padding: 13px 0;
        border-radius: 2px;
        color: inherit;
        text-decoration: none;
      }
      li a:hover .title {
        text-decoration: underline;
        text-decoration-color: var(--rubric);
        text-underline-offset: 4px;
      }
      .title {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        font-weight: 560;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .title.none {
        color: var(--ink-soft);
        font-weight: 400;
      }
      .about {
        display: flex;
        gap: var(--space-3);
        color: var(--ink-soft);
        font-size: var(--step--1);
        white-space: nowrap;
      }
      .unsaved {
        color: var(--rubric);
      }
      .forget {
        margin-inline: var(--space-1) calc(-1 * var(--space-2));
      }
      .empty {
        margin: 0;
        padding: 13px 0;
        border-top: 1px solid var(--rule);
        color: var(--ink-soft);
        font-size: var(--step--1);
      }
      /* Where there is a pointer, the cross waits in the margin until its row is meant. */
      @media (hover: hover) and (min-width: 761px) {
        .forget {
          position: absolute;
          inset-inline-start: 100%;
          opacity: 0;
        }
        li:hover .forget,
        .forget:focus-visible {
          opacity: 1;
        }
      }
      @media (max-width: 600px) {
        main {
          padding-top: 9vh;
        }
        li a {
          flex-direction: column;
          align-items: stretch;
        }
      }
    `,
  ]

  /** To be set before the element is put into the page. */
  declare surroundings: Surroundings
  declare private creation: Creation

  constructor() {
    super()
    this.creation = { type: 'idle' }
    this.addController(pageTitle(() => ''))
    this.addController(follow(this, () => [this.surroundings.recents, this.surroundings.documents]))
  }

  override render(): TemplateResult {
    return html`<main>
        <header>
          ${mark}
          <h1>Quire</h1>
          <p class="lead">${t('home.lead')}</p>
        </header>
        <button
          class="primary"
          aria-disabled=${this.creation.type === 'asked'}
          @click=${() => void this.#create()}
        >
          ${t('home.new')}
        </button>
        <div role="alert">
          ${this.creation.type === 'failed' ? html`<p class="failure">${this.creation.words}</p>` : nothing}
        </div>
        <section aria-labelledby="recent">
          <h2 id="recent">${t('home.recent')}</h2>
          ${this.#renderRecents(this.surroundings.recents.list)}
        </section>
      </main>
      <quire-toast></quire-toast>`
  }

  #renderRecents(list: readonly RecentDocument[]): TemplateResult {
    if (list.length === 0) return html`<p class="empty">${t('home.nothing')}</p>`
    return html`<ol>
      ${repeat(
        list,
        ({ documentId }) => documentId,
        (document) => this.#renderRecent(document),
      )}
    </ol>`
  }

  #renderRecent(document: RecentDocument): TemplateResult {
    const unsaved = this.surroundings.documents.unsaved(document.documentId)
    const when = describeWhen(document.openedAt, this.surroundings.now())
    const name = document.title || t('app.untitled')
    return html`<li>
      <a href=${document.path}>
        <span class="title ${document.title ? '' : 'none'}"><bdi>${name}</bdi></span>
        <span class="about">
          ${
            unsaved > 0
              ? html`<span class="unsaved">${t('home.unsaved', { count: unsaved })}</span>`
              : nothing
          }
          ${document.role === 'view' ? html`<span>${t('home.viewOnly')}</span>` : nothing}
          <time datetime=${new Date(document.openedAt).toISOString()}>${when}</time>
        </span>
      </a>
      <button
        class="icon forget"
        aria-label=${t('home.forgetNamed', { name })}
        title=${t('home.forget')}
        @click=${() => this.#forget(document)}
      >
        ${cross}
      </button>
    </li>`
  }

  async #create(): Promise<void> {
    if (this.creation.type === 'asked') return
    this.creation = { type: 'asked' }
    const { server, recents, address, now } = this.surroundings
    const answer = await server.create()
    const link = answer.type === 'given' ? parseLink(answer.value) : undefined
    if (!link) {
      const words = answer.type === 'failed' ? answer.words : t('server.unreadableLink')
      this.creation = { type: 'failed', words }
      return
    }
    // Before anything else can fail: nobody but this page has the owner's link now.
    recents.remember({
      documentId: link.documentId,
      path: pathOf(link),
      role: 'own',
      title: '',
      openedAt: now(),
    })
    this.creation = { type: 'idle' }
    if (this.isConnected) address.go(pathOf(link))
  }

  /** What is forgotten may be the only copy of a link, so it can be had back. */
  #forget(document: RecentDocument): void {
    const { recents } = this.surroundings
    recents.forget(document.documentId)
    this.renderRoot.querySelector('quire-toast')?.say(t('home.forgotten'), {
      words: t('home.undo'),
      run: () => recents.remember(document),
    })
  }
}

customElements.define('quire-home', QuireHome)

declare global {
  interface HTMLElementTagNameMap {
    'quire-home': QuireHome
  }
}
