/** The rooms that are open: one for each document, loaded by whoever comes first, forgotten after the last. */
import { ProtocolError, type DocumentName } from '@quire/protocol'
import { Budget } from '../admission/budget.ts'
import { StorageError } from '../storage/document-store.ts'
import type { Reservations } from './client-ids.ts'
import type { Peer } from './peer.ts'
import { Room, type Membership, type Present, type RoomPorts } from './room.ts'
import { Setbacks } from './setbacks.ts'

export interface JoinOptions {
  /** Lets a document that is not there begin with its first edit. */
  readonly create: boolean
}

export class Rooms {
  readonly #ports: RoomPorts
  readonly #open = new Map<DocumentName, Promise<Room>>()
  readonly #reserved = new Map<DocumentName, Reservations>()
  #isDraining = false

  constructor(ports: Omit<RoomPorts, 'loop' | 'setbacks'>) {
    const { clock, limits } = ports
    const loop = new Budget(limits.loopBytes, () => clock.now())
    this.#ports = { ...ports, loop, setbacks: new Setbacks(clock) }
  }

  /** How many rooms are in memory. */
  get size(): number {
    return this.#open.size
  }

  /** Somebody is in it, or about to be, whether there is such a document or not. */
  isOpen(name: DocumentName): boolean {
    return this.#open.has(name)
  }

  /** Loads the room first if nobody is in it. Throws `document-unknown`, or what the store failed with. */
  async join(name: DocumentName, peer: Peer, options: JoinOptions): Promise<Membership> {
    for (;;) {
      const opening = this.#open.get(name) ?? this.#load(name, options)
      const room = await opening
      // The room may have been forgotten while we waited for it; joining it then would make a second one.
      if (this.#open.get(name) === opening) return room.join(peer)
    }
  }

  /**
   * Joins the logs of documents that nobody has open and that have grown long: after a crash, for example, nobody's
   * leaving did it. `limit` of them, one after the other, and none that is let be.
   */
  async compactNeglected(limit: number): Promise<void> {
    const { store, limits, setbacks } = this.#ports
    const names = await store.longLogs(limits.compactAtRest, limit + setbacks.size)
    const due = names.filter((name) => setbacks.leftMs(name) === 0)
    for (const name of due.slice(0, limit)) await this.#visit(name)
  }

  /** Something of the document was found to be damaged: it is read, so that it is set aside and the operator is told. */
  async examine(name: DocumentName): Promise<void> {
    await this.#visit(name)
  }

  /** Unless it is open: whoever is in it goes on. */
  async #visit(name: DocumentName): Promise<void> {
    if (this.#isDraining || this.#open.has(name)) return
    const room = await this.#load(name, { create: false }).catch(() => undefined)
    await room?.compactAtRest()
  }

  /**
   * Joins the log of this document, open or not, long or not. Resolves with whether it could. Throws `document-unknown`,
   * or what the store failed with.
   */
  async compact(name: DocumentName): Promise<boolean> {
    const room = await (this.#open.get(name) ?? this.#load(name, { create: false }))
    return room.compactNow()
  }

  /** Who is in which document. */
  async present(): Promise<ReadonlyMap<DocumentName, readonly Present[]>> {
    const rooms = await Promise.allSettled(this.#open.values())
    return new Map(
      rooms.flatMap((result) =>
        result.status === 'fulfilled' ? [[result.value.name, result.value.present] as const] : [],
      ),
    )
  }

  /** Sends away whoever of those in it is meant, by the ids of their principals; they may come back. Resolves with how many connections that ends. */
  async disconnect(name: DocumentName, isMeant: (principal: string) => boolean): Promise<number> {
    const room = await this.#open.get(name)?.catch(() => undefined)
    return room?.disconnect(isMeant) ?? 0
  }

  /** The document is no more: whoever is in it is sent away, and nothing of what they sent last is stored any more. */
  async evict(name: DocumentName): Promise<void> {
    const room = await this.#open.get(name)?.catch(() => undefined)
    room?.evict()
    this.forget(name)
  }

  /** The document is no more, and nobody was in it: of another that begins under its name nothing is known. */
  forget(name: DocumentName): void {
    this.#reserved.delete(name)
    this.#ports.setbacks.forget(name)
  }

  /** Sends everyone away once all that was admitted is durable. */
  async drain(): Promise<void> {
    this.#isDraining = true
    const opening = await Promise.allSettled(this.#open.values())
    const rooms = opening.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    await Promise.all(rooms.map((room) => room.drain()))
  }

  #load(name: DocumentName, options: JoinOptions): Promise<Room> {
    const forget = (): void => {
      if (this.#open.get(name) === opening) this.#open.delete(name)
    }
    const opening = this.#read(name, options, (reserved) => {
      this.#reserve(name, reserved)
      forget()
    })
    this.#open.set(name, opening)
    opening.catch(forget)
    return opening
  }

  /** All that is kept of a room that is forgotten, and not for long. */
  #reserve(name: DocumentName, reserved: Reservations): void {
    this.#reserved.delete(name)
    if (reserved.size === 0) return
    this.#reserved.set(name, reserved)
    this.#ports.clock.after(this.#ports.limits.clientIdLeaseMs, () => {
      if (this.#reserved.get(name) === reserved) this.#reserved.delete(name)
    })
  }

  async #read(
    name: DocumentName,
    { create }: JoinOptions,
    onRest: (reserved: Reservations) => void,
  ): Promise<Room> {
    try {
      const stored = await this.#ports.store.load(name)
      if (!stored && !create) throw new ProtocolError('document-unknown', 'there is no such document')
      const reserved = this.#reserved.get(name) ?? new Map()
      const options = { ports: this.#ports, create, reserved, onRest }
      return new Room(name, stored ?? { base: undefined, tail: [] }, options)
    } catch (error) {
      const reason = damageIn(error)
      if (reason === undefined) throw error
      await this.#setAside(name, reason)
      throw new ProtocolError('document-damaged', 'what is stored cannot be read', { cause: error })
    }
  }

  /** The operator gets everything there is; the document stays closed until what is stored can be read again. */
  async #setAside(name: DocumentName, reason: string): Promise<void> {
    const { store, reportFailure } = this.#ports
    const outcome = await store.setAside(name, reason).then(
      (path) => `all of it is in ${path}`,
      (error: unknown) => `it could not be set aside: ${String(error)}`,
    )
    reportFailure(name, 'loading', new Error(`damaged: ${reason}; ${outcome}`))
  }
}

/** What is wrong with stored bytes; undefined if the error is about something else. */
function damageIn(error: unknown): string | undefined {
  if (error instanceof StorageError && error.code === 'damaged') return error.message
  const isUnreadable = error instanceof ProtocolError && error.code.startsWith('update-')
  return isUnreadable ? `an entry is not an update: ${error.message}` : undefined
}
