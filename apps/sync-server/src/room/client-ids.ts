/**
 * Whose a Yjs client id is. Ids are chosen by clients and signed by nobody, so an editor could write where another's
 * next words belong, and those would then count as known. An id is its owner's while the connection that first
 * announced it or wrote with it lives, and for a while after; what others bring under it waits.
 *
 * Bringing somebody else's words is right when that somebody is gone (a tab that uploads what another kept), so
 * nothing is held back for an id that nobody holds.
 */
import type { Clock } from './clock.ts'
import type { Principal } from './peer.ts'

interface Holding<Owner> {
  readonly principal: Principal
  owner: Owner | undefined
  /** The clock's time at which others may bring structs of this id; only counts without an owner. */
  freeAtMs: number
}

/** An id without an owner that is kept for its principal. */
export interface Reservation {
  readonly principal: Principal
  /** The clock's time at which others may bring structs of it. */
  readonly untilMs: number
}

/** By client id: what is left of a room when nobody is in it. */
export type Reservations = ReadonlyMap<number, Reservation>

/** Ids one connection may hold: its own, those of tabs that speak through it, and then some. */
const maxHeldByOne = 64
/** Holdings of those who left that are remembered, so that an owner who comes back is known. */
const maxRemembered = 10_000

/** Whoever can hold an id. */
interface Holder {
  readonly principal: Principal
}

export class ClientIds<Member extends Holder> {
  readonly #clock: Clock
  readonly #leaseMs: number
  readonly #holdings = new Map<number, Holding<Member>>()
  readonly #held = new Map<Member, Set<number>>()
  readonly #onFreed: () => void
  readonly #leases = new Set<() => void>()
  #timesFreed = 0

  /** `onFreed`: what was held from others may no longer be. */
  constructor(options: {
    readonly clock: Clock
    readonly leaseMs: number
    readonly onFreed: () => void
    readonly reserved: Reservations
  }) {
    this.#clock = options.clock
    this.#leaseMs = options.leaseMs
    this.#onFreed = options.onFreed
    for (const [clientId, { principal, untilMs }] of options.reserved)
      this.#holdings.set(clientId, { principal, owner: undefined, freeAtMs: untilMs })
    // No later than this they are all free.
    if (options.reserved.size > 0) this.#freeLater()
  }

  /** `member` has announced this id, or written with it: it becomes theirs, unless it is somebody else's. */
  claim(member: Member, clientId: number): void {
    const holding = this.#holdings.get(clientId)
    if (holding?.owner === member) return
    if (holding && !this.#mayTakeOver(holding, member)) return
    const held = this.#held.get(member) ?? new Set<number>()
    if (held.size >= maxHeldByOne) return
    if (holding?.owner) this.#held.get(holding.owner)?.delete(clientId)
    this.#holdings.delete(clientId)
    this.#holdings.set(clientId, { principal: member.principal, owner: member, freeAtMs: Infinity })
    this.#held.set(member, held.add(clientId))
    this.#forgetOldest()
  }

  /** Grows whenever what was held from others may no longer be. */
  get timesFreed(): number {
    return this.#timesFreed
  }

  hasAny(member: Member): boolean {
    return (this.#held.get(member)?.size ?? 0) > 0
  }

  /** Must structs that `member` brings under this id wait? */
  isHeldFrom(member: Member, clientId: number): boolean {
    const holding = this.#holdings.get(clientId)
    if (!holding || holding.owner === member || this.#mayTakeOver(holding, member)) return false
    return holding.owner !== undefined || this.#clock.now() < holding.freeAtMs
  }

  /** Is this id held by an older connection of the same person? */
  isTakenOverBy(member: Member, clientId: number): boolean {
    const holding = this.#holdings.get(clientId)
    return holding?.owner !== undefined && holding.owner !== member && this.#mayTakeOver(holding, member)
  }

  /** The member that holds this id now. */
  ownerOf(clientId: number): Member | undefined {
    return this.#holdings.get(clientId)?.owner
  }

  /** The connection has ended; the ids stay its principal's for the time of the lease. */
  leave(member: Member): void {
    const held = this.#held.get(member)
    if (!held) return
    for (const clientId of held) {
      const holding = this.#holdings.get(clientId)
      if (!holding) continue
      holding.owner = undefined
      holding.freeAtMs = this.#clock.now() + this.#leaseMs
    }
    this.#held.delete(member)
    this.#freeLater()
    this.#freed()
  }

  /** What is to be kept for those who have left. */
  get reservations(): Reservations {
    const kept = new Map<number, Reservation>()
    for (const [clientId, { principal, owner, freeAtMs }] of this.#holdings)
      if (owner === undefined && freeAtMs > this.#clock.now())
        kept.set(clientId, { principal, untilMs: freeAtMs })
    return kept
  }

  #freeLater(): void {
    const cancel = this.#clock.after(this.#leaseMs, () => {
      this.#leases.delete(cancel)
      this.#freed()
    })
    this.#leases.add(cancel)
  }

  #freed(): void {
    this.#timesFreed++
    this.#onFreed()
  }

  close(): void {
    for (const cancel of this.#leases) cancel()
    this.#leases.clear()
  }

  /** A person takes an id back from their own old connection at once; those who share a link only when it has ended. */
  #mayTakeOver({ principal, owner }: Holding<Member>, member: Member): boolean {
    if (principal.id !== member.principal.id) return false
    return principal.isPerson || owner === undefined
  }

  #forgetOldest(): void {
    if (this.#holdings.size <= maxRemembered) return
    for (const [clientId, { owner }] of this.#holdings) {
      if (owner !== undefined) continue
      this.#holdings.delete(clientId)
      return
    }
  }
}
