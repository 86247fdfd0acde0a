/**
 * One socket in one room: frames in, frames out. Whatever goes wrong here ends this socket and nothing else, with
 * a code the client understands and one line in the log.
 */
import {
  assert,
  closeCodes,
  decodeClientMessage,
  emptyPresence,
  encodeServerMessage,
  limits,
  mayWrite,
  oldestVersion,
  ProtocolError,
  protocolVersion,
  subprotocol,
  type ClientMessage,
  type CloseCode,
  type DocumentName,
  type Role,
  type User,
} from '@quire/protocol'
import type { Duplex } from 'node:stream'
import { WebSocket, type RawData } from 'ws'
import type { Admission } from '../admission/admission.ts'
import type { Purse } from '../admission/purse.ts'
import { guestUser, isWrongKey, LinkClosed, type Access, type Grant } from '../access/access.ts'
import { hashKey } from '../access/keys.ts'
import { isSameRight, restricted, type Restriction, type Restrictions } from '../access/restrictions.ts'
import type { Clock } from '../room/clock.ts'
import type { Identity, Peer, Principal } from '../room/peer.ts'
import type { Membership, RoomMessage } from '../room/room.ts'
import type { Rooms } from '../room/rooms.ts'
import type { Logger } from '../logger.ts'
import type { Meter } from '../meter.ts'
import type { Openings } from '../retention/openings.ts'
import { StorageError, type StoredLink } from '../storage/document-store.ts'
import type { Arrival } from './arrival.ts'
import type { Departures } from './departures.ts'
import type { Outlet } from './outlet.ts'
import { transportLimits } from './transport-limits.ts'

export interface ConnectionPorts {
  readonly rooms: Rooms
  readonly openings: Openings
  /** What is not there may have been there before: the database came to its place not long ago. */
  readonly mayHaveLost: () => boolean
  readonly access: Access
  readonly restrictions: Restrictions
  readonly admission: Admission
  /** For those who leave because the server stops. */
  readonly departures: Departures
  readonly clock: Clock
  /** Milliseconds since 1970. */
  readonly wallClock: () => number
  readonly logger: Logger
  readonly meter: Meter
}

/** A socket that has just been upgraded. */
export interface Upgraded {
  readonly webSocket: WebSocket
  /** What it runs over. */
  readonly wire: Duplex
  /** What comes by it, counted by whoever hands it over. */
  readonly arrival: Arrival
  readonly document: DocumentName
  readonly address: string
}

type Refresh = Extract<ClientMessage, { type: 'refresh' }>

/** Opcode, length and mask (RFC 6455, 5.2): of a ping or a pong there are no longer ones. */
const controlHeaderBytes = 6

const keepalive = encodeServerMessage({ type: 'presence', entries: emptyPresence })

export class Connection implements Peer {
  readonly speaksQuire: boolean
  readonly #socket: WebSocket
  readonly #wire: Duplex
  readonly #outlet: Outlet
  readonly #document: DocumentName
  readonly #ports: ConnectionPorts
  #grant: Grant | undefined
  /** Known at once for who is signed in, and from the hello on for guests. A stock client stays unknown. */
  #user: User | undefined
  /** The hash of what it was let in with. */
  #credential = 'none'
  #membership: Membership | undefined
  /** Came in the same chunk as a hello or a refresh, so that pausing the socket could not hold it back. */
  #waiting: (RoomMessage | Refresh)[] = []
  #isRefreshing = false
  #hasGreeted = false
  #isClosed = false
  #isAlive = true
  /** Sent behind others that had not left, and not left yet. */
  #waitingFrames = 0
  #isPongWaiting = false
  /** Under which its mistakes are counted. */
  readonly #address: string
  readonly #purse: Purse
  readonly #arrival: Arrival
  /** Reasons not to read from the socket now. */
  #holds = 0
  #cancelRest: (() => void) | undefined
  #backlogAtPing = 0
  #arrivedAtPing = 0
  #lastSentMs = 0
  #cancelExpiry: (() => void) | undefined
  #cancelProbe: (() => void) | undefined
  #ignoredFrames = 0

  /** Takes over the socket; its error listener comes first of all. */
  constructor(
    { webSocket, wire, arrival, document, address }: Upgraded,
    outlet: Outlet,
    ports: ConnectionPorts,
  ) {
    webSocket.on('error', (error) => this.#socketFailed(error))
    webSocket.on('close', () => this.#closed())
    wire.on('drain', () => this.#membership?.drained())
    this.#socket = webSocket
    this.#wire = wire
    this.#arrival = arrival
    this.#outlet = outlet
    this.#document = document
    this.#ports = ports
    this.#address = address
    this.#purse = ports.admission.purseFor({ address, document })
    this.speaksQuire = webSocket.protocol === subprotocol
  }

  get role(): Role {
    return this.#grant?.role ?? 'view'
  }

  get principal(): Principal {
    if (this.#user) return { id: `user ${this.#user.id}`, isPerson: true }
    return { id: `link ${this.#credential}`, isPerson: false }
  }

  get identity(): Identity {
    if (!this.#user) return { type: 'stranger' }
    const isNamed = this.#grant?.user !== undefined && this.#user.name !== ''
    return { type: 'known', user: this.#user, mayRename: !isNamed }
  }

  get backlogBytes(): number {
    const { writableLength } = this.#wire
    // What the system has taken is told a little later: only while bytes wait do frames.
    return writableLength === 0 ? 0 : writableLength + this.#waitingFrames * transportLimits.frameCostBytes
  }

  /** Lets the client in, or closes with the reason why not. Until then nothing it sends is read. */
  async admit(token: string | undefined): Promise<void> {
    const { access, admission } = this.#ports
    // Whoever shows no key tries none.
    const hasKey = token !== undefined
    if (hasKey && admission.keyWaitMs(this.#address) > 0) return this.#turnAway()
    this.#hold()
    const stopWaiting = this.#limitAdmission()
    try {
      const grant = await access.authorize(this.#document, token)
      if (this.#isClosed) return
      this.#grant = access.remaining(this.#document, grant)
      if (this.#grant.user) this.#isPerson(this.#grant.user)
      this.#credential = hasKey ? Buffer.from(hashKey(token)).toString('base64url') : 'none'
      this.#watchExpiry(this.#grant)
      this.#socket.on('message', (data, isBinary) => this.#received(data, isBinary))
      this.#socket.on('pong', (data) => this.#ponged(data))
      this.#socket.on('ping', (data) => this.#pinged(data))
      if (this.speaksQuire) this.#awaitHello()
      else await this.#join()
    } catch (error) {
      if (hasKey && isWrongKey(error)) this.#keyWasWrong(token)
      this.#refuse(error)
    } finally {
      stopWaiting()
      this.#release()
    }
  }

  /** Who has been here before may have the only copy of what a server lacks that was restored, or made anew. */
  #refuse(error: unknown): void {
    const isUnknown = error instanceof ProtocolError && error.code === 'document-unknown'
    const isMissing = isUnknown && !(error instanceof LinkClosed) && this.#ports.mayHaveLost()
    this.#fail(isMissing ? new ProtocolError('document-missing', error.message, { cause: error }) : error)
  }

  #keyWasWrong(key: string): void {
    this.#ports.admission.keyWasWrong(this.#address, { key, triedAt: this.#document })
  }

  #turnAway(): void {
    this.#ports.logger.warn({ document: this.#document }, 'too many wrong keys from this address')
    this.#ports.meter.refused('too-many-wrong-keys')
    this.close(closeCodes.tryAgainLater, 'too many wrong keys')
  }

  #isPerson(user: User): void {
    this.#user = user
    this.#ports.admission.shareAmongPerson(this.#purse, user.id)
  }

  deliver(frame: Uint8Array): void {
    if (this.#isClosed || this.#socket.readyState !== WebSocket.OPEN) return
    this.#ports.meter.sent(frame.length)
    this.#lastSentMs = this.#ports.clock.now()
    // Mostly the system takes a frame at once, and to be told so would take as long again as to hand it over. Of one that is
    // so large that it does not, and that others wait for, `drain` tells.
    if (this.#wire.writableLength === 0) return this.#outlet.send(this.#wire, frame)
    this.#waitingFrames++
    this.#outlet.send(this.#wire, frame, this.#frameLeft)
  }

  /** A field, so that frames need not have one each. */
  readonly #frameLeft = (error: Error | null | undefined): void => {
    this.#waitingFrames--
    // Without an error the bytes have left; a socket that failed says so by closing.
    if (!error) this.#membership?.drained()
  }

  welcome(user: User): void {
    if (!this.speaksQuire) return
    const { maxFrameBytes } = limits
    const welcome = { version: protocolVersion, role: this.role, user, maxFrameBytes }
    this.deliver(encodeServerMessage({ type: 'welcome', ...welcome }))
  }

  close(code: CloseCode, reason: string): void {
    if (this.#isClosed) return
    const leave = (): void => {
      this.#socket.resume()
      this.#socket.close(code, reason)
    }
    if (code === closeCodes.restart) this.#ports.departures.add(leave)
    else leave()
    this.#closed(code)
  }

  /** Pings at once; whoever does not answer in time is cut off, unless they are still taking in what came before. */
  probe(): void {
    if (this.#cancelProbe || this.#isClosed) return
    this.#socket.ping()
    this.#awaitProbe(this.backlogBytes)
  }

  #awaitProbe(backlogBytes: number): void {
    this.#cancelProbe = this.#ports.clock.after(transportLimits.probeTimeoutMs, () => {
      this.#cancelProbe = undefined
      if (this.backlogBytes < backlogBytes || this.#cancelRest) this.#awaitProbe(this.backlogBytes)
      else this.#socket.terminate()
    })
  }

  /** What somebody may not any more, they may not from now on: nothing else they send counts. */
  restricted(restriction: Restriction): void {
    const grant = this.#grant
    // Whoever is at the door gets what is left.
    if (!grant) return
    const left = restricted(grant, { ...grant, document: this.#document }, restriction)
    if (!left) return this.#fail(new ProtocolError('document-unknown', 'the link or the document is no more'))
    if (left !== grant) this.#changeGrant(left)
  }

  /** Their link may give them more now. */
  lifted(document: DocumentName, link: StoredLink): void {
    const grant = this.#grant
    if (this.#isClosed || document !== this.#document || grant?.linkId !== link.id) return
    const renewed = this.#ports.access.renewed(document, grant, link)
    if (!isSameRight(renewed, grant)) this.#changeGrant(renewed)
  }

  /** Tells whoever understands it, and asks whoever may write from now on for what they have written. */
  #changeGrant(grant: Grant, couldWrite = mayWrite(this.role)): void {
    this.#grant = grant
    if (!grant.isSeen) this.#membership?.hide()
    this.#watchExpiry(grant)
    const { role, expiresAt = 0 } = grant
    if (this.speaksQuire && this.#hasGreeted)
      this.deliver(encodeServerMessage({ type: 'access', role, expiresAt }))
    if (mayWrite(role) && !couldWrite) this.#membership?.mayWriteNow()
  }

  expel(error: ProtocolError): void {
    this.#fail(error)
  }

  /** Called every few seconds: a sign of life for a client that has heard nothing, an end for one that gives none. */
  keepAlive(): void {
    if (this.#membership && this.#ports.clock.now() - this.#lastSentMs >= transportLimits.keepaliveMs)
      this.deliver(keepalive)
  }

  /**
   * Pings; a peer that left the last ping unanswered is cut off, unless it is still taking in what came before it, or still
   * saying what it began before it.
   */
  checkAlive(): void {
    const { smallBytes, messageTimeoutMs, pingMs } = transportLimits
    const arrived = this.#arrival.bytes
    const isTaking = this.backlogBytes < this.#backlogAtPing
    const isGiving = arrived - this.#arrivedAtPing >= smallBytes
    // What we do not read, we cannot miss.
    const isHeard = !this.#cancelRest
    if (!this.#isAlive && isHeard && !isTaking && !isGiving) return this.#socket.terminate()
    if (arrived >= smallBytes && this.#arrival.look() > messageTimeoutMs / pingMs)
      return this.cutOff('message-too-slow')
    this.#isAlive = false
    this.#backlogAtPing = this.backlogBytes
    this.#arrivedAtPing = arrived
    this.#socket.ping()
  }

  /** At once, for a message that is not whole: without a socket there is no memory for it either. */
  cutOff(reason: 'message-too-slow' | 'too-much-at-once'): void {
    if (!this.#isClosed) {
      this.#ports.meter.refused(reason)
      this.#ports.logger.warn({ document: this.#document, code: reason }, 'a message that is not whole')
      this.close(closeCodes.tryAgainLater, reason)
    }
    this.#socket.terminate()
  }

  #answered(): void {
    this.#isAlive = true
    this.#cancelProbe?.()
    this.#cancelProbe = undefined
  }

  /** One answer at a time: pings that come before it has left need none of their own (RFC 6455, 5.5.3). */
  #pinged(data: Buffer): void {
    this.#arrival.passed(controlHeaderBytes + data.length)
    this.#answered()
    this.#rest(this.#purse.spendAlone(data.length))
    if (this.#isPongWaiting || this.#isClosed) return
    this.#isPongWaiting = true
    this.#socket.pong(data, false, () => {
      this.#isPongWaiting = false
    })
  }

  #ponged(data: Buffer): void {
    this.#arrival.passed(controlHeaderBytes + data.length)
    this.#answered()
    this.#rest(this.#purse.spendAlone(data.length))
  }

  #limitAdmission(): () => void {
    return this.#ports.clock.after(transportLimits.admissionTimeoutMs, () => {
      this.#ports.meter.refused('too-busy')
      this.close(closeCodes.tryAgainLater, 'too busy')
    })
  }

  #awaitHello(): void {
    const cancel = this.#ports.clock.after(transportLimits.helloTimeoutMs, () => {
      if (!this.#hasGreeted) this.#fail(new ProtocolError('message-unexpected', 'no hello in time'))
    })
    this.#socket.once('message', cancel)
    this.#socket.once('close', cancel)
  }

  async #join(): Promise<void> {
    const grant = this.#grant
    assert(grant !== undefined, 'who joins has been let in')
    await this.#ports.access.enter(this.#document, grant, this.#user)
    if (this.#isClosed) return
    const { rooms, openings } = this.#ports
    const { create } = grant
    // Afterwards, so that nobody waits for it; whoever wants one that cannot be opened wants it all the same.
    const membership = await rooms
      .join(this.#document, this, { create })
      .finally(() => openings.note(this.#document))
    if (this.#isClosed) return membership.leave()
    this.#membership = membership
    this.#takeWaiting()
  }

  #received(data: RawData, isBinary: boolean): void {
    this.#arrival.finished()
    if (this.#isClosed) return
    // On a slow link the answer to a ping waits until all that was sent before the ping has come through.
    this.#answered()
    try {
      const bytes = bytesOf(data)
      this.#ports.meter.received(bytes.length)
      const isTooMuch = this.#rest(this.#purse.spend(bytes.length))
      if (!isBinary) throw new ProtocolError('text-frame', 'a text frame')
      const message = decodeClientMessage(bytes)
      // What is shown of people is renewed by itself; what they write has to wait, and comes through.
      if (!isTooMuch || message.type !== 'presence') this.#obey(message)
    } catch (error) {
      if (!this.speaksQuire && isOtherDialect(error)) this.#ignore(error)
      else this.#fail(error)
    }
  }

  /** Whoever says too much is read more slowly: nothing that is written is lost by that. Returns whether it is too much. */
  #rest(restMs: number): boolean {
    if (restMs === 0 || this.#cancelRest) return restMs > 0
    this.#hold()
    this.#cancelRest = this.#ports.clock.after(restMs, () => {
      this.#cancelRest = undefined
      this.#release()
    })
    return true
  }

  #hold(): void {
    if (this.#holds++ === 0) this.#socket.pause()
  }

  #release(): void {
    if (--this.#holds === 0 && !this.#isClosed) this.#socket.resume()
  }

  #obey(message: ClientMessage): void {
    if (this.speaksQuire && !this.#hasGreeted) return this.#greet(message)
    if (message.type === 'hello')
      throw new ProtocolError('message-unexpected', 'hello comes once, and first, on quire.1')
    if (message.type === 'refresh' && !this.speaksQuire)
      throw new ProtocolError('message-unexpected', 'refresh is for quire.1')
    if (this.#waiting.length === 0 && this.#isListening) return this.#take(message)
    this.#waiting.push(message)
    this.#takeWaiting()
  }

  /** In the order they were sent, so that each counts for what its sender was allowed when it was sent. */
  #takeWaiting(): void {
    while (this.#isListening) {
      const message = this.#waiting.shift()
      if (!message) return
      this.#take(message)
    }
  }

  get #isListening(): boolean {
    return this.#membership !== undefined && !this.#isRefreshing && !this.#isClosed
  }

  #take(message: RoomMessage | Refresh): void {
    if (message.type === 'refresh') void this.#refresh(message.token)
    else if (message.type !== 'presence' || this.#grant?.isSeen) this.#membership?.receive(message)
  }

  #greet(message: ClientMessage): void {
    if (message.type !== 'hello') throw new ProtocolError('message-unexpected', 'the first message is hello')
    if (message.version < oldestVersion || message.version > protocolVersion)
      throw new ProtocolError(
        'version-unsupported',
        `this server speaks versions ${oldestVersion} to ${protocolVersion}`,
      )
    this.#hasGreeted = true
    if (!this.#user) this.#isPerson(guestUser(this.#document, { name: message.name, secret: message.guest }))
    void this.#joinAfterHello()
  }

  async #joinAfterHello(): Promise<void> {
    // What follows the hello waits in the socket until there is a room to receive it.
    this.#hold()
    const stopWaiting = this.#limitAdmission()
    try {
      await this.#join()
    } catch (error) {
      this.#refuse(error)
    } finally {
      stopWaiting()
      this.#release()
    }
  }

  /** Nothing else is read until it is known what the token allows. */
  async #refresh(token: string): Promise<void> {
    const { access, admission } = this.#ports
    if (admission.keyWaitMs(this.#address) > 0) return this.#turnAway()
    this.#isRefreshing = true
    this.#hold()
    const stopWaiting = this.#limitAdmission()
    const couldWrite = mayWrite(this.role)
    try {
      const grant = await access.authorize(this.#document, token)
      if (this.#isClosed) return
      this.#demandSamePerson(grant)
      // At once, so that what is taken away while the link counts who comes is taken from this.
      this.#grant = access.remaining(this.#document, grant)
      await access.enter(this.#document, grant, this.#user)
      if (this.#isClosed) return
      this.#changeGrant(this.#grant, couldWrite)
      this.#isRefreshing = false
      this.#takeWaiting()
    } catch (error) {
      if (isWrongKey(error)) this.#keyWasWrong(token)
      this.#fail(error)
    } finally {
      stopWaiting()
      this.#release()
    }
  }

  /** A newer token says what someone may do from now on. Who they are has been told to everyone here. */
  #demandSamePerson({ user }: Grant): void {
    const isSame = user ? user.id === this.#user?.id : this.#grant?.user === undefined
    if (!isSame) throw new ProtocolError('user-changed', 'the newer token is for somebody else')
  }

  #watchExpiry(grant: Grant): void {
    const { expiresAt } = grant
    this.#cancelExpiry?.()
    if (expiresAt === undefined) return
    const leftMs = Math.max(0, expiresAt * 1000 - this.#ports.wallClock())
    this.#cancelExpiry = this.#ports.clock.after(Math.min(leftMs, transportLimits.maxTimerMs), () => {
      if (leftMs > transportLimits.maxTimerMs) this.#watchExpiry(grant)
      else this.#fail(new ProtocolError('token-expired', 'the token has expired'))
    })
  }

  /** Other dialects of the protocol have message types of their own; a stock client is not cut off for speaking one. */
  #ignore(error: unknown): void {
    this.#ignoredFrames++
    if (this.#ignoredFrames > 1) return
    const { code, message } = error instanceof ProtocolError ? error : { code: 'unknown', message: '' }
    this.#ports.logger.warn({ document: this.#document, code }, `ignored: ${message}`)
  }

  #fail(failure: unknown): void {
    if (this.#isClosed) return
    const { logger, meter, rooms } = this.#ports
    let error = failure
    if (failure instanceof StorageError && failure.code === 'damaged') {
      // What says who may come in, for example: nobody has got as far as to the room, which would have noticed.
      void rooms.examine(this.#document)
      error = new ProtocolError('document-damaged', failure.message, { cause: failure })
    }
    if (error instanceof ProtocolError) {
      const { code, closeCode, message } = error
      meter.refused(code)
      logger.warn({ document: this.#document, code, closeCode, role: this.#grant?.role }, message)
      this.close(closeCode, code)
    } else {
      logger.error({ document: this.#document, err: error }, 'a connection failed')
      this.close(closeCodes.serverError, 'the server failed')
    }
  }

  /** A frame that breaks RFC 6455, or a broken connection: `ws` closes by itself, with the code that there is for it. */
  #socketFailed(error: Error & { readonly code?: unknown }): void {
    if (this.#isClosed) return
    this.#ports.logger.warn({ document: this.#document, code: error.code }, error.message)
    this.#closed()
  }

  #closed(code?: CloseCode): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#cancelExpiry?.()
    this.#cancelProbe?.()
    this.#cancelRest?.()
    this.#membership?.leave(code)
  }
}

function isOtherDialect(error: unknown): boolean {
  return error instanceof ProtocolError && (error.code === 'message-unknown' || error.code === 'text-frame')
}

/** With the default binary type a message is one Buffer; the others are `ws` telling that it could be told to differ. */
function bytesOf(data: RawData): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  const buffer = Array.isArray(data) ? Buffer.concat(data) : data
  // A plain array, since a Buffer's `slice` does not copy, and would keep the whole chunk it came in alive.
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
