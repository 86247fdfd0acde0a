/**
 * Messages that are none, or not for whoever sends them to say. However it ends for that peer, the same holds for
 * everyone else: others in the room go on, nothing is stored, and the log has one line that holds neither key nor text.
 * The numbers are those of the list of bad input.
 */
import { closeCodes, encodeClientMessage, encodeServerMessage, encodeStateVector } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import * as bad from '../support/bad-frames.ts'
import { quireSubprotocols, RawSocket, type Closed } from '../support/raw-socket.ts'
import { dialects, openScene, type Scene } from '../support/scene.ts'
import { hastyClock, type TestServerOptions } from '../support/server.ts'

const malformed: Closed = { code: closeCodes.malformed, reason: 'frame-malformed' }
const unexpected: Closed = { code: closeCodes.malformed, reason: 'message-unexpected' }
const unknown: Closed = { code: closeCodes.malformed, reason: 'message-unknown' }

describe.each(dialects)('a %s client is closed that sends', (dialect) => {
  it.each<[what: string, frame: Uint8Array, end: Closed]>([
    ['32 an empty frame', new Uint8Array(), malformed],
    ['34 half a number', Uint8Array.of(0x80), malformed],
    ['34 a number of eleven bytes', new Uint8Array(11).fill(0xff), malformed],
    ['34 a number past 2^53', new Uint8Array(8).fill(0xff, 0, 7).fill(0x7f, 7), malformed],
    ['34 a number that is longer than it need be', Uint8Array.of(0x80, 0), malformed],
    ['35 a type and nothing else', Uint8Array.of(0), malformed],
    ['33 a sync message of an unknown kind', Uint8Array.of(0, 9, 0), malformed],
    ['35 a length past the end', Uint8Array.of(0, 2, 200, 1, 1), malformed],
    ['36 bytes after the end', Uint8Array.of(...bad.updateFrame(Uint8Array.of(0, 0)), 0), malformed],
    ['39 what only a server says', encodeServerMessage({ type: 'saved', frames: 1 }), unexpected],
    [
      '38 a hello when it is in the room',
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

  const marker = 'xxx'
  const notText: readonly [what: string, bytes: readonly number[]][] = [
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['NUL in two bytes', [0x20, 0xc0, 0x80]],
    ['NUL', [0x20, 0x00, 0x20]],
    ['half a letter', [0x20, 0x20, 0xc3]],
  ]

  /** The frame with these bytes in the place of the marker, as which they are just as long. */
  function withBytes(frame: Uint8Array, bytes: readonly number[]): Uint8Array {
    const changed = Buffer.from(frame)
    changed.set(bytes, changed.indexOf(marker))
    return changed
  }

  it.each(notText)('44 a state that holds %s', async (_, bytes) => {
    const scene = await openScene()
    const socket = await scene.join(dialect)
    socket.sendBytes(withBytes(bad.presenceFrame([{ state: JSON.stringify({ is: marker }) }]), bytes))
    expect(await socket.closed).toEqual(malformed)
    await scene.expectUnharmed()
  })

  // Yjs has NUL for a letter like any other.
  it.each(notText.filter(([what]) => what !== 'NUL'))(
    '44 a name of a root that holds %s',
    async (_, bytes) => {
      const scene = await openScene()
      const socket = await scene.join(dialect)
      const update = bad.updateBy((doc) => doc.getText(marker).insert(0, bad.payload))
      socket.sendBytes(withBytes(bad.updateFrame(update), bytes))
      expect((await socket.closed).code).toBe(closeCodes.malformed)
      await scene.expectUnharmed()
    },
  )

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

  it('62 an answer with something new, though it may only read', async () => {
    const scene = await openScene()
    const socket = await scene.join(dialect, 'view')
    socket.send({ type: 'sync-step-2', update: bad.goodUpdate() })
    expect(await socket.closed).toEqual({ code: closeCodes.forbidden, reason: 'write-not-allowed' })
    await scene.expectUnharmed()
  })
})

describe.each(dialects)('a %s client stays that sends', (dialect) => {
  it('62 nothing new in its answer, though it may only read', async () => {
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
    ['33 an unknown type', (socket) => socket.sendBytes(Uint8Array.of(102, 1, 2, 3)), unknown],
    [
      '33 a word of authentication',
      (socket) => socket.sendBytes(encodeServerMessage({ type: 'permission-denied', reason: bad.payload })),
      unknown,
    ],
    [
      '27 a text frame',
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
})

describe('a quire.1 client that does not begin with its hello', () => {
  async function ungreeted(options?: TestServerOptions): Promise<{ scene: Scene; socket: RawSocket }> {
    const scene = await openScene(options)
    const { server, document } = scene
    const url = `${server.syncUrl}/${document.id}`
    return { scene, socket: await RawSocket.open(url, quireSubprotocols(document.keys.edit)) }
  }

  it.each([0, 3, 1_000_000])('41 is told which version there is, if it asks for %i', async (version) => {
    const { scene, socket } = await ungreeted()
    socket.send({ type: 'hello', version, name: bad.payload, guest: '' })
    expect(await socket.closed).toEqual({ code: closeCodes.version, reason: 'version-unsupported' })
    await scene.expectUnharmed()
  })

  it('37 is closed if it goes straight to the document', async () => {
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

  it('38 is closed if it says hello twice at once, with edits in between', async () => {
    const { scene, socket } = await ungreeted()
    const hello = { type: 'hello', version: 1, name: '', guest: '' } as const
    socket.send(hello)
    socket.send(hello)
    socket.send({ type: 'update', update: bad.goodUpdate() })
    expect(await socket.closed).toEqual(unexpected)
    await scene.expectUnharmed()
  })
})
