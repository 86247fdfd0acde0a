import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocumentName } from './document-names.ts'
import { limits } from './limits.ts'
import { refusalOf } from './testing/refusal.ts'
import { texts } from './testing/texts.ts'

const refused = (encoded: string): void =>
  expect(refusalOf(() => parseDocumentName(encoded))).toBe('document-name-malformed')

describe('a document name', () => {
  it.each([
    ['notes', 'notes'],
    ['team/notes%201', 'team/notes 1'],
    ['team%2Fnotes', 'team/notes'],
    ['%E2%9C%8D', '✍'],
    ['100%2525', '100%25'],
    ['..', '..'],
    ['a+b', 'a+b'],
  ])('C2: is decoded once: %s is %s', (encoded, name) => expect(parseDocumentName(encoded)).toBe(name))

  it('C2: may be any well-formed text of 1 to 256 bytes without control characters', () => {
    const names = texts({ minLength: 1, maxLength: 64 }).map((text) => text.replaceAll(/\p{Cc}/gu, '.'))
    fc.assert(fc.property(names, (name) => parseDocumentName(encodeURIComponent(name)) === name))
  })

  it.each([
    ['empty', ''],
    ['half a percent code', 'a%2'],
    ['not percent-encoded UTF-8', '%ff'],
    ['overlong', '%c0%af'],
    ['an encoded surrogate', '%ed%a0%80'],
    ['NUL', 'a%00'],
    ['a line break', 'a%0Ab'],
    ['a C1 control character', '%C2%85'],
    ['DEL', '%7f'],
    ['a lone surrogate', 'a\ud800'],
  ])('C2: is refused when it is %s', (_what, encoded) => refused(encoded))

  it('L2: may be as long as its limit in bytes of UTF-8, and not one longer', () => {
    const longest = 'é'.repeat(limits.maxDocumentNameBytes / 2)
    expect(parseDocumentName(encodeURIComponent(longest))).toBe(longest)
    refused(encodeURIComponent(`${longest}a`))
  })

  it('may be long while it is encoded', () => {
    expect(parseDocumentName('%41'.repeat(limits.maxDocumentNameBytes))).toHaveLength(
      limits.maxDocumentNameBytes,
    )
  })
})
