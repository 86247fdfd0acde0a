/** A client of one of the compared servers, with no more of a client than what is measured needs. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { encodeStateVector, protocolVersion, subprotocol, type ClientMessage } from '@quire/protocol'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { StartedServer } from './servers.ts'
import { Wire, type Heard } from './wire.ts'

const nothing = Y.encodeStateAsUpdate(new Y.Doc())

export interface MemberOptions {
  /** Its state vector; without one it has nothing. */
  readonly stateVector?: Uint8Array
  /** What it has that this state vector lacks, when the server asks. */
  readonly answer?: (stateVector: Uint8Array) => Uint8Array
  /** Hears everything from the start. */
  readonly heard?: (heard: Heard, member: Member) => void
  /** Speaks `quire.1`, and so is told what is on disk. */
  readonly speaksQuire?: boolean
}

let members = 0

export class Member {
  /** Payloads and their framing, as they came off the network. */
  receivedBytes = 0
  readonly socket: WebSocket
  /** When each of its updates left, answers among them: what Quire counts. */
  readonly updatesSentAtMs: number[] = []
  readonly #number = ++members
  readonly #wire: Wire
  readonly #options: MemberOptions
  readonly #synced = Promise.withResolvers<void>()

  /** Resolves once the server has answered what the room holds; the relay has nothing to say. */
  static async join(server: StartedServer, room: string, options: MemberOptions = {}): Promise<Member> {
    const member = new Member(server, room, options)
    await member.#enter()
    return member
  }

  constructor(server: StartedServer, room: string, options: MemberOptions) {
    this.#options = options
    this.#wire = new Wire(server.dialect, room)
    // From addresses of their own, as members have.
    const localAddress = `127.1.${this.#number >> 8}.${this.#number & 255}`
    this.socket = new WebSocket(server.roomUrl(room), options.speaksQuire ? [subprotocol] : [], {
      localAddress,
    })
    this.socket.on('error', () => undefined)
    this.socket.on('close', () => {
      this.#synced.reject(new Error(`sent away from ${room}`))
    })
    this.#synced.promise.catch(() => undefined)
  }

  async #enter(): Promise<void> {
    this.socket.on('message', (frame: Buffer) => this.#received(frame))
    await once(this.socket, 'open')
    this.#wireSocket.on('data', (bytes) => (this.receivedBytes += bytes.length))
    if (this.#wire.dialect === 'relay') return
    const { authentication } = this.#wire
    if (authentication) this.socket.send(authentication)
    if (this.#options.speaksQuire)
      this.say({ type: 'hello', version: protocolVersion, name: 'Somebody', guest: `guest ${this.#number}` })
    this.say({
      type: 'sync-step-1',
      stateVector: this.#options.stateVector ?? encodeStateVector(new Map()),
    })
    await this.#synced.promise
  }

  say(message: ClientMessage): void {
    if (message.type === 'update' || message.type === 'sync-step-2')
      this.updatesSentAtMs.push(performance.now())
    this.socket.send(this.#wire.encode(message))
  }

  /** From now on only bytes are counted, which takes nothing from those who measure. */
  stopHearing(): void {
    const wire = this.#wireSocket
    wire.removeAllListeners('data')
    wire.on('data', (bytes) => (this.receivedBytes += bytes.length))
  }

  /** Takes nothing more off the network. */
  stall(): void {
    this.#wireSocket.pause()
  }

  leave(): void {
    this.socket.terminate()
  }

  #received(frame: Buffer): void {
    const heard = this.#wire.decode(frame)
    if (heard.type === 'sync-step-1')
      this.say({ type: 'sync-step-2', update: this.#options.answer?.(heard.stateVector) ?? nothing })
    this.#options.heard?.(heard, this)
    if (heard.type === 'sync-step-2') this.#synced.resolve()
  }

  get #wireSocket(): Socket {
    return (this.socket as unknown as { readonly _socket: Socket })._socket // of `ws`, which does not say so
  }
}
