/**
 * Quire beside its peers, in the same run: each scenario with each server by turns, several times over, and of each number the
 * median. Prints tables; with `--write` also a file of all numbers and a chart, both in docs/.
 *
 *     pnpm bench                               # everything, three rounds: more than an hour
 *     pnpm bench typing-room open              # these
 *     pnpm bench --rounds 1 --servers quire,hocuspocus many-rooms
 */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { chartOf } from './chart.ts'
import type { Measured, Row } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'
import { serverNames, type ServerName } from './servers.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    servers: { type: 'string', default: serverNames.join(',') },
    write: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const wanted = values.servers.split(',')
const chosen = positionals.length > 0 ? positionals : Object.keys(scenarios)
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const machine = `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'} × ${cpus().length}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`
console.log(`${machine}; medians of ${rounds}`)
const date = new Date().toISOString().slice(0, 10)
const all: Measured[] = []
for (const name of chosen) {
  const scenario = scenarios[name]
  if (!scenario) throw new Error(`there is no ${name}; there are ${Object.keys(scenarios).join(', ')}`)
  const taking = scenario.servers.filter((server) => wanted.includes(server))
  const rows = new Map<ServerName, Row[]>(taking.map((server) => [server, []]))
  for (let round = 0; round < rounds; round++)
    for (const server of taking) rows.get(server)?.push(await run(name, server))
  const servers = Object.fromEntries(taking.map((server) => [server, medians(rows.get(server) ?? [])]))
  all.push({ scenario: name, tells: scenario.tells, machine, date, rounds, servers })
  console.log(`\n${name}: ${scenario.tells}`)
  console.table(rounded(servers))
  if (values.write) write()
}

/** What was not measured this time stays as it was. */
function write(): void {
  const numbers = here('../../docs/performance.json')
  const known = existsSync(numbers) ? (JSON.parse(readFileSync(numbers, 'utf8')) as Measured[]) : [] // as written below
  const merged = Object.keys(scenarios).flatMap((name) => {
    const found = [...all, ...known].find(({ scenario }) => scenario === name)
    return found ? [found] : []
  })
  writeFileSync(numbers, `${JSON.stringify(merged, undefined, 2)}\n`)
  writeFileSync(here('../../docs/images/performance.svg'), chartOf(merged))
}

async function run(scenario: string, server: ServerName): Promise<Row> {
  // Quire as it is shipped.
  const env = { QUIRE_SERVER: here('../../dist/quire.js'), ...process.env }
  const { stdout } = await promisify(execFile)('node', [here('run.ts'), scenario, server], { env })
  return JSON.parse(stdout) as Row // what run.ts prints
}

/** What could not be measured is NaN, and JSON has null for it. */
function medians(rows: readonly Row[]): Row {
  const names = Object.keys(rows[0] ?? {})
  return Object.fromEntries(
    names.map((name) => {
      const sorted = rows.map((row) => row[name] ?? Number.NaN).toSorted((a, b) => a - b)
      return [name, sorted[Math.floor(sorted.length / 2)] ?? Number.NaN]
    }),
  )
}

function rounded(servers: Readonly<Record<string, Row>>): Record<string, Row> {
  return Object.fromEntries(
    Object.entries(servers).map(([server, row]) => [
      server,
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, threeDigits(value)])),
    ]),
  )
}

function threeDigits(value: number): number {
  return Number.isFinite(value) && Math.abs(value) < 1000 ? Number(value.toPrecision(3)) : Math.round(value)
}
