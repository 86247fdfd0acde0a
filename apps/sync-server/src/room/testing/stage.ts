/** Rooms with a store that can be held up or fail, a clock that stands still, and clients that hear everything. */
import { noMeter } from '../../meter.ts'
import {
  decodeServerMessage,
  decodeStateVector,
  missingParts,
  parseDocumentName,
  scan,
  type CloseCode,
  type DocumentName,
  type ProtocolError,
  type Role,
  type ServerMessage,
  type User,
} from '@quire/protocol'
import * as Y from 'yjs'
import { StorageError } from '../../storage/document-store.ts'
import { MemoryStore } from '../../storage/memory/memory-store.ts'
import type { Workshop } from '../../workshop/workshop.ts'
import { compact, compose, readText, readTitle } from '../../workshop/yjs-work.ts'
import { ManualClock } from '../manual-clock.ts'
import type { Identity, Peer, Principal } from '../peer.ts'
import { roomLimits, type RoomLimits } from '../room-limits.ts'
import type { Membership } from '../room.ts'
import { Rooms } from '../rooms.ts'

export const name = parseDocumentName('notes')

/** The workshop without its thread. */
const workshop: Workshop = {
  missing: async (updates, stateVector, maxBytes) =>
    missingParts(
      updates.map((update) => scan(update)),
      decodeStateVector(stateVector),
      maxBytes,
    ),
  compact: async (stored) => compact(stored),
  readText: async (stored) => readText(stored),
  readTitle: async (stored) => readTitle(stored),
  compose: async (text) => compose(text),
  close: async () => undefined,
}

/** A store whose appends wait until they are let go, or fail. */
export class GatedStore extends MemoryStore {
  #gate: Promise<void> | undefined
  #open: () => void = () => undefined
  readonly asideReasons: string[] = []
  /** `after-storing`: it fails, though the bytes are there when it works again. */
  failing: 'no' | 'before-storing' | 'after-storing' = 'no'

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
    if (this.failing === 'before-storing') throw unavailable()
    const position = await super.append(...request)
    if (this.failing === 'after-storing') throw unavailable()
    return position
  }

  /** As if the document had never been written to. */
  forget(document: DocumentName): void {
    this.replace(document, { base: undefined, tail: [] })
  }

  override async setAside(document: DocumentName, reason: string): Promise<string> {
    this.asideReasons.push(reason)
    return super.setAside(document, reason)
  }

  override async check(): Promise<void> {
    if (this.failing !== 'no') throw unavailable()
  }
}

function unavailable(): StorageError {
  return new StorageError('unavailable', 'the disk is gone')
}

export interface Stage {
  readonly store: GatedStore
  readonly clock: ManualClock
  readonly rooms: Rooms
  /** What rooms could not do, in order. */
  readonly failures: string[]
  /** How often the store took long. */
  readonly delays: number
  join(options?: ClientOptions): Promise<Client>
  /** Lets everything that was asked of the store be answered, and the pulses that follow from it fire. */
  settle(): Promise<void>
  stored(): Promise<{ readonly bytes: number; readonly entries: number; readonly text: string }>
}

export async function openStage(
  limits: Partial<RoomLimits> = {},
  work: Partial<Workshop> = {},
): Promise<Stage> {
  const store = new GatedStore()
  const clock = new ManualClock()
  const failures: string[] = []
  let delays = 0
  const rooms = new Rooms({
    store,
    workshop: { ...workshop, ...work },
    clock,
    limits: { ...roomLimits, ...limits },
    reportFailure: (_name, during) => failures.push(during),
    reportDelay: () => delays++,
    meter: noMeter,
  })
  await store.create({ name, links: [] })
  return {
    store,
    clock,
    rooms,
    failures,
    get delays() {
      return delays
    },
    async join(options) {
      const client = new Client(options)
      client.membership = await rooms.join(name, client, { create: false })
      if (!options?.isSilent)
        client.say({ type: 'sync-step-1', stateVector: Y.encodeStateVector(client.doc) })
      client.doc.on('update', (update, origin) => {
        if (origin !== client) client.say({ type: 'update', update })
      })
      return client
    },
    async settle() {
      for (let round = 0; round < 20; round++) {
        clock.advance(roomLimits.writePulseMs)
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    async stored() {
      const document = (await store.load(name)) ?? { base: undefined, tail: [] }
      const updates = [...(document.base ? [document.base] : []), ...document.tail]
      const bytes = updates.reduce((sum, { update }) => sum + update.length, 0)
      return { bytes, entries: document.tail.length, text: readText(document) }
    },
  }
}

export interface ClientOptions {
  readonly role?: Role
  readonly speaksQuire?: boolean
  readonly doc?: Y.Doc
  readonly principal?: Principal
  readonly identity?: Identity
  /** Asks for nothing when it has joined. */
  readonly isSilent?: boolean
}

let strangers = 0

/** A client in a room: a Yjs document and what it was told. Answers nothing by itself. */
export class Client implements Peer {
  readonly doc: Y.Doc
  readonly speaksQuire: boolean
  readonly principal: Principal
  readonly identity: Identity
  /** Who the room says it is. */
  user: User | undefined
  role: Role
  backlogBytes = 0
  probes = 0
  readonly told: ServerMessage[] = []
  closed: { code: number; reason: string } | undefined
  membership: Membership | undefined

  constructor(options: ClientOptions = {}) {
    this.doc = options.doc ?? new Y.Doc()
    this.role = options.role ?? 'edit'
    this.speaksQuire = options.speaksQuire ?? true
    this.principal = options.principal ?? { id: `person ${strangers++}`, isPerson: true }
    this.identity = options.identity ?? { type: 'stranger' }
  }

  welcome(user: User): void {
    this.user = user
  }

  say(message: Parameters<Membership['receive']>[0]): void {
    this.membership?.receive(message)
  }

  send(update: Uint8Array): void {
    this.say({ type: 'update', update })
  }

  /** SyncStep2 with everything that the server lacked when it last asked. */
  answer(): void {
    const vector = this.toldOf('sync-step-1').at(-1)?.stateVector
    this.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(this.doc, vector) })
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

  probe(): void {
    this.probes++
  }

  close(code: CloseCode, reason: string): void {
    this.closed = { code, reason }
    this.membership?.leave(code)
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

  get notices(): string[] {
    return this.toldOf('notice').map(({ code }) => code)
  }

  toldOf<Type extends ServerMessage['type']>(type: Type): Extract<ServerMessage, { type: Type }>[] {
    return this.told.filter(
      (message): message is Extract<ServerMessage, { type: Type }> => message.type === type,
    )
  }
}
