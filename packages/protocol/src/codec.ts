/** The frames of `messages.ts`: one message per binary WebSocket frame, read by a bounded reader to its last byte. */
import { isRole, type Role } from './access.ts'
import { assertNever } from './assert.ts'
import { ByteReader, ByteWriter, varUintBytes } from './bytes.ts'
import { ProtocolError } from './errors.ts'
import { limits } from './limits.ts'
import type { ClientMessage, ServerMessage, SharedMessage } from './messages.ts'
import { decodePresence, encodePresence } from './presence.ts'

/** Message types of y-websocket, and ours. 4–10 and 102 are taken by other servers' dialects. */
const types = { sync: 0, presence: 1, auth: 2, queryPresence: 3, quire: 64 } as const
const syncKinds = { step1: 0, step2: 1, update: 2 } as const
const quireKinds = { hello: 0, welcome: 1, saved: 2, refresh: 3, access: 4, notice: 5 } as const

const maxWordsBytes = 1024

/** Reads what a client sent. Throws a `ProtocolError`; `message-unknown` is for types that other dialects use. */
export function decodeClientMessage(frame: Uint8Array): ClientMessage {
  if (frame.length > limits.maxFrameBytes)
    throw new ProtocolError('frame-too-large', `a frame is over ${limits.maxFrameBytes} bytes`)
  return decode(frame, (type, reader) => {
    if (type === types.queryPresence) return { type: 'query-presence' }
    if (type !== types.quire) return undefined
    switch (reader.varUint()) {
      case quireKinds.hello:
        return {
          type: 'hello',
          version: reader.varUint(),
          name: reader.varString(maxWordsBytes),
          guest: reader.varString(maxWordsBytes),
        }
      case quireKinds.refresh:
        return { type: 'refresh', token: reader.varString(limits.maxTokenBytes) }
      default:
        throw new ProtocolError('message-unexpected', 'not a message of a client')
    }
  })
}

/** Reads what a server sent, which may be a whole document of any size. Throws a `ProtocolError`. */
export function decodeServerMessage(frame: Uint8Array): ServerMessage {
  return decode(frame, (type, reader) => {
    if (type === types.auth) {
      if (reader.varUint() !== 0) throw new ProtocolError('message-unknown', 'unknown kind of auth message')
      return { type: 'permission-denied', reason: reader.varString(maxWordsBytes) }
    }
    if (type !== types.quire) return undefined
    switch (reader.varUint()) {
      case quireKinds.welcome:
        return {
          type: 'welcome',
          version: reader.varUint(),
          role: readRole(reader),
          user: {
            id: reader.varString(maxWordsBytes),
            name: reader.varString(maxWordsBytes),
            colour: reader.varString(maxWordsBytes),
          },
          maxFrameBytes: reader.varUint(),
        }
      case quireKinds.saved:
        return { type: 'saved', frames: reader.varUint() }
      case quireKinds.access:
        return { type: 'access', role: readRole(reader), expiresAt: reader.varUint() }
      case quireKinds.notice:
        return {
          type: 'notice',
          code: reader.varString(maxWordsBytes),
          text: reader.varString(maxWordsBytes),
        }
      default:
        throw new ProtocolError('message-unexpected', 'not a message of a server')
    }
  })
}

export function encodeClientMessage(message: ClientMessage): Uint8Array<ArrayBuffer> {
  switch (message.type) {
    case 'query-presence':
      return new ByteWriter().varUint(types.queryPresence).finish()
    case 'hello':
      return quire(quireKinds.hello)
        .varUint(message.version)
        .varString(message.name)
        .varString(message.guest)
        .finish()
    case 'refresh':
      return quire(quireKinds.refresh).varString(message.token).finish()
    default:
      return encodeShared(message)
  }
}

export function encodeServerMessage(message: ServerMessage): Uint8Array<ArrayBuffer> {
  switch (message.type) {
    case 'permission-denied':
      return new ByteWriter().varUint(types.auth).varUint(0).varString(message.reason).finish()
    case 'welcome':
      return quire(quireKinds.welcome)
        .varUint(message.version)
        .varString(message.role)
        .varString(message.user.id)
        .varString(message.user.name)
        .varString(message.user.colour)
        .varUint(message.maxFrameBytes)
        .finish()
    case 'saved':
      return quire(quireKinds.saved).varUint(message.frames).finish()
    case 'access':
      return quire(quireKinds.access).varString(message.role).varUint(message.expiresAt).finish()
    case 'notice':
      return quire(quireKinds.notice).varString(message.code).varString(message.text).finish()
    default:
      return encodeShared(message)
  }
}

function encodeShared(message: SharedMessage): Uint8Array<ArrayBuffer> {
  switch (message.type) {
    case 'sync-step-1':
      return sync(syncKinds.step1, message.stateVector)
    case 'sync-step-2':
      return sync(syncKinds.step2, message.update)
    case 'update':
      return sync(syncKinds.update, message.update)
    case 'presence':
      return new ByteWriter().varUint(types.presence).varBytes(encodePresence(message.entries)).finish()
    default:
      return assertNever(message)
  }
}

type ReadOwn<Message> = (type: number, reader: ByteReader) => Message | undefined

/** Sync and presence are read here; any other type by `readOwn`, which says undefined if it does not know it. */
function decode<Message>(frame: Uint8Array, readOwn: ReadOwn<Message>): Message | SharedMessage {
  const reader = new ByteReader(frame)
  const type = reader.varUint()
  const message = readShared(type, reader) ?? readOwn(type, reader)
  if (message === undefined) throw new ProtocolError('message-unknown', `unknown message type ${type}`)
  reader.end()
  return message
}

function readShared(type: number, reader: ByteReader): SharedMessage | undefined {
  if (type === types.presence)
    return { type: 'presence', entries: decodePresence(reader.varBytes(limits.maxFrameBytes)) }
  if (type !== types.sync) return undefined
  switch (reader.varUint()) {
    case syncKinds.step1:
      return { type: 'sync-step-1', stateVector: reader.varBytes(limits.maxStateVectorBytes) }
    case syncKinds.step2:
      return { type: 'sync-step-2', update: reader.varBytes() }
    case syncKinds.update:
      return { type: 'update', update: reader.varBytes() }
    default:
      throw new ProtocolError('frame-malformed', 'unknown kind of sync message')
  }
}

function readRole(reader: ByteReader): Role {
  const role = reader.varString(maxWordsBytes)
  if (!isRole(role)) throw new ProtocolError('frame-malformed', 'unknown role')
  return role
}

function sync(kind: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const expectedBytes = 2 + varUintBytes(bytes.length) + bytes.length
  return new ByteWriter(expectedBytes).varUint(types.sync).varUint(kind).varBytes(bytes).finish()
}

function quire(kind: number): ByteWriter {
  return new ByteWriter().varUint(types.quire).varUint(kind)
}
