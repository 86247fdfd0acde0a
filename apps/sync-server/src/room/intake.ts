/**
 * The way in: every update that a connection sends is judged here, and what is new, may come from whom it comes from, and
 * finds room in the document gathers into a batch for the disk. What cannot be admitted yet waits with its member.
 */
import {
  admit,
  assertNever,
  mayWrite,
  ProtocolError,
  type Ledger,
  type ScannedUpdate,
  type StateVector,
} from '@quire/protocol'
import { Batch } from './batch.ts'
import { ClientIds } from './client-ids.ts'
import type { Clock } from './clock.ts'
import type { EarlyUpdate } from './early-updates.ts'
import { tell, type Member, type Need } from './member.ts'
import type { Receipt } from './receipts.ts'
import type { RoomLimits } from './room-limits.ts'

export interface IntakePorts {
  readonly clock: Clock
  readonly limits: RoomLimits
  readonly members: ReadonlySet<Member>
  /** What the document takes on disk. */
  readonly storedBytes: () => number
  /** Something has gathered, or what waits may have its time. */
  readonly onChange: () => void
  /** Somebody was refused for want of room. */
  readonly onFull: () => void
}

/** An update of a member, and what is to be acknowledged with it. */
export interface Sent {
  readonly update: Uint8Array
  readonly receipts: readonly Receipt[]
  /** An edit, rather than everything that the member has. */
  readonly isLive: boolean
}

export class Intake {
  readonly clientIds: ClientIds<Member>
  readonly #ports: IntakePorts
  #ledger: Ledger
  #gathering = new Batch<Member>()
  /** The batch that is being stored. */
  #leaving: Batch<Member> | undefined
  /** While the store fails nothing is admitted: it is asked for when the store is back. */
  #isShut = false

  constructor(ledger: Ledger, ports: IntakePorts) {
    const { clock, limits } = ports
    this.#ledger = ledger
    this.#ports = ports
    this.clientIds = new ClientIds({ clock, leaseMs: limits.clientIdLeaseMs, onFreed: ports.onChange })
  }

  /** Everything admitted is durable. */
  get isSettled(): boolean {
    return !this.#leaving && this.#gathering.isEmpty
  }

  get hasGathered(): boolean {
    return !this.#gathering.isEmpty
  }

  /**
   * What is durable: the ledger, less what is still on its way to disk. A peer that is told less than we hold
   * sends again what it has no acknowledgement for, and gets one when it is durable.
   */
  get durableVector(): StateVector {
    const vector = new Map(this.#ledger.stateVector)
    for (const batch of [this.#gathering, this.#leaving]) {
      for (const [client, clock] of batch?.before ?? []) {
        if (clock > 0) vector.set(client, clock)
        else vector.delete(client)
      }
    }
    return vector
  }

  /** What is to be stored next, unless something is being stored: with those early updates whose time has come. */
  takeBatch(): Batch<Member> | undefined {
    if (this.#leaving || this.#isShut) return undefined
    this.#retryEarly()
    if (this.#gathering.isEmpty) return undefined
    this.#leaving = this.#gathering
    this.#gathering = new Batch()
    return this.#leaving
  }

  /** The batch that was taken is durable. */
  stored(): void {
    this.#leaving = undefined
  }

  /** Nothing can be said of the batch that was taken: lets go of it, and of all that comes until `reopen`. */
  shut(durable: Ledger): void {
    this.#isShut = true
    for (const lost of [this.#leaving, this.#gathering])
      for (const [member, receipts] of lost?.receipts ?? []) member.receipts.owe(receipts)
    this.#leaving = undefined
    this.#gathering = new Batch()
    this.#ledger = durable
  }

  reopen(durable: Ledger): void {
    this.#isShut = false
    this.#ledger = durable
  }

  /** Throws a `ProtocolError` if the connection must end. */
  take(member: Member, sent: Sent): void {
    const { update, receipts } = sent
    const admission = admit(update, this.#ledger)
    switch (admission.type) {
      case 'refused':
        throw new ProtocolError(admission.code, admission.reason)
      case 'known':
        this.#acknowledgeWhenDurable(member, receipts)
        break
      case 'gap':
        this.#demandWriter(member)
        this.#keepEarly(member, { update, receipts, isDue: this.#whenKnown(admission.missing) })
        break
      case 'admitted':
        // Documents delete by themselves what follows from what everyone has (the loser of two values under one key,
        // formatting marks around nothing), so a reader may send deletions in good faith. They are let pass, unstored.
        if (admission.update.runs.length === 0 && !mayWrite(member.peer.role)) break
        this.#demandWriter(member)
        this.#takeAdmitted(member, admission.update, sent)
        break
      default:
        assertNever(admission)
    }
  }

  #takeAdmitted(member: Member, admitted: ScannedUpdate, { update, receipts, isLive }: Sent): void {
    if (this.#isShut) return member.receipts.owe(receipts)
    if (!this.#hasRoomFor(admitted)) return this.#refuseFull(member, admitted, receipts)
    const held = admitted.runs.filter(({ client }) => this.clientIds.isHeldFrom(member, client))
    if (held.length > 0) {
      for (const { client } of held) this.clientIds.ownerOf(client)?.peer.probe()
      const isDue = (): boolean =>
        held.every(
          ({ client, end }) =>
            this.#ledger.isKnown({ client, clock: end - 1 }) || !this.clientIds.isHeldFrom(member, client),
        )
      return this.#keepEarly(member, { update, receipts, isDue })
    }
    if (isLive) this.#claimIds(member, admitted)
    this.#gather(member, admitted, receipts)
  }

  /** A connection's own id is the one it writes with first. Others come through it when it passes on what it heard elsewhere; a new one may still be its own. */
  #claimIds(member: Member, { runs }: ScannedUpdate): void {
    for (const { client, clock } of runs)
      if (clock === 0 || !this.clientIds.hasAny(member)) this.clientIds.claim(member, client)
  }

  /** Asked of all bytes that are to become part of the document, or to wait for that. */
  #demandWriter(member: Member): void {
    if (!mayWrite(member.peer.role))
      throw new ProtocolError('write-not-allowed', `the role ${member.peer.role} does not allow editing`)
  }

  #gather(member: Member, admitted: ScannedUpdate, receipts: readonly Receipt[]): void {
    // The frame's memory is the socket's: what is kept is a copy, unless cutting has made one.
    const update = { ...admitted, bytes: admitted.bytes.slice() }
    this.#gathering.add(member, update, (client) => this.#ledger.nextClock(client))
    this.#gathering.addReceipts(member, receipts)
    this.#ledger.add(update)
    this.#ports.onChange()
  }

  /** What is known is acknowledged only when what made it known is durable. */
  #acknowledgeWhenDurable(member: Member, receipts: readonly Receipt[]): void {
    const last = this.#gathering.isEmpty ? this.#leaving : this.#gathering
    if (last) last.addReceipts(member, receipts)
    else for (const receipt of receipts) receipt.durable = true
  }

  /** Its sender is asked for everything since what we know, if what is missing does not come from elsewhere. */
  #keepEarly(member: Member, early: EarlyUpdate): void {
    const isKept = !this.#isShut && member.early.keep(early, this.#ports.clock.now())
    if (!isKept) member.receipts.owe(early.receipts)
    member.question.soon()
  }

  #whenKnown(missing: ReadonlyMap<number, number>): () => boolean {
    return () => {
      for (const [client, clock] of missing) if (!this.#ledger.isKnown({ client, clock })) return false
      return true
    }
  }

  /** Lets in every early update whose time has come, and those that waited for them. */
  #retryEarly(): void {
    let isProgress = true
    while (isProgress) {
      isProgress = false
      for (const member of this.#ports.members)
        if (member.early.release((early) => this.#isInNow(member, early))) {
          isProgress = true
          if (member.early.isEmpty) member.question.satisfied()
        }
    }
  }

  /** Due updates go the way of those that come now; only that way may let them wait anew. */
  #isInNow(member: Member, early: EarlyUpdate): boolean {
    const admission = admit(early.update, this.#ledger)
    switch (admission.type) {
      case 'gap':
        early.isDue = this.#whenKnown(admission.missing)
        return false
      case 'refused':
        member.peer.expel(new ProtocolError(admission.code, admission.reason))
        return true
      case 'known':
        this.#acknowledgeWhenDurable(member, early.receipts)
        return true
      case 'admitted': {
        // Who could write when this came may have lost that right since.
        if (!mayWrite(member.peer.role)) return true
        if (admission.update.runs.some(({ client }) => this.clientIds.isHeldFrom(member, client)))
          return false
        if (!this.#hasRoomFor(admission.update)) this.#refuseFull(member, admission.update, early.receipts)
        else this.#gather(member, admission.update, early.receipts)
        return true
      }
      default:
        return assertNever(admission)
    }
  }

  #hasRoomFor(update: ScannedUpdate): boolean {
    // Deleting is how a document becomes smaller.
    return update.runs.length === 0 || this.#canTake(this.#needOf(update))
  }

  #needOf({ runs, bytes }: ScannedUpdate): Need {
    const newClients = runs.filter(({ client }) => this.#ledger.nextClock(client) === 0).length
    return { bytes: bytes.length, newClients }
  }

  #canTake({ bytes, newClients }: Need): boolean {
    const { maxDocumentBytes, maxClients } = this.#ports.limits
    const taken = this.#ports.storedBytes() + this.#gathering.bytes + (this.#leaving?.bytes ?? 0)
    const hasRoom = taken + bytes <= maxDocumentBytes
    return hasRoom && (newClients === 0 || this.#ledger.clientCount + newClients <= maxClients)
  }

  /** Reading goes on. A stock client cannot be told that its edits stay its own, so it is closed rather than misled. */
  #refuseFull(member: Member, update: ScannedUpdate, receipts: readonly Receipt[]): void {
    if (!member.peer.speaksQuire) {
      member.peer.expel(new ProtocolError('document-full', 'the document has reached its limit'))
      return
    }
    member.receipts.owe(receipts)
    if (!member.refused) tell(member, 'document-full')
    const { bytes, newClients } = this.#needOf(update)
    const before = member.refused ?? { bytes: 0, newClients: 0 }
    member.refused = { bytes: before.bytes + bytes, newClients: Math.max(before.newClients, newClients) }
    this.#ports.onFull()
  }

  /** The document has become smaller: whoever was refused and has room now is told, and asked. */
  tellOfRoom(): void {
    for (const member of this.#ports.members) {
      if (!member.refused || !this.#canTake(member.refused)) continue
      member.refused = undefined
      tell(member, 'document-writable')
      member.question.now()
    }
  }
}
