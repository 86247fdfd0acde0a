/** The network of one person, which can go away and come back: sockets that are cut, and none that can be opened meanwhile. */
import { WebSocket as NodeWebSocket } from 'ws'

/** Nobody listens on this port. */
const nowhere = 'ws://127.0.0.1:1'

export class Network {
  /** The socket class of whoever is on this network. */
  readonly Socket: typeof WebSocket
  readonly #open = new Set<NodeWebSocket>()
  #isThere = true

  constructor() {
    const opened = (url: string | URL): string | URL => (this.#isThere ? url : nowhere)
    const sockets = this.#open
    this.Socket = class extends NodeWebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(opened(url), protocols)
        sockets.add(this)
        this.on('close', () => sockets.delete(this))
      }
    } as unknown as typeof WebSocket // sessions use what both have
  }

  /** Both ends find out at once. What was under way is lost. */
  cut(): void {
    this.#isThere = false
    for (const socket of this.#open) socket.terminate()
  }

  restore(): void {
    this.#isThere = true
  }
}
