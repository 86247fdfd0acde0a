/**
 * What an operator watches, in the text format that Prometheus reads. Loaded only by a server that is asked for it. Names and
 * units are as Prometheus advises (https://prometheus.io/docs/practices/naming/); labels hold codes, never a document or a person.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Meter } from './meter.ts'

/** What is counted, for whoever shows the token. */
export interface MetricsPage {
  readonly token: string
  readonly counted: Metrics
}

/** Asked for when somebody looks. */
export interface Watched {
  readonly rooms: { readonly size: number }
  readonly connections: { readonly size: number }
  readonly store: { readonly usedBytes: number }
  /** How much all documents may take; Infinity: as much as they like. */
  readonly maxTotalBytes: number
  /** Undefined if nothing is kept on one. */
  readonly disk: () => { readonly freeBytes: number } | undefined
}

export class Metrics implements Meter {
  /** Of what `text` says. */
  readonly contentType: string
  readonly #registry = new Registry()
  readonly #receivedFrames: Counter
  readonly #receivedBytes: Counter
  readonly #sentFrames: Counter
  readonly #sentBytes: Counter
  readonly #refusals: Counter<'code'>
  readonly #updates: Counter
  readonly #append: Histogram
  readonly #compaction: Histogram
  readonly #failures: Counter<'during'>
  readonly #deletions: Counter

  constructor() {
    const registers = [this.#registry]
    this.contentType = this.#registry.contentType
    // Of the process: CPU, memory, files, and how late its loop is.
    collectDefaultMetrics({ register: this.#registry })
    const counter = (name: string, help: string): Counter => new Counter({ name, help, registers })
    this.#receivedFrames = counter('quire_received_frames_total', 'WebSocket messages that clients sent')
    this.#receivedBytes = counter('quire_received_bytes_total', 'Bytes in them')
    this.#sentFrames = counter('quire_sent_frames_total', 'WebSocket messages for clients')
    this.#sentBytes = counter('quire_sent_bytes_total', 'Bytes in them')
    this.#updates = counter(
      'quire_stored_updates_total',
      'Updates that were admitted, stored and acknowledged',
    )
    this.#deletions = counter(
      'quire_deleted_documents_total',
      'Documents that were deleted since nobody had opened them for as long as QUIRE_RETENTION_DAYS says',
    )
    this.#refusals = new Counter({
      name: 'quire_refusals_total',
      help: 'Connections that were ended or not let in, by the code they were told',
      labelNames: ['code'],
      registers,
    })
    this.#failures = new Counter({
      name: 'quire_room_failures_total',
      help: 'What rooms could not do',
      labelNames: ['during'],
      registers,
    })
    this.#append = new Histogram({
      name: 'quire_append_seconds',
      help: 'How long it took until what a room had gathered was synced to disk',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
      registers,
    })
    this.#compaction = new Histogram({
      name: 'quire_compaction_seconds',
      help: 'How long it took to join the log of a document',
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30],
      registers,
    })
  }

  watch({ rooms, connections, store, maxTotalBytes, disk }: Watched): void {
    const gauge = (name: string, help: string, read: () => number): void => {
      const metric = new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read())
        },
      })
      this.#registry.registerMetric(metric)
    }
    gauge('quire_rooms', 'Documents that are open', () => rooms.size)
    gauge('quire_connections', 'WebSocket connections', () => connections.size)
    gauge('quire_used_bytes', 'What is stored takes so much of the database', () => store.usedBytes)
    gauge('quire_max_bytes', 'It may take so much (QUIRE_MAX_TOTAL_MB)', () => maxTotalBytes)
    gauge(
      'quire_disk_free_bytes',
      'Left on the disk where everything is kept',
      () => disk()?.freeBytes ?? NaN,
    )
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }

  received(bytes: number): void {
    this.#receivedFrames.inc()
    this.#receivedBytes.inc(bytes)
  }

  sent(bytes: number): void {
    this.#sentFrames.inc()
    this.#sentBytes.inc(bytes)
  }

  refused(code: string): void {
    this.#refusals.inc({ code })
  }

  stored({ updates, milliseconds }: { readonly updates: number; readonly milliseconds: number }): void {
    this.#updates.inc(updates)
    this.#append.observe(milliseconds / 1000)
  }

  compacted(milliseconds: number): void {
    this.#compaction.observe(milliseconds / 1000)
  }

  deleted(): void {
    this.#deletions.inc()
  }

  failed(during: string): void {
    this.#failures.inc({ during })
  }
}
