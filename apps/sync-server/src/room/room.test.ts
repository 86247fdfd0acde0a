import {
  decodeServerMessage,
  encodeStateVector,
  parseDocumentName,
  type ProtocolError,
  type Role,
  type ServerMessage,
} from '@quire/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { MemoryStore } from '../storage/memory/memory-store.ts'
import { compact, compose, readText } from '../workshop/yjs-work.ts'
import type { Workshop } from '../workshop/workshop.ts'
import { ManualClock } from './manual-clock.ts'
import type { Peer } from './peer.ts'
import { roomLimits } from './room-limits.ts'
import type { Membership } from './room.ts'
import { Rooms } from './rooms.ts'

const name = parseDocumentName('notes')

/** The workshop without its thread. */
const workshop: Workshop = {
  compact: async (stored) => compact(stored),
  readText: async (stored) => readText(stored),
  compose: async (text) => compose(text),
  close: async () => undefined,
}

/** A store whose appends wait until they are let go, or fail. */
class GatedStore extends MemoryStore {
  #gate: Promise<void> | undefined
  #open: () => void = () => undefined
  failing = false

  hold(): void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#gate = promise
    this.#open = resolve
  }

  release(): void {
    this.#gate = undefined
    this.#open()
  }

  override async append(...request: Parameters<MemoryStore['append']>): Promise<number> {
    await this.#gate
    if (this.failing) throw new Error('the disk is gone')
    return super.append(...request)
  }
}

let store: GatedStore
let clock: ManualClock
let rooms: Rooms
let failures: string[]

beforeEach(async () => {
  store = new GatedStore()
  clock = new ManualClock()
  failures = []
  rooms = new Rooms({ store, workshop, clock, reportFailure: (_name, during) => failures.push(during) })
  await store.create({ name, links: [] })
})

/** Lets everything that was asked of the (memory) store be answered, and the pulses that follow from it fire. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) {
    clock.advance(roomLimits.writePulseMs)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** A client in a room: a Yjs document and what it was told. */
class Client implements Peer {
  readonly doc = new Y.Doc()
  readonly speaksQuire: boolean
  role: Role
  backlogBytes = 0
  readonly told: ServerMessage[] = []
  closed: { code: number; reason: string } | undefined
  membership: Membership | undefined

  constructor(options: { role?: Role; speaksQuire?: boolean } = {}) {
    this.role = options.role ?? 'edit'
    this.speaksQuire = options.speaksQuire ?? true
  }

  static async joined(options: { role?: Role; speaksQuire?: boolean } = {}): Promise<Client> {
    const client = new Client(options)
    client.membership = await rooms.join(name, client, { create: false })
    client.say({ type: 'sync-step-1', stateVector: Y.encodeStateVector(client.doc) })
    client.doc.on('update', (update, origin) => {
      if (origin !== client) client.say({ type: 'update', update })
    })
    return client
  }

  say(message: Parameters<Membership['receive']>[0]): void {
    this.membership?.receive(message)
  }

  type(text: string): void {
    this.doc.getText('content').insert(this.text.length, text)
  }

  deliver(frame: Uint8Array): void {
    const message = decodeServerMessage(frame)
    this.told.push(message)
    if (message.type === 'sync-step-2' || message.type === 'update')
      Y.applyUpdate(this.doc, message.update, this)
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason }
    this.membership?.leave()
  }

  expel({ closeCode, code }: ProtocolError): void {
    this.close(closeCode, code)
  }

  get text(): string {
    return this.doc.getText('content').toString()
  }

  get saved(): number {
    return this.told.reduce((frames, message) => (message.type === 'saved' ? message.frames : frames), 0)
  }

  toldOf<Type extends ServerMessage['type']>(type: Type): Extract<ServerMessage, { type: Type }>[] {
    return this.told.filter(
      (message): message is Extract<ServerMessage, { type: Type }> => message.type === type,
    )
  }
}

describe('a room', () => {
  it('begins with its state vector and answers what the joiner lacks, once', async () => {
    const client = await Client.joined()
    expect(client.told.map(({ type }) => type)).toEqual(['sync-step-1', 'sync-step-2'])
  })

  it('shows an edit to the others and acknowledges it, but only once it is durable', async () => {
    const [anna, bo] = [await Client.joined(), await Client.joined()]
    store.hold()
    anna.type('hello')
    await settle()
    expect([bo.text, anna.saved]).toEqual(['', 0])
    store.release()
    await settle()
    expect([bo.text, anna.saved]).toEqual(['hello', 1])
  })

  it('does not show a joiner what is not yet durable, nor tell them it has it', async () => {
    const anna = await Client.joined()
    store.hold()
    anna.type('hello')
    await settle()
    const late = await Client.joined()
    expect(late.text).toBe('')
    expect(late.toldOf('sync-step-1')[0]?.stateVector).toEqual(encodeStateVector(new Map()))
    store.release()
    await settle()
    expect(late.text).toBe('hello')
  })

  it('acknowledges what it has seen before only when that is durable', async () => {
    const anna = await Client.joined()
    store.hold()
    anna.type('hello')
    await settle()
    // The same person on a new connection, sending again what was never acknowledged.
    const again = await Client.joined()
    again.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(anna.doc) })
    expect(again.saved).toBe(0)
    store.release()
    await settle()
    expect(again.saved).toBe(1)
    expect((await store.load(name))?.tail).toHaveLength(1)
  })

  it('joins what is typed while the disk is busy into one entry', async () => {
    const [anna, bo] = [await Client.joined(), await Client.joined()]
    store.hold()
    for (const letter of 'abc') {
      anna.type(letter)
      await settle()
    }
    store.release()
    await settle()
    expect(bo.text).toBe('abc')
    expect((await store.load(name))?.tail).toHaveLength(2)
    expect(anna.saved).toBe(3)
  })

  it('echoes an edit to a stock client, for which that is the acknowledgement, and not to ours', async () => {
    const stock = await Client.joined({ speaksQuire: false })
    const ours = await Client.joined()
    stock.type('a')
    await settle()
    ours.type('b')
    await settle()
    expect(stock.toldOf('update')).toHaveLength(2)
    expect(ours.toldOf('update')).toHaveLength(1)
    expect(stock.toldOf('saved')).toHaveLength(0)
  })

  it('stores and relays nothing when a client answers with what is known', async () => {
    const anna = await Client.joined()
    anna.type('hello')
    anna.doc.getText('content').delete(0, 2)
    await settle()
    const bo = await Client.joined()
    const entries = (await store.load(name))?.tail.length
    bo.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(bo.doc) })
    await settle()
    expect((await store.load(name))?.tail).toHaveLength(entries ?? 0)
    expect(anna.toldOf('update')).toHaveLength(0)
    expect(bo.saved).toBe(1)
  })

  it('takes a viewer’s answer that brings nothing, and ends the connection of one who writes', async () => {
    const viewer = await Client.joined({ role: 'view' })
    viewer.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(viewer.doc) })
    expect(() => viewer.type('x')).toThrow(expect.objectContaining({ code: 'write-not-allowed' }))
    await settle()
    expect((await store.load(name))?.tail).toEqual([])
  })

  it('lets a viewer stay whose answer holds deletions that follow from what everyone has', async () => {
    const [anna, bo] = [await Client.joined(), await Client.joined()]
    // Two titles at once: in every document one of them ends up deleted, and nobody ever sends that.
    store.hold()
    anna.doc.getMap('meta').set('title', 'hers')
    bo.doc.getMap('meta').set('title', 'his')
    store.release()
    await settle()
    const viewer = await Client.joined({ role: 'view' })
    const entries = (await store.load(name))?.tail.length ?? 0
    viewer.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(viewer.doc) })
    await settle()
    expect((await store.load(name))?.tail).toHaveLength(entries)
    expect(viewer.saved).toBe(0)
  })

  it('stores and shows nothing of what a viewer deletes', async () => {
    const anna = await Client.joined()
    anna.type('hello')
    await settle()
    const viewer = await Client.joined({ role: 'view' })
    viewer.doc.getText('content').delete(0, 2)
    await settle()
    expect([anna.text, viewer.saved, (await store.load(name))?.tail.length]).toEqual(['hello', 0, 1])
  })

  it('stores nothing of an update it cannot read to the end', async () => {
    const [anna, bo] = [await Client.joined(), await Client.joined()]
    const writer = new Y.Doc()
    writer.getText('content').insert(0, 'hello')
    const whole = Y.encodeStateAsUpdate(writer)
    for (let length = 0; length < whole.length; length++)
      expect(() => anna.say({ type: 'update', update: whole.subarray(0, length) })).toThrow()
    expect(() => anna.say({ type: 'update', update: Y.encodeStateAsUpdateV2(writer) })).toThrow()
    await settle()
    expect([bo.text, (await store.load(name))?.tail]).toEqual(['', []])
  })

  describe('when an update comes before what it builds on', () => {
    async function twoEdits(): Promise<{ first: Uint8Array; second: Uint8Array }> {
      const writer = new Y.Doc()
      const updates: Uint8Array[] = []
      writer.on('update', (update) => updates.push(update))
      writer.getText('content').insert(0, 'a')
      writer.getText('content').insert(1, 'b')
      const [first, second] = updates
      if (!first || !second) throw new Error('two edits make two updates')
      return { first, second }
    }

    it('keeps it out of the log and asks its sender, once', async () => {
      const { second } = await twoEdits()
      const anna = await Client.joined()
      anna.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(anna.doc) })
      anna.say({ type: 'update', update: second })
      anna.say({ type: 'update', update: second })
      await settle()
      expect((await store.load(name))?.tail).toEqual([])
      expect(anna.toldOf('sync-step-1')).toHaveLength(2)
      expect(anna.saved).toBe(1)
    })

    it('lets it in when that arrives, whoever sends it', async () => {
      const { first, second } = await twoEdits()
      const [anna, bo, reader] = [await Client.joined(), await Client.joined(), await Client.joined()]
      anna.say({ type: 'update', update: second })
      await settle()
      expect(reader.text).toBe('')
      bo.say({ type: 'update', update: first })
      await settle()
      expect(reader.text).toBe('ab')
      expect([anna.saved, bo.saved]).toEqual([1, 1])
    })

    it('does not let it in once its sender may no longer write', async () => {
      const { first, second } = await twoEdits()
      const [anna, bo, reader] = [await Client.joined(), await Client.joined(), await Client.joined()]
      anna.say({ type: 'update', update: second })
      anna.role = 'view'
      bo.say({ type: 'update', update: first })
      await settle()
      expect([reader.text, anna.saved]).toEqual(['a', 0])
    })

    it('ends its sender’s connection, and no other, if it turns out that it can never be let in', async () => {
      const { first } = await twoEdits()
      const { client } = Y.decodeUpdate(first).structs[0]?.id ?? { client: 0 }
      const [eve, bo] = [await Client.joined(), await Client.joined()]
      // Two structs that build on each other, and one that builds on what is not there yet.
      eve.say({
        type: 'update',
        update: lettersOf([
          { client: 3, builtOn: client },
          { client: 2, builtOn: 1 },
          { client: 1, builtOn: 2 },
        ]),
      })
      bo.say({ type: 'update', update: first })
      await settle()
      expect([eve.closed?.code, bo.closed, failures]).toEqual([4400, undefined, []])
      expect((await Client.joined()).text).toBe('a')
    })

    it('counts one there was no room for as saved when the sender’s answer is', async () => {
      const writer = new Y.Doc()
      const updates: Uint8Array[] = []
      writer.on('update', (update) => updates.push(update))
      writer.getText('content').insert(0, 'first')
      writer.getText('content').insert(0, 'x'.repeat(roomLimits.maxEarlyBytes + 1))
      const [, large] = updates
      const anna = await Client.joined()
      anna.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(anna.doc) })
      anna.say({ type: 'update', update: large ?? new Uint8Array() })
      expect(anna.saved).toBe(1)
      anna.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(writer) })
      await settle()
      expect(anna.saved).toBe(3)
    })
  })

  describe('a peer that falls behind', () => {
    it('is sent nothing while its backlog is full, and one joined update when it has drained', async () => {
      const [anna, slow] = [await Client.joined(), await Client.joined()]
      slow.backlogBytes = roomLimits.maxBacklogBytes + 1
      const before = slow.told.length
      for (const letter of 'abc') {
        anna.type(letter)
        await settle()
      }
      expect(slow.told).toHaveLength(before)
      slow.backlogBytes = 0
      slow.membership?.drained()
      expect(slow.text).toBe('abc')
      expect(slow.toldOf('update')).toHaveLength(1)
      anna.type('d')
      await settle()
      expect(slow.text).toBe('abcd')
    })

    it('is answered once when it has drained, however often it asked', async () => {
      const [anna, slow] = [await Client.joined(), await Client.joined()]
      anna.type('hello')
      await settle()
      slow.backlogBytes = roomLimits.maxBacklogBytes + 1
      const before = slow.told.length
      for (let question = 0; question < 100; question++) {
        slow.say({ type: 'sync-step-1', stateVector: Uint8Array.of(0) })
        slow.say({ type: 'query-presence' })
      }
      expect(slow.told).toHaveLength(before)
      slow.backlogBytes = 0
      slow.membership?.drained()
      expect(slow.told.slice(before).map(({ type }) => type)).toEqual(['presence', 'sync-step-2'])
    })

    it('is closed if it does not drain in time, and others are not', async () => {
      const [anna, slow] = [await Client.joined(), await Client.joined()]
      slow.backlogBytes = roomLimits.maxBacklogBytes + 1
      anna.type('a')
      await settle()
      clock.advance(roomLimits.drainTimeoutMs)
      expect([slow.closed?.code, anna.closed]).toEqual([1013, undefined])
    })

    it('is brought up to date from a base that was made meanwhile', async () => {
      const [anna, slow] = [await Client.joined(), await Client.joined()]
      slow.backlogBytes = roomLimits.maxBacklogBytes + 1
      anna.type('x'.repeat(roomLimits.compactWhileOpen.bytes + 1))
      await settle()
      anna.type('end')
      await settle()
      expect((await store.load(name))?.base).toBeDefined()
      slow.backlogBytes = 0
      slow.membership?.drained()
      expect(slow.text).toBe(anna.text)
    })
  })

  it('sends everyone away when an append fails, and serves what is stored to those who come back', async () => {
    const anna = await Client.joined()
    anna.type('kept')
    await settle()
    store.failing = true
    anna.type(' lost')
    await settle()
    expect([anna.closed?.code, failures]).toEqual([1011, ['append']])
    store.failing = false
    const back = await Client.joined()
    expect(back.text).toBe('kept')
    back.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(anna.doc) })
    await settle()
    expect(back.saved).toBe(1)
    expect(readText((await store.load(name)) ?? { base: undefined, tail: [] })).toBe('kept lost')
  })

  it('is forgotten when the last peer has left and its last edit is durable, and not before', async () => {
    const anna = await Client.joined()
    store.hold()
    anna.type('last words')
    anna.membership?.leave()
    await settle()
    expect(rooms.size).toBe(1)
    store.release()
    await settle()
    expect(rooms.size).toBe(0)
    expect((await Client.joined()).text).toBe('last words')
  })

  it('leaves a short base behind when it rests', async () => {
    const anna = await Client.joined()
    for (let index = 0; index < roomLimits.compactAtRest.entries; index++) {
      anna.type('x')
      await settle()
    }
    anna.membership?.leave()
    await settle()
    const stored = await store.load(name)
    expect([stored?.base?.position, stored?.tail]).toEqual([roomLimits.compactAtRest.entries, []])
    expect(rooms.size).toBe(0)
  })

  it('drains: takes no more, makes what it has durable, tells so, and sends everyone away to come back', async () => {
    const anna = await Client.joined()
    store.hold()
    anna.type('in time')
    const drained = rooms.drain()
    await settle()
    expect(anna.closed).toBeUndefined()
    store.release()
    await settle()
    await drained
    expect([anna.saved, anna.closed?.code]).toEqual([1, 1012])
  })

  it('is one room, however many come at once', async () => {
    const clients = await Promise.all(Array.from({ length: 5 }, () => Client.joined()))
    expect(rooms.size).toBe(1)
    clients[0]?.type('seen by all')
    await settle()
    expect(clients.map(({ text }) => text)).toEqual(Array.from({ length: 5 }, () => 'seen by all'))
  })

  it('is not made for a document nobody made', async () => {
    const stranger = new Client()
    const join = rooms.join(parseDocumentName('elsewhere'), stranger, { create: false })
    await expect(join).rejects.toMatchObject({ code: 'document-unknown' })
    expect(rooms.size).toBe(0)
  })
})

/** One letter from each client, right of the first letter of another. */
function lettersOf(letters: readonly { readonly client: number; readonly builtOn: number }[]): Uint8Array {
  const bytes = letters.flatMap(({ client, builtOn }) => [
    ...varUint(1),
    ...varUint(client),
    0,
    0x84, // a string, with a left neighbour
    ...varUint(builtOn),
    0,
    1,
    'x'.charCodeAt(0),
  ])
  return Uint8Array.of(letters.length, ...bytes, 0)
}

function varUint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varUint(Math.floor(value / 128))]
}
