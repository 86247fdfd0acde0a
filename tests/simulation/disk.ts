/**
 * Where documents are kept, and what can befall it. The disk outlives the server; each life of the server has a
 * store on it. An append takes its time, and when the process is killed meanwhile, nobody knows whether it was
 * in time. While the disk fails, everything asked of it is refused, and some of what was refused is stored all the same.
 */
import type { DocumentName } from '@quire/protocol'
import {
  maxWritersPerClient,
  StorageError,
  type AppendOptions,
  type Base,
  type DocumentStore,
  type LogEntry,
  type NewDocument,
  type StoredDocument,
  type StoredWriter,
  type Writer,
} from '@quire/sync-server/storage'
import * as Y from 'yjs'
import { Durable } from './durable.ts'
import type { World } from './world.ts'

interface Appended {
  readonly update: Uint8Array
  readonly writers?: readonly Writer[] | undefined
}

export type Weather = 'fine' | 'slow' | 'failing'

/** A document's bytes, which only whole entries reach. */
export class Disk {
  weather: Weather = 'fine'
  readonly durable: Durable
  #exists = false
  #base: Base | undefined
  #tail: LogEntry[] = []
  readonly #writers = new Map<string, StoredWriter>()
  readonly #world: World

  constructor(world: World) {
    this.#world = world
    this.durable = new Durable(world)
  }

  get stored(): StoredDocument | undefined {
    return this.#exists ? { base: this.#base, tail: [...this.#tail] } : undefined
  }

  create(): void {
    this.#exists = true
  }

  get writers(): readonly StoredWriter[] {
    return [...this.#writers.values()]
  }

  /** Who it came from is noted with the first words under a client id, and not later. */
  append({ update, writers = [] }: Appended): number {
    for (const writer of writers) this.#note(writer)
    const noted = new Set(this.writers.map(({ clientId }) => clientId))
    for (const client of Y.parseUpdateMeta(update).to.keys())
      if (!noted.has(client)) this.#world.violated('who wrote is stored with what they wrote', String(client))
    return this.#append(update)
  }

  #note(writer: Writer): void {
    const key = `${writer.clientId} ${writer.userId}`
    const known = this.#writers.get(key)
    const ofClient = this.writers.filter(({ clientId }) => clientId === writer.clientId)
    if (known && writer.part === 'wrote') this.#writers.set(key, { ...known, part: 'wrote' })
    else if (!known && ofClient.length < maxWritersPerClient)
      this.#writers.set(key, { ...writer, firstSeenAt: Math.floor(this.#world.now() / 1000) })
  }

  /** What the document begins with is nobody's in particular. */
  begin(update: Uint8Array): void {
    this.#append(update)
  }

  #append(update: Uint8Array): number {
    this.#exists = true
    const position = (this.#tail.at(-1)?.position ?? this.#base?.position ?? 0) + 1
    this.#tail.push({ position, update: update.slice() })
    this.durable.commit(update)
    this.#world.note('disk', `entry ${position},`, `${update.length} B`)
    return position
  }

  compact(base: Base): void {
    this.#base = { position: base.position, update: base.update.slice() }
    this.#tail = this.#tail.filter(({ position }) => position > base.position)
    this.#world.count('compactions')
    this.#world.note('disk', `base up to ${base.position},`, `${base.update.length} B`)
  }
}

const latencyMs: Readonly<Record<Weather, number>> = { fine: 3, slow: 400, failing: 20 }

interface Done<Result> {
  readonly type: 'done'
  readonly result: Result
}

interface Failed {
  readonly type: 'failed'
  readonly error: StorageError
}

/** The store of one life of the server. */
export class SimulatedStore implements DocumentStore {
  readonly #world: World
  readonly #disk: Disk
  /** One request after the other, as one writer does it. */
  #freeAtMs = 0
  #isDead = false
  readonly #appending = new Set<Appended>()
  /** Nobody bounds it. */
  readonly usedBytes = 0

  constructor(world: World, disk: Disk) {
    this.#world = world
    this.#disk = disk
  }

  async create({ update }: NewDocument): Promise<void> {
    await this.#perform(() => {
      this.#disk.create()
      if (update) this.#disk.begin(update)
    })
  }

  load(_name: DocumentName): Promise<StoredDocument | undefined> {
    return this.#perform(() => this.#disk.stored)
  }

  async append(_name: DocumentName, update: Uint8Array, options?: AppendOptions): Promise<number> {
    const appended = { update, writers: options?.writers }
    this.#appending.add(appended)
    return this.#perform(
      () => {
        if (!options?.create && !this.#disk.stored)
          throw new StorageError('document-unknown', 'there is no such document')
        return this.#disk.append(appended)
      },
      () => this.#appending.delete(appended),
    )
  }

  writers(_name: DocumentName): Promise<readonly StoredWriter[]> {
    return this.#perform(() => this.#disk.writers)
  }

  async compact(_name: DocumentName, base: Base): Promise<void> {
    await this.#perform(() => this.#disk.compact(base))
  }

  async longLogs(): Promise<readonly DocumentName[]> {
    return []
  }

  async setAside(): Promise<string> {
    return 'nowhere'
  }

  check(): Promise<void> {
    return this.#perform(() => undefined)
  }

  async close(): Promise<void> {}

  /** The process is gone: of what was on its way, the first so many entries were in time. */
  kill(): void {
    this.#isDead = true
    const appending = [...this.#appending]
    const inTime = this.#world.chance.between(0, appending.length)
    for (const appended of appending.slice(0, inTime)) this.#disk.append(appended)
  }

  /** Done at one moment, answered at a later one. */
  #perform<Result>(act: () => Result, isOver: () => void = () => undefined): Promise<Result> {
    const { chance } = this.#world
    const startMs = Math.max(this.#freeAtMs, this.#world.now())
    this.#freeAtMs = startMs + 1 + chance.wait(latencyMs[this.#disk.weather])
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#world.after(this.#freeAtMs - this.#world.now(), () => {
      if (this.#isDead) return
      isOver()
      const answer = this.#attempt(act)
      this.#world.after(chance.below(3), () => {
        if (this.#isDead) return
        if (answer.type === 'done') resolve(answer.result)
        else reject(answer.error)
      })
    })
    return promise
  }

  #attempt<Result>(act: () => Result): Done<Result> | Failed {
    const isFailing = this.#disk.weather === 'failing'
    try {
      if (isFailing && this.#world.chance.oneIn(2)) return failed()
      const result = act()
      return isFailing ? failed() : { type: 'done', result }
    } catch (cause) {
      if (cause instanceof StorageError) return { type: 'failed', error: cause }
      throw cause
    }
  }
}

function failed(): Failed {
  return { type: 'failed', error: new StorageError('unavailable', 'the disk fails') }
}
