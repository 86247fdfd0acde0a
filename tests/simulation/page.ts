/**
 * A document open in a page, with a connection that comes and goes: Quire's own session, or a stock y-websocket
 * client. Remembers each edit made here and whether it was shown as saved, and checks what it is told as it comes.
 */
import {
  encodeClientMessage,
  type ClientMessage,
  type PresenceEntry,
  type ServerMessage,
} from '@quire/protocol'
import { Outbox } from '@quire/editor/session/outbox'
import * as Y from 'yjs'
import { SimulatedAwareness, type Origin } from './awareness.ts'
import { hasPending, type Durable } from './durable.ts'
import type { Letters } from './letters.ts'
import { serverMessage, type Server, type Visitor } from './server.ts'
import type { ClientEnd, Quality, Wire } from './wire.ts'
import { describeError, type World } from './world.ts'

/** The origin of what came from somebody else. */
const remote = 'remote'
const maxBackoffMs = 2500

/** What everyone in a run shares. */
export interface Surroundings {
  readonly world: World
  readonly server: Server
  readonly durable: Durable
  readonly letters: Letters
  /** Client ids of honest pages, with who wrote under them. */
  readonly honestIds: Map<number, string>
  /** Client ids under which nothing may be written, since whoever made them up may only read. */
  readonly readerIds: Set<number>
}

/** One local transaction. */
export interface Edit {
  /** Of our client id: the clocks it took, if any. */
  readonly from: number
  readonly to: number
  readonly deletes: readonly { readonly client: number; readonly clock: number; readonly length: number }[]
}

export interface PageOptions {
  readonly visitor: Omit<Visitor, 'clientId' | 'writes'>
  readonly clientId: number
  readonly quality: Quality
  /** Another tab of the same browser, which is told of edits at once (stock clients do that). */
  readonly sibling?: () => Page | undefined
  /** For adversaries: does not answer the server's questions, and hears of every frame that holds an update. */
  readonly isMute?: boolean
  readonly overhears?: (frame: Uint8Array) => void
}

export class Page {
  readonly doc = new Y.Doc({ guid: 'page' })
  readonly text = this.doc.getText('content')
  readonly clientId: number
  readonly awareness: SimulatedAwareness
  /** Every edit made here, in order. */
  readonly edits: Edit[] = []
  /** Those that were shown as saved. */
  readonly saved = new Set<Edit>()
  isClosed = false
  readonly #around: Surroundings
  readonly #options: PageOptions
  readonly #outbox = new Outbox()
  readonly #ownWriting = new WeakSet<Uint8Array>()
  #isWanted = false
  #isSynced = false
  #isRefused = false
  #attempts = 0
  #framesSent = 0
  /** The connection that is being made or is there. */
  #end: ClientEnd | undefined
  #wire: Wire | undefined

  constructor(around: Surroundings, options: PageOptions) {
    this.#around = around
    this.#options = options
    this.clientId = options.clientId
    this.doc.clientID = options.clientId
    if (this.isHonest) around.honestIds.set(options.clientId, this.name)
    const updated = (update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction): void => {
      if (origin !== remote) this.#edited(update, transaction)
    }
    // Just before Yjs makes an update for whoever listens: of most transactions, which are somebody else's, none is needed.
    this.doc.on('afterTransactionCleanup', ({ origin }: Y.Transaction) => {
      if (origin === remote) this.doc.off('update', updated)
      else this.doc.on('update', updated)
    })
    this.awareness = new SimulatedAwareness(around.world, {
      clientId: options.clientId,
      told: (clientIds, origin) => this.#presenceTold(clientIds, origin),
    })
    this.awareness.setLocalState('{}')
    this.#greetSibling()
  }

  get name(): string {
    return this.#options.visitor.name
  }

  get isHonest(): boolean {
    return this.#options.visitor.isHonest
  }

  get isWriter(): boolean {
    return this.#options.visitor.role !== 'view'
  }

  get speaksQuire(): boolean {
    return this.#options.visitor.speaksQuire
  }

  get isOpen(): boolean {
    return this.#wire !== undefined
  }

  get isRefused(): boolean {
    return this.#isRefused
  }

  /** Here, up to date as far as it knows, and with nothing that is nowhere else. */
  get isSettled(): boolean {
    return this.isOpen && this.#isSynced && this.unsaved.length === 0
  }

  /** Edits that may be nowhere but here. A stock client is told nothing, so the disk is asked. */
  get unsaved(): readonly Edit[] {
    if (!this.isWriter) return []
    if (this.speaksQuire) return this.edits.filter((edit) => !this.saved.has(edit))
    return this.edits.filter((edit) => this.missingOf(edit) !== undefined)
  }

  /** What of this edit is not on disk. */
  missingOf({ from, to, deletes }: Edit): string | undefined {
    const { durable } = this.#around
    if (to > from && !durable.reaches(this.clientId, to)) return `structs ${this.clientId}:${from}–${to}`
    const lost = deletes.find(({ client, clock, length }) => !durable.hasDeleted(client, clock, length))
    return lost && `deletion ${lost.client}:${lost.clock}+${lost.length}`
  }

  show(state: string): void {
    this.awareness.setLocalState(state)
  }

  // ——— the connection ———

  goOnline(): void {
    this.#isWanted = true
    if (!this.#end && !this.#isRefused && !this.isClosed) this.#connect()
  }

  /** By closing the connection. */
  goOffline(): void {
    this.#isWanted = false
    const wire = this.#wire
    this.#end = undefined
    wire?.clientCloses()
    if (wire) this.#disconnected()
  }

  /** The network ends the connection. */
  cut(noticed: Parameters<Wire['cut']>[0]): void {
    this.#wire?.cut(noticed)
  }

  /** Reads nothing for a while. */
  lag(forMs: number): void {
    const wire = this.#wire
    if (!wire) return
    wire.pauseReading()
    this.#around.world.after(forMs, () => wire.resumeReading())
  }

  /** The tab is closed: by the person, with a goodbye, or by something that gives no time for one. */
  close({ isSudden }: { readonly isSudden: boolean }): void {
    if (this.isClosed) return
    this.isClosed = true
    if (isSudden) this.cut({ clientAfterMs: 0, serverAfterMs: 0 })
    else this.awareness.setLocalState(undefined)
    this.goOffline()
    this.awareness.close()
  }

  sendRaw(frame: Uint8Array): void {
    this.#wire?.clientSends(frame)
  }

  #connect(): void {
    const { server } = this.#around
    const end: ClientEnd = {
      opened: (wire) => {
        if (this.#end === end) this.#opened(wire)
        else wire.clientCloses()
      },
      received: (frame) => {
        if (this.#end === end) this.#received(frame)
      },
      closed: (code) => {
        if (this.#end === end) this.#closed(code)
      },
    }
    this.#end = end
    const writes = (frame: Uint8Array): boolean => this.#ownWriting.has(frame)
    server.connect(end, { ...this.#options.visitor, clientId: this.clientId, writes }, this.#options.quality)
  }

  #opened(wire: Wire): void {
    this.#wire = wire
    this.#isSynced = false
    this.#framesSent = 0
    this.#outbox.connected()
    this.#around.world.note(this.name, 'is connected')
    // One clock higher than when they last saw us, which stock clients fail to do.
    if (this.speaksQuire && this.awareness.localState !== undefined)
      this.awareness.setLocalState(this.awareness.localState)
    this.#send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(this.doc) })
    if (this.awareness.localState !== undefined)
      this.#send({ type: 'presence', entries: this.awareness.entries([this.clientId]) })
  }

  #closed(code: number): void {
    const { world } = this.#around
    this.#end = undefined
    world.note(this.name, 'is disconnected,', code)
    if (this.#wire) this.#disconnected()
    if (code >= 4400 && code < 4500) {
      this.#isRefused = true
      return
    }
    const backoffMs = Math.min(100 * 2 ** this.#attempts, maxBackoffMs)
    this.#attempts++
    world.after(backoffMs + world.chance.below(backoffMs), () => {
      if (this.#isWanted) this.goOnline()
    })
  }

  #disconnected(): void {
    this.#wire = undefined
    this.#isSynced = false
    this.awareness.dropOthers()
    if (this.speaksQuire) this.awareness.forgetOthers()
  }

  #send(message: ClientMessage): Uint8Array {
    const frame = encodeClientMessage(message)
    this.#wire?.clientSends(frame)
    if (message.type === 'update' || message.type === 'sync-step-2') this.#framesSent++
    return frame
  }

  // ——— what we do ———

  #edited(update: Uint8Array, transaction: Y.Transaction): void {
    const { world, letters } = this.#around
    const from = transaction.beforeState.get(this.clientId) ?? 0
    const to = Y.getState(this.doc.store, this.clientId)
    const deletes = Array.from(transaction.deleteSet.clients, ([client, ranges]) =>
      ranges.map(({ clock, len }) => ({ client, clock, length: len })),
    ).flat()
    this.edits.push({ from, to, deletes })
    if (this.isHonest) letters.noteTransaction(transaction, this.text)
    world.count('edits')
    world.note(this.name, 'edits', `${from}–${to}, ${deletes.length} deletions, ${update.length} B`)
    const id = String(this.edits.length - 1)
    this.#outbox.add({ id, update })
    this.#tellSibling(update)
    if (!this.#wire) return
    const frame = this.#send({ type: 'update', update })
    if (to > from) this.#ownWriting.add(frame)
    this.#outbox.sent([id])
  }

  #presenceTold(clientIds: readonly number[], origin: Origin): void {
    if (!this.#wire) return
    if (this.speaksQuire) {
      if (origin !== 'remote' && clientIds.includes(this.clientId))
        this.#send({ type: 'presence', entries: this.awareness.entries([this.clientId]) })
    } else {
      // Everything, be it our own or what we were just told.
      this.#send({ type: 'presence', entries: this.awareness.entries(clientIds) })
    }
  }

  // ——— what we are told ———

  #received(frame: Uint8Array): void {
    const message = serverMessage(frame)
    if (message.type === 'update' || message.type === 'sync-step-2') this.#options.overhears?.(frame)
    this.#take(message)
  }

  #take(message: ServerMessage): void {
    switch (message.type) {
      case 'sync-step-1':
        if (!this.#options.isMute) this.#answer(message.stateVector)
        break
      case 'sync-step-2':
        this.#apply(message.update)
        this.#isSynced = true
        this.#attempts = 0
        break
      case 'update':
        this.#apply(message.update)
        break
      case 'presence':
        this.#checkPresence(message.entries)
        this.awareness.apply(message.entries)
        break
      case 'saved':
        this.#acknowledged(message.frames)
        break
      default:
        // Notices are for people.
        this.#around.world.note(this.name, 'is told', message.type)
        break
    }
  }

  #answer(stateVector: Uint8Array): void {
    const known = Y.decodeStateVector(stateVector).get(this.clientId) ?? 0
    const frame = this.#send({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(this.doc, stateVector) })
    this.#outbox.sent(this.#outbox.edits.map(({ id }) => id))
    if (Y.getState(this.doc.store, this.clientId) > known) this.#ownWriting.add(frame)
  }

  #apply(update: Uint8Array): void {
    const { world } = this.#around
    try {
      Y.applyUpdate(this.doc, update, remote)
    } catch (error) {
      if (this.isHonest)
        world.violated('everything that is shown can be applied', `${this.name}: ${describeError(error)}`)
    }
    if (!this.isHonest) return
    // A sibling tab may tell of what builds on something that has yet to come from the server.
    if (!this.#options.sibling && hasPending(this.doc))
      world.violated('nothing is shown before what it builds on', this.name)
    if (this.doc.clientID !== this.clientId) {
      world.violated('nobody writes under somebody else’s id', this.name)
      this.doc.clientID = this.clientId
    }
  }

  #acknowledged(frames: number): void {
    if (!this.isHonest) return
    const { world } = this.#around
    if (frames > this.#framesSent) world.violated('no frame is acknowledged that was not sent', this.name)
    for (const id of this.#outbox.acknowledged(frames)) {
      const edit = this.edits[Number(id)]
      if (!edit) continue
      this.saved.add(edit)
      world.count('saved')
      const missing = this.missingOf(edit)
      if (missing) world.violated('nothing is acknowledged before it is durable', `${this.name}: ${missing}`)
    }
  }

  #checkPresence(entries: readonly PresenceEntry[]): void {
    if (!this.isHonest) return
    for (const { clientId, state } of entries) {
      const owner = this.#around.honestIds.get(clientId)
      if (owner !== undefined && state.includes(mark))
        this.#around.world.violated(
          'nobody shows presence under somebody else’s id',
          `${this.name} sees ${owner}`,
        )
    }
  }

  // ——— another tab ———

  #greetSibling(): void {
    const sibling = this.#options.sibling?.()
    if (!sibling) return
    this.#tellSibling(Y.encodeStateAsUpdate(this.doc))
    sibling.#tellSibling(Y.encodeStateAsUpdate(sibling.doc))
  }

  #tellSibling(update: Uint8Array): void {
    if (!this.#options.sibling) return
    this.#around.world.after(2, () => {
      const sibling = this.#options.sibling?.()
      if (sibling && !sibling.isClosed) sibling.#apply(update)
    })
  }
}

/** Found in every presence state that an adversary makes up. */
export const mark = 'not really'
