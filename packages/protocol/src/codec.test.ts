import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import clientFrames from '../vectors/client-frames.json' with { type: 'json' }
import refusedFrames from '../vectors/refused-frames.json' with { type: 'json' }
import serverFrames from '../vectors/server-frames.json' with { type: 'json' }
import { roles } from './access.ts'
import {
  decodeClientMessage,
  decodeServerMessage,
  encodeClientMessage,
  encodeServerMessage,
} from './codec.ts'
import { limits } from './limits.ts'
import type { ClientMessage, ServerMessage } from './messages.ts'
import { clientMessages, serverMessages } from './testing/arbitrary-messages.ts'
import { hex, toHex } from './testing/hex.ts'
import { refusalOf, truncations } from './testing/refusal.ts'

interface Side<Message> {
  readonly name: string
  readonly encode: (message: Message) => Uint8Array
  readonly decode: (frame: Uint8Array) => Message
  readonly messages: fc.Arbitrary<Message>
  readonly vectors: readonly Vector[]
}

/** A message in readable form (bytes as hex) beside its frame. */
interface Vector {
  readonly name: string
  readonly message: Readonly<Record<string, unknown>>
  readonly frame: string
}

const client: Side<ClientMessage> = {
  name: 'client',
  encode: encodeClientMessage,
  decode: decodeClientMessage,
  messages: clientMessages,
  vectors: clientFrames,
}
const server: Side<ServerMessage> = {
  name: 'server',
  encode: encodeServerMessage,
  decode: decodeServerMessage,
  messages: serverMessages,
  vectors: serverFrames,
}

describeSide(client)
describeSide(server)

function describeSide<Message extends ClientMessage | ServerMessage>(side: Side<Message>): void {
  const { encode, decode, messages, vectors } = side

  describe(`a message of a ${side.name}`, () => {
    it('is read as it was written', () => {
      fc.assert(
        fc.property(messages, (message) => {
          expect(decode(encode(message))).toEqual(message)
        }),
      )
    })

    it('P8: is refused when cut off anywhere', () => {
      fc.assert(
        fc.property(messages, (message) => {
          for (const frame of truncations(encode(message)))
            expect(refusalOf(() => decode(frame))).toBeDefined()
        }),
        { numRuns: 50 },
      )
    })

    it('P8: is refused with a byte after its end', () => {
      fc.assert(
        fc.property(messages, fc.nat(255), (message, byte) => {
          expect(refusalOf(() => decode(Uint8Array.of(...encode(message), byte)))).toBe('frame-malformed')
        }),
      )
    })

    it('is refused as the peer’s fault, and never fails otherwise, whatever the bytes', () => {
      const starts = fc.constantFrom([], [0], [0, 1], [1], [2, 0], [64], [64, 0], [64, 1], [64, 4])
      fc.assert(
        fc.property(starts, fc.uint8Array({ maxLength: 60 }), (start, bytes) => {
          refusalOf(() => decode(Uint8Array.of(...start, ...bytes)))
        }),
        { numRuns: 1000 },
      )
    })

    it('is refused as the peer’s fault, or is another message, after any change', () => {
      const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })
      fc.assert(
        fc.property(messages, changes, (message, changed) => {
          const frame = encode(message).slice()
          for (const [at, byte] of changed) frame[at % frame.length] = byte
          refusalOf(() => decode(frame))
        }),
        { numRuns: 500 },
      )
    })

    it.each(vectors)('is these bytes and no others: $name', ({ message, frame }) => {
      expect(readable(decode(hex(frame)))).toEqual(message)
      expect(toHex(encode(revive(message)))).toBe(frame)
    })

    it('has a vector of every kind', () => {
      const kinds = new Set(fc.sample(messages, { numRuns: 2000, seed: 1 }).map(({ type }) => type))
      expect(new Set(vectors.map(({ message }) => message['type']))).toEqual(kinds)
    })

    function revive(message: Vector['message']): Message {
      const bytes = Object.entries(message).map(([key, value]) =>
        isByteField(key) && typeof value === 'string' ? [key, hex(value)] : [key, value],
      )
      return Object.fromEntries(bytes) as Message // the vectors are ours, and the frame beside it says if it is wrong
    }
  })
}

function readable(message: ClientMessage | ServerMessage): unknown {
  return Object.fromEntries(
    Object.entries(message).map(([key, value]) => [key, value instanceof Uint8Array ? toHex(value) : value]),
  )
}

function isByteField(key: string): boolean {
  return key === 'stateVector' || key === 'update'
}

describe('a frame', () => {
  it.each(refusedFrames)('of a $side is refused with $code: $name', ({ side, frame, code }) => {
    const { decode } = side === 'client' ? client : server
    expect(refusalOf(() => decode(hex(frame)))).toBe(code)
  })

  it('L1: may be as large as the limit, and not one byte larger', () => {
    const update = new Uint8Array(limits.maxFrameBytes - 6)
    const frame = encodeClientMessage({ type: 'update', update })
    expect(frame).toHaveLength(limits.maxFrameBytes)
    expect(decodeClientMessage(frame).type).toBe('update')
    const larger = encodeClientMessage({ type: 'update', update: new Uint8Array(update.length + 1) })
    expect(refusalOf(() => decodeClientMessage(larger))).toBe('frame-too-large')
  })

  it('L1: of a server may be as large as the document that is in it', () => {
    for (const type of ['update', 'sync-step-2'] as const) {
      const update = new Uint8Array(limits.maxFrameBytes + 1)
      const message = decodeServerMessage(encodeServerMessage({ type, update }))
      expect(message.type === type && message.update.length).toBe(update.length)
    }
  })

  it('shares its memory with the update in it, so that a large one is not copied', () => {
    const frame = encodeClientMessage({ type: 'update', update: Uint8Array.of(0, 0) })
    const message = decodeClientMessage(frame)
    expect(message.type === 'update' && message.update.buffer).toBe(frame.buffer)
  })
})

describe('a field', () => {
  const refresh = (length: number): (() => unknown) => {
    const frame = encodeClientMessage({ type: 'refresh', token: 't'.repeat(length) })
    return () => decodeClientMessage(frame)
  }
  const hello = (name: string): (() => unknown) => {
    const frame = encodeClientMessage({ type: 'hello', version: 1, name, guest: '' })
    return () => decodeClientMessage(frame)
  }
  const step1 = (length: number): (() => unknown) => {
    const frame = encodeClientMessage({ type: 'sync-step-1', stateVector: new Uint8Array(length) })
    return () => decodeClientMessage(frame)
  }

  it.each([
    ['L8', 'token', refresh, limits.maxTokenBytes],
    ['L3', 'state vector', step1, limits.maxStateVectorBytes],
    ['L9', 'name', (length: number) => hello('n'.repeat(length)), 1024],
  ])('%s: %s may be as long as its limit, and not one byte longer', (_rule, _field, decoding, limit) => {
    expect(refusalOf(decoding(limit))).toBeUndefined()
    expect(refusalOf(decoding(limit + 1))).toBe('frame-malformed')
  })

  it('is measured in bytes, not in characters', () => {
    expect(refusalOf(hello('é'.repeat(512)))).toBeUndefined()
    expect(refusalOf(hello('é'.repeat(513)))).toBe('frame-malformed')
  })

  it('holds one of our roles, or is refused', () => {
    for (const role of roles)
      expect(decodeServerMessage(encodeServerMessage({ type: 'access', role, expiresAt: 0 }))).toMatchObject({
        role,
      })
    expect(refusalOf(() => decodeServerMessage(hex('40 04 05 61 64 6d 69 6e 00')))).toBe('frame-malformed')
  })
})
