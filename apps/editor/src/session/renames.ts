/**
 * Other ids for what we wrote where somebody else had written: a Yjs id is a client and a clock, and what the server has under
 * one stays there. Renamed, ours is just more text, that stands where it stood.
 *
 * The new name follows from the edit and the old one, so that all tabs that find out give the same, and whoever else would like
 * to write there cannot know it.
 */
import { clientsIn, renameIds, scan } from '@quire/protocol'
import { findDisputes, type Dispute, type Theirs } from './disputes.ts'
import type { Edit, IdsOfOurs, Rename } from './local-store.ts'

/** Edits under the names they go by, and of those names the new ones: where `theirs` says something else there was a dispute. */
export function named(
  edits: readonly Edit[],
  { known, theirs }: { readonly known: readonly Rename[]; readonly theirs: Theirs },
): { readonly edits: readonly Edit[]; readonly renames: readonly Rename[] } {
  const renames: Rename[] = []
  for (;;) {
    const all = [...known, ...renames]
    const found = edits.map((edit) => renamed(edit, all))
    const disputes = findDisputes(found, theirs)
    if (disputes.length === 0) return { edits: found, renames }
    renames.push(...disputes.map(renameFor))
  }
}

/** The name that what was ours from there on goes by. */
export function renameFor({ client, clock, edit }: Dispute): Rename {
  return { client, clock, to: hashOf(`${edit.id} ${client} ${clock}`) }
}

/** The edit with all its ids that were ours under the names they go by now; itself if none was renamed. */
export function renamed(edit: Edit, renames: readonly Rename[]): Edit {
  const ours = edit.ours ?? idsOf(edit)
  for (const { client, clock, to } of renames) {
    const range = ours.get(client)
    if (!range || range.end <= clock) continue
    const update = renameIds(scan(edit.update), { client, clock, end: range.end, to })
    const left = new Map(ours)
    left.delete(client)
    if (range.clock < clock) left.set(client, { clock: range.clock, end: clock })
    left.set(to, { clock: 0, end: range.end - clock })
    // What has been renamed may be renamed again.
    return renamed({ id: edit.id, update, ours: left }, renames)
  }
  return edit
}

/** Of these ids those that an update writes, builds on or deletes, by client. */
export function mentioned(update: Uint8Array, ids: IdsOfOurs): IdsOfOurs {
  const clients = clientsIn(scan(update))
  return new Map([...ids].filter(([client]) => clients.has(client)))
}

/** Without those that have got other names: what is under the old ones is somebody else's. */
export function withoutRenamed(ids: IdsOfOurs, renames: readonly Rename[]): IdsOfOurs {
  const end = (client: number): number =>
    Math.min(...renames.filter((rename) => rename.client === client).map(({ clock }) => clock))
  return new Map(
    [...ids]
      .map(([client, range]) => [client, { ...range, end: Math.min(range.end, end(client)) }] as const)
      .filter(([, { clock, end: last }]) => clock < last),
  )
}

/** The ids of its own structs, but for what was somebody else's. */
export function idsOf({ update, ours }: Edit): IdsOfOurs {
  const all = idsIn(update)
  if (!ours) return all
  return new Map(
    [...all].flatMap(([client, { clock, end }]) => {
      const range = ours.get(client)
      if (!range || range.end <= clock || range.clock >= end) return []
      return [[client, { clock: Math.max(clock, range.clock), end: Math.min(end, range.end) }] as const]
    }),
  )
}

/** The ids of an update's own structs: of each client from the first to the last. */
export function idsIn(update: Uint8Array): IdsOfOurs {
  return together(scan(update).runs.map((run) => [run.client, run]))
}

export function together(ranges: Iterable<readonly [client: number, range: Range]>): IdsOfOurs {
  const ids = new Map<number, Range>()
  for (const [client, { clock, end }] of ranges) {
    const known = ids.get(client)
    ids.set(client, {
      clock: Math.min(clock, known?.clock ?? clock),
      end: Math.max(end, known?.end ?? end),
    })
  }
  return ids
}

type Range = IdsOfOurs extends ReadonlyMap<number, infer Value> ? Value : never

/** A client id like those that Yjs draws by chance (FNV-1a, with the last step of MurmurHash, which spreads it). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
