/** The links to documents, and whom they have let in. Every failure is a `StorageError`. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { isRole, type DocumentName } from '@quire/protocol'
import { maxLinks, StorageError, type LinkChange, type NewLink, type StoredLink } from '../document-store.ts'
import type { Lookup } from './lookup.ts'
import { damaged, reading, rowIn } from './reading.ts'
import type { Seals } from './seals.ts'

const linkColumns = `rowid AS row, id, role, key_hash, label, expires_at, created_at, max_uses, seen, (
  SELECT count(*) FROM link_uses WHERE link_uses.document = links.document AND link = links.id
) AS uses`

export class Links {
  readonly #lookup: Lookup
  readonly #seals: Seals
  readonly #insert: StatementSync
  readonly #any: StatementSync
  readonly #byKey: StatementSync
  readonly #byId: StatementSync
  readonly #all: StatementSync
  readonly #isFull: StatementSync
  readonly #remove: StatementSync
  readonly #change: StatementSync
  readonly #use: StatementSync
  readonly #mayUse: StatementSync
  /** Documents of which all uses of links were what was written, when this connection looked. */
  readonly #soundUses = new Set<number>()

  constructor(database: DatabaseSync, { lookup, seals }: { lookup: Lookup; seals: Seals }) {
    this.#lookup = lookup
    this.#seals = seals
    this.#insert = database.prepare(
      `INSERT INTO links (document, id, role, key_hash, label, expires_at, max_uses, seen)
       VALUES (:document, :id, :role, :keyHash, :label, :expiresAt, :maxUses, :seen) ON CONFLICT DO NOTHING RETURNING ${linkColumns}`,
    )
    this.#any = database.prepare('SELECT 1 FROM links WHERE document = ? LIMIT 1')
    this.#byKey = database.prepare(`SELECT ${linkColumns} FROM links WHERE document = ? AND key_hash = ?`)
    this.#byId = database.prepare(`SELECT ${linkColumns} FROM links WHERE document = ? AND id = ?`)
    this.#all = database.prepare(
      `SELECT ${linkColumns} FROM links WHERE document = ? ORDER BY created_at, rowid`,
    )
    this.#isFull = database.prepare(`SELECT 1 FROM links WHERE document = ? LIMIT 1 OFFSET ${maxLinks - 1}`)
    this.#remove = database.prepare('DELETE FROM links WHERE document = ? AND id = ?')
    this.#change = database.prepare(
      `UPDATE links SET role = :role, label = :label, expires_at = :expiresAt, max_uses = :maxUses,
         seen = :seen
       WHERE document = :document AND id = :id RETURNING ${linkColumns}`,
    )
    this.#use = database.prepare(
      `INSERT INTO link_uses (document, link, user)
       SELECT :document, :id, :user FROM links WHERE document = :document AND id = :id
         AND (SELECT count(*) FROM link_uses WHERE document = :document AND link = :id) < max_uses
       ON CONFLICT DO NOTHING RETURNING rowid AS row`,
    )
    this.#mayUse = database.prepare(
      `SELECT 1 FROM links WHERE document = :document AND id = :id AND (max_uses IS NULL
         OR EXISTS (SELECT 1 FROM link_uses WHERE document = :document AND link = :id AND user = :user))`,
    )
  }

  hasAny(name: DocumentName): boolean {
    const document = this.#lookup.find(name)
    if (document === undefined) return false
    return reading('its links', () => this.#any.get(document)) !== undefined
  }

  find(name: DocumentName, keyHash: Uint8Array): StoredLink | undefined {
    const document = this.#lookup.find(name)
    if (document === undefined) return undefined
    return this.#oneLink(document, () => this.#byKey.get(document, keyHash))
  }

  findById(name: DocumentName, id: string): StoredLink | undefined {
    const document = this.#lookup.find(name)
    if (document === undefined) return undefined
    return this.#oneLink(document, () => this.#byId.get(document, id))
  }

  all(name: DocumentName): StoredLink[] {
    const document = this.#lookup.known(name)
    this.#seals.demandAll('links', document)
    return reading('its links', () => this.#all.all(document)).map(linkIn)
  }

  /** Throws `not-owner` unless the owner's key has this hash, or none has to. */
  demandOwner(name: DocumentName, keyHash: Uint8Array | undefined): void {
    if (keyHash !== undefined && this.find(name, keyHash)?.role !== 'own')
      throw new StorageError('not-owner', 'the key is not the owner’s')
  }

  add(name: DocumentName, link: NewLink, ownerKeyHash?: Uint8Array): StoredLink {
    const document = this.#lookup.known(name)
    this.demandOwner(name, ownerKeyHash)
    if (this.#isFull.get(document)) throw new StorageError('too-many-links', 'it has as many as it may have')
    return this.addTo(document, link)
  }

  remove(name: DocumentName, id: string, ownerKeyHash?: Uint8Array): boolean {
    const document = this.#lookup.known(name)
    this.demandOwner(name, ownerKeyHash)
    return this.#remove.run(document, id).changes > 0
  }

  change(
    name: DocumentName,
    id: string,
    change: LinkChange,
    ownerKeyHash?: Uint8Array,
  ): StoredLink | undefined {
    const document = this.#lookup.known(name)
    this.demandOwner(name, ownerKeyHash)
    const link = this.findById(name, id)
    if (!link) return undefined
    const { role = link.role, label = link.label, isSeen = link.isSeen } = change
    const { expiresAt = link.expiresAt ?? null, maxUses = link.maxUses ?? null } = change
    const row = this.#change.get({ document, id, role, label, expiresAt, maxUses, seen: Number(isSeen) })
    return row && this.#sealedLink(row)
  }

  use(name: DocumentName, id: string, user: string): boolean {
    const document = this.#lookup.known(name)
    const row = this.#use.get({ document, id, user })
    if (row) this.#seals.seal('link_uses', rowIn(row))
    if (this.#mayUse.get({ document, id, user })) return true
    this.#demandUses(document)
    return false
  }

  replace(
    name: DocumentName,
    ids: readonly string[] | 'all',
    links: readonly NewLink[],
    ownerKeyHash?: Uint8Array,
  ): StoredLink[] {
    const document = this.#lookup.known(name)
    this.demandOwner(name, ownerKeyHash)
    const old = ids === 'all' ? this.all(name).map(({ id }) => id) : ids
    for (const id of old)
      if (this.#remove.run(document, id).changes === 0)
        throw new StorageError('link-unknown', 'there is no such link')
    return links.map((link) => this.addTo(document, link))
  }

  /** To a document by its number. */
  addTo(document: number, { id, role, keyHash, label = '', ...link }: NewLink): StoredLink {
    const { expiresAt = null, maxUses = null, isSeen = true } = link
    const limits = { expiresAt, maxUses, seen: Number(isSeen) }
    const row = this.#insert.get({ document, id, role, keyHash, label, ...limits })
    if (!row) throw new StorageError('link-exists', 'there is such a link already')
    return this.#sealedLink(row)
  }

  /**
   * Nobody is sent away, perhaps to forget what they have, because a row is not what it was. Once for each document, since
   * there may be thousands of rows, and whoever is sent away may come again.
   */
  #demandUses(document: number): void {
    if (this.#soundUses.has(document)) return
    this.#seals.demandAll('link_uses', document)
    if (this.#soundUses.size >= maxSound) this.#soundUses.clear()
    this.#soundUses.add(document)
  }

  #sealedLink(row: Record<string, unknown>): StoredLink {
    this.#seals.seal('links', rowIn(row))
    return linkIn(row)
  }

  /** If it is not found, that may be because it is not what it was. */
  #oneLink(document: number, find: () => Record<string, unknown> | undefined): StoredLink | undefined {
    const row = reading('its links', find)
    if (!row) this.#seals.demandAll('links', document)
    else this.#seals.demand('links', rowIn(row))
    return row && linkIn(row)
  }
}

const maxSound = 10_000

function linkIn(row: Record<string, unknown>): StoredLink {
  const { id, role, key_hash: keyHash, label, created_at: createdAt, uses } = row
  const { expires_at: expiresAt, max_uses: maxUses, seen } = row
  const isLink =
    typeof id === 'string' &&
    isRole(role) &&
    keyHash instanceof Uint8Array &&
    typeof label === 'string' &&
    (typeof expiresAt === 'number' || expiresAt === null) &&
    (typeof maxUses === 'number' || maxUses === null) &&
    typeof seen === 'number' &&
    typeof uses === 'number' &&
    typeof createdAt === 'number'
  if (!isLink) throw damaged('a link is not one')
  const limits = { expiresAt: expiresAt ?? undefined, maxUses: maxUses ?? undefined, isSeen: seen !== 0 }
  return { id, role, keyHash, label, ...limits, uses, createdAt }
}
