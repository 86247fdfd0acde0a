/**
 * One live document. A room is a log, and a connection is a place in it: updates are admitted by scanning them,
 * stored, and only then shown to anyone or acknowledged. Knows neither sockets nor databases nor Yjs documents.
 *
 *     receive ─► admit ─► gather ─(pulse)─► append ─► durable ─► deliver and acknowledge
 */
import {
  assertNever,
  closeCodes,
  demandStateVector,
  encodeServerMessage,
  encodeStateVector,
  mayWrite,
  type CloseCode,
  type DocumentName,
  type PresenceEntry,
  type Role,
  type SharedMessage,
} from '@quire/protocol'
import type { Budget } from '../admission/budget.ts'
import type { Meter } from '../meter.ts'
import {
  isOutage,
  type DocumentStore,
  type StorageError,
  type StoredDocument,
} from '../storage/document-store.ts'
import type { Workshop } from '../workshop/workshop.ts'
import { Answers } from './answers.ts'
import type { Reservations } from './client-ids.ts'
import type { Batch } from './batch.ts'
import type { Clock } from './clock.ts'
import { Colours } from './colours.ts'
import { Compaction } from './compaction.ts'
import { Cursor } from './cursor.ts'
import { Delivery } from './delivery.ts'
import { EarlyUpdates } from './early-updates.ts'
import { Intake } from './intake.ts'
import { Log } from './log.ts'
import { tell, type Member } from './member.ts'
import type { Identity, Peer } from './peer.ts'
import { Presence } from './presence.ts'
import { Pulse } from './pulse.ts'
import { Question } from './question.ts'
import { Receipts, type Receipt } from './receipts.ts'
import { Recovery } from './recovery.ts'
import type { RoomLimits } from './room-limits.ts'
import type { Setbacks } from './setbacks.ts'
import { stamp } from './stamp.ts'
import { Watch } from './watch.ts'

/** What a room needs from the world. */
export interface RoomPorts {
  readonly store: DocumentStore
  readonly workshop: Workshop
  readonly clock: Clock
  readonly limits: RoomLimits
  /** The bytes that answers of all rooms may still read where sockets are served. */
  readonly loop: Budget
  /** Of all rooms, and of those that were forgotten. */
  readonly setbacks: Setbacks
  /** A room could not do its work; `during` is what it was doing. */
  readonly reportFailure: (name: DocumentName, during: string, error: unknown) => void
  /** The store has had a batch for so long, and may yet store it. */
  readonly reportDelay: (name: DocumentName, milliseconds: number) => void
  readonly meter: Pick<Meter, 'stored' | 'compacted'>
}

export interface RoomOptions {
  readonly ports: RoomPorts
  /** The document begins with its first edit rather than having been made before. */
  readonly create: boolean
  /** Client ids of those who were in the room that was forgotten last. */
  readonly reserved: Reservations
  /** Called when nobody is here and nothing is under way, or the room has failed: it is to be forgotten, but for this. */
  readonly onRest: (reserved: Reservations) => void
}

/** What a client may say inside a room. */
export type RoomMessage = SharedMessage | { readonly type: 'query-presence' }

/** Somebody who is here, for whoever looks after the server. */
export interface Present {
  /** The same for all connections of a person. */
  readonly principal: string
  /** '' if they have none. */
  readonly name: string
  readonly role: Role
}

/** A peer's hold on a room. */
export interface Membership {
  /** Throws a `ProtocolError` if this connection must end. */
  receive(message: RoomMessage): void
  /** The peer's role did not allow writing before: it is asked for what could not be let in. */
  mayWriteNow(): void
  /** The peer is not to be shown to the others any more. */
  hide(): void
  /** The peer's backlog has left: it may be sent what it missed. */
  drained(): void
  /** Safe to call twice. `code`: with which we closed the connection; of whoever is sent away for good, nothing that waits is let in. */
  leave(code?: CloseCode): void
}

export class Room {
  readonly name: DocumentName
  readonly #ports: RoomPorts
  readonly #create: boolean
  #log: Log
  #answers: Answers
  readonly #members = new Set<Member>()
  /** Who is sent away once this batch is durable: nothing more of theirs is heard. */
  readonly #departing = new Map<Member, Batch<Member>>()
  readonly #presence = new Presence<Member>((member, state) => stampOf(member, state))
  /** Who wants to be told who is here. */
  readonly #asking = new Set<Member>()
  readonly #colours = new Colours()
  readonly #intake: Intake
  readonly #writePulse: Pulse
  readonly #storeWatch: Watch
  readonly #delivery: Delivery
  readonly #presencePulse: Pulse
  readonly #renewalPulse: Pulse
  readonly #compaction: Compaction
  readonly #onRest: RoomOptions['onRest']
  /** Set while the store cannot be written to. */
  #recovery: Recovery | undefined
  /** The store has had a batch for long, and may have it for longer. */
  #isStoreSlow = false
  #isDraining = false
  #hasEnded = false
  #onSettled: (() => void) | undefined

  /** Throws a `ProtocolError` if what is stored cannot be read. */
  constructor(name: DocumentName, stored: StoredDocument, options: RoomOptions) {
    const { limits } = options.ports
    const clock = guarded(options.ports.clock, (error) => this.#fail('timer', error))
    this.name = name
    this.#ports = { ...options.ports, clock }
    this.#create = options.create
    this.#onRest = options.onRest
    this.#log = new Log(stored)
    this.#answers = this.#answersFrom(this.#log)
    this.#writePulse = new Pulse({
      clock,
      intervalMs: limits.writePulseMs,
      crowdedMs: limits.crowdedWritePulseMs,
      act: () => this.#append(),
    })
    this.#storeWatch = new Watch({ clock, limitMs: limits.slowStoreMs, act: () => this.#storeIsSlow() })
    this.#intake = new Intake(this.#log.ledger(), {
      clock,
      limits,
      members: this.#members,
      reserved: options.reserved,
      storedBytes: () => this.#log.bytes,
      usedBytes: () => options.ports.store.usedBytes,
      onChange: () => this.#writePulse.request(),
      onAcknowledged: (member) => this.#acknowledge(member),
      onFull: () => this.#makeRoomIfWanted(),
      onDepartedDone: () => this.#restIfQuiet(),
    })
    this.#delivery = new Delivery({
      clock,
      limits,
      members: this.#members,
      head: () => this.#log.head,
      // Carets move with what is written: a page is laid out once for both.
      onPagesTold: () => this.#presencePulse.hurry(),
    })
    this.#presencePulse = new Pulse({
      clock,
      intervalMs: limits.presencePulseMs,
      crowdedMs: limits.crowdedPresencePulseMs,
      act: () => this.#presencePulsed(),
    })
    this.#renewalPulse = new Pulse({
      clock,
      intervalMs: limits.renewalPulseMs,
      act: () => this.#tellPresence(this.#presence.takeRenewed()),
    })
    this.#compaction = new Compaction({
      ...this.#ports,
      name,
      log: () => this.#log,
      isPossible: () => !this.#hasEnded && !this.#isDraining && !this.#recovery,
      onShorter: () => this.#intake.tellOfRoom(),
      onRetry: () => {
        this.#makeRoomIfWanted()
        void this.#compaction.ifLong(limits.compactWhileOpen)
      },
      onFailed: (error) => this.#ports.reportFailure(name, 'compaction', error),
      onDone: () => this.#restIfQuiet(),
    })
  }

  /** Begins the conversation: who the peer is here, our state vector, so that it sends what we lack, and who is here. */
  join(peer: Peer): Membership {
    const member = this.#memberFor(peer)
    this.#members.add(member)
    if (member.identity.type === 'known') peer.welcome(member.identity.user)
    member.question.now()
    const present = this.#presence.everyone()
    if (present.length > 0) member.cursor.tellPresence(presenceFrame(present))
    if (this.#recovery || this.#isStoreSlow) tell(member, 'storage-failed')
    return {
      receive: (message) => this.#receive(member, message),
      mayWriteNow: () => member.question.anew(),
      hide: () => this.#hide(member),
      drained: () => this.#drained(member),
      leave: (code) => this.#leave(member, code),
    }
  }

  /** Takes no more edits, waits until those admitted are durable and told, then sends everyone away. */
  async drain(): Promise<void> {
    this.#isDraining = true
    if (!this.#intake.isSettled && !this.#hasEnded && !this.#recovery) {
      const settled = Promise.withResolvers<void>()
      this.#onSettled = settled.resolve
      this.#writePulse.request()
      await settled.promise
    }
    this.#delivery.hurry()
    this.#end(closeCodes.restart, 'the server is restarting')
  }

  /**
   * Sends some of those who are here away, by the ids of their principals: each once all that was admitted is durable and
   * they were told so. They may come back. Returns how many connections that ends.
   */
  disconnect(isMeant: (principal: string) => boolean): number {
    const meant = [...this.#members].filter(({ principal }) => isMeant(principal.id))
    const { lastBatch } = this.#intake
    for (const member of meant) {
      if (lastBatch && !this.#recovery) this.#departing.set(member, lastBatch)
      else sendAway(member)
    }
    return meant.length
  }

  /** The document is no more. */
  evict(): void {
    if (this.#hasEnded) return
    this.#end(closeCodes.unknownDocument, 'document-unknown')
    this.#onSettled?.()
    this.#onRest(new Map())
  }

  /** Joins a tail that has grown long, if nobody else will: for documents that are not open. */
  async compactAtRest(): Promise<void> {
    await this.#compaction.ifLong(this.#ports.limits.compactAtRest)
    this.#restIfQuiet()
  }

  /** Joins what tail there is, long or not. Resolves with whether it could: not while the store fails, for example. */
  async compactNow(): Promise<boolean> {
    const isShort = await this.#compaction.now()
    this.#restIfQuiet()
    return isShort
  }

  /** Everyone who is here, once for each connection. */
  get present(): readonly Present[] {
    return Array.from(this.#members, ({ peer: { role }, principal, identity, shownName }) => ({
      principal: principal.id,
      name: (identity.type === 'known' && identity.user.name) || shownName,
      role,
    }))
  }

  #answersFrom(log: Log): Answers {
    const { workshop, clock, limits, loop } = this.#ports
    return new Answers({ log, workshop, clock, limits, loop })
  }

  #memberFor(peer: Peer): Member {
    const { clock, limits } = this.#ports
    const member: Member = {
      peer,
      principal: peer.principal,
      identity: this.#inColour(peer.identity),
      shownName: '',
      receipts: new Receipts(),
      early: new EarlyUpdates(limits),
      refused: undefined,
      cursor: new Cursor(peer, {
        clock,
        limits,
        answers: () => this.#answers,
        head: () => this.#delivery.headFor(peer),
        everyone: () => presenceFrame(this.#presence.everyone()),
        saved: () => savedBy(member),
        reportFailure: (error) => this.#fail('answering', error),
      }),
      question: new Question({ clock, limits, ask: () => this.#ask(member) }),
    }
    return member
  }

  #inColour(identity: Identity): Identity {
    return identity.type === 'known' ? { ...identity, user: this.#colours.take(identity.user) } : identity
  }

  #end(code: CloseCode, reason: string): void {
    this.#hasEnded = true
    this.#recovery?.close()
    this.#compaction.close()
    for (const { peer } of this.#members) peer.close(code, reason)
    this.#storeWatch.close()
    this.#intake.close()
    this.#delivery.close()
    this.#answers.close()
    for (const pulse of [this.#writePulse, this.#presencePulse, this.#renewalPulse]) pulse.close()
  }

  #receive(member: Member, message: RoomMessage): void {
    // Once the last has left, this may be a room that is forgotten, and another stands in its place.
    if (!this.#members.has(member)) return
    if (this.#isDraining || this.#hasEnded || this.#departing.has(member)) return
    switch (message.type) {
      case 'sync-step-1':
        // Whose answer waits hears at once that there will be none.
        demandStateVector(message.stateVector)
        member.cursor.ask(message.stateVector)
        break
      case 'sync-step-2':
        this.#takeAnswer(member, message.update)
        break
      case 'update':
        this.#intake.take(member, {
          update: message.update,
          receipts: this.#issueReceipt(member),
          isLive: true,
        })
        break
      case 'presence':
        this.#takePresence(member, message.entries)
        break
      case 'query-presence':
        this.#asking.add(member)
        this.#presencePulse.request()
        break
      default:
        assertNever(message)
    }
    this.#acknowledge(member)
  }

  /** Whatever this peer sent before, its answer holds it too. */
  #takeAnswer(member: Member, update: Uint8Array): void {
    member.question.answered()
    const receipts = [...member.receipts.takeOwed(), ...this.#issueReceipt(member)]
    this.#intake.take(member, { update, receipts, isLive: false })
    if (!member.early.isEmpty) member.question.soon()
  }

  /**
   * Stock clients are not told of what is durable, so nothing need be remembered for them. Whoever sends on and on what
   * cannot become so has to come back, and to begin with what they have.
   */
  #issueReceipt({ peer, receipts }: Member): Receipt[] {
    if (!peer.speaksQuire) return []
    if (receipts.openCount >= this.#ports.limits.maxOpenReceipts)
      peer.close(closeCodes.tryAgainLater, 'too much is not saved')
    return [receipts.issue()]
  }

  // ——— asking ———

  /** What a peer has that we lack; a question that is not needed any more is not sent. */
  #ask(member: Member): boolean {
    // A store that fails, or one or a document that is full, would only let go of the answer.
    if (!this.#members.has(member) || this.#hasEnded || this.#recovery || member.refused) return false
    const stateVector = encodeStateVector(this.#intake.durableVector)
    member.peer.deliver(encodeServerMessage({ type: 'sync-step-1', stateVector }))
    return true
  }

  // ——— storing and delivering ———

  #drained({ cursor }: Member): void {
    try {
      cursor.pump()
    } catch (error) {
      this.#fail('answering', error)
    }
  }

  /** One append at a time: what is admitted meanwhile gathers for the next. */
  #append(): void {
    const batch = this.#hasEnded ? undefined : this.#intake.takeBatch()
    if (batch) void this.#store(batch)
  }

  async #store(batch: Batch<Member>): Promise<void> {
    const { clock, meter } = this.#ports
    const startedAt = clock.now()
    this.#storeWatch.begin(startedAt)
    try {
      const update = batch.joined()
      const { writers } = batch
      const position = await this.#ports.store.append(this.name, update, { create: this.#create, writers })
      meter.stored({ updates: batch.size, milliseconds: clock.now() - startedAt })
      this.#durable(batch, position, update)
    } catch (error) {
      if (isOutage(error)) this.#storageFailed(error)
      else this.#fail('append', error)
    } finally {
      this.#storeWatch.end()
    }
  }

  /** Nothing is lost so far; what is not said is that anything is saved. */
  #storeIsSlow(): void {
    if (this.#hasEnded) return
    this.#isStoreSlow = true
    this.#ports.reportDelay(this.name, this.#ports.limits.slowStoreMs)
    for (const member of this.#members) tell(member, 'storage-failed')
  }

  #storeAnswered(): void {
    if (!this.#isStoreSlow) return
    this.#isStoreSlow = false
    for (const member of this.#members) tell(member, 'storage-recovered')
  }

  /** Throws if there is something between what this room holds and what is stored now: nobody would ever be told of it. */
  #durable(batch: Batch<Member>, position: number, update: Uint8Array): void {
    if (this.#hasEnded) return
    const expected = this.#log.head + 1
    if (position !== expected) throw new Error(`an entry was stored at ${position}, and not at ${expected}`)
    this.#storeAnswered()
    this.#intake.stored()
    this.#log.append({ position, update })
    this.#delivery.added(batch.size, batch.authors)
    for (const [member, receipts] of batch.receipts) {
      for (const receipt of receipts) receipt.durable = true
      this.#acknowledge(member)
    }
    for (const [member, last] of this.#departing) if (last === batch) sendAway(member)
    if (!this.#intake.hasGathered) this.#onSettled?.()
    // What waits may have had its time meanwhile.
    if (this.#intake.hasGathered || this.#intake.hasWaiting) this.#writePulse.request()
    void this.#compaction.ifLong(this.#ports.limits.compactWhileOpen)
    if (batch.hasDeletions) this.#makeRoomIfWanted()
    this.#restIfQuiet()
  }

  #acknowledge(member: Member): void {
    if (member.peer.speaksQuire && this.#members.has(member)) member.cursor.tellSaved()
  }

  // ——— when the store fails ———

  /**
   * Nothing can be said of the batch, so the room goes back to what it knows to be durable. Acknowledgements stop;
   * whatever was let go of is asked for when the store is back.
   */
  #storageFailed(error: StorageError): void {
    if (this.#hasEnded) return
    this.#isStoreSlow = false
    this.#intake.shut(this.#log.ledger())
    this.#ports.reportFailure(this.name, 'append', error)
    const { store, clock, limits } = this.#ports
    this.#recovery = new Recovery({
      store,
      clock,
      limits,
      name: this.name,
      held: this.#log,
      writers: this.#intake.writers,
      onRecovered: (log, isReplaced) => this.#recovered(log, isReplaced),
      onGivenUp: (reason) => this.#fail('recovery', reason),
    })
    for (const member of this.#members) tell(member, 'storage-failed')
    // Nothing will become durable, so nobody need wait for it.
    for (const member of this.#departing.keys()) sendAway(member)
    this.#onSettled?.()
    this.#restIfQuiet()
  }

  /** The store is as it is on disk. `isReplaced`: old positions say nothing any more. */
  #recovered(log: Log, isReplaced: boolean): void {
    this.#recovery = undefined
    this.#log = log
    this.#intake.reopen(log.ledger())
    this.#answers.close()
    this.#answers = this.#answersFrom(log)
    this.#delivery.startOver()
    for (const member of this.#members) {
      tell(member, 'storage-recovered')
      if (isReplaced) member.cursor.startOver()
      member.cursor.askAnew()
      member.cursor.pump()
      member.question.now()
    }
    this.#writePulse.request()
  }

  /** The room's memory may be wrong in a way that asking does not mend, so it ends here: everyone comes back to what is stored. */
  #fail(during: string, error: unknown): void {
    if (this.#hasEnded) return
    this.#ports.reportFailure(this.name, during, error)
    this.#end(closeCodes.serverError, 'storage failed')
    this.#onSettled?.()
    this.#onRest(this.#intake.clientIds.reservations)
  }

  // ——— presence ———

  #takePresence(member: Member, entries: readonly PresenceEntry[]): void {
    const { clientIds } = this.#intake
    // Whoever left a moment ago cannot be seen under somebody else's hand.
    const own = entries.filter(({ clientId }) => !clientIds.isHeldFrom(member, clientId))
    for (const { clientId } of own)
      if (clientIds.isTakenOverBy(member, clientId) || this.#isShownByAnother(clientId, member))
        this.#presence.handOver(clientId, member)
    const { reply, changed, renewed } = this.#presence.receive(member, own)
    for (const { clientId } of own)
      if (this.#presence.ownerOf(clientId) === member && this.#mayClaim(member, clientId))
        clientIds.claim(member, clientId)
    if (reply.length > 0) member.cursor.tellPresence(presenceFrame(reply))
    if (changed) this.#presencePulse.request()
    if (renewed) this.#renewalPulse.request()
  }

  /** However often somebody asked meanwhile, they are answered once, and all with the same frame. */
  #presencePulsed(): void {
    this.#tellPresence(this.#presence.takeChanged())
    if (this.#asking.size === 0) return
    const frame = presenceFrame(this.#presence.everyone())
    for (const { cursor } of this.#asking) cursor.tellPresence(frame)
    this.#asking.clear()
  }

  #tellPresence(entries: readonly PresenceEntry[]): void {
    if (entries.length === 0) return
    const frame = presenceFrame(entries)
    for (const member of this.#members) member.cursor.tellPresence(frame)
  }

  /** An id that has been written under is nobody's who may not write, or its writer could not go on with it. */
  #mayClaim({ peer }: Member, clientId: number): boolean {
    return mayWrite(peer.role) || !this.#intake.hasWritten(clientId)
  }

  /** By somebody whose id it is not, while it may become this member's. */
  #isShownByAnother(clientId: number, member: Member): boolean {
    const shownBy = this.#presence.ownerOf(clientId)
    if (!shownBy || shownBy === member || !this.#mayClaim(member, clientId)) return false
    return this.#intake.clientIds.ownerOf(clientId) !== shownBy
  }

  #hide(member: Member): void {
    if (this.#presence.leave(member)) this.#presencePulse.request()
  }

  // ——— leaving and resting ———

  #leave(member: Member, code: CloseCode | undefined): void {
    if (!this.#members.delete(member)) return
    this.#departing.delete(member)
    this.#asking.delete(member)
    member.cursor.close()
    member.question.close()
    if (member.identity.type === 'known') this.#colours.giveBack(member.identity.user)
    if (code !== undefined && isForGood(code)) this.#intake.forget(member)
    else this.#intake.leave(member)
    this.#hide(member)
    if (this.#members.size === 0) void this.#compaction.ifLong(this.#ports.limits.compactAtRest)
    this.#restIfQuiet()
  }

  /** What was deleted takes room until it is left out. */
  #makeRoomIfWanted(): void {
    const { maxDocumentBytes, compactAtRest } = this.#ports.limits
    for (const { refused } of this.#members) {
      if (refused && this.#log.bytes + refused.bytes > maxDocumentBytes)
        return void this.#compaction.ifLong({ entries: 1, bytes: 0 })
      if (refused?.full.has('storage')) void this.#compaction.ifLong(compactAtRest)
    }
  }

  #restIfQuiet(): void {
    const isQuiet = this.#intake.isSettled && !this.#intake.holdsForDeparted && !this.#compaction.isRunning
    if (this.#members.size > 0 || !isQuiet) return
    this.#recovery?.close()
    this.#compaction.close()
    this.#storeWatch.close()
    this.#intake.close()
    this.#answers.close()
    this.#onRest(this.#intake.clientIds.reservations)
  }
}

/** What goes wrong in its own time is the room's affair, and nobody else's. */
function guarded(clock: Clock, onError: (error: unknown) => void): Clock {
  return {
    now: () => clock.now(),
    after: (delayMs, act) =>
      clock.after(delayMs, () => {
        try {
          act()
        } catch (error) {
          onError(error)
        }
      }),
  }
}

/** Whose token has ended is welcome again with another. */
function isForGood(code: CloseCode): boolean {
  return code >= closeCodes.malformed && code !== closeCodes.unauthenticated
}

function sendAway({ peer }: Member): void {
  peer.close(closeCodes.tryAgainLater, 'disconnected by the operator')
}

function presenceFrame(entries: readonly PresenceEntry[]): Uint8Array {
  return encodeServerMessage({ type: 'presence', entries })
}

function stampOf(member: Member, sent: string): string {
  const { state, name } = stamp(sent, member.identity)
  if (name !== undefined) member.shownName = name
  return state
}

function savedBy({ receipts }: Member): Uint8Array | undefined {
  const frames = receipts.take()
  return frames === undefined ? undefined : encodeServerMessage({ type: 'saved', frames })
}
