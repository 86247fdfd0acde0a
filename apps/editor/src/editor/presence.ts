/**
 * Tells the others where our selection stands, and keeps what is known of theirs. Knows awareness as a map of
 * states, not how it travels; how peers look is up to `carets.ts`.
 */
import type { Extension } from '@codemirror/state'
import type { EditorView, PluginValue, ViewUpdate } from '@codemirror/view'
import { ViewPlugin } from '@codemirror/view'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { drawPeers, peersChanged } from './carets.ts'
import type { Cursor } from './cursor.ts'
import { cursorAt, equalCursors } from './cursor.ts'
import type { Peer } from './peers.ts'
import { movePeer, readPeer } from './peers.ts'
import { isFromText } from './sync.ts'

/** How long a caret shows its name after it moved. */
const nameVisibleMs = 2000

/**
 * Publishes our selection as the awareness field `cursor` once the view has had the focus, until it is destroyed, and
 * draws the others' carets and selections. Place it after `ySync(text)`.
 */
export function yPresence(text: Y.Text, awareness: Awareness): Extension {
  return [presence.of({ text, awareness }), drawPeers((view) => view.plugin(presence)?.drawnPeers() ?? [])]
}

type AwarenessChange = {
  readonly added: readonly number[]
  readonly updated: readonly number[]
  readonly removed: readonly number[]
}

class Presence implements PluginValue {
  readonly #view: EditorView
  readonly #text: Y.Text
  readonly #awareness: Awareness
  readonly #peers = new Map<number, Peer>()
  /** The peers whose names are shown, each with the timer that will hide it. */
  readonly #named = new Map<number, ReturnType<typeof setTimeout>>()
  #published: Cursor | undefined
  #publishing = false
  #redrawing = false
  #closed = false

  constructor(view: EditorView, { text, awareness }: { text: Y.Text; awareness: Awareness }) {
    this.#view = view
    this.#text = text
    this.#awareness = awareness
    awareness.on('change', this.#changed)
    for (const clientId of awareness.getStates().keys()) this.#read(clientId)
  }

  /** Everyone whose place is known, and whether to show their name. */
  *drawnPeers(): Iterable<Peer & { readonly isNamed: boolean }> {
    for (const peer of this.#peers.values()) yield { ...peer, isNamed: this.#named.has(peer.clientId) }
  }

  update(update: ViewUpdate): void {
    if (update.docChanged) this.#followChanges(update)
    const { from, to } = update.startState.selection.main
    // Elsewhere in the text the published position keeps its meaning by itself.
    const isTouched = update.docChanged && update.changes.touchesRange(from, to) !== false
    if (update.selectionSet || update.focusChanged || isTouched) this.#publishSoon()
  }

  destroy(): void {
    this.#closed = true
    this.#awareness.off('change', this.#changed)
    for (const timer of this.#named.values()) clearTimeout(timer)
    if (this.#isPublished()) this.#awareness.setLocalStateField('cursor', null)
  }

  #followChanges(update: ViewUpdate): void {
    const isByOthers = update.transactions.some(isFromText)
    for (const [clientId, peer] of this.#peers) {
      // Whoever types does not move in awareness: the letter behind the caret stays the same.
      const types = isByOthers && peer.place && touches(update, peer.place.head)
      this.#peers.set(clientId, movePeer(peer, update.changes, this.#text))
      if (types) this.#showName(clientId)
    }
  }

  readonly #changed = ({ added, updated, removed }: AwarenessChange): void => {
    for (const clientId of [...added, ...updated, ...removed]) this.#read(clientId)
    this.#redrawSoon()
  }

  #read(clientId: number): void {
    if (clientId === this.#awareness.clientID) return this.#publishSoon()
    const before = this.#peers.get(clientId)
    const peer = readPeer(clientId, this.#awareness.getStates().get(clientId), this.#text, before)
    if (!peer) {
      this.#peers.delete(clientId)
      this.#hideName(clientId)
      return
    }
    this.#peers.set(clientId, peer)
    if (!equalCursors(before?.cursor, peer.cursor)) this.#showName(clientId)
  }

  #showName(clientId: number): void {
    clearTimeout(this.#named.get(clientId))
    const timer = setTimeout(() => {
      this.#hideName(clientId)
      this.#redrawSoon()
    }, nameVisibleMs)
    this.#named.set(clientId, timer)
  }

  #hideName(clientId: number): void {
    clearTimeout(this.#named.get(clientId))
    this.#named.delete(clientId)
  }

  /** Later in this turn, since awareness may speak while the view updates, and may speak often. */
  #redrawSoon(): void {
    if (this.#redrawing) return
    this.#redrawing = true
    queueMicrotask(() => {
      this.#redrawing = false
      if (!this.#closed) this.#view.dispatch({ effects: peersChanged.of(null) })
    })
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

const presence = ViewPlugin.fromClass<Presence, { text: Y.Text; awareness: Awareness }>(Presence)

function touches(update: ViewUpdate, position: number): boolean {
  const within = Math.min(position, update.changes.length)
  return update.changes.touchesRange(within, within) !== false
}
