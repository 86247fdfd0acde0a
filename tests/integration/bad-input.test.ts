/**
 * Who comes without the right to, or goes without a word. However it ends for them, the same holds for everyone else:
 * others in the room go on, nothing is stored, and the log has one line that holds neither key nor text.
 */
import { closeCodes, subprotocol } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import * as bad from '../support/bad-frames.ts'
import { createDocument } from '../support/documents.ts'
import { signHostToken } from '../support/host-token.ts'
import { quireSubprotocols, RawSocket, type Closed } from '../support/raw-socket.ts'
import { dialects, openScene, type Scene } from '../support/scene.ts'

describe('who is not let in', () => {
  const notAuthenticated: Closed = { code: closeCodes.unauthenticated, reason: 'token-invalid' }
  const expired: Closed = { code: closeCodes.unauthenticated, reason: 'token-expired' }
  const unknownDocument: Closed = { code: closeCodes.unknownDocument, reason: 'document-unknown' }
  const badName: Closed = { code: closeCodes.malformed, reason: 'document-name-malformed' }
  const someKey = 'AAAAAAAAAAAAAAAAAAAAAA'
  const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds
  type TokenOf = (scene: Scene) => string | undefined | Promise<string>

  function signed(claims: object, header?: object): TokenOf {
    return ({ server, document }) => signHostToken(server.secret, { doc: document.id, ...claims }, header)
  }

  const rows: readonly [who: string, tokenOf: TokenOf, end: Closed][] = [
    ['has no token', () => undefined, notAuthenticated],
    ['has an empty token', () => '', notAuthenticated],
    ['has something that is no token', () => bad.payload, notAuthenticated],
    ['has a key of nothing', () => someKey, unknownDocument],
    [
      '40 has the key of another document',
      async ({ server }) => (await createDocument(server.url)).keys.own,
      unknownDocument,
    ],
    ['40 has a token for another document', signed({ doc: 'another' }), unknownDocument],
    ['has a token that has expired', signed({ exp: inSeconds(-60) }), expired],
    ['has a token without an end', signed({ exp: undefined }), notAuthenticated],
    ['has a token for two days', signed({ exp: inSeconds(2 * 24 * 60 * 60) }), notAuthenticated],
    ['has a token for another service', signed({ aud: 'another' }), notAuthenticated],
    ['has a token with a role there is not', signed({ role: 'admin' }), notAuthenticated],
    ['has a token of nobody', signed({ sub: undefined }), notAuthenticated],
    [
      'has a token that says it needs no signature',
      signed({}, { alg: 'none', typ: 'JWT' }),
      notAuthenticated,
    ],
    ['has a token signed with another algorithm', signed({}, { alg: 'HS512', typ: 'JWT' }), notAuthenticated],
    [
      'has a token signed by another',
      ({ document }) => signHostToken(Buffer.alloc(32, 1), { doc: document.id }),
      notAuthenticated,
    ],
    ['has a token of 5,000 characters', () => 'a'.repeat(5000), notAuthenticated],
  ]

  it.each(rows)('a client that %s', async (_, tokenOf, end) => {
    const scene = await openScene()
    const token = await tokenOf(scene)
    const query = token === undefined ? '' : `?${new URLSearchParams({ token })}`
    const socket = await RawSocket.open(`${scene.server.syncUrl}/${scene.document.id}${query}`)
    socket.send({ type: 'update', update: bad.goodUpdate() })
    expect(await socket.closed).toEqual(end)
    if (token) expect(JSON.stringify(scene.server.log)).not.toContain(token)
    await scene.expectUnharmed()
  })

  it.each(rows.filter(([, , { reason }]) => reason !== 'token-expired').slice(2))(
    'a quire.1 client that %s',
    async (_, tokenOf, end) => {
      const scene = await openScene()
      const token = (await tokenOf(scene)) ?? ''
      const socket = await RawSocket.open(
        `${scene.server.syncUrl}/${scene.document.id}`,
        quireSubprotocols(token),
      )
      expect(socket.subprotocol).toBe(subprotocol)
      expect(await socket.closed).toEqual(end)
      expect(JSON.stringify(scene.server.log)).not.toContain(token)
      await scene.expectUnharmed()
    },
  )

  it('anyone, where there is no such document, in the same words as for a wrong key', async () => {
    const scene = await openScene()
    const socket = await RawSocket.open(`${scene.server.syncUrl}/no-such-document?token=${someKey}`)
    expect(await socket.closed).toEqual(unknownDocument)
    await scene.expectUnharmed()
  })

  it('a client whose token runs out while it is in the room', async () => {
    const scene = await openScene()
    const { server, document } = scene
    const token = signHostToken(server.secret, { doc: document.id, exp: inSeconds(2) })
    const socket = await RawSocket.open(`${server.syncUrl}/${document.id}?token=${token}`)
    await socket.receive('sync-step-1')
    expect(await socket.closed).toEqual(expired)
    await scene.expectUnharmed()
  })

  it.each([
    ['is not percent-encoded', '%zz'],
    ['is not UTF-8', '%ff'],
    ['holds NUL', 'notes%00'],
    ['holds a line break', 'notes%0a'],
    ['is of 257 bytes', 'n'.repeat(257)],
  ])('anyone, where the name %s', async (_, name) => {
    const scene = await openScene()
    const socket = await RawSocket.open(`${scene.server.syncUrl}/${name}?token=${someKey}`)
    expect(await socket.closed).toEqual(badName)
    await scene.expectUnharmed()
  })
})

describe('whoever vanishes without a word', () => {
  it.each(dialects)('as %s, right after the upgrade', async (dialect) => {
    const scene = await openScene()
    const { server, document } = scene
    const subprotocols = dialect === 'quire.1' ? quireSubprotocols(document.keys.edit) : []
    const socket = await RawSocket.open(
      `${server.syncUrl}/${document.id}?token=${document.keys.edit}`,
      subprotocols,
    )
    socket.terminate()
    await socket.closed
    await scene.expectUnharmed({ logLines: 0 })
  })

  it.each(dialects)('as %s, in the room', async (dialect) => {
    const scene = await openScene()
    const socket = await scene.join(dialect)
    socket.terminate()
    await socket.closed
    await scene.expectUnharmed({ logLines: 0 })
  })
})
