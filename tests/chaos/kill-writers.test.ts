/**
 * `kill -9`, again and again, while page after page writes its first words. Of every word that a page was shown as
 * saved, the disk says whose it is: who it came from is durable no later than the word.
 */
import { setTimeout as passed } from 'node:timers/promises'
import type { DocumentSession } from '@quire/editor/session'
import { SqliteStore } from '@quire/sync-server'
import { expect, it } from 'vitest'
import { createDocument } from '../support/documents.ts'
import { spawnServer } from '../support/quire-process.ts'
import { chosenSeed, seededRandom } from '../support/random.ts'
import { beginSession } from '../support/session.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilSession } from '../support/until.ts'
import { dose } from '../support/dose.ts'

const kills = dose({ variable: 'QUIRE_KILLS', usual: 10, small: 3 })
/** Pages of one life of the server: each writes once, under an id that nobody has written with. */
const pages = 9
/** The moment of the plug being pulled, counted from when the first word was saved. */
const maxLifeMs = 100
const seed = chosenSeed()

it(
  `whose it is stays known of every saved word through ${kills} × kill -9 (seed ${seed})`,
  { timeout: 240_000 },
  async () => {
    const random = seededRandom(seed)
    const folder = temporaryFolder()
    const server = await spawnServer(folder)
    const document = await createDocument(server.url)
    const saved = new Map<number, string>()

    for (let kill = 0; kill < kills; kill++) {
      const sessions = Array.from({ length: pages }, (_, page) =>
        beginSession({ syncUrl: server.syncUrl, document, name: `Page ${page}` }),
      )
      for (const session of sessions) session.subscribe(() => writeOnce(session, saved))
      await Promise.any(sessions.map((session) => untilSession(session, () => isSaved(session))))
      await passed(random.below(maxLifeMs))
      await server.kill('SIGKILL')
      // Everything the server ever said has arrived once the sockets are closed.
      await Promise.all(sessions.map((session) => untilSession(session, () => session.state.type !== 'live')))
      for (const session of sessions) session.close()

      const store = await SqliteStore.open(folder)
      const writers = await store.writers(document.id)
      await store.close()
      const noted = new Map(
        writers.flatMap(({ part, clientId, userId, name }) =>
          part === 'wrote' ? [[clientId, `${userId} ${name}`]] : [],
        ),
      )
      for (const [clientId, user] of saved) expect(noted.get(clientId)).toBe(user)
      await server.restart()
    }
    console.log(`${kills} kills, ${saved.size} of ${kills * pages} pages saved their word`)
  },
)

function isSaved({ text, unsaved }: DocumentSession): boolean {
  return text.length > 0 && unsaved === 0
}

/** Writes as soon as the server has let the page in, and remembers whose word has been shown as saved. */
function writeOnce(
  { awareness, state, text, unsaved, user }: DocumentSession,
  saved: Map<number, string>,
): void {
  const word = `<${awareness.clientID}>`
  const hasWritten = text.toString().includes(word)
  if (state.type === 'live' && !hasWritten) text.insert(0, word)
  else if (hasWritten && unsaved === 0 && user) saved.set(awareness.clientID, `${user.id} ${user.name}`)
}
