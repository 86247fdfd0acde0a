/** Admitted updates on their way to disk together, and who is to be told when they are there. */
import { type ScannedUpdate, splice } from '@quire/protocol'
import type { Writer } from '../storage/document-store.ts'
import type { Receipt } from './receipts.ts'

export class Batch<Member> {
  readonly authors = new Set<Member>()
  /** Where each client that this batch moves stood before it. */
  readonly before = new Map<number, number>()
  /** Who has not been noted for a client id that this batch moves. */
  readonly writers: Writer[] = []
  bytes = 0
  readonly #updates: ScannedUpdate[] = []
  /** Undefined as long as nobody is to be told: stock clients are not. */
  #receipts: Map<Member, Receipt[]> | undefined

  get size(): number {
    return this.#updates.length
  }

  get isEmpty(): boolean {
    return this.#updates.length === 0
  }

  /** `nextClock` tells where a client stands without this update. */
  add(member: Member, update: ScannedUpdate, nextClock: (client: number) => number): void {
    for (const { client } of update.runs)
      if (!this.before.has(client)) this.before.set(client, nextClock(client))
    this.#updates.push(update)
    this.bytes += update.bytes.length
    this.authors.add(member)
  }

  /** These are durable when the batch is. */
  addReceipts(member: Member, receipts: readonly Receipt[]): void {
    if (receipts.length === 0) return
    this.#receipts ??= new Map()
    this.#receipts.set(member, [...(this.#receipts.get(member) ?? []), ...receipts])
  }

  get receipts(): Iterable<readonly [Member, readonly Receipt[]]> {
    return this.#receipts ?? []
  }

  get hasDeletions(): boolean {
    return this.#updates.some(({ deletions }) => deletions.length > 0)
  }

  joined(): Uint8Array {
    return splice(this.#updates)
  }
}
