/**
 * A tab: the real session, with what it says held against what is so. It can be put to sleep, be closed, and be killed
 * in the midst of anything.
 */
import { LocalStoreError, openDocument, type DocumentSession } from '@quire/editor/session'
import { mayWrite } from '@quire/protocol'
import * as Y from 'yjs'
import type { Chance } from '../chance.ts'
import type { Letters } from '../letters.ts'
import type { Visitor } from '../server.ts'
import type { World } from '../world.ts'
import type { Device } from './device.ts'
import { Edit, type Edits } from './edits.ts'
import { SimulatedSocket, type Network } from './network.ts'
import { Realm } from './realm.ts'

export interface TabOptions {
  readonly world: World
  readonly edits: Edits
  readonly letters: Letters
  readonly device: Device
  readonly network: Network
  readonly visitor: Visitor
  readonly name: string
  /** Otherwise only letters are typed, by which an edit is found under whatever id. */
  readonly setsTitles: boolean
}

/** A dead line is found out by then: what is shown of us is renewed every 15 s, and not answered for 13. */
const maxDeadMs = 40_000
/** To look at all that a device keeps is dear: it is done as often as that, and whenever a tab goes away. */
const keptEvery = 5

export class Tab {
  readonly name: string
  readonly realm: Realm
  readonly session: DocumentSession
  isClosed = false
  readonly #options: TabOptions
  /** Edits this tab knows of that may not be on disk. */
  #pending = new Set<Edit>()
  #socket: SimulatedSocket | undefined
  #hasRun = false
  #told = ''
  #keptChecks = 0
  #caret = 0

  constructor(options: TabOptions) {
    this.#options = options
    this.name = options.name
    const { world, device, network, visitor } = options
    world.note(this.name, 'opens')
    this.realm = new Realm(world, () => {
      this.#hasRun = true
    })
    let session: DocumentSession | undefined
    this.realm.enter(() => {
      session = openDocument({
        syncUrl: 'ws://quire.example/sync',
        documentId: 'notes',
        key: 'the key of the document',
        guest: { name: visitor.name, secret: visitor.principal },
        Socket: network.socketClass(this.realm, visitor, (socket) => {
          this.#socket = socket
        }),
        openLocal: () => device.open(this.realm, (ids) => this.#knows(ids)),
      })
    })
    if (!session) throw new Error('a tab is awake when it is opened')
    this.session = session
    session.subscribe(() => this.#wasTold())
    this.#wasTold()
  }

  get isAlive(): boolean {
    return !this.isClosed && !this.realm.isDead
  }

  get mayType(): boolean {
    const { state } = this.session
    const isOpen = state.type === 'live' || state.type === 'offline' || state.type === 'connecting'
    return this.isAlive && this.realm.isAwake && isOpen && state.role !== undefined && mayWrite(state.role)
  }

  get isAtRest(): boolean {
    const { state, unsaved, unkept } = this.session
    if (this.#socket?.deadSinceMs !== undefined) return false
    return state.type === 'live' && mayWrite(state.role) && unsaved === 0 && unkept === 0
  }

  /** For people. */
  get standing(): string {
    return this.#standing()
  }

  // ——— what people do ———

  type(chance: Chance): void {
    if (!this.mayType) return
    const { session } = this
    const { text } = session
    const kind = chance.weighed({
      type: 70,
      erase: 20,
      title: this.#options.setsTitles ? 10 : 0,
      paste: text.length < 400 ? 4 : 0,
    })
    switch (kind) {
      case 'type':
      case 'paste': {
        const typed = this.#options.letters.fresh(
          kind === 'paste' ? chance.between(10, 40) : chance.between(1, 3),
        )
        const at = chance.oneIn(4) ? chance.below(text.length + 1) : Math.min(this.#caret, text.length)
        this.#caret = at + typed.length
        this.#edit({ typed, erased: '' }, () => text.insert(at, typed))
        break
      }
      case 'erase': {
        if (text.length === 0) return
        const at = chance.below(text.length)
        const length = Math.min(chance.between(1, 4), text.length - at)
        const erased = text.toString().slice(at, at + length)
        this.#edit({ typed: '', erased }, () => text.delete(at, length))
        break
      }
      case 'title':
        this.#edit({ typed: '', erased: '' }, () => session.setTitle(`title ${chance.below(1_000_000)}`))
        break
    }
  }

  wake(): void {
    this.realm.wake()
    this.realm.enter(() => this.session.wake())
  }

  refresh(token: string): void {
    this.realm.enter(() => this.session.refresh(token))
  }

  discard(): void {
    this.realm.enter(() => {
      this.#options.world.note(this.name, 'discards', this.#standing())
      const givenUp = [...this.#pending]
      for (const edit of givenUp) edit.isGivenUp = true
      this.session.discard().catch((error: unknown) => {
        if (!(error instanceof LocalStoreError)) throw error
        // Nothing is given up while the device cannot be read.
        for (const edit of givenUp) edit.isGivenUp = false
        this.#pending = new Set([...givenUp, ...this.#pending])
      })
    })
  }

  /** As by leaving the page: what has yet to be written is, if `kill` does not come first. */
  close(): void {
    if (!this.isAlive || !this.realm.isAwake) return
    this.#options.world.note(this.name, 'is closed,', this.#standing())
    this.#checkAtLast()
    this.isClosed = true
    this.realm.enter(() => this.session.close())
  }

  /** As by a crash: nothing more is done. */
  kill(): void {
    if (this.realm.isDead) return
    if (this.isAlive) {
      this.#options.world.note(this.name, 'is killed,', this.#standing())
      this.#checkAtLast()
    }
    this.isClosed = true
    this.realm.kill()
    this.#socket?.cut({ clientAfterMs: 0, serverAfterMs: this.#options.world.chance.wait(50) })
  }

  /** It lives to the end: all it knows of has to be saved. */
  staysOpen(): void {
    for (const edit of this.#pending) edit.isInPage = true
  }

  #edit(made: { readonly typed: string; readonly erased: string }, change: () => void): void {
    const { world, edits } = this.#options
    const { doc } = this.session
    const note = (update: Uint8Array, _origin: unknown, _doc: Y.Doc, transaction: Y.Transaction): void => {
      const edit = new Edit({ by: this.name, ...made }, transaction)
      edits.made(edit, update)
      this.#pending.add(edit)
      world.count('edits')
      world.note('', String(edit))
    }
    doc.on('update', note)
    this.realm.enter(change)
    doc.off('update', note)
  }

  // ——— what the session says ———

  #knows(ids: readonly string[]): void {
    for (const edit of this.#options.edits.withIds(ids)) this.#pending.add(edit)
  }

  #wasTold(): void {
    const told = this.#standing()
    if (told !== this.#told) this.#options.world.note(this.name, 'is', told)
    this.#told = told
  }

  /** As it goes away. */
  #checkAtLast(): void {
    this.#hasRun = true
    this.#keptChecks = 0
    this.check()
  }

  #standing(): string {
    const { state, unsaved, unkept, keeping, trouble } = this.session
    const role = 'role' in state ? (state.role ?? 'nobody') : 'nobody'
    return `${state.type} as ${role}, ${unsaved} unsaved, ${unkept} unkept, ${keeping}, trouble ${trouble}`
  }

  /** Whether all it says is so, if it has done anything since it was asked last. */
  check(): void {
    if (!this.#hasRun || !this.isAlive || !this.realm.isAwake) return
    this.#hasRun = false
    const { world } = this.#options
    const standing = this.#standing()
    if (standing !== this.#told)
      world.violated('people are told of every change', `${this.name}: ${standing}`)
    this.#checkConnection()
    if (this.session.state.type === 'loading') return
    this.#checkSaved()
    this.#checkKept()
  }

  #checkConnection(): void {
    const { world } = this.#options
    const { state } = this.session
    if (state.type !== 'live') return
    const socket = this.#socket
    if (socket?.readyState !== SimulatedSocket.OPEN)
      world.violated('who is called live is connected', `${this.name}: ${socket?.readyState ?? 'no socket'}`)
    else if (world.now() - Math.max(socket.deadSinceMs ?? Infinity, this.realm.awakeSinceMs) > maxDeadMs)
      world.violated('a dead line is found out', this.name)
  }

  #checkSaved(): void {
    const { world, edits } = this.#options
    const { unsaved } = this.session
    for (const edit of this.#meant) {
      const isSaved = edits.isOnDisk(edit)
      if (unsaved === 0 && !edit.isGivenUp) {
        edit.isShownSaved = true
        world.count('edits shown as saved')
        if (!isSaved) world.violated('what is shown as saved is on disk', `${this.name}: ${String(edit)}`)
      }
      if (isSaved || edit.isGivenUp || unsaved === 0) this.#pending.delete(edit)
    }
    // What is written anew is one edit more, in the place of many.
    if (!edits.areIdsStolen && this.#meant.length > unsaved)
      world.violated(
        'every edit that is not saved is counted',
        `${this.name}: ${this.#meant.length} of ${unsaved}`,
      )
  }

  /** Those of which it says whether they are saved: whoever could not read the device says so, and speaks for its own alone. */
  get #meant(): readonly Edit[] {
    const isUnread = this.session.keeping === 'unread'
    return [...this.#pending].filter(({ by }) => !isUnread || by === this.name)
  }

  #checkKept(): void {
    const { world, device, edits } = this.#options
    const { unkept, keeping } = this.session
    if (!device.keeps && keeping === 'kept')
      world.violated('who keeps nothing says so', `${this.name}: ${keeping}`)
    const unkeptEdits = [...this.#pending].filter(({ isKept }) => !isKept).length
    if (!edits.areIdsStolen && unkeptEdits > unkept)
      world.violated(
        'every edit that is in this page only is counted',
        `${this.name}: ${unkeptEdits} of ${unkept}`,
      )
    if (unkept > 0 || this.#pending.size === 0 || this.#keptChecks++ % keptEvery !== 0) return
    const { document } = device
    const missing = [...this.#pending].filter((edit) => !edits.isIn(document, edit))
    if (missing.length === 0) return
    // It may build on what others wrote, which the server has and this device is about to write.
    const withSaved = copyOf(document)
    Y.applyUpdate(withSaved, Y.encodeStateAsUpdate(edits.onDisk))
    for (const edit of missing)
      if (!edits.isIn(withSaved, edit))
        world.violated('what is called kept is on the device', `${this.name}: ${String(edit)}`)
  }
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc({ guid: 'copy' })
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  return copy
}
