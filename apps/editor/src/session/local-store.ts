/**
 * What this device keeps of one document, so that it opens without a network and no edit is in a page alone. A port:
 * the browser's is over IndexedDB, and `MemoryDocument` stands in where there is none. All tabs of a browser that have the
 * document open share what is kept.
 */
import type { Role } from '@quire/protocol'

/** One of our edits: a Yjs V1 update. */
export interface Edit {
  /** Different for every edit of every tab. */
  readonly id: string
  readonly update: Uint8Array
  /**
   * Of the ids it mentions, for each client those that were ours alone when it was made, saved by nobody: they may get other
   * names. Left out: those of its own structs.
   */
  readonly ours?: IdsOfOurs
}

/** Clocks by client: from one up to another. */
export type IdsOfOurs = ReadonlyMap<number, { readonly clock: number; readonly end: number }>

/** What was ours under the ids of `client` from `clock` on is now under those of `to` from 0 on. */
export interface Rename {
  readonly client: number
  readonly clock: number
  readonly to: number
}

/** Everything that is kept, in no order that matters. */
export interface Kept {
  /** Updates that the server has. */
  readonly saved: readonly Uint8Array[]
  /** Edits that the server has not said it has. */
  readonly unsaved: readonly Edit[]
  /** For each entrance (a link, a signed-in user) the role it gave last. One who has never been let in has none. */
  readonly roles: ReadonlyMap<string, Role>
  /** All there ever were, since whoever wrote the edits above may not have known of them. */
  readonly renames: readonly Rename[]
}

/** What is to be different, in the order of these fields. What is left out stays as it is. */
export interface Changes {
  /** Updates that came from the server. */
  readonly saved?: readonly Uint8Array[]
  readonly unsaved?: readonly Edit[]
  /** Ids of ours that have other names now, and edits with those: each takes the place of what was under its id, if that is still there. */
  readonly renamed?: { readonly renames: readonly Rename[]; readonly edits: readonly Edit[] }
  /** Edits that the server has now. Each becomes one of `saved`, unless it is no longer there. */
  readonly settled?: readonly string[]
  /** All the edits there are, to be given up. If there is another by now, nothing of this happens: it may build on them. */
  readonly dropped?: readonly string[]
  /** Edits that stand in the place of all there are. If any of those is no longer there, or another is, nothing of this happens. */
  readonly rewritten?: { readonly from: readonly string[]; readonly to: readonly Edit[] }
  /** The role that an entrance gives now; undefined if it opens the document no more. */
  readonly role?: { readonly entrance: string; readonly role: Role | undefined }
}

/** A set of ids, or a map by id. */
interface Ids {
  readonly size: number
  keys(): Iterable<string>
}

/** Whether there is no edit but these, so that they may be given up. */
export function areDroppable(dropped: readonly string[], present: Ids): boolean {
  const ids = new Set(dropped)
  return [...present.keys()].every((id) => ids.has(id))
}

/** Whether these are the edits there are, so that others may take their place. */
export function areReplaceable(from: readonly string[], present: Ids): boolean {
  return from.length === present.size && areDroppable(from, present)
}

export interface LocalDocument {
  /** Rejects with a `LocalStoreError`. */
  load(): Promise<Kept>
  /**
   * All of it or nothing; on disk once resolved. One call after another takes effect in that order.
   * Rejects with a `LocalStoreError`; then nothing of it is kept, and a later call may go well. Edits in a call without
   * `settled` are kept even if the page goes away right after it.
   */
  write(changes: Changes): Promise<void>
  /**
   * Puts `state` in the place of everything saved that this object has loaded or written, none of which it may lack: a Yjs
   * update of a document without unsaved edits. What other tabs have written meanwhile stays beside it.
   */
  compact(state: Uint8Array): Promise<void>
  /**
   * Bytes of `saved` that this object has loaded or written since the last `compact`; what `compact` put there does not
   * count. The largest update of those loaded is taken for that.
   */
  readonly tailBytes: number
  /** Calls `listener` with what another tab has written, once it is kept; returns the undo. */
  subscribe(listener: (changes: Changes) => void): () => void
  /**
   * Forgets the document, unless an entrance still opens it or an edit is not saved: nothing of what it holds stays on this
   * device. What is written afterwards is kept again.
   */
  forgetUnused(): Promise<void>
  /** Lets go of it; what is kept stays, and what is being written is kept still. Later calls reject. Safe to call twice. */
  close(): void
}

/**
 * `full`: the browser gives this site no more room. `unavailable`: it keeps nothing for this site, or cannot. `unread`: there
 * may be something that it keeps, and it cannot be read.
 */
export class LocalStoreError extends Error {
  override readonly name = 'LocalStoreError'
  readonly code: 'full' | 'unavailable' | 'unread'

  constructor(code: LocalStoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
