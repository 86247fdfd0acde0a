/** A CRDT document spoken for by a raw socket: it answers what the server asks, and takes in what it is sent. */
import * as Y from 'yjs'
import type { RawSocket } from './raw-socket.ts'
import { until } from './until.ts'

/** What a library must offer to take part. */
export interface Replicated {
  stateVector(): Uint8Array
  /** Everything someone with this state vector lacks. */
  missingFrom(stateVector: Uint8Array): Uint8Array
  apply(update: Uint8Array): void
}

export function yjsDocument(doc: Y.Doc): Replicated {
  return {
    stateVector: () => Y.encodeStateVector(doc),
    missingFrom: (stateVector) => Y.encodeStateAsUpdate(doc, stateVector),
    apply: (update) => Y.applyUpdate(doc, update),
  }
}

export class Replica {
  readonly #socket: RawSocket
  readonly #document: Replicated
  readonly #listeners = new Set<() => void>()
  #updatesSent = 0
  #updatesSaved = 0
  #isSynced = false

  /** The socket must be in the room: greeted, if it speaks `quire.1`. */
  constructor(socket: RawSocket, document: Replicated) {
    this.#socket = socket
    this.#document = document
    socket.send({ type: 'sync-step-1', stateVector: document.stateVector() })
    void this.#converse()
  }

  /** An edit that is in the document already. */
  send(update: Uint8Array): void {
    this.#updatesSent++
    this.#socket.send({ type: 'update', update })
  }

  get unsaved(): number {
    return this.#updatesSent - this.#updatesSaved
  }

  /** Everything the server had when we joined is here. */
  synced(): Promise<void> {
    return this.until(() => this.#isSynced)
  }

  /** Asked again after each message of the server. */
  until(holds: () => boolean): Promise<void> {
    return until((check) => {
      this.#listeners.add(check)
      return () => this.#listeners.delete(check)
    }, holds)
  }

  async #converse(): Promise<void> {
    for await (const message of this.#socket.messages()) {
      switch (message.type) {
        case 'sync-step-1':
          this.#updatesSent++
          this.#socket.send({ type: 'sync-step-2', update: this.#document.missingFrom(message.stateVector) })
          break
        case 'sync-step-2':
          this.#isSynced = true
          this.#document.apply(message.update)
          break
        case 'update':
          this.#document.apply(message.update)
          break
        case 'saved':
          this.#updatesSaved = message.frames
          break
        default:
          // Presence and notices are not about the document.
          break
      }
      for (const listener of this.#listeners) listener()
    }
  }
}
