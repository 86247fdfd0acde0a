/**
 * A document as a page sees it: the Yjs document, who is here, and the truth about connection and saving.
 * What people read is derived from these values by whoever shows them.
 */
import type { Role, User } from '@quire/protocol'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import type { LocalDocument } from './local-store.ts'
import type { Rescue } from './rescue.ts'

/** Why the server will not have us; nothing is retried until the person acts. */
export type Refusal =
  | 'not-allowed' // the link does not allow this
  | 'access-ended' // the token has expired; whoever gave it may give a newer one
  | 'access-refused' // the token does not open this document, or not any more
  | 'missing' // the server may have lost this document; what is here may be all there is of it
  | 'unacceptable-update' // the server will not take what we sent
  | 'too-large'
  | 'version' // this page is older or newer than the server
  | 'another-document' // what this device keeps is of an earlier document of the same name

/** Why nothing more is tried. */
export type Ending = Refusal | 'gone'

/**
 * Where things stand. `role` is what we may do, or could when we last heard; while it is undefined the text has never been
 * here for who we are, and nothing of it is to be shown.
 */
export type SessionState =
  /** What this device keeps is being read. */
  | { readonly type: 'loading' }
  /** The first connection is being made. */
  | { readonly type: 'connecting'; readonly role: Role | undefined }
  /** Everything the server had has arrived and edits go out at once. */
  | { readonly type: 'live'; readonly role: Role }
  /** The connection was lost, or could never be made; it is tried again without end. */
  | { readonly type: 'offline'; readonly role: Role | undefined }
  | { readonly type: 'refused'; readonly refusal: Refusal; readonly role: Role | undefined }
  /** There is no such document, or the link is not (or no longer) valid for it. */
  | { readonly type: 'gone'; readonly role: Role | undefined }

/** What keeps edits from being saved, though the connection stands. */
export type Trouble =
  | 'none'
  | 'storage-failed' // the server cannot write to its disk; what it missed it asks for once it can again
  | 'document-full' // the document has reached its size limit; the text of others still arrives
  | 'storage-full' // the server has no room for more of any document; the text of others still arrives
  | 'read-only' // we may only read, and there are edits from when we could write, or thought so

/**
 * How this device keeps the document: `full` if the browser gives no more room, `unavailable` if it keeps nothing, `unread` if
 * what it keeps could not be read, or not yet: there may be edits that are not here.
 */
export type Keeping = 'kept' | 'full' | 'unavailable' | 'unread'

/** Someone in the document, ourselves included. */
export interface Person {
  /** Stable for one person in one document. */
  readonly id: string
  /** Of their tabs and devices, at least one. */
  readonly clientIds: readonly number[]
  readonly name: string
  /** One of the palette's colours, as `#rrggbb`. */
  readonly colour: string
  readonly isSelf: boolean
}

export interface DocumentSession {
  /** Another one after `reapply` and `discard`, like `text` and `awareness`. */
  readonly doc: Y.Doc
  /** The root `content`. */
  readonly text: Y.Text
  readonly awareness: Awareness
  readonly state: SessionState
  /** How many edits of this device the server has not said are durable; 0 means saved. What is kept of another document is one more. */
  readonly unsaved: number
  /** How many of them are in this page only: they are lost with it. */
  readonly unkept: number
  readonly keeping: Keeping
  /** Told anew on each connection, and 'none' while there is none. Of several, the one that waiting does not end. */
  readonly trouble: Trouble
  /** Who the server says we are; undefined until it has. */
  readonly user: User | undefined
  /** Guests choose how they are called, and so does whoever has a token without a name. */
  readonly mayRename: boolean
  /** Validated, each once, ourselves first, then by name. */
  readonly people: readonly Person[]
  /** From the document's `meta` map; '' when it has none. */
  readonly title: string
  setTitle(title: string): void
  /** What the text is written in, from the same map; '' when nobody has said. */
  readonly language: string
  setLanguage(language: string): void
  /** Does nothing for who may not. */
  rename(name: string): void
  /** Goes on with a newer token for the same person, also after the last one has ended. */
  refresh(token: string): void
  /** There may be a network again, or none any more: tries again at once, or finds out. */
  wake(): void
  /** There is said to be no network any more: finds out within seconds. */
  doubt(): void
  /** What the server does not have, beside what it has as far as is known here. Rejects with a `LocalStoreError`, as do the next two. */
  rescue(): Promise<Rescue>
  /** Asks the server what it has, writes what is unsaved anew, as plain edits of that, and tries to have them saved. Does nothing with another document's. */
  reapply(): Promise<void>
  /** Gives up what is unsaved, and all that is kept if that is of another document. */
  discard(): Promise<void>
  /** Calls `listener` after any of the values above changed; returns the undo. */
  subscribe(listener: () => void): () => void
  /** Leaves the document and releases everything; safe to call twice. */
  close(): void
}

export interface SessionOptions {
  /** Where documents are synced: `wss://host/sync`, without a slash at the end. */
  readonly syncUrl: string
  readonly documentId: string
  /** The link's key, or an access token; undefined on servers that let anyone in. */
  readonly key: string | undefined
  /** How a guest likes to be called, and a secret of this device that keeps their colour the same. */
  readonly guest: { readonly name: string; readonly secret: string }
  /** The socket class: the browser's `WebSocket` or one of its kind, or `ws` in Node. */
  readonly Socket: typeof WebSocket
  /** What this device keeps of the document for this person, as `openLocal` opens it; nothing is kept without. */
  readonly openLocal?: () => Promise<LocalDocument>
  /** Calls back once what was just typed is in sight, and at once where nobody sees it or the page is left: it is kept only then. */
  readonly oncePainted?: (act: () => void) => void
  /** What distinguishes this way in from others to the same document; the same for all tokens of a person. Whoever has it is shown what is kept until the server has answered. */
  readonly entrance?: string
}
