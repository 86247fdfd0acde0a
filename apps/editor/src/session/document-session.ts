/**
 * A document over a connection that comes and goes, with a copy on this device. Knows of each edit whether it is in this
 * page, on this device or saved, and nothing but the server's word makes it saved. No DOM: socket and store are handed in.
 */
import {
  cleanName,
  closeCodes,
  deletionOf,
  emptyUpdate,
  encodeStateVector,
  isLinkKey,
  mayWrite,
  protocolVersion,
  spliceBytes,
  type Role,
  type ServerMessage,
  type User,
} from '@quire/protocol'
import type { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { Adoption } from './adoption.ts'
import { Connection } from './connection.ts'
import { endingOf, isTakenAway, type Close } from './endings.ts'
import { LocalCopy, type LocalCopyListeners } from './local-copy.ts'
import { LocalStoreError, type Changes, type Edit, type Kept } from './local-store.ts'
import { Outbox } from './outbox.ts'
import { OwnEdits } from './own-edits.ts'
import { Patience } from './patience.ts'
import { unnamed } from './people.ts'
import { draftOf, type Rescue } from './rescue.ts'
import type { DocumentSession, Keeping, Person, SessionOptions, SessionState, Trouble } from './session.ts'
import { SharedDocument } from './shared-document.ts'
import { Told } from './told.ts'
import { Troubles } from './troubles.ts'
import { findTwins } from './twins.ts'
import {
  applyAll,
  clocksOf,
  documentOf,
  isDeletionOnly,
  isTakenIn,
  knowsNothingOf,
  partsOf,
} from './updates.ts'

/** Another tab sends its edits itself; if it has not by then, it is gone or has no connection. */
const adoptMs = 3000
const readAgainMs = 1000
/** An id is given back within half a minute of its owner's leaving: whoever has it for longer than that keeps it. */
const patienceMs = 45_000

/** Opens a document: what this device keeps of it at once, then what the server has. It stays usable through any loss of the connection. */
export function openDocument(options: SessionOptions): DocumentSession {
  return new QuireSession(options)
}

/** The server has told what it has, and asks for the rest. */
interface Question {
  readonly stateVector: Uint8Array
  /** It lacks something that it once said was saved. */
  readonly hasLost: boolean
}

/**
 * Origins of what did not begin here. Known by the transaction and not by the moment: in answer to what is being applied a
 * page may write, and so may Yjs itself.
 */
const fromServer = Symbol('from the server')
const fromDevice = Symbol('from this device')
type Source = typeof fromServer | typeof fromDevice

class QuireSession implements DocumentSession {
  readonly #options: SessionOptions
  readonly #entrance: string
  readonly #copy: LocalCopy
  readonly #outbox = new Outbox()
  readonly #own: OwnEdits
  readonly #troubles = new Troubles()
  /** Came with a link rather than a token that says who we are. */
  readonly #isGuest: boolean
  /** A link is to one document for ever; a name is given to another one once that is deleted. */
  readonly #hasLink: boolean
  readonly #listeners = new Set<() => void>()
  #shared: SharedDocument
  #connection: Connection | undefined
  #key: string | undefined
  #state: SessionState = { type: 'loading' }
  #role: Role | undefined
  #user: User | undefined
  #chosenName: string
  #mayRename: boolean
  /** The next clocks of what was saved of the document when it was loaded; undefined once the server has told what it has. */
  #loaded: ReadonlyMap<number, number> | undefined = new Map()
  /** What the server had when it asked last, before it told any of it. */
  #theirs: Uint8Array | undefined
  /** Since the server was asked last. */
  #toldSince = new Told()
  /** The server has told something that was not here. */
  #hasNews = false
  #isSynced = false
  /** The server may hold something else under ids of ours, or what our edits build on, until it has told what it holds. */
  #isInDoubt = false
  /** It has been asked for everything, since what this device keeps is not to be relied on. */
  #hasAskedForAll = false
  /** What came from other tabs or from this device while the document was begun. */
  #meanwhile: (() => void)[] = []
  /** The server's question, which waits for that. */
  #unanswered: Question | undefined
  /** Edits of other tabs that these are to send themselves. */
  readonly #awaited = new Adoption(adoptMs, (ids) => this.#adopt(ids))
  /** What is unsaved is to be written anew, as soon as the server has told how much of it it has. */
  #isToRewrite = false
  /** The server has refused an edit of ours, and since then neither stored one nor said that we may only read. */
  #wasForbidden = false
  /** The server has said that the document is not ours to open, or no more. */
  #isTakenAway = false
  /** With a server that has an edit and does not store it. */
  readonly #patience = new Patience(patienceMs, () => this.#waitedTooLong())
  /** `asking`: it has had one for long, and is asked whether it says so only late. `in vain`: it does not, so that our ids are somebody else's. */
  #waiting: 'no' | 'asking' | 'in vain' = 'no'
  #isClosed = false

  constructor(options: SessionOptions) {
    this.#options = options
    this.#key = options.key
    this.#entrance = options.entrance ?? options.key ?? ''
    this.#hasLink = options.key !== undefined && isLinkKey(options.key)
    this.#isGuest = options.key === undefined || this.#hasLink
    this.#chosenName = cleanName(options.guest.name)
    this.#mayRename = this.#isGuest
    this.#shared = this.#makeDocument()
    const unavailable = new LocalStoreError('unavailable', 'nothing is kept here')
    const listeners: LocalCopyListeners = {
      changed: () => {
        this.#tidy()
        this.#notify()
      },
      heard: (changes) => this.#heardFromTab(changes),
      isOfAnother: ({ saved }) => {
        const theirs = this.#loaded ? this.#theirs : Y.encodeStateVector(this.#doc)
        return theirs !== undefined && this.#isAnother(clocksOf(documentOf(saved)), theirs)
      },
      came: (kept) => this.#cameLate(kept),
    }
    const openLocal = options.openLocal ?? (() => Promise.reject(unavailable))
    this.#copy = new LocalCopy(openLocal, listeners, options.oncePainted)
    this.#own = new OwnEdits(this.#outbox, this.#copy)
    void this.#begin(this.#copy.load())
  }

  get doc(): Y.Doc {
    return this.#doc
  }

  get text(): Y.Text {
    return this.#shared.text
  }

  get awareness(): Awareness {
    return this.#shared.awareness
  }

  get state(): SessionState {
    return this.#state
  }

  get unsaved(): number {
    return this.#outbox.size + (this.#isOfAnother ? 1 : 0)
  }

  get unkept(): number {
    return this.#copy.unkept
  }

  get keeping(): Keeping {
    return this.#copy.problem ?? 'kept'
  }

  get trouble(): Trouble {
    const isReader = this.#state.type === 'live' && !mayWrite(this.#state.role)
    // What another tab types through a link of its own is that tab's to save.
    const isHeldBack = isReader && this.#outbox.edits.some(({ id }) => !this.#awaited.has(id))
    return isHeldBack ? 'read-only' : this.#troubles.worst
  }

  get user(): User | undefined {
    return this.#user
  }

  get mayRename(): boolean {
    return this.#mayRename
  }

  get people(): readonly Person[] {
    return this.#shared.people
  }

  // Like the text, title and language are not for who has never been let in.

  get title(): string {
    return this.#role === undefined ? '' : this.#shared.title
  }

  setTitle(title: string): void {
    this.#shared.setTitle(title)
  }

  get language(): string {
    return this.#role === undefined ? '' : this.#shared.language
  }

  setLanguage(language: string): void {
    this.#shared.setLanguage(language)
  }

  rename(name: string): void {
    if (!this.#mayRename) return
    this.#chosenName = cleanName(name)
    if (this.#user) this.#present({ ...this.#user, name: this.#chosenName })
    this.#notify()
  }

  refresh(token: string): void {
    this.#key = token
    this.#connection?.refresh(token)
    if (hasLostAccess(this.#state)) this.#comeBack()
  }

  wake(): void {
    if (this.#state.type !== 'refused' && this.#state.type !== 'gone') this.#connection?.retry()
  }

  doubt(): void {
    this.#connection?.doubt()
  }

  async rescue(): Promise<Rescue> {
    const doc = this.#doc
    if (this.#isOfAnother) return { saved: { title: '', text: '' }, own: draftOf(doc) }
    const { saved } = await this.#copy.reload()
    if (doc !== this.#doc || !this.#takeTheirs(saved, fromDevice)) return this.rescue()
    return { saved: draftOf(documentOf(saved)), own: draftOf(doc) }
  }

  async reapply(): Promise<void> {
    if (this.#isOfAnother || !(await this.#mayBeginAnew())) return
    this.#isToRewrite = true
    this.#become({ type: this.#role ? 'offline' : 'connecting', role: this.#role })
    this.#connection?.startOver()
  }

  async discard(): Promise<void> {
    // What comes here from now on is not what the person has seen.
    const dropped = this.#outbox.edits.map(({ id }) => id)
    if (!(await this.#mayBeginAnew())) return
    if (this.#isOfAnother) return this.#forgetOther()
    this.#copy.write({ dropped })
    this.#isToRewrite = false
    if (this.#state.type !== 'gone') return this.#restart()
    const doc = this.#doc
    await this.#copy.written()
    // Whoever has begun anew meanwhile has done so without what was dropped.
    if (this.#isClosed || doc !== this.#doc) return
    this.#outbox.remove(dropped)
    this.#forgetIfDone()
    this.#become({ type: 'gone', role: undefined })
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#listeners.clear()
    this.#leave()
    this.#copy.close()
  }

  // ——— the document ———

  get #doc(): Y.Doc {
    return this.#shared.doc
  }

  #makeDocument(): SharedDocument {
    return new SharedDocument({
      updated: (update, origin) => this.#updated(update, origin),
      changed: () => this.#notify(),
    })
  }

  async #begin(loading: Promise<Kept>, replaced: readonly string[] = []): Promise<void> {
    const doc = this.#doc
    const kept = await loading
    if (this.#isClosed || doc !== this.#doc) return
    this.#own.renames = kept.renames
    this.#role ??= kept.roles.get(this.#entrance)
    applyAll(doc, kept.saved, fromDevice)
    this.#takeOurs(kept.unsaved)
    // Not before, or for a moment it would look as if all were saved.
    const isKept = new Set(kept.unsaved.map(({ id }) => id))
    this.#outbox.remove(replaced.filter((id) => !isKept.has(id)))
    this.#loaded = this.#own.savedClocks(doc)
    this.#become({ type: 'connecting', role: this.#role })
    // Whoever was told of that may have had enough.
    if (this.#isClosed) return
    this.#connect()
    for (const take of this.#meanwhile.splice(0)) take()
  }

  /** Lets go of connection and document. */
  #leave(): void {
    this.#awaited.clear()
    this.#stopWaiting()
    this.#connection?.close()
    this.#connection = undefined
    this.#shared.destroy()
  }

  /** Rejects if this device cannot be read just now. Not if the session was closed meanwhile, or has begun anew by itself. */
  async #mayBeginAnew(): Promise<boolean> {
    const doc = this.#doc
    await this.#copy.reload()
    return !this.#isClosed && doc === this.#doc
  }

  /** Everything kept, as soon as this device can be read; nothing if the session is closed before. */
  async #reload(): Promise<Kept> {
    while (!this.#isClosed) {
      try {
        return await this.#copy.reload()
      } catch (error) {
        if (!(error instanceof LocalStoreError)) throw error
        await new Promise((resolve) => setTimeout(resolve, readAgainMs))
      }
    }
    return { saved: [], unsaved: [], roles: new Map(), renames: [] }
  }

  /** Writes what is unsaved anew, upon what is saved. */
  async #rewrite(): Promise<void> {
    const doc = this.#doc
    const [{ rewrite }, kept] = await Promise.all([import('./rewrite.ts'), this.#reload()])
    if (this.#isClosed || doc !== this.#doc) return
    // Another tab may have been told more than this one, and what is not here would be taken for deleted.
    if (!this.#takeTheirs(kept.saved, fromDevice)) return
    this.#isToRewrite = false
    const from = this.#outbox.edits.map(({ id }) => id)
    const to = this.#own.editsOf(rewrite(documentOf(kept.saved), draftOf(doc)))
    this.#copy.write({ rewritten: { from, to } })
    await this.#restart()
  }

  /** The document stays in sight, and may be written in, until there is another to put in its place. */
  async #beginAnew(): Promise<void> {
    const doc = this.#doc
    this.#connection?.close()
    this.#connection = undefined
    await this.#reload()
    if (!this.#isClosed && doc === this.#doc) await this.#restart()
  }

  /** Puts a document in the place of this one that holds what this device keeps. */
  async #restart(): Promise<void> {
    const { user } = this
    this.#leave()
    // They count as unsaved until it is known what stands in their place.
    const replaced = this.#outbox.edits.map(({ id }) => id)
    this.#isSynced = false
    this.#meanwhile = []
    this.#shared = this.#makeDocument()
    if (user) this.#present(user)
    this.#become({ type: 'loading' })
    await this.#begin(this.#reload(), replaced)
  }

  #updated(update: Uint8Array, origin: unknown): void {
    if (origin === fromServer) this.#hasNews = true
    else if (origin !== fromDevice) this.#edited(update)
    this.#notify()
  }

  #edited(update: Uint8Array): void {
    // A document tidies up by itself (formatting marks around nothing): of a reader, that is nobody else's affair.
    if (!this.#mayWrite && isDeletionOnly(update)) return
    this.#sendEdits([this.#own.made(update)])
  }

  #heardFromTab(changes: Changes): void {
    if (this.#state.type === 'loading') {
      this.#meanwhile.push(() => this.#heardFromTab(changes))
      return
    }
    // It may have been given up there, and what is of the new document has no place in this one.
    if (this.#isOfAnother) return void this.#restart()
    const { saved, unsaved, renamed, settled, dropped, rewritten } = changes
    const news = (unsaved ?? []).filter(({ id }) => !this.#outbox.has(id))
    this.#awaited.add(news.map(({ id }) => id))
    // While we are connected, the server tells us of what is saved as well. All this is kept, so that a new beginning finds it.
    if (this.#state.type !== 'live' && !this.#takeTheirs(saved ?? [], fromDevice)) return
    this.#takeOurs(news)
    if (renamed && this.#own.learn(renamed.renames)) return void this.#beginAnew()
    this.#outbox.remove(settled ?? [])
    const givenUp = dropped && !this.#own.keepAgain(dropped) ? dropped : []
    if ([...givenUp, ...(rewritten?.from ?? [])].some((id) => this.#outbox.has(id))) void this.#restart()
    this.#notify()
  }

  /** What this device keeps has come when the document was in use already. What of it is unsaved is in doubt as ever. */
  #cameLate(kept: Kept): void {
    if (this.#state.type === 'loading') {
      this.#meanwhile.push(() => this.#cameLate(kept))
      return
    }
    const isCopyNews = this.#role === undefined && kept.roles.has(this.#entrance)
    this.#role ??= kept.roles.get(this.#entrance)
    if (!this.#state.role) this.#state = { ...this.#state, role: this.#role }
    if (!this.#takeTheirs(kept.saved, fromDevice)) return
    if (this.#own.learn(kept.renames)) return void this.#beginAnew()
    this.#takeOurs(kept.unsaved)
    const isStopped = this.#state.type === 'refused' || this.#state.type === 'gone'
    // What of it is saved may be of another document than the server's, which is seen when it asks.
    if (this.#loaded) this.#loaded = this.#own.savedClocks(this.#doc)
    const isToBeAsked = kept.unsaved.length > 0 || (this.#loaded && !this.#hasLink)
    if (isToBeAsked && !isStopped) this.#connection?.startOver()
    // To whoever has a copy, what the server does not know is not gone.
    if (isCopyNews && this.#state.type === 'gone') this.#comeBack()
    this.#forgetIfDone()
    this.#notify()
  }

  /** Edits that were kept, or that another tab has made. */
  #takeOurs(edits: readonly Edit[]): void {
    applyAll(this.#doc, this.#own.take(edits, this.#doc), fromDevice)
  }

  /** What the server has. Returns false if edits of ours have to give way to it, so that the document begins anew. */
  #takeTheirs(saved: readonly Uint8Array[], source: Source): boolean {
    if (this.#own.giveWayTo(saved)) {
      void this.#beginAnew()
      return false
    }
    applyAll(this.#doc, saved, source)
    return true
  }

  #deleteTwins(): void {
    const twins = this.#maySend ? findTwins(this.#doc, this.#own.renames) : []
    if (twins.length > 0) Y.applyUpdate(this.#doc, deletionOf(twins))
  }

  /** Sends what another tab has not. */
  #adopt(ids: readonly string[]): void {
    this.#sendEdits(this.#held(this.#outbox.edits.filter(({ id }) => ids.includes(id))))
    this.#notify()
  }

  // ——— the connection ———

  #connect(): void {
    const { syncUrl, documentId, Socket } = this.#options
    this.#connection = new Connection(
      { syncUrl, documentId, key: this.#key, Socket, awareness: this.awareness },
      {
        opened: () => this.#opened(),
        told: (message) => this.#told(message),
        lost: () => this.#lost(),
        ended: (close) => this.#ended(close),
        stateVector: () => this.#question(),
        isAwaiting: () => !this.#isSynced || this.#outbox.isAwaiting,
      },
    )
  }

  #comeBack(): void {
    this.#become({ type: this.#role ? 'offline' : 'connecting', role: this.#role })
    this.#connection?.retry()
  }

  #opened(): void {
    this.#isSynced = false
    this.#unanswered = undefined
    this.#outbox.connected()
    const { secret } = this.#options.guest
    this.#connection?.send({ type: 'hello', version: protocolVersion, name: this.#chosenName, guest: secret })
    if (this.#user) this.#shared.presentAgain()
  }

  /** What we have, but for what we wrote that is not known to be saved: the server may hold something else there. */
  #question(): Uint8Array {
    // Also for a deletion: what it deletes may not be here before the server has told it.
    this.#isInDoubt = this.#outbox.size > 0
    this.#toldSince = new Told()
    // What is written anew is what differs from what is kept, so that nothing may be missing there.
    this.#hasAskedForAll = this.#isToRewrite || this.#copy.mayBeForgotten
    return encodeStateVector(this.#hasAskedForAll ? new Map() : this.#own.savedClocks(this.#doc))
  }

  #told(message: ServerMessage): void {
    if (!this.#connection) return
    switch (message.type) {
      case 'welcome':
        this.#allowed(message.role)
        this.#mayRename = this.#isGuest || message.user.name === ''
        this.#present(this.#mayRename ? { ...message.user, name: this.#chosenName } : message.user)
        break
      case 'sync-step-1':
        this.#asked(message.stateVector)
        break
      case 'update':
      case 'sync-step-2':
        if (!this.#take(message.update)) return
        if (message.type === 'sync-step-2') this.#toldAll()
        break
      case 'saved':
        this.#settled(this.#outbox.acknowledged(message.frames))
        this.#stopWaiting()
        if (this.#outbox.isAwaiting) this.#patience.begin()
        break
      case 'access':
        this.#allowed(message.role)
        if (this.#state.type === 'live') this.#keepRole(message.role)
        break
      case 'notice':
        this.#troubles.told(message.code)
        break
      default:
        // Presence has a handler of its own.
        break
    }
    this.#notify()
  }

  #allowed(role: Role): void {
    this.#role = role
    // It knows, and has said so: what it refuses after another change is no contradiction.
    if (!mayWrite(role)) this.#wasForbidden = false
    // Said before the text has arrived, it counts for what of the text is shown by now.
    if ('role' in this.#state && this.#state.role) this.#state = { ...this.#state, role }
  }

  get #mayWrite(): boolean {
    return this.#role !== undefined && mayWrite(this.#role)
  }

  /** Of what is in doubt nothing is said until it is known what the server holds there. */
  get #maySend(): boolean {
    return this.#mayWrite && !this.#isToRewrite && (this.#isSynced || !this.#isInDoubt)
  }

  #asked(stateVector: Uint8Array): void {
    this.#theirs = stateVector
    if (this.#isAnother(this.#loaded, stateVector)) return this.#foundAnother()
    // What it tells from now on it need not have had when it asked.
    const question = { stateVector, hasLost: this.#own.areLost(this.#doc, stateVector) }
    if (this.#isInDoubt && !this.#isSynced) this.#unanswered = question
    else this.#answer(question)
  }

  /** Whether the server's is another document than one of which these were the next clocks of what was saved. */
  #isAnother(clocks: ReadonlyMap<number, number> | undefined, stateVector: Uint8Array): boolean {
    return !this.#hasLink && clocks !== undefined && knowsNothingOf(clocks, stateVector)
  }

  /** Nothing of what is here is told, and nothing taken, until somebody has seen what is here and gives it up. */
  #foundAnother(): void {
    const { title, text } = draftOf(this.#doc)
    // Of what has neither there is nothing to be seen, and nothing to be decided.
    const isSeen = title !== '' || text !== ''
    if (isSeen) this.#become({ type: 'refused', refusal: 'another-document', role: this.#role })
    this.#connection?.close()
    this.#connection = undefined
    if (!isSeen) void this.#forgetOther()
  }

  get #isOfAnother(): boolean {
    return this.#state.type === 'refused' && this.#state.refusal === 'another-document'
  }

  #forgetOther(): Promise<void> {
    this.#copy.write({ dropped: this.#outbox.edits.map(({ id }) => id) })
    this.#copy.leave(this.#entrance)
    this.#role = undefined
    return this.#restart()
  }

  #answer({ stateVector, hasLost }: Question): void {
    if (this.#waiting === 'in vain' && this.#maySend) {
      this.#waiting = 'no'
      this.#own.renameFrom(Y.decodeStateVector(stateVector))
      return void this.#beginAnew()
    }
    // Whoever may only read has nothing to tell; what they wrote while they could write is theirs to take elsewhere.
    const update = this.#maySend ? Y.encodeStateAsUpdate(this.#doc, stateVector) : emptyUpdate
    if (this.#maySend && hasLost) this.#own.lost(update)
    const ids = this.#maySend ? this.#held(this.#outbox.edits).map(({ id }) => id) : []
    if (!this.#maySend) this.#outbox.withheld()
    const parts = partsOf(update)
    for (const part of parts.slice(0, -1)) this.#sendUpdate('update', part, [])
    this.#sendUpdate('sync-step-2', parts.at(-1) ?? emptyUpdate, ids)
  }

  #sendUpdate(type: 'update' | 'sync-step-2', update: Uint8Array, ids: readonly string[]): void {
    this.#outbox.sent(ids)
    if (ids.length > 0) this.#patience.begin()
    this.#connection?.send({ type, update })
  }

  #stopWaiting(): void {
    this.#patience.end()
    if (this.#waiting === 'asking') this.#waiting = 'no'
  }

  /** A store that fails, or a document that is full, says so. What else keeps the server from storing our edits is that their ids are not ours. */
  #waitedTooLong(): void {
    if (!this.#maySend || this.#outbox.ids.size === 0 || this.#troubles.worst !== 'none') return
    this.#waiting = 'asking'
    // A page that was asleep has yet to hear what was said meanwhile; the answer comes after it.
    this.#connection?.send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(this.#doc) })
  }

  /** Those that the document has taken in. What builds on something that is not here is not in what we answer. */
  #held(edits: readonly Edit[]): readonly Edit[] {
    return edits.filter(({ update }) => isTakenIn(this.#doc, update))
  }

  #sendEdits(edits: readonly Edit[]): void {
    if (edits.length === 0 || !this.#connection?.isOpen || !this.#maySend) return
    const parts = partsOf(spliceBytes(edits.map(({ update }) => update)))
    for (const part of parts.slice(0, -1)) this.#sendUpdate('update', part, [])
    const [last = emptyUpdate] = parts.slice(-1)
    this.#sendUpdate(
      'update',
      last,
      edits.map(({ id }) => id),
    )
  }

  /** Returns whether the document took it in. */
  #take(update: Uint8Array): boolean {
    if (this.#outbox.size > 0) this.#toldSince.add(update)
    // Of what is here already, unsaved or no longer kept, the document says nothing.
    this.#hasNews = !this.#isSynced && (this.#isInDoubt || this.#hasAskedForAll)
    if (!this.#takeTheirs([update], fromServer)) return false
    if (this.#isSynced) this.#deleteTwins()
    // What the document made of it may be about words of ours that are not saved: it deletes a title that loses to theirs.
    if (this.#hasNews) this.#copy.write({ saved: [update] })
    if (this.#isSynced) this.#settleTold()
    return true
  }

  /** Whoever may only read sends nothing, so that nothing they wrote before is acknowledged any more. */
  #settleTold(): void {
    if (this.#mayWrite || this.#outbox.size === 0) return
    const told = this.#outbox.edits.filter(({ update }) => this.#toldSince.has(update)).map(({ id }) => id)
    this.#outbox.remove(told)
    this.#settled(told)
  }

  /** For when the document is opened without a network. */
  #keepRole(role: Role): void {
    this.#copy.write({ role: { entrance: this.#entrance, role } })
  }

  #toldAll(): void {
    if (!this.#isSynced) return this.#synced()
    if (this.#waiting !== 'asking') return
    this.#waiting = 'in vain'
    this.#connection?.startOver()
  }

  #synced(): void {
    this.#isSynced = true
    this.#isInDoubt = false
    this.#loaded = undefined
    this.#connection?.proved()
    const role = this.#role ?? 'view'
    this.#state = { type: 'live', role }
    this.#keepRole(role)
    this.#settleTold()
    const question = this.#unanswered
    this.#unanswered = undefined
    if (question) this.#answer(question)
    // Answering may have made us begin anew.
    if (!this.#connection) return
    this.#deleteTwins()
    if (this.#isToRewrite) void this.#rewrite()
  }

  #settled(ids: readonly string[]): void {
    if (ids.length === 0) return
    this.#wasForbidden = false
    this.#copy.write({ settled: ids })
  }

  /** Asked whenever something has been written, since only what is written can be joined. */
  #tidy(): void {
    if (this.#outbox.size > 0 || this.#state.type !== 'live' || this.#doc.store.pendingStructs) return
    this.#copy.tidy(() => Y.encodeStateAsUpdate(this.#doc))
  }

  #lost(): void {
    this.#stopWaiting()
    this.#troubles.disconnected()
    if (this.#isClosed || this.#state.type === 'refused' || this.#state.type === 'gone') return
    this.#become({ type: 'offline', role: this.#role })
  }

  #ended({ code, reason }: Close): void {
    this.#troubles.disconnected()
    const role = this.#role
    // We wrote before we heard that we have lost the right to; reading goes on.
    if (code === closeCodes.forbidden && this.#outbox.isAwaiting && !this.#wasForbidden) {
      this.#wasForbidden = true
      this.#role = 'view'
      return this.#comeBack()
    }
    const ending = endingOf({ code, reason }, { isGuest: this.#isGuest, hasCopy: role !== undefined })
    this.#isTakenAway = isTakenAway({ code, reason }, this.#isGuest)
    this.#state = ending === 'gone' ? { type: 'gone', role } : { type: 'refused', refusal: ending, role }
    // Before anybody hears of it, who may then close this.
    this.#forgetIfDone()
    this.#notify()
  }

  /** Who may no longer open the document keeps of it what they have not saved, and nothing else. */
  #forgetIfDone(): void {
    const { state } = this
    if (!this.#isTakenAway || (state.type !== 'gone' && state.type !== 'refused')) return
    if (!state.role || this.#outbox.size > 0) return
    this.#copy.leave(this.#entrance)
  }

  #present(user: User): void {
    this.#user = { ...user, name: user.name || unnamed }
    this.#shared.present(this.#user)
  }

  #become(state: SessionState): void {
    this.#state = state
    this.#notify()
  }

  #notify(): void {
    for (const listener of this.#listeners) listener()
  }
}

function hasLostAccess(state: SessionState): boolean {
  return state.type === 'refused' && ['access-ended', 'access-refused', 'missing'].includes(state.refusal)
}
