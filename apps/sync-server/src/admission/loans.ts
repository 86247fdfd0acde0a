/**
 * Memory that is lent: for what has not come whole, and for answers that have not left. Nobody pays for it, so that it is bounded
 * by itself: for each address, and for all together. If it becomes too much, the largest loan has to end of the address that
 * holds most, so that nobody can stand in the way of those who hold less.
 */
export interface LoanLimits {
  /** Bytes that are lent to one address. */
  readonly ofAddress: number
  readonly ofAll: number
}

interface Borrower {
  readonly loans: Set<Loan>
  bytes: number
}

export class Loans {
  readonly #limits: LoanLimits
  readonly #byAddress = new Map<string, Borrower>()
  #bytes = 0

  constructor(limits: LoanLimits) {
    this.#limits = limits
  }

  /** For one connection or request. `giveUp` is called once if it has to end; it is closed then. */
  to(address: string, giveUp: () => void): Loan {
    const borrower = this.#byAddress.get(address) ?? { loans: new Set(), bytes: 0 }
    this.#byAddress.set(address, borrower)
    const loan: Loan = new Loan({
      grew: (bytes) => this.#grew(borrower, bytes),
      closed: () => {
        borrower.loans.delete(loan)
        if (borrower.loans.size === 0) this.#byAddress.delete(address)
      },
      giveUp,
    })
    borrower.loans.add(loan)
    return loan
  }

  #grew(borrower: Borrower, bytes: number): void {
    borrower.bytes += bytes
    this.#bytes += bytes
    while (borrower.bytes > this.#limits.ofAddress) largest(borrower.loans)?.giveUp()
    while (this.#bytes > this.#limits.ofAll) largest(largest(this.#byAddress.values())?.loans)?.giveUp()
  }
}

function largest<Held extends { readonly bytes: number }>(held: Iterable<Held> = []): Held | undefined {
  let found: Held | undefined
  for (const one of held) if (!found || one.bytes > found.bytes) found = one
  return found
}

interface LoanOptions {
  /** By so many bytes; fewer than none if it shrank. */
  readonly grew: (bytes: number) => void
  readonly closed: () => void
  readonly giveUp: () => void
}

export class Loan {
  readonly #options: LoanOptions
  #bytes = 0
  #isClosed = false

  constructor(options: LoanOptions) {
    this.#options = options
  }

  get bytes(): number {
    return this.#bytes
  }

  become(bytes: number): void {
    if (this.#isClosed) return
    const grown = bytes - this.#bytes
    this.#bytes = bytes
    this.#options.grew(grown)
  }

  add(bytes: number): void {
    this.become(this.#bytes + bytes)
  }

  giveUp(): void {
    this.close()
    this.#options.giveUp()
  }

  close(): void {
    if (this.#isClosed) return
    this.become(0)
    this.#isClosed = true
    this.#options.closed()
  }
}
