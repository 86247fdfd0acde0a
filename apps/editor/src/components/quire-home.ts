/** `<quire-home>`: the start page. Makes a document, and lists those opened on this device. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { describeWhen } from '../controllers/describe-when.ts'
import { DroppedFiles } from '../controllers/dropped-files.ts'
import { follow } from '../controllers/follow.ts'
import { importFiles, makeDocument } from '../controllers/import-files.ts'
import { paletteKeys } from '../controllers/key-names.ts'
import type { PageCommand } from '../controllers/page-commands.ts'
import { pageTitle } from '../controllers/page-title.ts'
import { called, type RecentDocument } from '../controllers/recent-documents.ts'
import { switchTheme } from '../controllers/settings.ts'
import type { Surroundings } from '../controllers/surroundings.ts'
import { controls } from '../look/controls.ts'
import { frontPage } from '../look/front-page.ts'
import { cross, mark } from './icons.ts'
import { t, tParts } from '../words/index.ts'
import type { Tool } from './quire-tools.ts'
import './quire-toast.ts'
import './quire-tools.ts'

/** How many documents are listed at first, and more at each wish. Thousands would take the page a second. */
const atOnce = 100

/** What becomes of a press on “New document”. */
type Creation =
  | { readonly type: 'idle' }
  | { readonly type: 'asked' }
  /** For each thing that failed, a sentence. */
  | { readonly type: 'failed'; readonly words: readonly string[] }

export class QuireHome extends LitElement {
  static override properties = {
    surroundings: { attribute: false },
    creation: { state: true },
    words: { state: true },
    shown: { state: true },
  }
  static override styles = [
    controls,
    frontPage,
    css`
      header svg {
        display: block;
        width: 38px;
        height: 38px;
        margin-block-end: var(--space-4);
        margin-inline-start: -2px;
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
      .ways {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-3);
      }
      .ways button {
        min-height: 44px;
        padding: 10px 16px;
        font-size: var(--step-0);
      }
      .hint {
        color: var(--ink-soft);
        font-size: var(--step--1);
      }
      /* There is nothing to drop where there is no pointer. */
      @media not ((hover: hover) and (pointer: fine)) {
        .hint {
          display: none;
        }
      }
      .drop {
        position: fixed;
        inset: var(--space-3);
        display: grid;
        place-items: center;
        border: 1px solid var(--ink-faint);
        border-radius: 14px;
        background: color-mix(in oklab, var(--paper) 92%, transparent);
        font: var(--step-1) / 1.6 var(--prose);
        text-align: center;
        pointer-events: none;
      }
      footer {
        margin-top: var(--space-6);
      }
      .bare {
        margin-inline-start: calc(-1 * var(--space-3));
        color: var(--ink-soft);
      }
      .ways [aria-disabled='true'] {
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
      .find {
        margin-block-end: var(--space-3);
      }
      /* Of another colour in each browser; Escape does the same. */
      ::-webkit-search-cancel-button {
        display: none;
      }
      .more {
        margin-block-start: var(--space-4);
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
  /** What somebody looks for among the documents. */
  declare private words: string
  declare private shown: number
  readonly #files = new DroppedFiles(this, (files) => void this.#import(files))

  constructor() {
    super()
    this.creation = { type: 'idle' }
    this.words = ''
    this.shown = atOnce
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
        <div class="ways">
          <button
            class="primary"
            aria-disabled=${this.creation.type === 'asked'}
            @click=${() => void this.#create()}
          >
            ${t('home.new')}
          </button>
          <button
            class="outlined"
            aria-disabled=${this.creation.type === 'asked'}
            @click=${() => void this.#pick()}
          >
            ${t('import.choose')}
          </button>
          <span class="hint">${t('import.hint')}</span>
        </div>
        <div role="alert">
          ${
            this.creation.type === 'failed'
              ? this.creation.words.map((words) => html`<p class="failure">${words}</p>`)
              : nothing
          }
        </div>
        <section aria-labelledby="recent">
          <h2 id="recent">${t('home.recent')}</h2>
          ${this.#renderRecents(this.surroundings.recents.list)}
        </section>
        <footer>
          <button
            class="bare"
            @click=${() => void this.renderRoot.querySelector('quire-tools')?.open('settings')}
          >
            ${t('do.settings')}
          </button>
        </footer>
      </main>
      ${this.#files.isOver ? html`<div class="drop">${t('import.drop')}</div>` : nothing}
      <quire-tools .surroundings=${this.surroundings} .pageCommands=${this.#commands}></quire-tools>
      <quire-toast></quire-toast>`
  }

  #renderRecents(list: readonly RecentDocument[]): TemplateResult {
    if (list.length === 0) return html`<p class="empty">${t('home.nothing')}</p>`
    if (list.length <= atOnce) return this.#renderList(list)
    const found = called(list, { words: this.words, untitled: t('app.untitled') })
    return html`<input
        class="field find"
        type="search"
        autocomplete="off"
        aria-label=${t('home.find')}
        placeholder=${t('home.find')}
        .value=${this.words}
        @input=${this.#look}
      />
      <div role="status">
        ${
          found.length === 0
            ? html`<p class="empty">${t('home.notFound', { words: this.words.trim() })}</p>`
            : nothing
        }
      </div>
      ${this.#renderList(found.slice(0, this.shown))}
      ${
        found.length > this.shown
          ? html`<button class="outlined more" @click=${() => (this.shown += atOnce)}>
              ${t('home.more')}
            </button>`
          : nothing
      }`
  }

  #renderList(list: readonly RecentDocument[]): TemplateResult {
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
        @click=${() => void this.#forget(document)}
      >
        ${cross}
      </button>
    </li>`
  }

  async #mayForget({ title }: RecentDocument): Promise<boolean> {
    const question = {
      heading: tParts('home.forgetHeading', { title: html`<bdi>${title || t('app.untitled')}</bdi>` }),
      words: t('home.forgetUnsaved'),
      yes: t('home.forgetYes'),
      no: t('home.forgetNo'),
    }
    return (await this.renderRoot.querySelector('quire-tools')?.ask(question)) ?? false
  }

  #look(event: InputEvent): void {
    if (!(event.target instanceof HTMLInputElement)) return
    this.words = event.target.value
    this.shown = atOnce
  }

  async #create(): Promise<void> {
    if (this.creation.type === 'asked') return
    this.creation = { type: 'asked' }
    const made = await makeDocument(this.surroundings)
    if (made.type === 'failed') {
      this.creation = { type: 'failed', words: [made.words] }
      return
    }
    this.creation = { type: 'idle' }
    if (this.isConnected) this.surroundings.address.go(made.value)
  }

  /** One is opened; of several, one sees in the list that they are there. */
  async #import(files: readonly File[]): Promise<void> {
    if (this.creation.type === 'asked' || files.length === 0) return
    this.creation = { type: 'asked' }
    const { paths, failures } = await importFiles(files, this.surroundings)
    this.creation = failures.length > 0 ? { type: 'failed', words: failures } : { type: 'idle' }
    const [path] = paths
    if (path === undefined || !this.isConnected) return
    if (files.length === 1) this.surroundings.address.go(path)
    else this.renderRoot.querySelector('quire-toast')?.say(t('import.made', { count: paths.length }))
  }

  async #pick(): Promise<void> {
    await this.#import(await this.surroundings.pickFiles())
  }

  get #commands(): readonly PageCommand[] {
    const open = (tool: Tool) => () => void this.renderRoot.querySelector('quire-tools')?.open(tool)
    return [
      { id: 'new', title: t('do.new'), keys: [], run: () => void this.#create() },
      { id: 'import', title: t('do.import'), keys: [], run: () => void this.#pick() },
      { id: 'settings', title: t('do.settings'), keys: ['Mod-,'], run: open('settings') },
      { id: 'theme', title: t('do.theme'), keys: [], run: () => switchTheme(this.surroundings.settings) },
      {
        id: 'palette',
        title: t('palette.open'),
        keys: paletteKeys(this.surroundings.platform),
        run: open('palette'),
      },
    ]
  }

  /** What is forgotten may be the only copy of a link, so it can be had back; and what is not saved goes by that link. */
  async #forget(document: RecentDocument): Promise<void> {
    const { recents, documents } = this.surroundings
    const isUnsaved = document.isUnsaved || documents.unsaved(document.documentId) > 0
    if (isUnsaved && !(await this.#mayForget(document))) return
    recents.forget(document.documentId)
    this.renderRoot.querySelector('quire-toast')?.say(t('home.forgotten'), {
      words: t('do.undo'),
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
