/**
 * What a browser keeps of the document, for all its tabs: the rows of a `MemoryDevice`, reached as slowly, and sometimes as
 * much in vain, as a real one's. What a tab has asked for and has not been done when it is killed is not done.
 */
import {
  LocalStoreError,
  MemoryDevice,
  MemoryDocument,
  type Changes,
  type Kept,
  type LocalDocument,
} from '@quire/editor/session'
import { structsOf } from '@quire/editor/session/disputes'
import { named } from '@quire/editor/session/renames'
import * as Y from 'yjs'
import type { World } from '../world.ts'
import type { Realm } from './realm.ts'

export type StoreWeather = 'fine' | 'slow' | 'full' | 'unavailable'

export interface DeviceOptions {
  /** Otherwise the browser keeps nothing for this site. */
  readonly keeps: boolean
  /** Says of what it is to write that it is written, and forgets it: for checks that are to tell. */
  readonly isForgetful: boolean
}

/** Who is told what becomes of edits in the rows. */
export interface DeviceListener {
  written(changes: Changes): void
  /** The rows no longer hold anything. */
  forgotten(): void
}

const name = 'notes'
const meanMs: Readonly<Record<StoreWeather, number>> = { fine: 4, slow: 900, full: 20, unavailable: 20 }

export class Device {
  readonly keeps: boolean
  weather: StoreWeather = 'fine'
  readonly #world: World
  readonly #isForgetful: boolean
  readonly #listener: DeviceListener
  readonly #rows = new MemoryDevice()
  readonly #tabs = new Set<DeviceDocument>()
  /** Of the rows as they are. */
  #document: Y.Doc | undefined

  constructor(world: World, { keeps, isForgetful }: DeviceOptions, listener: DeviceListener) {
    this.#world = world
    this.keeps = keeps
    this.#isForgetful = isForgetful
    this.#listener = listener
  }

  get world(): World {
    return this.#world
  }

  /** How many edits are kept as not known to be saved. */
  get unsaved(): number {
    return this.#rows.copyOf(name).unsaved.size
  }

  /** The document as a tab would show it that is opened now, without a network. */
  get document(): Y.Doc {
    return (this.#document ??= documentOf(this.#rows))
  }

  /** What `LocalDocument`s are opened with in a tab. `knows`: the tab has been told of these edits. */
  open(realm: Realm, knows: (ids: readonly string[]) => void): Promise<LocalDocument> {
    const opened = new DeviceDocument(this, realm, {
      rows: new MemoryDocument(this.#rows, name),
      knows,
      others: () => [...this.#tabs].filter((tab) => tab !== opened),
      left: () => this.#tabs.delete(opened),
    })
    return opened.perform('reading', async () => {
      this.#tabs.add(opened)
      return opened
    })
  }

  /** Why this cannot be done now. What is full can still be read. */
  failureOf(kind: 'reading' | 'writing'): LocalStoreError | undefined {
    if (!this.keeps) return new LocalStoreError('unavailable', 'nothing is kept for this site')
    const isInVain = this.weather === 'unavailable' || (this.weather === 'full' && kind === 'writing')
    return isInVain
      ? new LocalStoreError(this.weather === 'full' ? 'full' : 'unavailable', 'not now')
      : undefined
  }

  latencyMs(): number {
    return this.#world.isCalm ? 1 : 1 + Math.min(3000, this.#world.chance.wait(meanMs[this.weather]))
  }

  write(rows: MemoryDocument, changes: Changes): Promise<void> {
    this.#document = undefined
    const isForgotten = this.#isForgetful && this.#world.chance.oneIn(8)
    const done = rows.write(isForgotten ? {} : changes)
    this.#listener.written(changes)
    return done
  }

  compact(rows: MemoryDocument, state: Uint8Array): Promise<void> {
    this.#document = undefined
    this.#world.count('compactions of a device')
    return rows.compact(state)
  }

  forgetUnused(rows: MemoryDocument): Promise<void> {
    this.#document = undefined
    const { unsaved, roles } = this.#rows.copyOf(name)
    if (unsaved.size === 0 && roles.size === 0) this.#listener.forgotten()
    return rows.forgetUnused()
  }
}

function documentOf(rows: MemoryDevice): Y.Doc {
  const { saved, unsaved, renames } = rows.copyOf(name)
  const doc = new Y.Doc({ guid: 'kept' })
  const applyAll = (updates: readonly Uint8Array[]): void =>
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update)
    })
  applyAll([...saved.values()])
  const { edits } = named([...unsaved.values()], { known: [...renames.values()], theirs: structsOf(doc) })
  applyAll(edits.map(({ update }) => update))
  return doc
}

interface DocumentPorts {
  readonly rows: MemoryDocument
  readonly knows: (ids: readonly string[]) => void
  readonly others: () => readonly DeviceDocument[]
  readonly left: () => void
}

class DeviceDocument implements LocalDocument {
  readonly #device: Device
  readonly #realm: Realm
  readonly #ports: DocumentPorts
  readonly #listeners = new Set<(changes: Changes) => void>()
  /** One request after the other. */
  #freeAtMs = 0
  #answeredAtMs = 0
  #hearsAtMs = 0

  constructor(device: Device, realm: Realm, ports: DocumentPorts) {
    this.#device = device
    this.#realm = realm
    this.#ports = ports
  }

  load(): Promise<Kept> {
    const { rows, knows } = this.#ports
    return this.perform('reading', async () => {
      const kept = await rows.load()
      knows(kept.unsaved.map(({ id }) => id))
      return kept
    })
  }

  write(changes: Changes): Promise<void> {
    return this.perform(
      'writing',
      () => this.#device.write(this.#ports.rows, changes),
      () => this.#tell(changes),
    )
  }

  compact(state: Uint8Array): Promise<void> {
    return this.perform('writing', () => this.#device.compact(this.#ports.rows, state))
  }

  get tailBytes(): number {
    return this.#ports.rows.tailBytes
  }

  subscribe(listener: (changes: Changes) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  forgetUnused(): Promise<void> {
    return this.perform('writing', () => this.#device.forgetUnused(this.#ports.rows))
  }

  close(): void {
    this.#ports.left()
    this.#ports.rows.close()
    this.#listeners.clear()
  }

  /** Done at one moment, answered at a later one: `told` is called as the tab hears that it went well. */
  perform<Result>(
    kind: 'reading' | 'writing',
    act: () => Promise<Result>,
    told?: () => void,
  ): Promise<Result> {
    const { world } = this.#device
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#freeAtMs = Math.max(this.#freeAtMs, world.now()) + this.#device.latencyMs()
    world.after(this.#freeAtMs - world.now(), () => {
      if (this.#realm.isDead) return
      const failure = this.#device.failureOf(kind)
      const answer = failure ? Promise.reject<Result>(failure) : act()
      // It is awaited later.
      answer.catch(() => undefined)
      this.#answeredAtMs = Math.max(this.#answeredAtMs, world.now() + world.chance.below(3))
      world.after(this.#answeredAtMs - world.now(), () =>
        this.#realm.enter(() => {
          if (!failure) told?.()
          answer.then(resolve, reject)
        }),
      )
    })
    return promise
  }

  #tell(changes: Changes): void {
    for (const other of this.#ports.others()) other.#hear(changes)
  }

  #hear(changes: Changes): void {
    const { world } = this.#device
    this.#hearsAtMs = Math.max(this.#hearsAtMs, world.now() + 1 + world.chance.below(5))
    world.after(this.#hearsAtMs - world.now(), () =>
      this.#realm.enter(() => {
        if (this.#listeners.size === 0) return
        this.#ports.knows((changes.unsaved ?? []).map(({ id }) => id))
        for (const listener of this.#listeners) listener(changes)
      }),
    )
  }
}
