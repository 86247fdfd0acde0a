import * as fc from 'fast-check'
import * as encoding from 'lib0/encoding'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { ByteWriter } from '../bytes.ts'
import { limits } from '../limits.ts'
import { hex, toHex } from '../testing/hex.ts'
import { madeBytes, madeUpdate } from '../testing/made-updates.ts'
import { docOf, everyEdit, play, scripts, shown, vectorOf } from '../testing/writers.ts'
import { admit, type Admission } from './gate.ts'
import { Ledger } from './ledger.ts'
import { scan } from './scan.ts'
import { emptyUpdate, splice } from './splice.ts'
import { encodeStateVector } from './state-vector.ts'

/** A ledger and what passed the gate into it. */
class Room {
  readonly ledger = new Ledger()
  readonly log: Uint8Array[] = []

  receive(update: Uint8Array): Admission {
    const admission = admit(update, this.ledger)
    if (admission.type === 'admitted') {
      this.ledger.add(admission.update)
      this.log.push(admission.update.bytes)
    }
    return admission
  }
}

function roomOf(updates: readonly Uint8Array[]): Room {
  const room = new Room()
  for (const update of updates) expect(room.receive(update).type).not.toBe('gap')
  return room
}

/** `updates` in an order that `seeds` choose. */
function shuffled(updates: readonly Uint8Array[], seeds: readonly number[]): Uint8Array[] {
  return updates
    .map((update, index) => ({ update, rank: ((seeds[index % seeds.length] ?? 0) * (index + 7)) % 101 }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ update }) => update)
}

const edited = (doc: Y.Doc, edit: () => void): Uint8Array => {
  const before = Y.encodeStateVector(doc)
  edit()
  return Y.encodeStateAsUpdate(doc, before)
}

/** Deletes client 5's clocks 10 and 11, then 3 to 6: no document lists them so. */
const unordered = Uint8Array.of(0, 1, 5, 2, 10, 2, 3, 4)

describe('the gate', () => {
  it('S3: puts deletions in order, since documents that wait with them need them so', () => {
    const doc = new Y.Doc()
    doc.clientID = 5
    doc.getText('content').insert(0, 'twelve clock')
    const room = roomOf([Y.encodeStateAsUpdate(doc)])
    expect(room.receive(unordered).type).toBe('admitted')
    const ranges = Y.decodeUpdate(room.log.at(-1) ?? emptyUpdate).ds.clients.get(5)
    expect(ranges).toMatchObject([
      { clock: 3, len: 4 },
      { clock: 10, len: 2 },
    ])
  })

  it('S3: admits what people write at once in causal order, knows it afterwards, and ends where Yjs ends', () => {
    const holds = (script: Parameters<typeof play>[0]): void => {
      const { updates } = play(script)
      const room = new Room()
      for (const update of updates) expect(['admitted', 'known']).toContain(room.receive(update).type)
      for (const update of updates) expect(admit(update, room.ledger).type).toBe('known')
      const all = docOf(updates)
      expect(room.ledger.stateVector).toEqual(vectorOf(all))
      expect(shown(docOf(room.log))).toEqual(shown(all))
    }
    holds(everyEdit)
    fc.assert(fc.property(scripts, holds), { numRuns: 100 })
  })

  it('S4: answers a gap with a struct it lacks; once that is there, and the next, the update is admitted', () => {
    const order = fc.array(fc.nat(100), { minLength: 1, maxLength: 7 })
    fc.assert(
      fc.property(scripts, order, (script, seeds) => {
        const { updates } = play(script)
        const room = new Room()
        let waiting = shuffled(updates, seeds)
        while (waiting.length > 0) {
          const still = waiting.filter((update) => {
            const admission = room.receive(update)
            if (admission.type !== 'gap') return false
            for (const [client, clock] of admission.missing)
              expect(room.ledger.nextClock(client)).toBeLessThanOrEqual(clock)
            return true
          })
          expect(still.length).toBeLessThan(waiting.length)
          waiting = still
        }
        expect(room.ledger.stateVector).toEqual(vectorOf(docOf(updates)))
        expect(docOf(room.log).store.pendingStructs).toBeNull()
      }),
      { numRuns: 100 },
    )
  })

  it('S4: asks again only when the missing struct is known, and is then further on', () => {
    const doc = new Y.Doc()
    doc.clientID = 1
    const first = edited(doc, () => doc.getText('t').insert(0, 'a'))
    const second = edited(doc, () => doc.getText('t').insert(1, 'b'))
    const other = new Y.Doc()
    other.clientID = 2
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
    const third = edited(other, () => other.getText('t').insert(2, 'c'))
    const room = new Room()
    expect(room.receive(third)).toEqual({ type: 'gap', missing: new Map([[1, 1]]) })
    expect(room.receive(second)).toEqual({ type: 'gap', missing: new Map([[1, 0]]) })
    expect([first, second, third].map((update) => room.receive(update).type)).toEqual(
      Array(3).fill('admitted'),
    )
  })

  it('S4: answers a deletion of what nobody has written with a gap, and lets nothing of it in', () => {
    const room = new Room()
    expect(room.receive(hex('00 01 07 01 00 05'))).toEqual({ type: 'gap', missing: new Map([[7, 4]]) })
    const partly = hex('01 01 07 00 04 01 01 78 01 61 01 07 01 00 02')
    expect(room.receive(partly)).toEqual({ type: 'gap', missing: new Map([[7, 1]]) })
    expect(room.ledger.stateVector).toEqual(new Map())
  })

  it('S5: knows the answer of a client that is up to date, which holds all deletions and nothing else', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { updates } = play(script)
        const room = roomOf(updates)
        const whole = docOf(updates)
        const answer = Y.encodeStateAsUpdate(whole, Y.encodeStateVector(whole))
        const first = room.receive(answer)
        // Where people wrote one map key at once, Yjs deletes the loser without anyone having sent that.
        if (first.type === 'admitted') expect(first.update.runs).toEqual([])
        expect(admit(answer, room.ledger).type).toBe('known')
        expect(admit(Y.encodeStateAsUpdate(whole), room.ledger).type).toBe('known')
      }),
      { numRuns: 50 },
    )
  })

  it('S5: knows an update that says nothing', () => {
    expect(admit(hex('00 00'), new Ledger()).type).toBe('known')
    expect(admit(hex('01 01 01 00 0a 05 00'), new Ledger()).type).toBe('known')
  })

  it('S3: admits a deletion alone as news, once', () => {
    const doc = new Y.Doc()
    const typed = edited(doc, () => doc.getText('t').insert(0, 'abc'))
    const erased = edited(doc, () => doc.getText('t').delete(1, 1))
    const room = roomOf([typed])
    expect([room.receive(erased).type, room.receive(erased).type]).toEqual(['admitted', 'known'])
  })

  it('S3: admits what overlaps with what it knows and goes on from there', () => {
    const doc = new Y.Doc()
    doc.getText('t').insert(0, 'ab')
    const room = roomOf([Y.encodeStateAsUpdate(doc)])
    doc.getText('t').insert(2, 'cd')
    expect(room.receive(Y.encodeStateAsUpdate(doc)).type).toBe('admitted')
    expect(room.ledger.stateVector).toEqual(vectorOf(doc))
    expect(docOf(room.log).getText('t').toString()).toBe('abcd')
  })

  it('S3: admits clients whose structs build on each other by turns, in whatever order they are listed', () => {
    const [anna, bo] = [new Y.Doc(), new Y.Doc()]
    anna.clientID = 1
    bo.clientID = 2
    for (let round = 0; round < 20; round++) {
      anna.getText('t').insert(round * 2, 'a')
      Y.applyUpdate(bo, Y.encodeStateAsUpdate(anna))
      bo.getText('t').insert(round * 2 + 1, 'b')
      Y.applyUpdate(anna, Y.encodeStateAsUpdate(bo))
    }
    expect(new Room().receive(Y.encodeStateAsUpdate(anna)).type).toBe('admitted')
  })

  it('refuses what cannot be read, with the reason of the scan, and changes nothing', () => {
    const room = new Room()
    expect(room.receive(hex('00 00 00'))).toMatchObject({ type: 'refused', code: 'update-malformed' })
    expect(room.receive(hex('01'))).toMatchObject({ type: 'refused', code: 'update-malformed' })
    expect(room.ledger.stateVector).toEqual(new Map())
  })

  it('does not change the ledger by asking', () => {
    const { updates } = play(everyEdit)
    const room = roomOf(updates.slice(0, 20))
    const before = structuredClone(room.ledger.stateVector)
    for (const update of updates) admit(update, room.ledger)
    expect(room.ledger.stateVector).toEqual(before)
  })
})

/** `[client, clock, origin client, origin clock]`: one letter, right of its origin. */
function letters(...structs: readonly (readonly [number, number, number, number])[]): Uint8Array {
  const lists = Array.from(Map.groupBy(structs, ([client]) => client))
  const bytes = lists.flatMap(([client, list]) => [
    [list.length, client, list[0]?.[1] ?? 0],
    ...list.map(([, , originClient, originClock]) => [0x84, originClient, originClock, 1, 97]),
  ])
  return Uint8Array.of(lists.length, ...bytes.flat(), 0)
}

describe('structs that build on each other in a circle', () => {
  const refusal = { type: 'refused', code: 'update-malformed' }

  it.each([
    ['of one: on itself', letters([1, 0, 1, 0])],
    ['of one client: on its own future', letters([1, 0, 1, 1], [1, 1, 1, 0])],
    ['of two', letters([1, 0, 2, 0], [2, 0, 1, 0])],
    ['of two, a step further on', letters([1, 0, 2, 1], [2, 0, 9, 0], [2, 1, 1, 0])],
    ['of three', letters([1, 0, 2, 0], [2, 0, 3, 0], [3, 0, 1, 0])],
    ['that others wait for', letters([1, 0, 2, 0], [2, 0, 3, 0], [3, 0, 2, 0])],
  ])('S3: are refused, since Yjs would wait for ever or fail: a circle %s', (_what, update) => {
    const room = roomOf([hex('01 01 09 00 04 01 01 78 01 61 00')])
    expect(room.receive(update)).toMatchObject(refusal)
  })

  it('S4: are a gap, not a circle, while something else is missing', () => {
    expect(new Room().receive(letters([1, 0, 2, 0], [2, 0, 5, 0]))).toEqual({
      type: 'gap',
      missing: new Map([[5, 0]]),
    })
  })

  it('are never left waiting: Yjs can place whatever is admitted', () => {
    const id = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(3))
    const structs = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), id), { minLength: 1, maxLength: 12 })
    const root = hex('01 01 09 00 04 01 01 78 01 61 00')
    fc.assert(
      fc.property(structs, (pairs) => {
        const next = new Map<number, number>()
        const update = letters(
          ...pairs.map(([client, [originClient, originClock]], index) => {
            const clock = next.get(client) ?? 0
            next.set(client, clock + 1)
            return index % 3 === 0
              ? ([client, clock, 9, 0] as const)
              : ([client, clock, originClient, originClock] as const)
          }),
        )
        const room = roomOf([root])
        const admission = room.receive(update)
        let isPlaced: boolean
        try {
          isPlaced = docOf([root, update]).store.pendingStructs === null
        } catch {
          isPlaced = false
        }
        expect(admission.type === 'admitted').toBe(isPlaced)
      }),
      { numRuns: 500 },
    )
  })

  it('are looked for along the longest chain, without recursion', () => {
    const clients = 20_000
    // Each client builds on the one that is listed after it.
    const chain = encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, clients)
      for (let client = clients; client > 0; client--) {
        for (const number of [1, client, 0]) encoding.writeVarUint(encoder, number)
        encoding.writeUint8(encoder, client === 1 ? 4 : 0x84)
        if (client === 1) for (const number of [1, 1, 120]) encoding.writeVarUint(encoder, number)
        else for (const number of [client - 1, 0]) encoding.writeVarUint(encoder, number)
        encoding.writeVarString(encoder, 'a')
      }
      encoding.writeVarUint(encoder, 0)
    })
    expect(admit(chain, new Ledger()).type).toBe('admitted')
  })
})

describe('a key', () => {
  const nestedMap = hex('01 01 01 00 27 01 01 6d 01 6b 01 00')
  const twoInNestedMap = hex('01 01 01 01 28 00 01 00 01 6b 02 7e 7e 00')
  const word = hex('01 01 01 00 04 01 01 74 01 61 00')
  const value = hex('01 01 01 00 28 01 01 6d 01 6b 01 7e 00')
  const several = 'several values under one key'

  it('S3: holds one value at a time, since Yjs fails when of several in one struct some are deleted', () => {
    const deletions = [hex('00 01 01 01 02 01'), hex('00 01 01 01 00 01')]
    expect(() => docOf([nestedMap, twoInNestedMap, ...deletions])).toThrow('Unexpected case')
    expect(roomOf([nestedMap]).receive(twoInNestedMap)).toMatchObject({ type: 'refused', reason: several })
  })

  it.each([
    ['strings', hex('01 01 01 00 24 01 01 6d 01 6b 02 61 62 00')],
    ['JSON of old', hex('01 01 01 00 22 01 01 6d 01 6b 02 01 30 01 31 00')],
    ['any values', hex('01 01 01 00 28 01 01 6d 01 6b 02 7e 7e 00')],
    ['any values, of which one is deleted', hex('01 01 01 00 28 01 01 6d 01 6b 02 7e 7e 01 01 01 00 01')],
  ])('S3: holds one value at a time: %s', (_kind, update) =>
    expect(admit(update, new Ledger())).toMatchObject({ code: 'update-malformed', reason: several }),
  )

  it('S3: may hold several that are all deleted, as documents have them that keep what is deleted', () => {
    const doc = new Y.Doc({ gc: false })
    const map = doc.getMap<number>('map')
    for (let number = 0; number < 5; number++) map.set('key', number)
    const update = Y.encodeStateAsUpdate(doc)
    expect(scan(update).runs[0]?.count).toBe(2)
    expect(admit(update, new Ledger()).type).toBe('admitted')
  })

  it.each([
    ['beside a value', value, hex('01 01 02 00 88 01 00 02 7e 7e 00')],
    ['left of a value', value, hex('01 01 02 00 48 01 00 02 7e 7e 00')],
    [
      'beside a value of the same update',
      hex('00 00'),
      hex('01 02 01 00 28 01 01 6d 01 6b 01 7e 88 01 00 02 7e 7e 00'),
    ],
    [
      'beside a value of the same update that is listed later',
      hex('00 00'),
      hex('02 01 02 00 88 01 00 02 7e 7e 01 01 00 28 01 01 6d 01 6b 01 7e 00'),
    ],
    ['of which the first is known', value, hex('01 01 01 00 28 01 01 6d 01 6b 03 7e 7e 7e 00')],
  ])('S3: holds one value at a time, whatever a struct says: %s', (_case, known, update) =>
    expect(roomOf([known]).receive(update)).toMatchObject({ code: 'update-malformed', reason: several }),
  )

  it.each([
    ['a word beside a word that claims a key', [word, hex('01 01 02 00 a4 01 00 01 62 00')], '02'],
    [
      'a word between a word and a value',
      [word, hex('01 01 02 00 28 01 01 6d 01 6b 01 7e 00'), hex('01 01 03 00 c4 01 00 02 00 01 62 00')],
      '03',
    ],
  ])('S3: cannot be forced on what is written next: %s', (_case, known, neighbour) => {
    const written = hex(`01 01 09 00 84 ${neighbour} 00 02 61 62 00`)
    expect(() => docOf([...known, written])).not.toThrow()
    expect(roomOf(known).receive(written).type).toBe('admitted')
  })

  it('S3: is known of what is stored, and of what has no bit for it after Yjs merged it', () => {
    const doc = new Y.Doc()
    const map = doc.getMap('map')
    for (let number = 0; number < 3; number++) map.set('key', number)
    const client = doc.clientID
    const whole = Y.encodeStateAsUpdate(doc)
    for (const stored of [[whole], [Y.mergeUpdates([whole, Y.encodeStateAsUpdate(docOf([word]))])]])
      expect([0, 1, 2].map((clock) => Ledger.of(stored).hasKey(client, clock))).toEqual([true, true, true])
  })

  it('S3: stands in the way of nothing that people write at once', () => {
    fc.assert(
      fc.property(scripts, fc.array(fc.nat(100), { minLength: 1 }), (script, seeds) => {
        const { updates } = play(script)
        const room = new Room()
        for (const update of shuffled(updates, seeds)) expect(room.receive(update).type).not.toBe('refused')
        expect(admit(Y.encodeStateAsUpdate(docOf(updates)), room.ledger).type).not.toBe('refused')
      }),
      { numRuns: 100 },
    )
  })
})

describe('an update that is partly known', () => {
  it('S3: is admitted as what is new of it, so that nothing is stored twice', () => {
    fc.assert(
      fc.property(scripts, fc.nat(40), (script, at) => {
        const { updates } = play(script)
        const room = roomOf(updates.slice(0, at))
        const everything = docOf(updates)
        const admission = room.receive(Y.encodeStateAsUpdate(everything))
        if (admission.type !== 'admitted') return
        const known = roomOf(updates.slice(0, at)).ledger
        for (const { client, clock } of admission.update.runs) expect(clock).toBe(known.nextClock(client))
        const doc = docOf([...room.log.slice(0, -1), admission.update.bytes])
        expect(shown(doc)).toEqual(shown(everything))
        expect(Y.snapshot(doc)).toEqual(Y.snapshot(everything))
        expect(doc.store.pendingDs).toBeNull()
      }),
      { numRuns: 100 },
    )
  })

  it('S3: is cut inside a struct as Yjs cuts it, even in the middle of a character', () => {
    const text = 'a🙂b\ud7ff🙃'
    for (let at = 1; at < text.length; at++) {
      const first = new Y.Doc()
      first.clientID = 1
      // What a client sent before it wrote on; a run of garbage of the same length stands for it.
      const room = roomOf([madeUpdate([{ client: 1, clock: 0, length: at }]).bytes])
      first.getText('t').insert(0, text)
      const whole = Y.encodeStateAsUpdate(first)
      const admission = room.receive(whole)
      if (admission.type !== 'admitted') throw new Error('the rest is new')
      const theirs = Y.diffUpdate(whole, encodeStateVector(new Map([[1, at]])))
      expect(toHex(admission.update.bytes)).toBe(toHex(theirs))
    }
  })

  it('is written anew if it lists clients in another order than Yjs does, which loses structs when it merges', () => {
    const one = madeBytes([1, 3].map((client) => ({ client, clock: 0, length: 1 })))
    const other = madeBytes([{ client: 2, clock: 0, length: 1 }])
    const merged = (updates: Uint8Array[]): number => vectorOf(docOf([Y.mergeUpdates(updates)])).size
    expect(merged([one, other])).toBeLessThan(3)
    const room = roomOf([one, other])
    expect(room.ledger.clientCount).toBe(3)
    expect(merged(room.log)).toBe(3)
  })

  it('leaves out deletions of nothing, for which Yjs would wait for ever', () => {
    const room = roomOf([hex('01 01 07 00 04 01 01 78 02 61 62 00')])
    const admission = room.receive(hex('00 01 07 02 05 00 00 01'))
    expect(admission).toMatchObject({ type: 'admitted', update: { bytes: hex('00 01 07 01 00 01') } })
    expect(room.receive(hex('00 01 07 01 05 00')).type).toBe('known')
  })

  it('takes whole what it took piece by piece, however many clocks a few bytes stand for', () => {
    const pieces = [0, 1, 2].map((place) =>
      madeBytes([{ client: 1, clock: place * 2 ** 24, length: 2 ** 24 }]),
    )
    const whole = Y.encodeStateAsUpdate(docOf(pieces))
    expect(whole.length).toBeLessThan(20)
    // Of a server that has lost all of it, and of one that stands on a backup.
    for (const left of [0, 1]) {
      const room = roomOf(pieces.slice(0, left))
      expect(room.receive(whole).type).toBe('admitted')
      expect(room.ledger.stateVector).toEqual(roomOf(pieces).ledger.stateVector)
    }
  })
})

describe('a limit of the gate', () => {
  /** One struct of garbage for each of so many clients. */
  const garbageOf = (clients: number): Uint8Array =>
    madeBytes(Array.from({ length: clients }, (_, client) => ({ client, clock: 0, length: 1 })))

  it('L12: an update may hold so many clients, and not one more', () => {
    expect(admit(garbageOf(limits.maxUpdateRuns), new Ledger()).type).toBe('admitted')
    expect(admit(garbageOf(limits.maxUpdateRuns + 1), new Ledger())).toMatchObject({
      code: 'update-too-large',
    })
  })

  it('L12: holds for clients that are only listed, and for those with deletions', () => {
    const listed = (clients: number): ByteWriter => {
      const writer = new ByteWriter().varUint(clients)
      for (let client = 0; client < clients; client++) writer.varUint(0).varUint(client).varUint(0)
      return writer.varUint(0)
    }
    expect(admit(listed(limits.maxUpdateRuns).finish(), new Ledger()).type).toBe('known')
    expect(admit(listed(limits.maxUpdateRuns + 1).finish(), new Ledger())).toMatchObject({
      code: 'update-too-large',
    })
    const deletions = (clients: number): Uint8Array => {
      const writer = new ByteWriter().varUint(0).varUint(clients)
      for (let client = 0; client < clients; client++) writer.varUint(client).varUint(0)
      return writer.finish()
    }
    expect(admit(deletions(limits.maxUpdateRuns), new Ledger()).type).toBe('known')
    expect(admit(deletions(limits.maxUpdateRuns + 1), new Ledger())).toMatchObject({
      code: 'update-too-large',
    })
  })

  it('L12: does not hold for what was admitted in parts and is stored as one', () => {
    const room = new Room()
    const part = (from: number): Uint8Array =>
      madeBytes(
        Array.from({ length: limits.maxUpdateRuns }, (_, at) => ({ client: from + at, clock: 0, length: 1 })),
      )
    for (const from of [0, limits.maxUpdateRuns]) expect(room.receive(part(from)).type).toBe('admitted')
    const stored = splice(room.log.map((update) => scan(update)))
    expect(Ledger.of([stored]).clientCount).toBe(2 * limits.maxUpdateRuns)
  })

  it('L14: a formatting mark may be so large, and not larger', () => {
    const formatted = (size: number): Admission => {
      const doc = new Y.Doc()
      doc.getText('t').insert(0, 'a', { link: 'x'.repeat(size) })
      return admit(Y.encodeStateAsUpdate(doc), new Ledger())
    }
    const overhead = '""'.length + 3 // the quotes, and the length before them
    expect(formatted(limits.maxFormatBytes - overhead).type).toBe('admitted')
    expect(formatted(limits.maxFormatBytes)).toMatchObject({ code: 'update-too-large' })
  })

  it('L14: does not hold for what is stored: Yjs may write a number anew that is longer', () => {
    const item = hex('01 02 01 00 04 01 01 78 01 61 86 01 00 01 62')
    const mark = new TextEncoder().encode(`[${Array(4000).fill('1e20').join()}]`)
    const update = new ByteWriter().rawBytes(item).varBytes(mark).varUint(0).finish()
    const room = roomOf([update])
    const stored = Y.encodeStateAsUpdate(docOf(room.log))
    expect(stored.length).toBeGreaterThan(limits.maxFormatBytes)
    expect(Ledger.of([stored]).stateVector).toEqual(room.ledger.stateVector)
  })
})
