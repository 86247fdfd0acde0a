/** What is kept of documents where the browser keeps nothing, and in tests: as long as the page lives, and no longer. */
import type { Role } from '@quire/protocol'
import { KnownRows } from './known-rows.ts'
import {
  areDroppable,
  areReplaceable,
  LocalStoreError,
  type Changes,
  type Edit,
  type Kept,
  type LocalDocument,
  type Rename,
} from './local-store.ts'

/** What the tabs that have one document open share. */
interface SharedCopy {
  readonly saved: Map<number, Uint8Array>
  readonly unsaved: Map<string, Edit>
  readonly roles: Map<string, Role>
  readonly renames: Map<string, Rename>
  readonly tabs: Set<(changes: Changes) => void>
  nextRow: number
}

/** One browser: each `MemoryDocument` made with it is a tab, and those of one name share what is kept. */
export class MemoryDevice {
  readonly #copies = new Map<string, SharedCopy>()

  copyOf(name: string): SharedCopy {
    const known = this.#copies.get(name)
    if (known) return known
    const made: SharedCopy = {
      saved: new Map(),
      unsaved: new Map(),
      roles: new Map(),
      renames: new Map(),
      tabs: new Set(),
      nextRow: 1,
    }
    this.#copies.set(name, made)
    return made
  }
}

export class MemoryDocument implements LocalDocument {
  readonly #copy: SharedCopy
  readonly #rows = new KnownRows<number>()
  readonly #listeners = new Set<(changes: Changes) => void>()
  #isClosed = false

  constructor(device = new MemoryDevice(), name = '') {
    this.#copy = device.copyOf(name)
    this.#copy.tabs.add(this.#heard)
  }

  async load(): Promise<Kept> {
    this.#assertOpen()
    const { saved, unsaved, roles, renames } = this.#copy
    this.#rows.loaded([...saved])
    return {
      saved: [...saved.values()],
      unsaved: [...unsaved.values()],
      roles: new Map(roles),
      renames: [...renames.values()],
    }
  }

  async write(changes: Changes): Promise<void> {
    this.#assertOpen()
    const { saved = [], unsaved = [], renamed, settled = [], dropped = [], rewritten, role } = changes
    const copy = this.#copy
    for (const update of saved) this.#rows.written(this.#add(update), update)
    for (const edit of unsaved) copy.unsaved.set(edit.id, copyOf(edit))
    for (const rename of renamed?.renames ?? []) copy.renames.set(`${rename.client} ${rename.clock}`, rename)
    for (const edit of renamed?.edits ?? [])
      if (copy.unsaved.has(edit.id)) copy.unsaved.set(edit.id, copyOf(edit))
    for (const id of settled) {
      const edit = copy.unsaved.get(id)
      if (edit) this.#rows.written(this.#add(edit.update), edit.update)
      copy.unsaved.delete(id)
    }
    if (areDroppable(dropped, copy.unsaved)) copy.unsaved.clear()
    if (rewritten && areReplaceable(rewritten.from, copy.unsaved)) {
      for (const id of rewritten.from) copy.unsaved.delete(id)
      for (const edit of rewritten.to) copy.unsaved.set(edit.id, copyOf(edit))
    }
    if (role?.role) copy.roles.set(role.entrance, role.role)
    else if (role) copy.roles.delete(role.entrance)
    for (const tab of copy.tabs) if (tab !== this.#heard) queueMicrotask(() => tab(changes))
  }

  async compact(state: Uint8Array): Promise<void> {
    this.#assertOpen()
    const replaced = this.#rows.keys
    for (const row of replaced) this.#copy.saved.delete(row)
    this.#rows.compacted(replaced, this.#add(state))
  }

  get tailBytes(): number {
    return this.#rows.tailBytes
  }

  subscribe(listener: (changes: Changes) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async forgetUnused(): Promise<void> {
    this.#assertOpen()
    const { saved, unsaved, roles, renames } = this.#copy
    if (unsaved.size > 0 || roles.size > 0) return
    saved.clear()
    renames.clear()
    this.#rows.forget()
  }

  close(): void {
    this.#isClosed = true
    this.#copy.tabs.delete(this.#heard)
    this.#listeners.clear()
  }

  readonly #heard = (changes: Changes): void => {
    for (const listener of this.#listeners) listener(changes)
  }

  #add(update: Uint8Array): number {
    const row = this.#copy.nextRow++
    this.#copy.saved.set(row, update.slice())
    return row
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new LocalStoreError('unavailable', 'the copy of this document is closed')
  }
}

function copyOf(edit: Edit): Edit {
  return { ...edit, update: edit.update.slice() }
}
