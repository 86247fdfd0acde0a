/**
 * When whoever is here is brought up to date with what has become durable: other clients at once, and our own pages at
 * once or, in a crowd, less often, since each time a page is laid out and painted anew.
 */
import type { Clock } from './clock.ts'
import type { Member } from './member.ts'
import type { Peer } from './peer.ts'
import { Pulse } from './pulse.ts'
import type { RoomLimits } from './room-limits.ts'

export interface DeliveryOptions {
  readonly clock: Clock
  readonly limits: RoomLimits
  readonly members: ReadonlySet<Member>
  /** The position of the newest entry. */
  readonly head: () => number
  /** The pages are being told of something, so that what else there is to tell can go with it. */
  readonly onPagesTold: () => void
}

export class Delivery {
  readonly #options: DeliveryOptions
  readonly #pulse: Pulse
  /** Up to here, pages are to be told. */
  #pagesHead: number
  /** Who wrote what pages have yet to be told. */
  readonly #authors = new Set<Member>()

  constructor(options: DeliveryOptions) {
    const { clock, limits } = options
    this.#options = options
    this.#pagesHead = options.head()
    this.#pulse = new Pulse({
      clock,
      intervalMs: limits.pagePulseMs,
      crowdedMs: limits.crowdedPagePulseMs,
      act: () => this.#tellPages(),
    })
  }

  /** Up to here, this peer is to be told. */
  headFor({ speaksQuire }: Peer): number {
    return speaksQuire ? this.#pagesHead : this.#options.head()
  }

  /** So many updates of these authors have become the newest entry. */
  added(updates: number, authors: Iterable<Member>): void {
    let hasPages = false
    for (const { peer, cursor } of this.#options.members) {
      if (peer.speaksQuire) hasPages = true
      // A stock client gets its own edits back: newer ones read that as the acknowledgement.
      else cursor.pump()
    }
    if (!hasPages) {
      this.#pagesHead = this.#options.head()
      return
    }
    for (const author of authors) this.#authors.add(author)
    this.#pulse.request(updates)
  }

  /** Tells pages what they have not been told. */
  hurry(): void {
    this.#pulse.hurry()
  }

  /** The log was read anew. */
  startOver(): void {
    this.#authors.clear()
    this.#pagesHead = this.#options.head()
  }

  close(): void {
    this.#pulse.close()
  }

  #tellPages(): void {
    const before = this.#pagesHead
    this.#pagesHead = this.#options.head()
    const [author] = this.#authors.size === 1 ? this.#authors : []
    this.#authors.clear()
    // Whoever wrote all of it has it.
    if (author?.peer.speaksQuire) author.cursor.skip(before, this.#pagesHead)
    for (const { peer, cursor } of this.#options.members) if (peer.speaksQuire) cursor.pump()
    this.#options.onPagesTold()
  }
}
