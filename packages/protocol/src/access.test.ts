import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatLink,
  isAccessToken,
  isLinkKey,
  isRole,
  mayWrite,
  parseAddress,
  parseLink,
  parseTokenLink,
  roles,
} from './access.ts'

const key = 'AbCdEfGhIjKlMnOpQrSt-w'
const documentId = 'dOcument_1-x'
const link = `https://quire.example/d/${documentId}#${key}`

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** 128 bits as base64url, by hand. */
function keyOf(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .padEnd(132, '0')
  return (bits.match(/.{6}/g) ?? []).map((six) => base64url[Number.parseInt(six, 2)]).join('')
}

describe('a role', () => {
  it('is view, edit or own, and all but view may write', () => {
    expect(roles.map((role) => [role, mayWrite(role)])).toEqual([
      ['view', false],
      ['edit', true],
      ['own', true],
    ])
  })

  it.each(['admin', 'View', 'edit ', '', 'constructor', undefined, null, 0, true, ['edit'], { role: 'own' }])(
    'is not %j',
    (value) => expect(isRole(value)).toBe(false),
  )
})

describe('a link key', () => {
  it('is 128 bits in base64url', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 })
    fc.assert(fc.property(bytes, (secret) => isLinkKey(keyOf(secret))))
  })

  it('has one spelling only: the four bits past the 128th are zero', () => {
    const accepted = Array.from(base64url).filter((last) => isLinkKey(key.slice(0, -1) + last))
    expect(accepted).toEqual(['A', 'Q', 'g', 'w'])
  })

  it.each([
    ['a dot after it', `${key}.`],
    ['a space after it', `${key} `],
    ['a space before it', ` ${key}`],
    ['a line break after it', `${key}\n`],
    ['padding', `${key}==`],
    ['the other base64', key.replace('-', '+')],
    ['a percent code', key.replace('-', '%2D')],
    ['a character too few', key.slice(1)],
    ['a character too many', `A${key}`],
    ['a last bit changed', `${key.slice(0, -1)}x`],
    ['its last letter in upper case', `${key.slice(0, -1)}W`],
    ['a letter that looks like another', `А${key.slice(1)}`],
    ['nothing', ''],
  ])('is not a key with %s', (_what, text) => expect(isLinkKey(text)).toBe(false))

  it('is another key in another case, never the same one', () => {
    const upper = parseLink(`https://quire.example/d/${documentId}#${key.slice(0, -1).toUpperCase()}w`)
    expect(upper?.key).not.toBe(key)
  })
})

describe('an access token', () => {
  const token = 'eyJhbGciOiJub25lIn0.e30.c2ln'

  it('has three parts, and up to 4,096 characters', () => {
    expect(isAccessToken(token)).toBe(true)
    expect(isAccessToken(token.padEnd(4096, 'A'))).toBe(true)
  })

  it.each([
    ['padding', `${token}=`],
    ['a line break', `${token}\n`],
    ['an empty part', token.replace('.e30.', '..')],
    ['two parts', token.slice(0, token.lastIndexOf('.'))],
    ['five parts', `${token}.AA.AA`],
    ['other letters of base64', token.replace('30', '+/')],
    ['4,097 characters', token.padEnd(4097, 'A')],
    ['nothing', ''],
  ])('is not one with %s', (_what, text) => expect(isAccessToken(text)).toBe(false))

  it('is no key', () => expect(isLinkKey(token)).toBe(false))
})

describe('a link', () => {
  it('says the document and the key, and is read back', () => {
    expect(formatLink({ publicUrl: 'https://quire.example', documentId, key })).toBe(link)
    expect(parseLink(link)).toEqual({ documentId, key })
  })

  it('may stand under a path, with or without a slash at the end', () => {
    for (const publicUrl of ['https://example.org/quire', 'https://example.org/quire///']) {
      const under = formatLink({ publicUrl, documentId, key })
      expect(under).toBe(`https://example.org/quire/d/${documentId}#${key}`)
      expect(parseLink(under)).toEqual({ documentId, key })
    }
  })

  it.each(['team/notes 1', 'größe/文書%2F', '%', '#', '?at=1', '<b>', 'سلام', 'a'.repeat(256)])(
    'leads to a document that an application has called %s',
    (name) => {
      const named = formatLink({ publicUrl: 'https://quire.example', documentId: name, key })
      expect(parseLink(named)).toEqual({ documentId: name, key })
    },
  )

  it('is read with what people paste around it, and with a query that others have added', () => {
    expect(parseLink(` ${link}\n`)).toEqual({ documentId, key })
    expect(parseLink(link.replace('#', '/?utm_source=mail#'))).toEqual({ documentId, key })
  })

  it.each([
    ['a dot after it', `${link}.`],
    ['a percent code in the key', link.replace('-w', '%2Dw')],
    ['a space in the key', `${link.slice(0, -1)} ${link.slice(-1)}`],
    ['a last bit changed', `${link.slice(0, -1)}x`],
    ['no key', link.slice(0, -key.length)],
    ['no document', `https://quire.example/d/#${key}`],
    ['a document with a slash', `https://quire.example/d/a/b#${key}`],
    ['a document of 257 bytes', `https://quire.example/d/${'a'.repeat(257)}#${key}`],
    ['half a percent code in the document', `https://quire.example/d/a%2#${key}`],
    ['a document that is not UTF-8', `https://quire.example/d/a%ff#${key}`],
    ['a control character in the document', `https://quire.example/d/a%00#${key}`],
    ['the key in the query', link.replace('#', '?key=')],
    ['no scheme', link.slice('https://'.length)],
    ['nothing', ''],
  ])('is not a link with %s', (_what, text) => expect(parseLink(text)).toBeUndefined())
})

describe('a link with a token', () => {
  const token = 'eyJhbGciOiJub25lIn0.e30.c2ln'
  const tokenLink = `https://quire.example/d/${documentId}#token=${token}`

  it('says the document and the token', () => {
    expect(parseTokenLink(tokenLink)).toEqual({ documentId, token })
    expect(parseLink(tokenLink)).toBeUndefined()
  })

  it.each([
    ['nothing', ''],
    ['a key', key],
    ['two parts', 'e30.e30'],
    ['something after it', `${token}&x=1`],
    ['4,097 characters', token.padEnd(4097, 'A')],
  ])('says so where the token is none, but %s', (_what, none) =>
    expect(parseTokenLink(`https://quire.example/d/${documentId}#token=${none}`)).toEqual({
      documentId,
      token: undefined,
    }),
  )

  it.each([
    ['a key', link],
    ['a fragment of another name', tokenLink.replace('#token', '#Token')],
    ['the token in the query', tokenLink.replace('#', '?')],
    ['no document', `https://quire.example/#token=${token}`],
  ])('is not one with %s', (_what, text) => expect(parseTokenLink(text)).toBeUndefined())
})

describe('an address', () => {
  it('is of a document, whatever its fragment holds', () => {
    for (const fragment of ['', key, 'token=', 'heading'])
      expect(parseAddress(`https://quire.example/d/${documentId}#${fragment}`)).toEqual({
        documentId,
        fragment,
      })
    expect(parseAddress(`https://quire.example/#${key}`)).toBeUndefined()
  })
})
