/** What every `LocalDocument` promises. An adapter's test calls this with the way to get a new device. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Changes, Edit, Kept, LocalDocument, LocalStoreError } from './local-store.ts'

/** A browser, with one document. */
export interface TestDevice {
  /** The document in a tab of its own. */
  open(): Promise<LocalDocument>
  /** Writing fails from now on, in all tabs; returns the undo. */
  failWrites(code: LocalStoreError['code']): Promise<() => Promise<void>>
}

export function localDocumentContract(newDevice: () => TestDevice): void {
  describe('every local document', () => {
    let device: TestDevice
    let tab: LocalDocument
    let other: LocalDocument
    const opened: LocalDocument[] = []

    async function open(): Promise<LocalDocument> {
      const document = await device.open()
      opened.push(document)
      return document
    }

    beforeEach(async () => {
      device = newDevice()
      tab = await open()
      other = await open()
    })
    afterEach(() => {
      for (const document of opened.splice(0)) document.close()
    })

    /** What a new tab finds. */
    async function kept(): Promise<Found> {
      return keptIn(await (await open()).load())
    }

    it('holds nothing at first', async () => {
      expect(await tab.load()).toEqual({ saved: [], unsaved: [], roles: new Map(), renames: [] })
      expect(tab.tailBytes).toBe(0)
    })

    it('gives back what was written, in this tab and in another', async () => {
      await tab.write({ saved: [update(1)], unsaved: [edit('a', 2)], role: { entrance: 'x', role: 'edit' } })
      const all = {
        saved: [update(1)],
        unsaved: [edit('a', 2)],
        roles: new Map([['x', 'edit']]),
        renames: [],
      }
      expect([await tab.load(), await other.load()]).toEqual([all, all])
    })

    it('keeps bytes as they were when they were written, and no others', async () => {
      const frame = Uint8Array.of(9, 9, ...update(1), 9)
      const bytes = frame.subarray(2, -1)
      await tab.write({ saved: [bytes], unsaved: [{ id: 'a', update: bytes }] })
      await tab.compact(bytes)
      frame.fill(0)
      const { saved, unsaved } = await other.load()
      for (const each of [saved[0], unsaved[0]?.update]) {
        expect(each).toEqual(update(1))
        expect(each?.buffer.byteLength).toBe(update(1).length)
      }
    })

    it('takes calls in their order, also those that were not waited for', async () => {
      const writes = [
        tab.write({ unsaved: [edit('a', 1), edit('b', 2), edit('c', 3)] }),
        tab.write({ settled: ['a'], dropped: ['b', 'c'], role: { entrance: 'x', role: 'own' } }),
        tab.write({ unsaved: [edit('b', 4)], role: { entrance: 'x', role: 'view' } }),
        tab.compact(update(5)),
        tab.write({ saved: [update(6)] }),
      ]
      const found = keptIn(await tab.load())
      expect(found).toEqual({ saved: [5, 6], unsaved: { b: 4 }, roles: new Map([['x', 'view']]) })
      await Promise.all(writes)
    })

    it('settles an edit that it learns of in the same call', async () => {
      await tab.write({ unsaved: [edit('a', 1), edit('b', 2)], settled: ['a'], dropped: ['b'] })
      expect(await kept()).toMatchObject({ saved: [1], unsaved: {} })
    })

    it('makes a settled edit a saved one, once, whichever tab says so', async () => {
      await tab.write({ unsaved: [edit('a', 1), edit('b', 2)] })
      await Promise.all([tab.write({ settled: ['a'] }), other.write({ settled: ['a', 'unknown'] })])
      expect(await kept()).toMatchObject({ saved: [1], unsaved: { b: 2 } })
      expect(tab.tailBytes + other.tailBytes).toBe(update(1).length)
    })

    it('keeps nothing of an edit that was dropped, and settles it no more', async () => {
      await tab.write({ unsaved: [edit('a', 1)] })
      await other.write({ dropped: ['a', 'unknown'] })
      await tab.write({ settled: ['a'] })
      expect(await kept()).toMatchObject({ saved: [], unsaved: {} })
    })

    it('gives up nothing if there is an edit that may build on it', async () => {
      await tab.write({ unsaved: [edit('a', 1), edit('b', 2)] })
      await other.write({ unsaved: [edit('c', 3)] })
      await tab.write({ dropped: ['a', 'b'] })
      expect(await kept()).toMatchObject({ unsaved: { a: 1, b: 2, c: 3 } })
      await tab.write({ dropped: ['a', 'b', 'c'] })
      expect(await kept()).toMatchObject({ unsaved: {} })
    })

    it('keeps the last role of each entrance', async () => {
      await tab.write({ role: { entrance: 'x', role: 'own' } })
      await tab.write({ role: { entrance: 'y', role: 'edit' } })
      await other.write({ role: { entrance: 'x', role: 'view' } })
      expect((await kept()).roles).toEqual(
        new Map([
          ['x', 'view'],
          ['y', 'edit'],
        ]),
      )
    })

    it('forgets the role of an entrance that opens nothing more', async () => {
      await tab.write({ role: { entrance: 'x', role: 'own' } })
      await tab.write({ role: { entrance: 'y', role: 'edit' } })
      await other.write({ role: { entrance: 'x', role: undefined } })
      expect((await kept()).roles).toEqual(new Map([['y', 'edit']]))
    })

    it('puts edits in the place of others, once, whichever tab does it first', async () => {
      await tab.write({ unsaved: [edit('a', 1), edit('b', 2)] })
      await Promise.all([
        tab.write({ rewritten: { from: ['a', 'b'], to: [edit('d', 4)] } }),
        other.write({ rewritten: { from: ['a', 'b'], to: [edit('e', 5)] } }),
      ])
      expect(await kept()).toMatchObject({ saved: [], unsaved: { d: 4 } })
      await tab.write({ rewritten: { from: ['d', 'unknown'], to: [edit('f', 6)] } })
      await tab.write({ unsaved: [edit('c', 3)], rewritten: { from: ['d'], to: [edit('g', 7)] } })
      await tab.write({ settled: ['d'], rewritten: { from: ['c', 'd'], to: [edit('h', 8)] } })
      expect(await kept()).toEqual({ saved: [4], unsaved: { c: 3 }, roles: new Map() })
    })

    it('gives edits other names, as long as they are there, and settles them under those', async () => {
      const renames = [{ client: 1, clock: 5, to: 9 }]
      const named = { ...edit('a', 9), ours: new Map([[9, { clock: 0, end: 4 }]]) }
      await tab.write({ unsaved: [edit('a', 1), edit('b', 2)] })
      await other.write({ renamed: { renames, edits: [named, edit('gone', 8)] } })
      await tab.write({ renamed: { renames, edits: [] } })
      expect(await tab.load()).toMatchObject({ unsaved: [named, edit('b', 2)], renames })
      await tab.write({ renamed: { renames: [], edits: [edit('b', 7)] }, settled: ['a', 'b'] })
      expect(await kept()).toMatchObject({ saved: [7, 9], unsaved: {} })
      expect((await other.load()).renames).toEqual(renames)
    })

    it('counts the bytes saved since the last compaction, but not those of edits', async () => {
      const size = update(1).length
      await tab.write({ saved: [update(1), update(2)], unsaved: [edit('a', 3)] })
      expect([tab.tailBytes, other.tailBytes]).toEqual([2 * size, 0])
      await tab.write({ settled: ['a'] })
      expect(tab.tailBytes).toBe(3 * size)
      await tab.compact(Y.mergeUpdates([update(1), update(2), update(3)]))
      expect(tab.tailBytes).toBe(0)
      await tab.write({ saved: [update(4)] })
      expect(tab.tailBytes).toBe(size)
    })

    it('takes the largest of what it loads for what a compaction has left', async () => {
      const size = update(1).length
      const state = Y.mergeUpdates([update(1), update(2)])
      await tab.write({ saved: [update(3)] })
      await tab.compact(state)
      await other.load()
      expect(other.tailBytes).toBe(0)
      await tab.write({ saved: [update(4), update(5)] })
      await other.load()
      expect(other.tailBytes).toBe(2 * size)
    })

    it('puts a state in the place of what was saved, again and again', async () => {
      await tab.write({ saved: [update(1), update(2)], unsaved: [edit('a', 3)] })
      await tab.compact(update(12))
      await tab.write({ saved: [update(4)] })
      await tab.compact(update(124))
      expect(await kept()).toMatchObject({ saved: [124], unsaved: { a: 3 } })
      await other.load()
      await other.compact(update(1240))
      expect(await kept()).toMatchObject({ saved: [1240] })
    })

    it('leaves beside the state what another tab has written meanwhile', async () => {
      await tab.write({ saved: [update(1)], unsaved: [edit('a', 9)] })
      await other.load()
      await Promise.all([
        other.write({ saved: [update(2)] }),
        tab.compact(update(10)),
        other.write({ saved: [update(3)], settled: ['a'] }),
      ])
      expect(await kept()).toMatchObject({ saved: [2, 3, 9, 10], unsaved: {} })
    })

    it('loses nothing when two tabs compact at once', async () => {
      await tab.write({ saved: [update(1)] })
      await other.load()
      await Promise.all([tab.write({ saved: [update(2)] }), other.write({ saved: [update(3)] })])
      await Promise.all([tab.compact(update(12)), other.compact(update(13))])
      expect(await kept()).toMatchObject({ saved: [12, 13] })
      await tab.load()
      await tab.compact(update(123))
      expect(await kept()).toMatchObject({ saved: [123] })
    })

    it('tells the other tabs what was written, in order, and never the writer', async () => {
      const third = await open()
      const heard = new Map([tab, other, third].map((each) => [each, [] as Changes[]]))
      for (const [each, changes] of heard) each.subscribe((change) => changes.push(change))
      const first: Changes = { saved: [update(1)], unsaved: [edit('a', 2)] }
      const second: Changes = { settled: ['a'], dropped: ['b'] }
      const last: Changes = { role: { entrance: 'x', role: 'view' } }
      const both = heardBy(third, 3)
      const others = [heardBy(tab, 1), heardBy(other, 2)]
      await tab.write(first)
      await tab.write(second)
      await other.write(last)
      expect(await both).toEqual([first, second, last])
      await Promise.all(others)
      expect([...heard.values()]).toEqual([[last], [first, second], [first, second, last]])
    })

    it('tells of what is kept already', async () => {
      const found = new Promise((resolve) => {
        other.subscribe(() => resolve(kept()))
      })
      await tab.write({ unsaved: [edit('a', 1)] })
      expect(await found).toMatchObject({ unsaved: { a: 1 } })
    })

    it('tells a listener nothing more once it is undone or its tab closed', async () => {
      const third = await open()
      const heard: Changes[] = []
      const undo = other.subscribe((change) => heard.push(change))
      third.subscribe((change) => heard.push(change))
      undo()
      third.close()
      const last = heardBy(other, 1)
      await tab.write({ saved: [update(1)] })
      await last
      expect(heard).toEqual([])
    })

    it('keeps nothing of a write that fails, tells nobody, and goes on afterwards', async () => {
      const changes = { saved: [update(1)], unsaved: [edit('a', 2)], settled: ['b'] }
      const first = heardBy(other, 1)
      await tab.write({ unsaved: [edit('b', 9)] })
      await first
      const next = heardBy(other, 1)
      for (const code of ['full', 'unavailable'] as const) {
        const undo = await device.failWrites(code)
        await expect(tab.write(changes)).rejects.toMatchObject({ name: 'LocalStoreError', code })
        await expect(tab.compact(update(9))).rejects.toMatchObject({ code })
        await undo()
        expect(await kept()).toMatchObject({ saved: [], unsaved: { b: 9 } })
        expect(tab.tailBytes).toBe(0)
      }
      await tab.write(changes)
      expect(await next).toEqual([changes])
      expect(await kept()).toMatchObject({ saved: [1, 9], unsaved: { a: 2 } })
    })

    it('keeps what it had when a compaction fails', async () => {
      await tab.write({ saved: [update(1), update(2)] })
      const undo = await device.failWrites('full')
      await expect(tab.compact(update(12))).rejects.toMatchObject({ code: 'full' })
      await undo()
      expect(await kept()).toMatchObject({ saved: [1, 2] })
      await tab.compact(update(12))
      expect(await kept()).toMatchObject({ saved: [12] })
    })

    it('forgets nothing while an entrance opens the document or an edit is not saved', async () => {
      await tab.write({ saved: [update(1)], role: { entrance: 'x', role: 'own' } })
      await other.forgetUnused()
      expect(await kept()).toMatchObject({ saved: [1] })
      await Promise.all([
        tab.write({ role: { entrance: 'x', role: undefined } }),
        other.write({ unsaved: [edit('a', 2)] }),
        tab.forgetUnused(),
      ])
      expect(await kept()).toMatchObject({ saved: [1], unsaved: { a: 2 } })
    })

    it('forgets everything, and takes what is written afterwards', async () => {
      await tab.write({ saved: [update(1)], unsaved: [edit('a', 2)], role: { entrance: 'x', role: 'own' } })
      await other.load()
      await tab.write({ settled: ['a'], role: { entrance: 'x', role: undefined } })
      await tab.write({ renamed: { renames: [{ client: 1, clock: 0, to: 9 }], edits: [] } })
      await tab.forgetUnused()
      expect(await tab.load()).toEqual({ saved: [], unsaved: [], roles: new Map(), renames: [] })
      expect(tab.tailBytes).toBe(0)
      await tab.write({ saved: [update(3)] })
      await other.compact(update(12))
      expect(await kept()).toMatchObject({ saved: [3, 12] })
    })

    it('writes what is under way when it is closed, twice if need be, and nothing after that', async () => {
      const heard = heardBy(other, 2)
      const writes = [tab.write({ saved: [update(1)] }), tab.write({ unsaved: [edit('a', 2)] })]
      tab.close()
      tab.close()
      await Promise.all(writes)
      await heard
      const unavailable = { name: 'LocalStoreError', code: 'unavailable' }
      await expect(tab.write({ saved: [update(3)] })).rejects.toMatchObject(unavailable)
      await expect(tab.load()).rejects.toMatchObject(unavailable)
      await expect(tab.compact(update(3))).rejects.toMatchObject(unavailable)
      await expect(tab.forgetUnused()).rejects.toMatchObject(unavailable)
      expect(await kept()).toMatchObject({ saved: [1], unsaved: { a: 2 } })
    })
  })
}

interface Found {
  readonly saved: readonly number[]
  readonly unsaved: Readonly<Record<string, number>>
  readonly roles: Kept['roles']
}

/** In an order of its own, for what is kept has none. */
function keptIn({ saved, unsaved, roles }: Kept): Found {
  return {
    saved: saved.map(numberIn).toSorted((a, b) => a - b),
    unsaved: Object.fromEntries(unsaved.map(({ id, update: bytes }) => [id, numberIn(bytes)])),
    roles,
  }
}

/** The next so many things that a tab hears. */
function heardBy(document: LocalDocument, count: number): Promise<readonly Changes[]> {
  const heard: Changes[] = []
  return new Promise((resolve) => {
    const undo = document.subscribe((changes) => {
      if (heard.push(changes) < count) return
      undo()
      resolve(heard)
    })
  })
}

/** An update of its own for each number. */
function update(number: number): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = number
  doc.getText('content').insert(0, 'text')
  return Y.encodeStateAsUpdate(doc)
}

function edit(id: string, number: number): Edit {
  return { id, update: update(number) }
}

function numberIn(bytes: Uint8Array): number {
  return Y.decodeUpdate(bytes).structs[0]?.id.client ?? -1
}
