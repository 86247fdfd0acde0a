/**
 * The other people in a text, as far as the editor shows them: a name, a colour, and where their selection stands.
 * Everything comes from awareness, that is from strangers: what cannot be read is as if it were not there.
 * Does not know how a peer is drawn.
 */
import { readUser } from '@quire/protocol'
import type { ChangeDesc } from '@codemirror/state'
import type * as Y from 'yjs'
import type { Cursor } from './cursor.ts'
import { equalCursors, parseCursor, resolveCursor } from './cursor.ts'
import { called } from '../words/index.ts'

export interface Peer {
  readonly clientId: number
  readonly name: string
  readonly colour: string
  readonly cursor: Cursor
  /** Where the cursor stands in the view's document; undefined until its text has arrived. */
  readonly place: Place | undefined
  /** Whether a change of the text may have brought what `place` was waiting for. */
  readonly isAhead: boolean
}

export interface Place {
  readonly anchor: number
  readonly head: number
}

/** A peer as their awareness state tells; undefined if it tells of no cursor in this text. Never throws. */
export function readPeer(
  clientId: number,
  state: unknown,
  text: Y.Text,
  before: Peer | undefined,
): Peer | undefined {
  try {
    const { cursor: published, user } = asRecord(state)
    const cursor = parseCursor(published, text)
    if (!cursor) return undefined
    const { name, colour } = readUser(user, clientId)
    const peer = { clientId, name: called(name), colour, cursor }
    if (before && equalCursors(before.cursor, cursor)) return { ...before, ...peer }
    return { ...peer, ...locate(cursor, text, before?.place) }
  } catch {
    return undefined
  }
}

/** The same peer after the document changed; `text` has changed already. */
export function movePeer(peer: Peer, changes: ChangeDesc, text: Y.Text): Peer {
  const { cursor, place } = peer
  const move = (position: number, assoc: number): number =>
    changes.mapPos(Math.min(position, changes.length), assoc < 0 ? -1 : 1)
  const moved = place && {
    anchor: move(place.anchor, cursor.anchor.assoc),
    head: move(place.head, cursor.head.assoc),
  }
  return peer.isAhead ? { ...peer, ...locate(cursor, text, moved) } : { ...peer, place: moved }
}

/**
 * Presence travels faster than text, which is relayed only when it is safe. A cursor that stands in text that has
 * not come yet stays where it was.
 */
function locate(
  cursor: Cursor,
  text: Y.Text,
  before: Place | undefined,
): { place: Place | undefined; isAhead: boolean } {
  const place = resolveCursor(cursor, text)
  return place ? { place, isAhead: false } : { place: before, isAhead: true }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
