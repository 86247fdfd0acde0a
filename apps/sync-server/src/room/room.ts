/**
 * One live document. A room is a log, and a connection is a place in it: updates are admitted by scanning them,
 * stored, and only then shown to anyone or acknowledged. Knows neither sockets nor databases nor Yjs documents.
 *
 *     receive ─► admit ─► gather ─(pulse)─► append ─► durable ─► deliver and acknowledge
 */
import {
  admit,
  assertNever,
  closeCodes,
  decodeStateVector,
  encodeServerMessage,
  encodeStateVector,
  mayWrite,
  ProtocolError,
  splice,
  type CloseCode,
  type DocumentName,
  type Ledger,
  type PresenceEntry,
  type ScannedUpdate,
  type SharedMessage,
  type StateVector,
} from '@quire/protocol'
import type { DocumentStore, StoredDocument } from '../storage/document-store.ts'
import type { Workshop } from '../workshop/workshop.ts'
import type { Clock } from './clock.ts'
import { EarlyUpdates, type EarlyUpdate } from './early-updates.ts'
import { Log } from './log.ts'
import type { Peer } from './peer.ts'
import { Presence } from './presence.ts'
import { Pulse } from './pulse.ts'
import { Receipts, type Receipt } from './receipts.ts'
import { roomLimits } from './room-limits.ts'

/** What a room needs from the world. */
export interface RoomPorts {
  readonly store: DocumentStore
  readonly workshop: Workshop
  readonly clock: Clock
  /** A room could not do its work and has closed its connections; `during` is what it was doing. */
  readonly reportFailure: (name: DocumentName, during: string, error: unknown) => void
}

export interface RoomOptions {
  readonly ports: RoomPorts
  /** The document begins with its first edit rather than having been made before. */
  readonly create: boolean
  /** Called when nobody is here and nothing is under way, or the room has failed: it is to be forgotten. */
  readonly onRest: () => void
}

/** What a client may say inside a room. */
export type RoomMessage = SharedMessage | { readonly type: 'query-presence' }

/** A peer's hold on a room. */
export interface Membership {
  /** Throws a `ProtocolError` if this connection must end. */
  receive(message: RoomMessage): void
  /** The peer's backlog has left: it may be sent what it missed. */
  drained(): void
  /** Safe to call twice. */
  leave(): void
}

interface Member {
  readonly peer: Peer
  /** Everything up to here has been sent; undefined until the peer has told what it has. */
  position: number | undefined
  readonly receipts: Receipts
  readonly early: EarlyUpdates
  /** We have asked this peer for what is missing and it has not answered. */
  isAsked: boolean
  /** Set while the peer takes its bytes more slowly than they come. */
  stopWaitingForDrain: (() => void) | undefined
  missedPresence: boolean
  /** What it said it has when it last asked, if it has not been answered for being behind. */
  unanswered: StateVector | undefined
}

/** Admitted updates on their way to disk together. */
interface Batch {
  readonly updates: Uint8Array[]
  readonly authors: Set<Member>
  readonly receipts: Receipt[]
  /** Where each client that this batch moves stood before it. */
  readonly before: Map<number, number>
}

export class Room {
  readonly name: DocumentName
  readonly #ports: RoomPorts
  readonly #create: boolean
  readonly #log: Log
  readonly #ledger: Ledger
  readonly #members = new Set<Member>()
  readonly #presence = new Presence<Member>()
  readonly #writePulse: Pulse
  readonly #presencePulse: Pulse
  readonly #renewalPulse: Pulse
  #gathering = emptyBatch()
  #appending: Batch | undefined
  readonly #onRest: () => void
  /** After a failure the tail only grows until the room is loaded again; trying again and again would not mend it. */
  #compaction: 'idle' | 'running' | 'failed' = 'idle'
  #isDraining = false
  #hasFailed = false
  #onSettled: (() => void) | undefined

  constructor(name: DocumentName, stored: StoredDocument, options: RoomOptions) {
    const { clock } = options.ports
    this.name = name
    this.#ports = options.ports
    this.#create = options.create
    this.#onRest = options.onRest
    this.#log = new Log(stored)
    this.#ledger = this.#log.ledger()
    this.#writePulse = new Pulse({ clock, intervalMs: roomLimits.writePulseMs, act: () => this.#append() })
    this.#presencePulse = new Pulse({
      clock,
      intervalMs: roomLimits.presencePulseMs,
      act: () => this.#tellPresence(this.#presence.takeChanged()),
    })
    this.#renewalPulse = new Pulse({
      clock,
      intervalMs: roomLimits.renewalPulseMs,
      act: () => this.#tellPresence(this.#presence.takeRenewed()),
    })
  }

  /** Begins the conversation: our state vector, so that the peer sends what we lack, and who is here. */
  join(peer: Peer): Membership {
    const member: Member = {
      peer,
      position: undefined,
      receipts: new Receipts(),
      early: new EarlyUpdates(),
      isAsked: true,
      stopWaitingForDrain: undefined,
      missedPresence: false,
      unanswered: undefined,
    }
    this.#members.add(member)
    this.#ask(member)
    const present = this.#presence.everyone()
    if (present.length > 0) deliverPresence(peer, present)
    return {
      receive: (message) => this.#receive(member, message),
      drained: () => this.#catchUp(member),
      leave: () => this.#leave(member),
    }
  }

  /** Takes no more edits, waits until those admitted are durable and told, then sends everyone away. */
  async drain(): Promise<void> {
    this.#isDraining = true
    if (!this.#isSettled && !this.#hasFailed) {
      const settled = Promise.withResolvers<void>()
      this.#onSettled = settled.resolve
      this.#writePulse.request()
      await settled.promise
    }
    this.#close(closeCodes.restart, 'the server is restarting')
  }

  /** Everything admitted is durable. */
  get #isSettled(): boolean {
    return !this.#appending && this.#gathering.updates.length === 0
  }

  #close(code: CloseCode, reason: string): void {
    for (const { peer } of this.#members) peer.close(code, reason)
    for (const pulse of [this.#writePulse, this.#presencePulse, this.#renewalPulse]) pulse.close()
  }

  #receive(member: Member, message: RoomMessage): void {
    if (this.#isDraining) return
    switch (message.type) {
      case 'sync-step-1':
        this.#answerSoon(member, decodeStateVector(message.stateVector))
        break
      case 'sync-step-2':
        // Whatever this peer sent before, its answer holds it too.
        this.#takeUpdate(member, message.update, [
          ...member.early.takeDropped(),
          ...this.#issueReceipt(member),
        ])
        member.isAsked = false
        break
      case 'update':
        this.#takeUpdate(member, message.update, this.#issueReceipt(member))
        break
      case 'presence':
        this.#takePresence(member, message.entries)
        break
      case 'query-presence':
        if (isFull(member)) this.#missPresence(member)
        else deliverPresence(member.peer, this.#presence.everyone())
        break
      default:
        assertNever(message)
    }
    this.#acknowledge(member)
  }

  /** Stock clients are not told of what is durable, so nothing need be remembered for them. */
  #issueReceipt({ peer, receipts }: Member): Receipt[] {
    return peer.speaksQuire ? [receipts.issue()] : []
  }

  // ——— joining ———

  #ask(member: Member): void {
    member.isAsked = true
    const stateVector = encodeStateVector(this.#durableVector())
    member.peer.deliver(encodeServerMessage({ type: 'sync-step-1', stateVector }))
  }

  /**
   * What is durable: the ledger, less what is still on its way to disk. A peer that is told less than we hold
   * sends again what it has no acknowledgement for, and gets one when it is durable.
   */
  #durableVector(): StateVector {
    const vector = new Map(this.#ledger.stateVector)
    for (const batch of [this.#gathering, this.#appending]) {
      for (const [client, clock] of batch?.before ?? []) {
        if (clock > 0) vector.set(client, clock)
        else vector.delete(client)
      }
    }
    return vector
  }

  /** A peer that asks and does not read what it is sent would have us hold the document once for every question. */
  #answerSoon(member: Member, known: StateVector): void {
    if (isFull(member)) {
      member.unanswered = known
      this.#waitForDrain(member)
    } else {
      this.#answer(member, known)
    }
  }

  /** Answers with exactly one SyncStep2, last: a stock client counts as synced only then. */
  #answer(member: Member, known: StateVector): void {
    const updates = known.size === 0 ? this.#log.since(0) : [this.#log.missingFrom(known)]
    const last = updates.pop() ?? splice([])
    for (const update of updates) member.peer.deliver(encodeServerMessage({ type: 'update', update }))
    member.peer.deliver(encodeServerMessage({ type: 'sync-step-2', update: last }))
    member.position = this.#log.head
  }

  // ——— writing ———

  #takeUpdate(member: Member, update: Uint8Array, receipts: readonly Receipt[]): void {
    const admission = admit(update, this.#ledger)
    switch (admission.type) {
      case 'refused':
        throw new ProtocolError(admission.code, admission.reason)
      case 'known':
        this.#acknowledgeWhenDurable(member, receipts)
        break
      case 'gap':
        this.#demandWriter(member)
        this.#keepEarly(member, { update, receipts, missing: admission.missing })
        break
      case 'admitted':
        // Documents delete by themselves what follows from what everyone has (the loser of two values under one key,
        // formatting marks around nothing), so a reader may send deletions in good faith. They are let pass, unstored.
        if (!admission.hasNewStructs && !mayWrite(member.peer.role)) break
        this.#demandWriter(member)
        this.#gather(member, { update: update.slice(), scanned: admission.update, receipts })
        break
      default:
        assertNever(admission)
    }
  }

  /** Asked of all bytes that are to become part of the document, or to wait for that. */
  #demandWriter(member: Member): void {
    if (!mayWrite(member.peer.role))
      throw new ProtocolError('write-not-allowed', `the role ${member.peer.role} does not allow editing`)
  }

  #gather(
    member: Member,
    admitted: {
      readonly update: Uint8Array
      readonly scanned: ScannedUpdate
      readonly receipts: readonly Receipt[]
    },
  ): void {
    const batch = this.#gathering
    for (const { client } of admitted.scanned.structs)
      if (!batch.before.has(client)) batch.before.set(client, this.#ledger.nextClock(client))
    this.#ledger.add(admitted.scanned)
    batch.updates.push(admitted.update)
    batch.authors.add(member)
    batch.receipts.push(...admitted.receipts)
    this.#writePulse.request()
  }

  /** What is known is acknowledged only when what made it known is durable. */
  #acknowledgeWhenDurable(member: Member, receipts: readonly Receipt[]): void {
    const last = this.#gathering.updates.length > 0 ? this.#gathering : this.#appending
    if (last) {
      last.receipts.push(...receipts)
      last.authors.add(member)
    } else {
      for (const receipt of receipts) receipt.durable = true
    }
  }

  /** Its sender is asked, once, for everything since what we know. */
  #keepEarly(member: Member, early: EarlyUpdate): void {
    member.early.keep(early)
    if (!member.isAsked) this.#ask(member)
  }

  /** Lets in every early update whose time has come, and those that waited for them. */
  #retryEarly(): void {
    let isProgress = true
    while (isProgress) {
      isProgress = false
      for (const member of this.#members)
        if (member.early.release((early) => this.#isInNow(member, early))) isProgress = true
    }
  }

  #isInNow(member: Member, early: EarlyUpdate): boolean {
    if (this.#ledger.nextClock(early.missing.client) <= early.missing.clock) return false
    const admission = admit(early.update, this.#ledger)
    switch (admission.type) {
      case 'gap':
        early.missing = admission.missing
        return false
      case 'refused':
        member.peer.expel(new ProtocolError(admission.code, admission.reason))
        return true
      case 'known':
        this.#acknowledgeWhenDurable(member, early.receipts)
        return true
      case 'admitted':
        // Who could write when this came may have lost that right since.
        if (!mayWrite(member.peer.role)) return true
        this.#gather(member, { ...early, scanned: admission.update })
        return true
      default:
        return assertNever(admission)
    }
  }

  /** One append at a time: what is admitted meanwhile gathers for the next. */
  #append(): void {
    if (this.#appending || this.#hasFailed || this.#gathering.updates.length === 0) return
    this.#retryEarly()
    const batch = this.#gathering
    this.#appending = batch
    this.#gathering = emptyBatch()
    void this.#store(batch)
  }

  async #store(batch: Batch): Promise<void> {
    try {
      const update = splice(batch.updates)
      const position = await this.#ports.store.append(this.name, update, { create: this.#create })
      this.#durable(batch, position, update)
    } catch (error) {
      this.#fail('append', error)
    }
  }

  #durable(batch: Batch, position: number, update: Uint8Array): void {
    this.#appending = undefined
    this.#log.append({ position, update })
    const frame = encodeServerMessage({ type: 'update', update })
    for (const member of this.#members) this.#advance(member, { position, frame, batch })
    for (const receipt of batch.receipts) receipt.durable = true
    for (const author of batch.authors) this.#acknowledge(author)
    if (this.#gathering.updates.length > 0) this.#writePulse.request()
    else this.#onSettled?.()
    this.#compactIfLong(roomLimits.compactWhileOpen)
    this.#restIfQuiet()
  }

  /** Moves a peer that stands right before this entry past it; any other catches up once it has drained. */
  #advance(
    member: Member,
    entry: { readonly position: number; readonly frame: Uint8Array; readonly batch: Batch },
  ): void {
    if (member.position !== entry.position - 1) return
    if (isFull(member)) return this.#waitForDrain(member)
    const isOwnEcho =
      member.peer.speaksQuire && entry.batch.authors.size === 1 && entry.batch.authors.has(member)
    // A stock client gets its own edits back: newer ones read that as the acknowledgement.
    if (!isOwnEcho) member.peer.deliver(entry.frame)
    member.position = entry.position
  }

  #waitForDrain(member: Member): void {
    member.stopWaitingForDrain ??= this.#ports.clock.after(roomLimits.drainTimeoutMs, () =>
      member.peer.close(closeCodes.tryAgainLater, 'too slow'),
    )
  }

  #catchUp(member: Member): void {
    if (!this.#members.has(member) || isFull(member)) return
    member.stopWaitingForDrain?.()
    member.stopWaitingForDrain = undefined
    if (member.missedPresence) {
      member.missedPresence = false
      deliverPresence(member.peer, this.#presence.everyone())
    }
    if (member.unanswered) {
      const known = member.unanswered
      member.unanswered = undefined
      return this.#answer(member, known)
    }
    if (member.position === undefined) return
    for (const update of this.#log.since(member.position))
      member.peer.deliver(encodeServerMessage({ type: 'update', update }))
    member.position = this.#log.head
  }

  #acknowledge(member: Member): void {
    if (!member.peer.speaksQuire || !this.#members.has(member)) return
    const frames = member.receipts.take()
    if (frames !== undefined) member.peer.deliver(encodeServerMessage({ type: 'saved', frames }))
  }

  /**
   * The room's memory may now be ahead of the disk, so it ends here: everyone is sent away and comes back to what
   * is stored, with their unacknowledged edits in hand.
   */
  #fail(during: string, error: unknown): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#appending = undefined
    this.#gathering = emptyBatch()
    this.#ports.reportFailure(this.name, during, error)
    this.#close(closeCodes.serverError, 'storage failed')
    this.#onSettled?.()
    this.#onRest()
  }

  // ——— presence ———

  #takePresence(member: Member, entries: readonly PresenceEntry[]): void {
    const { reply, changed, renewed } = this.#presence.receive(member, entries)
    if (reply.length > 0) deliverPresence(member.peer, reply)
    if (changed) this.#presencePulse.request()
    if (renewed) this.#renewalPulse.request()
  }

  #tellPresence(entries: readonly PresenceEntry[]): void {
    if (entries.length === 0) return
    const frame = encodeServerMessage({ type: 'presence', entries })
    for (const member of this.#members) {
      if (isFull(member)) this.#missPresence(member)
      else member.peer.deliver(frame)
    }
  }

  #missPresence(member: Member): void {
    member.missedPresence = true
    this.#waitForDrain(member)
  }

  // ——— leaving and resting ———

  #leave(member: Member): void {
    if (!this.#members.delete(member)) return
    member.stopWaitingForDrain?.()
    if (this.#presence.leave(member)) this.#presencePulse.request()
    if (this.#members.size === 0) this.#compactIfLong(roomLimits.compactAtRest)
    this.#restIfQuiet()
  }

  #compactIfLong(threshold: { readonly entries: number; readonly bytes: number }): void {
    const { tailLength, tailBytes, baseBytes } = this.#log
    const isLong = tailLength >= threshold.entries || tailBytes > Math.max(threshold.bytes, baseBytes)
    if (isLong && this.#compaction === 'idle' && !this.#hasFailed && !this.#isDraining) void this.#compact()
  }

  /** The log goes on meanwhile: what is appended after this began stays in the tail. */
  async #compact(): Promise<void> {
    this.#compaction = 'running'
    const position = this.#log.head
    try {
      const update = await this.#ports.workshop.compact(this.#log.stored)
      await this.#ports.store.compact(this.name, { position, update })
      this.#log.compacted({ position, update })
      this.#compaction = 'idle'
    } catch (error) {
      // Nothing is lost: the log is as it was, only longer than it need be.
      this.#compaction = 'failed'
      if (!this.#isDraining) this.#ports.reportFailure(this.name, 'compaction', error)
    }
    this.#restIfQuiet()
  }

  #restIfQuiet(): void {
    if (this.#members.size === 0 && this.#isSettled && this.#compaction !== 'running') this.#onRest()
  }
}

/** More is waiting in its socket than we are willing to add to. */
function isFull({ peer }: Member): boolean {
  return peer.backlogBytes > roomLimits.maxBacklogBytes
}

function emptyBatch(): Batch {
  return { updates: [], authors: new Set(), receipts: [], before: new Map() }
}

function deliverPresence(peer: Peer, entries: readonly PresenceEntry[]): void {
  peer.deliver(encodeServerMessage({ type: 'presence', entries }))
}
