/**
 * A backup is made while people type as much as the server takes. It holds every edit that was acknowledged before it
 * began; nobody who types is held up by it; and the log that has grown meanwhile is cut back.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createDocument, readText, type TestDocument } from '../support/documents.ts'
import { startLoad, type Told } from '../support/load.ts'
import { runQuire, spawnServer } from '../support/quire-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { describeLatencies } from '../support/timed-writers.ts'

/** Updates a second. */
const perSecond = Number(process.env['QUIRE_LOAD'] ?? 500)
/** Of typing, acknowledged before the backup begins, and as many again for each part that is measured. */
const seconds = Number(process.env['QUIRE_LOAD_SECONDS'] ?? 1)
/** Stored before anyone types, so that copying takes a while. */
const storedMb = Number(process.env['QUIRE_STORED_MB'] ?? 8)
const writers = 50
const documents = 25
const maxRestingLogBytes = 64 * 2 ** 20

it(
  `a backup at ${perSecond} updates a second holds what was acknowledged before`,
  { timeout: 600_000 },
  async () => {
    const data = temporaryFolder()
    const server = await spawnServer(data)
    const text = 'some words '.repeat((storedMb * 2 ** 20) / documents / 11)
    const made: TestDocument[] = []
    for (let count = 0; count < documents; count++) made.push(await createDocument(server.url, { text }))
    const written = Array.from({ length: writers }, (_, writer) => made[writer % documents] ?? made[0])
    const places = written.map((document) => ({
      syncUrl: server.syncUrl,
      document: document?.id ?? '',
      key: document?.keys.edit ?? '',
    }))
    const load = await startLoad({ places, perSecond })
    // Rooms open first.
    await load.told(perSecond * seconds)
    const before = await load.told(2 * perSecond * seconds)
    const startedAt = performance.now()
    const backup = join(temporaryFolder(), 'backup')
    const ended = await runQuire(['backup', backup, '--data', data, '--json'])
    const tookMs = performance.now() - startedAt
    const during = await load.told()
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(sum(during.acknowledged) - sum(before.acknowledged)).toBeGreaterThan(0)
    const { bytes } = JSON.parse(ended.stdout) as { bytes: number } // what `--json` says
    const logBytes = statSync(join(data, 'quire.db-wal')).size
    const after = await load.told(sum(during.acknowledged) + perSecond * seconds)
    expect(statSync(join(data, 'quire.db-wal')).size).toBeLessThanOrEqual(maxRestingLogBytes)
    await load.stop()
    await server.kill('SIGTERM')

    const elsewhere = temporaryFolder()
    expect((await runQuire(['restore', backup, '--data', elsewhere])).code).toBe(0)
    const restored = await spawnServer(elsewhere)
    const held = new Set<string>()
    for (const document of made)
      for (const [token] of (await readText(restored.url, document)).matchAll(/<\d+:\d+>/g)) held.add(token)
    const acknowledged = before.acknowledged.flatMap((count, writer) =>
      Array.from({ length: count }, (_, index) => `<${writer}:${index}>`),
    )
    expect(acknowledged.length).toBeGreaterThanOrEqual(2 * perSecond * seconds)
    expect(acknowledged.filter((token) => !held.has(token))).toEqual([])
    console.log(
      [
        `${acknowledged.length} edits acknowledged before, all of them in it; ${held.size} in all`,
        `${(bytes / 2 ** 20).toFixed(0)} MiB in ${(tookMs / 1000).toFixed(1)} s, meanwhile ${rate(before, during, tookMs)} updates a second`,
        `log of ${(logBytes / 2 ** 20).toFixed(1)} MiB when it ended`,
        `acknowledged before: ${describeLatencies(before.latenciesMs)}`,
        `acknowledged during: ${describeLatencies(during.latenciesMs)}, slowest ${slowest(during)} ms`,
        `acknowledged after:  ${describeLatencies(after.latenciesMs)}, slowest ${slowest(after)} ms`,
      ].join('\n'),
    )
  },
)

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

function rate(before: Told, after: Told, ms: number): string {
  return (((sum(after.acknowledged) - sum(before.acknowledged)) / ms) * 1000).toFixed(0)
}

function slowest({ latenciesMs }: Told): string {
  return latenciesMs.reduce((most, each) => Math.max(most, each), 0).toFixed(0)
}
