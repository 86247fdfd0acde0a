/** For how many hours servers have run on a database, and for how long of that they have kept documents for so many days. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { rowChecksumOf } from './checksum.ts'

interface Counted {
  readonly hours: number
  /** Null: for ever. */
  readonly keptDays: number | null
  /** The hour in which that became so. */
  readonly keptSince: number
}

/** Counting anew makes nothing look older than it is. */
const never: Counted = { hours: 0, keptDays: null, keptSince: 0 }

export class Uptime {
  readonly #read: StatementSync
  readonly #write: StatementSync

  constructor(database: DatabaseSync) {
    this.#read = database.prepare('SELECT hours, kept_days, kept_since, checksum FROM uptime')
    this.#write = database.prepare(
      `INSERT OR REPLACE INTO uptime (id, hours, kept_days, kept_since, checksum)
       VALUES (1, :hours, :keptDays, :keptSince, :checksum)`,
    )
  }

  /** Undefined if that is not what was written. */
  get hours(): number | undefined {
    return this.#counted()?.hours
  }

  passHour(): void {
    const counted = this.#counted() ?? never
    this.#put({ ...counted, hours: counted.hours + 1 })
  }

  /** Returns for how many hours it has been so. */
  keepFor(keptDays: number | null): number {
    const counted = this.#counted() ?? never
    if (counted.keptDays === keptDays) return counted.hours - counted.keptSince
    this.#put({ ...counted, keptDays, keptSince: counted.hours })
    return 0
  }

  #counted(): Counted | undefined {
    const { hours, kept_days: keptDays, kept_since: keptSince, checksum } = this.#read.get() ?? {}
    const isOurs = checksum === rowChecksumOf('uptime', [hours, keptDays, keptSince])
    if (!isOurs || typeof hours !== 'number' || typeof keptSince !== 'number') return undefined
    return { hours, keptDays: typeof keptDays === 'number' ? keptDays : null, keptSince }
  }

  #put({ hours, keptDays, keptSince }: Counted): void {
    const checksum = rowChecksumOf('uptime', [hours, keptDays, keptSince])
    this.#write.run({ hours, keptDays, keptSince, checksum })
  }
}
