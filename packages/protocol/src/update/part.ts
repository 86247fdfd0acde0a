/** What of an update can be let in while some of its clients must wait. */
import type { Ledger } from './ledger.ts'
import { inCausalOrder } from './causal-order.ts'
import { eachDeleted, scan, type ScannedUpdate } from './scan.ts'
import { none, type StructReader } from './struct-reader.ts'
import { UpdateWriter } from './update-writer.ts'
import { ByteWriter } from '../bytes.ts'

/**
 * The structs of an admitted update whose client may be taken, as far as they build only on what is known or taken with
 * them, and the deletions of such. Says nothing (no runs, no deletions) if there are none.
 */
export function partOf(
  update: ScannedUpdate,
  ledger: Ledger,
  mayTake: (client: number) => boolean,
): ScannedUpdate {
  const writer = new UpdateWriter()
  const known = (client: number): number => writer.endOf(client) ?? ledger.nextClock(client)
  const isThere = (client: number, clock: number): boolean => client === none || clock < known(client)
  const nextClock = (client: number): number => ledger.nextClock(client)
  inCausalOrder(update, nextClock, (struct) => {
    if (mayTake(struct.client) && struct.clock === known(struct.client) && isFounded(struct, isThere))
      writer.addStructs(
        struct.client,
        { clock: struct.clock, end: struct.clock + struct.length },
        { bytes: update.bytes, from: struct.start, to: struct.position, count: 1 },
      )
  })
  for (const deletions of update.deletions) {
    const left = new ByteWriter(deletions.to - deletions.from)
    let count = 0
    eachDeleted(update.bytes, deletions, (clock, length) => {
      if (!isThere(deletions.client, clock + length - 1)) return
      left.varUint(clock).varUint(length)
      count++
    })
    const bytes = left.finish()
    if (count > 0) writer.addDeletions(deletions.client, { bytes, from: 0, to: bytes.length, count })
  }
  return scan(writer.finish())
}

function isFounded(struct: StructReader, isThere: (client: number, clock: number) => boolean): boolean {
  return (
    isThere(struct.originClient, struct.originClock) &&
    isThere(struct.rightClient, struct.rightClock) &&
    isThere(struct.parentClient, struct.parentClock)
  )
}
