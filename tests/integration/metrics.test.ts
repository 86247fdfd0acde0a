/** What an operator can watch: who may, and that it tells what happened. */
import { Metrics } from '@quire/sync-server'
import { expect, it } from 'vitest'
import { createDocument } from '../support/documents.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { openSession, untilSaved } from '../support/session.ts'

const token = 'what-prometheus-shows'

function read({ url }: TestServer, authorization?: string): Promise<Response> {
  return fetch(`${url}/metrics`, authorization === undefined ? {} : { headers: { authorization } })
}

/** The value of this line; undefined if there is none. */
async function valueOf(server: TestServer, line: string): Promise<number | undefined> {
  const text = await (await read(server, `Bearer ${token}`)).text()
  const found = text.split('\n').find((one) => one.startsWith(`${line} `))
  return found === undefined ? undefined : Number(found.slice(line.length))
}

it('is not there unless it was asked for', async () => {
  const server = await startTestServer()
  expect((await read(server, `Bearer ${token}`)).status).toBe(404)
})

it.each([undefined, 'Bearer what-somebody-shows', `Basic ${token}`, token, 'Bearer '])(
  'is not for whoever shows %j',
  async (authorization) => {
    const server = await startTestServer({ metrics: { token, counted: new Metrics() } })
    const response = await read(server, authorization)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code: 'not-authenticated' })
  },
)

it('tells who is here, what was stored, and who was turned away', async () => {
  const server = await startTestServer({ metrics: { token, counted: new Metrics() } })
  expect((await read(server, `Bearer ${token}`)).headers.get('content-type')).toMatch(
    /^text\/plain; version=/,
  )
  const document = await createDocument(server.url)
  const ada = await openSession({ syncUrl: server.syncUrl, document, name: 'Ada' })
  expect(await valueOf(server, 'quire_connections')).toBe(1)
  expect(await valueOf(server, 'quire_rooms')).toBe(1)
  const received = (await valueOf(server, 'quire_received_frames_total')) ?? 0
  ada.text.insert(0, 'One')
  await untilSaved(ada)
  expect(await valueOf(server, 'quire_stored_updates_total')).toBe(1)
  expect(await valueOf(server, 'quire_append_seconds_count')).toBe(1)
  expect(await valueOf(server, 'quire_received_frames_total')).toBeGreaterThan(received)
  expect(await valueOf(server, 'quire_sent_bytes_total')).toBeGreaterThan(0)
  expect(await valueOf(server, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)

  const stranger = await RawSocket.open(`${server.syncUrl}/${document.id}`, quireSubprotocols('A'.repeat(22)))
  await stranger.closed
  expect(await valueOf(server, 'quire_refusals_total{code="document-unknown"}')).toBe(1)

  const text = await (await read(server, `Bearer ${token}`)).text()
  for (const secret of [document.id, document.keys.own, document.keys.edit, 'Ada', token])
    expect(text).not.toContain(secret)
})
