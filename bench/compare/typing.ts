/** Many who type at a steady pace, and somebody in each room who hears all of it and looks at the clock. */
import { setTimeout as pause } from 'node:timers/promises'
import { scan } from '@quire/protocol'
import * as Y from 'yjs'
import { seededRandom, shuffled } from '../../tests/support/random.ts'
import type { Member } from './member.ts'
import type { Heard } from './wire.ts'

const tickMs = 4
/** What has not come by then does not count as delivered. */
const patienceMs = 10_000
const quietMs = 400

export interface Typing {
  readonly keys: number
  /** With each of them; absent: one. More are pasted over those before. */
  readonly characters?: number | undefined
  readonly caret?: ((clock: number) => string) | undefined
}

/** The keys somebody presses one after the other, each an update that Yjs made, and when each was sent. */
export class Typist {
  readonly member: Member
  readonly clientId: number
  readonly characters: number
  readonly sentAtMs: number[] = []
  readonly #updates: readonly Uint8Array[]
  readonly #caret: ((clock: number) => string) | undefined

  constructor(member: Member, clientId: number, { keys, characters = 1, caret }: Typing) {
    this.member = member
    this.clientId = clientId
    this.characters = characters
    this.#updates = keysOf(clientId, keys, characters)
    this.#caret = caret
  }

  press(): void {
    const clock = this.sentAtMs.length
    const update = this.#updates[clock]
    if (!update) throw new Error('more keys than there are')
    this.sentAtMs.push(performance.now())
    this.member.say({ type: 'update', update })
    if (this.#caret)
      this.member.say({
        type: 'presence',
        entries: [{ clientId: this.clientId, clock: clock + 1, state: this.#caret(clock) }],
      })
  }
}

function keysOf(clientId: number, count: number, characters: number): Uint8Array[] {
  const doc = new Y.Doc()
  doc.clientID = clientId
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  const text = doc.getText('content')
  for (let key = 0; key < count; key++)
    doc.transact(() => {
      if (characters > 1) text.delete(0, text.length)
      text.insert(text.length, (key % 6 === 5 ? ' ' : 'e').repeat(characters))
    })
  return updates
}

/** Hears what typists of its room wrote, each key once, and how long after it was pressed. */
export class Witness {
  readonly delaysMs: number[] = []
  readonly #typists = new Map<number, Typist>()
  readonly #nextClock = new Map<number, number>()

  watch(typist: Typist): void {
    this.#typists.set(typist.clientId, typist)
  }

  readonly hear = (heard: Heard): void => {
    if (heard.type !== 'update') return
    const nowMs = performance.now()
    for (const { client, clock, end } of scan(heard.update).runs) {
      const typist = this.#typists.get(client)
      if (!typist) continue
      const from = Math.max(clock, this.#nextClock.get(client) ?? 0)
      for (let key = from / typist.characters; key < end / typist.characters; key++)
        this.delaysMs.push(nowMs - (typist.sentAtMs[key] ?? Number.NaN))
      this.#nextClock.set(client, Math.max(from, end))
    }
  }

  get missing(): number {
    let missing = 0
    for (const [client, { sentAtMs, characters }] of this.#typists)
      missing += sentAtMs.length - (this.#nextClock.get(client) ?? 0) / characters
    return missing
  }
}

/**
 * Everyone presses so many keys, evenly spread; resolves when the last was pressed. By turns of chance, though the same each
 * time: two of a room who pressed theirs together would be served as one.
 */
export async function typeTogether(
  typists: readonly Typist[],
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<void> {
  const keys = typists.length * perSecond * seconds
  const order = shuffled(typists, seededRandom(1))
  const startedAt = performance.now()
  for (let pressed = 0; pressed < keys;) {
    const due = Math.min(keys, ((performance.now() - startedAt) / 1000) * perSecond * typists.length)
    for (; pressed < due; pressed++) order[pressed % order.length]?.press()
    await pause(tickMs)
  }
}

/** Resolves once the witnesses have heard everything, or patience ends, and nothing more comes to anyone. */
export async function untilDelivered(
  witnesses: readonly Witness[],
  members: readonly Member[],
): Promise<void> {
  const until = performance.now() + patienceMs
  while (performance.now() < until && witnesses.some(({ missing }) => missing > 0)) await pause(20)
  const received = (): number => members.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0)
  for (
    let before = -1, bytes = received();
    performance.now() < until && bytes !== before;
    bytes = received()
  ) {
    before = bytes
    await pause(quietMs)
  }
}
