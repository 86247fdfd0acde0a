import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isJson } from './json.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

function accepts(text: string, maxDepth = 100): boolean {
  // In the middle of other bytes, so that reading on would find some.
  const bytes = bytesOf(`1${text}1`)
  return isJson(bytes, 1, bytes.length - 1, maxDepth)
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('JSON', () => {
  it('is what JSON.parse takes, and nothing else', () => {
    // Well-formed values, and each with a few characters put in, left out or changed.
    const fragment = fc.constantFrom(
      ...Array.from('{}[]",:\\/ \n\u0000u0aF1-+.eEtrufalsn\ud7ff'),
      '\\u',
      '\\ud800',
      '""',
      '1e5',
    )
    const change = fc.record({ at: fc.nat(), removed: fc.nat(2), added: fc.option(fragment, { nil: '' }) })
    fc.assert(
      fc.property(fc.json(), fc.nat(2), fc.array(change, { maxLength: 3 }), (json, spaces, changes) => {
        let text = JSON.stringify(JSON.parse(json), undefined, spaces)
        for (const { at, removed, added } of changes) {
          const place = at % (text.length + 1)
          text = text.slice(0, place) + added + text.slice(place + removed)
        }
        text = text.toWellFormed()
        expect([text, accepts(text)]).toEqual([text, parses(text)])
      }),
      { numRuns: 2000 },
    )
  })

  it.each(
    [
      ['0', '-0', '01', '1.', '.1', '1e', '1e+', '-', '+1', '1E-2', 'NaN', 'Infinity', '0x1'],
      ['"', '"\\', '"\\u12"', '"\\u12g4"', '"\\x"', '"a\nb"', '"\u007f"', '"\u2028"'],
      ['', ' ', 'nul', 'nulls', 'true false', '[1,]', '[,1]', '{"a"}', '{a:1}', '{"a":1,}', '{"a":1"b":2}'],
      ['[', ']', '{', '[1}', '\ufeff1', '\u00a01', '\v1', ' \t\r\n1 '],
    ].flat(),
  )('%j is judged as JSON.parse does', (text) => expect(accepts(text)).toBe(parses(text)))

  it('may be nested as deep as allowed', () => {
    expect(accepts('[{"a":[]}]', 3)).toBe(true)
    expect(accepts('[{"a":[]}]', 2)).toBe(false)
    expect(accepts('[],[]', 1)).toBe(false)
    expect(accepts('[[],[],{}]', 2)).toBe(true)
  })
})
