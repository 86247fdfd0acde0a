/**
 * Where a selection stands in a shared text, in the form that y-codemirror.next and others put into awareness:
 * `{ anchor, head }`, each a Yjs relative position. What comes from there was written by strangers, so it is read
 * through a grammar. Knows neither awareness nor views.
 */
import * as Y from 'yjs'

export interface Cursor {
  readonly anchor: Y.RelativePosition
  readonly head: Y.RelativePosition
}

/** The cursor at two indices. All four fields of a position are present, since other apps read them unchecked. */
export function cursorAt(text: Y.Text, range: { readonly anchor: number; readonly head: number }): Cursor {
  const anchor = Y.createRelativePositionFromTypeIndex(text, range.anchor)
  const head = range.head === range.anchor ? anchor : Y.createRelativePositionFromTypeIndex(text, range.head)
  return { anchor, head }
}

/** What someone published as their cursor; undefined if it is none, or one in another text. Never throws. */
export function parseCursor(value: unknown, text: Y.Text): Cursor | undefined {
  if (!isRecord(value)) return undefined
  const anchor = parsePosition(value['anchor'], text)
  const head = parsePosition(value['head'], text)
  return anchor && head && { anchor, head }
}

/** The indices that a cursor means now; undefined while the text it stands in has not arrived. */
export function resolveCursor(cursor: Cursor, text: Y.Text): { anchor: number; head: number } | undefined {
  const anchor = resolvePosition(cursor.anchor, text)
  const head = cursor.head === cursor.anchor ? anchor : resolvePosition(cursor.head, text)
  return anchor === undefined || head === undefined ? undefined : { anchor, head }
}

export function equalCursors(one: Cursor | undefined, other: Cursor | undefined): boolean {
  if (!one || !other) return one === other
  return (
    Y.compareRelativePositions(one.anchor, other.anchor) && Y.compareRelativePositions(one.head, other.head)
  )
}

function parsePosition(value: unknown, text: Y.Text): Y.RelativePosition | undefined {
  if (!isRecord(value)) return undefined
  const assoc = typeof value['assoc'] === 'number' && value['assoc'] < 0 ? -1 : 0
  const item = value['item'] ?? null
  if (item !== null) {
    const id = parseId(item)
    return id && new Y.RelativePosition(null, null, id, assoc)
  }
  // Without an item it is the start or the end of a whole text. A foreign name must never reach `doc.get`, which
  // would create a root of that name.
  const here = Y.createRelativePositionFromTypeIndex(text, 0, -1)
  const isHere = here.tname !== null ? value['tname'] === here.tname : isSameId(value['type'], here.type)
  return isHere ? new Y.RelativePosition(here.type, here.tname, null, assoc) : undefined
}

function resolvePosition(position: Y.RelativePosition, text: Y.Text): number | undefined {
  if (position.item === null) return position.assoc < 0 ? 0 : text.length
  if (!text.doc) return undefined
  try {
    const place = Y.createAbsolutePositionFromRelativePosition(position, text.doc)
    return place?.type === text ? place.index : undefined
  } catch {
    // An id that never was an item: Yjs throws where it looks for it.
    return undefined
  }
}

function parseId(value: unknown): Y.ID | undefined {
  if (!isRecord(value)) return undefined
  const { client, clock } = value
  return isCount(client) && isCount(clock) ? Y.createID(client, clock) : undefined
}

function isSameId(value: unknown, id: Y.ID | null): boolean {
  const parsed = parseId(value)
  return parsed !== undefined && id !== null && Y.compareIDs(parsed, id)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
