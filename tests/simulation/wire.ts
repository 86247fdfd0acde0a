/**
 * A connection: two pipes that keep the order of what is put in, each with delays of its own. It can be cut at any
 * moment; what is on its way is lost then, and the two ends learn of it each in their own time, or much later. A
 * reader may stop reading, so that what it is sent backs up on the other side.
 */
import type { Chance } from './chance.ts'
import type { World } from './world.ts'

/** How one connection behaves. */
export interface Quality {
  readonly delayMs: (chance: Chance) => number
  /** For how many bytes one byte counts while it waits: a large document on a thin line, without the bytes. */
  readonly weight: number
}

/** What an end is told. */
export interface End {
  received(frame: Uint8Array): void
  /** 1006 if the connection was lost rather than closed. */
  closed(code: number, reason: string): void
}

export interface ClientEnd extends End {
  opened(wire: Wire): void
}

export const lost = 1006
const normalClosure = 1000
const calmDelayMs = 5

type Item =
  | { readonly type: 'open' }
  | { readonly type: 'frame'; readonly frame: Uint8Array; readonly left: (() => void) | undefined }
  | { readonly type: 'close'; readonly code: number; readonly reason: string }

export class Wire {
  readonly #world: World
  readonly #quality: Quality
  readonly #toServer: Pipe
  readonly #toClient: Pipe
  readonly #client: ClientEnd
  readonly #server: End
  #waitingBytes = 0
  #isCut = false

  /** The server has accepted; the client is told so before anything else. */
  constructor(
    world: World,
    ends: { readonly client: ClientEnd; readonly server: End; readonly quality: Quality },
  ) {
    this.#world = world
    this.#client = ends.client
    this.#server = ends.server
    this.#quality = ends.quality
    const delayMs = (): number => (world.isCalm ? calmDelayMs : ends.quality.delayMs(world.chance))
    this.#toServer = new Pipe(world, { delayMs, read: (item) => readTo(ends.server, item) })
    this.#toClient = new Pipe(world, { delayMs, read: (item) => this.#readToClient(item) })
    this.#toClient.put({ type: 'open' })
  }

  /** What the server has sent and the client's side has not taken, at this line's weight. */
  get backlogBytes(): number {
    return this.#waitingBytes * (this.#world.isCalm ? 1 : this.#quality.weight)
  }

  /** Is it dead, whether or not its ends know? */
  get isCut(): boolean {
    return this.#isCut
  }

  clientSends(frame: Uint8Array): void {
    this.#toServer.put({ type: 'frame', frame, left: undefined })
  }

  /** `left` is called once the client's side has taken it. */
  serverSends(frame: Uint8Array, left: () => void): void {
    this.#waitingBytes += frame.length
    this.#toClient.put({ type: 'frame', frame, left })
  }

  /** The client is told nothing more; the server learns of it after what was sent before. */
  clientCloses(): void {
    this.#toClient.cut()
    this.#toServer.put({ type: 'close', code: normalClosure, reason: '' })
  }

  serverCloses(code: number, reason: string): void {
    this.#toServer.cut()
    this.#toClient.put({ type: 'close', code, reason })
  }

  /** Nothing that is on its way arrives. */
  cut(noticed: { readonly clientAfterMs: number; readonly serverAfterMs: number }): void {
    if (this.#isCut) return
    this.#isCut = true
    this.#toServer.cut()
    this.#toClient.cut()
    this.#world.after(noticed.clientAfterMs, () => this.#client.closed(lost, ''))
    this.#world.after(noticed.serverAfterMs, () => this.#server.closed(lost, ''))
  }

  pauseReading(): void {
    this.#toClient.pause()
  }

  resumeReading(): void {
    this.#toClient.resume()
  }

  #readToClient(item: Item): void {
    if (item.type === 'open') return this.#client.opened(this)
    readTo(this.#client, item)
    if (item.type === 'close') return
    this.#waitingBytes -= item.frame.length
    item.left?.()
  }
}

function readTo(end: End, item: Item): void {
  if (item.type === 'frame') end.received(item.frame)
  else if (item.type === 'close') end.closed(item.code, item.reason)
}

class Pipe {
  readonly #world: World
  readonly #delayMs: () => number
  readonly #read: (item: Item) => void
  #lastArrivalMs = 0
  #isCut = false
  #isPaused = false
  #unread: Item[] = []

  constructor(
    world: World,
    options: { readonly delayMs: () => number; readonly read: (item: Item) => void },
  ) {
    this.#world = world
    this.#delayMs = options.delayMs
    this.#read = options.read
  }

  put(item: Item): void {
    if (this.#isCut) return
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, this.#world.now() + this.#delayMs())
    this.#world.after(this.#lastArrivalMs - this.#world.now(), () => this.#arrived(item))
  }

  cut(): void {
    this.#isCut = true
    this.#unread = []
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    while (!this.#isPaused && !this.#isCut) {
      const item = this.#unread.shift()
      if (!item) break
      this.#read(item)
    }
  }

  #arrived(item: Item): void {
    if (this.#isCut) return
    if (this.#isPaused) this.#unread.push(item)
    else this.#read(item)
  }
}
