/**
 * What this device keeps of a document, as its session uses it: told of changes as they happen, never waited for. What
 * cannot be written yet stays in this page and is tried again, and until then it is said to be nowhere else.
 */
import {
  areDroppable,
  areReplaceable,
  LocalStoreError,
  type Changes,
  type Edit,
  type Kept,
  type LocalDocument,
} from './local-store.ts'
import { MemoryDocument } from './memory-document.ts'

/** Why this device keeps less than there is. */
export type LocalProblem = LocalStoreError['code']

/** A device is slow when many tabs are restored at once. Until what it keeps has come, the server's is better than nothing. */
const patienceMs = 3000
const retryMs = 5000
const gatherMs = 250
/** A tail is joined with its base once it has outgrown it; a short one is not worth the trouble. */
const minTailBytes = 64 * 1024

/** Calls back when there is time for what can wait a moment. */
export type Moment = (act: () => void) => void

export interface LocalCopyListeners {
  /** A value is different. */
  readonly changed: () => void
  /** Another tab has written. */
  readonly heard: (changes: Changes) => void
  /** Whether that which comes late belongs to another document than the one that is in use by now. Then it stays as it is, and is not used. */
  readonly isOfAnother: (kept: Kept) => boolean
  /** What this device keeps, for which nobody waited any longer. */
  readonly came: (kept: Kept) => void
}

const nothing: Kept = { saved: [], unsaved: [], roles: new Map(), renames: [] }

export class LocalCopy {
  readonly #open: () => Promise<LocalDocument>
  readonly #listeners: LocalCopyListeners
  readonly #moment: Moment
  #document: LocalDocument = new MemoryDocument()
  /**
   * What `#document` is: on this device, or in this page for good, or only until the device's comes. That is `late` once nobody
   * waits for it. Until then nothing is written.
   */
  #place: 'coming' | 'late' | 'on device' | 'in page' = 'coming'
  #problem: LocalProblem | undefined
  /** What has yet to be written, in order. */
  #queue: Changes[] = []
  #loading: Promise<Kept> | undefined
  #patience: ReturnType<typeof setTimeout> | undefined
  #writing: Promise<void> | undefined
  #mayBeForgotten = false
  /** Edits of which only this page knows. */
  readonly #unkept = new Set<string>()
  /** When the queue is to be written, at the latest. */
  #timer: ReturnType<typeof setTimeout> | undefined
  #unsubscribe: (() => void) | undefined
  #baseBytes = 0
  #isClosed = false

  /** What is typed is written when `moment` calls back. */
  constructor(
    open: () => Promise<LocalDocument>,
    listeners: LocalCopyListeners,
    moment: Moment = (act) => act(),
  ) {
    this.#open = open
    this.#listeners = listeners
    this.#moment = moment
  }

  get problem(): LocalProblem | undefined {
    return this.#problem
  }

  /** How many of our unsaved edits are not on this device either. */
  get unkept(): number {
    return this.#unkept.size
  }

  /** An entrance has left, here or in another tab, and none has been let in here since: what was loaded may be kept no more. */
  get mayBeForgotten(): boolean {
    return this.#mayBeForgotten
  }

  /** Everything that is kept: nothing, if this device keeps nothing, or for now if it is slow. Never rejects. */
  load(): Promise<Kept> {
    const loading = this.#load()
    this.#loading = loading
    const late = new Promise<Kept>((resolve) => {
      this.#patience = setTimeout(() => {
        this.#place = 'late'
        this.#problem = 'unread'
        resolve(nothing)
      }, patienceMs)
    })
    return Promise.race([loading, late])
  }

  /** Everything kept, and what has yet to be written. Rejects with a `LocalStoreError`. */
  async reload(): Promise<Kept> {
    await this.#writing
    const document = this.#document
    const kept = await document.load()
    // The device's may have come meanwhile.
    return document === this.#document ? this.#queue.reduce(after, kept) : this.reload()
  }

  write(changes: Changes): void {
    if (this.#isClosed) return
    this.#queue.push(changes)
    if (changes.role) this.#mayBeForgotten = changes.role.role === undefined
    for (const { id } of madeBy(changes)) this.#unkept.add(id)
    for (const id of goneBy(changes)) this.#unkept.delete(id)
    // What the server has can be had again, so that it may wait for more of its kind.
    if (changes.saved || changes.settled) this.#flushIn(gatherMs)
    else if (isEditsAlone(changes)) this.#moment(() => this.#flush())
    else this.#flush()
  }

  /** When what was to be written is written, or has to be tried again later. */
  async written(): Promise<void> {
    this.#flush()
    while (this.#writing) await this.#writing
  }

  /** When nothing is unsaved, and there is much to join: `stateOf` is asked for the whole document. */
  tidy(stateOf: () => Uint8Array): void {
    const isFailing = this.#place === 'on device' && this.#problem !== undefined
    if (this.#isClosed || isFailing || this.#queue.length > 0 || this.#writing) return
    if (this.#document.tailBytes <= Math.max(minTailBytes, this.#baseBytes)) return
    const state = stateOf()
    this.#baseBytes = state.length
    this.#run(() => this.#document.compact(state))
  }

  /** `entrance` opens the document no more; if no other does, and nothing is unsaved, nothing of it stays on this device. */
  leave(entrance: string): void {
    this.write({ role: { entrance, role: undefined } })
    this.#run(async () => {
      await this.#loading
      while (this.#queue.length > 0) await this.#writeNext()
      await this.#document.forgetUnused()
    })
  }

  /** What has yet to be written still is, if it can be. */
  close(): void {
    if (this.#isClosed) return
    this.#flush()
    this.#isClosed = true
    clearTimeout(this.#timer)
    clearTimeout(this.#patience)
    void this.#closeWhenWritten()
  }

  async #closeWhenWritten(): Promise<void> {
    await this.#loading
    this.#unsubscribe?.()
    await this.written()
    this.#document.close()
  }

  async #load(): Promise<Kept> {
    try {
      return await this.#follow(await this.#open())
    } catch (error) {
      this.#problem = problemOf(error)
      this.#came('in page', nothing)
      return nothing
    }
  }

  /** What it keeps, with what other tabs have written since it was asked. */
  async #follow(document: LocalDocument): Promise<Kept> {
    const heard: Changes[] = []
    const unsubscribe = document.subscribe((changes) => heard.push(changes))
    const loaded = await loadOrClose(document)
    unsubscribe()
    const kept = heard.reduce(after, loaded)
    if (this.#place === 'late' && this.#listeners.isOfAnother(kept)) {
      document.close()
      throw new LocalStoreError('unread', 'what is kept is of another document')
    }
    this.#document = document
    this.#unsubscribe = document.subscribe((changes) => {
      if (changes.role && !changes.role.role) this.#mayBeForgotten = true
      this.#listeners.heard(changes)
    })
    this.#came('on device', kept)
    return kept
  }

  #came(place: 'on device' | 'in page', kept: Kept): void {
    clearTimeout(this.#patience)
    const isLate = this.#place === 'late'
    this.#place = place
    if (isLate && place === 'on device') this.#problem = undefined
    if (isLate && !this.#isClosed) this.#listeners.came(kept)
    this.#flush()
  }

  #flush(): void {
    const isHere = this.#place === 'on device' || this.#place === 'in page'
    if (!isHere || this.#writing || this.#queue.length === 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#run(() => this.#writeNext())
  }

  async #writeNext(): Promise<void> {
    const taken = nextOf(this.#queue)
    const changes = joined(taken)
    await this.#document.write(changes)
    this.#queue = this.#queue.filter((waiting) => !taken.includes(waiting))
    if (this.#place === 'on device') for (const { id } of madeBy(changes)) this.#unkept.delete(id)
  }

  #flushIn(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#flush()
    }, ms)
  }

  /** One thing after another; what was written meanwhile follows at once, or later if this failed. */
  #run(task: () => Promise<void>): void {
    const turn: Promise<void> = this.#take(task, this.#writing).then(() => this.#taken(turn))
    this.#writing = turn
  }

  async #take(task: () => Promise<void>, before: Promise<void> | undefined): Promise<void> {
    await before
    try {
      await task()
      if (this.#place === 'on device') this.#problem = undefined
    } catch (error) {
      this.#problem = problemOf(error)
    }
  }

  #taken(turn: Promise<void>): void {
    if (this.#writing !== turn) return
    this.#writing = undefined
    if (!this.#problem || this.#place !== 'on device') this.#flush()
    else if (!this.#isClosed) this.#flushIn(retryMs)
    if (!this.#isClosed) this.#listeners.changed()
  }
}

async function loadOrClose(document: LocalDocument): Promise<Kept> {
  try {
    return await document.load()
  } catch (cause) {
    document.close()
    if (!(cause instanceof LocalStoreError)) throw cause
    throw new LocalStoreError('unread', 'what is kept cannot be read', { cause })
  }
}

/**
 * What is written next. Edits come first and alone, since they are nowhere else: IndexedDB keeps them even if the page goes
 * away in the same moment. What is written anew may depend on all that comes before it.
 */
function nextOf(queue: readonly Changes[]): readonly Changes[] {
  const edits = queue.filter(isEditsAlone)
  if (edits.length > 0) return edits
  const [first] = queue
  return first?.rewritten
    ? [first]
    : queue.slice(
        0,
        indexOrEnd(queue, ({ rewritten }) => rewritten !== undefined),
      )
}

function isEditsAlone({ unsaved, ...others }: Changes): boolean {
  return unsaved !== undefined && Object.keys(others).length === 0
}

function indexOrEnd<Item>(items: readonly Item[], is: (item: Item) => boolean): number {
  const index = items.findIndex(is)
  return index < 0 ? items.length : index
}

/** The same as all of them, one after another. */
function joined([first, ...others]: readonly Changes[]): Changes {
  if (!first || others.length === 0) return first ?? {}
  const all = [first, ...others]
  const role = all.findLast((changes) => changes.role)?.role
  const renamed = all.flatMap((changes) => changes.renamed ?? [])
  return {
    saved: all.flatMap(({ saved }) => saved ?? []),
    unsaved: all.flatMap(({ unsaved }) => unsaved ?? []),
    settled: all.flatMap(({ settled }) => settled ?? []),
    dropped: all.flatMap(({ dropped }) => dropped ?? []),
    ...(role && { role }),
    ...(renamed.length > 0 && {
      renamed: {
        renames: renamed.flatMap(({ renames }) => renames),
        edits: renamed.flatMap(({ edits }) => edits),
      },
    }),
  }
}

function after(kept: Kept, changes: Changes): Kept {
  const edits = new Map([...kept.unsaved, ...(changes.unsaved ?? [])].map((edit) => [edit.id, edit]))
  const { renamed = { renames: [], edits: [] } } = changes
  for (const edit of renamed.edits) if (edits.has(edit.id)) edits.set(edit.id, edit)
  const settled = (changes.settled ?? []).flatMap((id) => edits.get(id)?.update ?? [])
  for (const id of changes.settled ?? []) edits.delete(id)
  if (areDroppable(changes.dropped ?? [], edits)) edits.clear()
  if (changes.rewritten && areReplaceable(changes.rewritten.from, edits)) {
    edits.clear()
    for (const edit of changes.rewritten.to) edits.set(edit.id, edit)
  }
  return {
    ...kept,
    saved: [...kept.saved, ...(changes.saved ?? []), ...settled],
    unsaved: [...edits.values()],
    renames: [...kept.renames, ...renamed.renames],
  }
}

function madeBy({ unsaved, rewritten }: Changes): readonly Edit[] {
  return [...(unsaved ?? []), ...(rewritten?.to ?? [])]
}

function goneBy({ settled, dropped, rewritten }: Changes): readonly string[] {
  return [...(settled ?? []), ...(dropped ?? []), ...(rewritten?.from ?? [])]
}

function problemOf(error: unknown): LocalProblem {
  if (error instanceof LocalStoreError) return error.code
  throw error
}
