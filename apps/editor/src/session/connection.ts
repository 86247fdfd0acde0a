/**
 * The connection of a document, which comes and goes: y-websocket's provider, with what it lacks. It comes back after pauses
 * of chance length, or at once when there is reason to; it notices a server that no longer answers; presence it was
 * told of is not sent back; and what is said of the document is left to whoever listens. No DOM: the socket class is handed in.
 */
import {
  closeCodes,
  decodeServerMessage,
  encodeClientMessage,
  ProtocolError,
  subprotocol,
  tokenSubprotocolPrefix,
  type ClientMessage,
  type ServerMessage,
} from '@quire/protocol'
import type { Awareness } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import { isPermanent, type Close } from './endings.ts'
import { Silence } from './silence.ts'

const quireMessageType = 64
export const syncMessageType = 0
export const presenceMessageType = 1
const firstPauseMs = 200
const maxPauseMs = 5000
/** A server that says it restarts is back in seconds: for so many attempts nobody waits longer than this. */
const restart = { maxPauseMs: 800, attempts: 30 }

export interface Listener {
  /** The socket is open, and nothing has been said yet. */
  opened(): void
  /** Everything but presence. */
  told(message: ServerMessage): void
  /** A connection has ended, or could not be made; another follows by itself. */
  lost(): void
  /** The server will not have us, and nothing is tried again by itself. */
  ended(close: Close): void
  /** The state vector to ask with: what we have, as far as it is not in doubt. */
  stateVector(): Uint8Array
  /** Whether something we sent has yet to be answered. */
  isAwaiting(): boolean
}

export interface ConnectionOptions {
  /** Where documents are synced: `wss://host/sync`, without a slash at the end. */
  readonly syncUrl: string
  readonly documentId: string
  readonly key: string | undefined
  /** The socket class: the browser's `WebSocket` or one of its kind, or `ws` in Node. */
  readonly Socket: typeof WebSocket
  readonly awareness: Awareness
}

export class Connection {
  readonly #provider: WebsocketProvider
  readonly #listener: Listener
  readonly #awareness: Awareness
  readonly #silence: Silence
  /** Handed to us, and not taken up by the server yet. */
  #newerToken: string | undefined
  #attempts = 0
  /** How many are left of those that a server that restarts is given. */
  #eagerAttempts = 0

  /** Connects at once. */
  constructor({ syncUrl, documentId, key, Socket, awareness }: ConnectionOptions, listener: Listener) {
    this.#listener = listener
    this.#awareness = awareness
    this.#silence = new Silence({
      progress: () => this.#provider.ws?.bufferedAmount ?? 0,
      ask: () => this.send({ type: 'query-presence' }),
      giveUp: () => this.startOver(),
    })
    const provider = new WebsocketProvider(syncUrl, encodeURIComponent(documentId), awareness.doc, {
      connect: false,
      awareness,
      protocols: protocolsOf(key),
      WebSocketPolyfill: corrected(Socket, () => listener.stateVector()),
      // Tabs meet at the server and on this device, so that one tab's rights and acknowledgements are never another's.
      disableBc: true,
      shouldReconnect: ({ code }) => this.#comesBack(code),
    })
    this.#provider = provider
    this.#stopEcho()
    awareness.doc.off('update', provider._updateHandler)
    for (const type of [syncMessageType, quireMessageType])
      provider.messageHandlers[type] = (_encoder, decoder) => this.#received(decoder.arr)
    const takePresence = provider.messageHandlers[presenceMessageType]
    provider.messageHandlers[presenceMessageType] = (...message) => {
      takePresence?.(...message)
      this.#heard()
    }
    provider.on('status', ({ status }) => {
      if (status === 'connecting') this.#connecting()
      if (status === 'connected') this.#opened()
    })
    provider.on('connection-close', (event) => this.#lost(event))
    provider.on('closed', (close) => listener.ended(close))
    provider.connect()
  }

  get isOpen(): boolean {
    return this.#provider.wsconnected
  }

  /** Does nothing while there is no connection. */
  send(message: ClientMessage): void {
    if (!this.isOpen) return
    this.#provider.ws?.send(encodeClientMessage(message))
    this.#silence.watch()
  }

  /** The connection has done what it is for, so that the next one that fails is the first to fail. */
  proved(): void {
    this.#attempts = 0
    this.#eagerAttempts = 0
  }

  /** Tries again at once, also after the server would not have us; if there is a connection, finds out whether it still stands. */
  retry(): void {
    if (this.isOpen) this.send({ type: 'query-presence' })
    else this.#provider.connect()
  }

  /** Finds out soon whether the connection still stands, if there is one. */
  doubt(): void {
    if (this.isOpen) this.#silence.doubt()
  }

  /** Connects anew: whoever is at the other end of this socket, another one may reach the server. */
  startOver(): void {
    this.#provider.disconnect()
    this.#provider.connect()
  }

  /** A newer token for the same person. */
  refresh(token: string): void {
    this.#newerToken = token
    this.#provider.protocols = protocolsOf(token)
    this.send({ type: 'refresh', token })
  }

  /** Ends it for good. The awareness is left to whoever made it. */
  close(): void {
    this.#silence.end()
    this.#provider.destroy()
  }

  /** The provider sends every presence it is told of back to the server, a message per person and change. Ours is enough. */
  #stopEcho(): void {
    const provider = this.#provider
    const awareness = this.#awareness
    const sendAll = provider._awarenessUpdateHandler
    const sendOwn: typeof sendAll = (change, origin) => {
      if (origin !== provider && Object.values(change).flat().includes(awareness.clientID))
        sendAll({ added: [], updated: [awareness.clientID], removed: [] }, origin)
    }
    awareness.off('update', sendAll)
    awareness.on('update', sendOwn)
    provider._awarenessUpdateHandler = sendOwn
  }

  #connecting(): void {
    this.#newerToken = undefined // the socket that begins offers it
    this.#silence.watch()
  }

  #opened(): void {
    this.#silence.end()
    this.#listener.opened()
    if (this.#newerToken !== undefined) this.send({ type: 'refresh', token: this.#newerToken })
  }

  #received(frame: Uint8Array): void {
    let message: ServerMessage
    try {
      message = decodeServerMessage(frame)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      // A server that speaks our version does not say such a thing.
      this.#provider.disconnect()
      return this.#listener.ended({ code: closeCodes.version, reason: error.code })
    }
    if (message.type === 'access') this.#newerToken = undefined
    this.#listener.told(message)
    this.#heard()
  }

  #heard(): void {
    if (!this.isOpen) return
    this.#silence.heard(!this.#listener.isAwaiting())
    // The provider gives up by itself what it has not heard from for half a minute.
    this.#provider.wsLastMessageReceived = Date.now() + this.#silence.extraMs
  }

  /** A token that expires while a newer one is on its way is no reason to stop. */
  #comesBack(code: number): boolean {
    return !isPermanent(code) || (code === closeCodes.unauthenticated && this.#newerToken !== undefined)
  }

  #lost(close: { readonly code: number } | null): void {
    this.#silence.end()
    if (close?.code === closeCodes.restart) this.#eagerAttempts = restart.attempts
    // The provider waits as long as this says, once it believes to have tried often enough.
    this.#provider.maxBackoffTime = this.#pauseMs()
    this.#provider.wsUnsuccessfulReconnects = Number.MAX_SAFE_INTEGER
    // The provider drops the others but remembers their clocks, by which they would be ignored when we are back.
    for (const clientId of this.#awareness.meta.keys())
      if (clientId !== this.#awareness.clientID) this.#awareness.meta.delete(clientId)
    if (!close || this.#comesBack(close.code)) this.#listener.lost()
  }

  /** Twice as long each time, and of chance length, so that not everyone is back in the same moment after a restart. */
  #pauseMs(): number {
    const isEager = this.#eagerAttempts > 0
    const pauseMs = Math.min(firstPauseMs * 2 ** this.#attempts, isEager ? restart.maxPauseMs : maxPauseMs)
    this.#attempts++
    if (isEager) this.#eagerAttempts--
    return pauseMs * (0.5 + Math.random() / 2)
  }
}

/**
 * The provider asks for what its document lacks; here the question is put as we want it. And it goes on talking to a socket
 * that is closing, which a browser complains of.
 */
function corrected(Socket: typeof WebSocket, stateVector: () => Uint8Array): typeof WebSocket {
  return class extends Socket {
    override send(data: Parameters<WebSocket['send']>[0]): void {
      if (this.readyState !== this.OPEN) return
      const isQuestion = data instanceof Uint8Array && data[0] === syncMessageType && data[1] === 0
      super.send(isQuestion ? encodeClientMessage({ type: 'sync-step-1', stateVector: stateVector() }) : data)
    }
  }
}

function protocolsOf(key: string | undefined): string[] {
  return key === undefined ? [subprotocol] : [subprotocol, tokenSubprotocolPrefix + key]
}
