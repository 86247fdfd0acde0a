/** What the operator's page asks of the server, and what it stands on besides. Times are milliseconds since 1970. */
import type { Role } from '@quire/protocol'

export interface Glance {
  readonly documents: number
  readonly people: number
  readonly bytes: number
  /** Of the whole database; undefined: it may become as large as it likes. */
  readonly used: { readonly bytes: number; readonly maxBytes: number | undefined }
  /** For how long documents are kept that nobody opens, and how many have been for longer; undefined: for ever. */
  readonly retention: { readonly days: number; readonly documents: number } | undefined
  readonly server: Running | undefined
  readonly disk: { readonly freeBytes: number; readonly sizeBytes: number } | undefined
}

export interface Running {
  readonly publicUrl: string
  readonly version: string
  readonly startedAt: number
  readonly memoryBytes: number
  readonly recent: {
    readonly seconds: number
    readonly updates: number
    readonly refusals: number
    readonly saveMs: { readonly median: number; readonly p99: number } | undefined
    readonly loopDelayMs: number
  }
}

export interface ListedDocument {
  readonly id: string
  /** Undefined: it cannot be read. */
  readonly title: string | undefined
  readonly bytes: number
  readonly links: number
  readonly createdAt: number
  readonly changedAt: number | undefined
  /** Undefined: it is not known. */
  readonly openedAt: number | undefined
  readonly people: number
}

export interface ShownDocument extends ListedDocument {
  readonly base: { readonly position: number; readonly bytes: number }
  readonly tail: { readonly entries: number; readonly bytes: number }
  readonly linkList: readonly ShownLink[]
  readonly present: readonly PresentPerson[]
}

export interface ShownLink {
  readonly id: string
  readonly role: Role
  readonly label: string
  readonly createdAt: number
  readonly expiresAt: number | undefined
  readonly maxUses: number | undefined
  readonly uses: number
  readonly presence: boolean
  readonly operator: boolean
}

export interface PresentPerson {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly connections: number
}

export interface MadeLink {
  readonly role: Role
  readonly expiresIn: number | undefined
  readonly label: string
}

export type Order = 'changed' | 'created' | 'size'

export interface Search {
  readonly order: Order
  readonly find: string
  /** As many as are to be shown, however many the server gives at once. */
  readonly limit: number
}

export interface Listing {
  readonly documents: readonly ListedDocument[]
  /** There may be more of them. */
  readonly hasMore: boolean
}

export type Outcome<Value> =
  | { readonly type: 'given'; readonly value: Value }
  /** `words` may be shown as they are; `code` is that of the problem, if the server said so. */
  | { readonly type: 'failed'; readonly words: string; readonly code: string | undefined }

export interface OperatorServer {
  glance(): Promise<Outcome<Glance>>
  documents(search: Search): Promise<Outcome<Listing>>
  document(id: string): Promise<Outcome<ShownDocument>>
  people(id: string): Promise<Outcome<readonly PresentPerson[]>>
  /** One person, or everyone. Resolves with how many connections that ended. */
  disconnect(id: string, person?: string): Promise<Outcome<number>>
  compact(id: string): Promise<Outcome<{ readonly bytesBefore: number; readonly bytesAfter: number }>>
  /** Resolves with its address, which is not to be had again. */
  makeLink(id: string, link: MadeLink): Promise<Outcome<string>>
  revoke(id: string, link: string): Promise<Outcome<void>>
  remove(id: string): Promise<Outcome<void>>
}

export interface OperatorSurroundings {
  /** `onRefused` is told whenever the token does not open anything any more. */
  readonly serverFor: (token: string, onRefused: () => void) => OperatorServer
  readonly token: StoredToken
  /** What follows the `#` of the address. */
  readonly place: Place
  readonly sight: Sight
  readonly copy: (text: string) => Promise<boolean>
  readonly now: () => number
}

/** Of this tab alone, and for as long as it is open. */
export interface StoredToken {
  get(): string | undefined
  set(token: string | undefined): void
}

export interface Place {
  get(): string
  go(fragment: string): void
  subscribe(listener: () => void): () => void
}

/** Whether anybody can see the page. */
export interface Sight {
  isVisible(): boolean
  subscribe(listener: () => void): () => void
}
