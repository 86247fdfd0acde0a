import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { docOf, everyEdit, play, scripts, shown, vectorOf, type Script } from '../testing/writers.ts'
import { scan } from './scan.ts'
import { cut, divide, emptyUpdate, knownTo, missingParts, spliceBytes as splice } from './splice.ts'
import { decodeStateVector, encodeStateVector } from './state-vector.ts'

function sameDocument(one: Y.Doc, other: Y.Doc): void {
  expect(shown(one)).toEqual(shown(other))
  expect(vectorOf(one)).toEqual(vectorOf(other))
  expect(Y.snapshot(one)).toEqual(Y.snapshot(other))
}

/** An update that deletes so much of client 5. */
function deleting(clock: number, length: number): Uint8Array {
  return Uint8Array.of(0, 1, 5, 1, clock, length)
}

/** All that somebody typed, key by key, as one update. */
function typedBy(client: number, keys: number): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = client
  for (let key = 0; key < keys; key++) doc.getText('content').insert(key, 'é')
  return Y.encodeStateAsUpdate(doc)
}

/** The last of them only. */
function lastKeyOf(client: number, keys: number): Uint8Array {
  const before = docOf([typedBy(client, keys - 1)])
  return Y.encodeStateAsUpdate(docOf([typedBy(client, keys)]), Y.encodeStateVector(before))
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

  it('joins what several people type at once, whoever is first', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 32 }), { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 1, max: 200 }),
        (clients, keys) => {
          const updates = clients.map((client) => typedBy(client, keys))
          const spliced = splice(updates)
          expect(scan(spliced).runs.map(({ client }) => client)).toEqual(clients.toSorted((a, b) => b - a))
          sameDocument(docOf([spliced]), docOf(updates))
        },
      ),
      { numRuns: 50 },
    )
  })

  it('tells of what is missing between two updates, or before the first', () => {
    const [first = emptyUpdate, second = emptyUpdate, third = emptyUpdate] = [1, 2, 3].map((keys) =>
      lastKeyOf(7, keys),
    )
    const others = typedBy(9, 3)
    const withSkip = Y.mergeUpdates([first, third])
    const startingWithSkip = Y.diffUpdate(withSkip, Y.encodeStateVectorFromUpdate(first))
    for (const updates of [
      [withSkip, others],
      [others, startingWithSkip],
      [others, withSkip, typedBy(8, 1)],
    ]) {
      const doc = docOf([splice(updates)])
      Y.applyUpdate(doc, first)
      Y.applyUpdate(doc, second)
      sameDocument(doc, docOf([first, second, third, ...updates]))
    }
  })

  it('lists deletions in order, or a document that has to wait with them deletes something else', () => {
    const deletionsOf = (update: Uint8Array) => Y.decodeUpdate(update).ds.clients.get(5)
    const deletions = [deleting(10, 2), deleting(3, 4), deleting(5, 4), deleting(11, 1)]
    const spliced = splice(deletions)
    expect(deletionsOf(spliced)).toMatchObject([
      { clock: 3, len: 6 },
      { clock: 10, len: 2 },
    ])
    expect(deletionsOf(Y.encodeStateAsUpdate(docOf([spliced])))).toEqual(deletionsOf(spliced))
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
        const missing = cut(scan(whole), knownTo(decodeStateVector(Y.encodeStateVector(known))))
        expect(scan(missing).runs.map(({ client, clock, end }) => [client, clock, end])).toEqual(
          scan(Y.diffUpdate(whole, Y.encodeStateVector(known))).runs.map(({ client, clock, end }) => [
            client,
            clock,
            end,
          ]),
        )
        Y.applyUpdate(known, missing)
        sameDocument(known, docOf(updates))
      }),
      { numRuns: 50 },
    )
  })

  it('leaves someone who knows nothing the update as it lies', () => {
    const update = splice(play(everyEdit).updates)
    expect(cut(scan(update), knownTo(new Map()))).toEqual(update)
  })

  it('leaves someone who knows all, or more, the deletions only', () => {
    const { updates } = play(everyEdit)
    const doc = docOf(updates)
    const more = new Map([...vectorOf(doc), [5, 100]]).set(7, 1_000_000)
    for (const known of [vectorOf(doc), more]) {
      const vector = decodeStateVector(encodeStateVector(known))
      const { runs, deletions } = scan(cut(scan(splice(updates)), knownTo(vector)))
      expect(runs).toEqual([])
      expect(deletions.length).toBeGreaterThan(0)
    }
  })
})

describe('dividing', () => {
  it('makes updates of which each builds on earlier ones only, with the effect of the whole', () => {
    fc.assert(
      fc.property(scripts, fc.integer({ min: 1, max: 200 }), (script, maxBytes) => {
        const { updates } = play(script)
        const parts = [...divide(scan(splice(updates)), maxBytes)]
        const doc = new Y.Doc()
        for (const part of parts) {
          scan(part)
          Y.applyUpdate(doc, part)
          expect([doc.store.pendingStructs, doc.store.pendingDs]).toEqual([null, null])
        }
        expect(shown(doc)).toEqual(shown(docOf(updates)))
        expect(vectorOf(doc)).toEqual(vectorOf(docOf(updates)))
      }),
      { numRuns: 100 },
    )
  })

  it('of what someone lacks builds on what they have, and leaves out nothing', () => {
    const holds = (script: Parameters<typeof play>[0], at: number, maxBytes: number): void => {
      const { updates } = play(script)
      const doc = docOf(updates.slice(0, at))
      const lacking = cut(scan(splice(updates)), knownTo(decodeStateVector(Y.encodeStateVector(doc))))
      for (const part of divide(scan(lacking), maxBytes)) {
        Y.applyUpdate(doc, part)
        expect([doc.store.pendingStructs, doc.store.pendingDs]).toEqual([null, null])
      }
      sameDocument(doc, docOf(updates))
    }
    fc.assert(fc.property(scripts, fc.nat(40), fc.integer({ min: 1, max: 200 }), holds), { numRuns: 100 })
    // By turns, so that each builds on what the other had written before.
    const byTurns = Array.from({ length: 40 }, (_, turn) => {
      const writer = (2 * turn) % 3 // who hears the last one
      return (['hear', 'type'] as const).map((action) => ({ writer, action, at: turn, size: 0, text: 'a' }))
    }).flat()
    holds(byTurns, 20, 10)
  })

  it('divides a long text between its characters', () => {
    const doc = new Y.Doc()
    const text = 'aé…🙂'.repeat(500)
    doc.getText('content').insert(0, text)
    const parts = [...divide(scan(Y.encodeStateAsUpdate(doc)), 64)]
    expect(parts.length).toBeGreaterThan(50)
    for (const part of parts) expect(part.length).toBeLessThan(128)
    expect(docOf(parts).getText('content').toString()).toBe(text)
    // Joined again it is what Yjs would have read: neighbours that go on from each other.
    expect(
      docOf([splice(parts)])
        .getText('content')
        .toString(),
    ).toBe(text)
  })

  it.each([20_000, 40_000, 100_000])(
    'of what one client wrote, in parts of %i bytes, needs no more than to be moved',
    (maxBytes) => {
      const doc = new Y.Doc()
      const text = doc.getText('text')
      for (let word = 0; word < 8000; word++) text.insert((word * 7919) % (text.length + 1), ` ${word}`)
      for (let place = 0; place < 6000; place++) text.delete((place * 4001) % text.length, 1)
      const whole = Y.encodeStateAsUpdate(doc)
      expect(scan(whole).runs[0]?.stops.length).toBeGreaterThan(4)
      const parts = [...divide(scan(whole), maxBytes)]
      const sizes = parts.map(({ length }) => length)
      expect(Math.max(...sizes)).toBeLessThan(maxBytes + 50)
      expect(sizes.length).toBeLessThanOrEqual(Math.ceil(whole.length / (maxBytes - 17_000)))
      const joiner = new Y.Doc()
      for (const part of parts) {
        Y.applyUpdate(joiner, part)
        expect([joiner.store.pendingStructs, joiner.store.pendingDs]).toEqual([null, null])
      }
      expect(joiner.getText('text').toString()).toBe(text.toString())
      expect(Y.snapshot(joiner)).toEqual(Y.snapshot(doc))
    },
  )

  it('of nothing is nothing', () => expect([...divide(scan(emptyUpdate), 64)]).toEqual([]))
})

describe('a log that says things twice', () => {
  const saysTwice = (script: Script, again: readonly number[]): Uint8Array[] => {
    const { updates, docs } = play(script)
    const states = again.map((at) => docOf(updates.slice(0, at))).map((doc) => Y.encodeStateAsUpdate(doc))
    return [...updates, ...states, ...docs.map((doc) => Y.encodeStateAsUpdate(doc)), ...updates]
  }

  it('is joined into what Yjs makes of it', () => {
    fc.assert(
      fc.property(scripts, fc.array(fc.nat(40), { maxLength: 5 }), (script, again) => {
        const log = saysTwice(script, again)
        sameDocument(docOf([splice(log)]), docOf(log))
      }),
      { numRuns: 50 },
    )
  })

  it('keeps what was written when who wrote it has spoilt it since', () => {
    // Between the halves of a character Yjs puts two replacement characters for it, in this one document.
    const turn = { writer: 0, at: 1, size: 1 } as const
    const log = saysTwice(
      [
        { ...turn, action: 'type', at: 0, text: '𐀀a' },
        { ...turn, action: 'format', text: '' },
      ],
      [],
    )
    expect(docOf(log.slice(1)).getText('content').toString()).toBe('\ufffd\ufffda')
    sameDocument(docOf([splice(log)]), docOf(log))
  })
})

describe('what someone lacks of a log', () => {
  const parts = (updates: readonly Uint8Array[], known: Y.Doc, maxBytes: number): Uint8Array[] =>
    missingParts(
      updates.map((update) => scan(update)),
      decodeStateVector(Y.encodeStateVector(known)),
      maxBytes,
    )

  it('arrives whole, in whatever parts, and without anybody deleting anything', () => {
    fc.assert(
      fc.property(scripts, fc.nat(40), fc.integer({ min: 1, max: 300 }), (script, at, maxBytes) => {
        const { updates } = play(script)
        const doc = docOf(updates.slice(0, at))
        let own = 0
        doc.on('update', (_update, _origin, _doc, { local }) => (own += Number(local)))
        for (const part of parts(updates, doc, maxBytes)) Y.applyUpdate(doc, part)
        sameDocument(doc, docOf(updates))
        expect(own).toBe(0)
      }),
      { numRuns: 200 },
    )
  })

  it('keeps its marks, whose text may come later', () => {
    const doc = new Y.Doc()
    doc.clientID = 1
    const updates: Uint8Array[] = []
    doc.on('update', (update) => updates.push(update))
    const text = doc.getText('content')
    text.insert(0, 'plain plain')
    text.format(6, 0, { bold: true })
    text.insert(6, 'bold'.repeat(100), { bold: true })
    const base = Y.mergeUpdates(updates)
    const arrived = new Y.Doc()
    for (const part of parts([base], new Y.Doc(), 20)) Y.applyUpdate(arrived, part)
    expect(arrived.getText('content').toDelta()).toEqual(text.toDelta())
  })

  it('comes in parts where nothing is formatted, and whole where something is', () => {
    const written = (attributes?: object): Uint8Array[] => {
      const doc = new Y.Doc()
      const updates: Uint8Array[] = []
      doc.on('update', (update) => updates.push(update))
      for (let entry = 0; entry < 4; entry++) doc.getText('content').insert(0, 'x'.repeat(100), attributes)
      return updates
    }
    expect(parts(written(), new Y.Doc(), 50).length).toBeGreaterThan(7)
    expect(parts(written({ bold: true }), new Y.Doc(), 50)).toHaveLength(1)
    expect(parts([], new Y.Doc(), 1000)).toEqual([])
  })
})
