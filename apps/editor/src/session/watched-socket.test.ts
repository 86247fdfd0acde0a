import { encodeClientMessage, type ClientMessage } from '@quire/protocol'
import { expect, it } from 'vitest'
import { watched } from './watched-socket.ts'

const update = Uint8Array.of(0, 0)
const answer = encodeClientMessage({ type: 'sync-step-2', update })
const edit = encodeClientMessage({ type: 'update', update })

it.each<[ClientMessage['type'], Uint8Array<ArrayBuffer>, string[]]>([
  ['sync-step-2', answer, ['answered']],
  ['update', edit, ['sent']],
  ['sync-step-1', encodeClientMessage({ type: 'sync-step-1', stateVector: Uint8Array.of(0) }), []],
  ['presence', encodeClientMessage({ type: 'presence', entries: [] }), []],
  ['query-presence', encodeClientMessage({ type: 'query-presence' }), []],
  ['hello', encodeClientMessage({ type: 'hello', version: 1, name: 'Ada', guest: 'a device' }), []],
])('a frame of %s leaves, and is told of only if the server counts it', (_, frame, told) => {
  const { socket, left, heard } = openWatched()
  socket.send(frame)
  expect(left).toEqual([frame])
  expect(heard).toEqual(told)
})

it('every answer is told of, however often the server asks on one connection', () => {
  const { socket, heard } = openWatched()
  for (const frame of [answer, edit, answer, answer]) socket.send(frame)
  expect(heard).toEqual(['answered', 'sent', 'answered', 'answered'])
})

function openWatched() {
  const left: unknown[] = []
  const heard: string[] = []
  class Wire {
    send(data: unknown): void {
      left.push(data)
    }
  }
  const Watched = watched(Wire as unknown as typeof WebSocket, {
    // `send` is all of a socket that is watched
    answered: () => heard.push('answered'),
    sent: () => heard.push('sent'),
  })
  return { socket: new Watched('ws://quire.example'), left, heard }
}
