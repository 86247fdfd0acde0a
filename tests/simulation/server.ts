/**
 * The server: one life after the other on the same disk, each with the real rooms. What stands between rooms and
 * wires is here, done as the real transport does it, and what the rooms say is held against the disk as they say it.
 */
import {
  closeCodes,
  colourOf,
  decodeClientMessage,
  decodeServerMessage,
  decodeStateVector,
  encodeServerMessage,
  limits as wireLimits,
  mayWrite,
  missingParts,
  parseDocumentName,
  ProtocolError,
  protocolVersion,
  scan,
  type CloseCode,
  type Role,
  type ServerMessage,
  type User,
} from '@quire/protocol'
import {
  noMeter,
  roomLimits,
  Rooms,
  type Identity,
  type Membership,
  type Peer,
  type Principal,
  type RoomMessage,
} from '@quire/sync-server/room'
import { StorageError, type DocumentStore } from '@quire/sync-server/storage'
import { compact, compose, readText, readTitle } from '@quire/sync-server/workshop'
import { SimulatedStore, type Disk } from './disk.ts'
import { lost, Wire, type ClientEnd, type End, type Quality } from './wire.ts'
import { describeError, type World } from './world.ts'

export const documentName = parseDocumentName('notes')

/** Who is behind a connection. */
export interface Visitor {
  readonly name: string
  /** As it is whenever somebody connects, or says that their token is a newer one. */
  readonly role: Role
  readonly speaksQuire: boolean
  /** Says hello first, and is welcomed when it is in the room. */
  readonly greets?: boolean
  /** Equal for two connections of one person. */
  readonly principal: string
  readonly isHonest: boolean
  /** The client id that an honest visitor writes with. */
  readonly clientId?: number
  /** Does this frame bring structs of that id? */
  readonly writes?: (frame: Uint8Array) => boolean
  /** Asked of each frame as it arrives; those it refuses count as never sent. */
  readonly screen?: (frame: Uint8Array) => boolean
}

/** How long a client id stays its owner's after their connection has ended. */
const reservedMs = 30_000
const maxDrainMs = 10_000
/** How long it takes the server to find out that a connection is dead. */
const probeMs = 10_000
/** Small, so that a page of text is a document that comes in parts and from the workshop. */
const limits = { maxPartBytes: 600, maxLoopBytes: 3000 }

export interface ServerOptions {
  /** The document begins with its first edit. */
  readonly create: boolean
  /** Between the rooms and their store: for servers that are broken on purpose. */
  readonly storeFor?: (store: DocumentStore) => DocumentStore
}

export class Server {
  readonly #world: World
  readonly #disk: Disk
  readonly #options: ServerOptions
  #life: Life | undefined
  #isDraining = false

  constructor(world: World, disk: Disk, options: ServerOptions) {
    this.#world = world
    this.#disk = disk
    this.#options = options
  }

  get isUp(): boolean {
    return this.#life !== undefined
  }

  /** Nothing happens while another is being drained: it holds the lock of the folder. */
  start(): void {
    if (this.#isDraining) return
    this.#world.note('server', 'starts')
    this.#life = new Life(this.#world, this.#disk, this.#options)
  }

  /** As by a power cut. */
  kill(): void {
    if (!this.#life) return
    this.#world.note('server', 'is killed')
    this.#world.count('kills')
    this.#life.kill()
    this.#life = undefined
  }

  /** As by an operator. Nobody is let in any more; `isDown` is called once everyone has been sent away. */
  drain(isDown: () => void): void {
    const life = this.#life
    if (!life) return
    this.#world.note('server', 'drains')
    this.#world.count('drains')
    this.#life = undefined
    this.#isDraining = true
    let isOver = false
    const over = (): void => {
      if (isOver) return
      isOver = true
      life.kill()
      this.#isDraining = false
      isDown()
    }
    this.#world.after(maxDrainMs, over)
    life.drain().then(over, (error: unknown) => {
      this.#world.violated('nothing throws where nobody catches', describeError(error))
      over()
    })
  }

  /** The client is told `opened`, or `closed` if nobody is there. */
  connect(client: ClientEnd, visitor: Visitor, quality: Quality): void {
    const reach = quality.delayMs(this.#world.chance)
    this.#world.after(reach, () => {
      if (this.#life) this.#life.accept(client, visitor, quality)
      else this.#world.after(reach, () => client.closed(lost, 'nobody there'))
    })
  }

  /**
   * Does this client id belong to someone honest: connected, or gone for less than the time it stays reserved? Only
   * then is what others do with it an attack.
   */
  isHeld(clientId: number): boolean {
    return this.#life?.isHeld(clientId) ?? false
  }

  /** Is someone connected who has shown presence under this id? */
  isPresent(clientId: number): boolean {
    return this.#life?.isPresent(clientId) ?? false
  }

  /** Every connection the server still has, dead or alive, ends. */
  dropAll(): void {
    this.#life?.dropAll()
  }

  /** From now on this person may only read, and is told so wherever they are connected. */
  restrict(principal: string): void {
    this.#life?.restrict(principal)
  }

  /** Their link gives what it gave before. */
  lift(principal: string): void {
    this.#life?.lift(principal)
  }
}

class Life {
  readonly #world: World
  readonly #disk: Disk
  readonly #store: SimulatedStore
  readonly #rooms: Rooms
  readonly #create: boolean
  readonly #peers = new Set<SimulatedPeer>()
  readonly #holders = new Map<number, SimulatedPeer>()
  readonly #present = new Map<number, Set<SimulatedPeer>>()
  readonly #heldUntilMs = new Map<number, number>()
  #isOver = false

  constructor(world: World, disk: Disk, { create, storeFor }: ServerOptions) {
    this.#world = world
    this.#disk = disk
    this.#create = create
    this.#store = new SimulatedStore(world, disk)
    this.#rooms = new Rooms({
      store: storeFor?.(this.#store) ?? this.#store,
      workshop: {
        missing: (updates, stateVector, maxBytes) =>
          this.#inWorkshop(() =>
            missingParts(
              updates.map((update) => scan(update)),
              decodeStateVector(stateVector),
              maxBytes,
            ),
          ),
        compact: (stored) => this.#inWorkshop(() => compact(stored)),
        readText: async (stored) => readText(stored),
        readTitle: async (stored) => readTitle(stored),
        compose: async (text) => compose(text),
        close: async () => undefined,
      },
      clock: {
        now: () => world.now(),
        after: (delayMs, act) =>
          world.after(delayMs, () => {
            if (!this.#isOver) act()
          }),
      },
      limits: { ...roomLimits, ...limits },
      meter: noMeter,
      reportFailure: (_name, during, error) => this.#failed(during, error),
      reportDelay: () => this.#world.count('slow stores'),
    })
  }

  get world(): World {
    return this.#world
  }

  accept(client: ClientEnd, visitor: Visitor, quality: Quality): void {
    const peer = new SimulatedPeer(this, visitor)
    this.#peers.add(peer)
    peer.wire = new Wire(this.#world, { client, server: peer, quality })
    if (!visitor.greets) this.join(peer)
  }

  join(peer: SimulatedPeer): void {
    this.#world.count('joins')
    this.#rooms.join(documentName, peer, { create: this.#create }).then(
      (membership) => peer.joined(membership),
      (error: unknown) => peer.failed(error),
    )
  }

  kill(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#store.kill()
    for (const peer of this.#peers) peer.wire?.cut(this.#noticed())
  }

  async drain(): Promise<void> {
    await this.#rooms.drain()
    for (const peer of this.#peers) peer.close(closeCodes.restart, 'the server is restarting')
  }

  dropAll(): void {
    for (const peer of this.#peers) peer.wire?.cut({ clientAfterMs: 0, serverAfterMs: 0 })
  }

  restrict(principal: string): void {
    for (const peer of this.#peers) if (peer.visitor.principal === principal) peer.restricted()
  }

  lift(principal: string): void {
    for (const peer of this.#peers) if (peer.visitor.principal === principal) peer.lifted()
  }

  // ——— what is said, held against the disk ———

  said(peer: SimulatedPeer, message: ServerMessage, frame: Uint8Array): void {
    this.#world.count('messages')
    switch (message.type) {
      case 'sync-step-1':
        for (const [client, clock] of decodeStateVector(message.stateVector))
          if (!this.#disk.durable.reaches(client, clock))
            this.#world.violated(
              'the server claims only what is durable',
              `${peer.visitor.name}: ${client}:${clock}`,
            )
        break
      case 'sync-step-2':
      case 'update':
        this.#shown(peer, message.update, frame)
        break
      default:
        // Presence is not stored; what is acknowledged is checked by who is told.
        break
    }
  }

  #shown({ visitor }: SimulatedPeer, update: Uint8Array, frame: Uint8Array): void {
    if (isChecked.has(frame)) return
    isChecked.add(frame)
    const lacking = this.#disk.durable.lacks(update)
    if (lacking) this.#world.violated('nothing is shown before it is durable', `${visitor.name}: ${lacking}`)
  }

  // ——— whose ids are whose ———

  heard(peer: SimulatedPeer, message: RoomMessage, frame: Uint8Array): void {
    const { clientId, writes } = peer.visitor
    if (clientId === undefined) return
    if (message.type === 'presence') {
      const own = message.entries.findLast((entry) => entry.clientId === clientId)
      if (own) takeOver(this.#present, clientId, peer)
      // Who has said goodbye is gone, though the connection may still be there.
      if (own?.state === 'null') this.#present.get(clientId)?.delete(peer)
      if (!own || own.state === 'null') return
      noteIn(this.#present, clientId, peer)
      this.#hold(clientId, peer)
    } else if (writes?.(frame)) this.#hold(clientId, peer)
  }

  /** Those who share a link cannot be told apart: the first holds the id until the server has seen it end. */
  #hold(clientId: number, peer: SimulatedPeer): void {
    const holder = this.#holders.get(clientId)
    if (!holder || peer.principal.isPerson) this.#holders.set(clientId, peer)
  }

  isHeld(clientId: number): boolean {
    return this.#holders.has(clientId) || (this.#heldUntilMs.get(clientId) ?? -1) > this.#world.now()
  }

  isPresent(clientId: number): boolean {
    return (this.#present.get(clientId)?.size ?? 0) > 0
  }

  left(peer: SimulatedPeer): void {
    this.#peers.delete(peer)
    const { clientId } = peer.visitor
    if (clientId === undefined) return
    this.#present.get(clientId)?.delete(peer)
    if (this.#holders.get(clientId) !== peer) return
    this.#holders.delete(clientId)
    this.#heldUntilMs.set(clientId, this.#world.now() + reservedMs)
  }

  // ——— failures ———

  #failed(during: string, error: unknown): void {
    if (this.#isOver) return
    this.#world.note('room', 'fails during', during)
    if (!(error instanceof StorageError))
      this.#world.violated('a room fails only with its disk', describeError(error))
  }

  #inWorkshop<Result>(work: () => Result): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#world.after(this.#world.chance.wait(300), () => {
      if (this.#isOver) return
      try {
        resolve(work())
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    })
    return promise
  }

  /** Sockets of a dead process mostly say so at once. */
  #noticed(): { clientAfterMs: number; serverAfterMs: number } {
    return { clientAfterMs: this.#world.chance.wait(100), serverAfterMs: 0 }
  }
}

/** One connection, as the room sees it and as the wire does. */
class SimulatedPeer implements Peer, End {
  readonly visitor: Visitor
  wire: Wire | undefined
  readonly #life: Life
  #membership: Membership | undefined
  #beforeJoin: Uint8Array[] = []
  #hasGreeted = false
  #role: Role
  #isClosed = false
  #questions = 0

  constructor(life: Life, visitor: Visitor) {
    this.#life = life
    this.visitor = visitor
    this.#role = visitor.role
  }

  get role(): Role {
    return this.#role
  }

  get speaksQuire(): boolean {
    return this.visitor.speaksQuire
  }

  get principal(): Principal {
    return { id: this.visitor.principal, isPerson: this.speaksQuire }
  }

  get identity(): Identity {
    const { principal, name } = this.visitor
    if (!this.speaksQuire) return { type: 'stranger' }
    return { type: 'known', user: { id: principal, name, colour: colourOf(principal) }, mayRename: true }
  }

  get backlogBytes(): number {
    return this.wire?.backlogBytes ?? 0
  }

  joined(membership: Membership): void {
    if (this.#isClosed) return membership.leave()
    this.#membership = membership
    for (const frame of this.#beforeJoin.splice(0)) this.received(frame)
  }

  failed(error: unknown): void {
    if (error instanceof ProtocolError) return this.expel(error)
    if (!(error instanceof StorageError))
      this.#life.world.violated('a connection fails only with its disk', describeError(error))
    this.close(closeCodes.serverError, 'the server failed')
  }

  deliver(frame: Uint8Array): void {
    if (this.#isClosed) return
    const message = serverMessage(frame)
    this.#life.said(this, message, frame)
    if (message.type === 'sync-step-1' && ++this.#questions > 1)
      this.#life.world.violated('one question at a time', this.visitor.name)
    this.wire?.serverSends(frame, () => this.#membership?.drained())
  }

  close(code: CloseCode, reason: string): void {
    if (this.#isClosed) return
    const { isHonest, name, greets } = this.visitor
    this.#life.world.note('server', `closes ${name} with`, code)
    // Whoever greets may have written before they heard that they may no longer.
    const isExpected = greets === true && code === closeCodes.forbidden
    if (isHonest && code >= 4400 && code < 4500 && !isExpected)
      this.#life.world.violated('nobody honest is sent away for good', `${name}: ${code} ${reason}`)
    this.wire?.serverCloses(code, reason)
    this.#over(code)
  }

  /** Who a page is that does not greet it need not be told: it is not shown to a person. */
  welcome(user: User): void {
    if (!this.visitor.greets) return
    const { maxFrameBytes } = wireLimits
    const welcome = { version: protocolVersion, role: this.#role, user, maxFrameBytes }
    this.deliver(encodeServerMessage({ type: 'welcome', ...welcome }))
  }

  /** To reading. */
  restricted(): void {
    if (mayWrite(this.#role)) this.#become('view')
  }

  /** To what the visitor may by now. */
  lifted(): void {
    const couldWrite = mayWrite(this.#role)
    this.#become(this.visitor.role)
    if (mayWrite(this.#role) && !couldWrite) this.#membership?.mayWriteNow()
  }

  probe(): void {
    this.#life.world.after(probeMs, () => {
      if (this.wire?.isCut) this.closed()
    })
  }

  expel(error: ProtocolError): void {
    this.close(error.closeCode, error.code)
  }

  received(frame: Uint8Array): void {
    if (this.#isClosed) return
    if (this.visitor.greets && !this.#hasGreeted) return this.#greeted(frame)
    if (!this.#membership) return void this.#beforeJoin.push(frame)
    if (this.visitor.screen && !this.visitor.screen(frame)) return
    try {
      this.#obey(frame, this.#membership)
    } catch (error) {
      if (!this.speaksQuire && error instanceof ProtocolError && error.code === 'message-unknown') return
      this.failed(error)
    }
  }

  closed(): void {
    this.#over()
  }

  #obey(frame: Uint8Array, membership: Membership): void {
    const message = decodeClientMessage(frame)
    if (message.type === 'refresh' && this.visitor.greets) return this.lifted()
    if (message.type === 'hello' || message.type === 'refresh')
      throw new ProtocolError('message-unexpected', 'not in a room')
    if (message.type === 'sync-step-2') this.#questions = Math.max(0, this.#questions - 1)
    this.#life.heard(this, message, frame)
    membership.receive(message)
  }

  #greeted(frame: Uint8Array): void {
    this.#hasGreeted = true
    if (decodeClientMessage(frame).type === 'hello') this.#life.join(this)
    else this.expel(new ProtocolError('message-unexpected', 'the first message is hello'))
  }

  #become(role: Role): void {
    this.#role = role
    if (this.#membership) this.deliver(encodeServerMessage({ type: 'access', role, expiresAt: 0 }))
  }

  #over(code?: CloseCode): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#life.left(this)
    this.#membership?.leave(code)
  }
}

/** The same frame goes to many: it is read once, and checked once. */
const messages = new WeakMap<Uint8Array, ServerMessage>()
const isChecked = new WeakSet<Uint8Array>()

export function serverMessage(frame: Uint8Array): ServerMessage {
  const known = messages.get(frame)
  if (known) return known
  const message = decodeServerMessage(frame)
  messages.set(frame, message)
  return message
}

/** A person speaks through the latest connection; an older one may not have been seen to end. */
function takeOver(map: Map<number, unknown>, clientId: number, { principal }: SimulatedPeer): void {
  if (principal.isPerson) map.delete(clientId)
}

function noteIn(map: Map<number, Set<SimulatedPeer>>, clientId: number, peer: SimulatedPeer): void {
  const peers = map.get(clientId) ?? new Set()
  map.set(clientId, peers.add(peer))
}
