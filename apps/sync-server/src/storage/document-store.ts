/**
 * The port to where documents are kept: for each a log of updates, shortened now and then into a base, and the
 * links that open it. Knows bytes and positions, nothing of rooms; every adapter passes `document-store.contract.ts`.
 */
import type { DocumentName, Role } from '@quire/protocol'

export interface NewLink {
  /** Unique within its document. */
  readonly id: string
  readonly role: Role
  /** SHA-256 of the key; the key itself is never stored. */
  readonly keyHash: Uint8Array
  /** What its owner calls it. */
  readonly label?: string
  /** Seconds since 1970. The store keeps it and leaves it to others to mind it. */
  readonly expiresAt?: number | undefined
  /** How many people it lets in; undefined: everyone. */
  readonly maxUses?: number | undefined
  /** Whether whoever comes through it is shown to the others; absent: they are. */
  readonly isSeen?: boolean | undefined
}

export interface StoredLink extends NewLink {
  readonly label: string
  readonly expiresAt: number | undefined
  readonly maxUses: number | undefined
  readonly isSeen: boolean
  /** How many people it has let in since it lets in so many and no more. */
  readonly uses: number
  /** Seconds since 1970. */
  readonly createdAt: number
}

/** What is left out stays as it is. */
export interface LinkChange {
  readonly role?: Role | undefined
  readonly label?: string | undefined
  /** Seconds since 1970; null: it lasts. */
  readonly expiresAt?: number | null | undefined
  /** Null: it lets everyone in. */
  readonly maxUses?: number | null | undefined
  readonly isSeen?: boolean | undefined
}

export interface NewDocument {
  readonly name: DocumentName
  readonly links: readonly NewLink[]
  /** What it holds from the start, if anything. */
  readonly update?: Uint8Array
}

export interface LogEntry {
  /** Ascending from 1 within a document, without gaps. */
  readonly position: number
  readonly update: Uint8Array
}

/** Joins what all entries up to `position` said. */
export type Base = LogEntry

export interface StoredDocument {
  readonly base: Base | undefined
  /** The entries after the base, in order. */
  readonly tail: readonly LogEntry[]
}

/** Somebody from whom what is written under a client id has come. */
export interface Writer {
  readonly clientId: number
  /** Of a user as the server knows them; '' if it only knows that they had a link. */
  readonly userId: string
  /** What they were called then. */
  readonly name: string
  /** `wrote`: the id was theirs. `brought`: they sent what was under it, and may have kept it for another. */
  readonly part: 'wrote' | 'brought'
  /** Where what came from them begins. */
  readonly clock: number
}

export interface StoredWriter extends Writer {
  /** Seconds since 1970. */
  readonly firstSeenAt: number
}

/** Of one client id in one document; further ones are not kept. An id has one in all honesty, or few. */
export const maxWritersPerClient = 4

export interface AppendOptions {
  /** For rooms that begin with their first edit: make the document if it is not there. */
  readonly create: boolean
  /**
   * Durable with the entry. Kept once for each client id and user, as they first were, but that who brought may turn
   * out to have written.
   */
  readonly writers?: readonly Writer[]
}

/** A tail is long when it has so many entries, or more bytes than this and than its base. */
export interface LongLog {
  readonly entries: number
  readonly bytes: number
}

export interface DocumentStore {
  /** What everything stored takes, as of the last thing written. Costs nothing to ask. */
  readonly usedBytes: number
  /** Makes a document with its links and first update, all or nothing. Fails with `document-exists`. */
  create(document: NewDocument): Promise<void>
  /**
   * Everything stored for a document, or undefined if there is no such document. Fails with `damaged` and a reason that
   * says what is wrong and where; no other document is affected. That may be said for some minutes without looking again,
   * unless something is written of it.
   */
  load(name: DocumentName): Promise<StoredDocument | undefined>
  /**
   * Resolves with the entry's position once it is durable. Appends to one document keep the order of the calls.
   * Fails with `document-unknown`, with `damaged`, or with `unavailable`: then it may or may not be stored.
   */
  append(name: DocumentName, update: Uint8Array, options?: AppendOptions): Promise<number>
  /** Everyone who was appended with, those who came first first; they go with their document. Fails with `document-unknown`. */
  writers(name: DocumentName): Promise<readonly StoredWriter[]>
  /** Puts `base` in the place of all entries up to its position, all or nothing. Fails with `document-unknown`. */
  compact(name: DocumentName, base: Base): Promise<void>
  /**
   * Documents whose tail is long, the one with most entries first, at most `limit`: what is worth compacting although
   * nobody has it open. A damaged one stays among them.
   */
  longLogs(long: LongLog, limit: number): Promise<readonly DocumentName[]>
  /** Resolves if the store can be written to now; fails with `unavailable`. Cheap to ask often. */
  check(): Promise<void>
  /**
   * Writes everything stored for a damaged document to where a person can look at it, what cannot be read noted, and
   * resolves with where that is. Changes nothing about the document; the same state is only ever written once, and
   * for the same reason once in some minutes. Fails with `document-unknown`, or with `unavailable` where there is too little
   * room for it besides.
   */
  setAside(name: DocumentName, reason: string): Promise<string>
  /** Finishes what was begun. Safe to call twice. */
  close(): Promise<void>
}

/** Of one document: more than anyone can keep apart. */
export const maxLinks = 100

/**
 * The links to documents. Each belongs to one, and is made with it or later. Whoever changes them as the owner says by the
 * hash of which key: it may have been replaced since they were found to be the owner, so that it is looked at in the write
 * itself, which fails with `not-owner` and changes nothing if it is not the owner's. Absent: nobody's key is needed.
 */
export interface LinkStore {
  /** Does this document have links, so that it opens to nobody without one? */
  hasLinks(name: DocumentName): Promise<boolean>
  /** The document's link with this key, if it has one. */
  findLink(name: DocumentName, keyHash: Uint8Array): Promise<StoredLink | undefined>
  findLinkById(name: DocumentName, id: string): Promise<StoredLink | undefined>
  /** All links of a document, in the order in which they were made. Fails with `document-unknown`. */
  links(name: DocumentName): Promise<readonly StoredLink[]>
  /**
   * Makes one more. Fails with `document-unknown`, with `link-exists` if it has one with this id, or any document one with this
   * key, or with `too-many-links`.
   */
  addLink(name: DocumentName, link: NewLink, ownerKeyHash?: Uint8Array): Promise<StoredLink>
  /** Resolves once it opens nothing any more, with whether there was one with this id. Fails with `document-unknown`. */
  removeLink(name: DocumentName, id: string, ownerKeyHash?: Uint8Array): Promise<boolean>
  /** Resolves with the link as it is now; undefined if there is none with this id. Fails with `document-unknown`. */
  changeLink(
    name: DocumentName,
    id: string,
    change: LinkChange,
    ownerKeyHash?: Uint8Array,
  ): Promise<StoredLink | undefined>
  /**
   * Counts a user among those whom a link lets in. Resolves with whether it does: whoever came once may come again, and
   * others as long as there are fewer than it lets in. False if there is no link with this id. Fails with `document-unknown`.
   */
  useLink(name: DocumentName, id: string, userId: string): Promise<boolean>
  /**
   * Puts new links in the place of those with these ids, or of all, all or nothing. Fails with `document-unknown`, with
   * `link-unknown` if one of them is not there, or with `link-exists`.
   */
  replaceLinks(
    name: DocumentName,
    ids: readonly string[] | 'all',
    links: readonly NewLink[],
    ownerKeyHash?: Uint8Array,
  ): Promise<readonly StoredLink[]>
}

/** What is known of a document without reading it. */
export interface DocumentFacts {
  readonly name: DocumentName
  /** Seconds since 1970. */
  readonly createdAt: number
  /** When something was last appended, in seconds since 1970; undefined if that was before this was kept, or never. */
  readonly changedAt: number | undefined
  /** When it was last noted as opened, in seconds since 1970. Undefined if that is damaged. */
  readonly openedAt: number | undefined
  /** For how many hours servers have run on this store since then. Undefined if that is not known. */
  readonly unopenedHours: number | undefined
  /** How far the log goes, and up to where its base joins it. Undefined if that is damaged. */
  readonly extent: { readonly base: number; readonly head: number } | undefined
  readonly baseBytes: number
  readonly tailBytes: number
  readonly links: number
  /** As noted at the present head; undefined if none is. */
  readonly title: string | undefined
}

export const documentOrders = ['changed', 'created', 'opened', 'size', 'entries', 'id'] as const
/** By id from a to z, by all else from the latest or largest. */
export type DocumentOrder = (typeof documentOrders)[number]

export interface Page {
  readonly order: DocumentOrder
  /** Only ids that come after this one, '' for all: page by page in the order of ids, none is left out or comes twice. */
  readonly after: string
  /** Only those with this in their id, or in their title as it was last noted; absent: all. Small letters and capitals are the same. */
  readonly find?: string
  readonly limit: number
  /** How many of the first are left out; absent: none. What comes, goes or changes meanwhile moves all that come after it. */
  readonly skip?: number
  /** Only those that nobody has opened for so many hours; undefined: all. */
  readonly unopenedHours?: number | undefined
}

/** Whether `text` has `find` in it, as stores look for it. */
export function isFoundIn(text: string, find: string): boolean {
  return text.toLowerCase().includes(find.toLowerCase())
}

/** Looking over what there is. */
export interface Inventory {
  documents(page: Page): Promise<readonly DocumentFacts[]>
  /** Fails with `document-unknown`. */
  facts(name: DocumentName): Promise<DocumentFacts>
  totals(): Promise<Totals>
  /** A title that was read from what the log says up to `position`. Of a document that nobody made, nothing is noted. */
  noteTitle(name: DocumentName, title: { readonly position: number; readonly text: string }): Promise<void>
}

export interface Totals {
  readonly documents: number
  readonly links: number
  /** Of what is stored in bases and tails. */
  readonly bytes: number
}

/**
 * Who was opened when, to tell what nobody wants any more. Time is counted in hours for which servers ran on this store,
 * so that neither a clock that is wrong nor a server that was down makes anything look older than it is.
 */
export interface OpeningStore {
  /** Somebody opens it now. Of a document that nobody made, nothing is noted. */
  noteOpened(name: DocumentName): Promise<void>
  /** A server has run for one more hour. */
  passHour(): Promise<void>
  /**
   * A server runs that keeps documents which nobody opens for so many days; undefined: for ever. Resolves with the
   * hours for which servers have run since that was last something else.
   */
  keepFor(days: number | undefined): Promise<number>
  /** Of what nobody has opened for so many hours. */
  unopened(hours: number): Promise<Unopened>
  /**
   * Takes a document away as `remove` does if nobody has opened it for so many hours. Resolves with whether it did.
   * Fails with `damaged`, and leaves it, if anything of it is.
   */
  removeUnopened(name: DocumentName, hours: number): Promise<boolean>
}

export interface Unopened {
  readonly documents: number
  /** Of what is stored in bases and tails. */
  readonly bytes: number
}

export interface Store extends DocumentStore, LinkStore, Inventory, OpeningStore {
  /**
   * Takes away everything stored for a document, its links with it. Fails with `document-unknown`, or as any change of its links
   * by who is not the owner.
   */
  remove(name: DocumentName, ownerKeyHash?: Uint8Array): Promise<void>
}

export type StorageErrorCode =
  | 'document-exists'
  | 'document-unknown'
  | 'link-exists'
  | 'link-unknown'
  | 'too-many-links'
  /** The key is not, or no longer, that of the document's owner. */
  | 'not-owner'
  /** Stored bytes are not those that were written. */
  | 'damaged'
  /** The disk or the database failed; nothing can be said of what was under way. */
  | 'unavailable'
  /** Likewise, for want of room. */
  | 'disk-full'

export class StorageError extends Error {
  readonly code: StorageErrorCode

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StorageError'
    this.code = code
  }
}

/** Is it all of the store that cannot be used for now, and not one document? */
export function isOutage(error: unknown): error is StorageError {
  return error instanceof StorageError && isOutageCode(error.code)
}

export function isOutageCode(code: StorageErrorCode): boolean {
  return code === 'unavailable' || code === 'disk-full'
}
