/**
 * Finds what is there twice. While we learned that somebody else had written under our ids, a frame of ours may have been on
 * its way: of what it holds the server stores what comes after their words, under the old ids, and all of it comes again
 * under the new ones.
 */
import type { IdRange } from '@quire/protocol'
import * as Y from 'yjs'
import { similarity, structsOf, type Written } from './disputes.ts'
import type { Rename } from './local-store.ts'

/** What a document holds under old ids of ours that it holds under their new ones as well, and that is not deleted. */
export function findTwins(doc: Y.Doc, renames: readonly Rename[]): IdRange[] {
  const itemsOf = (client: number): readonly Y.Item[] =>
    structsOf(doc)(client).filter((struct) => struct instanceof Y.Item)
  return renames.flatMap((rename) => {
    const { client, clock, to } = rename
    const ours = itemsOf(to).map((item) => underOldIds(item, oldId(item.id, [rename]), renames))
    if (ours.length === 0) return []
    return itemsOf(client)
      .filter(({ deleted, id, length }) => !deleted && id.clock + length > clock)
      .map((item) => underOldIds(item, item.id, renames))
      .flatMap((item) => ours.flatMap((each) => sharedRange(each, item) ?? []))
  })
}

function sharedRange(ours: Written, theirs: Written): IdRange | undefined {
  const same = similarity(ours, theirs)
  // A document makes one of what stands together: of theirs and, after it, ours.
  const length = same.length - 1 - same.lastIndexOf(false)
  const end = Math.min(ours.id.clock + ours.length, theirs.id.clock + theirs.length)
  return length > 0 ? { client: theirs.id.client, clock: end - length, length } : undefined
}

/** Its neighbours are called as they were at first: the frame that was on its way knew no other names. */
function underOldIds(
  { length, content, origin, rightOrigin }: Y.Item,
  id: Y.ID,
  renames: readonly Rename[],
): Written {
  const old = (each: Y.ID | null): Y.ID | null => each && oldId(each, renames)
  return { id, length, content, origin: old(origin), rightOrigin: old(rightOrigin) }
}

function oldId(id: Y.ID, renames: readonly Rename[]): Y.ID {
  const rename = renames.find(({ to }) => to === id.client)
  return rename ? oldId(Y.createID(rename.client, rename.clock + id.clock), renames) : id
}
