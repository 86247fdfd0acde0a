/** A dose of the simulation, and that it can be trusted: a seed says everything, and broken servers are convicted. */
import { StorageError, type DocumentStore } from '@quire/sync-server/storage'
import { describe, expect, it } from 'vitest'
import { describeFailures, runFleet } from './fleet.ts'
import { run } from './run.ts'
import { dose } from '../support/dose.ts'

const seeds = dose({ variable: 'QUIRE_SEEDS', usual: 2000, small: 50 })
/** The same worlds each time: a change is not to be judged by what chance has met. */
const first = Number(process.env['QUIRE_FIRST'] ?? 5_000_000)

it(
  `everyone converges and nothing is lost in ${seeds} worlds (seeds from ${first})`,
  { timeout: 600_000 },
  async () => {
    const { failures, counts, virtualMs } = await runFleet({ first, seeds })
    const hours = Math.round(virtualMs / 3_600_000)
    console.log(
      `${seeds} seeds, ${hours} virtual hours, ${counts.get('edits')} edits, ${counts.get('kills')} kills`,
    )
    expect(describeFailures(failures)).toEqual([])
  },
)

it('the same seed plays out the same', async () => {
  const [once, again] = [await run(first, { traced: true }), await run(first, { traced: true })]
  expect(again.trace).toEqual(once.trace)
  expect(again.digest).toBe(once.digest)
  expect((await run(first + 1)).digest).not.toBe(once.digest)
})

describe('the checks convict', () => {
  /** One of the first hundred worlds shows each of these rules to be broken. */
  async function convicts(
    storeFor: (store: DocumentStore) => DocumentStore,
    ...rules: readonly string[]
  ): Promise<void> {
    const broken = new Set<string>()
    for (let seed = 1; seed <= 100 && !rules.every((rule) => broken.has(rule)); seed++) {
      const { violations } = await run(seed, { storeFor })
      for (const { rule } of violations) broken.add(rule)
    }
    expect([...broken]).toEqual(expect.arrayContaining([...rules]))
  }

  it('a server that acknowledges and shows before anything is durable', { timeout: 120_000 }, async () => {
    await convicts(
      (store) => {
        let position: number | undefined
        return forwarding(store, {
          async load(name) {
            const stored = await store.load(name)
            position = stored?.tail.at(-1)?.position ?? stored?.base?.position ?? 0
            return stored
          },
          async append(name, update, options) {
            store.append(name, update, options).catch(() => undefined)
            return (position = (position ?? 0) + 1)
          },
        })
      },
      'nothing is acknowledged before it is durable',
      'nothing is shown before it is durable',
    )
  })

  it('a server whose bases hold less than what they stand for', { timeout: 120_000 }, async () => {
    await convicts(
      (store) =>
        forwarding(store, {
          compact: (name, { position }) => store.compact(name, { position, update: Uint8Array.of(0, 0) }),
        }),
      'everyone has the same document',
    )
  })

  it('a server that takes a failed append for a good one', { timeout: 120_000 }, async () => {
    await convicts((store) => {
      // A room ends when a position is not the next one.
      let told = 0
      return forwarding(store, {
        async load(name) {
          const stored = await store.load(name)
          told = stored?.tail.at(-1)?.position ?? stored?.base?.position ?? 0
          return stored
        },
        async append(name, update, options) {
          try {
            await store.append(name, update, options)
          } catch (error) {
            if (!(error instanceof StorageError)) throw error
          }
          return ++told
        },
      })
    }, 'nothing is acknowledged before it is durable')
  })
})

/** The same store but for these methods. */
function forwarding(store: DocumentStore, changed: Partial<DocumentStore>): DocumentStore {
  return {
    usedBytes: store.usedBytes,
    create: (document) => store.create(document),
    load: (name) => store.load(name),
    append: (name, update, options) => store.append(name, update, options),
    writers: (name) => store.writers(name),
    compact: (name, base) => store.compact(name, base),
    longLogs: (threshold, limit) => store.longLogs(threshold, limit),
    setAside: (name, reason) => store.setAside(name, reason),
    check: () => store.check(),
    close: () => store.close(),
    ...changed,
  }
}
