/** `<quire-shelf>`: the documents there are, to be found by title or id. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { describeWhen } from '../controllers/describe-when.ts'
import { pageTitle } from '../controllers/page-title.ts'
import { controls } from '../look/controls.ts'
import { selects } from '../look/selects.ts'
import { describeBytes, describeMoment } from './describe.ts'
import type {
  ListedDocument,
  Listing,
  OperatorServer,
  OperatorSurroundings,
  Order,
  Search,
} from './operator-server.ts'
import { placeOf } from './route.ts'
import { SearchController } from './search.ts'
import { t } from './words/index.ts'

const orders: readonly Order[] = ['changed', 'created', 'size']

/** Fires `search` when something else is looked for. */
export class QuireShelf extends LitElement {
  static override properties = {
    surroundings: { attribute: false },
    server: { attribute: false },
    search: { attribute: false },
  }
  static override styles = [
    controls,
    selects,
    css`
      :host {
        display: block;
        margin-block-start: var(--space-6);
        text-align: start;
      }
      .top {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        margin-block-end: var(--space-2);
      }
      h2 {
        margin: 0;
        margin-inline-end: auto;
        font: 700 var(--step-1) / 1.4 var(--prose);
      }
      .top input {
        width: 260px;
      }
      /* Of another colour in each browser; Escape does the same. */
      ::-webkit-search-cancel-button {
        display: none;
      }
      .top select {
        width: auto;
      }
      table {
        display: block;
        width: 100%;
        border-block-start: 1px solid var(--rule);
      }
      tbody,
      thead {
        display: block;
      }
      tr {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 11.5em 7.5em 5.5em 3.5em 5em;
        align-items: baseline;
        gap: var(--space-3);
        border-block-end: 1px solid var(--rule);
        font-size: var(--step--1);
      }
      th,
      td {
        min-width: 0;
        padding: 9px 0;
        text-align: start;
        font-weight: 400;
      }
      thead th {
        padding-block: 6px;
        color: var(--ink-soft);
        font-size: 0.75rem;
        font-weight: 600;
        letter-spacing: 0.02em;
      }
      .number {
        text-align: end;
        font-variant-numeric: tabular-nums;
      }
      td {
        color: var(--ink-soft);
        white-space: nowrap;
      }
      td.people.some {
        color: var(--ink);
        font-weight: 600;
      }
      .id {
        overflow: hidden;
        font-family: var(--mono);
        font-size: 0.75rem;
        text-overflow: ellipsis;
      }
      .narrow {
        display: none;
      }
      th a {
        display: block;
        overflow: hidden;
        border-radius: 2px;
        color: var(--ink);
        font-size: var(--step-0);
        font-weight: 560;
        text-decoration: none;
        text-align: -webkit-match-parent;
        text-align: match-parent;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      th a:hover {
        text-decoration: underline;
        text-decoration-color: var(--rubric);
        text-underline-offset: 4px;
      }
      a.none {
        color: var(--ink-soft);
        font-weight: 400;
      }
      a.unreadable {
        color: var(--rubric);
      }
      .ending {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        min-height: 36px;
        margin-block-start: var(--space-2);
        color: var(--ink-soft);
        font-size: var(--step--1);
      }
      .ending p {
        margin: 0;
        margin-inline-end: auto;
        text-wrap: pretty;
        overflow-wrap: anywhere;
      }
      .failure {
        color: var(--rubric);
      }
      .bare {
        padding-inline: 8px;
        margin-inline-end: -8px;
        color: var(--ink-soft);
      }
      /* A row becomes two lines: what it is called, and all that is said of it. */
      @media (max-width: 760px) {
        .top input {
          flex: 1 1 180px;
          width: auto;
        }
        h2 {
          flex-basis: 100%;
        }
        thead {
          display: none;
        }
        tr {
          display: flex;
          flex-wrap: wrap;
          gap: 1px var(--space-3);
          padding-block: 9px;
        }
        th,
        td {
          padding: 0;
          text-align: start;
        }
        th a {
          padding-block: 2px;
        }
        .narrow {
          display: inline;
        }
        .wide {
          display: none;
        }
        tr > th {
          flex: 1 1 0;
          min-width: 50%;
        }
        /* Who is there stands beside the title; below it, all else. */
        tr::before {
          order: 1;
          flex-basis: 100%;
          content: '';
        }
        td:not(.people) {
          order: 2;
        }
        td.empty {
          display: none;
        }
        .id {
          max-width: 100%;
        }
      }
    `,
  ]

  declare surroundings: OperatorSurroundings
  declare server: OperatorServer
  declare search: Search
  readonly #list = new SearchController(this, (search) => this.server.documents(search))

  constructor() {
    super()
    this.addController(pageTitle(() => t('operator.pageTitle')))
  }

  override firstUpdated(): void {
    void this.#list.askNow(this.search)
  }

  override render(): TemplateResult {
    const { found } = this.#list
    return html`<section aria-labelledby="heading">
      <div class="top">
        <h2 id="heading">${t('list.heading')}</h2>
        <input
          class="field"
          type="search"
          autocomplete="off"
          maxlength="200"
          aria-label=${t('list.find')}
          placeholder=${t('list.find')}
          .value=${this.search.find}
          @input=${this.#type}
        />
        <select class="field" aria-label=${t('list.order')} @change=${this.#reorder}>
          ${orders.map(
            (order) =>
              html`<option value=${order} ?selected=${order === this.search.order}>
                ${t(`list.${order}`)}
              </option>`,
          )}
        </select>
      </div>
      <div aria-busy=${this.#list.isAsking}>
        ${
          found?.type === 'given' && found.value.documents.length > 0
            ? this.#renderTable(found.value.documents)
            : nothing
        }
      </div>
      <div class="ending">${this.#renderEnding()}</div>
    </section>`
  }

  /** What is laid out as a grid is no table to browsers any more, unless that is said. */
  #renderTable(documents: readonly ListedDocument[]): TemplateResult {
    return html`<table role="table" aria-labelledby="heading">
      <thead role="rowgroup">
        <tr role="row">
          ${head(t('list.title'))} ${head(t('list.id'))}
          ${head(t(this.#isByCreation ? 'list.made' : 'list.when'))} ${head(t('list.bytes'), 'number')}
          ${head(t('list.links'), 'number')} ${head(t('list.people'), 'number')}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${repeat(
          documents,
          ({ id }) => id,
          (document) => this.#renderRow(document),
        )}
      </tbody>
    </table>`
  }

  get #isByCreation(): boolean {
    return this.#list.foundFor?.order === 'created'
  }

  #renderRow({
    id,
    title,
    bytes,
    links,
    people,
    createdAt,
    changedAt = createdAt,
  }: ListedDocument): TemplateResult {
    const when = this.#isByCreation ? createdAt : changedAt
    const kind = title === undefined ? 'unreadable' : title === '' ? 'none' : ''
    return html`<tr role="row">
      <th role="rowheader" scope="row">
        <a class=${kind} href=${`#${placeOf(id)}`} dir="auto"
          >${title === undefined ? t('list.unreadable') : title || t('app.untitled')}</a
        >
      </th>
      <td role="cell" class="id"><bdi>${id}</bdi></td>
      <td role="cell" title=${describeMoment(when)}>${describeWhen(when, this.surroundings.now())}</td>
      <td role="cell" class="number">${describeBytes(bytes)}</td>
      ${count(links, 'links', t('list.linksThere', { count: links }))}
      ${count(people, people > 0 ? 'people some' : 'people', t('list.peopleHere', { count: people }))}
    </tr>`
  }

  #renderEnding(): TemplateResult | typeof nothing {
    const { found, foundFor } = this.#list
    if (!found || !foundFor) return html`<p role="status">${t('list.fetching')}</p>`
    if (found.type === 'failed')
      return html`<p role="alert" class="failure">${found.words}</p>
        <button class="outlined" @click=${this.#refresh}>${t('list.tryAgain')}</button>`
    return html`<p role="status">${sumOf(found.value, foundFor.find)}</p>
      ${
        found.value.hasMore
          ? html`<button class="outlined" @click=${this.#showMore}>${t('list.more')}</button>`
          : nothing
      }
      <button class="bare" @click=${this.#refresh}>${t('list.refresh')}</button>`
  }

  #type(event: InputEvent): void {
    if (!(event.target instanceof HTMLInputElement)) return
    this.#list.askSoon(this.#look({ find: event.target.value.trim() }))
  }

  #reorder(event: Event): void {
    if (!(event.target instanceof HTMLSelectElement)) return
    const order = orders.find((known) => known === (event.target as HTMLSelectElement).value) // as was asked above
    if (order) void this.#list.askNow(this.#look({ order }))
  }

  #showMore(): void {
    // As many again, so that the last of very many is a few steps away.
    void this.#list.askNow(this.#look({ limit: 2 * this.search.limit }))
  }

  #refresh(): void {
    void this.#list.askNow(this.search)
  }

  #look(change: Partial<Search>): Search {
    const search = { ...this.search, ...change }
    this.search = search
    this.dispatchEvent(new CustomEvent('search', { detail: search }))
    return search
  }
}

function head(words: string, kind = ''): TemplateResult {
  return html`<th role="columnheader" scope="col" class=${kind}>${words}</th>`
}

function count(number: number, kind: string, words: string): TemplateResult {
  return html`<td role="cell" class="number ${kind} ${number === 0 ? 'empty' : ''}">
    <span class="wide">${number === 0 ? '–' : number}</span><span class="narrow">${words}</span>
  </td>`
}

function sumOf({ documents: { length }, hasMore }: Listing, find: string): string {
  if (length === 0) return find === '' ? t('list.empty') : t('list.notFound', { find })
  return t(hasMore ? 'list.some' : 'list.all', { count: length })
}

customElements.define('quire-shelf', QuireShelf)

declare global {
  interface HTMLElementTagNameMap {
    'quire-shelf': QuireShelf
  }
}
