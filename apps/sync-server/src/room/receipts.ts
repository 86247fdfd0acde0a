/**
 * The acknowledgements of one peer. It is told how many of its update frames are durable, as one number, so a
 * frame counts only when all before it do: order is kept even where durability comes out of order.
 */
export interface Receipt {
  durable: boolean
}

export class Receipts {
  #open: Receipt[] = []
  #owed: Receipt[] = []
  #saved = 0
  #told = 0

  /** Frames that are not known to be durable. */
  get openCount(): number {
    return this.#open.length
  }

  /** For the next update frame, in the order of arrival. */
  issue(): Receipt {
    const receipt: Receipt = { durable: false }
    this.#open.push(receipt)
    return receipt
  }

  /** The frame was let go of: the peer's next answer to a question brings what it said, and settles this as well. */
  owe(receipts: readonly Receipt[]): void {
    for (const receipt of receipts) this.#owed.push(receipt)
  }

  /** What the answer that has come settles. */
  takeOwed(): Receipt[] {
    const owed = this.#owed
    this.#owed = []
    return owed
  }

  /** The number to tell, if it has grown since it was last asked for. */
  take(): number | undefined {
    let durable = 0
    while (this.#open[durable]?.durable) durable++
    // All at once: taking them off the front one by one costs a move of the rest for each.
    if (durable > 0) this.#open = this.#open.slice(durable)
    this.#saved += durable
    if (this.#saved === this.#told) return undefined
    this.#told = this.#saved
    return this.#saved
  }
}
