/**
 * A disk as a power cut finds it, made from the system calls of a process: what was synced is on it, what was not may
 * be, in part, and what an fsync failed on is not, although the system goes on showing it. Creating, renaming and
 * removing files counts once their folder was synced; before that, the first few of such changes may be there.
 */
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Random } from './random.ts'

/** What a disk writes whole or not at all. */
const sectorBytes = 512
/** What the system remembers as written or not. */
const pageBytes = 4096

/** One line of `strace -f -xx`, with calls that were interrupted by other threads put together again. */
export interface SystemCall {
  readonly call: string
  readonly args: string
  readonly result: number
}

export function readTrace(path: string): SystemCall[] {
  const begun = new Map<string, string>()
  return readFileSync(path, 'latin1')
    .split('\n')
    .flatMap((line) => {
      const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
      if (rest.endsWith(' <unfinished ...>')) {
        begun.set(thread, rest.slice(0, -' <unfinished ...>'.length))
        return []
      }
      const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)
      const whole = resumed ? `${begun.get(thread) ?? ''}${resumed[1] ?? ''}` : rest
      const [, call, args, result] = /^(\w+)\((.*)\) += (-?\d+)/.exec(whole) ?? []
      return call && args !== undefined ? [{ call, args, result: Number(result) }] : []
    })
}

class SimulatedFile {
  readonly #shown = new Bytes()
  readonly #onDisk = new Bytes()
  readonly #dirty = new Set<number>()

  write(bytes: Buffer, offset: number): void {
    this.#shown.write(bytes, offset)
    const last = Math.floor((offset + bytes.length - 1) / pageBytes)
    for (let page = Math.floor(offset / pageBytes); page <= last; page++) this.#dirty.add(page)
  }

  truncate(length: number): void {
    this.#shown.resize(length)
  }

  /** After a failure the pages are taken for clean all the same: no later fsync brings them to the disk. */
  syncEnded({ failed }: { readonly failed: boolean }): void {
    if (!failed) {
      this.#onDisk.resize(this.#shown.length)
      for (const page of this.#dirty)
        this.#onDisk.write(this.#shown.slice(page * pageBytes, (page + 1) * pageBytes), page * pageBytes)
    }
    this.#dirty.clear()
  }

  afterPowerCut(random: Random): Buffer {
    const image = new Bytes()
    image.write(this.#onDisk.slice(0), 0)
    image.resize(random.below(2) ? this.#shown.length : this.#onDisk.length)
    const share = random.below(3)
    for (const page of this.#dirty)
      for (let at = page * pageBytes; at < (page + 1) * pageBytes; at += sectorBytes)
        if (random.below(2) < share) image.write(this.#shown.slice(at, at + sectorBytes), at)
    return image.slice(0)
  }
}

/** Grows by doubling, since a log is written in thousands of small steps. */
class Bytes {
  #buffer = Buffer.alloc(0)
  length = 0

  write(bytes: Buffer, offset: number): void {
    this.resize(Math.max(this.length, offset + bytes.length))
    bytes.copy(this.#buffer, offset)
  }

  resize(length: number): void {
    if (length > this.#buffer.length)
      this.#buffer = Buffer.concat([this.#buffer], Math.max(length, 2 * this.length))
    if (length < this.length) this.#buffer.fill(0, length, this.length)
    this.length = length
  }

  slice(start: number, end = this.length): Buffer {
    return this.#buffer.subarray(start, Math.min(end, this.length))
  }
}

type FolderChange = (names: Map<string, SimulatedFile>) => void

export class SimulatedDisk {
  readonly #folder: string
  /** By descriptor: a file of ours, or the folder that was opened to be synced. */
  readonly #open = new Map<number, SimulatedFile | 'folder'>()
  readonly #names = new Map<string, SimulatedFile>()
  readonly #namesOnDisk = new Map<string, SimulatedFile>()
  #unsynced: FolderChange[] = []

  constructor(folder: string) {
    this.#folder = folder
  }

  apply({ call, args, result }: SystemCall): void {
    const descriptor = Number.parseInt(args)
    const file = this.#open.get(descriptor)
    switch (call) {
      case 'openat':
        if (result >= 0) this.#opened(firstText(args), result)
        break
      case 'close':
        this.#open.delete(descriptor)
        break
      case 'pwrite64': {
        const [, hex = '', offset] = /"([^"]*)", \d+, (\d+)$/.exec(args) ?? []
        if (file && file !== 'folder' && result > 0)
          file.write(bytesIn(hex).subarray(0, result), Number(offset))
        break
      }
      case 'ftruncate':
        if (file && file !== 'folder' && result === 0) file.truncate(Number(/\d+$/.exec(args)?.[0]))
        break
      case 'fsync':
      case 'fdatasync':
        if (file === 'folder' && result === 0) this.#folderSynced()
        else if (file && file !== 'folder') file.syncEnded({ failed: result !== 0 })
        break
      case 'unlink':
        if (result === 0) this.#change((names) => names.delete(firstText(args)))
        break
      case 'rename':
        if (result === 0) this.#renamed(args)
        break
      default:
    }
  }

  /** Writes what is left into `folder`. */
  powerCut(folder: string, random: Random): void {
    const names = new Map(this.#namesOnDisk)
    for (const change of this.#unsynced.slice(0, random.below(this.#unsynced.length + 1))) change(names)
    for (const [path, file] of names) {
      // Rebuilt at every start, and written through memory, where no trace sees it.
      if (path.endsWith('-shm')) continue
      const place = join(folder, path.slice(this.#folder.length))
      mkdirSync(dirname(place), { recursive: true })
      const copy = openSync(place, 'w')
      writeSync(copy, file.afterPowerCut(random))
      closeSync(copy)
    }
  }

  #opened(path: string, descriptor: number): void {
    if (path === this.#folder) this.#open.set(descriptor, 'folder')
    if (!path.startsWith(`${this.#folder}/`)) return
    const known = this.#names.get(path)
    const file = known ?? new SimulatedFile()
    if (!known) this.#change((names) => names.set(path, file))
    this.#open.set(descriptor, file)
  }

  #renamed(args: string): void {
    const [from = '', to = ''] = [...args.matchAll(/"([^"]*)"/g)].map(([, hex = '']) =>
      bytesIn(hex).toString(),
    )
    this.#change((names) => {
      const file = names.get(from)
      if (file) names.set(to, file)
      names.delete(from)
    })
  }

  #change(change: FolderChange): void {
    change(this.#names)
    this.#unsynced.push(change)
  }

  #folderSynced(): void {
    for (const change of this.#unsynced) change(this.#namesOnDisk)
    this.#unsynced = []
  }
}

/** The first string among the arguments of a call. */
export function firstText(args: string): string {
  return bytesIn(/"([^"]*)"/.exec(args)?.[1] ?? '').toString()
}

function bytesIn(hex: string): Buffer {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex')
}
