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
  encodeServerMessage,
  encodeStateVector,
  mayWrite,
  ProtocolError,
  type CloseCode,
  type DocumentName,
  type Ledger,
  type PresenceEntry,
  type ScannedUpdate,
  type SharedMessage,
  type StateVector,
} from '@quire/protocol'
import { StorageError, type DocumentStore, type StoredDocument } from '../storage/document-store.ts'
import type { Workshop } from '../workshop/workshop.ts'
import { Answers } from './answers.ts'
import { Batch } from './batch.ts'
import { ClientIds } from './client-ids.ts'
import type { Clock } from './clock.ts'
import { Cursor } from './cursor.ts'
import { EarlyUpdates, type EarlyUpdate } from './early-updates.ts'
import { Log } from './log.ts'
import { notices, type NoticeCode } from './notices.ts'
import type { Peer, Principal } from './peer.ts'
import { Presence } from './presence.ts'
import { Pulse } from './pulse.ts'
import { Question } from './question.ts'
import { Receipts, type Receipt } from './receipts.ts'
import { Recovery } from './recovery.ts'
import type { CompactionThreshold, RoomLimits } from './room-limits.ts'

/** What a room needs from the world. */
export interface RoomPorts {
  readonly store: DocumentStore
  readonly workshop: Workshop
  readonly clock: Clock
  readonly limits: RoomLimits
  /** A room could not do its work; `during` is what it was doing. */
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
  readonly principal: Principal
  readonly cursor: Cursor
  readonly receipts: Receipts
  readonly early: EarlyUpdates
  readonly question: Question
  /** What it sent that the document had no room for: it has been told so. */
  refused: Need | undefined
}

/** Room that an update takes. */
interface Need {
  readonly bytes: number
  /** Client ids that have not written before. */
  readonly newClients: number
}

export class Room {
  readonly name: DocumentName
  readonly #ports: RoomPorts
  readonly #create: boolean
  #log: Log
  #ledger: Ledger
  #answers: Answers
  readonly #members = new Set<Member>()
  readonly #presence = new Presence<Member>()
  readonly #clientIds: ClientIds<Member>
  readonly #writePulse: Pulse
  readonly #presencePulse: Pulse
  readonly #renewalPulse: Pulse
  #gathering = new Batch<Member>()
  #appending: Batch<Member> | undefined
  readonly #onRest: () => void
  /** Set while the store cannot be written to. */
  #recovery: Recovery | undefined
  /** After a failure the tail only grows until the room is loaded again; trying again and again would not mend it. */
  #compaction: 'idle' | 'running' | 'failed' = 'idle'
  #isDraining = false
  #hasEnded = false
  #onSettled: (() => void) | undefined

  /** Throws a `ProtocolError` if what is stored cannot be read. */
  constructor(name: DocumentName, stored: StoredDocument, options: RoomOptions) {
    const { clock, limits } = options.ports
    this.name = name
    this.#ports = options.ports
    this.#create = options.create
    this.#onRest = options.onRest
    this.#log = new Log(stored)
    this.#ledger = this.#log.ledger()
    this.#answers = this.#answersFrom(this.#log)
    this.#writePulse = new Pulse({ clock, intervalMs: limits.writePulseMs, act: () => this.#append() })
    this.#clientIds = new ClientIds({
      clock,
      leaseMs: limits.clientIdLeaseMs,
      onFreed: () => this.#writePulse.request(),
    })
    this.#presencePulse = new Pulse({
      clock,
      intervalMs: limits.presencePulseMs,
      act: () => this.#tellPresence(this.#presence.takeChanged()),
    })
    this.#renewalPulse = new Pulse({
      clock,
      intervalMs: limits.renewalPulseMs,
      act: () => this.#tellPresence(this.#presence.takeRenewed()),
    })
  }

  /** Begins the conversation: our state vector, so that the peer sends what we lack, and who is here. */
  join(peer: Peer): Membership {
    const member = this.#memberFor(peer)
    this.#members.add(member)
    member.question.now()
    const present = this.#presence.everyone()
    if (present.length > 0) deliverPresence(peer, present)
    if (this.#recovery) tell(member, 'storage-failed')
    return {
      receive: (message) => this.#receive(member, message),
      drained: () => member.cursor.pump(),
      leave: () => this.#leave(member),
    }
  }

  /** Takes no more edits, waits until those admitted are durable and told, then sends everyone away. */
  async drain(): Promise<void> {
    this.#isDraining = true
    if (!this.#isSettled && !this.#hasEnded && !this.#recovery) {
      const settled = Promise.withResolvers<void>()
      this.#onSettled = settled.resolve
      this.#writePulse.request()
      await settled.promise
    }
    this.#end(closeCodes.restart, 'the server is restarting')
  }

  /** Joins a tail that has grown long, if nobody else will: for documents that are not open. */
  async compactAtRest(): Promise<void> {
    if (this.#isLong(this.#ports.limits.compactAtRest) && this.#mayCompact) await this.#compact()
    this.#restIfQuiet()
  }

  /** Everything admitted is durable. */
  get #isSettled(): boolean {
    return !this.#appending && this.#gathering.isEmpty
  }

  #answersFrom(log: Log): Answers {
    const { workshop, limits } = this.#ports
    return new Answers({ log, workshop, limits })
  }

  #memberFor(peer: Peer): Member {
    const { clock, limits } = this.#ports
    const member: Member = {
      peer,
      principal: peer.principal,
      receipts: new Receipts(),
      early: new EarlyUpdates(limits),
      refused: undefined,
      cursor: new Cursor(peer, {
        clock,
        limits,
        source: () => ({ log: this.#log, answers: this.#answers }),
        everyone: () => encodeServerMessage({ type: 'presence', entries: this.#presence.everyone() }),
        reportFailure: (error) => this.#fail('answering', error),
      }),
      question: new Question({ clock, limits, ask: () => this.#ask(member) }),
    }
    return member
  }

  #end(code: CloseCode, reason: string): void {
    this.#hasEnded = true
    this.#recovery?.close()
    for (const { peer } of this.#members) peer.close(code, reason)
    this.#clientIds.close()
    for (const pulse of [this.#writePulse, this.#presencePulse, this.#renewalPulse]) pulse.close()
  }

  #receive(member: Member, message: RoomMessage): void {
    if (this.#isDraining || this.#hasEnded) return
    switch (message.type) {
      case 'sync-step-1':
        member.cursor.ask(message.stateVector)
        break
      case 'sync-step-2':
        this.#takeAnswer(member, message.update)
        break
      case 'update':
        this.#takeUpdate(member, message.update, this.#issueReceipt(member), { isLive: true })
        break
      case 'presence':
        this.#takePresence(member, message.entries)
        break
      case 'query-presence':
        member.cursor.tellPresence(
          encodeServerMessage({ type: 'presence', entries: this.#presence.everyone() }),
        )
        break
      default:
        assertNever(message)
    }
    this.#acknowledge(member)
  }

  /** Whatever this peer sent before, its answer holds it too. */
  #takeAnswer(member: Member, update: Uint8Array): void {
    member.question.answered()
    this.#takeUpdate(member, update, [...member.receipts.takeOwed(), ...this.#issueReceipt(member)])
    if (!member.early.isEmpty) member.question.soon()
  }

  /** Stock clients are not told of what is durable, so nothing need be remembered for them. */
  #issueReceipt({ peer, receipts }: Member): Receipt[] {
    return peer.speaksQuire ? [receipts.issue()] : []
  }

  // ——— asking ———

  /** What a peer has that we lack; a question that is not needed any more is not sent. */
  #ask(member: Member): boolean {
    // A store that fails, or a document that is full, would only let go of the answer.
    if (!this.#members.has(member) || this.#hasEnded || this.#recovery || member.refused) return false
    for (const { receipts } of member.early.expire(this.#ports.clock.now())) member.receipts.owe(receipts)
    const stateVector = encodeStateVector(this.#durableVector())
    member.peer.deliver(encodeServerMessage({ type: 'sync-step-1', stateVector }))
    return true
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

  // ——— writing ———

  /** `isLive`: an edit, rather than everything that the peer has. */
  #takeUpdate(
    member: Member,
    update: Uint8Array,
    receipts: readonly Receipt[],
    { isLive = false }: { readonly isLive?: boolean } = {},
  ): void {
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
        this.#takeAdmitted(member, { update, receipts, admitted: admission.update, isLive })
        break
      default:
        assertNever(admission)
    }
  }

  #takeAdmitted(
    member: Member,
    taken: {
      readonly update: Uint8Array
      readonly receipts: readonly Receipt[]
      readonly admitted: ScannedUpdate
      readonly isLive: boolean
    },
  ): void {
    const { update, receipts, admitted } = taken
    // While the store fails nothing is admitted: what it holds is asked for when it is back.
    if (this.#recovery) return member.receipts.owe(receipts)
    if (!this.#hasRoomFor(admitted)) return this.#refuseFull(member, admitted, receipts)
    const held = admitted.runs.filter(({ client }) => this.#clientIds.isHeldFrom(member, client))
    if (held.length > 0) {
      for (const { client } of held) this.#clientIds.ownerOf(client)?.peer.probe()
      const isDue = (): boolean =>
        held.every(
          ({ client, end }) =>
            this.#ledger.isKnown({ client, clock: end - 1 }) || !this.#clientIds.isHeldFrom(member, client),
        )
      return this.#keepEarly(member, { update, receipts, isDue })
    }
    if (taken.isLive) this.#claimIds(member, admitted)
    this.#gather(member, admitted, receipts)
  }

  /** A connection's own id is the one it writes with first. Others come through it when it passes on what it heard elsewhere; a new one may still be its own. */
  #claimIds(member: Member, { runs }: ScannedUpdate): void {
    for (const { client, clock } of runs)
      if (clock === 0 || !this.#clientIds.hasAny(member)) this.#clientIds.claim(member, client)
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
    this.#writePulse.request()
  }

  /** What is known is acknowledged only when what made it known is durable. */
  #acknowledgeWhenDurable(member: Member, receipts: readonly Receipt[]): void {
    const last = this.#gathering.isEmpty ? this.#appending : this.#gathering
    if (last) last.addReceipts(member, receipts)
    else for (const receipt of receipts) receipt.durable = true
  }

  /** Its sender is asked for everything since what we know, if what is missing does not come from elsewhere. */
  #keepEarly(member: Member, early: EarlyUpdate): void {
    const isKept = !this.#recovery && member.early.keep(early, this.#ports.clock.now())
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
    let isProgress = !this.#recovery
    while (isProgress) {
      isProgress = false
      for (const member of this.#members)
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
        if (admission.update.runs.some(({ client }) => this.#clientIds.isHeldFrom(member, client)))
          return false
        if (!this.#hasRoomFor(admission.update)) this.#refuseFull(member, admission.update, early.receipts)
        else this.#gather(member, admission.update, early.receipts)
        return true
      }
      default:
        return assertNever(admission)
    }
  }

  // ——— storing and delivering ———

  /** One append at a time: what is admitted meanwhile gathers for the next. */
  #append(): void {
    if (this.#appending || this.#hasEnded || this.#recovery) return
    this.#retryEarly()
    if (this.#gathering.isEmpty) return
    const batch = this.#gathering
    this.#appending = batch
    this.#gathering = new Batch()
    void this.#store(batch)
  }

  async #store(batch: Batch<Member>): Promise<void> {
    const update = batch.joined()
    try {
      const position = await this.#ports.store.append(this.name, update, { create: this.#create })
      this.#durable(batch, position, update)
    } catch (error) {
      if (error instanceof StorageError && error.code === 'unavailable') this.#storageFailed(batch, error)
      else this.#fail('append', error)
    }
  }

  #durable(batch: Batch<Member>, position: number, update: Uint8Array): void {
    if (this.#hasEnded) return
    this.#appending = undefined
    const entry = { position, update }
    this.#log.append(entry)
    const frame = encodeServerMessage({ type: 'update', update })
    const [author] = batch.authors.size === 1 ? batch.authors : []
    for (const member of this.#members) {
      // A stock client gets its own edits back: newer ones read that as the acknowledgement.
      const isOwn = member === author && member.peer.speaksQuire
      member.cursor.entryAdded(entry, frame, isOwn)
    }
    for (const [member, receipts] of batch.receipts) {
      for (const receipt of receipts) receipt.durable = true
      this.#acknowledge(member)
    }
    if (!this.#gathering.isEmpty) this.#writePulse.request()
    else this.#onSettled?.()
    this.#compactIfLong(this.#ports.limits.compactWhileOpen)
    if (batch.hasDeletions) this.#makeRoomIfWanted()
    this.#restIfQuiet()
  }

  #acknowledge(member: Member): void {
    if (!member.peer.speaksQuire || !this.#members.has(member)) return
    const frames = member.receipts.take()
    if (frames !== undefined) member.peer.deliver(encodeServerMessage({ type: 'saved', frames }))
  }

  // ——— when the store fails ———

  /**
   * Nothing can be said of the batch, so the room goes back to what it knows to be durable. Acknowledgements stop;
   * whatever was let go of is asked for when the store is back.
   */
  #storageFailed(batch: Batch<Member>, error: StorageError): void {
    if (this.#hasEnded) return
    for (const lost of [batch, this.#gathering])
      for (const [member, receipts] of lost.receipts) member.receipts.owe(receipts)
    this.#appending = undefined
    this.#gathering = new Batch()
    this.#ledger = this.#log.ledger()
    this.#ports.reportFailure(this.name, 'append', error)
    const { store, clock, limits } = this.#ports
    this.#recovery = new Recovery({
      store,
      clock,
      limits,
      name: this.name,
      held: this.#log,
      onRecovered: (log, isReplaced) => this.#recovered(log, isReplaced),
      onGivenUp: (reason) => this.#fail('recovery', reason),
    })
    for (const member of this.#members) tell(member, 'storage-failed')
    // Nothing will become durable, so nobody need wait for it.
    this.#onSettled?.()
    this.#restIfQuiet()
  }

  /** The store is as it is on disk. `isReplaced`: old positions say nothing any more. */
  #recovered(log: Log, isReplaced: boolean): void {
    this.#recovery = undefined
    this.#log = log
    this.#ledger = log.ledger()
    this.#answers = this.#answersFrom(log)
    this.#compaction = 'idle'
    for (const member of this.#members) {
      tell(member, 'storage-recovered')
      if (isReplaced) member.cursor.startOver()
      member.cursor.pump()
      member.question.now()
    }
    this.#writePulse.request()
  }

  /** The room's memory may be wrong in a way that asking does not mend, so it ends here: everyone comes back to what is stored. */
  #fail(during: string, error: unknown): void {
    if (this.#hasEnded) return
    this.#appending = undefined
    this.#gathering = new Batch()
    this.#ports.reportFailure(this.name, during, error)
    this.#end(closeCodes.serverError, 'storage failed')
    this.#onSettled?.()
    this.#onRest()
  }

  // ——— quotas ———

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
    const taken = this.#log.bytes + this.#gathering.bytes + (this.#appending?.bytes ?? 0)
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
    this.#compactIfLong({ entries: 1, bytes: 0 })
  }

  /** What was deleted takes room until it is left out. */
  #makeRoomIfWanted(): void {
    for (const { refused } of this.#members) if (refused) return this.#compactIfLong({ entries: 1, bytes: 0 })
  }

  #tellIfWritable(): void {
    for (const member of this.#members) {
      if (!member.refused || !this.#canTake(member.refused)) continue
      member.refused = undefined
      tell(member, 'document-writable')
      member.question.now()
    }
  }

  // ——— presence ———

  #takePresence(member: Member, entries: readonly PresenceEntry[]): void {
    const { reply, changed, renewed } = this.#presence.receive(member, entries)
    for (const { clientId } of entries)
      if (this.#presence.isOwner(member, clientId)) this.#clientIds.claim(member, clientId)
    if (reply.length > 0) deliverPresence(member.peer, reply)
    if (changed) this.#presencePulse.request()
    if (renewed) this.#renewalPulse.request()
  }

  #tellPresence(entries: readonly PresenceEntry[]): void {
    if (entries.length === 0) return
    const frame = encodeServerMessage({ type: 'presence', entries })
    for (const member of this.#members) member.cursor.tellPresence(frame)
  }

  // ——— leaving and resting ———

  #leave(member: Member): void {
    if (!this.#members.delete(member)) return
    member.cursor.close()
    member.question.close()
    this.#clientIds.leave(member)
    if (this.#presence.leave(member)) this.#presencePulse.request()
    // What was held back in its favour may be let in now.
    if (this.#members.size > 0) this.#writePulse.request()
    else this.#compactIfLong(this.#ports.limits.compactAtRest)
    this.#restIfQuiet()
  }

  #compactIfLong(threshold: CompactionThreshold): void {
    if (this.#isLong(threshold) && this.#mayCompact) void this.#compact()
  }

  #isLong(threshold: CompactionThreshold): boolean {
    const { tailLength, tailBytes, baseBytes } = this.#log
    return tailLength >= threshold.entries || tailBytes > Math.max(threshold.bytes, baseBytes)
  }

  get #mayCompact(): boolean {
    return this.#compaction === 'idle' && !this.#hasEnded && !this.#isDraining && !this.#recovery
  }

  /** The log goes on meanwhile: what is appended after this began stays in the tail. */
  async #compact(): Promise<void> {
    this.#compaction = 'running'
    const log = this.#log
    const position = log.head
    try {
      const update = await this.#ports.workshop.compact(log.stored)
      await this.#ports.store.compact(this.name, { position, update })
      if (log === this.#log) log.compacted({ position, update })
      this.#compaction = 'idle'
      this.#tellIfWritable()
    } catch (error) {
      // Nothing is lost: the log is as it was, only longer than it need be.
      this.#compaction = 'failed'
      if (!this.#isDraining) this.#ports.reportFailure(this.name, 'compaction', error)
    }
    this.#restIfQuiet()
  }

  #restIfQuiet(): void {
    if (this.#members.size > 0 || !this.#isSettled || this.#compaction === 'running') return
    this.#recovery?.close()
    this.#clientIds.close()
    this.#onRest()
  }
}

function tell(member: Member, code: NoticeCode): void {
  if (member.peer.speaksQuire)
    member.peer.deliver(encodeServerMessage({ type: 'notice', code, text: notices[code] }))
}

function deliverPresence(peer: Peer, entries: readonly PresenceEntry[]): void {
  peer.deliver(encodeServerMessage({ type: 'presence', entries }))
}
