/**
 * Tells the others where our selection stands, and keeps what is known of theirs. Knows awareness as a map of
 * states, not how it travels; how peers look is up to `carets.ts`.
 */
import type { Extension } from '@codemirror/state'
import type { EditorView, PluginValue, ViewUpdate } from '@codemirror/view'
import { ViewPlugin } from '@codemirror/view'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { drawPeers, peersChanged, type DrawnPeer } from './carets.ts'
import type { Cursor } from './cursor.ts'
import { cursorAt, equalCursors } from './cursor.ts'
import type { Peer } from './peers.ts'
import { movePeer, readPeer } from './peers.ts'
import { isFromText, isHoldingBack } from './sync.ts'

/** How long a caret shows its name after it moved, and how long it stands out. */
const namedMs = 2_000
const awakeMs = 60_000

export interface PresenceOptions {
  readonly text: Y.Text
  readonly awareness: Awareness
  /** Called with the clients whose carets have a place in the text, whenever those are others than before. */
  readonly onCaretsChange?: ((clientIds: ReadonlySet<number>) => void) | undefined
}

/**
 * Publishes our selection as the awareness field `cursor` once the view has had the focus, until it is destroyed, and
 * draws the others' carets and selections: named while they move, faint once they have not moved for a minute.
 * Place it after `ySync(text)`.
 */
export function yPresence(options: PresenceOptions): Extension {
  return [presence.of(options), drawPeers((view) => view.plugin(presence)?.drawnPeers() ?? [])]
}

/** Of the carets of these clients, the one that moved last; undefined while none has a place in the text. */
export function latestCaret(view: EditorView, clientIds: readonly number[]): Caret | undefined {
  return view.plugin(presence)?.latestCaret(clientIds)
}

/** Shows a caret's name for a moment, as if it had moved. */
export function nameCaret(view: EditorView, { clientId }: Caret): void {
  view.plugin(presence)?.nameCaret(clientId)
}

export interface Caret {
  readonly clientId: number
  /** In the document of the view. */
  readonly head: number
}

type AwarenessChange = {
  readonly added: readonly number[]
  readonly updated: readonly number[]
  readonly removed: readonly number[]
}

interface Watched {
  peer: Peer
  liveliness: DrawnPeer['liveliness']
  /** Grows with each move of anyone. */
  movedAs: number
  timer: ReturnType<typeof setTimeout> | undefined
}

class Presence implements PluginValue {
  readonly #view: EditorView
  readonly #text: Y.Text
  readonly #awareness: Awareness
  readonly #onCaretsChange: PresenceOptions['onCaretsChange']
  readonly #peers = new Map<number, Watched>()
  #moves = 0
  #placed: ReadonlySet<number> = new Set()
  /** Of whom something came while text and view were not the same. */
  readonly #unread = new Set<number>()
  #published: Cursor | undefined
  #publishing = false
  #redrawing = false
  #closed = false

  constructor(view: EditorView, { text, awareness, onCaretsChange }: PresenceOptions) {
    this.#view = view
    this.#text = text
    this.#awareness = awareness
    this.#onCaretsChange = onCaretsChange
    awareness.on('change', this.#changed)
    for (const clientId of awareness.getStates().keys()) this.#read(clientId)
    if (this.#peers.size > 0) this.#redrawSoon()
  }

  /** Everyone whose cursor is known. */
  *drawnPeers(): Iterable<DrawnPeer> {
    for (const { peer, liveliness } of this.#peers.values()) yield { ...peer, liveliness }
  }

  latestCaret(clientIds: readonly number[]): Caret | undefined {
    const [latest] = clientIds
      .map((clientId) => this.#peers.get(clientId))
      .filter((watched) => watched?.peer.place !== undefined)
      .toSorted((a, b) => (b?.movedAs ?? 0) - (a?.movedAs ?? 0))
    if (!latest?.peer.place) return undefined
    const { clientId, place } = latest.peer
    return { clientId, head: Math.min(place.head, this.#view.state.doc.length) }
  }

  nameCaret(clientId: number): void {
    const watched = this.#peers.get(clientId)
    if (!watched) return
    this.#enliven(watched)
    this.#redrawSoon()
  }

  update(update: ViewUpdate): void {
    if (update.docChanged) this.#followChanges(update)
    if (this.#unread.size > 0 && !isHoldingBack(this.#view)) this.#readRest()
    const { from, to } = update.startState.selection.main
    // Elsewhere in the text the published position keeps its meaning by itself.
    const isTouched = update.docChanged && update.changes.touchesRange(from, to) !== false
    if (update.selectionSet || update.focusChanged || isTouched) this.#publishSoon()
  }

  destroy(): void {
    this.#closed = true
    this.#awareness.off('change', this.#changed)
    for (const { timer } of this.#peers.values()) clearTimeout(timer)
    if (this.#isPublished()) this.#awareness.setLocalStateField('cursor', null)
  }

  #followChanges(update: ViewUpdate): void {
    const isByOthers = update.transactions.some(isFromText)
    for (const watched of this.#peers.values()) {
      const { place } = watched.peer
      // Whoever types does not move in awareness: the letter behind the caret stays the same.
      const types = isByOthers && place && touches(update, place.head)
      watched.peer = movePeer(watched.peer, update.changes, this.#text)
      if (types) this.#moved(watched)
      if (!place && watched.peer.place) this.#redrawSoon()
    }
  }

  readonly #changed = ({ added, updated, removed }: AwarenessChange): void => {
    for (const clientId of [...added, ...updated, ...removed]) this.#unread.add(clientId)
    if (!isHoldingBack(this.#view)) this.#readRest()
  }

  #readRest(): void {
    for (const clientId of this.#unread) this.#read(clientId)
    this.#unread.clear()
    this.#redrawSoon()
  }

  #read(clientId: number): void {
    if (clientId === this.#awareness.clientID) return this.#publishSoon()
    const watched = this.#peers.get(clientId)
    const peer = readPeer(clientId, this.#awareness.getStates().get(clientId), this.#text, watched?.peer)
    if (!peer) {
      clearTimeout(watched?.timer)
      this.#peers.delete(clientId)
    } else if (!watched) {
      const met: Watched = { peer, liveliness: 'named', movedAs: 0, timer: undefined }
      this.#peers.set(clientId, met)
      this.#moved(met)
    } else {
      const hasMoved = !equalCursors(watched.peer.cursor, peer.cursor)
      watched.peer = peer
      if (hasMoved) this.#moved(watched)
    }
  }

  #moved(watched: Watched): void {
    watched.movedAs = ++this.#moves
    this.#enliven(watched)
  }

  #enliven(watched: Watched): void {
    watched.liveliness = 'named'
    clearTimeout(watched.timer)
    watched.timer = setTimeout(() => {
      this.#calm(watched, 'awake')
      watched.timer = setTimeout(() => this.#calm(watched, 'idle'), awakeMs - namedMs)
    }, namedMs)
  }

  #calm(watched: Watched, liveliness: Watched['liveliness']): void {
    watched.liveliness = liveliness
    this.#redrawSoon()
  }

  /** Later in this turn, since awareness may speak while the view updates, and may speak often. */
  #redrawSoon(): void {
    if (this.#redrawing) return
    this.#redrawing = true
    queueMicrotask(() => {
      this.#redrawing = false
      if (this.#closed) return
      this.#view.dispatch({ effects: peersChanged.of(null) })
      this.#tellCarets()
    })
  }

  #tellCarets(): void {
    const placed = [...this.#peers.values()].flatMap(({ peer }) => (peer.place ? [peer.clientId] : []))
    if (placed.length === this.#placed.size && placed.every((clientId) => this.#placed.has(clientId))) return
    this.#placed = new Set(placed)
    this.#onCaretsChange?.(this.#placed)
  }

  /** Later in this turn, when the text has the edit that moved the selection. */
  #publishSoon(): void {
    if (this.#publishing) return
    this.#publishing = true
    queueMicrotask(() => {
      this.#publishing = false
      if (!this.#closed) this.#publish()
    })
  }

  #publish(): void {
    if (!this.#view.hasFocus && !this.#isPublished()) return
    if (isHoldingBack(this.#view)) return void this.#unread.add(this.#awareness.clientID)
    const cursor = cursorAt(this.#text, this.#view.state.selection.main)
    if (this.#isPublished() && equalCursors(this.#published, cursor)) return
    this.#published = cursor
    this.#awareness.setLocalStateField('cursor', cursor)
  }

  /** Whether the cursor that others see is the one this view published. */
  #isPublished(): boolean {
    const state = this.#awareness.getLocalState()
    return state !== null && this.#published !== undefined && state['cursor'] === this.#published
  }
}

const presence = ViewPlugin.fromClass<Presence, PresenceOptions>(Presence)

function touches(update: ViewUpdate, position: number): boolean {
  const within = Math.min(position, update.changes.length)
  return update.changes.touchesRange(within, within) !== false
}
