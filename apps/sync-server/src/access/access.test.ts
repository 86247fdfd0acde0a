import { parseDocumentName, type Role } from '@quire/protocol'
import { SignJWT, UnsecuredJWT } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { MemoryStore } from '../storage/memory/memory-store.ts'
import { Access, guestUser, type AccessOptions } from './access.ts'
import { deriveKey, hashKey, makeOwnerKey } from './keys.ts'
import { Restrictions } from './restrictions.ts'
import { Tokens } from './tokens.ts'

const notes = parseDocumentName('notes')
const other = parseDocumentName('other')
const secret = new TextEncoder().encode('a secret of at least thirty-two bytes')
const now = 1_800_000_000
const ownerKey = 'q83vEjRWeJCrze8SNFZ4kA'
const someKey = makeOwnerKey()
const viewKey = deriveKey(ownerKey, 'view')

let store: MemoryStore
let tokens: Tokens
let access: Access

beforeEach(async () => {
  store = new MemoryStore()
  tokens = new Tokens({ secret, nowSeconds: () => now })
  access = accessWith()
  const link = (role: Role, key: string): { id: string; role: Role; keyHash: Uint8Array } => ({
    id: role,
    role,
    keyHash: hashKey(key),
  })
  await store.create({ name: notes, links: [link('own', ownerKey), link('view', viewKey)] })
  await store.create({ name: other, links: [] })
})

function accessWith(options: Partial<AccessOptions> = {}): Access {
  const restrictions = new Restrictions()
  return new Access({ store, tokens, openRooms: false, restrictions, nowSeconds: () => now, ...options })
}

/** A host application's token, with what is wrong about it. */
function hostToken(
  wrong: { claims?: object; key?: Uint8Array; audience?: string; expires?: number } = {},
): Promise<string> {
  return new SignJWT({ doc: 'notes', role: 'edit', name: 'Anna', ...wrong.claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('user-7')
    .setAudience(wrong.audience ?? 'quire')
    .setExpirationTime(wrong.expires ?? now + 60)
    .sign(wrong.key ?? secret)
}

describe('access', () => {
  it('lets a link’s key in with its role, as a guest', async () => {
    expect(await access.authorize(notes, ownerKey)).toMatchObject({
      role: 'own',
      user: undefined,
      create: false,
    })
    expect(await access.authorize(notes, viewKey)).toMatchObject({ role: 'view' })
  })

  it('lets a host application’s token in, as who it says', async () => {
    expect(await access.authorize(notes, await hostToken())).toMatchObject({
      role: 'edit',
      user: { id: 'user-7', name: 'Anna' },
      expiresAt: now + 60,
      create: true,
    })
  })

  it('lets a session’s token in until it expires, for a document that is there', async () => {
    const user = { id: 'g', name: 'Bo', colour: '#1f6fb5' }
    const keyHash = hashKey(viewKey)
    const { token, expiresAt } = await tokens.issue({ document: notes, role: 'view', user, keyHash })
    expect(expiresAt).toBe(now + 900)
    expect(await access.authorize(notes, token)).toMatchObject({ role: 'view', create: false, expiresAt })
    const later = accessWith({ tokens: new Tokens({ secret, nowSeconds: () => expiresAt + 1 }) })
    await expect(later.authorize(notes, token)).rejects.toMatchObject({ code: 'token-expired' })
  })

  it.each<[string, () => string | undefined | Promise<string>, string]>([
    ['no token', () => undefined, 'token-invalid'],
    ['an empty one', () => '', 'token-invalid'],
    ['words', () => 'let me in', 'token-invalid'],
    ['a key that is wrong by one bit', () => flipped(viewKey), 'document-unknown'],
    ['a key in capitals', () => ownerKey.toUpperCase(), 'document-unknown'],
    ['a key with a dot behind it', () => `${viewKey}.`, 'token-invalid'],
    ['a token over another secret', () => hostToken({ key: new Uint8Array(32) }), 'token-invalid'],
    ['a token for another service', () => hostToken({ audience: 'etherpad' }), 'token-invalid'],
    ['a token that has expired', () => hostToken({ expires: now - 1 }), 'token-expired'],
    ['a token that lasts over a day', () => hostToken({ expires: now + 90_000 }), 'token-invalid'],
    ['a token for another document', () => hostToken({ claims: { doc: 'other' } }), 'document-unknown'],
    ['a token with an unknown role', () => hostToken({ claims: { role: 'admin' } }), 'token-invalid'],
    ['a token with a list of roles', () => hostToken({ claims: { role: ['edit'] } }), 'token-invalid'],
    ['a token with a role of true', () => hostToken({ claims: { role: true } }), 'token-invalid'],
    ['a token of 10 KB', () => 'x'.repeat(10_000), 'token-invalid'],
    [
      'a token that nobody signed',
      () =>
        new UnsecuredJWT({ doc: 'notes', role: 'own' })
          .setAudience('quire')
          .setExpirationTime(now + 60)
          .encode(),
      'token-invalid',
    ],
  ])('refuses %s', async (_, token, code) => {
    await expect(access.authorize(notes, await token())).rejects.toMatchObject({ code })
  })

  it.each<[string, object, 'in' | 'out']>([
    ['begins 5 seconds from now', { nbf: now + 5 }, 'in'],
    ['begins 6 seconds from now', { nbf: now + 6 }, 'out'],
    ['ends a day and 5 seconds from now', { exp: now + 86_405 }, 'in'],
    ['ends a day and 6 seconds from now', { exp: now + 86_406 }, 'out'],
    ['ends in a second', { exp: now + 1 }, 'in'],
    ['ends now', { exp: now }, 'out'],
  ])(
    'forgives a host whose clock is 5 seconds ahead, and no more: a token that %s',
    async (_, times, end) => {
      const claims = { doc: 'notes', role: 'edit', sub: 'user-7', aud: 'quire', exp: now + 60, ...times }
      const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret)
      const judged = await access.authorize(notes, token).then(
        () => 'in',
        () => 'out',
      )
      expect(judged).toBe(end)
    },
  )

  it.each<[string, object, RegExp]>([
    ['no exp', { exp: undefined }, /: exp$/],
    ['no audience', { aud: undefined }, /: aud$/],
    ['another audience', { aud: 'app' }, /: aud$/],
    [
      'no subject, and a role that there is not',
      { sub: undefined, role: 'admin' },
      /: role, sub$|: sub, role$/,
    ],
  ])('names for the log what is wrong with a token of %s', async (_, changes, words) => {
    const claims = { doc: 'notes', role: 'edit', sub: 'user-7', aud: 'quire', exp: now + 60, ...changes }
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret)
    await expect(access.authorize(notes, token)).rejects.toMatchObject({
      code: 'token-invalid',
      message: expect.stringMatching(words),
    })
  })

  it('refuses a token any character of which was changed', async () => {
    const token = await hostToken()
    // Of a part's last character base64url may ignore some bits; every other one counts.
    const lastOfParts = new Set([...token.matchAll(/.(?=\.|$)/g)].map(({ index }) => index))
    for (const [index, character] of Array.from(token).entries()) {
      if (lastOfParts.has(index)) continue
      const changed = token.slice(0, index) + (character === 'A' ? 'Q' : 'A') + token.slice(index + 1)
      await expect(access.authorize(notes, changed)).rejects.toMatchObject({ name: 'ProtocolError' })
    }
  })

  it('says the same of a wrong key as of a document that is not there', async () => {
    const wrong = access.authorize(notes, makeOwnerKey())
    const nowhere = access.authorize(parseDocumentName('nowhere'), makeOwnerKey())
    const said = await Promise.all(
      [wrong, nowhere].map((attempt) => attempt.catch((error: Error) => error.message)),
    )
    expect(said[0]).toBe(said[1])
  })

  it('lets a link in until it ends, and what was made from it no longer', async () => {
    const link = { id: 'x', role: 'edit', keyHash: hashKey(someKey), expiresAt: now + 100 } as const
    await store.addLink(notes, link)
    const user = { id: 'g', name: 'Bo', colour: '#1f6fb5' }
    const { token } = await tokens.issue({ document: notes, role: 'edit', user, keyHash: link.keyHash })
    for (const each of [someKey, token])
      expect(await access.authorize(notes, each)).toMatchObject({ role: 'edit', expiresAt: now + 100 })
    const later = accessWith({ nowSeconds: () => now + 100 })
    for (const each of [someKey, token])
      await expect(later.authorize(notes, each)).rejects.toMatchObject({ code: 'document-unknown' })
  })

  it('lets nobody in by a session of a key that was replaced, though the link has the same id', async () => {
    const user = { id: 'g', name: 'Bo', colour: '#1f6fb5' }
    const { token } = await tokens.issue({ document: notes, role: 'own', user, keyHash: hashKey(ownerKey) })
    expect(await access.authorize(notes, token)).toMatchObject({ role: 'own', linkId: 'own' })
    await store.replaceLinks(notes, 'all', [{ id: 'own', role: 'own', keyHash: hashKey(someKey) }])
    await expect(access.authorize(notes, token)).rejects.toMatchObject({ code: 'document-unknown' })
  })

  it('opens no document with the key of another', async () => {
    await expect(access.authorize(other, viewKey)).rejects.toMatchObject({ code: 'document-unknown' })
  })

  describe('with open rooms', () => {
    beforeEach(() => {
      access = accessWith({ openRooms: true })
    })

    it('lets anyone into a room without links, which may begin with their edit', async () => {
      expect(await access.authorize(parseDocumentName('a/b c'), undefined)).toMatchObject({
        role: 'edit',
        create: true,
      })
    })

    it('lets nobody without a link into a document that has links', async () => {
      await expect(access.authorize(notes, undefined)).rejects.toMatchObject({ code: 'token-invalid' })
    })
  })
})

describe('the keys of a document', () => {
  it('follow from the owner’s, each its own', () => {
    expect(deriveKey(ownerKey, 'edit')).toBe(deriveKey(ownerKey, 'edit'))
    expect(
      new Set([ownerKey, deriveKey(ownerKey, 'edit'), viewKey, deriveKey(makeOwnerKey(), 'view')]).size,
    ).toBe(4)
  })
})

describe('a guest', () => {
  const anna = { name: ' Anna\n', secret: 'a secret of this device' }

  it('is the same person in one document and another in the next', () => {
    expect(guestUser(notes, anna)).toEqual(guestUser(notes, anna))
    expect(guestUser(notes, anna).id).not.toBe(guestUser(other, anna).id)
    expect(guestUser(notes, anna).name).toBe('Anna')
  })

  it('without a secret is someone new each time', () => {
    const nobody = { name: '', secret: '' }
    expect(guestUser(notes, nobody).id).not.toBe(guestUser(notes, nobody).id)
  })
})

function flipped(key: string): string {
  return (key.startsWith('A') ? 'B' : 'A') + key.slice(1)
}
