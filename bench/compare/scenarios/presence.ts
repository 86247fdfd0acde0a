/** People who only move their carets, in clients that say again whatever they hear of others, as y-websocket's does. */
import { setTimeout as pause } from 'node:timers/promises'
import { decodePresence } from '@quire/protocol'
import { Member } from '../member.ts'
import type { Row } from '../scenario.ts'
import type { StartedServer } from '../servers.ts'
import { cpuMs } from '../usage.ts'
import { inTurns } from './typing.ts'
import { quantile } from '../../pages.ts'

const everyMs = 1000

export async function moveCarets(
  server: StartedServer,
  { people, seconds }: { people: number; seconds: number },
): Promise<Row> {
  const everyone = await inTurns(people, async (index) => Person.join(server, 1000 + index))
  await movesOf(everyone, 2)
  for (const { delaysMs } of everyone) delaysMs.length = 0
  const [serverMs, loadMs] = [cpuMs(server.pid), cpuMs(process.pid)]
  await movesOf(everyone, seconds)
  await pause(1000)
  const usedMs = cpuMs(server.pid) - serverMs
  const delays = everyone.flatMap(({ delaysMs }) => delaysMs)
  const moves = people * seconds
  const row = {
    'CPU µs/move': (usedMs * 1000) / moves,
    cores: usedMs / 1000 / seconds,
    'p50 ms': quantile(delays, 0.5),
    'p99 ms': quantile(delays, 0.99),
    // A caret that moves on before it was sent is not sent where it was.
    'moves seen %': (delays.length / (moves * (people - 1))) * 100,
    'load cores': (cpuMs(process.pid) - loadMs) / 1000 / seconds,
  }
  for (const person of everyone) person.leave()
  return row
}

/** Everyone moves once in a second, evenly spread. */
async function movesOf(everyone: readonly Person[], seconds: number): Promise<void> {
  const startedAt = performance.now()
  const moves = everyone.length * seconds
  for (let moved = 0; moved < moves;) {
    const due = Math.min(moves, ((performance.now() - startedAt) / everyMs) * everyone.length)
    for (; moved < due; moved++) everyone[moved % everyone.length]?.move()
    await pause(4)
  }
}

class Person {
  static readonly #movedAtMs = new Map<string, number>()
  readonly delaysMs: number[] = []
  readonly #clientId: number
  readonly #known = new Map<number, number>()
  #member: Member | undefined
  #clock = 0

  static async join(server: StartedServer, clientId: number): Promise<Person> {
    const person = new Person(clientId)
    person.#member = await Member.join(server, 'carets', {
      heard(heard) {
        if (heard.type === 'presence') person.#heard(heard.entries)
      },
    })
    return person
  }

  private constructor(clientId: number) {
    this.#clientId = clientId
  }

  move(): void {
    const clock = ++this.#clock
    this.#known.set(this.#clientId, clock)
    Person.#movedAtMs.set(`${this.#clientId} ${clock}`, performance.now())
    const place = { type: null, tname: 'content', item: { client: this.#clientId, clock }, assoc: 0 }
    const user = { name: 'Somebody Here', color: '#30bced', colorLight: '#30bced33' }
    const state = JSON.stringify({ user, cursor: { anchor: place, head: place } })
    this.#member?.say({ type: 'presence', entries: [{ clientId: this.#clientId, clock, state }] })
  }

  /** What is news is said again, for all of them in one message. */
  #heard(bytes: Uint8Array): void {
    const news = decodePresence(bytes).filter(
      ({ clientId, clock }) => clock > (this.#known.get(clientId) ?? 0),
    )
    const nowMs = performance.now()
    for (const { clientId, clock } of news) {
      this.#known.set(clientId, clock)
      const movedAt = Person.#movedAtMs.get(`${clientId} ${clock}`)
      if (movedAt !== undefined) this.delaysMs.push(nowMs - movedAt)
    }
    if (news.length > 0) this.#member?.say({ type: 'presence', entries: news })
  }

  leave(): void {
    this.#member?.leave()
  }
}
