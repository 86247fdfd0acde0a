/** What is measured of a server in one run: a name for each number. */
import type { ServerName, StartedServer } from './servers.ts'

export type Row = Readonly<Record<string, number>>

export interface Scenario {
  /** What happens in it, for whoever reads the table. */
  readonly tells: string
  /** Those that can take part. */
  readonly servers: readonly ServerName[]
  run(server: StartedServer, name: ServerName): Promise<Row>
}

export interface Measured {
  readonly machine: string
  readonly date: string
  readonly rounds: number
  readonly scenario: string
  readonly tells: string
  /** Medians of the rounds, by server. */
  readonly servers: Readonly<Record<string, Row>>
}
