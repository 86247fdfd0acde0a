/** Updates made by hand: runs of garbage and deletions, wherever a test wants them. */
import { ByteWriter } from '../bytes.ts'
import { scan, type IdRange, type ScannedUpdate } from '../update/scan.ts'

/** `7:3+2` is clocks 3 and 4 of client 7. */
export function range(text: string): IdRange {
  const [, client, clock, length] = /^(\d+):(\d+)\+(\d+)$/.exec(text) ?? []
  return { client: Number(client), clock: Number(clock), length: Number(length) }
}

/** Each run in a section of its own; the deletions of a client under one heading, as Yjs writes them. */
export function madeUpdate(runs: readonly IdRange[], deleted: readonly IdRange[] = []): ScannedUpdate {
  return scan(madeBytes(runs, deleted))
}

/** The same, which need not be one that can be had. */
export function madeBytes(runs: readonly IdRange[], deleted: readonly IdRange[] = []): Uint8Array {
  const writer = new ByteWriter().varUint(runs.length)
  for (const { client, clock, length } of runs)
    writer.varUint(1).varUint(client).varUint(clock).byte(0).varUint(length)
  const byClient = Map.groupBy(deleted, ({ client }) => client)
  writer.varUint(byClient.size)
  for (const [client, ranges] of byClient) {
    writer.varUint(client).varUint(ranges.length)
    for (const { clock, length } of ranges) writer.varUint(clock).varUint(length)
  }
  return writer.finish()
}
