/**
 * The way in: every update that a connection sends is judged here, and what is new, may come from whom it comes from, and
 * finds room in the document gathers into a batch for the disk. What cannot be admitted yet waits with its member.
 */
import {
  admit,
  assertNever,
  cut,
  mayWrite,
  partOf,
  ProtocolError,
  scan,
  type Ledger,
  type Run,
  type ScannedUpdate,
  type StateVector,
} from '@quire/protocol'
import { Batch } from './batch.ts'
import { ClientIds, type Reservations } from './client-ids.ts'
import type { Clock } from './clock.ts'
import type { EarlyUpdate, Wait, WaitingUpdate } from './early-updates.ts'
import { tell, type Member, type Need, type Refused } from './member.ts'
import type { Receipt } from './receipts.ts'
import type { Writer } from '../storage/document-store.ts'
import type { RoomLimits } from './room-limits.ts'
import { Writers } from './writers.ts'

/** What is held back for the sake of an id's owner is looked at again after this, then after as long as it has waited. */
const firstRetryMs = 50
const maxRetryMs = 10_000

export interface IntakePorts {
  readonly clock: Clock
  readonly limits: RoomLimits
  readonly members: ReadonlySet<Member>
  /** Client ids of those who have just been here. */
  readonly reserved: Reservations
  /** What the document takes on disk. */
  readonly storedBytes: () => number
  /** What all documents take. */
  readonly usedBytes: () => number
  /** Something has gathered, or what waits may have its time. */
  readonly onChange: () => void
  /** This member may be told of more that is durable. */
  readonly onAcknowledged: (member: Member) => void
  /** Somebody was refused for want of room. */
  readonly onFull: () => void
  /** Nothing of the departed waits any more. */
  readonly onDepartedDone: () => void
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
  readonly #writers = new Writers()
  #ledger: Ledger
  #gathering = new Batch<Member>()
  /** The batch that is being stored. */
  #leaving: Batch<Member> | undefined
  /** While the store fails nothing is admitted: it is asked for when the store is back. */
  #isShut = false
  /** Those of whom something waits. */
  readonly #waiting = new Set<Member>()
  /** Those among them who have left since. */
  readonly #departed = new Set<Member>()
  /** Somebody waits for room among all documents. */
  #isAsking = false
  readonly #timers = new Set<() => void>()

  constructor(ledger: Ledger, ports: IntakePorts) {
    const { clock, limits } = ports
    this.#ledger = ledger
    this.#ports = ports
    this.clientIds = new ClientIds({
      clock,
      leaseMs: limits.clientIdLeaseMs,
      onFreed: ports.onChange,
      reserved: ports.reserved,
    })
  }

  /** Everything admitted is durable. */
  get isSettled(): boolean {
    return !this.#leaving && this.#gathering.isEmpty
  }

  /** Who was noted; all of them durable while the intake is shut. */
  get writers(): readonly Writer[] {
    return this.#writers.noted
  }

  get hasGathered(): boolean {
    return !this.#gathering.isEmpty
  }

  get hasWaiting(): boolean {
    return this.#waiting.size > 0
  }

  /** When this is durable, everything admitted so far is; undefined: it is already. */
  get lastBatch(): Batch<Member> | undefined {
    return this.#gathering.isEmpty ? this.#leaving : this.#gathering
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

  /** Whether anything is stored, or about to be, that was written under this id. */
  hasWritten(clientId: number): boolean {
    return this.#ledger.nextClock(clientId) > 0
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
    for (const lost of [this.#leaving, this.#gathering]) {
      for (const [member, receipts] of lost?.receipts ?? []) member.receipts.owe(receipts)
      for (const writer of lost?.writers ?? []) this.#writers.forget(writer)
    }
    this.#leaving = undefined
    this.#gathering = new Batch()
    this.#ledger = durable
  }

  close(): void {
    this.clientIds.close()
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
  }

  reopen(durable: Ledger): void {
    this.#isShut = false
    this.#ledger = durable
    for (const { early } of this.#waiting) early.heardAll()
  }

  /** Something of the departed waits still, and is to have its room. */
  get holdsForDeparted(): boolean {
    return this.#departed.size > 0
  }

  /**
   * What waits for the sake of an id’s owner outlives its sender, who may have been that owner in an older connection, and cannot
   * be asked again. All else of theirs is not let in any more.
   */
  leave(member: Member): void {
    if (!member.early.isTimed || !this.#hasRoomForDeparted(member)) return this.forget(member)
    this.#departed.add(member)
    this.#laterThan(this.#ports.limits.earlyTimeoutMs)
    this.clientIds.leave(member)
  }

  /** Nothing of theirs is let in any more. */
  forget(member: Member): void {
    this.#waiting.delete(member)
    this.clientIds.leave(member)
  }

  #hasRoomForDeparted({ early }: Member): boolean {
    const { maxDeparted, maxEarlyBytes } = this.#ports.limits
    const bytes = [...this.#departed].reduce((sum, departed) => sum + departed.early.bytes, early.bytes)
    return this.#departed.size < maxDeparted && bytes <= maxEarlyBytes
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
        if (!this.#leaveOutBlindDeletions(member, sent, scan(update).deletions))
          this.#keepEarly(
            member,
            { update, receipts, heldIds: new Set() },
            { type: 'structs', missing: admission.missing },
          )
        break
      case 'admitted':
        // Documents delete by themselves what follows from what everyone has (the loser of two values under one key,
        // formatting marks around nothing), so a reader may send deletions in good faith. They are let pass, unstored.
        if (admission.update.runs.length === 0 && !mayWrite(member.peer.role))
          return member.receipts.owe(receipts)
        this.#demandWriter(member)
        if (!this.#leaveOutBlindDeletions(member, sent, admission.update.deletions))
          this.#takeAdmitted(member, admission.update, sent)
        break
      default:
        assertNever(admission)
    }
  }

  #takeAdmitted(member: Member, admitted: ScannedUpdate, { update, receipts, isLive }: Sent): void {
    if (this.#isShut) return member.receipts.owe(receipts)
    if (!this.#hasRoomFor(admitted)) return this.#refuseFull(member, admitted, receipts)
    if (this.#isHeld(member, admitted)) return this.#hold(member, admitted, { update, receipts })
    if (isLive) this.#claimIds(member, admitted)
    this.#gather(member, admitted, receipts)
  }

  /** A connection's own id is the one it writes with first. Others come through it when it passes on what it heard elsewhere; a new one may still be its own. */
  #claimIds(member: Member, { runs }: ScannedUpdate): void {
    for (const { client, clock } of runs)
      if (clock === 0 || !this.clientIds.hasAny(member)) this.clientIds.claim(member, client)
  }

  /**
   * Deletions of what somebody who is here has yet to write, or wrote and nobody was shown, neither wait nor count, or
   * they would take away every word as it comes. An honest sender has heard of those words elsewhere, and its answer
   * says again what it deleted. Returns whether there were any: then the rest has been taken.
   */
  #leaveOutBlindDeletions(
    member: Member,
    sent: Sent,
    deletions: readonly { readonly client: number }[],
  ): boolean {
    if (!deletions.some(({ client }) => this.clientIds.isHeldFrom(member, client))) return false
    const rest = cut(scan(sent.update), {
      nextClock: () => 0,
      isDeleted: (client, clock, length) =>
        clock + length > this.#shownClock(client) && this.clientIds.isHeldFrom(member, client),
    })
    if (rest.length >= sent.update.length) return false
    member.receipts.owe(sent.receipts)
    member.question.soon()
    this.take(member, { ...sent, update: rest, receipts: [] })
    return true
  }

  /** Up to here a client's structs are durable, and may have been seen. */
  #shownClock(client: number): number {
    return (
      this.#leaving?.before.get(client) ??
      this.#gathering.before.get(client) ??
      this.#ledger.nextClock(client)
    )
  }

  /** Asked of all bytes that are to become part of the document, or to wait for that. */
  #demandWriter(member: Member): void {
    if (!mayWrite(member.peer.role))
      throw new ProtocolError('write-not-allowed', `the role ${member.peer.role} does not allow editing`)
  }

  #isHeld(member: Member, { runs }: ScannedUpdate): boolean {
    return runs.some(({ client }) => this.clientIds.isHeldFrom(member, client))
  }

  /**
   * What is under ids of others waits, and with it what builds on it; the rest is let in. Two tabs that told each other
   * what they wrote while they were offline would otherwise wait for each other for ever.
   */
  #hold(member: Member, admitted: ScannedUpdate, sent: Omit<Sent, 'isLive'>): void {
    const ids = admitted.runs.map(({ client }) => client)
    const heldIds = new Set(ids.filter((id) => this.clientIds.isHeldFrom(member, id)))
    for (const id of heldIds) this.clientIds.ownerOf(id)?.peer.probe()
    this.#letInPart(member, admitted)
    if (this.#keep(member, { ...sent, heldIds }, this.#laterThan(firstRetryMs))) return
    member.receipts.owe(sent.receipts)
    member.question.soon()
  }

  /** Returns whether there was any. */
  #letInPart(member: Member, admitted: ScannedUpdate): boolean {
    const part = partOf(admitted, this.#ledger, (client) => !this.clientIds.isHeldFrom(member, client))
    const isNew = part.runs.length > 0 || part.deletions.length > 0
    if (isNew) this.#gather(member, part, [])
    return isNew
  }

  /** Looked at again after a while, since each look costs a walk over the update; or at once when somebody has left. */
  #laterThan(delayMs: number): Wait {
    const { clock, onChange } = this.#ports
    const dueMs = clock.now() + delayMs
    const freed = this.clientIds.timesFreed
    const cancel = clock.after(delayMs, () => {
      this.#timers.delete(cancel)
      onChange()
    })
    this.#timers.add(cancel)
    return { type: 'time', isDue: () => clock.now() >= dueMs || this.clientIds.timesFreed > freed }
  }

  #gather(member: Member, admitted: ScannedUpdate, receipts: readonly Receipt[]): void {
    // The frame's memory is the socket's: what is kept is a copy, unless cutting has made one.
    const update = { ...admitted, bytes: admitted.bytes.slice() }
    this.#gathering.add(member, update, (client) => this.#ledger.nextClock(client))
    this.#gathering.addReceipts(member, receipts)
    for (const run of update.runs) this.#noteWriter(member, run)
    this.#ledger.add(update)
    for (const { early } of this.#waiting) for (const { client } of update.runs) early.heard(client)
    this.#ports.onChange()
  }

  /** With the first words that come from somebody under an id, so that nothing is stored of which nobody knows whose it is. */
  #noteWriter(member: Member, { client, clock }: Run): void {
    const part = this.clientIds.ownerOf(client) === member ? 'wrote' : 'brought'
    const writer = this.#writers.note(member, { clientId: client, clock, part })
    if (writer) this.#gathering.writers.push(writer)
  }

  /** What is known is acknowledged only when what made it known is durable. */
  #acknowledgeWhenDurable(member: Member, receipts: readonly Receipt[]): void {
    const last = this.lastBatch
    if (last) last.addReceipts(member, receipts)
    else {
      for (const receipt of receipts) receipt.durable = true
      this.#ports.onAcknowledged(member)
    }
  }

  /** Its sender is asked for everything since what we know, if what is missing does not come from elsewhere. */
  #keepEarly(member: Member, early: EarlyUpdate, wait: Wait): void {
    const isKept = !this.#isShut && this.#keep(member, early, wait)
    if (!isKept) member.receipts.owe(early.receipts)
    member.question.soon()
  }

  /** Returns whether there was room. */
  #keep(member: Member, early: EarlyUpdate, wait: Wait): boolean {
    const isKept = member.early.keep(early, wait, this.#ports.clock.now())
    if (isKept) this.#waiting.add(member)
    return isKept
  }

  /** Lets in every early update whose time has come, and those that waited for them. */
  #retryEarly(): void {
    const nowMs = this.#ports.clock.now()
    for (const member of this.#waiting) this.#retry(member, member.early.takeTimed())
    let isComplete = false
    while (!isComplete) {
      isComplete = true
      for (const member of this.#waiting) {
        const complete = member.early.takeComplete((client) => this.#ledger.nextClock(client))
        if (complete.length > 0) isComplete = false
        this.#retry(member, complete)
      }
    }
    for (const member of this.#waiting) {
      for (const { receipts } of member.early.expire(nowMs)) this.#askAgain(member, receipts)
      if (!member.early.isEmpty) continue
      this.#waiting.delete(member)
      if (this.#departed.delete(member) && !this.holdsForDeparted) this.#ports.onDepartedDone()
    }
  }

  /** What it was sent with is to be acknowledged with the answer; who has left gives none. */
  #askAgain(member: Member, receipts: readonly Receipt[]): void {
    member.receipts.owe(receipts)
    if (!this.#departed.has(member)) member.question.soon()
  }

  #retry(member: Member, due: readonly WaitingUpdate[]): void {
    for (const early of due) {
      const wait = this.#letIn(member, early)
      if (wait) member.early.wait(early, wait)
      else member.early.letGo(early)
    }
    if (due.length > 0 && member.early.isEmpty) member.question.satisfied()
  }

  /** Due updates go the way of those that come now; only that way may let them wait anew. Returns how it has to wait on, if it has to. */
  #letIn(member: Member, early: WaitingUpdate): Wait | undefined {
    const admission = admit(early.update, this.#ledger)
    switch (admission.type) {
      case 'gap':
        return { type: 'structs', missing: admission.missing }
      case 'refused':
        member.peer.expel(new ProtocolError(admission.code, admission.reason))
        return undefined
      case 'known':
        this.#acknowledgeWhenDurable(member, early.receipts)
        return undefined
      case 'admitted':
        return this.#letInAdmitted(member, early, admission.update)
      default:
        return assertNever(admission)
    }
  }

  #letInAdmitted(member: Member, early: WaitingUpdate, update: ScannedUpdate): Wait | undefined {
    // Who could write when this came may have lost that right since.
    if (!mayWrite(member.peer.role)) {
      member.receipts.owe(early.receipts)
      return undefined
    }
    if (this.#isHeld(member, update)) {
      const isProgress = this.#letInPart(member, update)
      const waitedMs = isProgress ? 0 : this.#ports.clock.now() - early.sinceMs
      return this.#laterThan(Math.min(Math.max(firstRetryMs, waitedMs), maxRetryMs))
    }
    if (!this.#departed.has(member) && update.runs.some(({ client }) => early.heldIds.has(client))) {
      // It was not its sender's to bring. Now that it may be, the sender is asked whether it still would.
      this.#askAgain(member, early.receipts)
      return undefined
    }
    if (!this.#hasRoomFor(update)) this.#refuseFull(member, update, early.receipts)
    else this.#gather(member, update, early.receipts)
    return undefined
  }

  #hasRoomFor(update: ScannedUpdate): boolean {
    // Deleting is how a document becomes smaller.
    return update.runs.length === 0 || this.#lacking(this.#needOf(update)) === undefined
  }

  #needOf({ runs, bytes }: ScannedUpdate): Need {
    const newClients = runs.filter(({ client }) => this.#ledger.nextClock(client) === 0).length
    return { bytes: bytes.length, newClients }
  }

  /** What would be too full with it. */
  #lacking({ bytes, newClients }: Need): 'document' | 'storage' | undefined {
    const { maxDocumentBytes, maxTotalBytes, maxClients } = this.#ports.limits
    const coming = this.#gathering.bytes + (this.#leaving?.bytes ?? 0) + bytes
    if (this.#ports.storedBytes() + coming > maxDocumentBytes) return 'document'
    if (newClients > 0 && this.#ledger.clientCount + newClients > maxClients) return 'document'
    // Others may have as much on their way: what is over is what came within one commit.
    const isBounded = maxTotalBytes < Infinity
    return isBounded && this.#ports.usedBytes() + coming > maxTotalBytes ? 'storage' : undefined
  }

  /** Reading goes on. A stock client cannot be told that its edits stay its own, so it is closed rather than misled. */
  #refuseFull(member: Member, update: ScannedUpdate, receipts: readonly Receipt[]): void {
    const need = this.#needOf(update)
    const full = this.#lacking(need) ?? 'document'
    if (!member.peer.speaksQuire) {
      member.peer.expel(new ProtocolError(`${full}-full`, `the ${full} has reached its limit`))
      return
    }
    member.receipts.owe(receipts)
    const before: Refused = member.refused ?? { bytes: 0, newClients: 0, full: new Set() }
    if (!before.full.has(full)) tell(member, `${full}-full`)
    member.refused = {
      bytes: before.bytes + need.bytes,
      newClients: Math.max(before.newClients, need.newClients),
      full: new Set([...before.full, full]),
    }
    this.#ports.onFull()
    if (full === 'storage') this.#askLater()
  }

  /** There is room, perhaps: whoever was refused and can be taken from now is told, and asked. */
  tellOfRoom(): void {
    for (const member of this.#ports.members) {
      if (!member.refused || this.#lacking(member.refused) !== undefined) continue
      const { full } = member.refused
      member.refused = undefined
      for (const each of full) tell(member, `${each}-writable`)
      member.question.now()
    }
  }

  /** Room for all is made where this room does not hear of it. */
  #askLater(): void {
    if (this.#isAsking) return
    this.#isAsking = true
    const { clock, limits, members } = this.#ports
    const cancel = clock.after(limits.roomRetryMs, () => {
      this.#timers.delete(cancel)
      this.#isAsking = false
      this.tellOfRoom()
      if ([...members].some(({ refused }) => refused?.full.has('storage'))) this.#askLater()
    })
    this.#timers.add(cancel)
  }
}
