/**
 * What a peer may send that it should not. However it ends for that peer, the same holds for everyone else: others in
 * the room go on, nothing is stored, and the log has one line that holds neither key nor text.
 */
import {
  closeCodes,
  encodeClientMessage,
  encodeServerMessage,
  encodeStateVector,
  limits,
  subprotocol,
} from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import * as bad from '../support/bad-frames.ts'
import { createDocument } from '../support/documents.ts'
import { signHostToken } from '../support/host-token.ts'
import { quireSubprotocols, RawSocket, type Closed } from '../support/raw-socket.ts'
import { dialects, openScene, type Scene } from '../support/scene.ts'
import { hastyClock, type TestServerOptions } from '../support/server.ts'
import { Wire } from '../support/wire.ts'

const malformed: Closed = { code: closeCodes.malformed, reason: 'frame-malformed' }
const unexpected: Closed = { code: closeCodes.malformed, reason: 'message-unexpected' }
const unknown: Closed = { code: closeCodes.malformed, reason: 'message-unknown' }

describe.each(dialects)('a %s client is closed that sends', (dialect) => {
  it.each<[what: string, frame: Uint8Array, end: Closed]>([
    ['an empty frame', new Uint8Array(), malformed],
    ['half a number', Uint8Array.of(0x80), malformed],
    ['a number of eleven bytes', new Uint8Array(11).fill(0xff), malformed],
    ['a number that is longer than it need be', Uint8Array.of(0x80, 0), malformed],
    ['a type and nothing else', Uint8Array.of(0), malformed],
    ['a sync message of an unknown kind', Uint8Array.of(0, 9, 0), malformed],
    ['a length past the end', Uint8Array.of(0, 2, 200, 1, 1), malformed],
    ['bytes after the end', Uint8Array.of(...bad.updateFrame(Uint8Array.of(0, 0)), 0), malformed],
    ['what only a server says', encodeServerMessage({ type: 'saved', frames: 1 }), unexpected],
    [
      'a hello when it is in the room',
      encodeClientMessage({ type: 'hello', version: 1, name: bad.payload, guest: '' }),
      unexpected,
    ],
  ])('%s', async (_, frame, end) => {
    const scene = await openScene()
    const socket = await scene.join(dialect)
    socket.sendBytes(frame)
    expect(await socket.closed).toEqual(end)
    await scene.expectUnharmed()
  })

  it.each<[what: string, update: Uint8Array]>([
    ['an edit', bad.goodUpdate()],
    ['an edit that comes too early', bad.earlyUpdate()],
    ['a deletion', bad.earlyDeletion()],
  ])('%s, though it may only read', async (_, update) => {
    const scene = await openScene()
    const socket = await scene.join(dialect, 'view')
    socket.send({ type: 'update', update })
    expect(await socket.closed).toEqual({ code: closeCodes.forbidden, reason: 'write-not-allowed' })
    await scene.expectUnharmed()
  })

  it('an answer with something new, though it may only read', async () => {
    const scene = await openScene()
    const socket = await scene.join(dialect, 'view')
    socket.send({ type: 'sync-step-2', update: bad.goodUpdate() })
    expect(await socket.closed).toEqual({ code: closeCodes.forbidden, reason: 'write-not-allowed' })
    await scene.expectUnharmed()
  })

  it('a frame of one byte more than the limit', async () => {
    const scene = await openScene()
    const socket = await scene.join(dialect)
    socket.sendBytes(new Uint8Array(limits.maxFrameBytes + 1))
    expect(await socket.closed).toEqual({ code: closeCodes.tooLarge, reason: 'frame-too-large' })
    await scene.expectUnharmed()
  })

  it('a frame of more than twice the limit', async () => {
    const scene = await openScene()
    const socket = await scene.join(dialect)
    socket.sendBytes(new Uint8Array(2 * limits.maxFrameBytes + 1))
    expect((await socket.closed).code).toBe(1009)
    await scene.expectUnharmed()
  })
})

describe.each(dialects)('a %s client stays that sends', (dialect) => {
  it('nothing new in its answer, though it may only read', async () => {
    const scene = await openScene()
    const socket = await scene.join(dialect, 'view')
    const doc = new Y.Doc()
    socket.send({ type: 'sync-step-1', stateVector: encodeStateVector(new Map()) })
    Y.applyUpdate(doc, (await socket.receive('sync-step-2')).update)
    socket.send({ type: 'sync-step-2', update: Uint8Array.of(0, 0) })
    socket.send({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(doc) })
    await socket.settle()
    await scene.expectUnharmed({ logLines: 0 })
  })
})

describe('what belongs to another dialect', () => {
  const otherDialects: readonly [what: string, send: (socket: RawSocket) => void, end: Closed][] = [
    ['an unknown type', (socket) => socket.sendBytes(Uint8Array.of(102, 1, 2, 3)), unknown],
    [
      'a word of authentication',
      (socket) => socket.sendBytes(encodeServerMessage({ type: 'permission-denied', reason: bad.payload })),
      unknown,
    ],
    [
      'a text frame',
      (socket) => socket.sendWords(bad.payload),
      { code: closeCodes.malformed, reason: 'text-frame' },
    ],
  ]

  it.each(otherDialects)('closes a quire.1 client: %s', async (_, send, end) => {
    const scene = await openScene()
    const socket = await scene.join('quire.1')
    send(socket)
    expect(await socket.closed).toEqual(end)
    await scene.expectUnharmed()
  })

  it.each(otherDialects)('is ignored from a stock client, and logged once: %s', async (_, send) => {
    const scene = await openScene()
    const socket = await scene.join('stock')
    for (let times = 0; times < 3; times++) send(socket)
    await socket.settle()
    await scene.expectUnharmed()
  })

  it('is ignored up to the largest frame there may be', async () => {
    const scene = await openScene()
    const socket = await scene.join('stock')
    socket.sendBytes(new Uint8Array(limits.maxFrameBytes).fill(102, 0, 1))
    await socket.settle()
    await scene.expectUnharmed()
  })
})

describe('a quire.1 client that does not begin with its hello', () => {
  async function ungreeted(options?: TestServerOptions): Promise<{ scene: Scene; socket: RawSocket }> {
    const scene = await openScene(options)
    const { server, document } = scene
    const url = `${server.syncUrl}/${document.id}`
    return { scene, socket: await RawSocket.open(url, quireSubprotocols(document.keys.edit)) }
  }

  it.each([0, 3, 1_000_000])('is told which version there is, if it asks for %i', async (version) => {
    const { scene, socket } = await ungreeted()
    socket.send({ type: 'hello', version, name: bad.payload, guest: '' })
    expect(await socket.closed).toEqual({ code: closeCodes.version, reason: 'version-unsupported' })
    await scene.expectUnharmed()
  })

  it('is closed if it goes straight to the document', async () => {
    const { scene, socket } = await ungreeted()
    socket.send({ type: 'update', update: bad.goodUpdate() })
    expect(await socket.closed).toEqual(unexpected)
    await scene.expectUnharmed()
  })

  it('is closed if it says nothing', async () => {
    const { scene, socket } = await ungreeted({ clock: hastyClock(20) })
    expect(await socket.closed).toEqual(unexpected)
    await scene.expectUnharmed()
  })

  it('is closed if it says hello twice at once, with edits in between', async () => {
    const { scene, socket } = await ungreeted()
    const hello = { type: 'hello', version: 1, name: '', guest: '' } as const
    socket.send(hello)
    socket.send(hello)
    socket.send({ type: 'update', update: bad.goodUpdate() })
    expect(await socket.closed).toEqual(unexpected)
    await scene.expectUnharmed()
  })
})

describe('who is not let in', () => {
  const notAuthenticated: Closed = { code: closeCodes.unauthenticated, reason: 'token-invalid' }
  const expired: Closed = { code: closeCodes.unauthenticated, reason: 'token-expired' }
  const unknownDocument: Closed = { code: closeCodes.unknownDocument, reason: 'document-unknown' }
  const badName: Closed = { code: closeCodes.malformed, reason: 'document-name-malformed' }
  const someKey = 'AAAAAAAAAAAAAAAAAAAAAA'
  const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds
  type TokenOf = (scene: Scene) => string | undefined | Promise<string>

  function signed(claims: object, header?: object): TokenOf {
    return ({ server, document }) => signHostToken(server.secret, { doc: document.id, ...claims }, header)
  }

  const rows: readonly [who: string, tokenOf: TokenOf, end: Closed][] = [
    ['has no token', () => undefined, notAuthenticated],
    ['has an empty token', () => '', notAuthenticated],
    ['has something that is no token', () => bad.payload, notAuthenticated],
    ['has a key of nothing', () => someKey, unknownDocument],
    [
      'has the key of another document',
      async ({ server }) => (await createDocument(server.url)).keys.own,
      unknownDocument,
    ],
    ['has a token for another document', signed({ doc: 'another' }), unknownDocument],
    ['has a token that has expired', signed({ exp: inSeconds(-60) }), expired],
    ['has a token without an end', signed({ exp: undefined }), notAuthenticated],
    ['has a token for two days', signed({ exp: inSeconds(2 * 24 * 60 * 60) }), notAuthenticated],
    ['has a token for another service', signed({ aud: 'another' }), notAuthenticated],
    ['has a token with a role there is not', signed({ role: 'admin' }), notAuthenticated],
    ['has a token of nobody', signed({ sub: undefined }), notAuthenticated],
    [
      'has a token that says it needs no signature',
      signed({}, { alg: 'none', typ: 'JWT' }),
      notAuthenticated,
    ],
    ['has a token signed with another algorithm', signed({}, { alg: 'HS512', typ: 'JWT' }), notAuthenticated],
    [
      'has a token signed by another',
      ({ document }) => signHostToken(Buffer.alloc(32, 1), { doc: document.id }),
      notAuthenticated,
    ],
    ['has a token of 5,000 characters', () => 'a'.repeat(5000), notAuthenticated],
  ]

  it.each(rows)('a client that %s', async (_, tokenOf, end) => {
    const scene = await openScene()
    const token = await tokenOf(scene)
    const query = token === undefined ? '' : `?${new URLSearchParams({ token })}`
    const socket = await RawSocket.open(`${scene.server.syncUrl}/${scene.document.id}${query}`)
    socket.send({ type: 'update', update: bad.goodUpdate() })
    expect(await socket.closed).toEqual(end)
    if (token) expect(JSON.stringify(scene.server.log)).not.toContain(token)
    await scene.expectUnharmed()
  })

  it.each(rows.filter(([, , { reason }]) => reason !== 'token-expired').slice(2))(
    'a quire.1 client that %s',
    async (_, tokenOf, end) => {
      const scene = await openScene()
      const token = (await tokenOf(scene)) ?? ''
      const socket = await RawSocket.open(
        `${scene.server.syncUrl}/${scene.document.id}`,
        quireSubprotocols(token),
      )
      expect(socket.subprotocol).toBe(subprotocol)
      expect(await socket.closed).toEqual(end)
      expect(JSON.stringify(scene.server.log)).not.toContain(token)
      await scene.expectUnharmed()
    },
  )

  it('anyone, where there is no such document, in the same words as for a wrong key', async () => {
    const scene = await openScene()
    const socket = await RawSocket.open(`${scene.server.syncUrl}/no-such-document?token=${someKey}`)
    expect(await socket.closed).toEqual(unknownDocument)
    await scene.expectUnharmed()
  })

  it('a client whose token runs out while it is in the room', async () => {
    const scene = await openScene()
    const { server, document } = scene
    const token = signHostToken(server.secret, { doc: document.id, exp: inSeconds(2) })
    const socket = await RawSocket.open(`${server.syncUrl}/${document.id}?token=${token}`)
    await socket.receive('sync-step-1')
    expect(await socket.closed).toEqual(expired)
    await scene.expectUnharmed()
  })

  it.each([
    ['is not percent-encoded', '%zz'],
    ['is not UTF-8', '%ff'],
    ['holds NUL', 'notes%00'],
    ['holds a line break', 'notes%0a'],
    ['is of 257 bytes', 'n'.repeat(257)],
  ])('anyone, where the name %s', async (_, name) => {
    const scene = await openScene()
    const socket = await RawSocket.open(`${scene.server.syncUrl}/${name}?token=${someKey}`)
    expect(await socket.closed).toEqual(badName)
    await scene.expectUnharmed()
  })
})

describe('what is not a WebSocket frame ends its connection', () => {
  const final = 0x80
  const binary = 0x02
  const masked = 0x80
  const mask = [1, 2, 3, 4]

  it.each<[what: string, bytes: readonly number[], code: number]>([
    ['a reserved bit', [final | 0x40 | binary, masked, ...mask], 1002],
    ['a frame without a mask', [final | binary, 1, 0], 1002],
    ['an opcode there is not', [final | 0x03, masked, ...mask], 1002],
    ['a control opcode there is not', [final | 0x0b, masked, ...mask], 1002],
    ['a continuation of nothing', [final, masked, ...mask], 1002],
    ['a message inside a message', [binary, masked, ...mask, binary, masked, ...mask], 1002],
    ['a ping in pieces', [0x09, masked, ...mask], 1002],
    ['a ping of 126 bytes', [final | 0x09, masked | 126, 0, 126, ...mask], 1002],
    ['a close of one byte', [final | 0x08, masked | 1, ...mask, 0], 1002],
    ['a close with a code there is not', [final | 0x08, masked | 2, ...mask, 0x03 ^ 1, 0xe7 ^ 2], 1002],
    ['a length of 2^63', [final | binary, masked | 127, 0x80, 0, 0, 0, 0, 0, 0, 0, ...mask], 1009],
    [
      'a message in 65 pieces',
      [binary, masked, ...mask, ...Array.from({ length: 64 }, () => [0, masked, ...mask]).flat()],
      1008,
    ],
  ])('%s', async (_, bytes, code) => {
    const scene = await openScene()
    const { server, document } = scene
    const wire = await Wire.open(`${server.url}/sync/${document.id}?token=${document.keys.edit}`)
    wire.write(...bytes)
    expect(await wire.closeCode()).toBe(code)
    await scene.expectUnharmed()
  })
})

describe('whoever vanishes without a word', () => {
  it.each(dialects)('as %s, right after the upgrade', async (dialect) => {
    const scene = await openScene()
    const { server, document } = scene
    const subprotocols = dialect === 'quire.1' ? quireSubprotocols(document.keys.edit) : []
    const socket = await RawSocket.open(
      `${server.syncUrl}/${document.id}?token=${document.keys.edit}`,
      subprotocols,
    )
    socket.terminate()
    await socket.closed
    await scene.expectUnharmed({ logLines: 0 })
  })

  it.each(dialects)('as %s, in the room', async (dialect) => {
    const scene = await openScene()
    const socket = await scene.join(dialect)
    socket.terminate()
    await socket.closed
    await scene.expectUnharmed({ logLines: 0 })
  })
})
