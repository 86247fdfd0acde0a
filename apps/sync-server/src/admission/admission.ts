/** Who is heard at all, and how much of them: counted by address before anything else is known, then by person and document. */
import type { IncomingMessage } from 'node:http'
import { Addresses, type Network } from './addresses.ts'
import type { AdmissionLimits, Spendings } from './admission-limits.ts'
import { Budgets } from './budget.ts'
import { Purse } from './purse.ts'

export interface AdmissionOptions {
  /** Proxies that say truly for whom they speak. */
  readonly trustedProxies: readonly Network[]
  readonly limits: AdmissionLimits
  /** Milliseconds, from any start. */
  readonly now: () => number
}

export class Admission {
  readonly #addresses: Addresses
  readonly #limits: AdmissionLimits
  readonly #now: () => number
  /** Open sockets of each address. */
  readonly #open = new Map<string, number>()
  readonly #connects: Budgets
  readonly #wrongKeys: Budgets
  readonly #requests: Budgets
  readonly #newDocuments: Budgets
  readonly #purses: Readonly<Record<'person' | 'address' | 'document', SharedPurses>>

  constructor({ trustedProxies, limits, now }: AdmissionOptions) {
    this.#addresses = new Addresses(trustedProxies)
    this.#limits = limits
    this.#now = now
    this.#connects = new Budgets(limits.connects, now)
    this.#wrongKeys = new Budgets(limits.wrongKeys, now)
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

  // Each of these gives for how many milliseconds to come back later, and 0 if all is well.

  /** One more socket from this address: unless it has to wait, `closed` is to be told when it is gone. */
  connectWaitMs(address: string): number {
    if ((this.#open.get(address) ?? 0) >= this.#limits.maxConnections) return fullWaitMs
    return this.#spend(this.#connects, address)
  }

  requestWaitMs(address: string): number {
    return this.#spend(this.#requests, address)
  }

  newDocumentWaitMs(address: string): number {
    return this.#spend(this.#newDocuments, address)
  }

  /** After too many keys that opened nothing, none is looked at. */
  keyWaitMs(address: string): number {
    return this.#wrongKeys.of(address).emptyForMs()
  }

  keyWasWrong(address: string): void {
    this.#wrongKeys.of(address).spend(1)
  }

  opened(address: string): void {
    this.#open.set(address, (this.#open.get(address) ?? 0) + 1)
  }

  closed(address: string): void {
    const left = (this.#open.get(address) ?? 0) - 1
    if (left > 0) this.#open.set(address, left)
    else this.#open.delete(address)
  }

  /** What a connection has to spend: its own, and what it shares. */
  purseFor({ address, document }: { readonly address: string; readonly document: string }): Purse {
    const purse = new Purse(this.#now)
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

/** When a place will be free cannot be known. */
const fullWaitMs = 10_000

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
