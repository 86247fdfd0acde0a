import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { docOf, everyEdit, play, scripts, shown, vectorOf } from '../testing/writers.ts'
import { scan } from './scan.ts'
import { cut, emptyUpdate, splice } from './splice.ts'
import { decodeStateVector, encodeStateVector } from './state-vector.ts'

function sameDocument(one: Y.Doc, other: Y.Doc): void {
  expect(shown(one)).toEqual(shown(other))
  expect(vectorOf(one)).toEqual(vectorOf(other))
  expect(Y.snapshot(one)).toEqual(Y.snapshot(other))
}

describe('splicing', () => {
  it('makes one update with the effect of all', () => {
    const holds = (script: Parameters<typeof play>[0]): void => {
      const { updates } = play(script)
      const spliced = splice(updates)
      scan(spliced)
      sameDocument(docOf([spliced]), docOf(updates))
    }
    holds(everyEdit)
    fc.assert(fc.property(scripts, holds), { numRuns: 50 })
  })

  it('may be done in parts, and twice over the same', () => {
    fc.assert(
      fc.property(scripts, fc.nat(40), fc.nat(10), (script, at, overlap) => {
        const { updates } = play(script)
        const [head, tail] = [updates.slice(0, at), updates.slice(Math.max(0, at - overlap))]
        sameDocument(docOf([splice([splice(head), splice(tail)])]), docOf(updates))
      }),
      { numRuns: 50 },
    )
  })

  it('joins thousands of keystrokes, more than are joined at once', () => {
    const keystrokes = play(
      Array.from({ length: 3000 }, (_, at) => ({
        writer: at % 2,
        action: 'type',
        at: at >> 1,
        size: 0,
        text: 'k',
      })),
    ).updates
    expect(keystrokes).toHaveLength(3000)
    sameDocument(docOf([splice(keystrokes)]), docOf(keystrokes))
  })

  it('of nothing says nothing', () => {
    expect(splice([])).toBe(emptyUpdate)
    expect(docOf([emptyUpdate]).store.clients.size).toBe(0)
  })

  it('of one update is that update, untouched', () => {
    const update = Uint8Array.of(0, 0)
    expect(splice([update])).toBe(update)
  })
})

describe('cutting', () => {
  it('leaves what someone lacks, and what Yjs would leave', () => {
    fc.assert(
      fc.property(scripts, fc.nat(40), (script, at) => {
        const { updates } = play(script)
        const known = docOf(updates.slice(0, at))
        const whole = splice(updates)
        const missing = cut(whole, decodeStateVector(Y.encodeStateVector(known)))
        if (vectorOf(known).size > 0) expect(missing).toEqual(Y.diffUpdate(whole, Y.encodeStateVector(known)))
        scan(missing)
        Y.applyUpdate(known, missing)
        sameDocument(known, docOf(updates))
      }),
      { numRuns: 50 },
    )
  })

  it('leaves someone who knows nothing the update as it lies', () => {
    const update = splice(play(everyEdit).updates)
    expect(cut(update, new Map())).toBe(update)
  })

  it('leaves someone who knows all, or more, the deletions only', () => {
    const { updates } = play(everyEdit)
    const doc = docOf(updates)
    const more = new Map([...vectorOf(doc), [5, 100]]).set(7, 1_000_000)
    for (const known of [vectorOf(doc), more]) {
      const { structs, deletes } = scan(cut(splice(updates), decodeStateVector(encodeStateVector(known))))
      expect(structs).toEqual([])
      expect(deletes.length).toBeGreaterThan(0)
    }
  })
})
