import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { texts } from '../testing/texts.ts'
import { skipBytes, skipUtf16, utf16Length } from './text.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodedLength(bytes: Uint8Array): number {
  try {
    return decoder.decode(bytes).length
  } catch {
    return -1
  }
}

describe('text in bytes', () => {
  it('is as long as the decoder makes it, or refused where the decoder refuses', () => {
    const someBytes = fc.uint8Array({ maxLength: 12 })
    const nearlyText = fc.tuple(texts({ maxLength: 8 }), fc.nat(), fc.nat(255)).map(([text, at, byte]) => {
      const bytes = new TextEncoder().encode(text)
      if (bytes.length > 0) bytes[at % bytes.length] = byte
      return bytes
    })
    fc.assert(
      fc.property(fc.oneof(someBytes, nearlyText), (bytes) => {
        expect(utf16Length(bytes, 0, bytes.length)).toBe(decodedLength(bytes))
      }),
      { numRuns: 5000 },
    )
  })

  it('is judged as the decoder does at every boundary of two, three and four bytes', () => {
    const seconds = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff]
    for (let first = 0x80; first < 0x100; first++)
      for (const second of seconds)
        for (const rest of [[], [0x80], [0xbf, 0x80], [0x7f, 0x80], [0x80, 0xc0], [0x80, 0x80, 0x41]]) {
          const bytes = Uint8Array.of(first, second, ...rest)
          expect([bytes, utf16Length(bytes, 0, bytes.length)]).toEqual([bytes, decodedLength(bytes)])
        }
  })

  it('is skipped by units and by bytes to the same places', () => {
    fc.assert(
      fc.property(
        texts({ minLength: 1, maxLength: 10 }),
        fc.nat(),
        fc.integer({ min: 1, max: 12 }),
        (text, units, bytes) => {
          const encoded = new TextEncoder().encode(text)
          const wanted = units % (text.length + 1)
          const { at, splitsPair } = skipUtf16(encoded, 0, wanted)
          const before = decoder.decode(encoded.subarray(0, at))
          expect(before).toBe(text.slice(0, wanted + Number(splitsPair)))
          const skipped = skipBytes(encoded, 0, Math.min(bytes, encoded.length))
          expect(text.startsWith(decoder.decode(encoded.subarray(0, skipped.at)))).toBe(true)
          expect(decoder.decode(encoded.subarray(0, skipped.at))).toHaveLength(skipped.units)
          expect(skipped.units).toBeGreaterThan(0)
        },
      ),
    )
  })
})
