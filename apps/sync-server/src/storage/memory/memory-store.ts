/** A store that forgets everything when the process ends: for tests, and as the plainest reading of the port. */
import type { DocumentName } from '@quire/protocol'
import {
  maxLinks,
  maxWritersPerClient,
  StorageError,
  isFoundIn,
  type AppendOptions,
  type Base,
  type DocumentFacts,
  type DocumentOrder,
  type LinkChange,
  type LogEntry,
  type LongLog,
  type NewLink,
  type NewDocument,
  type Page,
  type Store,
  type StoredDocument,
  type StoredLink,
  type StoredWriter,
  type Totals,
  type Unopened,
  type Writer,
} from '../document-store.ts'

interface Kept {
  links: StoredLink[]
  base: Base | undefined
  tail: LogEntry[]
  writers: StoredWriter[]
  /** By the id of the link. */
  users: Map<string, Set<string>>
  createdAt: number
  changedAt: number | undefined
  openedAt: number
  /** In which hour of the store. */
  openedIn: number
  title: { readonly position: number; readonly text: string } | undefined
}

export class MemoryStore implements Store {
  /** What was set aside, for tests to look at. */
  readonly setAsides = new Map<DocumentName, { readonly reason: string; readonly stored: StoredDocument }>()
  readonly #documents = new Map<DocumentName, Kept>()
  #hours = 0
  #kept: { readonly days: number | undefined; readonly since: number } = { days: undefined, since: 0 }

  get usedBytes(): number {
    return [...this.#documents.values()].reduce((sum, { base, tail }) => sum + bytesOf(base) + sumOf(tail), 0)
  }

  async create({ name, links, update }: NewDocument): Promise<void> {
    if (this.#documents.has(name))
      throw new StorageError('document-exists', 'there is such a document already')
    const tail = update ? [{ position: 1, update: update.slice() }] : []
    this.#documents.set(name, {
      links: links.map(stored),
      base: undefined,
      tail,
      writers: [],
      users: new Map(),
      createdAt: nowSeconds(),
      changedAt: update && nowSeconds(),
      openedAt: nowSeconds(),
      openedIn: this.#hours,
      title: undefined,
    })
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
    kept.changedAt = nowSeconds()
    for (const writer of options?.writers ?? []) keepWriter(kept, writer)
    return position
  }

  async writers(name: DocumentName): Promise<readonly StoredWriter[]> {
    return [...this.#known(name).writers]
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

  /** What a test or a tool wants to be stored, as it is, and by nobody. */
  replace(name: DocumentName, { base, tail }: StoredDocument): void {
    const kept = this.#known(name)
    kept.base = base
    kept.tail = [...tail]
    kept.writers = []
  }

  async hasLinks(name: DocumentName): Promise<boolean> {
    return (this.#documents.get(name)?.links.length ?? 0) > 0
  }

  async findLink(name: DocumentName, keyHash: Uint8Array): Promise<StoredLink | undefined> {
    return this.#documents.get(name)?.links.find((link) => isSame(link.keyHash, keyHash))
  }

  async findLinkById(name: DocumentName, id: string): Promise<StoredLink | undefined> {
    return this.#documents.get(name)?.links.find((link) => link.id === id)
  }

  async links(name: DocumentName): Promise<readonly StoredLink[]> {
    return [...this.#known(name).links]
  }

  async addLink(name: DocumentName, link: NewLink, ownerKeyHash?: Uint8Array): Promise<StoredLink> {
    const kept = this.#knownTo(name, ownerKeyHash)
    if (kept.links.length >= maxLinks)
      throw new StorageError('too-many-links', 'it has as many as it may have')
    return this.#addTo(kept, link)
  }

  #addTo(kept: Kept, link: NewLink): StoredLink {
    const isTaken =
      kept.links.some(({ id }) => id === link.id) ||
      [...this.#documents.values()].some(({ links }) =>
        links.some(({ keyHash }) => isSame(keyHash, link.keyHash)),
      )
    if (isTaken) throw new StorageError('link-exists', 'there is such a link already')
    const made = stored(link)
    kept.links.push(made)
    return made
  }

  async removeLink(name: DocumentName, id: string, ownerKeyHash?: Uint8Array): Promise<boolean> {
    const kept = this.#knownTo(name, ownerKeyHash)
    const left = kept.links.filter((link) => link.id !== id)
    const isRemoved = left.length < kept.links.length
    kept.links = left
    kept.users.delete(id)
    return isRemoved
  }

  async changeLink(
    name: DocumentName,
    id: string,
    change: LinkChange,
    ownerKeyHash?: Uint8Array,
  ): Promise<StoredLink | undefined> {
    const { links } = this.#knownTo(name, ownerKeyHash)
    const index = links.findIndex((link) => link.id === id)
    const link = links[index]
    return link && (links[index] = changed(link, change))
  }

  async useLink(name: DocumentName, id: string, userId: string): Promise<boolean> {
    const { links, users } = this.#known(name)
    const index = links.findIndex((link) => link.id === id)
    const link = links[index]
    if (!link) return false
    if (link.maxUses === undefined) return true
    const known = users.get(id) ?? new Set()
    if (known.size < link.maxUses) known.add(userId)
    users.set(id, known)
    links[index] = { ...link, uses: known.size }
    return known.has(userId)
  }

  async replaceLinks(
    name: DocumentName,
    ids: readonly string[] | 'all',
    links: readonly NewLink[],
    ownerKeyHash?: Uint8Array,
  ): Promise<readonly StoredLink[]> {
    const kept = this.#knownTo(name, ownerKeyHash)
    const before = kept.links
    if (ids !== 'all' && !ids.every((id) => before.some((link) => link.id === id)))
      throw new StorageError('link-unknown', 'there is no such link')
    const isOld = ({ id }: StoredLink): boolean => ids === 'all' || ids.includes(id)
    kept.links = before.filter((link) => !isOld(link))
    try {
      const made = links.map((link) => this.#addTo(kept, link))
      for (const { id } of before.filter(isOld)) kept.users.delete(id)
      return made
    } catch (error) {
      kept.links = before
      throw error
    }
  }

  async documents({
    order,
    after,
    find = '',
    limit,
    skip = 0,
    unopenedHours = 0,
  }: Page): Promise<readonly DocumentFacts[]> {
    return [...this.#documents.keys()]
      .filter((name) => Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0)
      .filter((name) =>
        [name, this.#documents.get(name)?.title?.text ?? ''].some((text) => isFoundIn(text, find)),
      )
      .map((name) => this.#factsOf(name))
      .filter((facts) => isUnopened(facts, unopenedHours))
      .toSorted(
        (a, b) =>
          rankIn(order, b) - rankIn(order, a) || Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
      )
      .slice(skip, skip + limit)
  }

  async facts(name: DocumentName): Promise<DocumentFacts> {
    return this.#factsOf(name)
  }

  async totals(): Promise<Totals> {
    const all = [...this.#documents.keys()].map((name) => this.#factsOf(name))
    return {
      documents: all.length,
      links: all.reduce((sum, { links }) => sum + links, 0),
      bytes: all.reduce((sum, { baseBytes, tailBytes }) => sum + baseBytes + tailBytes, 0),
    }
  }

  async noteTitle(
    name: DocumentName,
    title: { readonly position: number; readonly text: string },
  ): Promise<void> {
    const kept = this.#documents.get(name)
    if (kept && title.position > (kept.title?.position ?? -1)) kept.title = title
  }

  async noteOpened(name: DocumentName): Promise<void> {
    const kept = this.#documents.get(name)
    if (kept) Object.assign(kept, { openedAt: nowSeconds(), openedIn: this.#hours })
  }

  async passHour(): Promise<void> {
    this.#hours++
  }

  async keepFor(days: number | undefined): Promise<number> {
    if (days !== this.#kept.days) this.#kept = { days, since: this.#hours }
    return this.#hours - this.#kept.since
  }

  async unopened(hours: number): Promise<Unopened> {
    const found = [...this.#documents.keys()]
      .map((name) => this.#factsOf(name))
      .filter((facts) => isUnopened(facts, hours))
    const bytes = found.reduce((sum, { baseBytes, tailBytes }) => sum + baseBytes + tailBytes, 0)
    return { documents: found.length, bytes }
  }

  async removeUnopened(name: DocumentName, hours: number): Promise<boolean> {
    return this.#documents.has(name) && isUnopened(this.#factsOf(name), hours) && this.#documents.delete(name)
  }

  async remove(name: DocumentName, ownerKeyHash?: Uint8Array): Promise<void> {
    this.#knownTo(name, ownerKeyHash)
    this.#documents.delete(name)
  }

  async check(): Promise<void> {}

  async setAside(name: DocumentName, reason: string): Promise<string> {
    const { base, tail } = this.#known(name)
    this.setAsides.set(name, { reason, stored: { base, tail: [...tail] } })
    return 'memory'
  }

  async close(): Promise<void> {}

  #factsOf(name: DocumentName): DocumentFacts {
    const { base, tail, links, createdAt, changedAt, openedAt, openedIn, title } = this.#known(name)
    const start = base?.position ?? 0
    const head = tail.at(-1)?.position ?? start
    return {
      name,
      createdAt,
      changedAt,
      openedAt,
      unopenedHours: this.#hours - openedIn,
      extent: { base: start, head },
      baseBytes: bytesOf(base),
      tailBytes: sumOf(tail),
      links: links.length,
      title: title?.position === head ? title.text : undefined,
    }
  }

  /** Unless there has to be an owner with this key, and is none. */
  #knownTo(name: DocumentName, ownerKeyHash: Uint8Array | undefined): Kept {
    const kept = this.#known(name)
    const owner = kept.links.find(({ keyHash }) => ownerKeyHash && isSame(keyHash, ownerKeyHash))
    if (ownerKeyHash && owner?.role !== 'own')
      throw new StorageError('not-owner', 'the key is not the owner’s')
    return kept
  }

  #known(name: DocumentName): Kept {
    const kept = this.#documents.get(name)
    if (!kept) throw new StorageError('document-unknown', 'there is no such document')
    return kept
  }
}

function stored(link: NewLink): StoredLink {
  const { label = '', expiresAt, maxUses, isSeen = true } = link
  return { ...link, label, expiresAt, maxUses, isSeen, uses: 0, createdAt: nowSeconds() }
}

function changed(link: StoredLink, { role, label, expiresAt, maxUses, isSeen }: LinkChange): StoredLink {
  return {
    ...link,
    role: role ?? link.role,
    label: label ?? link.label,
    expiresAt: expiresAt === undefined ? link.expiresAt : (expiresAt ?? undefined),
    maxUses: maxUses === undefined ? link.maxUses : (maxUses ?? undefined),
    isSeen: isSeen ?? link.isSeen,
  }
}

function keepWriter(kept: Kept, writer: Writer): void {
  const ofClient = kept.writers.filter(({ clientId }) => clientId === writer.clientId)
  const known = ofClient.find(({ userId }) => userId === writer.userId)
  if (known && writer.part === 'wrote')
    kept.writers = kept.writers.map((each) => (each === known ? { ...each, part: 'wrote' } : each))
  else if (!known && ofClient.length < maxWritersPerClient)
    kept.writers.push({ ...writer, firstSeenAt: nowSeconds() })
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.from(one).equals(other)
}

function bytesOf(base: Base | undefined): number {
  return base?.update.length ?? 0
}

function isUnopened({ unopenedHours = 0 }: DocumentFacts, hours: number): boolean {
  return unopenedHours >= hours
}

function sumOf(entries: readonly LogEntry[]): number {
  return entries.reduce((bytes, { update }) => bytes + update.length, 0)
}

function rankIn(
  order: DocumentOrder,
  { createdAt, changedAt = createdAt, openedAt = createdAt, baseBytes, tailBytes, extent }: DocumentFacts,
): number {
  return {
    changed: changedAt,
    created: createdAt,
    opened: openedAt,
    size: baseBytes + tailBytes,
    entries: extent?.head ?? 0,
    id: 0,
  }[order]
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
