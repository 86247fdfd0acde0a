/** When documents were last opened, told in the hours for which servers have run. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { damaged, reading } from './reading.ts'
import { companions, type Seals } from './seals.ts'
import type { Uptime } from './uptime.ts'

export class Openings {
  readonly #uptime: Uptime
  readonly #seals: Seals
  readonly #note: StatementSync
  readonly #hour: StatementSync

  constructor(database: DatabaseSync, { uptime, seals }: { uptime: Uptime; seals: Seals }) {
    this.#uptime = uptime
    this.#seals = seals
    this.#note = database.prepare(
      `INSERT INTO openings (document, hour) VALUES (:document, :hour)
       ON CONFLICT DO UPDATE SET hour = excluded.hour, opened_at = excluded.opened_at`,
    )
    this.#hour = database.prepare('SELECT hour FROM openings WHERE document = ?')
  }

  /** The hour that it is; undefined if that is not what was written. */
  get hours(): number | undefined {
    return this.#uptime.hours
  }

  note(document: number): void {
    this.#note.run({ document, hour: this.#uptime.hours ?? 0 })
    this.#seals.seal('openings', document)
  }

  hourOf(document: number): number {
    const row = reading(companions.openings, () => this.#hour.get(document))
    if (typeof row?.['hour'] !== 'number') throw damaged('when it was last opened is not known')
    return row['hour']
  }

  /** What was opened in it or earlier has not been opened for so many hours; before all others if nobody knows which that is. */
  hourBefore(hours: number): number {
    return (this.#uptime.hours ?? -1) - hours
  }
}
