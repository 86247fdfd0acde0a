import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { clientsIn, renameIds } from './rename.ts'
import { scan } from './scan.ts'

/** What somebody does next: where in the text, of a thousand, and what is typed there; without it, one unit is deleted. */
const steps = fc.array(
  fc.record({
    by: fc.constantFrom(1, 2),
    at: fc.nat(999),
    typed: fc.option(fc.constantFrom('a', 'bc', 'def'), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 30 },
)

function textOf(...updates: Uint8Array[]): string {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  expect([doc.store.pendingStructs, doc.store.pendingDs]).toEqual([null, null])
  return doc.getText('content').toString()
}

/** Each step as an update of its own, by two clients that see all of each other. */
function play(all: typeof steps extends fc.Arbitrary<infer Value> ? Value : never): Uint8Array[] {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  const text = doc.getText('content')
  for (const { by, at, typed } of all) {
    doc.clientID = by
    const index = Math.floor((at / 1000) * text.length)
    if (typed) text.insert(index, typed)
    else if (text.length > 0) text.delete(index, 1)
  }
  return updates
}

describe('under other ids', () => {
  it('updates make the same document, from whichever clock on they are renamed', () => {
    fc.assert(
      fc.property(steps, fc.nat(20), (all, clock) => {
        const updates = play(all)
        const renamed = updates.map((update) =>
          renameIds(scan(update), { client: 1, clock, end: Infinity, to: 7 }),
        )
        expect(textOf(...renamed)).toBe(textOf(...updates))
        const [whole, ...parts] = [Y.mergeUpdates(updates), ...renamed]
        expect(textOf(renameIds(scan(whole), { client: 1, clock, end: Infinity, to: 7 }))).toBe(
          textOf(...parts),
        )
        const known = Y.decodeStateVector(Y.encodeStateVectorFromUpdate(Y.mergeUpdates(renamed)))
        expect(known.get(1) ?? 0).toBeLessThanOrEqual(clock)
      }),
    )
  })

  it('what is after the end keeps its ids', () => {
    const doc = new Y.Doc()
    doc.clientID = 1
    doc.getText('content').insert(0, 'abcdef')
    doc.getText('content').delete(1, 4)
    const update = renameIds(scan(Y.encodeStateAsUpdate(doc)), { client: 1, clock: 2, end: 4, to: 7 })
    const { structs, ds } = Y.decodeUpdate(update)
    expect(
      structs
        .filter((struct) => struct instanceof Y.Item)
        .map(({ id, length }) => [id.client, id.clock, length]),
    ).toEqual([
      [7, 0, 2],
      [1, 0, 1],
      [1, 1, 1],
      [1, 4, 1],
      [1, 5, 1],
    ])
    expect(
      [...ds.clients].map(([client, ranges]) => [client, ranges.map(({ clock, len }) => [clock, len])]),
    ).toEqual([
      [7, [[0, 2]]],
      [
        1,
        [
          [1, 1],
          [4, 1],
        ],
      ],
    ])
  })

  it('a type takes what is in it along', () => {
    const doc = new Y.Doc()
    doc.clientID = 1
    const list = new Y.Array<unknown>()
    doc.getMap('meta').set('list', list)
    list.push([{ a: 1 }, new Y.Text('within')])
    const copy = new Y.Doc()
    Y.applyUpdate(
      copy,
      renameIds(scan(Y.encodeStateAsUpdate(doc)), { client: 1, clock: 0, end: Infinity, to: 7 }),
    )
    expect(copy.getMap('meta').toJSON()).toEqual(doc.getMap('meta').toJSON())
    expect([...copy.store.clients.keys()]).toEqual([7])
  })
})

it('the clients of an update are those it writes under, builds on or deletes', () => {
  const doc = new Y.Doc()
  const text = doc.getText('content')
  doc.clientID = 1
  text.insert(0, 'ab')
  doc.clientID = 2
  text.insert(2, 'cd')
  const before = Y.encodeStateVector(doc)
  doc.clientID = 3
  text.insert(2, 'between')
  expect(clientsIn(scan(Y.encodeStateAsUpdate(doc, before)))).toEqual(new Set([1, 2, 3]))
  const last = new Promise<Uint8Array>((resolve) => doc.once('update', resolve))
  text.delete(0, 1)
  return expect(last.then((update) => clientsIn(scan(update)))).resolves.toEqual(new Set([1]))
})
