/** What the storage driver writes: one update a round for each document, which says itself where it belongs. */
import { parseDocumentName, type DocumentName } from '@quire/protocol'
import type { SqliteStore } from '@quire/sync-server/sqlite'

export const roundNames: readonly DocumentName[] = ['one', 'two'].map(parseDocumentName)

type Stored = NonNullable<Awaited<ReturnType<SqliteStore['load']>>>

/** Every seventh is large, so that the log is checkpointed within a few dozen rounds. */
export function updateOf(name: DocumentName, round: number): Buffer {
  return Buffer.from(tokenOf(name, round).padEnd(round % 7 === 0 ? 300_000 : 300, '.'))
}

/** In the place of everything stored: the same tokens without what fills them up. */
export function joined(name: DocumentName, stored: Stored): Uint8Array {
  return Buffer.from(
    roundsIn(name, stored)
      .map((round) => tokenOf(name, round))
      .join(' '),
  )
}

/** The rounds a document holds, in order. Throws if any byte is not as it was written. */
export function roundsIn(name: DocumentName, { base, tail }: Stored): number[] {
  const tokens = base && base.update.length > 0 ? Buffer.from(base.update).toString().split(' ') : []
  const rounds = tokens.map((token) => roundOf(name, token))
  for (const { update } of tail) {
    const round = roundOf(name, /^[^.]*/.exec(Buffer.from(update).toString())?.[0] ?? '')
    if (!updateOf(name, round).equals(update)) throw new Error(`round ${round} of ${name} has changed`)
    rounds.push(round)
  }
  return rounds
}

function tokenOf(name: DocumentName, round: number): string {
  return `${name}/${round}`
}

function roundOf(name: DocumentName, token: string): number {
  const round = Number(token.slice(name.length + 1))
  if (!Number.isInteger(round) || token !== tokenOf(name, round))
    throw new Error(`${name} holds ${JSON.stringify(token.slice(0, 40))}`)
  return round
}
