/** What a page makes of each way in which a server ends a connection (docs/PROTOCOL.md, E1). */
import type { DocumentSession, SessionState } from '@quire/editor/session'
import { openDocument } from '@quire/editor/session'
import { closeCodes, subprotocol } from '@quire/protocol'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import { Socket } from '../support/stock-client.ts'
import { until, untilSession } from '../support/until.ts'

const link = 'AAAAAAAAAAAAAAAAAAAAAA'
const token = 'e30.e30.e30'

/** A server that ends each connection in this way as soon as it is spoken to. */
async function serverThatCloses(code: number | 'cut off', reason: string) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => subprotocol })
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => server.close())
  const heard = { connections: 0, again: () => {} }
  server.on('connection', (socket) => {
    heard.connections++
    heard.again()
    socket.once('message', () => {
      if (code === 'cut off') socket.terminate()
      else socket.close(code, reason)
    })
  })
  const { port } = server.address() as AddressInfo // it listens on a port, not on a pipe
  return { syncUrl: `ws://127.0.0.1:${port}/sync`, heard }
}

function open(syncUrl: string, key: string): DocumentSession {
  const session = openDocument({
    syncUrl,
    documentId: 'notes',
    key,
    guest: { name: 'Ada', secret: 'the device of Ada' },
    Socket,
  })
  onTestFinished(() => session.close())
  return session
}

const gone: SessionState = { type: 'gone', role: undefined }
const refused = (refusal: Extract<SessionState, { type: 'refused' }>['refusal']): SessionState => ({
  type: 'refused',
  refusal,
  role: undefined,
})

describe('a page whose server closes with', () => {
  it.each<[number, string, string, SessionState]>([
    [closeCodes.malformed, 'frame-malformed', link, refused('unacceptable-update')],
    [closeCodes.malformed, 'update-malformed', token, refused('unacceptable-update')],
    [closeCodes.unauthenticated, 'token-invalid', link, gone],
    [closeCodes.unauthenticated, 'token-expired', link, gone],
    [closeCodes.unauthenticated, 'token-invalid', token, refused('access-refused')],
    [closeCodes.unauthenticated, 'token-expired', token, refused('access-ended')],
    [closeCodes.forbidden, 'write-not-allowed', link, refused('not-allowed')],
    [closeCodes.forbidden, 'write-not-allowed', token, refused('access-refused')],
    [closeCodes.unknownDocument, 'document-unknown', link, gone],
    [closeCodes.unknownDocument, 'document-unknown', token, refused('access-refused')],
    [closeCodes.tooLarge, 'frame-too-large', link, refused('too-large')],
    [1009, '', link, refused('too-large')],
    [closeCodes.version, 'version-unsupported', link, refused('version')],
    [4499, 'of a newer server', link, refused('unacceptable-update')],
  ])('%i %s stops, with the key %s', async (code, reason, key, state) => {
    const { syncUrl, heard } = await serverThatCloses(code, reason)
    const session = open(syncUrl, key)
    const states: SessionState[] = []
    session.subscribe(() => states.push(session.state))
    await untilSession(session, () => session.state.type === state.type)
    expect(session.state).toEqual(state)
    // That it would come back is not said for a moment, either.
    expect(states.map(({ type }) => type)).not.toContain('offline')
    session.wake()
    expect([session.state, heard.connections]).toEqual([state, 1])
  })

  it.each([1000, 1001, 1002, 1007, 1008, 1011, 1012, 1013, 3000, 4399, 4500, 'cut off'] as const)(
    '%s comes back',
    async (code) => {
      const { syncUrl, heard } = await serverThatCloses(code, 'not for long')
      const session = open(syncUrl, link)
      await untilSession(session, () => session.state.type === 'offline')
      session.wake()
      await until(
        (check) => {
          heard.again = check
          return () => (heard.again = () => {})
        },
        () => heard.connections > 1,
      )
    },
  )
})
