/**
 * Which structs are values under a key (of a map, or an attribute) rather than members of a sequence. A struct says so
 * itself only if it has no neighbours; otherwise it is what they are (Yjs: `Item.getMissing`), whatever its first byte says.
 *
 * Under a key each value deletes the one before it, so that one lives. Of several in one struct all would, and once they
 * are cut apart Yjs forgets those that are not the last: when their parent is deleted, it fails at collecting garbage.
 */
import { RangeSet } from './range-set.ts'
import { flags, kinds, none, type StructReader } from './struct-reader.ts'

export class Keys {
  readonly #values = new Map<number, RangeSet>()

  get isEmpty(): boolean {
    return this.#values.size === 0
  }

  has(client: number, clock: number): boolean {
    return this.#values.get(client)?.covers(clock, clock + 1) ?? false
  }

  add(client: number, start: number, end: number): void {
    const values = this.#values.get(client) ?? new RangeSet()
    values.insert(start, end)
    this.#values.set(client, values)
  }
}

/**
 * Is this struct, of which the clocks below `known` are cut off, a value under a key? `hasKey` tells that of what it
 * builds on; what has become garbage counts as having none, since its parent is gone and with it all that is beside it.
 */
export function isUnderKey(
  struct: StructReader,
  known: number,
  hasKey: (client: number, clock: number) => boolean,
): boolean {
  if (struct.clock < known) return hasKey(struct.client, known - 1)
  if (struct.originClient !== none) return hasKey(struct.originClient, struct.originClock)
  if (struct.rightClient !== none) return hasKey(struct.rightClient, struct.rightClock)
  return (struct.info & flags.hasParentKey) !== 0
}

export function areSeveral({ length, kind }: StructReader): boolean {
  return length > 1 && kind !== kinds.deleted && kind !== kinds.garbage
}
