/**
 * Presence that is not as it should be, over real sockets. The numbers are those of the list of bad input. Whatever
 * becomes of its sender, nobody else looks different, and the document knows nothing of it.
 */
import { absent, closeCodes, limits, type PresenceEntry } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import * as bad from '../support/bad-frames.ts'
import type { Closed, RawSocket } from '../support/raw-socket.ts'
import { dialects, initialText, openScene, type Scene } from '../support/scene.ts'
import { openSession } from '../support/session.ts'
import { untilPresence, untilSession } from '../support/until.ts'

const malformed: Closed = { code: closeCodes.malformed, reason: 'presence-malformed' }
const tooLarge: Closed = { code: closeCodes.malformed, reason: 'presence-too-large' }

function entry(clientId: number, clock: number, state: object | null): PresenceEntry {
  return { clientId, clock, state: state === null ? absent : JSON.stringify(state) }
}

function announce(socket: RawSocket, ...entries: readonly PresenceEntry[]): void {
  socket.send({ type: 'presence', entries })
}

/** Who is here, as the server tells someone who asks once everything sent before has been read. */
async function present(socket: RawSocket): Promise<Map<number, unknown>> {
  await socket.settle()
  socket.send({ type: 'query-presence' })
  socket.send({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
  // News of a pulse may come before the answer; what is told last is so.
  const told = await socket.heard()
  const entries = told.flatMap((message) => (message.type === 'presence' ? message.entries : []))
  const states = new Map(entries.map(({ clientId, state }) => [clientId, JSON.parse(state) as unknown]))
  for (const [clientId, state] of states) if (state === null) states.delete(clientId)
  return states
}

/** What those who stay show of the one who writes. */
function writerIn({ writer, reader }: Scene): unknown {
  return reader.awareness.getStates().get(writer.doc.clientID)
}

async function writerIsSeen(scene: Scene): Promise<void> {
  const { writer, reader } = scene
  await untilPresence(reader.awareness, () => reader.awareness.getStates().has(writer.doc.clientID))
}

describe.each(dialects)('from a %s client', (dialect) => {
  it('63 of somebody else’s id changes nothing', async () => {
    const scene = await openScene()
    await writerIsSeen(scene)
    const id = scene.writer.doc.clientID
    const eve = await scene.join(dialect)
    announce(eve, entry(id, 100, { user: { name: 'Eve' } }), entry(7, 1, { is: 'eve' }))
    expect((await present(eve)).get(id)).toEqual({ user: { name: 'somebody' } })
    expect((await present(eve)).get(7)).toEqual({ is: 'eve' })
    expect(writerIn(scene)).toEqual({ user: { name: 'somebody' } })
    await scene.expectUnharmed({ logLines: 0 })
  })

  it('63 of more ids than the tabs of one browser could have is shown for four', async () => {
    const scene = await openScene()
    const eve = await scene.join(dialect)
    announce(eve, ...Array.from({ length: 100 }, (_, index) => entry(7000 + index, 1, { is: 'eve' })))
    const shown = [...(await present(eve))].filter(([clientId]) => clientId >= 7000 && clientId < 7100)
    expect(shown).toEqual([7000, 7001, 7002, 7003].map((clientId) => [clientId, { is: 'eve' }]))
    await scene.expectUnharmed({ logLines: 0 })
  })

  it('64 with a clock that goes backwards is ignored', async () => {
    const scene = await openScene()
    const socket = await scene.join(dialect)
    announce(socket, entry(7, 5, { at: 5 }))
    announce(socket, entry(7, 4, { at: 4 }), entry(7, 4, null), entry(7, 5, { at: 'the same' }))
    expect((await present(socket)).get(7)).toEqual({ at: 5 })
    await scene.expectUnharmed({ logLines: 0 })
  })

  it('64 that begins where nobody could go on is ignored', async () => {
    const scene = await openScene()
    const socket = await scene.join(dialect)
    announce(socket, entry(7, limits.maxPresenceClock, { is: 'eve' }))
    expect((await present(socket)).has(7)).toBe(false)
    await scene.expectUnharmed({ logLines: 0 })
  })

  it('64 with a clock that jumps ahead ends the connection', async () => {
    const scene = await openScene()
    const socket = await scene.join(dialect)
    announce(socket, entry(7, 1, {}))
    announce(socket, entry(7, 2 ** 20 + 2, {}))
    expect(await socket.closed).toEqual(malformed)
    await scene.expectUnharmed()
  })

  it.each<[what: string, frame: Uint8Array, end: Closed]>([
    ['64 with a clock of 2^53 - 1', bad.presenceFrame([{ clock: Number.MAX_SAFE_INTEGER }]), malformed],
    ['65 that is not JSON', bad.presenceFrame([{ state: `{"name":"${bad.payload}` }]), malformed],
    ['65 that is JSON but for NaN', bad.presenceFrame([{ state: '{"cursor":NaN}' }]), malformed],
    ['65 that is an array', bad.presenceFrame([{ state: `["${bad.payload}"]` }]), malformed],
    ['65 that is a string', bad.presenceFrame([{ state: `"${bad.payload}"` }]), malformed],
    [
      '65 that is nested too deep',
      bad.presenceFrame([{ state: `${'{"a":'.repeat(9)}1${'}'.repeat(9)}` }]),
      malformed,
    ],
    [
      '65 that is too large',
      bad.presenceFrame([{ state: JSON.stringify({ a: 'x'.repeat(limits.maxPresenceStateBytes) }) }]),
      tooLarge,
    ],
    ['69 of 200,000 clients', bad.presenceFrame(Array.from({ length: 200_000 }, () => ({}))), malformed],
    ['69 that promises 200,000 clients', bad.presenceFrame([], 200_000), malformed],
  ])('%s ends the connection', async (_, frame, end) => {
    const scene = await openScene()
    const socket = await scene.join(dialect)
    socket.sendBytes(frame)
    expect(await socket.closed).toEqual(end)
    await scene.expectUnharmed()
  })

  it('67 with a cursor that is none is shown without one, and nobody fails on it', async () => {
    const scene = await openScene()
    const { server, document } = scene
    const anna = await openSession({ syncUrl: server.syncUrl, document, name: 'Anna' })
    const socket = await scene.join(dialect)
    const end = { type: null, tname: 'content', item: null, assoc: 0 }
    const far = { ...end, tname: null, item: { client: 7, clock: 2 ** 31 } }
    const cursors = [
      null,
      -1,
      'here',
      [],
      { anchor: -1, head: 1e9 },
      { anchor: far, head: far },
      { anchor: { ...end, tname: 'elsewhere' }, head: { ...end, type: 7 } },
    ]
    for (const [index, cursor] of cursors.entries()) {
      announce(socket, entry(7, index + 1, { user: { name: `Eve ${index}` }, cursor }))
      await untilSession(anna, () => anna.people.some(({ name }) => name === `Eve ${index}`))
      expect(anna.awareness.getStates().get(7)).toMatchObject({ cursor })
    }
    expect(anna.state.type).toBe('live')
    expect(anna.text.toString()).toBe(initialText)
    await scene.expectUnharmed({ logLines: 0 })
  })

  it('68 that removes somebody else changes nothing', async () => {
    const scene = await openScene()
    await writerIsSeen(scene)
    const id = scene.writer.doc.clientID
    const eve = await scene.join(dialect)
    announce(eve, ...[1, 2, 100].map((clock) => entry(id, clock, null)))
    expect((await present(eve)).get(id)).toEqual({ user: { name: 'somebody' } })
    expect(writerIn(scene)).toEqual({ user: { name: 'somebody' } })
    await scene.expectUnharmed({ logLines: 0 })
  })

  it('68 that removes who has not been here keeps nobody out', async () => {
    const scene = await openScene()
    const eve = await scene.join(dialect)
    announce(eve, entry(7, limits.maxPresenceClock, null))
    const other = await scene.join(dialect)
    announce(other, entry(7, 1, { is: 'here' }))
    expect((await present(other)).get(7)).toEqual({ is: 'here' })
    await scene.expectUnharmed({ logLines: 0 })
  })
})
