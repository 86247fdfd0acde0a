/**
 * Bytes after the upgrade that are no WebSocket, or abuse it: each ends its own connection, or is read more slowly, and
 * nobody else notices. The numbers are those of the list of bad input.
 */
import { closeCodes, limits } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import { transportLimits } from '../../apps/sync-server/src/transport/transport-limits.ts'
import { goodUpdate, updateFrame } from '../support/bad-frames.ts'
import { createDocument } from '../support/documents.ts'
import { HeldClock } from '../support/held-clock.ts'
import { RawSocket } from '../support/raw-socket.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../support/server.ts'
import { untilPresence } from '../support/until.ts'
import { Wire } from '../support/wire.ts'

const final = 0x80
const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9 } as const
const masked = 0x80
const mask = [1, 2, 3, 4]
/** Nothing is left of a payload of zeros but the mask. */
const empty = [masked, ...mask]

function maskedPayload(payload: Uint8Array): Uint8Array {
  return payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))
}

/** One whole frame, as a browser sends it; at most 125 bytes. */
function frame(opcode: number, payload: Uint8Array): number[] {
  return [final | opcode, masked | payload.length, ...mask, ...maskedPayload(payload)]
}

const closing = (...payload: readonly number[]): number[] => frame(opcodes.close, Uint8Array.from(payload))

async function openWire(options?: TestServerOptions): Promise<{ scene: Scene; wire: Wire }> {
  const scene = await openScene(options)
  const { server, document } = scene
  return { scene, wire: await Wire.open(`${server.url}/sync/${document.id}?token=${document.keys.edit}`) }
}

/** Each is heard by the other, so that the server has had a sign of life from both. */
async function everyoneElseSpeaks({ writer, reader }: Scene): Promise<void> {
  const pairs = [
    [writer, reader],
    [reader, writer],
  ] as const
  for (const [one, other] of pairs) {
    one.awareness.setLocalStateField('speaks', true)
    const { clientID } = one.doc
    await untilPresence(other.awareness, () => other.awareness.getStates().get(clientID)?.['speaks'] === true)
  }
}

describe('what is not a WebSocket frame ends its connection', () => {
  const pieces = (count: number): number[] =>
    Array.from({ length: count }, () => [opcodes.continuation, ...empty]).flat()

  it.each<[what: string, bytes: readonly number[], code: number]>([
    ['17 the first reserved bit', [final | 0x40 | opcodes.binary, ...empty], 1002],
    ['17 the second reserved bit', [final | 0x20 | opcodes.binary, ...empty], 1002],
    ['17 the third reserved bit', [final | 0x10 | opcodes.binary, ...empty], 1002],
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): [string, number[], number] => [
      `18 opcode ${opcode}, which there is not`,
      [final | opcode, ...empty],
      1002,
    ]),
    ['19 a frame without a mask', [final | opcodes.binary, 1, 0], 1002],
    ['20 a length of 2^63', [final | opcodes.binary, masked | 127, 0x80, 0, 0, 0, 0, 0, 0, 0, ...mask], 1009],
    ['22 a message in 65 pieces', [opcodes.binary, ...empty, ...pieces(64)], 1008],
    ['23 a message in 10,000 empty pieces', [opcodes.binary, ...empty, ...pieces(10_000)], 1008],
    ['24 a continuation of nothing', [final | opcodes.continuation, ...empty], 1002],
    ['24 a message inside a message', [opcodes.binary, ...empty, opcodes.binary, ...empty], 1002],
    ['25 a ping in pieces', [opcodes.ping, ...empty], 1002],
    ['25 a ping of 126 bytes', [final | opcodes.ping, masked | 126, 0, 126, ...mask], 1002],
    ['26 a close of one byte', closing(0), 1002],
    ['26 a close with 1005, which is never sent', closing(0x03, 0xed), 1002],
    ['26 a close with 999, which there is not', closing(0x03, 0xe7), 1002],
    ['26 a close whose reason is not UTF-8', closing(0x03, 0xe8, 0xc0, 0x80), 1007],
    ['27 a text that is not UTF-8', frame(opcodes.text, Uint8Array.of(0xff)), 1007],
  ])('%s', async (_, bytes, code) => {
    const { scene, wire } = await openWire()
    wire.write(bytes)
    expect(await wire.closeCode()).toBe(code)
    await scene.expectUnharmed()
  })
})

describe('a frame as large as', () => {
  it('21 there may be is read', async () => {
    const scene = await openScene()
    const socket = await scene.join('stock')
    // Of a kind that other dialects have, which is passed over unread.
    socket.sendBytes(new Uint8Array(limits.maxFrameBytes).fill(102, 0, 1))
    await socket.settle()
    await scene.expectUnharmed()
  })

  it.each([
    ['one byte more ends its connection', limits.maxFrameBytes + 1, closeCodes.tooLarge],
    ['more than twice that is not even waited for', 2 * limits.maxFrameBytes + 1, 1009],
  ])('21 %s', async (_, length, code) => {
    const scene = await openScene()
    const socket = await scene.join('stock')
    socket.sendBytes(new Uint8Array(length))
    expect((await socket.closed).code).toBe(code)
    await scene.expectUnharmed()
  })
})

describe('a message that never becomes whole', () => {
  /** Of a kind that other dialects have, which is passed over unread. */
  const piece = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(102, 0, 1)
  const kibibyte = 1024
  const refusals = ({ log }: TestServer): unknown[] => log.map(({ fields }) => fields)

  it('21 takes memory until there is too much of them: then the largest goes', async () => {
    const scene = await openScene({
      admissionLimits: { loans: { ofAddress: 1024 * kibibyte, ofAll: 2048 * kibibyte } },
    })
    const [large, small] = [await scene.join('stock', 'view'), await scene.join('stock', 'view')]
    large.sendPiece(piece(600 * kibibyte))
    await large.answer()
    small.sendPiece(piece(500 * kibibyte))
    expect(await large.closed).toEqual({ code: closeCodes.tryAgainLater, reason: 'too-much-at-once' })
    small.sendBytes(piece(300 * kibibyte))
    await small.settle()
    expect(refusals(scene.server)).toMatchObject([{ code: 'too-much-at-once' }, { code: 'message-unknown' }])
    await scene.expectUnharmed({ logLines: 2 })
  })

  it('21 is not waited for longer than some minutes, though pings are answered meanwhile', async () => {
    const clock = new HeldClock(transportLimits.pingMs)
    const server = await startTestServer({ clock })
    const { id, keys } = await createDocument(server.url)
    const join = (): Promise<RawSocket> => RawSocket.open(`${server.syncUrl}/${id}?token=${keys.view}`)
    const [slow, other] = [await join(), await join()]
    slow.sendPiece(piece(transportLimits.smallBytes))
    for (let passedMs = 0; passedMs <= transportLimits.messageTimeoutMs; passedMs += transportLimits.pingMs) {
      await Promise.all([slow.answer(), other.answer()])
      expect(refusals(server)).toEqual([])
      clock.pass()
    }
    expect(await slow.closed).toEqual({ code: closeCodes.tryAgainLater, reason: 'message-too-slow' })
    await other.settle()
  })

  it('29 is waited for as long as it comes on, though no ping is answered meanwhile', async () => {
    const clock = new HeldClock(transportLimits.pingMs)
    const server = await startTestServer({ clock })
    const { id, keys } = await createDocument(server.url)
    const url = `${server.url}/sync/${id}?token=${keys.view}`
    const [wire, other] = [await Wire.open(url), await RawSocket.open(url)]
    const rounds = 4
    const bytes = rounds * transportLimits.smallBytes
    const length = new Uint8Array(8)
    new DataView(length.buffer).setBigUint64(0, BigInt(bytes))
    wire.write([final | opcodes.binary, masked | 127, ...length, 0, 0, 0, 0])
    for (let round = 0; round < rounds; round++) {
      expect(refusals(server)).toEqual([])
      wire.write(piece(bytes / rounds))
      // Whatever is there when the server reads what others say is read as well.
      await other.settle()
      clock.pass()
      await other.settle()
    }
    expect(refusals(server)).toMatchObject([{ code: 'message-unknown' }])
  })
})

describe('who keeps the rules of frames, and means no good', () => {
  it('29 is cut off, if a frame comes so slowly that no ping is answered', async () => {
    const clock = new HeldClock(transportLimits.pingMs)
    const { scene, wire } = await openWire({ clock })
    wire.write([final | opcodes.binary, masked | 100, ...mask])
    clock.pass()
    await everyoneElseSpeaks(scene)
    wire.write([0])
    clock.pass()
    expect(await wire.closeCode()).toBeUndefined()
    await scene.expectUnharmed({ logLines: 0 })
  })

  it('30 says no more after a close', async () => {
    const { scene, wire } = await openWire()
    const update = updateFrame(goodUpdate())
    wire.write([...closing(0x03, 0xe8), ...frame(opcodes.binary, update)])
    expect(await wire.closeCode()).toBe(1000)
    await scene.expectUnharmed({ logLines: 0 })
  })

  it('31 is cut off, if they do not answer a close', async () => {
    const { scene, wire } = await openWire()
    wire.write(frame(opcodes.binary, Uint8Array.of(0x80)))
    expect(await wire.closeCode()).toBe(closeCodes.malformed)
    await scene.expectUnharmed()
  })
})
