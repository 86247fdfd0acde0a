/** Facts about documents and lists of them, none of which is read for that. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { DocumentName } from '@quire/protocol'
import {
  isFoundIn,
  type DocumentFacts,
  type DocumentOrder,
  type LongLog,
  type Page,
  type Totals,
  type Unopened,
} from '../document-store.ts'
import type { Lookup } from './lookup.ts'
import type { Openings } from './openings.ts'
import { unknownDocument } from './reading.ts'
import { unknownHead } from './schema.ts'

const factsOf = `SELECT name, created_at, changed_at, opened_at, hour, base, head, base_bytes, tail_bytes, title,
  (SELECT count(*) FROM links WHERE links.document = documents.id) AS links
  FROM documents LEFT JOIN extents ON extents.document = id
  LEFT JOIN openings ON openings.document = id
  LEFT JOIN titles ON titles.document = id AND titles.position = head`

const orders: Readonly<Record<DocumentOrder, string>> = {
  changed: 'coalesce(changed_at, created_at) DESC',
  created: 'created_at DESC',
  opened: 'opened_at DESC',
  size: 'base_bytes + tail_bytes DESC',
  entries: 'head DESC',
  id: 'name',
}

export class Lists {
  readonly #lookup: Lookup
  readonly #openings: Openings
  readonly #longLogs: StatementSync
  readonly #inventory: Readonly<Record<DocumentOrder, StatementSync>>
  readonly #facts: StatementSync
  readonly #totals: StatementSync
  readonly #unopened: StatementSync

  constructor(database: DatabaseSync, { lookup, openings }: { lookup: Lookup; openings: Openings }) {
    this.#lookup = lookup
    this.#openings = openings
    const prepare = (sql: string): StatementSync => database.prepare(sql)
    database.function('is_found_in', (text, find) => Number(isFoundIn(String(text ?? ''), String(find))))
    // A scan of a small table, since an index would cost every append another page.
    this.#longLogs = prepare(
      `SELECT name FROM extents CROSS JOIN documents ON id = document
       WHERE head - base >= :entries OR tail_bytes > max(:bytes, base_bytes)
       ORDER BY head - base DESC, tail_bytes DESC LIMIT :limit`,
    )
    const inventory = (order: DocumentOrder): StatementSync =>
      prepare(
        `${factsOf} WHERE name > :after AND (:openedBefore IS NULL OR hour <= :openedBefore)
            AND (:find = '' OR is_found_in(name, :find) OR
              is_found_in((SELECT title FROM titles WHERE document = documents.id), :find))
          ORDER BY ${orders[order]}, name LIMIT :limit OFFSET :skip`,
      )
    this.#inventory = {
      changed: inventory('changed'),
      created: inventory('created'),
      opened: inventory('opened'),
      size: inventory('size'),
      entries: inventory('entries'),
      id: inventory('id'),
    }
    this.#facts = prepare(`${factsOf} WHERE id = ?`)
    this.#totals = prepare(
      `SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM links) AS links,
         (SELECT coalesce(sum(base_bytes + tail_bytes), 0) FROM extents) AS bytes`,
    )
    this.#unopened = prepare(
      `SELECT count(*) AS documents, coalesce(sum(base_bytes + tail_bytes), 0) AS bytes
       FROM openings JOIN extents ON extents.document = openings.document WHERE hour <= ?`,
    )
  }

  longLogs({ entries, bytes }: LongLog, limit: number): DocumentName[] {
    // Only names that were parsed are ever stored.
    return this.#longLogs.all({ entries, bytes, limit }).map(({ name }) => String(name) as DocumentName)
  }

  documents({ order, limit, skip = 0, after, find = '', unopenedHours }: Page): DocumentFacts[] {
    const hours = this.#openings.hours
    const openedBefore = unopenedHours === undefined ? null : this.#openings.hourBefore(unopenedHours)
    return this.#inventory[order]
      .all({ limit, skip, after, find, openedBefore })
      .map((row) => factsIn(row, hours))
  }

  facts(name: DocumentName): DocumentFacts {
    const row = this.#facts.get(this.#lookup.known(name))
    if (!row) throw unknownDocument()
    return factsIn(row, this.#openings.hours)
  }

  totals(): Totals {
    const { documents, links, bytes } = this.#totals.get() ?? {}
    return { documents: Number(documents), links: Number(links), bytes: Number(bytes) }
  }

  unopened(hours: number): Unopened {
    const { documents, bytes } = this.#unopened.get(this.#openings.hourBefore(hours)) ?? {}
    return { documents: Number(documents), bytes: Number(bytes) }
  }
}

function factsIn(row: Record<string, unknown>, hours: number | undefined): DocumentFacts {
  const { name, created_at: createdAt, changed_at: changedAt, base, head, title, links } = row
  const { opened_at: openedAt, hour } = row
  const isKnown = typeof base === 'number' && typeof head === 'number' && head !== unknownHead
  return {
    name: String(name) as DocumentName, // only names that were parsed are ever stored
    createdAt: Number(createdAt),
    changedAt: typeof changedAt === 'number' ? changedAt : undefined,
    openedAt: typeof openedAt === 'number' ? openedAt : undefined,
    unopenedHours: hours === undefined || typeof hour !== 'number' ? undefined : Math.max(0, hours - hour),
    extent: isKnown ? { base, head } : undefined,
    baseBytes: Number(row['base_bytes'] ?? 0),
    tailBytes: Number(row['tail_bytes'] ?? 0),
    links: Number(links),
    title: typeof title === 'string' ? title : undefined,
  }
}
