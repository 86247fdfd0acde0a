/** A store that forgets everything when the process ends: for tests, and as the plainest reading of the port. */
import type { DocumentName } from '@quire/protocol'
import {
  StorageError,
  type AppendOptions,
  type Base,
  type DocumentStore,
  type LogEntry,
  type LongLog,
  type NewDocument,
  type StoredDocument,
  type StoredLink,
} from '../document-store.ts'

interface Kept {
  readonly links: readonly StoredLink[]
  base: Base | undefined
  tail: LogEntry[]
}

export class MemoryStore implements DocumentStore {
  /** What was set aside, for tests to look at. */
  readonly setAsides = new Map<DocumentName, { readonly reason: string; readonly stored: StoredDocument }>()
  readonly #documents = new Map<DocumentName, Kept>()

  async create({ name, links, update }: NewDocument): Promise<void> {
    if (this.#documents.has(name))
      throw new StorageError('document-exists', 'there is such a document already')
    const tail = update ? [{ position: 1, update: update.slice() }] : []
    this.#documents.set(name, { links: [...links], base: undefined, tail })
  }

  async load(name: DocumentName): Promise<StoredDocument | undefined> {
    const kept = this.#documents.get(name)
    return kept && { base: kept.base, tail: [...kept.tail] }
  }

  async append(name: DocumentName, update: Uint8Array, options?: AppendOptions): Promise<number> {
    if (options?.create && !this.#documents.has(name)) await this.create({ name, links: [] })
    const kept = this.#known(name)
    const position = (kept.tail.at(-1)?.position ?? kept.base?.position ?? 0) + 1
    kept.tail.push({ position, update: update.slice() })
    return position
  }

  async compact(name: DocumentName, base: Base): Promise<void> {
    const kept = this.#known(name)
    if (kept.base && kept.base.position >= base.position) return
    kept.base = { position: base.position, update: base.update.slice() }
    kept.tail = kept.tail.filter((entry) => entry.position > base.position)
  }

  async longLogs(long: LongLog, limit: number): Promise<readonly DocumentName[]> {
    return [...this.#documents]
      .map(([name, { base, tail }]) => ({ name, base: base?.update.length ?? 0, bytes: sumOf(tail), tail }))
      .filter(({ base, bytes, tail }) => tail.length >= long.entries || bytes > Math.max(long.bytes, base))
      .toSorted((a, b) => b.tail.length - a.tail.length || b.bytes - a.bytes)
      .slice(0, limit)
      .map(({ name }) => name)
  }

  /** What a test or a tool wants to be stored, as it is. */
  replace(name: DocumentName, { base, tail }: StoredDocument): void {
    const kept = this.#known(name)
    kept.base = base
    kept.tail = [...tail]
  }

  async hasLinks(name: DocumentName): Promise<boolean> {
    return (this.#documents.get(name)?.links.length ?? 0) > 0
  }

  async findLink(name: DocumentName, keyHash: Uint8Array): Promise<StoredLink | undefined> {
    const wanted = Buffer.from(keyHash)
    return this.#documents.get(name)?.links.find((link) => wanted.equals(link.keyHash))
  }

  async check(): Promise<void> {}

  async setAside(name: DocumentName, reason: string): Promise<string> {
    const { base, tail } = this.#known(name)
    this.setAsides.set(name, { reason, stored: { base, tail: [...tail] } })
    return 'memory'
  }

  async close(): Promise<void> {}

  #known(name: DocumentName): Kept {
    const kept = this.#documents.get(name)
    if (!kept) throw new StorageError('document-unknown', 'there is no such document')
    return kept
  }
}

function sumOf(entries: readonly LogEntry[]): number {
  return entries.reduce((bytes, { update }) => bytes + update.length, 0)
}
