/**
 * Every message there is, from everyone, in both dialects, at every moment of a connection: what becomes of it. The
 * table is made of the protocol's own unions: a new message or a new role does not compile until it says what it
 * means. Whatever is not obeyed leaves what is stored byte for byte as it was, and nobody else hears of it.
 */
import {
  assertNever,
  encodeClientMessage,
  encodeServerMessage,
  palette,
  ProtocolError,
  roles,
  subprotocol,
  type ClientMessage,
  type ProtocolErrorCode,
  type Role,
  type ServerMessage,
} from '@quire/protocol'
import { SqliteStore, systemClock, type Clock } from '@quire/sync-server'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { transportLimits } from '../../apps/sync-server/src/transport/transport-limits.ts'
import * as bad from '../support/bad-frames.ts'
import { createDocument } from '../support/documents.ts'
import { hold } from '../support/held-store.ts'
import { signHostToken } from '../support/host-token.ts'
import { quireSubprotocols, RawSocket, type Closed } from '../support/raw-socket.ts'
import { dialects, initialText, type Dialect } from '../support/scene.ts'
import { runTestServer, type TestServer } from '../support/server.ts'
import { openSession, untilSaved } from '../support/session.ts'
import { openStockClient } from '../support/stock-client.ts'
import { untilPresence, untilText } from '../support/until.ts'

const moments = [
  'before its hello', // of a stock client: before it has been let in
  'while its room is loaded',
  'in the room',
  'after its access has ended',
] as const
type Moment = (typeof moments)[number]

type Outcome =
  | { readonly type: 'answered'; readonly by: ServerMessage['type'] }
  /** It becomes part of the document. */
  | { readonly type: 'stored' }
  /** Others see who is here. */
  | { readonly type: 'shown' }
  /** Nothing comes of it. */
  | { readonly type: 'let pass' }
  | { readonly type: 'refused'; readonly code: ProtocolErrorCode }

type ByRole = Readonly<Record<Role, Outcome>>
type ByMoment = Readonly<Record<Moment, ByRole>>
type Outcomes = Readonly<Record<Dialect, ByMoment>>

const answered = (by: ServerMessage['type']): Outcome => ({ type: 'answered', by })
const refused = (code: ProtocolErrorCode): Outcome => ({ type: 'refused', code })
const stored: Outcome = { type: 'stored' }
const shown: Outcome = { type: 'shown' }
const letPass: Outcome = { type: 'let pass' }

const everyone = (outcome: Outcome): ByRole => ({ view: outcome, edit: outcome, own: outcome })
const writers = (outcome: Outcome, readers: Outcome): ByRole => ({
  view: readers,
  edit: outcome,
  own: outcome,
})

const unexpected = everyone(refused('message-unexpected'))
/** An owner’s link cannot be taken back, so that their access ends with their token. */
const ended: ByRole = {
  view: refused('document-unknown'),
  edit: refused('document-unknown'),
  own: refused('token-expired'),
}

/** O1, C6: what is said before someone is in the room is read as soon as they are; only Quire has a hello to say first. */
function inTheRoom(outcome: ByRole): Outcomes {
  const within = {
    'while its room is loaded': outcome,
    'in the room': outcome,
    'after its access has ended': ended,
  }
  return {
    'quire.1': { 'before its hello': unexpected, ...within },
    stock: { 'before its hello': outcome, ...within },
  }
}

const always = (outcome: ByRole): ByMoment => ({
  'before its hello': outcome,
  'while its room is loaded': outcome,
  'in the room': outcome,
  'after its access has ended': ended,
})

/** P3: message 64 means to be ours, so that it is an error from anyone who may not say it. */
const ofServers: Outcomes = { 'quire.1': always(unexpected), stock: always(unexpected) }

interface Row {
  readonly what: string
  readonly frame: (sender: Sender) => Uint8Array
  readonly outcomes: Outcomes
}

interface Sender {
  /** All that the document holds. */
  readonly known: Uint8Array
  readonly token: string
}

const client = (message: ClientMessage) => (): Uint8Array => encodeClientMessage(message)
const server = (message: ServerMessage) => (): Uint8Array => encodeServerMessage(message)
const update = (make: (sender: Sender) => Uint8Array) => (sender: Sender) =>
  encodeClientMessage({ type: 'update', update: make(sender) })
const answer = (make: (sender: Sender) => Uint8Array) => (sender: Sender) =>
  encodeClientMessage({ type: 'sync-step-2', update: make(sender) })

function deletion({ known }: Sender): Uint8Array {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, known)
  const before = Y.encodeStateVector(doc)
  doc.getText('content').delete(0, 5)
  return Y.encodeStateAsUpdate(doc, before)
}

const hello: ClientMessage = { type: 'hello', version: 2, name: '', guest: 'a device' }
const strangerId = 7000
const user = { id: 'eve', name: bad.payload, colour: palette[0] }
const mayNot = refused('write-not-allowed')

const table: Readonly<Record<ClientMessage['type'] | ServerMessage['type'], readonly [Row, ...Row[]]>> = {
  'sync-step-1': [
    {
      what: 'for everything',
      frame: client({ type: 'sync-step-1', stateVector: Uint8Array.of(0) }),
      outcomes: inTheRoom(everyone(answered('sync-step-2'))),
    },
  ],
  'sync-step-2': [
    {
      what: 'with nothing',
      frame: answer(() => Uint8Array.of(0, 0)),
      outcomes: inTheRoom(everyone(letPass)),
    },
    {
      what: 'with what is known',
      frame: answer(({ known }) => known),
      outcomes: inTheRoom(everyone(letPass)),
    },
    {
      what: 'with news',
      frame: answer(() => bad.goodUpdate()),
      outcomes: inTheRoom(writers(stored, mayNot)),
    },
    {
      what: 'with deletions alone',
      frame: answer(deletion),
      outcomes: inTheRoom(writers(stored, letPass)),
    },
  ],
  update: [
    { what: 'that is known', frame: update(({ known }) => known), outcomes: inTheRoom(everyone(letPass)) },
    {
      what: 'that is news',
      frame: update(() => bad.goodUpdate()),
      outcomes: inTheRoom(writers(stored, mayNot)),
    },
    {
      what: 'that only deletes',
      frame: update(deletion),
      outcomes: inTheRoom(writers(stored, letPass)),
    },
    {
      what: 'that is early',
      frame: update(() => bad.earlyUpdate()),
      outcomes: inTheRoom(writers(letPass, mayNot)),
    },
  ],
  presence: [
    {
      what: 'of itself',
      frame: client({
        type: 'presence',
        entries: [{ clientId: strangerId, clock: 1, state: JSON.stringify({ user }) }],
      }),
      outcomes: inTheRoom(everyone(shown)),
    },
  ],
  'query-presence': [
    {
      what: 'of all',
      frame: client({ type: 'query-presence' }),
      outcomes: inTheRoom(everyone(answered('presence'))),
    },
  ],
  hello: [
    {
      what: 'of a guest',
      frame: client({ type: 'hello', version: 2, name: bad.payload, guest: 'a device' }),
      outcomes: {
        'quire.1': { ...always(unexpected), 'before its hello': everyone(answered('welcome')) },
        stock: always(unexpected),
      },
    },
  ],
  refresh: [
    {
      what: 'with what it came with',
      frame: ({ token }) => encodeClientMessage({ type: 'refresh', token }),
      outcomes: {
        'quire.1': { ...always(everyone(answered('access'))), 'before its hello': unexpected },
        stock: always(unexpected),
      },
    },
  ],
  'permission-denied': [
    {
      what: 'to the server',
      frame: server({ type: 'permission-denied', reason: bad.payload }),
      outcomes: {
        'quire.1': always(everyone(refused('message-unknown'))),
        // P3: a type that other dialects speak in both directions.
        stock: always(everyone(letPass)),
      },
    },
  ],
  welcome: [
    {
      what: 'to the server',
      frame: server({ type: 'welcome', version: 2, role: 'own', user, maxFrameBytes: 1 }),
      outcomes: ofServers,
    },
  ],
  saved: [{ what: 'to the server', frame: server({ type: 'saved', frames: 1 }), outcomes: ofServers }],
  access: [
    {
      what: 'to the server',
      frame: server({ type: 'access', role: 'own', expiresAt: 0 }),
      outcomes: ofServers,
    },
  ],
  notice: [
    {
      what: 'to the server',
      frame: server({ type: 'notice', code: 'document-full', text: bad.payload }),
      outcomes: ofServers,
    },
  ],
}

const rows = Object.entries(table).flatMap(([kind, variants]) =>
  variants.map((row) => [`${kind} ${row.what}`, row] as const),
)

/** Real time, but an hour later whenever the test says so; whoever waits for an end looks at the clock then. */
class EndingClock implements Clock {
  readonly #looks = new Set<() => void>()
  #aheadMs = 0

  now(): number {
    return systemClock.now()
  }

  after(delayMs: number, act: () => void): () => void {
    if (delayMs !== transportLimits.maxTimerMs) return systemClock.after(delayMs, act)
    this.#looks.add(act)
    return () => this.#looks.delete(act)
  }

  readonly wall = (): number => Date.now() + this.#aheadMs

  passHour(): void {
    this.#aheadMs += 3_600_000
    const due = [...this.#looks]
    this.#looks.clear()
    for (const act of due) act()
  }
}

/** One for all, since each is about a document of its own. */
let running: TestServer
const clock = new EndingClock()
const folder = mkdtempSync(join(tmpdir(), 'quire-test-'))
beforeAll(async () => {
  const patient = { perSecond: 1000, atOnce: 10_000 }
  running = await runTestServer({
    clock,
    wallClock: clock.wall,
    store: await SqliteStore.open(folder),
    admissionLimits: { newDocuments: patient, wrongKeys: patient },
  })
})
afterAll(async () => {
  await running.close()
  rmSync(folder, { recursive: true })
})

describe.each(dialects)('from a %s client', (dialect) => {
  describe.each(moments)('%s', (moment) => {
    it.each(rows)('%s', async (_, { frame, outcomes }) => {
      const ends = await Promise.allSettled(
        roles.map(async (role) => {
          const play = await begin({ dialect, moment, role })
          const outcome = outcomes[dialect][moment][role]
          await expectTold(await play.say(frame), outcome)
          await play.expectAround(outcome)
        }),
      )
      const failed = roles.flatMap((role, index) => {
        const end = ends[index]
        return end?.status === 'fulfilled' ? [] : [`as ${role}: ${String(end?.reason)}`]
      })
      expect(failed).toEqual([])
    })
  })
})

describe('refresh', () => {
  /** Somebody who is at the door of a document, alone. */
  async function begun(role: Role) {
    const { url, syncUrl, store } = running
    const document = await createDocument(url, { text: initialText })
    const socket = await RawSocket.open(`${syncUrl}/${document.id}`, quireSubprotocols(document.keys[role]))
    return { store, document, socket }
  }

  it('takes the right to write from what comes after it, says so first, and leaves it to what came before', async () => {
    const { store, document, socket } = await begun('edit')
    await socket.greet()
    const looking = hold(store, 'findLink', document.id)
    socket.send({ type: 'update', update: bad.updateOf({ client: 1, clock: 0, garbage: 1 }) })
    socket.send({ type: 'refresh', token: document.keys.view })
    socket.send({ type: 'update', update: bad.updateOf({ client: 2, clock: 0, garbage: 1 }) })
    await looking.asked
    looking.release()
    expect(await socket.receive('access')).toEqual({ type: 'access', role: 'view', expiresAt: 0 })
    expect(await socket.closed).toEqual(closedFor('write-not-allowed'))
    expect(writersIn(joined(await store.load(document.id)))).not.toContain(2)
  })

  it('is read in its turn while the room is loaded: what came before it is stored', async () => {
    const { store, document, socket } = await begun('edit')
    const loading = hold(store, 'load', document.id)
    socket.send({ type: 'hello', version: 2, name: '', guest: '' })
    socket.send({ type: 'update', update: bad.updateOf({ client: 1, clock: 0, garbage: 1 }) })
    socket.send({ type: 'refresh', token: document.keys.view })
    await loading.asked
    loading.release()
    expect((await socket.receive('access')).role).toBe('view')
    expect((await socket.receive('saved')).frames).toBe(1)
    expect(writersIn(joined(await store.load(document.id)))).toContain(1)
  })

  it('that gives the right to write asks for what could not be let in, and has it acknowledged', async () => {
    const { store, document, socket } = await begun('view')
    await socket.greet()
    await socket.receive('sync-step-1')
    socket.send({ type: 'sync-step-2', update: Uint8Array.of(0, 0) })
    const dropped = deletion({ known: joined(await store.load(document.id)), token: '' })
    socket.send({ type: 'update', update: dropped })
    socket.send({ type: 'refresh', token: document.keys.edit })
    expect((await socket.receive('access')).role).toBe('edit')
    await socket.receive('sync-step-1')
    socket.send({ type: 'sync-step-2', update: dropped })
    expect((await socket.receive('saved')).frames).toBe(3)
    expect(textOf(joined(await store.load(document.id)))).toBe(initialText.slice(5))
  })

  it.each<[what: string, token: string, code: ProtocolErrorCode]>([
    ['with nothing', '', 'token-invalid'],
    ['with a key of nothing', 'AAAAAAAAAAAAAAAAAAAAAA', 'document-unknown'],
  ])('%s ends the connection, and nothing after it is read', async (_, token, code) => {
    const { store, document, socket } = await begun('edit')
    await socket.greet()
    await socket.settle()
    const before = await store.load(document.id)
    socket.send({ type: 'refresh', token })
    socket.send({ type: 'update', update: bad.goodUpdate() })
    expect(await socket.closed).toEqual(closedFor(code))
    expect(await store.load(document.id)).toEqual(before)
  })
})

async function expectTold(socket: RawSocket, outcome: Outcome): Promise<void> {
  switch (outcome.type) {
    case 'answered':
      await socket.receive(outcome.by)
      break
    case 'refused':
      expect(await socket.closed).toEqual(closedFor(outcome.code))
      break
    case 'stored':
      await (socket.subprotocol === subprotocol ? socket.receive('saved') : socket.settle())
      break
    case 'shown':
    case 'let pass':
      // It is still in the room, and has been heard to the end.
      await socket.settle()
      break
    default:
      assertNever(outcome)
  }
}

function closedFor(code: ProtocolErrorCode): Closed {
  return { code: new ProtocolError(code, '').closeCode, reason: code }
}

interface Part {
  readonly dialect: Dialect
  readonly moment: Moment
  readonly role: Role
}

interface Play {
  /** Says this at the moment that the play is about. */
  say(frame: Row['frame']): Promise<RawSocket>
  /** What the others know, and what is stored, is what the outcome says and nothing besides. */
  expectAround(outcome: Outcome): Promise<void>
}

async function begin({ dialect, moment, role }: Part): Promise<Play> {
  const { url, syncUrl, secret, log, store } = running
  const logged = log.length
  const document = await createDocument(url, { text: initialText })
  const before = await store.load(document.id)
  const withinHour = Math.floor(clock.wall() / 1000) + 3000
  const token =
    moment === 'after its access has ended' && role === 'own'
      ? signHostToken(secret, { doc: document.id, role, exp: withinHour })
      : document.keys[role]

  const joinOthers = async () => {
    const stock = openStockClient({ serverUrl: syncUrl, room: document.id, token: document.keys.own })
    const session = await openSession({ syncUrl, document, key: document.keys.own, name: 'Anna' })
    await stock.synced
    return { stock, session }
  }
  // A room is loaded for whoever comes first.
  const present = moment === 'while its room is loaded' ? undefined : await joinOthers()

  const open = (): Promise<RawSocket> =>
    dialect === 'quire.1'
      ? RawSocket.open(`${syncUrl}/${document.id}`, quireSubprotocols(token))
      : RawSocket.open(`${syncUrl}/${document.id}?token=${token}`)
  const greeted = async (): Promise<RawSocket> => {
    const socket = await open()
    if (dialect === 'quire.1') await socket.greet()
    return socket
  }
  const endAccess = async (): Promise<void> => {
    if (role === 'own') return clock.passHour()
    const response = await fetch(`${url}/api/documents/${document.id}/links/${role}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${document.keys.own}` },
    })
    expect(response.status).toBe(204)
  }

  const saying: Readonly<Record<Moment, (frame: Uint8Array) => Promise<RawSocket>>> = {
    async 'before its hello'(frame) {
      const door = hold(store, 'findLink', document.id)
      const socket = await open()
      await door.asked
      socket.sendBytes(frame)
      door.release()
      return socket
    },
    async 'while its room is loaded'(frame) {
      const door = hold(store, 'load', document.id)
      const socket = await open()
      // The welcome comes from the room.
      if (dialect === 'quire.1') socket.send(hello)
      await door.asked
      socket.sendBytes(frame)
      door.release()
      return socket
    },
    async 'in the room'(frame) {
      const socket = await greeted()
      await socket.settle()
      socket.sendBytes(frame)
      return socket
    },
    async 'after its access has ended'(frame) {
      const socket = await greeted()
      await socket.settle()
      // So that it has not heard that it is to go, and what it says does leave.
      socket.pause()
      await endAccess()
      socket.sendBytes(frame)
      socket.resume()
      return socket
    },
  }

  return {
    say: (frame) => saying[moment](frame({ known: joined(before), token })),
    async expectAround({ type }) {
      if (type !== 'stored') expect(await store.load(document.id)).toEqual(before)
      const { stock, session } = present ?? (await joinOthers())
      const { awareness } = stock
      session.text.insert(session.text.length, ', still')
      session.rename('Anna Lena')
      await untilSaved(session)
      await untilPresence(awareness, () => namesIn(awareness).includes('Anna Lena'))
      // What was let in before these words, and who was shown before this name, is here by now.
      const now = textOf(joined(await store.load(document.id)))
      await untilText(stock.text, now)
      expect(now === `${initialText}, still`).toBe(type !== 'stored')
      expect(awareness.getStates().has(strangerId)).toBe(type === 'shown')
      expect(session.trouble).toBe('none')
      for (const line of log.slice(logged).map((entry) => JSON.stringify(entry))) {
        expect(line.length).toBeLessThanOrEqual(300)
        for (const word of [bad.payload, initialText, token]) expect(line).not.toContain(word)
      }
    },
  }
}

function joined(document: Awaited<ReturnType<SqliteStore['load']>>): Uint8Array {
  const { base, tail = [] } = document ?? {}
  return Y.mergeUpdates([...(base ? [base] : []), ...tail].map((entry) => entry.update))
}

function textOf(everything: Uint8Array): string {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, everything)
  return doc.getText('content').toString()
}

function writersIn(everything: Uint8Array): number[] {
  return [...Y.parseUpdateMeta(everything).to.keys()]
}

function namesIn(awareness: Awareness): unknown[] {
  return [...awareness.getStates().values()].map((state) => state['user']?.name)
}
