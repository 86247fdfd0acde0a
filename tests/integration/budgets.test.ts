/** Who says more than the server is willing to hear is heard more slowly; nothing is lost, and nobody else waits. */
import { systemClock, type Clock } from '@quire/sync-server'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { createDocument } from '../support/documents.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { startTestServer } from '../support/server.ts'
import { until } from '../support/until.ts'

const sent = 90_000
/** What may be said at once, and as much as one read of a socket brings. */
const mostHeard = 50_000 + 10_000

/** Real time, until it stops: then nothing that is waited for comes before it goes on. */
class StoppableClock implements Clock {
  #stoppedAtMs: number | undefined
  #aheadMs = 0
  readonly #waiting = new Set<() => void>()
  onWait: () => void = () => undefined

  now(): number {
    return (this.#stoppedAtMs ?? systemClock.now()) + this.#aheadMs
  }

  after(delayMs: number, act: () => void): () => void {
    if (this.#stoppedAtMs === undefined) return systemClock.after(delayMs, act)
    this.#waiting.add(act)
    this.onWait()
    return () => this.#waiting.delete(act)
  }

  get waiting(): number {
    return this.#waiting.size
  }

  stop(): void {
    this.#stoppedAtMs = systemClock.now()
  }

  /** A minute later. */
  goOn(): void {
    this.#stoppedAtMs = undefined
    this.#aheadMs += 60_000
    for (const act of this.#waiting) act()
    this.#waiting.clear()
  }
}

/** Somebody who has said something that is saved, and somebody else, in a document of a server whose clock can be stopped. */
async function stage(): Promise<Stage> {
  const clock = new StoppableClock()
  const server = await startTestServer({ clock })
  const { id, keys } = await createDocument(server.url)
  const join = async (): Promise<RawSocket> => {
    const socket = await RawSocket.open(`${server.syncUrl}/${id}`, quireSubprotocols(keys.edit))
    await socket.greet()
    await socket.settle()
    return socket
  }
  const [flood, bystander] = [await join(), await join()]
  const doc = new Y.Doc()
  doc.getText('content').insert(0, 'what everybody knows')
  const update = Y.encodeStateAsUpdate(doc)
  flood.send({ type: 'update', update })
  expect((await flood.receive('saved')).frames).toBe(1)
  return { clock, flood, bystander, update }
}

interface Stage {
  readonly clock: StoppableClock
  readonly flood: RawSocket
  readonly bystander: RawSocket
  readonly update: Uint8Array
}

/** Until the server reads no more of somebody. */
async function untilResting(clock: StoppableClock): Promise<void> {
  await until(
    (check) => {
      clock.onWait = check
      return () => undefined
    },
    () => clock.waiting > 0,
  )
  clock.onWait = () => undefined
}

it('43 a flood of messages is read as fast as it may come, while others go on', async () => {
  const { clock, flood, bystander, update } = await stage()
  clock.stop()
  let heard = 0
  let onHeard: () => void = () => undefined
  const listening = (async () => {
    for await (const message of flood.messages()) {
      if (message.type === 'saved') heard = message.frames
      onHeard()
    }
  })()
  for (let count = 1; count < sent; count++) flood.send({ type: 'update', update })
  await untilResting(clock)
  bystander.send({ type: 'update', update })
  expect((await bystander.receive('saved')).frames).toBe(1)
  expect(heard).toBeLessThanOrEqual(mostHeard)

  clock.goOn()
  await until(
    (check) => {
      onHeard = check
      return () => undefined
    },
    () => heard === sent,
  )
  flood.close()
  await listening
})

it.each(['ping', 'pong'] as const)(
  '28 a flood of %ss is read no faster than one of messages',
  async (kind) => {
    const { clock, flood, bystander, update } = await stage()
    clock.stop()
    for (let count = 0; count < sent; count++) flood[kind]()
    flood.send({ type: 'update', update })
    await untilResting(clock)
    bystander.send({ type: 'update', update })
    expect((await bystander.receive('saved')).frames).toBe(1)
    expect(flood.received.get('saved')).toBe(1)

    clock.goOn()
    expect((await flood.receive('saved')).frames).toBe(2)
  },
)
