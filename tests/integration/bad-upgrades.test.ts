/**
 * Upgrade requests that are none, over bare sockets: each is answered with the status there is for it, and nobody else
 * notices. The numbers are those of the list of bad input; 16 is in `admission.test.ts`. Where the protocol (C2, C4, C5)
 * lets in what the list would refuse, the protocol counts, and the name says so.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { decodeServerMessage, subprotocol } from '@quire/protocol'
import { describe, expect, it, onTestFinished } from 'vitest'
import * as bad from '../support/bad-frames.ts'
import { framesIn, opcodes, rawAnswers, rawFrame, type RawAnswer } from '../support/raw-http.ts'
import { openScene, type Scene } from '../support/scene.ts'

/** A handshake that would be taken, but for what is named here. */
interface Handshake {
  readonly method?: string
  /** As written in the request line. */
  readonly target?: string
  /** None, one or several of each name. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** What follows it without waiting for an answer: a goodbye, so that the connection of who is let in ends as well. */
  readonly after?: string
}

const goodbye = rawFrame(opcodes.close, Uint8Array.of(0x03, 0xe8))

function hostOf({ server }: Scene): string {
  return new URL(server.url).host
}

function originOf({ server }: Scene): string {
  return server.url
}

function targetOf({ document }: Scene): string {
  return `/sync/${document.id}?token=${document.keys.edit}`
}

function written(scene: Scene, { method = 'GET', target, headers, after = goodbye }: Handshake): string {
  const all = {
    Host: hostOf(scene),
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'MDEyMzQ1Njc4OWFiY2RlZg==',
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}\r\n`),
  )
  return `${method} ${target ?? targetOf(scene)} HTTP/1.1\r\n${lines.join('')}\r\n${after}`
}

async function answerTo(scene: Scene, handshake: Handshake): Promise<RawAnswer> {
  const [answer, ...others] = await rawAnswers(scene.server.url, written(scene, handshake))
  expect(others).toEqual([])
  if (!answer) throw new Error('the server ended the connection without an answer')
  return answer
}

/** Besides the five of a handshake. */
function headersInAll(count: number): Handshake {
  return { headers: { a: Array.from({ length: count - 5 }, () => 'b') } }
}

/** A request line and headers of so many bytes as Node counts them, which is without what is between a name and a value. */
function headerOf(bytes: number): Handshake {
  return { headers: { a: 'b'.repeat(bytes) } }
}

/** What once took a parser a time that grew with the square of it. */
function spaced(spaces: number): Handshake {
  return { headers: { 'Sec-WebSocket-Protocol': `b${' '.repeat(spaces)}c` } }
}

/** `logLines`: Node answers what is no HTTP by itself, and does not tell. */
type Row = [
  what: string,
  status: number,
  handshake: Handshake | ((scene: Scene) => Handshake),
  logLines?: number,
]

describe('an upgrade is answered', () => {
  it.each<Row>([
    ['2 of version 8, whose origin is in another header', 400, { headers: { 'Sec-WebSocket-Version': '8' } }],
    ['2 of version 7', 400, { headers: { 'Sec-WebSocket-Version': '7' } }],
    ['2 of no version', 400, { headers: { 'Sec-WebSocket-Version': [] } }],
    ['2 of two versions', 400, { headers: { 'Sec-WebSocket-Version': ['13', '13'] } }],
    ['3 without a key', 400, { headers: { 'Sec-WebSocket-Key': [] } }],
    ['3 with an empty key', 400, { headers: { 'Sec-WebSocket-Key': '' } }],
    ['3 with a key of 15 bytes', 400, { headers: { 'Sec-WebSocket-Key': btoa('0123456789abcde') } }],
    [
      '3 with two keys',
      400,
      { headers: { 'Sec-WebSocket-Key': [btoa('0123456789abcdef'), btoa('fedcba9876543210')] } },
    ],
    ['4 by POST', 405, { method: 'POST' }],
    ['5 from a foreign origin', 403, { headers: { Origin: 'https://evil.example' } }],
    ['5 from no origin', 403, { headers: { Origin: 'null' } }],
    ['5 from two origins', 403, (scene) => ({ headers: { Origin: [originOf(scene), originOf(scene)] } })],
    [
      '5 from our origin in capitals',
      403,
      (scene) => ({ headers: { Origin: originOf(scene).toUpperCase() } }),
    ],
    ['5 from ours with more after it', 403, { headers: { Origin: 'http://127.0.0.1.evil.example' } }],
    ['5 from our host at another port', 403, { headers: { Origin: 'http://127.0.0.1:1' } }],
    ['5 from a name in other letters', 403, { headers: { Origin: 'http://b\xfccher.example' } }],
    ['5 without an origin, as who is no page (C5)', 101, {}, 0],
    ['5 from our own', 101, (scene) => ({ headers: { Origin: originOf(scene) } }), 0],
    ['6 with a hundred headers', 101, headersInAll(100), 0],
    ['6 with one more', 431, headersInAll(101), 0],
    ['6 with 2,000', 431, headersInAll(2000), 0],
    ['7 with 15 KiB of headers', 101, headerOf(15 * 1024), 0],
    ['7 with 16 KiB', 431, headerOf(16 * 1024), 0],
    ['9 with a subprotocol of many spaces', 400, spaced(15_000)],
    ['9 with one of more than there is room for', 431, spaced(32_000), 0],
    ['10 with subprotocols that are no names', 400, { headers: { 'Sec-WebSocket-Protocol': 'a,,b' } }],
    ['12 at a path that is no document', 404, { target: '/elsewhere' }],
    ['12 at a document without a name', 404, { target: '/sync/' }],
    ['12 at //', 404, { target: '//' }],
    ['12 at /%2e%2e/', 404, { target: '/%2e%2e/' }],
    ['12 at a path of 4 KiB', 404, { target: `/${'a'.repeat(4096)}` }],
    ['12 at a path in bad percents', 404, { target: '/%zz' }],
    ['12 at NUL', 400, { target: '/sync/\0' }, 0],
    ['12 at a byte that is no ASCII', 400, { target: '/sync/\xff' }, 0],
    ['13 with a body', 400, { headers: { 'Content-Length': '4' }, after: 'body' }],
    ['13 with a body in chunks', 400, { headers: { 'Transfer-Encoding': 'chunked' }, after: '0\r\n\r\n' }],
    [
      '13 with a body of two lengths',
      400,
      { headers: { 'Content-Length': '4', 'Transfer-Encoding': 'chunked' }, after: '0\r\n\r\n' },
      0,
    ],
    ['15 of an absolute address', 400, (scene) => ({ target: `http://evil.example${targetOf(scene)}` })],
    ['15 of two hosts', 400, (scene) => ({ headers: { Host: [hostOf(scene), 'evil.example'] } })],
    ['15 of no host', 400, { headers: { Host: [] } }],
  ])('%s, with HTTP %i', async (_, status, handshake, logLines = 1) => {
    const scene = await openScene()
    const answer = await answerTo(scene, typeof handshake === 'function' ? handshake(scene) : handshake)
    expect(answer.status).toBe(status)
    await scene.expectUnharmed({ logLines })
  })

  it.each<[origin: string, status: number]>([
    ['https://evil.example', 403],
    ['null', 403],
    ['http://127.0.0.1.evil.example', 403],
    ['http://localhost.evil.example', 403],
    ['http://evil.example/localhost', 403],
    ['http://127.0.0.1:1', 101],
    ['http://localhost:5173', 101],
    ['https://localhost', 101],
    ['http://[::1]:5173', 101],
  ])('5 with open rooms, to a page of %s, with HTTP %i', async (origin, status) => {
    const scene = await openScene({ openRooms: true })
    const answer = await answerTo(scene, { target: '/my-room', headers: { Origin: origin } })
    expect(answer.status).toBe(status)
    await scene.expectUnharmed({ logLines: status === 101 ? 0 : 1 })
  })

  it('5 with open rooms, to a page of an origin that the operator named, and then of no other', async () => {
    const scene = await openScene({ openRooms: true, origins: ['https://app.example'] })
    const statusFor = async (origin: string): Promise<number> =>
      (await answerTo(scene, { target: '/my-room', headers: { Origin: origin } })).status
    expect(await statusFor('https://app.example')).toBe(101)
    expect(await statusFor('http://localhost:5173')).toBe(403)
    await scene.expectUnharmed()
  })

  it.each(['devbox', 'nas.local', 'pad.home.arpa', '192.168.0.2', '[fe80::1]'])(
    '5 with open rooms, to a page of the same host at another port, where that is %s',
    async (name) => {
      const scene = await openScene({ openRooms: true })
      const headers = { Host: `${name}:1234`, Origin: `http://${name}:5173` }
      expect((await answerTo(scene, { target: '/my-room', headers })).status).toBe(101)
      await scene.expectUnharmed({ logLines: 0 })
    },
  )

  it.each<[whose: string, publicUrl: string | undefined, status: number]>([
    ['may be anybody’s', undefined, 403],
    ['is not the one it is known by', 'https://write.example', 403],
    ['is the one it is known by', 'https://pad.evil.example', 101],
  ])('5 with open rooms, to a page of the same host by a name that %s', async (_, publicUrl, status) => {
    const scene = await openScene({ openRooms: true, ...(publicUrl && { publicUrl }) })
    const headers = { Host: 'pad.evil.example:1234', Origin: 'http://pad.evil.example:1234' }
    expect((await answerTo(scene, { target: '/my-room', headers })).status).toBe(status)
    await scene.expectUnharmed({ logLines: status === 101 ? 0 : 1 })
  })

  it.each<[what: string, handshake: Handshake, header: [name: string, value: string | undefined]]>([
    [
      '2 with the version there is',
      { headers: { 'Sec-WebSocket-Version': '8' } },
      ['sec-websocket-version', '13'],
    ],
    ['4 with the method there is', { method: 'POST' }, ['allow', 'GET']],
    [
      '10 with the first subprotocol of those who speak another (C4)',
      { headers: { 'Sec-WebSocket-Protocol': 'theirs, others' } },
      ['sec-websocket-protocol', 'theirs'],
    ],
    [
      '10 with ours, wherever it stands',
      { headers: { 'Sec-WebSocket-Protocol': `theirs, ${subprotocol}` } },
      ['sec-websocket-protocol', subprotocol],
    ],
    [
      '11 without the compression it offers',
      { headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' } },
      ['sec-websocket-extensions', undefined],
    ],
  ])('%s', async (_, handshake, [name, value]) => {
    const scene = await openScene()
    const { status, headers } = await answerTo(scene, handshake)
    expect(headers[name]).toBe(value)
    await scene.expectUnharmed({ logLines: status === 101 ? 0 : 1 })
  })

  it('4 once, and whoever does not hang up after that keeps no server from stopping', async () => {
    const scene = await openScene()
    const { hostname, port } = new URL(scene.server.url)
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }).resume()
    onTestFinished(() => void socket.destroy())
    socket.write(written(scene, { method: 'POST' }), 'latin1')
    await once(socket, 'end')
    await scene.server.close()
  })

  it('7 with 64 KiB by the end of the connection, if not with HTTP 431 before that', async () => {
    const scene = await openScene()
    const [answer] = await rawAnswers(scene.server.url, written(scene, headerOf(64 * 1024)))
    expect([431, undefined]).toContain(answer?.status)
    await scene.expectUnharmed({ logLines: 0 })
  })

  it('12 after it, where dots and slashes are a name like any other (C2)', async () => {
    const scene = await openScene()
    const target = `/sync/%2e%2e/../x?token=${scene.document.keys.edit}`
    const { status, body } = await answerTo(scene, { target })
    const [end] = framesIn(body)
    expect([status, end?.opcode, end?.payload.readUInt16BE(0)]).toEqual([101, opcodes.close, 4404])
    await scene.expectUnharmed()
  })

  it('14 before the frames that came with it, and those in their order', async () => {
    const scene = await openScene()
    const question = rawFrame(opcodes.binary, bad.syncFrame(0, Uint8Array.of(0)))
    const { status, body } = await answerTo(scene, { after: question + goodbye })
    const frames = framesIn(body)
    const messages = frames.filter(({ opcode }) => opcode === opcodes.binary)
    expect(status).toBe(101)
    expect(messages.map(({ payload }) => decodeServerMessage(payload).type)).toContain('sync-step-2')
    expect(frames.at(-1)).toMatchObject({ opcode: opcodes.close, payload: Buffer.of(0x03, 0xe8) })
    await scene.expectUnharmed({ logLines: 0 })
  })

  it('14 after the request before it, and not as an upgrade: one that came too early could overtake an answer', async () => {
    const scene = await openScene()
    const { server, document } = scene
    const first =
      `GET /api/documents/${document.id}/text HTTP/1.1\r\nHost: ${hostOf(scene)}\r\n` +
      `Authorization: Bearer ${document.keys.view}\r\n\r\n`
    const answers = await rawAnswers(server.url, first + written(scene, {}))
    expect(answers.map(({ status }) => status)).toEqual([200, 426])
    await scene.expectUnharmed({ logLines: 0 })
  })
})

describe('who asks for a document', () => {
  it.each<[how: string, init: RequestInit]>([
    ['without an upgrade', {}],
    ['by POST', { method: 'POST', body: bad.payload }],
  ])('1 %s is told that one is needed', async (_, init) => {
    const scene = await openScene()
    const response = await fetch(scene.server.url + targetOf(scene), init)
    expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket'])
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 426, code: 'upgrade-required' })
    await scene.expectUnharmed({ logLines: 0 })
  })

  it('1 with another upgrade is told which', async () => {
    const scene = await openScene()
    const [answer] = await rawAnswers(scene.server.url, written(scene, { headers: { Upgrade: 'h2c' } }))
    expect(answer).toMatchObject({ status: 426, headers: { upgrade: 'websocket' } })
    await scene.expectUnharmed({ logLines: 0 })
  })

  it('8 a byte at a time is waited for only so long', async () => {
    const scene = await openScene({ httpLimits: { headersTimeoutMs: 300, checkIntervalMs: 20 } })
    const [answer] = await rawAnswers(scene.server.url, written(scene, {}), { byteEveryMs: 10 })
    expect(answer?.status).toBe(408)
    await scene.expectUnharmed({ logLines: 0 })
  })

  it('15 of two hosts is not answered, whatever it asks', async () => {
    const scene = await openScene()
    const request = `GET /healthz HTTP/1.1\r\nHost: ${hostOf(scene)}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`
    const [answer] = await rawAnswers(scene.server.url, request)
    expect(answer?.status).toBe(400)
    await scene.expectUnharmed({ logLines: 0 })
  })
})
