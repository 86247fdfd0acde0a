/**
 * Finds out whether somebody else has written where our words belong. A Yjs id is a client and a clock, and a document keeps
 * the first content it is given for one. So if the server was given other content under ids of ours while we were
 * away, what we wrote there would stay in this page alone, and nobody would notice.
 */
import * as Y from 'yjs'

/** For each client id the first clock that is in doubt. */
export type Doubts = ReadonlyMap<number, number>

const replacementCharacter = '\ufffd'

/** Whether `update` holds something else than `doc` under ids that are in doubt. Ids that `doc` has not are no dispute. */
export function isDisputed(doc: Y.Doc, update: Uint8Array, doubts: Doubts): boolean {
  if (doubts.size === 0) return false
  return Y.decodeUpdate(update).structs.some((theirs) => {
    const from = doubts.get(theirs.id.client)
    return from !== undefined && theirs instanceof Y.Item && differs(doc, theirs, from)
  })
}

function differs(doc: Y.Doc, theirs: Y.Item, from: number): boolean {
  const { client } = theirs.id
  const structs = doc.store.clients.get(client) ?? []
  const end = Math.min(theirs.id.clock + theirs.length, Y.getState(doc.store, client))
  let clock = Math.max(theirs.id.clock, from)
  while (clock < end) {
    const ours = structs[Y.findIndexSS(structs, clock)]
    if (!ours) return false
    const next = Math.min(end, ours.id.clock + ours.length)
    if (ours instanceof Y.Item && !isSame(ours, theirs, clock, next)) return true
    clock = next
  }
  return false
}

/** Between two clocks. Of what was deleted, here or there, the neighbours are still known, and not what it said. */
function isSame(ours: Y.Item, theirs: Y.Item, clock: number, end: number): boolean {
  const isForgotten = [ours, theirs].some(({ content }) => content instanceof Y.ContentDeleted)
  return (
    Y.compareIDs(originAt(ours, clock), originAt(theirs, clock)) &&
    Y.compareIDs(ours.rightOrigin, theirs.rightOrigin) &&
    (isForgotten || isSameContent(contentOf(ours, clock, end), contentOf(theirs, clock, end)))
  )
}

function originAt({ id, origin }: Y.Item, clock: number): Y.ID | null {
  return clock === id.clock ? origin : Y.createID(id.client, clock - 1)
}

function contentOf({ id, content }: Y.Item, clock: number, end: number): string {
  const [from, to] = [clock - id.clock, end - id.clock]
  if (content instanceof Y.ContentString) return content.str.slice(from, to)
  return `${content.constructor.name} ${JSON.stringify(content.getContent().slice(from, to))}`
}

/** Where Yjs cuts a surrogate pair it puts U+FFFD for each half, in one document and not in the other. */
function isSameContent(one: string, other: string): boolean {
  if (one === other) return true
  if (one.length !== other.length) return false
  return one
    .split('')
    .every(
      (unit, at) => unit === other[at] || unit === replacementCharacter || other[at] === replacementCharacter,
    )
}
