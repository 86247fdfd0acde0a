/**
 * The acknowledgements of one peer. It is told how many of its update frames are durable, as one number, so a
 * frame counts only when all before it do: order is kept even where durability comes out of order.
 */
export interface Receipt {
  durable: boolean
}

export class Receipts {
  readonly #open: Receipt[] = []
  #saved = 0
  #told = 0

  /** For the next update frame, in the order of arrival. */
  issue(): Receipt {
    const receipt: Receipt = { durable: false }
    this.#open.push(receipt)
    return receipt
  }

  /** The number to tell, if it has grown since it was last asked for. */
  take(): number | undefined {
    while (this.#open[0]?.durable) {
      this.#open.shift()
      this.#saved++
    }
    if (this.#saved === this.#told) return undefined
    this.#told = this.#saved
    return this.#saved
  }
}
