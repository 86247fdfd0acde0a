import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { hex, toHex } from '../testing/hex.ts'
import { refusalOf, truncations } from '../testing/refusal.ts'
import { play, scripts, vectorOf } from '../testing/writers.ts'
import { limits } from '../limits.ts'
import { decodeStateVector, demandStateVector, encodeStateVector } from './state-vector.ts'

const vectors = fc
  .array(fc.tuple(fc.maxSafeNat(), fc.maxSafeNat()), { maxLength: 20 })
  .map((pairs) => new Map(pairs))

describe('a state vector', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(vectors, (vector) => {
        expect(decodeStateVector(encodeStateVector(vector))).toEqual(vector)
      }),
    )
  })

  it('P9: is that of Yjs, in both directions', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        for (const doc of play(script).docs) {
          const vector = decodeStateVector(Y.encodeStateVector(doc))
          expect(vector).toEqual(vectorOf(doc))
          expect(Y.decodeStateVector(encodeStateVector(vector))).toEqual(vector)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('of an empty document is one zero byte', () => expect(toHex(encodeStateVector(new Map()))).toBe('00'))

  it('is refused when cut off anywhere, or with a byte after its end', () => {
    fc.assert(
      fc.property(vectors, (vector) => {
        const bytes = encodeStateVector(vector)
        for (const cutOff of [...truncations(bytes), Uint8Array.of(...bytes, 0)])
          for (const read of [decodeStateVector, demandStateVector])
            expect(refusalOf(() => read(cutOff))).toBe('frame-malformed')
      }),
      { numRuns: 50 },
    )
  })

  it('is refused when it claims more clients than its bytes can hold, before one is read', () => {
    const claim = hex('ff ff ff ff ff ff ff 0f 01 01')
    expect(refusalOf(() => decodeStateVector(claim))).toBe('frame-malformed')
  })

  it('L3: may name as many clients as its limit, and not one more', () => {
    const naming = (count: number): Uint8Array =>
      encodeStateVector(new Map(Array.from({ length: count }, (_, client) => [client, 1])))
    const most = naming(limits.maxStateVectorClients)
    expect(decodeStateVector(most).size).toBe(limits.maxStateVectorClients)
    demandStateVector(most)
    const more = naming(limits.maxStateVectorClients + 1)
    expect(refusalOf(() => decodeStateVector(more))).toBe('frame-malformed')
    expect(refusalOf(() => demandStateVector(more))).toBe('frame-malformed')
  })

  it('that names a client twice means the later, as in Yjs', () => {
    const twice = hex('02 01 05 01 03')
    expect(decodeStateVector(twice)).toEqual(new Map([[1, 3]]))
    expect(Y.decodeStateVector(twice)).toEqual(new Map([[1, 3]]))
  })
})
