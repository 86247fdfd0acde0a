/**
 * Memory for messages that have not come whole. A purse pays for a message when it is there, so that until then this bounds
 * it: for each address, and for all together. If it becomes too much, the largest message has to go of the address that holds
 * most, so that nobody can stand in the way of those who hold less.
 */
export interface ArrivalLimits {
  /** Bytes of messages that are on their way from one address. */
  readonly ofAddress: number
  readonly ofAll: number
}

/** What a chunk that waits for the rest of its message takes besides its bytes: measured with Node 26 and ws 8. */
const chunkCostBytes = 400

interface Share {
  readonly arrivals: Set<Arrival>
  bytes: number
}

export class Arrivals {
  readonly #limits: ArrivalLimits
  readonly #byAddress = new Map<string, Share>()
  #bytes = 0

  constructor(limits: ArrivalLimits) {
    this.#limits = limits
  }

  /** What comes by one connection. `giveUp` is called once if it has to go; it is closed then. */
  from(address: string, giveUp: () => void): Arrival {
    const share = this.#byAddress.get(address) ?? { arrivals: new Set(), bytes: 0 }
    this.#byAddress.set(address, share)
    const arrival: Arrival = new Arrival({
      grew: (bytes) => this.#grew(share, bytes),
      closed: () => {
        share.arrivals.delete(arrival)
        if (share.arrivals.size === 0) this.#byAddress.delete(address)
      },
      giveUp,
    })
    share.arrivals.add(arrival)
    return arrival
  }

  #grew(share: Share, bytes: number): void {
    share.bytes += bytes
    this.#bytes += bytes
    while (share.bytes > this.#limits.ofAddress) largest(share.arrivals)?.giveUp()
    while (this.#bytes > this.#limits.ofAll) largest(largest(this.#byAddress.values())?.arrivals)?.giveUp()
  }
}

function largest<Held extends { readonly bytes: number }>(held: Iterable<Held> = []): Held | undefined {
  let found: Held | undefined
  for (const one of held) if (!found || one.bytes > found.bytes) found = one
  return found
}

interface ArrivalOptions {
  /** By so many bytes; fewer than none if it shrank. */
  readonly grew: (bytes: number) => void
  readonly closed: () => void
  readonly giveUp: () => void
}

/** The message that is on its way by one connection. */
export class Arrival {
  readonly #options: ArrivalOptions
  #bytes = 0
  #bytesBeforeChunk = 0
  #chunkBytesLeft = 0
  #looks = 0
  #isClosed = false

  constructor(options: ArrivalOptions) {
    this.#options = options
  }

  /** The memory it takes. */
  get bytes(): number {
    return this.#bytes
  }

  /** To be told before anybody reads the chunk. */
  came(chunkBytes: number): void {
    this.#bytesBeforeChunk = this.#bytes
    this.#chunkBytesLeft = chunkBytes
    this.#become(this.#bytes + chunkBytes + chunkCostBytes)
  }

  /** It is whole. What came in the same chunk after it is not counted: that is 64 KiB at most. */
  finished(): void {
    this.#bytesBeforeChunk = 0
    this.#looks = 0
    this.#become(0)
  }

  /** A ping or a pong of so many bytes in all. A chunk with nothing else in it keeps nothing; any other is kept as a whole. */
  passed(bytes: number): void {
    this.#chunkBytesLeft -= bytes
    if (this.#chunkBytesLeft <= 0) this.#become(this.#bytesBeforeChunk)
  }

  /** How often this was asked about the same message. */
  look(): number {
    return ++this.#looks
  }

  giveUp(): void {
    this.close()
    this.#options.giveUp()
  }

  close(): void {
    if (this.#isClosed) return
    this.#become(0)
    this.#isClosed = true
    this.#options.closed()
  }

  #become(bytes: number): void {
    if (this.#isClosed) return
    const grown = bytes - this.#bytes
    this.#bytes = bytes
    this.#options.grew(grown)
  }
}
