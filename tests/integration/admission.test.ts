/** What one address may ask of the server: up to each limit all is well, one past it is turned away, and others go on. */
import { once } from 'node:events'
import { connect as openSocket, type Socket } from 'node:net'
import { systemClock, type Clock } from '@quire/sync-server'
import { closeCodes } from '@quire/protocol'
import { describe, expect, it, onTestFinished } from 'vitest'
import * as Y from 'yjs'
import { createDocument, readText, type TestDocument } from '../support/documents.ts'
import { dose } from '../support/dose.ts'
import { signHostToken } from '../support/host-token.ts'
import { codeOf } from '../support/links.ts'
import { rawAnswers } from '../support/raw-http.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../support/server.ts'

/** The test speaks for others, as a proxy does. */
const trustedProxies = [{ address: '127.0.0.1', prefix: 32, family: 'ipv4' }] as const
const anna = { 'x-forwarded-for': '192.0.2.1' }
const bo = { 'x-forwarded-for': '192.0.2.2' }

/** Real time, whose seconds only the test makes pass. */
class SlowClock implements Clock {
  #ms = 0
  readonly after = systemClock.after.bind(systemClock)

  now(): number {
    return this.#ms
  }

  pass(ms: number): void {
    this.#ms += ms
  }
}

async function begin(
  admissionLimits: NonNullable<TestServerOptions['admissionLimits']>,
): Promise<{ clock: SlowClock; server: TestServer; document: TestDocument }> {
  const clock = new SlowClock()
  const server = await startTestServer({ clock, trustedProxies, admissionLimits })
  return { clock, server, document: await createDocument(server.url) }
}

type Headers = Readonly<Record<string, string>>

function read(server: TestServer, { id }: TestDocument, key: string, headers: Headers): Promise<Response> {
  return fetch(`${server.url}/api/documents/${id}/text`, {
    headers: { authorization: `Bearer ${key}`, ...headers },
  })
}

function make(server: TestServer, headers: Headers): Promise<Response> {
  return fetch(`${server.url}/api/documents`, { method: 'POST', headers })
}

function connect(
  server: TestServer,
  { id }: TestDocument,
  key: string,
  headers: Headers,
): Promise<RawSocket> {
  return RawSocket.open(`${server.syncUrl}/${id}`, quireSubprotocols(key), headers)
}

async function expectTooMany(response: Response, retryAfter: number): Promise<void> {
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, String(retryAfter)])
  expect(await response.json()).toMatchObject({ status: 429, code: 'too-many-requests' })
}

/** The last of 22 characters stands for two bits only. */
function wrongKey(index: number): string {
  return `${index.toString(36).padStart(21, 'A')}A`
}

describe('wrong keys from one address', () => {
  const tenAtOnce = { wrongKeys: { perSecond: 1, atOnce: 10 } }

  it('94 are answered as any other ten times, and then not looked at, nor are right ones', async () => {
    const { clock, server, document } = await begin(tenAtOnce)
    for (let index = 0; index < 10; index++)
      expect((await read(server, document, wrongKey(index), anna)).status).toBe(404)
    await expectTooMany(await read(server, document, wrongKey(10), anna), 1)
    await expectTooMany(await read(server, document, document.keys.view, anna), 1)
    expect((await read(server, document, document.keys.view, bo)).status).toBe(200)
    clock.pass(1000)
    expect((await read(server, document, document.keys.view, anna)).status).toBe(200)
  })

  it('94 end sockets, with a code after which to come back later', async () => {
    const { clock, server, document } = await begin(tenAtOnce)
    for (let index = 0; index < 10; index++) {
      const socket = await connect(server, document, wrongKey(index), anna)
      expect((await socket.closed).code).toBe(closeCodes.unknownDocument)
    }
    for (const key of [wrongKey(10), document.keys.edit]) {
      const socket = await connect(server, document, key, anna)
      expect(await socket.closed).toEqual({ code: closeCodes.tryAgainLater, reason: 'too many wrong keys' })
    }
    await (await connect(server, document, document.keys.edit, bo)).greet()
    clock.pass(1000)
    await (await connect(server, document, document.keys.edit, anna)).greet()
  })

  it('94 count in a Refresh as well, and then no newer token is looked at', async () => {
    const { clock, server, document } = await begin(tenAtOnce)
    const sockets: RawSocket[] = []
    for (let index = 0; index < 13; index++) {
      const socket = await connect(server, document, document.keys.view, anna)
      await socket.greet()
      await socket.settle()
      sockets.push(socket)
    }
    const last = sockets.splice(10)
    for (const [index, socket] of sockets.entries()) {
      socket.send({ type: 'refresh', token: wrongKey(index) })
      expect((await socket.closed).code).toBe(closeCodes.unknownDocument)
    }
    for (const token of [wrongKey(10), document.keys.edit]) {
      const socket = last.shift()
      socket?.send({ type: 'refresh', token })
      expect(await socket?.closed).toEqual({
        code: closeCodes.tryAgainLater,
        reason: 'too many wrong keys',
      })
    }
    clock.pass(1000)
    last[0]?.send({ type: 'refresh', token: document.keys.edit })
    expect(await last[0]?.receive('access')).toMatchObject({ role: 'edit' })
  })

  it('are no more for being tried again: a page whose link was taken back shuts out nobody beside it', async () => {
    const { clock, server, document } = await begin(tenAtOnce)
    const { edit, own, view } = document.keys
    const links = `${server.url}/api/documents/${document.id}/links`
    const answer = await fetch(`${links}/edit`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${own}`, ...bo },
    })
    expect(answer.status).toBe(204)
    for (let times = 0; times < 30; times++) {
      const url = `${server.syncUrl}/${document.id}?token=${edit}`
      expect((await (await RawSocket.open(url, [], anna)).closed).code).toBe(closeCodes.unknownDocument)
      expect((await read(server, document, edit, anna)).status).toBe(404)
    }
    await (await connect(server, document, view, anna)).greet()
    expect((await read(server, document, view, anna)).status).toBe(200)

    for (let index = 0; index < 8; index++) await read(server, document, wrongKey(index), anna)
    await expectTooMany(await read(server, document, view, anna), 1)
    clock.pass(1000)
    expect((await read(server, document, view, anna)).status).toBe(200)
  })

  it('are not tokens that are right, though they open nothing yet, or not this', async () => {
    const { server, document } = await begin(tenAtOnce)
    const ask = (token: string, path: string, method = 'GET'): Promise<Response> =>
      fetch(`${server.url}/api/documents/pad${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...anna },
      })
    for (let index = 0; index < 11; index++) {
      const token = signHostToken(server.secret, { doc: 'pad', role: 'own', sub: `user ${index}` })
      expect(await codeOf(await ask(token, '/text'))).toEqual([404, 'document-unknown'])
      expect(await codeOf(await ask(token, '', 'DELETE'))).toEqual([404, 'document-unknown'])
      expect(await codeOf(await ask(token, '/links'))).toEqual([403, 'not-allowed'])
      expect(await codeOf(await ask(token, '/session', 'POST'))).toEqual([403, 'not-allowed'])
    }
    expect((await read(server, document, document.keys.view, anna)).status).toBe(200)
    for (let index = 0; index < 10; index++) {
      const token = signHostToken(Buffer.alloc(32), { doc: 'pad', sub: `user ${index}` })
      expect(await codeOf(await ask(token, '/links'))).toEqual([401, 'not-authenticated'])
    }
    await expectTooMany(await read(server, document, document.keys.view, anna), 1)
  })

  it('are none where no key is shown, as in what a page of another site has a browser ask', async () => {
    const { server, document } = await begin(tenAtOnce)
    const url = `${server.url}/api/documents/${document.id}/text`
    for (const headers of [anna, { ...anna, authorization: 'Basic YTpi' }])
      for (let index = 0; index < 11; index++) expect((await fetch(url, { headers })).status).toBe(401)
    for (let index = 0; index < 11; index++) {
      const socket = await RawSocket.open(`${server.syncUrl}/${document.id}`, [], anna)
      expect((await socket.closed).code).toBe(closeCodes.unauthenticated)
    }
    expect((await read(server, document, document.keys.view, anna)).status).toBe(200)
    await (await connect(server, document, document.keys.edit, anna)).greet()
  })

  it('count by /64 where an address is one of very many', async () => {
    const { server, document } = await begin(tenAtOnce)
    const from = (address: string): Headers => ({ 'x-forwarded-for': address })
    for (let index = 0; index < 10; index++)
      await read(server, document, wrongKey(index), from(`2001:db8:1:2::${index}`))
    await expectTooMany(await read(server, document, document.keys.view, from('2001:db8:1:2:ffff::1')), 1)
    expect((await read(server, document, document.keys.view, from('2001:db8:1:3::1'))).status).toBe(200)
  })

  it('16 cannot be put on others’ account by who is no proxy', async () => {
    const server = await startTestServer({ clock: new SlowClock(), admissionLimits: tenAtOnce })
    const document = await createDocument(server.url)
    for (let index = 0; index < 10; index++)
      await read(server, document, wrongKey(index), { 'x-forwarded-for': `192.0.2.${index}` })
    await expectTooMany(await read(server, document, wrongKey(10), { 'x-forwarded-for': '192.0.2.99' }), 1)
  })

  const guesses = dose({ usual: 10_000, small: 2000 })
  it(`${guesses} of them find nothing, and keep nobody else waiting`, async () => {
    const { server, document } = await begin({ requests: { perSecond: 1e6, atOnce: 1e6 } })
    const seen = new Map<number, number>()
    const guess = async (index: number): Promise<void> => {
      const { status } = await read(server, document, wrongKey(index), anna)
      seen.set(status, (seen.get(status) ?? 0) + 1)
    }
    for (let index = 0; index < guesses; index += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, place) => guess(index + place)))
      if (index % 500 === 0) expect((await read(server, document, document.keys.view, bo)).status).toBe(200)
    }
    // Those that were under way when the last one allowed was found wrong are answered too.
    expect(seen.get(404)).toBeGreaterThanOrEqual(100)
    expect(seen.get(404)).toBeLessThan(150)
    expect([...seen.keys()].toSorted((one, other) => one - other)).toEqual([404, 429])
  })
})

describe('one address', () => {
  it('80 makes so many documents, and then has to wait', async () => {
    const { clock, server } = await begin({ newDocuments: { perSecond: 1 / 2, atOnce: 3 } })
    for (let count = 0; count < 3; count++) expect((await make(server, anna)).status).toBe(201)
    await expectTooMany(await make(server, anna), 2)
    expect((await make(server, bo)).status).toBe(201)
    clock.pass(2000)
    expect((await make(server, anna)).status).toBe(201)
    await expectTooMany(await make(server, anna), 2)
  })

  it('sends so much at a time of what documents are to begin with, whether or not it ever ends', async () => {
    const { server } = await begin({ maxIncomingBytes: 100_000 })
    const url = `${server.url}/api/documents`
    const text = JSON.stringify({ text: 'x'.repeat(60_000) })
    const begun = [
      'POST /api/documents HTTP/1.1',
      'Host: quire.example',
      `X-Forwarded-For: ${anna['x-forwarded-for']}`,
      'Content-Type: application/json',
      `Content-Length: ${text.length + 1}`,
    ]
    const unended = `${begun.join('\r\n')}\r\n\r\n${text}`
    const [answer] = await Promise.race([rawAnswers(server.url, unended), rawAnswers(server.url, unended)])
    expect([answer?.status, answer?.headers['retry-after']]).toEqual([429, '10'])
    const send = (body: string, headers: Headers): Promise<Response> =>
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
    await expectTooMany(await send(text, anna), 10)
    for (let count = 0; count < 3; count++) expect((await send(text, bo)).status).toBe(201)
  })

  it('asks so much, and then has to wait; whoever asks too early does not wait longer', async () => {
    const { clock, server, document } = await begin({ requests: { perSecond: 1, atOnce: 5 } })
    const ask = (headers: Headers) => read(server, document, document.keys.view, headers)
    for (let count = 0; count < 5; count++) expect((await ask(anna)).status).toBe(200)
    for (let count = 0; count < 3; count++) await expectTooMany(await ask(anna), 1)
    expect((await ask(bo)).status).toBe(200)
    clock.pass(1000)
    expect((await ask(anna)).status).toBe(200)
  })

  it('has so many connections at a time', async () => {
    const { server, document } = await begin({ maxConnections: 3 })
    const open = () => connect(server, document, document.keys.edit, anna)
    const sockets = [await open(), await open(), await open()]
    await expect(open()).rejects.toThrow('429')
    await (await connect(server, document, document.keys.edit, bo)).greet()
    for (const socket of sockets) await socket.greet()
    const [first] = sockets
    first?.close()
    await first?.closed
    await (await open()).greet()
    await expect(open()).rejects.toThrow('429')
  })

  it.each([
    ['has so many connections at a time, whatever it says on them', [], 'closed'],
    ['has as many as it likes if it is that of a proxy', trustedProxies, 'open'],
  ])('%s', async (_, proxies, last) => {
    const server = await startTestServer({ trustedProxies: proxies, admissionLimits: { maxConnections: 2 } })
    const { hostname, port } = new URL(server.url)
    const dial = async (): Promise<Socket> => {
      const socket = openSocket(Number(port), hostname).on('error', () => undefined)
      onTestFinished(() => void socket.destroy())
      socket.write('GET /healthz HTTP/1.1\r\nHost: quire.example\r\n\r\n')
      await Promise.race([once(socket, 'data'), once(socket, 'close')])
      return socket
    }
    const [first] = [await dial(), await dial(), await dial(), await dial()]
    const one = await dial()
    expect([first.closed, one.closed ? 'closed' : 'open']).toEqual([false, last])
    first.end()
    let again = one
    // The server hears of it a little later than we do.
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    while (again.closed) again = await dial()
  })

  it('opens connections no faster than so', async () => {
    const { clock, server, document } = await begin({ connects: { perSecond: 1, atOnce: 2 } })
    const open = () => connect(server, document, document.keys.edit, anna)
    for (let count = 0; count < 2; count++) (await open()).close()
    await expect(open()).rejects.toThrow('429')
    clock.pass(1000)
    await (await open()).greet()
    expect(await readText(server.url, document)).toBe('')
  })
})

describe('answers that nobody reads', () => {
  const bytes = 8 * 1024 * 1024

  /** A text that was asked for, and of which no more than the first piece was read. */
  async function begun(server: TestServer, { id, keys }: TestDocument): Promise<Socket> {
    const { hostname, port } = new URL(server.url)
    const socket = openSocket(Number(port), hostname).on('error', () => undefined)
    onTestFinished(() => void socket.destroy())
    const lines = [
      `GET /api/documents/${id}/text HTTP/1.1`,
      'Host: quire.example',
      `Authorization: Bearer ${keys.view}`,
      'Connection: close',
    ]
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    await once(socket, 'data')
    socket.pause()
    return socket
  }

  async function readToEnd(socket: Socket): Promise<number> {
    await once(socket.resume(), 'close')
    return socket.bytesRead
  }

  it('take so much memory for one address; then the largest is given up', async () => {
    const { server } = await begin({ loans: { ofAddress: 1.5 * bytes, ofAll: 4 * bytes } })
    const document = await createDocument(server.url, { text: 'x'.repeat(bytes) })
    const [one, other] = [await begun(server, document), await begun(server, document)]
    const [lost, whole] = await Promise.all([readToEnd(one), readToEnd(other)])
    expect(lost).toBeLessThan(bytes)
    expect(whole).toBeGreaterThan(bytes)
  })
})

describe('those who are in one document', () => {
  it('are read more slowly together, and what is shown of them is let go of first', async () => {
    const messages = { perSecond: 1000, atOnce: 10 }
    const bytes = { perSecond: 1e6, atOnce: 1e6 }
    const none = { perSecond: 0, atOnce: 0 }
    const modest = { messages: none, bytes: none }
    const { server, document } = await begin({ document: { messages, bytes }, modest })
    const observer = await connect(server, document, document.keys.edit, bo)
    await observer.greet()
    const writer = await connect(server, document, document.keys.edit, anna)
    await writer.greet()
    writer.send({ type: 'presence', entries: [{ clientId: 1, clock: 1, state: '{"here":true}' }] })
    await writer.settle()

    const doc = new Y.Doc()
    doc.on('update', (update: Uint8Array) => writer.send({ type: 'update', update }))
    for (let count = 0; count < 20; count++) doc.getText('content').insert(0, 'x')
    writer.send({ type: 'presence', entries: [{ clientId: 1, clock: 2, state: '{"here":"twice"}' }] })
    doc.getText('content').insert(0, 'y')
    let saved = 0
    while (saved < 21) saved = (await writer.receive('saved')).frames
    expect(await readText(server.url, document)).toBe(`y${'x'.repeat(20)}`)
    // What was told meanwhile is dropped with this.
    await observer.settle()
    observer.send({ type: 'query-presence' })
    const { entries } = await observer.receive('presence')
    expect(entries.map(({ state }) => state)).toEqual(['{"here":true}'])
  })
})
