/** What a session does with updates and documents of Yjs as such. */
import { eachDeleted, missingParts, scan } from '@quire/protocol'
import * as Y from 'yjs'

const maxPartBytes = 256 * 1024

/** The same in frames of a size that a slow link carries in a moment; what cannot be taken apart stays whole. */
export function partsOf(update: Uint8Array): Uint8Array[] {
  if (update.length <= maxPartBytes) return [update]
  return missingParts([scan(update)], new Map(), maxPartBytes)
}

export function documentOf(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc()
  applyAll(doc, updates)
  return doc
}

export function applyAll(doc: Y.Doc, updates: readonly Uint8Array[], origin?: unknown): void {
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update, origin)
  }, origin)
}

/** Whether the document has all that an update holds and builds on. */
export function isTakenIn(doc: Y.Doc, update: Uint8Array): boolean {
  const { bytes, runs, deletions } = scan(update)
  const has = (client: number, end: number): boolean => Y.getState(doc.store, client) >= end
  let isHere = runs.every(({ client, end }) => has(client, end))
  for (const each of deletions)
    eachDeleted(bytes, each, (clock, length) => {
      isHere &&= has(each.client, clock + length)
    })
  return isHere
}

/** An update begins with the number of clients of which it holds structs. */
export function isDeletionOnly(update: Uint8Array): boolean {
  return update[0] === 0
}

/** Under which client ids an update writes. */
export function clientsOf(update: Uint8Array): number[] {
  return scan(update).runs.map(({ client }) => client)
}

/** For each client the next clock. */
export function clocksOf(doc: Y.Doc): Map<number, number> {
  return Y.decodeStateVector(Y.encodeStateVector(doc))
}

/** Whether whoever has this state vector knows nothing of a document of which these are the next clocks: it is another one. */
export function knowsNothingOf(clocks: ReadonlyMap<number, number>, stateVector: Uint8Array): boolean {
  const theirs = Y.decodeStateVector(stateVector)
  const known = [...clocks].filter(([, clock]) => clock > 0)
  return known.length > 0 && known.every(([client]) => !theirs.get(client))
}
