import * as fc from 'fast-check'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { describe, expect, it } from 'vitest'
import { ByteReader, ByteWriter, varUintBytes } from './bytes.ts'
import { hex } from './testing/hex.ts'
import { refusalOf, truncations } from './testing/refusal.ts'
import { wireTexts } from './testing/texts.ts'

const numbers = fc.oneof(fc.nat(300), fc.maxSafeNat())

type Field = readonly ['number', number] | readonly ['bytes', Uint8Array] | readonly ['string', string]

const fields: fc.Arbitrary<readonly Field[]> = fc.array(
  fc.oneof(
    fc.tuple(fc.constant('number'), numbers),
    fc.tuple(fc.constant('bytes'), fc.uint8Array({ maxLength: 200 })),
    fc.tuple(fc.constant('string'), wireTexts({ maxLength: 100 })),
  ),
)

function write(values: readonly Field[]): Uint8Array {
  const writer = new ByteWriter(0)
  for (const [kind, value] of values) {
    if (kind === 'number') writer.varUint(value)
    else if (kind === 'bytes') writer.varBytes(value)
    else writer.varString(value)
  }
  return writer.finish()
}

function read(bytes: Uint8Array, kinds: readonly Field[]): unknown[] {
  const reader = new ByteReader(bytes)
  const values = kinds.map(([kind]) => {
    if (kind === 'number') return reader.varUint()
    return kind === 'bytes' ? reader.varBytes(1e6) : reader.varString(1e6)
  })
  reader.end()
  return values
}

const number = (text: string): unknown => new ByteReader(hex(text)).varUint()
const string = (text: string): unknown => new ByteReader(hex(text)).varString(100)
const refused = (reading: () => unknown): void => expect(refusalOf(reading)).toBe('frame-malformed')

describe('bytes', () => {
  it('are read as they were written, to the last one', () => {
    fc.assert(
      fc.property(fields, (values) => {
        expect(read(write(values), values)).toEqual(values.map(([, value]) => value))
      }),
    )
  })

  it('P5–P7: are those of lib0, in both directions', () => {
    fc.assert(
      fc.property(numbers, wireTexts(), fc.uint8Array(), (count, text, data) => {
        const theirs = encoding.encode((encoder) => {
          encoding.writeVarUint(encoder, count)
          encoding.writeVarString(encoder, text)
          encoding.writeVarUint8Array(encoder, data)
        })
        const ours = new ByteWriter().varUint(count).varString(text).varBytes(data).finish()
        expect(ours).toEqual(theirs)
        const decoder = decoding.createDecoder(ours)
        expect(decoding.readVarUint(decoder)).toBe(count)
        expect(decoding.readVarString(decoder)).toBe(text)
        expect(decoding.readVarUint8Array(decoder)).toEqual(data)
      }),
    )
  })

  it('once finished take no more memory than they must, and stay as they are when more is written', () => {
    for (const expectedBytes of [1, 3, 64]) {
      const writer = new ByteWriter(expectedBytes).rawBytes(hex('61 62 63'))
      const finished = writer.finish()
      const more = writer.rawBytes(hex('64')).finish()
      expect([finished, more]).toEqual([hex('61 62 63'), hex('61 62 63 64')])
      for (const { buffer, length } of [finished, more]) expect(buffer.byteLength).toBe(length)
    }
  })

  it('of a number are as many as was said', () => {
    fc.assert(
      fc.property(numbers, (value) => {
        expect(varUintBytes(value)).toBe(new ByteWriter().varUint(value).finish().length)
      }),
    )
  })

  it('are refused when cut off anywhere', () => {
    fc.assert(
      fc.property(fields, (values) => {
        for (const cutOff of truncations(write(values))) refused(() => read(cutOff, values))
      }),
      { numRuns: 30 },
    )
  })
})

describe('a number', () => {
  it.each([
    ['00', 0],
    ['7f', 127],
    ['80 01', 128],
    ['ff ff ff ff ff ff ff 0f', Number.MAX_SAFE_INTEGER],
  ])('reads %s as %d', (bytes, value) => expect(number(bytes)).toBe(value))

  it.each([
    ['cut off', '80'],
    ['nothing at all', ''],
    ['zero in two bytes', '80 00'],
    ['not in its shortest form', 'ff 80 00'],
    ['2^53', '80 80 80 80 80 80 80 10'],
    ['2^53 with its last bit set', '81 80 80 80 80 80 80 10'],
    ['past 2^53 in eight bytes', 'ff ff ff ff ff ff ff 7f'],
    ['nine bytes', '80 80 80 80 80 80 80 80 01'],
    ['eleven bytes', 'ff ff ff ff ff ff ff ff ff ff 01'],
    ['long, of zeros', '80 80 80 80 80 80 80 80 80 80 00'],
  ])('P5: is refused when it is %s', (_what, bytes) => refused(() => number(bytes)))
})

describe('a string', () => {
  it('may hold anything but NUL, a byte order mark included', () => {
    expect(string('04 f0 9f 99 82')).toBe('🙂')
    expect(string('03 ef bb bf')).toBe('\ufeff')
  })

  it.each([
    ['overlong', '02 c0 af'],
    ['overlong, of three bytes', '03 e0 80 af'],
    ['a lone surrogate', '03 ed a0 80'],
    ['past the last code point', '04 f4 90 80 80'],
    ['a continuation byte alone', '01 80'],
    ['cut within a character', '02 e2 82'],
    ['NUL', '01 00'],
    ['NUL in the middle', '03 61 00 62'],
    ['NUL in two bytes', '02 c0 80'],
  ])('P7: is refused when it is %s', (_what, bytes) => refused(() => string(bytes)))
})

describe('a length', () => {
  it('P6: is refused one past the end, and when it is as large as can be written', () => {
    expect(new ByteReader(hex('02 61 62')).varBytes(100)).toEqual(hex('61 62'))
    refused(() => new ByteReader(hex('03 61 62')).varBytes(100))
    refused(() => new ByteReader(hex('ff ff ff ff ff ff ff 0f 61')).varBytes(Number.MAX_SAFE_INTEGER))
  })

  it('P6: is refused one past the bound of its field', () => {
    expect(new ByteReader(hex('02 61 62')).varBytes(2)).toHaveLength(2)
    refused(() => new ByteReader(hex('02 61 62')).varBytes(1))
  })

  it('is never read past the view it was given, though the buffer goes on', () => {
    refused(() => new ByteReader(hex('03 61 62 63').subarray(0, 3)).varBytes(100))
  })
})
