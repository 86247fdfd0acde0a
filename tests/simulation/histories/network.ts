/**
 * The network of one device: lines to the server that are cut, that go silent without anyone being told, or that cannot be
 * had at all. A session meets it as a class of sockets.
 */
import type { Server, Visitor } from '../server.ts'
import { lost, type ClientEnd, type Quality, type Wire } from '../wire.ts'
import type { World } from '../world.ts'
import type { Realm } from './realm.ts'

/** `refusing`: whoever tries to connect is told at once that it is in vain. `silent`: they wait for an answer that never comes. */
type Reach = 'there' | 'refusing' | 'silent'

/** Longer than any history: a dead line that nobody tells the client of. */
const neverMs = 3_600_000

export class Network {
  readonly #world: World
  readonly #server: Server
  readonly #quality: Quality
  readonly #sockets = new Set<SimulatedSocket>()
  #reach: Reach = 'there'

  constructor(world: World, server: Server, quality: Quality) {
    this.#world = world
    this.#server = server
    this.#quality = quality
  }

  get isThere(): boolean {
    return this.#reach === 'there'
  }

  goAway(reach: 'refusing' | 'silent'): void {
    this.#reach = reach
    this.cut({ isNoticed: reach === 'refusing' })
  }

  comeBack(): void {
    this.#reach = 'there'
  }

  /** Every line there is: the server finds out in its own time. */
  cut({ isNoticed }: { readonly isNoticed: boolean }): void {
    const { chance } = this.#world
    for (const socket of this.#sockets)
      socket.cut({
        clientAfterMs: isNoticed ? chance.wait(50) : neverMs,
        serverAfterMs: chance.oneIn(3) ? chance.between(1000, 50_000) : chance.wait(50),
      })
  }

  /** Nothing arrives for a while, and all of it then. */
  lag(forMs: number): void {
    for (const socket of this.#sockets) socket.lag(forMs)
  }

  /** The class of sockets for one tab. `opened` is told of each. */
  socketClass(realm: Realm, visitor: Visitor, opened: (socket: SimulatedSocket) => void): typeof WebSocket {
    const connect = (socket: SimulatedSocket): void => {
      this.#sockets.add(socket)
      opened(socket)
      this.#connect(socket, visitor)
    }
    const world = this.#world
    const forget = (socket: SimulatedSocket): void => void this.#sockets.delete(socket)
    return class extends SimulatedSocket {
      constructor() {
        super({ world, realm, forget })
        connect(this)
      }
    } as unknown as typeof WebSocket // a session uses what both have
  }

  #connect(socket: SimulatedSocket, visitor: Visitor): void {
    if (this.#reach === 'silent') return
    if (this.#reach === 'refusing') {
      this.#world.after(this.#world.chance.wait(20), () => socket.closed(lost, ''))
      return
    }
    this.#server.connect(socket, visitor, this.#quality)
  }
}

interface SocketPorts {
  readonly world: World
  readonly realm: Realm
  readonly forget: (socket: SimulatedSocket) => void
}

/** As much of a browser's socket as a session uses. */
export class SimulatedSocket implements ClientEnd {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSING = 2
  static readonly CLOSED = 3
  readonly OPEN = 1
  readyState = SimulatedSocket.CONNECTING
  binaryType = 'blob'
  readonly bufferedAmount = 0
  onopen: (() => void) | null = null
  onmessage: ((event: { readonly data: ArrayBuffer }) => void) | null = null
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null
  onerror: ((event: object) => void) | null = null
  readonly #ports: SocketPorts
  #wire: Wire | undefined
  /** What befell the line before it was there. */
  #cutAs: Parameters<Wire['cut']>[0] | undefined

  constructor(ports: SocketPorts) {
    this.#ports = ports
  }

  /** Since when nothing can come through any more; undefined while something can. */
  deadSinceMs: number | undefined

  send(frame: Uint8Array): void {
    if (this.readyState === SimulatedSocket.OPEN) this.#wire?.clientSends(frame)
  }

  close(): void {
    if (this.readyState >= SimulatedSocket.CLOSING) return
    this.readyState = SimulatedSocket.CLOSING
    this.#wire?.clientCloses()
    this.#ports.world.after(0, () => this.closed(1005, ''))
  }

  cut(noticed: Parameters<Wire['cut']>[0]): void {
    this.deadSinceMs ??= this.#ports.world.now()
    this.#cutAs ??= noticed
    if (this.#wire) this.#wire.cut(noticed)
    else this.#ports.world.after(noticed.clientAfterMs, () => this.closed(lost, ''))
  }

  lag(forMs: number): void {
    const wire = this.#wire
    wire?.pauseReading()
    this.#ports.world.after(forMs, () => wire?.resumeReading())
  }

  opened(wire: Wire): void {
    this.#wire = wire
    if (this.#cutAs) return wire.cut(this.#cutAs)
    if (this.#ports.realm.isDead) return wire.cut({ clientAfterMs: 0, serverAfterMs: 0 })
    if (this.readyState !== SimulatedSocket.CONNECTING) return wire.clientCloses()
    this.#ports.realm.enter(() => {
      if (this.readyState !== SimulatedSocket.CONNECTING) return
      this.readyState = SimulatedSocket.OPEN
      this.onopen?.()
    })
  }

  received(frame: Uint8Array): void {
    this.#ports.realm.enter(() => {
      // The same bytes may go to many; a socket hands each its own.
      if (this.readyState === SimulatedSocket.OPEN) this.onmessage?.({ data: frame.slice().buffer })
    })
  }

  closed(code: number, reason: string): void {
    this.#ports.forget(this)
    this.#ports.realm.enter(() => {
      if (this.readyState === SimulatedSocket.CLOSED) return
      this.readyState = SimulatedSocket.CLOSED
      this.onclose?.({ code, reason })
    })
  }
}
