/**
 * Every edit that anybody made, and what became of it. No letter is typed twice, so that an edit can be found again in any
 * text; and each edit knows its structs and deletions, so that it can be found on disk.
 */
import type { Changes } from '@quire/editor/session'
import * as Y from 'yjs'
import { isDeletedIn, type Durable } from '../durable.ts'
import { lettersIn } from '../letters.ts'

type DeletedRange = Parameters<typeof isDeletedIn>[1]

/** One local change, as a session made an update of it. */
export class Edit {
  readonly by: string
  readonly typed: string
  readonly erased: string
  /** Somebody was told that all their edits were saved, and this was one of them. */
  isShownSaved = false
  /** Its device said that it was written. */
  isKept = false
  /** Its page lived to the end. */
  isInPage = false
  /** Somebody who knew of it gave up what was unsaved. */
  isGivenUp = false
  readonly #client: number
  readonly #clock: number
  readonly #deleted: readonly DeletedRange[]

  constructor(
    made: { readonly by: string; readonly typed: string; readonly erased: string },
    { doc, deleteSet, beforeState }: Y.Transaction,
  ) {
    this.by = made.by
    this.typed = made.typed
    this.erased = made.erased
    const next = Y.getState(doc.store, doc.clientID)
    this.#client = doc.clientID
    // What only erases is saved without anything that was typed before it.
    this.#clock = next > (beforeState.get(doc.clientID) ?? 0) ? next : 0
    this.#deleted = Array.from(deleteSet.clients, ([client, ranges]) =>
      ranges.map(({ clock, len }) => ({ client, clock, length: len })),
    ).flat()
  }

  /** Does this document hold all of it? */
  isIn(doc: Y.Doc): boolean {
    const isThere = Y.getState(doc.store, this.#client) >= this.#clock
    return isThere && this.#deleted.every((range) => isDeletedIn(doc, range))
  }

  /** It has to be in the document in the end. */
  get isDue(): boolean {
    return !this.isGivenUp && (this.isShownSaved || this.isKept || this.isInPage)
  }

  toString(): string {
    const words = [this.typed && `typed ${this.typed}`, this.erased && `erased ${this.erased}`]
    return `${this.by} ${words.filter(Boolean).join(', ') || 'set the title'} (${this.#client}:${this.#clock})`
  }
}

export class Edits {
  readonly all: Edit[] = []
  readonly #durable: Durable
  readonly areIdsStolen: boolean
  readonly #erased = new Set<string>()
  readonly #isOnDisk = new Set<Edit>()
  readonly #ofUpdate = new WeakMap<Uint8Array, Edit>()
  readonly #ofId = new Map<string, Edit>()

  /** `areIdsStolen`: then an id says nothing of what is under it, and edits are found by their letters. */
  constructor(durable: Durable, { areIdsStolen }: { readonly areIdsStolen: boolean }) {
    this.#durable = durable
    this.areIdsStolen = areIdsStolen
  }

  /** The document as the server's disk has it. */
  get onDisk(): Y.Doc {
    return this.#durable.doc
  }

  made(edit: Edit, update: Uint8Array): void {
    this.all.push(edit)
    for (const letter of edit.erased.split('')) this.#erased.add(letter)
    this.#ofUpdate.set(update, edit)
  }

  /** A device has written these. Returns those that it takes for saved. */
  written({ unsaved = [], settled = [] }: Changes): Edit[] {
    for (const { id, update } of unsaved) {
      const edit = this.#ofUpdate.get(update)
      if (!edit) continue
      this.#ofId.set(id, edit)
      edit.isKept = true
    }
    return this.withIds(settled)
  }

  /** Those among them that people made. */
  withIds(ids: readonly string[]): Edit[] {
    return ids.flatMap((id) => this.#ofId.get(id) ?? [])
  }

  isOnDisk(edit: Edit): boolean {
    if (this.#isOnDisk.has(edit)) return true
    const isThere = this.isIn(this.#durable.doc, edit)
    if (isThere) this.#isOnDisk.add(edit)
    return isThere
  }

  /** Does this document hold all of the edit? What was typed and erased since need not be there. */
  isIn(doc: Y.Doc, edit: Edit): boolean {
    return this.areIdsStolen ? this.#isShownIn(doc, edit) : edit.isIn(doc)
  }

  /**
   * What was typed is there, unless it was erased since. What was erased may be back: a tab that writes anew what it has under
   * other ids does not know what another is erasing.
   */
  #isShownIn(doc: Y.Doc, { typed }: Edit): boolean {
    const text = doc.getText('content').toString()
    return lettersIn(typed).every((letter) => text.includes(letter) || this.#erased.has(letter))
  }
}
