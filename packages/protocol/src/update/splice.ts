/** Joining and cutting update bytes, without building a document. */
import * as Y from 'yjs'
import { encodeStateVector, type StateVector } from './state-vector.ts'

/** An update that says nothing: no clients, no deletions. */
export const emptyUpdate: Uint8Array = Uint8Array.of(0, 0)

/**
 * Yjs sorts all its inputs again after each struct, so that joining n at once costs n² log n. Joined by this many,
 * and the results again, 4,000 keystrokes take milliseconds.
 */
const joinedAtOnce = 32

/** One update with the effect of all, given in an order in which each builds only on earlier ones. Never empty-handed. */
export function splice(updates: readonly Uint8Array[]): Uint8Array {
  const [first = emptyUpdate, ...others] = updates
  if (others.length === 0) return first
  const joined: Uint8Array[] = []
  for (let start = 0; start < updates.length; start += joinedAtOnce)
    joined.push(Y.mergeUpdates(updates.slice(start, start + joinedAtOnce)))
  return splice(joined)
}

/** What of `update` someone with this state vector lacks; its deletions are always all there (as Yjs does it). */
export function cut(update: Uint8Array, known: StateVector): Uint8Array {
  return known.size === 0 ? update : Y.diffUpdate(update, encodeStateVector(known))
}
