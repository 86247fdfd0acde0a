/**
 * What the server has told on this connection. All of it is durable, so that an edit which is in it is saved, whether or not
 * anybody was there to hear the acknowledgement.
 */
import { eachDeleted, RangeSet, scan } from '@quire/protocol'

export class Told {
  readonly #written = new Map<number, RangeSet>()
  readonly #deleted = new Map<number, RangeSet>()

  add(update: Uint8Array): void {
    const { bytes, runs, deletions } = scan(update)
    for (const { client, clock, end } of runs) rangesOf(this.#written, client).insert(clock, end)
    for (const each of deletions) {
      const deleted = rangesOf(this.#deleted, each.client)
      eachDeleted(bytes, each, (clock, length) => deleted.insert(clock, clock + length))
    }
  }

  /** Whether it holds all that an update writes and all that it deletes, in whatever parts that came. */
  has(update: Uint8Array): boolean {
    const { bytes, runs, deletions } = scan(update)
    let isHere = runs.every(
      ({ client, clock, end }) => this.#written.get(client)?.covers(clock, end) ?? false,
    )
    for (const each of deletions)
      eachDeleted(bytes, each, (clock, length) => {
        isHere &&= this.#deleted.get(each.client)?.covers(clock, clock + length) ?? false
      })
    return isHere
  }
}

function rangesOf(all: Map<number, RangeSet>, client: number): RangeSet {
  const ranges = all.get(client) ?? new RangeSet()
  all.set(client, ranges)
  return ranges
}
