/** `<quire-glance>`: how much there is and how the server does, as it is now. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { controls } from '../look/controls.ts'
import {
  describeBytes,
  describeDays,
  describeMoment,
  describeMs,
  describeNumber,
  partsOfBytes,
} from './describe.ts'
import type { Glance, OperatorServer, OperatorSurroundings, Running } from './operator-server.ts'
import { Watch } from './watch.ts'
import { t } from './words/index.ts'

/** What is told of changes about as fast as somebody would look again. */
const everyMs = 4000

export class QuireGlance extends LitElement {
  static override properties = { surroundings: { attribute: false }, server: { attribute: false } }
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(4, minmax(0, 1fr));
        margin: 0;
      }
      dl > div {
        display: flex;
        flex-direction: column;
        min-width: 0;
      }
      dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }
      dt {
        color: var(--ink-soft);
      }
      .large {
        gap: var(--space-4);
        padding-block: var(--space-4) var(--space-5);
      }
      .large dd {
        font: 700 var(--step-3) / 1.25 var(--prose);
      }
      .large small {
        color: var(--ink-soft);
        font: 400 var(--step-0) / 1 var(--sans);
      }
      .large dt {
        order: 1;
        font-size: var(--step--1);
      }
      .small {
        gap: var(--space-3) var(--space-4);
        padding-block: var(--space-3);
        border-block: 1px solid var(--rule);
        font-size: var(--step--1);
      }
      .small dt {
        font-size: 0.75rem;
      }
      .stale dd {
        color: var(--ink-soft);
      }
      p {
        margin: 0;
        padding-block: 0 var(--space-2);
        color: var(--ink-soft);
        font-size: var(--step--1);
        text-wrap: pretty;
      }
      .below {
        padding-block: var(--space-3) 0;
      }
      .failure {
        padding-block: var(--space-3) 0;
        color: var(--rubric);
      }
      @media (max-width: 700px) {
        dl {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
        .large dd {
          font-size: var(--step-2);
        }
      }
    `,
  ]

  declare surroundings: OperatorSurroundings
  declare server: OperatorServer
  readonly #watch = new Watch<Glance>(this, {
    ask: () => this.server.glance(),
    everyMs,
    sight: () => this.surroundings.sight,
  })

  override render(): TemplateResult {
    const { value, failure } = this.#watch
    return html`<section aria-label=${t('glance.heading')}>
      ${value ? this.#renderNumbers(value, failure !== undefined) : nothing}
      <div role="status">
        ${failure ? html`<p class="failure">${wordsOf(failure, value !== undefined)}</p>` : nothing}
        ${value || failure ? nothing : html`<p>${t('glance.fetching')}</p>`}
      </div>
    </section>`
  }

  #renderNumbers(
    { documents, people, bytes, used, retention, disk, server }: Glance,
    isStale: boolean,
  ): TemplateResult {
    return html`${server ? html`<p>${describeServer(server)}</p>` : nothing}
      <dl class="large ${isStale ? 'stale' : ''}">
        ${pair(t('glance.documents', { count: documents }), describeNumber(documents))}
        ${pair(t('glance.people', { count: people }), describeNumber(people))}
        ${
          used.maxBytes === undefined
            ? pair(t('glance.stored'), inUnits(bytes))
            : pair(t('glance.used', { size: describeBytes(used.maxBytes) }), inUnits(used.bytes))
        }
        ${
          disk
            ? pair(t('glance.diskFree', { size: describeBytes(disk.sizeBytes) }), inUnits(disk.freeBytes))
            : pair(t('glance.noDisk'), '–')
        }
      </dl>
      ${server ? renderServer(server, isStale) : nothing}
      ${retention ? html`<p class="below">${describeRetention(retention)}</p>` : nothing}`
  }
}

/** What the server refuses, it says itself; that it does not answer is to be told with what becomes of it. */
function wordsOf(
  { words, code }: { readonly words: string; readonly code: string | undefined },
  isShown: boolean,
): string {
  return isShown && code === undefined ? t('glance.unreached') : words
}

function describeServer({ publicUrl, version, startedAt, memoryBytes }: Running): string {
  return t('glance.server', {
    host: new URL(publicUrl).host,
    version,
    since: describeMoment(startedAt),
    memory: describeBytes(memoryBytes),
  })
}

function describeRetention({ days, documents }: NonNullable<Glance['retention']>): string {
  return t('glance.retention', { time: describeDays(days), count: documents })
}

function renderServer({ recent }: Running, isStale: boolean): TemplateResult {
  const { seconds, updates, refusals, saveMs, loopDelayMs } = recent
  const saves =
    saveMs && t('glance.savesBoth', { median: describeMs(saveMs.median), p99: describeMs(saveMs.p99) })
  return html`<dl class="small ${isStale ? 'stale' : ''}">
    ${pair(t('glance.updates'), describeNumber(updates / Math.max(seconds, 1)))}
    ${pair(t('glance.saves'), saves ?? '–', t('glance.savesWhy'))}
    ${pair(t('glance.loop'), describeMs(loopDelayMs), t('glance.loopWhy'))}
    ${pair(
      t('glance.refusals'),
      refusals === 0 ? t('glance.nothing') : describeNumber(refusals),
      t('glance.refusalsWhy'),
    )}
  </dl>`
}

/** `why`: more of it, for whoever points there. */
function pair(term: string, description: unknown, why?: string): TemplateResult {
  return html`<div title=${why ?? nothing}>
    <dt>${term}</dt>
    <dd>${description}</dd>
  </div>`
}

function inUnits(bytes: number): TemplateResult {
  const [number, unit] = partsOfBytes(bytes)
  return html`${number}<small> ${unit}</small>`
}

customElements.define('quire-glance', QuireGlance)

declare global {
  interface HTMLElementTagNameMap {
    'quire-glance': QuireGlance
  }
}
