/**
 * Our edits that are not saved, under the ids they go by: what is made here, what was kept and what other tabs make. Where the
 * server has something else under an id of ours, ours gets another; the device is told, and with it the other tabs.
 */
import * as Y from 'yjs'
import { structsIn, structsOf, type Theirs } from './disputes.ts'
import type { LocalCopy } from './local-copy.ts'
import type { Edit, Rename } from './local-store.ts'
import type { Outbox } from './outbox.ts'
import { idsIn, idsOf, mentioned, named, renamed, renameFor, together, withoutRenamed } from './renames.ts'
import { clientsOf, clocksOf } from './updates.ts'

export class OwnEdits {
  /** All that are known. */
  renames: readonly Rename[] = []
  readonly #outbox: Outbox
  readonly #copy: LocalCopy
  /** Two sessions never name two edits alike. */
  readonly #tab = Math.random().toString(36).slice(2)
  #count = 0

  constructor(outbox: Outbox, copy: LocalCopy) {
    this.#outbox = outbox
    this.#copy = copy
  }

  /** Written here just now. */
  made(update: Uint8Array): Edit {
    return this.#kept(this.#edit(update, together([...this.#outbox.ids, ...idsIn(update)])))
  }

  /**
   * Another tab has given these up, for it knew of no others, and this one has others that may build on them: then they stay.
   * Returns whether they do.
   */
  keepAgain(dropped: readonly string[]): boolean {
    const known = this.#outbox.edits.filter(({ id }) => dropped.includes(id))
    if (known.length === 0 || known.length === this.#outbox.size) return false
    for (const edit of known) this.#kept(edit)
    return true
  }

  /** Saved once, and lost by the server. What is under renamed ids in it is somebody else's. */
  lost(update: Uint8Array): void {
    this.#kept(this.#edit(update, withoutRenamed(idsIn(update), this.renames)))
  }

  /** Updates that stand in the place of all edits there are. */
  editsOf(updates: readonly Uint8Array[]): readonly Edit[] {
    const ours = together(updates.flatMap((update) => [...idsIn(update)]))
    return updates.map((update) => this.#edit(update, ours))
  }

  /** Edits that were kept, or that another tab has made. Returns what of them `doc` is to take. */
  take(made: readonly Edit[], doc: Y.Doc): readonly Uint8Array[] {
    const edits = this.#named(made, structsOf(doc))
    for (const edit of edits) this.#outbox.add(edit)
    return edits.map(({ update }) => update)
  }

  /**
   * Whether the server has something else under ids of ours. Then these have got others, and a document that holds them under
   * the old ones is of no use any more.
   */
  giveWayTo(saved: readonly Uint8Array[]): boolean {
    const { ids, edits } = this.#outbox
    const touching =
      ids.size === 0 ? [] : saved.filter((update) => clientsOf(update).some((id) => ids.has(id)))
    if (touching.length === 0) return false
    const known = this.renames.length
    this.#named(edits, structsIn(Y.mergeUpdates(touching)))
    return this.renames.length > known
  }

  /** What another tab has found out. Returns whether edits that are here have other ids by that. */
  learn(renames: readonly Rename[]): boolean {
    const isKnown = (one: Rename): boolean =>
      this.renames.some(({ client, clock }) => client === one.client && clock === one.clock)
    this.renames = [...this.renames, ...renames.filter((each) => !isKnown(each))]
    return this.#outbox.edits.some((edit) => renamed(edit, this.renames) !== edit)
  }

  /** For each client the next clock that is not known to be saved. */
  savedClocks(doc: Y.Doc): Map<number, number> {
    const known = clocksOf(doc)
    for (const [client, { clock }] of this.#outbox.edits.flatMap(({ update }) => [...idsIn(update)]))
      known.set(client, Math.min(clock, known.get(client) ?? 0))
    return known
  }

  /** Whether the server no longer has what it once said was saved: it stands on an older backup. */
  areLost(doc: Y.Doc, stateVector: Uint8Array): boolean {
    const theirs = Y.decodeStateVector(stateVector)
    return [...this.savedClocks(doc)].some(([client, clock]) => clock > (theirs.get(client) ?? 0))
  }

  /** Gives other ids to all that the server does not have, whose next clocks are `stored`. */
  renameFrom(stored: ReadonlyMap<number, number>): void {
    const { ids, edits } = this.#outbox
    const renames = [...ids].flatMap(([client, { clock: first, end }]) => {
      const clock = Math.max(first, stored.get(client) ?? 0)
      const edit = edits.find((each) => (idsOf(each).get(client)?.end ?? 0) > clock)
      return edit && clock < end ? [renameFor({ client, clock, edit })] : []
    })
    this.#tell({ renames, before: edits, after: edits.map((edit) => renamed(edit, renames)) })
  }

  #edit(update: Uint8Array, ours: NonNullable<Edit['ours']>): Edit {
    return { id: `${this.#tab}-${this.#count++}`, update, ours: mentioned(update, ours) }
  }

  #kept(edit: Edit): Edit {
    this.#outbox.add(edit)
    this.#copy.write({ unsaved: [edit] })
    return edit
  }

  #named(before: readonly Edit[], theirs: Theirs): readonly Edit[] {
    const { edits: after, renames } = named(before, { known: this.renames, theirs })
    this.#tell({ renames, before, after })
    return after
  }

  #tell(found: {
    readonly renames: readonly Rename[]
    readonly before: readonly Edit[]
    readonly after: readonly Edit[]
  }): void {
    const { renames, before, after } = found
    const edits = after.filter((edit, index) => edit !== before[index])
    this.renames = [...this.renames, ...renames]
    if (renames.length > 0 || edits.length > 0) this.#copy.write({ renamed: { renames, edits } })
  }
}
