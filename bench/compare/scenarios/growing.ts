/** How costs grow while something doubles: each row tells one number for each size. */
import * as Y from 'yjs'
import type { Row } from '../scenario.ts'
import type { StartedServer } from '../servers.ts'
import { bring, joinInTurn } from './opening.ts'
import { cpuMs } from '../usage.ts'
import { typeInRooms } from './typing.ts'

const seconds = 5

export async function growMembers(server: StartedServer): Promise<Row> {
  return grow([50, 100, 200, 400], async (members) => {
    const rooms = { rooms: 1, members, typing: 25, perSecond: 10, seconds, name: `of-${members}` }
    return { 'CPU µs/delivery': (await typeInRooms(server, rooms))['CPU µs/delivery'] ?? Number.NaN }
  })
}

export async function growRooms(server: StartedServer): Promise<Row> {
  return grow([100, 200, 400], async (rooms) => {
    const typing = { rooms, members: 4, typing: 2, perSecond: 5, seconds, name: `among-${rooms}` }
    return { 'CPU µs/delivery': (await typeInRooms(server, typing))['CPU µs/delivery'] ?? Number.NaN }
  })
}

export async function growDocument(server: StartedServer): Promise<Row> {
  return grow([250, 500, 1000, 2000], async (kilobytes) => {
    const room = `long-${kilobytes}`
    const author = await bring(server, room, textOf(kilobytes * 1000))
    const joins = 40
    await joinInTurn(server, { rooms: [room], joins })
    const startedMs = cpuMs(server.pid)
    await joinInTurn(server, { rooms: [room], joins })
    const usedMs = cpuMs(server.pid) - startedMs
    author.leave()
    return { 'CPU ms/join': usedMs / joins }
  })
}

/** Written in many places, as long texts are: a struct for each twenty characters. */
function textOf(length: number): Y.Doc {
  const doc = new Y.Doc()
  const text = doc.getText('content')
  while (text.length < length) text.insert(Math.floor(text.length / 2), 'twenty characters!! ')
  return doc
}

async function grow(sizes: readonly number[], measure: (size: number) => Promise<Row>): Promise<Row> {
  const grown: Record<string, number> = {}
  for (const size of sizes)
    // oxlint-disable-next-line no-await-in-loop -- one after the other, or they would measure each other
    for (const [name, value] of Object.entries(await measure(size))) grown[`${name} at ${size}`] = value
  return grown
}
