/** Who is heard at all, and how much of them: counted by address before anything else is known, then by person and document. */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Addresses, type Network } from './addresses.ts'
import type { AdmissionLimits, Spendings } from './admission-limits.ts'
import { Budgets } from './budget.ts'
import { Lately } from './lately.ts'
import { Loans } from './loans.ts'
import { Purse } from './purse.ts'

export interface AdmissionOptions {
  /** Proxies that say truly for whom they speak. */
  readonly trustedProxies: readonly Network[]
  readonly limits: AdmissionLimits
  /** Milliseconds, from any start. */
  readonly now: () => number
}

export interface WrongKey {
  /** Or a token. */
  readonly key: string
  /** A document, or the path of a request. */
  readonly triedAt: string
}

export class Admission {
  readonly loans: Loans
  readonly #addresses: Addresses
  readonly #limits: AdmissionLimits
  readonly #now: () => number
  /** Open sockets of each address. */
  readonly #open = new Tally()
  readonly #incomingBytes = new Tally()
  /** Connections of each address, whatever is said on them. */
  readonly #plain = new Tally()
  readonly #connects: Budgets
  readonly #wrongKeys: Budgets
  readonly #wrongLately: Lately
  readonly #requests: Budgets
  readonly #newDocuments: Budgets
  readonly #purses: Readonly<Record<'person' | 'address' | 'document', SharedPurses>>

  constructor({ trustedProxies, limits, now }: AdmissionOptions) {
    this.#addresses = new Addresses(trustedProxies)
    this.#limits = limits
    this.#now = now
    this.loans = new Loans(limits.loans)
    this.#connects = new Budgets(limits.connects, now)
    this.#wrongKeys = new Budgets(limits.wrongKeys, now)
    this.#wrongLately = new Lately({ forMs: sameKeyMs, maxNames: maxKeysRemembered, now })
    this.#requests = new Budgets(limits.requests, now)
    this.#newDocuments = new Budgets(limits.newDocuments, now)
    this.#purses = {
      person: new SharedPurses(limits.person, now),
      address: new SharedPurses(limits.address, now),
      document: new SharedPurses(limits.document, now),
    }
  }

  /** The name under which whoever sent this is counted. */
  addressOf(request: IncomingMessage): string {
    return this.#addresses.of(request)
  }

  /** False if its address has too many. It counts until it is closed. */
  admits(connection: Socket): boolean {
    const { remoteAddress } = connection
    const address = remoteAddress === undefined ? undefined : this.#addresses.ofPeer(remoteAddress)
    if (address === undefined) return true
    if (this.#plain.of(address) >= connectionsPerSocket * this.#limits.maxConnections) return false
    this.#plain.add(address, 1)
    connection.once('close', () => this.#plain.add(address, -1))
    return true
  }

  // Each of these gives for how many milliseconds to come back later, and 0 if all is well.

  /** One more socket from this address: unless it has to wait, `closed` is to be told when it is gone. */
  connectWaitMs(address: string): number {
    if (this.#open.of(address) >= this.#limits.maxConnections) return fullWaitMs
    return this.#spend(this.#connects, address)
  }

  requestWaitMs(address: string): number {
    return this.#spend(this.#requests, address)
  }

  newDocumentWaitMs(address: string): number {
    return this.#spend(this.#newDocuments, address)
  }

  /** So many bytes more from this address: unless they have to wait, `dealtWith` is to be told when they are done with. */
  incomingWaitMs(address: string, bytes: number): number {
    if (this.#incomingBytes.of(address) + bytes > this.#limits.maxIncomingBytes) return fullWaitMs
    this.#incomingBytes.add(address, bytes)
    return 0
  }

  dealtWith(address: string, bytes: number): void {
    this.#incomingBytes.add(address, -bytes)
  }

  /** After too many keys that opened nothing, none is looked at. */
  keyWaitMs(address: string): number {
    return this.#wrongKeys.of(address).emptyForMs()
  }

  /**
   * To guess is to try different ones: a page that was left open comes back with the same again and again. Nobody falls into
   * debt by those that were under way at once: that would shut out all who share the address for long.
   */
  keyWasWrong(address: string, { key, triedAt }: WrongKey): void {
    const attempt = createHash('sha256').update(`${address}\n${triedAt}\n${key}`).digest('base64url')
    if (this.#wrongLately.isNew(attempt)) this.#wrongKeys.of(address).trySpend(1)
  }

  opened(address: string): void {
    this.#open.add(address, 1)
  }

  closed(address: string): void {
    this.#open.add(address, -1)
  }

  /** What a connection has to spend: its own, and what it shares. */
  purseFor({ address, document }: { readonly address: string; readonly document: string }): Purse {
    const purse = new Purse(this.#limits.modest, this.#now)
    purse.share(this.#purses.address.of(address))
    purse.share(this.#purses.document.of(document))
    return purse
  }

  /** All connections of a person share from now on. */
  shareAmongPerson(purse: Purse, personId: string): void {
    purse.share(this.#purses.person.of(personId))
  }

  /** Whoever has to wait does not pay for asking. */
  #spend(budgets: Budgets, address: string): number {
    const budget = budgets.of(address)
    const waitMs = budget.emptyForMs()
    if (waitMs === 0) budget.spend(1)
    return waitMs
  }
}

/** A page has a socket, and for a moment some connections more by which it was loaded. */
const connectionsPerSocket = 2

/** So long, a wrong key counts once, where it is tried at the same place. */
const sameKeyMs = 60_000
/** Of all addresses: each has a hundred a minute. */
const maxKeysRemembered = 10_000

/** When a place will be free cannot be known. */
const fullWaitMs = 10_000

/** How much of something each address has at a time. */
class Tally {
  readonly #byAddress = new Map<string, number>()

  of(address: string): number {
    return this.#byAddress.get(address) ?? 0
  }

  add(address: string, count: number): void {
    const sum = this.of(address) + count
    if (sum > 0) this.#byAddress.set(address, sum)
    else this.#byAddress.delete(address)
  }
}

class SharedPurses {
  readonly #messages: Budgets
  readonly #bytes: Budgets

  constructor({ messages, bytes }: Spendings, now: () => number) {
    this.#messages = new Budgets(messages, now)
    this.#bytes = new Budgets(bytes, now)
  }

  of(name: string) {
    return { messages: this.#messages.of(name), bytes: this.#bytes.of(name) }
  }
}
