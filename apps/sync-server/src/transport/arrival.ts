/** The message that is on its way by one connection, and the memory that it is lent until it is whole. */
import type { Loan } from '../admission/loans.ts'

/** What a chunk that waits for the rest of its message takes besides its bytes: measured with Node 26 and ws 8. */
const chunkCostBytes = 400

export class Arrival {
  readonly #loan: Loan
  #hasFinished = false
  #passedBytes = 0
  #looks = 0

  constructor(loan: Loan) {
    this.#loan = loan
  }

  /** The memory it takes. */
  get bytes(): number {
    return this.#loan.bytes
  }

  /** It is whole. What comes in the same chunk after it is not counted: that is 64 KiB at most. */
  finished(): void {
    this.#hasFinished = true
    this.#looks = 0
    if (this.bytes > 0) this.#loan.become(0)
  }

  /** A ping or a pong of so many bytes in all. A chunk with nothing else in it keeps nothing; any other is kept as a whole. */
  passed(bytes: number): void {
    this.#passedBytes += bytes
  }

  /** To be told of each chunk once it has been read, and whoever reads has told of what was in it. */
  came(chunkBytes: number): void {
    const isKept = !this.#hasFinished && this.#passedBytes < chunkBytes
    this.#hasFinished = false
    this.#passedBytes = 0
    if (isKept) this.#loan.add(chunkBytes + chunkCostBytes)
  }

  /** How often this was asked about the same message. */
  look(): number {
    return ++this.#looks
  }
}
