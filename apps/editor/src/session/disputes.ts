/**
 * Finds out whether somebody else has written where our words belong. A Yjs id is a client and a clock, and a document keeps
 * the first content it is given for one. So if the server was given other content under ids of ours while we were
 * away, what we wrote there would stay in this page alone, and nobody would notice.
 */
import { scan } from '@quire/protocol'
import * as Y from 'yjs'
import type { Edit } from './local-store.ts'

type Struct = Y.Item | Y.GC | Y.Skip
/** What of an item says what was written. */
export type Written = Pick<Y.Item, 'id' | 'length' | 'origin' | 'rightOrigin' | 'content'>

/** What others have under the ids of a client, in order. */
export type Theirs = (client: number) => readonly Struct[]

/** The first id of a client at which an edit of ours says something else than theirs does. */
export interface Dispute {
  readonly client: number
  readonly clock: number
  readonly edit: Edit
}

const replacementCharacter = '\ufffd'

/** One for each client under which something of `edits` differs. Ids that only one of both has are no dispute. */
export function findDisputes(edits: readonly Edit[], theirs: Theirs): Dispute[] {
  const found = new Map<number, Dispute>()
  for (const edit of edits) {
    const mayDiffer = scan(edit.update).runs.some(({ client, clock }) => endOf(theirs(client)) > clock)
    if (!mayDiffer) continue
    for (const ours of Y.decodeUpdate(edit.update).structs) {
      const { client } = ours.id
      const clock = ours instanceof Y.Item ? firstDifference(ours, theirs(client)) : undefined
      if (clock === undefined || !wasOurs(edit, client, clock)) continue
      if (clock < (found.get(client)?.clock ?? Infinity)) found.set(client, { client, clock, edit })
    }
  }
  return [...found.values()]
}

/** What the server had and lost is saved again together with what others wrote. */
function wasOurs({ ours }: Edit, client: number, clock: number): boolean {
  const range = ours?.get(client)
  return ours === undefined || (range !== undefined && range.clock <= clock && clock < range.end)
}

/** What a document has. */
export function structsOf(doc: Y.Doc): Theirs {
  return (client) => doc.store.clients.get(client) ?? []
}

/** What an update brings. */
export function structsIn(update: Uint8Array): Theirs {
  const byClient = Map.groupBy(Y.decodeUpdate(update).structs, ({ id }) => id.client)
  return (client) => byClient.get(client) ?? []
}

function firstDifference(ours: Y.Item, theirs: readonly Struct[]): number | undefined {
  for (let index = indexAt(theirs, ours.id.clock); index < theirs.length; index++) {
    const struct = theirs[index]
    if (!struct || struct.id.clock >= ours.id.clock + ours.length) return undefined
    const clock = struct instanceof Y.Item ? differenceBetween(ours, struct) : undefined
    if (clock !== undefined) return clock
  }
  return undefined
}

/** Of the first struct that ends after this clock. */
function indexAt(structs: readonly Struct[], clock: number): number {
  let [from, to] = [0, structs.length]
  while (from < to) {
    const middle = (from + to) >> 1
    const struct = structs[middle]
    if (struct && struct.id.clock + struct.length > clock) to = middle
    else from = middle + 1
  }
  return from
}

function endOf(structs: readonly Struct[]): number {
  const last = structs.at(-1)
  return last ? last.id.clock + last.length : 0
}

function differenceBetween(ours: Written, theirs: Written): number | undefined {
  const clock = Math.max(ours.id.clock, theirs.id.clock)
  const index = similarity(ours, theirs).indexOf(false)
  return index < 0 ? undefined : clock + index
}

/**
 * At each clock that both have, whether they say the same. Of what was deleted, here or there, the neighbours are still
 * known, and not what it said.
 */
export function similarity(ours: Written, theirs: Written): boolean[] {
  const clock = Math.max(ours.id.clock, theirs.id.clock)
  const end = Math.min(ours.id.clock + ours.length, theirs.id.clock + theirs.length)
  if (clock >= end) return []
  const isForgotten = [ours, theirs].some(({ content }) => content instanceof Y.ContentDeleted)
  const [mine, other] = [unitsOf(ours, clock, end), unitsOf(theirs, clock, end)]
  const isBefore = Y.compareIDs(ours.rightOrigin, theirs.rightOrigin)
  // What follows within both stands after what comes before it, here and there.
  const isAfter = (index: number): boolean =>
    index > 0 || Y.compareIDs(originAt(ours, clock), originAt(theirs, clock))
  return Array.from(
    { length: end - clock },
    (_, index) => isBefore && isAfter(index) && (isForgotten || isSameUnit(mine[index], other[index])),
  )
}

function originAt({ id, origin }: Written, clock: number): Y.ID | null {
  return clock === id.clock ? origin : Y.createID(id.client, clock - 1)
}

/** What it says at each clock. */
function unitsOf({ id, content }: Written, clock: number, end: number): readonly string[] {
  const [from, to] = [clock - id.clock, end - id.clock]
  if (content instanceof Y.ContentString) return content.str.slice(from, to).split('')
  return content
    .getContent()
    .slice(from, to)
    .map((value) => `${content.constructor.name} ${JSON.stringify(value)}`)
}

/** Where Yjs cuts a surrogate pair it puts U+FFFD for each half, in one document and not in the other. */
function isSameUnit(one: string | undefined, other: string | undefined): boolean {
  return one === other || one === replacementCharacter || other === replacementCharacter
}
