/**
 * A document over a connection that comes and goes: y-websocket's provider, with what it lacks. Its frames are
 * counted so that "saved" is what the server said, presence it was told of is not sent back, and after a
 * reconnect we are seen again at once. No DOM: the socket class is handed in.
 */
import {
  cleanName,
  closeCodes,
  decodeServerMessage,
  encodeClientMessage,
  isLinkKey,
  ProtocolError,
  protocolVersion,
  subprotocol,
  tokenSubprotocolPrefix,
  type Role,
  type ServerMessage,
  type User,
} from '@quire/protocol'
import { Awareness } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { Outbox } from './outbox.ts'
import { readPeople, unnamed } from './people.ts'
import type { DocumentSession, Person, Refusal, SessionOptions, SessionState, Trouble } from './session.ts'
import { Troubles } from './troubles.ts'
import { watched } from './watched-socket.ts'

const quireMessageType = 64
const maxTitleLength = 256
/** `ws` and browsers close with this by themselves when a frame is larger than the other side reads at all. */
const messageTooBig = 1009

/** Opens a document and connects; the session stays usable through any loss of the connection. */
export function openDocument(options: SessionOptions): DocumentSession {
  return new ProviderSession(options)
}

class ProviderSession implements DocumentSession {
  readonly doc = new Y.Doc()
  readonly text = this.doc.getText('content')
  readonly awareness = new Awareness(this.doc)
  readonly #meta = this.doc.getMap('meta')
  readonly #provider: WebsocketProvider
  readonly #outbox = new Outbox()
  readonly #troubles = new Troubles()
  readonly #guest: SessionOptions['guest']
  /** Came with a link rather than a token that says who we are. */
  readonly #isGuest: boolean
  readonly #listeners = new Set<() => void>()
  #state: SessionState = { type: 'connecting' }
  #role: Role = 'view'
  #user: User | undefined
  #chosenName: string
  #mayRename: boolean
  /** Handed to us, and not taken up by the server yet. */
  #newerToken: string | undefined
  #hasLoaded = false
  #people: readonly Person[] | undefined
  #isClosed = false

  constructor(options: SessionOptions) {
    this.#guest = options.guest
    this.#isGuest = options.key === undefined || isLinkKey(options.key)
    this.#chosenName = cleanName(options.guest.name)
    this.#mayRename = this.#isGuest
    // Before the provider listens, so that an edit is counted by the time its frame leaves.
    this.doc.on('update', (_update, origin) => this.#updated(origin))
    this.#meta.observe(() => this.#notify())
    this.awareness.on('change', () => this.#peopleChanged())
    this.#provider = this.#connect(options)
  }

  get state(): SessionState {
    return this.#state
  }

  get unsaved(): number {
    return this.#outbox.unsaved
  }

  get trouble(): Trouble {
    return this.#troubles.worst
  }

  get user(): User | undefined {
    return this.#user
  }

  get mayRename(): boolean {
    return this.#mayRename
  }

  get people(): readonly Person[] {
    return (this.#people ??= readPeople(this.awareness))
  }

  get title(): string {
    const title = this.#meta.get('title')
    return typeof title === 'string' ? title.slice(0, maxTitleLength) : ''
  }

  setTitle(title: string): void {
    const next = title.toWellFormed().slice(0, maxTitleLength)
    if (next !== this.title) this.#meta.set('title', next)
  }

  rename(name: string): void {
    if (!this.#mayRename) return
    this.#chosenName = cleanName(name)
    if (this.#user) this.#present({ ...this.#user, name: this.#chosenName })
    this.#notify()
  }

  refresh(token: string): void {
    this.#newerToken = token
    this.#provider.protocols = protocolsOf(token)
    if (this.#provider.wsconnected) return this.#showNewerToken()
    if (!hasLostAccess(this.#state)) return
    this.#state = this.#hasLoaded
      ? { type: 'offline', loaded: true, role: this.#role }
      : { type: 'connecting' }
    this.#provider.connect()
    this.#notify()
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#listeners.clear()
    this.#provider.destroy()
    this.awareness.destroy()
    this.doc.destroy()
  }

  #connect({ syncUrl, documentId, key, Socket }: SessionOptions): WebsocketProvider {
    const provider = new WebsocketProvider(syncUrl, encodeURIComponent(documentId), this.doc, {
      connect: false,
      awareness: this.awareness,
      protocols: protocolsOf(key),
      WebSocketPolyfill: watched(Socket, this.#outbox),
      // Tabs meet at the server, so that one tab's rights and acknowledgements are never another's.
      disableBc: true,
      // A token that expires while a newer one is on its way is no reason to stop.
      shouldReconnect: ({ code }) =>
        !isPermanent(code) || (code === closeCodes.unauthenticated && this.#newerToken !== undefined),
    })
    this.#stopEcho(provider)
    provider.messageHandlers[quireMessageType] = (_encoder, decoder) => this.#received(decoder.arr)
    provider.on('status', ({ status }) => {
      if (status === 'connecting') this.#newerToken = undefined // the socket that begins offers it
      if (status === 'connected') this.#connected()
    })
    provider.on('sync', (isSynced) => {
      if (isSynced) this.#loaded()
    })
    provider.on('connection-close', () => this.#lost())
    provider.on('closed', (close) => this.#refused(refusalOf(close, this.#isGuest)))
    provider.connect()
    return provider
  }

  /** The provider sends every presence it is told of back to the server, a message per person and change. Ours is enough. */
  #stopEcho(provider: WebsocketProvider): void {
    const sendAll = provider._awarenessUpdateHandler
    const sendOwn: typeof sendAll = (change, origin) => {
      if (origin !== provider && Object.values(change).flat().includes(this.awareness.clientID))
        sendAll({ added: [], updated: [this.awareness.clientID], removed: [] }, origin)
    }
    this.awareness.off('update', sendAll)
    this.awareness.on('update', sendOwn)
  }

  #connected(): void {
    this.#outbox.connected()
    const hello = { version: protocolVersion, name: this.#chosenName, guest: this.#guest.secret }
    this.#provider.ws?.send(encodeClientMessage({ type: 'hello', ...hello }))
    this.#showNewerToken()
    // One clock higher than when we were last seen, or those who saw us leave would not see us return.
    if (this.#user) this.awareness.setLocalState(this.awareness.getLocalState())
  }

  #showNewerToken(): void {
    const token = this.#newerToken
    if (token !== undefined) this.#provider.ws?.send(encodeClientMessage({ type: 'refresh', token }))
  }

  #received(frame: Uint8Array): void {
    let message: ServerMessage
    try {
      message = decodeServerMessage(frame)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      // A server that speaks our version does not say such a thing.
      this.#provider.disconnect()
      return this.#refused('version')
    }
    this.#told(message)
  }

  #told(message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        this.#role = message.role
        this.#mayRename = this.#isGuest || message.user.name === ''
        this.#present(this.#mayRename ? { ...message.user, name: this.#chosenName } : message.user)
        break
      case 'saved':
        this.#outbox.acknowledged(message.frames)
        break
      case 'access':
        this.#newerToken = undefined
        this.#role = message.role
        if (this.#state.type === 'live') this.#state = { type: 'live', role: message.role }
        break
      case 'notice':
        this.#troubles.told(message.code)
        break
      default:
        // Sync and presence have handlers of their own.
        break
    }
    this.#notify()
  }

  /** Shows us to the others, under the field names that other Yjs editors use too, as the server will have it anyway. */
  #present(user: User): void {
    const shown = { ...user, name: user.name || unnamed }
    this.#user = shown
    const { id, name, colour } = shown
    this.awareness.setLocalStateField('user', { id, name, color: colour, colorLight: `${colour}33` })
  }

  #loaded(): void {
    this.#hasLoaded = true
    this.#state = { type: 'live', role: this.#role }
    this.#notify()
  }

  #lost(): void {
    this.#troubles.disconnected()
    if (this.#isClosed || this.#state.type === 'refused') return
    // The provider has dropped the others but remembers their clocks, by which they would be ignored when we are back.
    for (const clientId of this.awareness.meta.keys())
      if (clientId !== this.awareness.clientID) this.awareness.meta.delete(clientId)
    this.#state = { type: 'offline', loaded: this.#hasLoaded, role: this.#role }
    this.#notify()
  }

  #refused(refusal: Refusal): void {
    this.#state = { type: 'refused', refusal }
    this.#notify()
  }

  #updated(origin: unknown): void {
    if (origin !== this.#provider) this.#outbox.edited()
    this.#notify()
  }

  #peopleChanged(): void {
    this.#people = undefined
    this.#notify()
  }

  #notify(): void {
    for (const listener of this.#listeners) listener()
  }
}

function protocolsOf(key: string | undefined): string[] {
  return key === undefined ? [subprotocol] : [subprotocol, tokenSubprotocolPrefix + key]
}

function hasLostAccess(state: SessionState): boolean {
  return state.type === 'refused' && (state.refusal === 'access-ended' || state.refusal === 'access-refused')
}

/** y-websocket's rule, and the code of frames that would only be sent again. */
function isPermanent(code: number): boolean {
  return (code >= 4400 && code < 4500) || code === messageTooBig
}

function refusalOf({ code, reason }: { code: number; reason: string }, isGuest: boolean): Refusal {
  switch (code) {
    case closeCodes.unauthenticated:
      if (isGuest) return 'unknown-document'
      return reason === 'token-expired' ? 'access-ended' : 'access-refused'
    case closeCodes.unknownDocument:
      return isGuest ? 'unknown-document' : 'access-refused'
    case closeCodes.forbidden:
      return isGuest ? 'not-allowed' : 'access-refused'
    case closeCodes.tooLarge:
    case messageTooBig:
      return 'too-large'
    case closeCodes.version:
      return 'version'
    default:
      return 'unacceptable-update'
  }
}
