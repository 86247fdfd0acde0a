/** A document as another Yjs server has kept it, and what keeps it from being read. */

export interface KeptDocument {
  /** As it is kept. */
  readonly name: string
  /** The same as it stands in a URL, percent-encoded. */
  readonly encodedName: string
  /** Yjs updates (V1) that together are the document, in the order in which they came. */
  readonly updates: readonly Uint8Array[]
}

/** What was named cannot be read, or not on. The message is a sentence for whoever named it. */
export class SourceError extends Error {}
