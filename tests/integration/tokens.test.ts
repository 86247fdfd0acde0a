/**
 * Access tokens of host applications: what lets in, what does not, and what happens to them in the course of a
 * connection. However a token ends, others in the room go on and nothing is stored.
 */
import { closeCodes, type Role } from '@quire/protocol'
import { systemClock, type Clock } from '@quire/sync-server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { transportLimits } from '../../apps/sync-server/src/transport/transport-limits.ts'
import * as bad from '../support/bad-frames.ts'
import { createSession, post } from '../support/documents.ts'
import { HeldClock } from '../support/held-clock.ts'
import { HostApplication, keyAlgorithms } from '../support/host-application.ts'
import { signHostToken, unsigned } from '../support/host-token.ts'
import { quireSubprotocols, RawSocket, type Closed } from '../support/raw-socket.ts'
import { dialects, initialText, openScene, type Scene } from '../support/scene.ts'
import type { TestServerOptions } from '../support/server.ts'
import { beginSession, untilLive } from '../support/session.ts'
import { untilSession } from '../support/until.ts'

const issuer = 'https://host.example'

interface Stage extends Scene {
  readonly host: HostApplication
  /** Somebody else with keys, who would like to be believed. */
  readonly stranger: HostApplication
}

async function openStage(options: TestServerOptions = {}): Promise<Stage> {
  const [host, stranger] = [await HostApplication.start(), await HostApplication.start()]
  const scene = await openScene({ jwksUrl: host.jwksUrl, jwtIssuer: issuer, ...options })
  return { ...scene, host, stranger }
}

/** Signs claims for the document of the stage: with the secret, or with a key of the host application. */
type Sign = (stage: Stage, claims?: object, header?: object) => string

const withSecret: Sign = ({ server, document }, claims, header = { alg: 'HS256', typ: 'JWT' }) =>
  signHostToken(server.secret, { doc: document.id, iss: issuer, ...claims }, header)

const withKey: Sign = ({ host, document }, claims, header) =>
  host.sign('EdDSA', { doc: document.id, iss: issuer, ...claims }, header)

const byStranger: Sign = ({ stranger, document }, claims, header) =>
  stranger.sign('EdDSA', { doc: document.id, iss: issuer, ...claims }, header)

const signers: readonly [by: string, sign: Sign][] = [
  ['the secret', withSecret],
  ['a key of the host', withKey],
]

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds

function socketUrl({ server, document }: Scene, token?: string): string {
  return `${server.syncUrl}/${document.id}${token === undefined ? '' : `?${new URLSearchParams({ token })}`}`
}

/** Someone in the room with this token, over `quire.1`. */
async function enter(scene: Scene, token: string): Promise<RawSocket> {
  const socket = await RawSocket.open(socketUrl(scene), quireSubprotocols(token))
  await socket.greet()
  await socket.settle()
  return socket
}

function readText({ server, document }: Scene, token: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` }
  return fetch(`${server.url}/api/documents/${document.id}/text`, { headers })
}

const invalid: Closed = { code: closeCodes.unauthenticated, reason: 'token-invalid' }
const expired: Closed = { code: closeCodes.unauthenticated, reason: 'token-expired' }
const tooLong: Closed = { code: closeCodes.malformed, reason: 'frame-malformed' }

interface Refused {
  readonly end?: Closed
  /** Where a newer token is refused in other words than the first. */
  readonly inRefresh?: Closed
}

/** Tries the token at every door: both dialects, as a newer token of someone who is in the room, and over HTTP. */
async function expectRefused(stage: Stage, token: string, { end = invalid, inRefresh = end }: Refused = {}) {
  const stock = await RawSocket.open(socketUrl(stage, token))
  stock.send({ type: 'update', update: bad.goodUpdate() })
  expect(await stock.closed).toEqual(end)
  let attempts = 2
  // What cannot be a subprotocol cannot be offered as one.
  if (/^[\w.-]+$/.test(token)) {
    attempts++
    const socket = await RawSocket.open(socketUrl(stage), quireSubprotocols(token))
    socket.send({ type: 'update', update: bad.goodUpdate() })
    expect(await socket.closed).toEqual(end)
  }
  const inside = await stage.join('quire.1')
  inside.send({ type: 'refresh', token })
  expect(await inside.closed).toEqual(inRefresh)
  const response = await readText(stage, token)
  expect([response.status, ((await response.json()) as { code: unknown }).code]).toEqual([
    401,
    'not-authenticated',
  ])
  if (token) expect(JSON.stringify(stage.server.log)).not.toContain(token)
  await stage.expectUnharmed({ logLines: attempts })
}

describe('a token lets in that is signed', () => {
  it.each(keyAlgorithms)('with a key of the host, by %s', async (algorithm) => {
    const stage = await openStage()
    const { host, document } = stage
    const claims = { doc: document.id, iss: issuer, sub: 'user-7', name: 'Ada  Lovelace', role: 'view' }
    const token = host.sign(algorithm, claims)
    const socket = await RawSocket.open(socketUrl(stage), quireSubprotocols(token))
    expect(await socket.greet()).toMatchObject({
      role: 'view',
      user: { id: 'user-7', name: 'Ada Lovelace' },
    })
    const stock = await RawSocket.open(socketUrl(stage, token))
    await stock.receive('sync-step-1')
    expect(await (await readText(stage, token)).text()).toBe(initialText)
    expect(host.timesAsked).toBe(1)
    await stage.expectUnharmed({ logLines: 0 })
  })

  it.each(signers)('with %s, to the edges of what is allowed', async (_, sign) => {
    const stage = await openStage()
    const others = { iat: inSeconds(0), nbf: inSeconds(-1), jti: 'x', email: 'ada@host.example' }
    for (const claims of [
      { ...others, exp: inSeconds(24 * 60 * 60) },
      { aud: ['other', 'quire'] },
      { sub: 'ä'.repeat(256), name: 'n'.repeat(1024) },
      { name: undefined },
    ])
      expect((await readText(stage, sign(stage, claims))).status).toBe(200)
    await stage.expectUnharmed({ logLines: 0 })
  })

  it('with the host’s keys, whatever it calls the type', async () => {
    const stage = await openStage()
    for (const typ of [undefined, 'jwt', 'application/JWT'])
      expect((await readText(stage, withKey(stage, {}, { typ }))).status).toBe(200)
    await stage.expectUnharmed({ logLines: 0 })
  })

  it('87 twice: a token is no ticket, and opens until it expires', async () => {
    const stage = await openStage()
    const token = withKey(stage)
    const [first, second] = [await enter(stage, token), await enter(stage, token)]
    await Promise.all([first.settle(), second.settle()])
    await stage.expectUnharmed({ logLines: 0 })
  })
})

describe('a token does not let in: 82', () => {
  it.each<[what: string, tokenOf: (stage: Stage) => string]>([
    ['alg none', (stage) => `${unsigned({ doc: stage.document.id, iss: issuer }, { alg: 'none' })}.`],
    ['alg none, signed with the secret', (stage) => withSecret(stage, {}, { alg: 'none' })],
    ['alg missing', (stage) => withSecret(stage, {}, { typ: 'JWT' })],
    [
      'HS256 with the public key as its secret',
      ({ host, document }) => {
        const pem = host.publicKey('RS256').export({ format: 'pem', type: 'spki' })
        return signHostToken(Buffer.from(pem), { doc: document.id, iss: issuer })
      },
    ],
    [
      'HS256 with the bytes of the public key as its secret, and its kid',
      ({ host, document }) => {
        const { x = '' } = host.publicKey('EdDSA').export({ format: 'jwk' })
        const header = { alg: 'HS256', kid: 'EdDSA', typ: 'JWT' }
        return signHostToken(Buffer.from(x, 'base64url'), { doc: document.id, iss: issuer }, header)
      },
    ],
    ['EdDSA by name, but signed with the secret', (stage) => withSecret(stage, {}, { alg: 'EdDSA' })],
    ['HS512 with the secret', (stage) => withSecret(stage, {}, { alg: 'HS512' })],
    [
      'an algorithm we do not take, with a key of the host',
      ({ host, document }) => host.sign('RS256', { doc: document.id, iss: issuer }, { alg: 'PS256' }),
    ],
    [
      'the kid of a key of another kind',
      ({ host, document }) => host.sign('ES256', { doc: document.id, iss: issuer }, { kid: 'RS256' }),
    ],
    ['an unknown kid', (stage) => byStranger(stage, {}, { kid: 'unknown' })],
    ['a kid that is no name', (stage) => byStranger(stage, {}, { kid: { $ne: '' } })],
    ['a known kid with a stranger’s signature', (stage) => byStranger(stage)],
    ['no kid and a stranger’s signature', (stage) => byStranger(stage, {}, { kid: undefined })],
    [
      'a jku of the stranger’s',
      (stage) => byStranger(stage, {}, { kid: 'theirs', jku: stage.stranger.jwksUrl }),
    ],
    ['an x5u of the stranger’s', (stage) => byStranger(stage, {}, { x5u: stage.stranger.jwksUrl })],
    [
      'a jwk of the stranger’s',
      (stage) => byStranger(stage, {}, { jwk: stage.stranger.publicKey('EdDSA').export({ format: 'jwk' }) }),
    ],
    ['crit', (stage) => withKey(stage, {}, { crit: ['exp'], exp: 1 })],
    ['crit of something harmless', (stage) => withKey(stage, {}, { crit: ['b64'], b64: true })],
    ['crit of nothing', (stage) => withSecret(stage, {}, { alg: 'HS256', crit: [] })],
    ['a link, which only this server vouches for', (stage) => withKey(stage, { link: 'A'.repeat(43) })],
    ['a link that is nothing', (stage) => withKey(stage, { link: null })],
    ['a link by its id', (stage) => withSecret(stage, { link: 'own' })],
  ])('%s', async (_, tokenOf) => {
    const stage = await openStage()
    await expectRefused(stage, tokenOf(stage))
    expect(stage.stranger.timesAsked).toBe(0)
  })

  it('a token of a key, where no keys were named', async () => {
    const host = await HostApplication.start()
    const stage: Stage = { ...(await openScene()), host, stranger: host }
    await expectRefused(stage, withKey(stage))
    expect(host.timesAsked).toBe(0)
  })
})

describe.each(signers)('a token signed with %s does not let in:', (_by, sign) => {
  it.each<[what: string, claims: object, end?: Closed]>([
    ['83 exp past', { exp: inSeconds(-60) }, expired],
    ['83 exp now', { exp: inSeconds(0) }, expired],
    ['83 exp of 1970', { exp: 0 }, expired],
    ['83 nbf future', { nbf: inSeconds(60 * 60) }],
    ['83 nbf that is no time', { nbf: '0' }],
    ['83 exp more than a day away', { exp: inSeconds(25 * 60 * 60) }],
    ['83 no exp', { exp: undefined }],
    ['83 exp null', { exp: null }],
    ['83 exp as text', { exp: String(inSeconds(60)) }],
    ['83 exp without end', { exp: 1e300 }],
    ['84 wrong aud', { aud: 'other' }],
    ['84 no aud', { aud: undefined }],
    ['84 aud of others', { aud: ['other', 'Quire'] }],
    ['84 aud in an object', { aud: { quire: true } }],
    ['84 wrong iss', { iss: `${issuer}.evil.example` }],
    ['84 no iss', { iss: undefined }],
    ['84 several iss', { iss: [issuer] }],
    ['85 an unknown role', { role: 'admin' }],
    ['85 no role', { role: undefined }],
    ['85 a role in capitals', { role: 'EDIT' }],
    ['85 a role in a list', { role: ['edit'] }],
    ['85 a role in an object', { role: { admin: false } }],
    ['85 a role of true', { role: true }],
    ['85 a role of "true"', { role: 'true' }],
    ['85 a role of every object', { role: 'constructor' }],
    ['86 nobody', { sub: undefined }],
    ['86 a nameless somebody', { sub: '' }],
    ['86 a number for somebody', { sub: 7 }],
    ['86 somebody of 257 characters', { sub: 's'.repeat(257) }],
    ['86 somebody with a line break', { sub: 'ada\nroot' }],
    ['86 somebody with half a character', { sub: 'ada\ud800' }],
    ['86 a list of names', { name: ['Ada'] }],
    ['86 a name of 1,025 characters', { name: 'n'.repeat(1025) }],
    ['86 no document', { doc: undefined }],
    ['86 a list of documents', { doc: ['notes'] }],
  ])('%s', async (_what, claims, end = invalid) => {
    const stage = await openStage()
    await expectRefused(stage, sign(stage, claims), { end })
  })

  it.each(['at+jwt', 'JOSE', 'dpop+jwt', '', 7])('84 typ %j', async (typ) => {
    const stage = await openStage()
    const header = sign === withSecret ? { alg: 'HS256', typ } : { typ }
    await expectRefused(stage, sign(stage, {}, header))
  })

  it('40 the token of another document', async () => {
    const stage = await openStage()
    const socket = await RawSocket.open(socketUrl(stage, sign(stage, { doc: 'another' })))
    expect(await socket.closed).toEqual({ code: closeCodes.unknownDocument, reason: 'document-unknown' })
    const response = await readText(stage, sign(stage, { doc: 'another' }))
    expect(response.status).toBe(404)
    await stage.expectUnharmed()
  })

  it('85 as more than its role: an admin claim gives nothing', async () => {
    const stage = await openStage()
    const socket = await enter(stage, sign(stage, { role: 'view', admin: true, roles: ['own'] }))
    socket.send({ type: 'update', update: bad.goodUpdate() })
    expect(await socket.closed).toEqual({ code: closeCodes.forbidden, reason: 'write-not-allowed' })
    await stage.expectUnharmed()
  })
})

describe('what is no token does not let in: 86', () => {
  const part = (text: string): string => Buffer.from(text).toString('base64url')

  it.each<[what: string, tokenOf: (stage: Stage) => string, refused?: Refused]>([
    ['one of 10 KB', (stage) => withKey(stage, { padding: 'x'.repeat(10_000) }), { inRefresh: tooLong }],
    ['two parts', (stage) => withKey(stage).replace(/\.[^.]*$/, '')],
    ['three empty parts', () => '..'],
    ['three words', () => 'let.me.in'],
    ['five parts', (stage) => `${withKey(stage)}.AAAA.AAAA`],
    ['bad base64', (stage) => withKey(stage).replace('.', '.*')],
    ['base64 with padding', (stage) => `${withKey(stage)}==`],
    ['a header that is not JSON', (stage) => withKey(stage).replace(/^[^.]+/, part('alg: EdDSA'))],
    ['a header that is a list', (stage) => withKey(stage).replace(/^[^.]+/, part('["EdDSA"]'))],
    ['a header of nothing', (stage) => withKey(stage).replace(/^[^.]+/, part('null'))],
    ['no signature', (stage) => withKey(stage).replace(/[^.]+$/, '')],
    ['half a signature', (stage) => withKey(stage).slice(0, -40)],
    ['a key that is a little too long', () => `${'A'.repeat(22)}A`],
  ])('%s', async (_, tokenOf, refused) => {
    const stage = await openStage()
    await expectRefused(stage, tokenOf(stage), refused)
  })
})

describe('where the keys of the host cannot be had', () => {
  const unavailable: Closed = { code: closeCodes.tryAgainLater, reason: 'keys-unavailable' }

  it.each<[why: string, begin: (stage: Stage) => unknown]>([
    ['nobody answers the door', ({ host }) => host.close()],
    ['it fails', ({ host }) => (host.answer = (response) => response.writeHead(500).end())],
    ['there are none', ({ host }) => (host.answer = (response) => response.writeHead(404).end())],
    [
      'it sends us elsewhere',
      ({ host, stranger }) =>
        (host.answer = (response) => response.writeHead(302, { location: stranger.jwksUrl }).end()),
    ],
    ['it answers with a page', ({ host }) => (host.answer = (response) => response.end('<h1>Welcome</h1>'))],
    ['it answers with something else', ({ host }) => (host.answer = (response) => response.end('{}'))],
    ['it hangs up', ({ host }) => (host.answer = (response) => response.destroy())],
  ])('because %s, clients are told to come back, and it is asked once', async (_, begin) => {
    const stage = await openStage({ clock: standingClock() })
    await begin(stage)
    const token = withKey(stage)
    for (const subprotocols of [[], quireSubprotocols(token)]) {
      const socket = await RawSocket.open(socketUrl(stage, token), subprotocols)
      socket.send({ type: 'update', update: bad.goodUpdate() })
      expect(await socket.closed).toEqual(unavailable)
    }
    const inside = await stage.join('quire.1')
    inside.send({ type: 'refresh', token })
    expect(await inside.closed).toEqual(unavailable)
    const response = await readText(stage, token)
    expect([response.status, ((await response.json()) as { code: unknown }).code]).toEqual([
      503,
      'unavailable',
    ])
    expect(stage.host.timesAsked).toBeLessThanOrEqual(1)
    expect(stage.stranger.timesAsked).toBe(0)
    expect((await readText(stage, withSecret(stage))).status).toBe(200)
    await stage.expectUnharmed({ logLines: 3 })
  })

  it('a page comes back by itself, and is let in when they can', async () => {
    const clock = standingClock()
    const stage = await openStage({ clock })
    const { host, document, server } = stage
    const answer = host.answer
    host.answer = (response) => response.writeHead(503).end()
    const session = beginSession({ syncUrl: server.syncUrl, document, key: withKey(stage) })
    await untilSession(session, () => session.state.type === 'offline')
    host.answer = answer
    clock.pass(5000)
    await untilLive(session)
    expect(session.text.toString()).toBe(initialText)
    expect(host.timesAsked).toBe(2)
  })
})

describe('the host', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is not asked again for every kid there is not, and soon for one there is', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const clock = standingClock()
    const stage = await openStage({ clock })
    const { host } = stage
    expect((await readText(stage, withKey(stage))).status).toBe(200)
    for (const kid of ['a', 'b', 'c', 'd'])
      expect((await readText(stage, byStranger(stage, {}, { kid }))).status).toBe(401)
    expect(host.timesAsked).toBe(1)

    vi.setSystemTime(Date.now() + 5000)
    clock.pass(5000)
    for (const kid of ['e', 'f', 'g'])
      expect((await readText(stage, byStranger(stage, {}, { kid }))).status).toBe(401)
    expect(host.timesAsked).toBe(2)
  })

  it('takes a key out of its set, and ten minutes later it opens nothing', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const clock = standingClock()
    const stage = await openStage({ clock })
    const { host } = stage
    const old = withKey(stage, { exp: inSeconds(3600) })
    expect((await readText(stage, old)).status).toBe(200)
    host.changeKeys()
    vi.setSystemTime(Date.now() + 600_000)
    clock.pass(600_000)
    expect((await readText(stage, old)).status).toBe(401)
    expect((await readText(stage, withKey(stage))).status).toBe(200)
    expect(host.timesAsked).toBe(2)
  })
})

describe('in the course of a connection', () => {
  const changed: Closed = { code: closeCodes.malformed, reason: 'user-changed' }
  const forbidden: Closed = { code: closeCodes.forbidden, reason: 'write-not-allowed' }
  const startMs = 1_800_000_000_000

  it.each(dialects)('88 a token expires: a %s client is sent away', async (dialect) => {
    const clock = new HeldClock(37_000)
    const stage = await openStage({ clock, wallClock: () => startMs })
    const token = withKey(stage, { exp: startMs / 1000 + 37 })
    const socket =
      dialect === 'stock' ? await RawSocket.open(socketUrl(stage, token)) : await enter(stage, token)
    await clock.untilWaiting(1)
    clock.pass()
    expect(await socket.closed).toEqual(expired)
    await stage.expectUnharmed()
  })

  it('88 a token expires, but a newer one has come: the client stays until that one does', async () => {
    const clock = new HeldClock(37_000)
    const stage = await openStage({ clock, wallClock: () => startMs })
    const socket = await enter(stage, withKey(stage, { exp: startMs / 1000 + 37 }))
    await clock.untilWaiting(1)
    const later = startMs / 1000 + 7700
    socket.send({ type: 'refresh', token: withKey(stage, { exp: later }) })
    expect(await socket.receive('access')).toEqual({ type: 'access', role: 'edit', expiresAt: later })
    await clock.untilWaiting(0)
    socket.send({ type: 'refresh', token: withKey(stage, { exp: startMs / 1000 + 37 }) })
    await socket.receive('access')
    await clock.untilWaiting(1)
    clock.pass()
    expect(await socket.closed).toEqual(expired)
    await stage.expectUnharmed()
  })

  it('88 a token expires while the machine sleeps: the client is sent away soon after', async () => {
    const clock = new HeldClock(transportLimits.maxTimerMs)
    let nowMs = startMs
    const stage = await openStage({ clock, wallClock: () => nowMs })
    const socket = await enter(stage, withKey(stage, { exp: startMs / 1000 + 7200 }))
    await clock.untilWaiting(1)
    clock.pass()
    await clock.untilWaiting(1)
    nowMs += 7_200_000
    clock.pass()
    expect(await socket.closed).toEqual(expired)
    await stage.expectUnharmed()
  })

  it.each<[from: string, to: string, tokens: (stage: Stage) => readonly [string, string]]>([
    ['somebody', 'somebody else', (stage) => [withKey(stage), withKey(stage, { sub: 'bo' })]],
    [
      'somebody',
      'somebody else of the secret',
      (stage) => [withKey(stage), withSecret(stage, { sub: 'bo' })],
    ],
    ['somebody', 'a guest', (stage) => [withKey(stage), stage.document.keys.edit]],
    ['a guest', 'somebody', (stage) => [stage.document.keys.edit, withKey(stage)]],
  ])('38 a newer token that makes of %s %s is refused', async (_from, _to, tokens) => {
    const stage = await openStage()
    const [first, newer] = tokens(stage)
    const socket = await enter(stage, first)
    socket.send({ type: 'refresh', token: newer })
    expect(await socket.closed).toEqual(changed)
    await stage.expectUnharmed()
  })

  it('40 a newer token for another document is refused', async () => {
    const stage = await openStage()
    const socket = await enter(stage, withKey(stage))
    socket.send({ type: 'refresh', token: withKey(stage, { doc: 'another' }) })
    expect(await socket.closed).toEqual({ code: closeCodes.unknownDocument, reason: 'document-unknown' })
    await stage.expectUnharmed()
  })

  it.each<[what: string, tokenOf: (stage: Stage, role: Role) => string]>([
    ['of the host', (stage, role) => withKey(stage, { role })],
    ['of the secret', (stage, role) => withSecret(stage, { role })],
    ['that is a link', ({ document }, role) => document.keys[role]],
  ])('a newer token %s may take writing away: from then on nothing new is stored', async (_, tokenOf) => {
    const stage = await openStage()
    const socket = await enter(stage, tokenOf(stage, 'edit'))
    socket.send({ type: 'refresh', token: tokenOf(stage, 'view') })
    expect(await socket.receive('access')).toMatchObject({ role: 'view' })
    socket.send({ type: 'update', update: bad.goodUpdate() })
    expect(await socket.closed).toEqual(forbidden)
    await stage.expectUnharmed()
  })

  it('a newer token may let write who could only read', async () => {
    const stage = await openStage()
    const socket = await enter(stage, withKey(stage, { role: 'view' }))
    socket.send({ type: 'refresh', token: withKey(stage, { role: 'edit' }) })
    expect(await socket.receive('access')).toMatchObject({ role: 'edit' })
    socket.send({ type: 'update', update: bad.goodUpdate() })
    expect(await socket.receive('saved')).toMatchObject({ frames: 1 })
    expect(await (await readText(stage, withKey(stage))).text()).toContain(bad.payload)
  })

  it('a session is renewed for the same guest by one that was made with the same secret', async () => {
    const stage = await openStage()
    const { server, document } = stage
    const sessionOf = async (guest: string): Promise<string> => {
      const url = `${server.url}/api/documents/${document.id}/session`
      const response = await post(url, { name: 'Ada', guest }, document.keys.edit)
      return ((await response.json()) as { token: string }).token // the 200 of the API
    }
    const socket = await enter(stage, await sessionOf('a device'))
    socket.send({ type: 'refresh', token: await sessionOf('a device') })
    expect(await socket.receive('access')).toMatchObject({ role: 'edit' })
    socket.send({ type: 'refresh', token: await createSession(server.url, document, document.keys.edit) })
    expect(await socket.closed).toEqual(changed)
    await stage.expectUnharmed()
  })
})

/** Real time for what waits; the time of day stands still until the test moves it. */
function standingClock(): Clock & { pass(ms: number): void } {
  let now = 0
  return { now: () => now, after: systemClock.after, pass: (ms) => void (now += ms) }
}
