/** The rooms that are open: one for each document, loaded by whoever comes first, forgotten after the last. */
import { ProtocolError, type DocumentName } from '@quire/protocol'
import type { Peer } from './peer.ts'
import { Room, type Membership, type RoomPorts } from './room.ts'

export interface JoinOptions {
  /** Lets a document that is not there begin with its first edit. */
  readonly create: boolean
}

export class Rooms {
  readonly #ports: RoomPorts
  readonly #open = new Map<DocumentName, Promise<Room>>()

  constructor(ports: RoomPorts) {
    this.#ports = ports
  }

  /** How many rooms are in memory. */
  get size(): number {
    return this.#open.size
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

  /** Sends everyone away once all that was admitted is durable. */
  async drain(): Promise<void> {
    const opening = await Promise.allSettled(this.#open.values())
    const rooms = opening.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    await Promise.all(rooms.map((room) => room.drain()))
  }

  #load(name: DocumentName, options: JoinOptions): Promise<Room> {
    const forget = (): void => {
      if (this.#open.get(name) === opening) this.#open.delete(name)
    }
    const opening = this.#read(name, options, forget)
    this.#open.set(name, opening)
    opening.catch(forget)
    return opening
  }

  async #read(name: DocumentName, { create }: JoinOptions, forget: () => void): Promise<Room> {
    const stored = await this.#ports.store.load(name)
    if (!stored && !create) throw new ProtocolError('document-unknown', 'there is no such document')
    const options = { ports: this.#ports, create, onRest: forget }
    return new Room(name, stored ?? { base: undefined, tail: [] }, options)
  }
}
