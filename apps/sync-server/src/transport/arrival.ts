/** The message that is on its way by one connection, and the memory that it is lent until it is whole. */
import type { Loan } from '../admission/loans.ts'

/** What a chunk that waits for the rest of its message takes besides its bytes: measured with Node 26 and ws 8. */
const chunkCostBytes = 400

export class Arrival {
  readonly #loan: Loan
  #bytesBeforeChunk = 0
  #chunkBytesLeft = 0
  #looks = 0

  constructor(loan: Loan) {
    this.#loan = loan
  }

  /** The memory it takes. */
  get bytes(): number {
    return this.#loan.bytes
  }

  /** To be told before anybody reads the chunk. */
  came(chunkBytes: number): void {
    this.#bytesBeforeChunk = this.bytes
    this.#chunkBytesLeft = chunkBytes
    this.#loan.add(chunkBytes + chunkCostBytes)
  }

  /** It is whole. What came in the same chunk after it is not counted: that is 64 KiB at most. */
  finished(): void {
    this.#bytesBeforeChunk = 0
    this.#looks = 0
    this.#loan.become(0)
  }

  /** A ping or a pong of so many bytes in all. A chunk with nothing else in it keeps nothing; any other is kept as a whole. */
  passed(bytes: number): void {
    this.#chunkBytesLeft -= bytes
    if (this.#chunkBytesLeft <= 0) this.#loan.become(this.#bytesBeforeChunk)
  }

  /** How often this was asked about the same message. */
  look(): number {
    return ++this.#looks
  }
}
