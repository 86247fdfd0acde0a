/**
 * Documents in one SQLite file, written by one thread. While a batch is being committed the next one gathers, and where
 * much is written for some milliseconds more, so that all rooms share an fsync: the slower the disk, the more share it.
 */
import { assert, assertNever, type DocumentName } from '@quire/protocol'
import { startThread, type Thread } from '../../thread.ts'
import {
  StorageError,
  type AppendOptions,
  type Base,
  type DocumentFacts,
  type LinkChange,
  type LongLog,
  type NewDocument,
  type NewLink,
  type Page,
  type Store,
  type StoredDocument,
  type StoredLink,
  type StoredWriter,
  type Totals,
  type Unopened,
} from '../document-store.ts'
import { TemporaryFailure } from './failure.ts'
import { FolderInUse } from './lock.ts'
import { memoryOf, pack, unpackAnswer } from './parcel.ts'
import type { Answer, FromWriter, Request, ToWriter } from './requests.ts'

/**
 * Batches of appends begin a millisecond apart for each so many requests a second. A commit costs as much as storing twenty
 * updates: of five thousand a second, forty share one, and nobody waits longer than half a frame for that.
 */
const requestsPerMs = 300
const maxRestMs = 8
/** Anyone may come to as many open rooms as they like; one that is forgotten is asked for again. */
const maxRemembered = 100_000

interface Asked {
  readonly request: Request
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

export class SqliteStore implements Store {
  /** Resolves, with why, if this ends without being closed: nothing is read or stored from then on. Never rejects. */
  readonly broken: Promise<Error>
  readonly #writer: Thread
  readonly #break: (cause: Error) => void
  #gathering: Asked[] = []
  /** What the writer has yet to answer, by its number. */
  readonly #asked = new Map<number, Asked>()
  #nextId = 0
  #isCommitting = false
  /** Something has gathered for which somebody waits to go on. */
  #isUrgent = false
  /** When the last batch began. */
  #beganMs = 0
  #restUntilMs = 0
  #rest: NodeJS.Timeout | undefined
  #closing: Promise<void> | undefined
  #ended = false
  #usedBytes: number
  /** Documents without links, as far as anyone has asked: whoever comes to an open room does. */
  readonly #linkless = new Set<DocumentName>()
  /** Grows with each request to make links: what was asked before may not be so any more. */
  #linkRequests = 0

  /** Opens the database in `folder`, making both if they are not there. Throws `FolderInUse`, another `TemporaryFailure`, or an Error whose message says what is wrong. */
  static async open(folder: string): Promise<SqliteStore> {
    const writer = startThread('writer', import.meta.url, folder)
    const first = await new Promise<FromWriter>((resolve, reject) => {
      writer.port.once('message', resolve)
      writer.worker.once('error', reject)
      writer.worker.once('exit', () => reject(new Error('the writer thread did not start')))
    })
    if (first.type === 'open') return new SqliteStore(writer, first.usedBytes)
    await writer.worker.terminate()
    if (first.type === 'in-use') throw new FolderInUse()
    if (first.type !== 'unusable') throw new Error('the writer thread did not start')
    throw first.isTemporary ? new TemporaryFailure(first.reason) : new Error(first.reason)
  }

  private constructor(writer: Thread, usedBytes: number) {
    this.#writer = writer
    this.#usedBytes = usedBytes
    const { promise, resolve } = Promise.withResolvers<Error>()
    this.broken = promise
    this.#break = resolve
    writer.port.on('message', (message: FromWriter) => this.#told(message))
    writer.worker.on('error', (cause) => this.#failAll(new Error('the writer thread failed', { cause })))
    writer.worker.on('exit', () => this.#failAll(new Error('the writer thread has ended')))
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  async create(document: NewDocument): Promise<void> {
    await this.#ask({ type: 'create', document })
  }

  async load(name: DocumentName): Promise<StoredDocument | undefined> {
    return (await this.#ask({ type: 'load', name })) as StoredDocument | undefined // the writer answers in kind
  }

  /** The most frequent of all; what is not `async` makes one promise less. */
  append(name: DocumentName, update: Uint8Array, options?: AppendOptions): Promise<number> {
    return this.#ask({ type: 'append', name, update, options }) as Promise<number> // the writer answers in kind
  }

  async writers(name: DocumentName): Promise<readonly StoredWriter[]> {
    return (await this.#ask({ type: 'writers', name })) as StoredWriter[] // the writer answers in kind
  }

  async compact(name: DocumentName, base: Base): Promise<void> {
    await this.#ask({ type: 'compact', name, base })
  }

  async longLogs(long: LongLog, limit: number): Promise<readonly DocumentName[]> {
    return (await this.#ask({ type: 'long-logs', long, limit })) as DocumentName[] // the writer answers in kind
  }

  async hasLinks(name: DocumentName): Promise<boolean> {
    if (this.#linkless.has(name)) return false
    const linkRequests = this.#linkRequests
    const hasLinks = (await this.#ask({ type: 'has-links', name })) === true
    if (!hasLinks && linkRequests === this.#linkRequests) this.#remember(name)
    return hasLinks
  }

  /** All links are made through this store, which holds the lock of the folder. */
  #remember(linkless: DocumentName): void {
    if (this.#linkless.size >= maxRemembered) this.#linkless.clear()
    this.#linkless.add(linkless)
  }

  async findLink(name: DocumentName, keyHash: Uint8Array): Promise<StoredLink | undefined> {
    return (await this.#ask({ type: 'find-link', name, keyHash })) as StoredLink | undefined // the writer answers in kind
  }

  async findLinkById(name: DocumentName, id: string): Promise<StoredLink | undefined> {
    return (await this.#ask({ type: 'find-link-by-id', name, id })) as StoredLink | undefined // the writer answers in kind
  }

  async links(name: DocumentName): Promise<readonly StoredLink[]> {
    return (await this.#ask({ type: 'links', name })) as StoredLink[] // the writer answers in kind
  }

  async addLink(name: DocumentName, link: NewLink, ownerKeyHash?: Uint8Array): Promise<StoredLink> {
    return (await this.#ask({ type: 'add-link', name, link, ownerKeyHash })) as StoredLink // the writer answers in kind
  }

  async removeLink(name: DocumentName, id: string, ownerKeyHash?: Uint8Array): Promise<boolean> {
    return (await this.#ask({ type: 'remove-link', name, id, ownerKeyHash })) === true
  }

  async changeLink(
    name: DocumentName,
    id: string,
    change: LinkChange,
    ownerKeyHash?: Uint8Array,
  ): Promise<StoredLink | undefined> {
    const changed = await this.#ask({ type: 'change-link', name, id, change, ownerKeyHash })
    return changed as StoredLink | undefined // the writer answers in kind
  }

  async useLink(name: DocumentName, id: string, userId: string): Promise<boolean> {
    return (await this.#ask({ type: 'use-link', name, id, userId })) === true
  }

  async replaceLinks(
    name: DocumentName,
    ids: readonly string[] | 'all',
    links: readonly NewLink[],
    ownerKeyHash?: Uint8Array,
  ): Promise<readonly StoredLink[]> {
    return (await this.#ask({ type: 'replace-links', name, ids, links, ownerKeyHash })) as StoredLink[] // the writer answers in kind
  }

  async documents(page: Page): Promise<readonly DocumentFacts[]> {
    return (await this.#ask({ type: 'documents', page })) as DocumentFacts[] // the writer answers in kind
  }

  async facts(name: DocumentName): Promise<DocumentFacts> {
    return (await this.#ask({ type: 'facts', name })) as DocumentFacts // the writer answers in kind
  }

  async totals(): Promise<Totals> {
    return (await this.#ask({ type: 'totals' })) as Totals // the writer answers in kind
  }

  async noteTitle(
    name: DocumentName,
    title: { readonly position: number; readonly text: string },
  ): Promise<void> {
    await this.#ask({ type: 'note-title', name, title })
  }

  async noteOpened(name: DocumentName): Promise<void> {
    await this.#ask({ type: 'note-opened', name })
  }

  async passHour(): Promise<void> {
    await this.#ask({ type: 'pass-hour' })
  }

  async keepFor(days: number | undefined): Promise<number> {
    return (await this.#ask({ type: 'keep-for', days })) as number // the writer answers in kind
  }

  async unopened(hours: number): Promise<Unopened> {
    return (await this.#ask({ type: 'unopened', hours })) as Unopened // the writer answers in kind
  }

  async removeUnopened(name: DocumentName, hours: number): Promise<boolean> {
    return (await this.#ask({ type: 'remove-unopened', name, hours })) === true
  }

  async remove(name: DocumentName, ownerKeyHash?: Uint8Array): Promise<void> {
    await this.#ask({ type: 'remove', name, ownerKeyHash })
  }

  async check(): Promise<void> {
    await this.#ask({ type: 'check' })
  }

  async setAside(name: DocumentName, reason: string): Promise<string> {
    return (await this.#ask({ type: 'set-aside', name, reason })) as string // the writer answers in kind
  }

  async close(): Promise<void> {
    this.#closing ??= this.#finish()
    await this.#closing
  }

  async #finish(): Promise<void> {
    if (this.#ended) return
    const ended = new Promise((resolve) => this.#writer.worker.once('exit', resolve))
    // Behind everything that was asked before: of what is to be read, some may still be.
    do await this.#ask({ type: 'check' }).catch(() => undefined)
    while (this.#asked.size > 0)
    this.#post({ type: 'close' })
    await ended
  }

  #ask(request: Request): Promise<unknown> {
    if (this.#ended) return Promise.reject(new StorageError('unavailable', 'the store is closed'))
    return new Promise((resolve, reject) => {
      this.#gathering.push({ request, resolve, reject })
      if (request.type !== 'append' && request.type !== 'note-opened') this.#isUrgent = true
      if (makesLinks(request)) {
        this.#linkRequests++
        this.#linkless.delete('name' in request ? request.name : request.document.name)
      }
      this.#commit()
    })
  }

  /** Appends alone are let gather for a moment, the longer the more there are. */
  #commit(): void {
    if (this.#isCommitting || this.#gathering.length === 0) return
    const nowMs = performance.now()
    const restMs = this.#restUntilMs - nowMs
    if (restMs > 0 && !this.#isUrgent) {
      this.#rest ??= setTimeout(() => this.#commitRested(), restMs)
      return
    }
    clearTimeout(this.#rest)
    this.#rest = undefined
    const perSecond = (this.#gathering.length / Math.max(1, nowMs - this.#beganMs)) * 1000
    const first = this.#nextId
    for (const asked of this.#gathering) this.#asked.set(this.#nextId++, asked)
    const parcels = pack(this.#gathering.map(({ request }) => request))
    this.#gathering = []
    this.#isCommitting = true
    this.#isUrgent = false
    this.#beganMs = nowMs
    this.#restUntilMs = nowMs + Math.min(maxRestMs, perSecond / requestsPerMs)
    this.#post({ type: 'batch', first, parcels }, memoryOf(parcels))
  }

  /** Timers may be early by a fraction. */
  #commitRested(): void {
    this.#restUntilMs = 0
    this.#commit()
  }

  #told(message: FromWriter): void {
    switch (message.type) {
      case 'answers':
        this.#usedBytes = message.usedBytes
        for (const [place, answer] of message.answers.entries()) {
          const id = message.ids[place] ?? -1
          const asked = this.#asked.get(id)
          assert(asked !== undefined, 'only what was asked is answered')
          this.#asked.delete(id)
          settle(unpackAnswer(answer), asked)
        }
        break
      case 'finished':
        this.#isCommitting = false
        this.#commit()
        break
      default:
        assert(false, 'an open writer only answers')
    }
  }

  #failAll(cause: Error): void {
    this.#ended = true
    if (!this.#closing) this.#break(cause)
    const asked = [...this.#asked.values(), ...this.#gathering]
    this.#asked.clear()
    this.#gathering = []
    for (const { reject } of asked) reject(new StorageError('unavailable', cause.message, { cause }))
  }

  #post(message: ToWriter, memory: ArrayBuffer[] = []): void {
    this.#writer.port.postMessage(message, memory)
  }
}

function makesLinks(
  request: Request,
): request is Extract<Request, { type: 'create' | 'add-link' | 'replace-links' }> {
  return request.type === 'create' || request.type === 'add-link' || request.type === 'replace-links'
}

function settle(answer: Answer, { resolve, reject }: Asked): void {
  switch (answer.type) {
    case 'done':
      resolve(answer.value)
      break
    case 'failed':
      reject(new StorageError(answer.code, answer.message))
      break
    default:
      assertNever(answer)
  }
}
