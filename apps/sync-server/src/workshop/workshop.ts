/**
 * The port to work that needs a Yjs document: it is done elsewhere (in worker threads), never where sockets are
 * served. All of it is calculation on bytes; nothing is stored here.
 */
import type { StoredDocument } from '../storage/document-store.ts'

export interface NewText {
  readonly text: string
  readonly title: string
  readonly language: string
}

/** The job took more time or memory than those of honest documents, and its thread was ended. It would be so again. */
export class ResourceLimitError extends Error {}

/** What fails with a `ResourceLimitError` fails alone. */
export interface Workshop {
  /**
   * What of these updates someone lacks who told this state vector, in parts of about `maxBytes` (`missingParts`). Is not
   * begun any more, and let go of, once the signal says so.
   */
  missing(
    updates: readonly Uint8Array[],
    stateVector: Uint8Array,
    maxBytes: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array[]>
  /** Joins all there is into one garbage-collected update. Fails rather than leave out anything. */
  compact(document: StoredDocument): Promise<Uint8Array>
  /** The root `content` as plain text. */
  readText(document: StoredDocument): Promise<string>
  /** What `meta` calls it; '' if it has no title. */
  readTitle(document: StoredDocument): Promise<string>
  /** The first update of a document: `content`, and `meta` with what is not ''. Undefined if there is nothing to say. */
  compose(text: NewText): Promise<Uint8Array | undefined>
  close(): Promise<void>
}
