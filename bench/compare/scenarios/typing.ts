/** Rooms in which people type: what it costs the server, and how long a key takes to somebody else. */
import { Member } from '../member.ts'
import type { Row } from '../scenario.ts'
import type { StartedServer } from '../servers.ts'
import { Typist, typeTogether, untilDelivered, Witness } from '../typing.ts'
import { cpuMs, residentBytes } from '../usage.ts'
import { quantile } from '../../pages.ts'

export interface Rooms {
  readonly rooms: number
  /** In each room: all of them, those who type, and those who take nothing in. */
  readonly members: number
  readonly typing: number
  readonly stalled?: number
  /** Keys of each who types. */
  readonly perSecond: number
  /** With each key; absent: one. */
  readonly characters?: number
  readonly seconds: number
  /** What the rooms' names begin with. */
  readonly name?: string
  /** Each key moves a caret too. */
  readonly carets?: boolean
}

const warmUpSeconds = 2

export async function typeInRooms(server: StartedServer, options: Rooms): Promise<Row> {
  const { rooms, members, perSecond, seconds, stalled = 0, name = 'room' } = options
  const places = await inTurns(rooms, async (index) => enterRoom(server, `${name}-${index}`, options))
  const everyone = places.flatMap((place) => place.members)
  const typists = places.flatMap((place) => place.typists)
  const witnesses = places.map(({ witness }) => witness)
  await typeTogether(typists, { perSecond, seconds: warmUpSeconds })
  await untilDelivered(witnesses, everyone)
  for (const witness of witnesses) witness.delaysMs.length = 0
  for (const member of everyone.slice(0, stalled)) member.stall()
  const before = everyone.map(({ receivedBytes }) => receivedBytes)
  const [serverMs, loadMs, bytes] = [cpuMs(server.pid), cpuMs(process.pid), residentBytes(server.pid)]
  await typeTogether(typists, { perSecond, seconds })
  await untilDelivered(witnesses, everyone)
  const usedMs = cpuMs(server.pid) - serverMs
  const delays = witnesses.flatMap(({ delaysMs }) => delaysMs)
  const missing = witnesses.reduce((sum, witness) => sum + witness.missing, 0)
  const received = everyone.map((member, index) => member.receivedBytes - (before[index] ?? 0))
  for (const member of everyone) member.leave()
  return {
    'CPU µs/delivery': (usedMs * 1000) / (delays.length * (members - 1 - stalled)),
    cores: usedMs / 1000 / seconds,
    'p50 ms': quantile(delays, 0.5),
    'p99 ms': quantile(delays, 0.99),
    'keys missing': missing,
    // Whoever got much less than the others did not get everything.
    'members behind': behind(received.slice(stalled), members),
    'memory +MiB': (residentBytes(server.pid) - bytes) / 2 ** 20,
    'KB/member': received.reduce((sum, each) => sum + each, 0) / received.length / 1024,
    'load cores': (cpuMs(process.pid) - loadMs) / 1000 / seconds,
  }
}

interface RoomInUse {
  readonly members: readonly Member[]
  readonly typists: readonly Typist[]
  readonly witness: Witness
}

async function enterRoom(server: StartedServer, room: string, options: Rooms): Promise<RoomInUse> {
  const { members: count, typing, perSecond, characters, seconds, carets = false } = options
  const witness = new Witness()
  const listener = await Member.join(server, room, { heard: witness.hear })
  const others = await inTurns(count - 1, async () => Member.join(server, room))
  for (const member of others) member.stopHearing()
  // Those who type come last, so that those who stall can be taken from the front.
  const typists = others.slice(-typing).map((member, index) => {
    const clientId = 1000 + index
    const typist = new Typist(member, clientId, {
      keys: perSecond * (warmUpSeconds + seconds),
      characters,
      caret: carets ? caretOf : undefined,
    })
    witness.watch(typist)
    return typist
  })
  return { members: [...others, listener], typists, witness }
}

/** As y-codemirror.next says it, less what tells where in the text it is. */
function caretOf(clock: number): string {
  const place = { type: null, tname: 'content', item: { client: 1000, clock }, assoc: 0 }
  const user = { name: 'Somebody Here', color: '#30bced', colorLight: '#30bced33' }
  return JSON.stringify({ user, cursor: { anchor: place, head: place } })
}

function behind(received: readonly number[], members: number): number {
  const rooms = Math.max(1, Math.round(received.length / members))
  if (rooms > 1) return 0
  const most = Math.max(...received)
  return received.filter((bytes) => bytes < most * 0.9).length
}

/** Not all at once, as nobody's members come. */
export async function inTurns<Item>(count: number, make: (index: number) => Promise<Item>): Promise<Item[]> {
  const made: Item[] = []
  const atOnce = 20
  for (let from = 0; from < count; from += atOnce)
    made.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(atOnce, count - from) }, async (_, index) => make(from + index)),
      )),
    )
  return made
}
