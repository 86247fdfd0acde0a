/**
 * A folder on a disk that loses power: what must be there, since it was synced, and what may be there or not. Harsher
 * than ext4 or XFS: only syncing the folder makes a name in it durable, and any of the later changes may be on disk
 * without the earlier ones. What a disk is trusted with: a sector is old or new, and what was synced stays.
 */
import { assert, assertNever } from '@quire/protocol'
import type { Random } from '../random.ts'
import type { Traced } from './trace.ts'

type Write = Extract<Traced, { type: 'write' }>
type Change = Write | Extract<Traced, { type: 'truncate' }>

/** A change of names, whole or not at all; a name without a file is removed. */
type Naming = ReadonlyMap<string, File | undefined>

type Fate = 'lost' | 'kept' | 'torn'

export interface LossModel {
  readonly name: string
  /** Decides over `count` unsynced changes: the fate of each by its index. */
  decide(random: Random, count: number): (index: number) => Fate
}

export const lossModels: readonly LossModel[] = [
  { name: 'nothing unsynced survives', decide: () => () => 'lost' },
  {
    name: 'some changes survive',
    decide: (random) => {
      const odds = 1 + random.below(99)
      return () => (random.below(100) < odds ? 'kept' : 'lost')
    },
  },
  { name: 'some sectors survive', decide: () => () => 'torn' },
  {
    name: 'changes survive up to one of them, which is torn',
    decide: (random, count) => {
      const last = random.below(count + 1)
      return (index) => (index < last ? 'kept' : index === last ? 'torn' : 'lost')
    },
  },
]

/** Small enough that every disk writes it whole or not at all. */
const sectorBytes = 512

export class Disk {
  /** What running programs see. */
  readonly #files = new Map<string, File>()
  readonly #syncedNames = new Map<string, File>()
  #unsyncedNames: Naming[] = []

  apply(event: Traced): void {
    switch (event.type) {
      case 'open':
        if (!this.#files.has(event.file)) this.#name(new Map([[event.file, new File()]]))
        break
      case 'remove':
        this.#name(new Map([[event.file, undefined]]))
        break
      case 'rename':
        this.#name(
          new Map([
            [event.file, undefined],
            [event.to, this.#file(event.file)],
          ]),
        )
        break
      case 'sync-folder':
        for (const naming of this.#unsyncedNames) rename(this.#syncedNames, naming)
        this.#unsyncedNames = []
        break
      case 'write':
      case 'truncate':
        this.#file(event.file).change(event)
        break
      case 'sync':
        this.#file(event.file).sync(event)
        break
      case 'say':
        break
      default:
        assertNever(event)
    }
  }

  /** What the folder may hold after a loss of power now. */
  image(model: LossModel, random: Random): Map<string, Buffer> {
    const names = new Map(this.#syncedNames)
    const fate = model.decide(random, this.#unsyncedNames.length)
    for (const [index, naming] of this.#unsyncedNames.entries())
      if (survivesWhole(fate(index), random)) rename(names, naming)
    return new Map([...names].map(([name, file]) => [name, file.image(model, random)]))
  }

  #name(naming: Naming): void {
    rename(this.#files, naming)
    this.#unsyncedNames.push(naming)
  }

  #file(name: string): File {
    const file = this.#files.get(name)
    assert(file !== undefined, 'only files that are open are written to')
    return file
  }
}

function rename(names: Map<string, File>, naming: Naming): void {
  for (const [name, file] of naming)
    if (file) names.set(name, file)
    else names.delete(name)
}

class File {
  /** What must be there. */
  readonly #synced = new Content()
  /** What came after, in order. */
  readonly #since: { readonly change: Change; state: 'unsynced' | 'synced' | 'failed' }[] = []

  change(change: Change): void {
    this.#since.push({ change, state: 'unsynced' })
  }

  /** What failed to be synced may never reach the disk, although the system goes on showing it and later syncs succeed. */
  sync({ failed }: { readonly failed: boolean }): void {
    for (const since of this.#since)
      if (since.state === 'unsynced') since.state = failed ? 'failed' : 'synced'
    const firstInDoubt = this.#since.findIndex(({ state }) => state !== 'synced')
    const certain = this.#since.splice(0, firstInDoubt < 0 ? this.#since.length : firstInDoubt)
    for (const { change } of certain) this.#synced.apply(change)
  }

  image(model: LossModel, random: Random): Buffer {
    const content = this.#synced.copy()
    const fate = model.decide(random, this.#since.length)
    for (const [index, { change, state }] of this.#since.entries())
      if (state === 'synced') content.apply(change)
      else if (fate(index) === 'torn' && change.type === 'write') {
        for (const sector of sectorsOf(change)) if (random.below(2) === 0) content.apply(sector)
      } else if (survivesWhole(fate(index), random)) content.apply(change)
    return content.bytes()
  }
}

/** What cannot be torn apart is there or not. */
function survivesWhole(fate: Fate, random: Random): boolean {
  return fate === 'kept' || (fate === 'torn' && random.below(2) === 0)
}

/** The parts of a write that may each be there without the others, and the size of the file without any of them. */
function* sectorsOf({ type, file, offset, bytes }: Write): Generator<Write> {
  const end = offset + bytes.length
  for (let start = offset; start < end;) {
    const next = Math.min(end, (Math.floor(start / sectorBytes) + 1) * sectorBytes)
    yield { type, file, offset: start, bytes: bytes.subarray(start - offset, next - offset) }
    start = next
  }
  yield { type, file, offset: end, bytes: new Uint8Array() }
}

class Content {
  /** Zeros past the size. */
  #room = Buffer.alloc(0)
  #size = 0

  apply(change: Change): void {
    if (change.type === 'write') {
      this.#reach(change.offset + change.bytes.length)
      this.#room.set(change.bytes, change.offset)
    } else {
      this.#reach(change.size)
      this.#room.fill(0, change.size, this.#size)
      this.#size = change.size
    }
  }

  copy(): Content {
    const copy = new Content()
    copy.#room = Buffer.from(this.bytes())
    copy.#size = this.#size
    return copy
  }

  bytes(): Buffer {
    return this.#room.subarray(0, this.#size)
  }

  #reach(size: number): void {
    if (size > this.#room.length) {
      const room = Buffer.alloc(Math.max(size, this.#room.length * 2))
      room.set(this.bytes())
      this.#room = room
    }
    this.#size = Math.max(this.#size, size)
  }
}
