/**
 * A store in a process of its own, for tests that take its disk away: each round appends to two documents at once,
 * reads them, and now and then puts a base in the place of what they hold. One line on standard output for each
 * outcome. It goes on whatever happens, as a server does.
 *
 * usage: node storage-driver.ts <folder> <rounds>
 */
import type { DocumentName } from '@quire/protocol'
import { SqliteStore } from '@quire/sync-server/sqlite'
import { StorageError } from '@quire/sync-server/storage'
import { joined, roundNames, roundsIn, updateOf } from './storage-rounds.ts'

const [folder = '', rounds = '1'] = process.argv.slice(2)
const say = (...words: readonly (string | number)[]): void => console.log(words.join(' '))

const store = await SqliteStore.open(folder)
for (let round = 1; round <= Number(rounds); round++) {
  await Promise.all(
    roundNames.map((name) =>
      report('append', name, round, () => store.append(name, updateOf(name, round), { create: true })),
    ),
  )
  for (const name of roundNames) await report('read', name, round, () => readAndJoin(name, round))
  await report('check', roundNames[0] ?? '', round, () => store.check())
}
await store.close()
say('closed')

async function report(
  what: string,
  name: string,
  round: number,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work()
    say(what, name, round, 'done')
  } catch (error) {
    say(what, name, round, error instanceof StorageError ? error.code : `bug:${String(error)}`)
  }
}

async function readAndJoin(name: DocumentName, round: number): Promise<void> {
  const stored = await store.load(name)
  if (!stored) return
  const held = roundsIn(name, stored)
  const head = stored.tail.at(-1)?.position
  say('holds', name, round, held.join(','))
  if (head !== undefined && round % 10 === 0)
    await report('join', name, round, () =>
      store.compact(name, { position: head, update: joined(name, stored) }),
    )
}
