/** Makes a data folder look as if a server had run on it for a long time: nobody waits for days. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'

export interface Aged {
  /** For how long servers have run. */
  readonly hours: number
  /** With this number of days to keep what nobody opens, all the time. */
  readonly keptDays: number
  /** Documents that were opened in the last of these hours; the others as they were. */
  readonly opened: readonly string[]
}

/** Nobody may have it open. */
export function age(folder: string, { hours, keptDays, opened }: Aged): void {
  const database = new DatabaseSync(join(folder, 'quire.db'))
  database.function('sealed', { varargs: true }, (...row) => crc32(JSON.stringify(row)))
  database
    .prepare(
      `UPDATE uptime SET hours = :hours, kept_days = :keptDays, kept_since = 0,
         checksum = sealed('uptime', :hours, :keptDays, 0)`,
    )
    .run({ hours, keptDays })
  const open = database.prepare(
    `UPDATE openings SET hour = :hours, checksum = sealed('openings', document, :hours, opened_at)
     WHERE document = (SELECT id FROM documents WHERE name = :name)`,
  )
  for (const name of opened) open.run({ hours, name })
  database.close()
}
