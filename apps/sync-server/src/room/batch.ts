/** Admitted updates on their way to disk together, and who is to be told when they are there. */
import { type ScannedUpdate, splice } from '@quire/protocol'
import type { Writer } from '../storage/document-store.ts'
import type { Receipt } from './receipts.ts'

const noClocks: ReadonlyMap<number, number> = new Map()

/** Each room has one all the time, empty mostly: what it needs it makes when there is something to put in. */
export class Batch<Member> {
  #authors: Set<Member> | undefined
  #before: Map<number, number> | undefined
  /** Who has not been noted for a client id that this batch moves. */
  readonly writers: Writer[] = []
  bytes = 0
  readonly #updates: ScannedUpdate[] = []
  #receipts: Map<Member, Receipt[]> | undefined

  get size(): number {
    return this.#updates.length
  }

  get isEmpty(): boolean {
    return this.#updates.length === 0
  }

  get authors(): Iterable<Member> {
    return this.#authors ?? []
  }

  /** Where each client that this batch moves stood before it. */
  get before(): ReadonlyMap<number, number> {
    return this.#before ?? noClocks
  }

  /** `nextClock` tells where a client stands without this update. */
  add(member: Member, update: ScannedUpdate, nextClock: (client: number) => number): void {
    this.#before ??= new Map()
    for (const { client } of update.runs)
      if (!this.#before.has(client)) this.#before.set(client, nextClock(client))
    this.#updates.push(update)
    this.bytes += update.bytes.length
    this.#authors ??= new Set()
    this.#authors.add(member)
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
