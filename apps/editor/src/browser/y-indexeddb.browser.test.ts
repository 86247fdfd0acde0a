/** Our copies beside those of y-indexeddb, whose layout ours builds on. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { IndexeddbPersistence } from 'y-indexeddb'
import * as Y from 'yjs'
import type { LocalDocument } from '../session/local-store.ts'
import { openIndexedDocument } from './indexed-document.ts'

type Step =
  | { readonly type: 'insert'; readonly who: number; readonly at: number; readonly text: string }
  | {
      readonly type: 'delete' | 'embed' | 'nest' | 'format' | 'entry'
      readonly who: number
      readonly at: number
    }
  /** One has all that the other has. */
  | { readonly type: 'send'; readonly who: number }
  | { readonly type: 'settle' | 'compact' }

const piece = fc.constantFrom('a', 'bc ', '\n', '\r\n', '😀', '👩‍👩‍👧', 'e\u0301', '\0', 'שלום', '\u2028')
const who = fc.nat({ max: 1 })
const at = fc.nat({ max: 30 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('insert' as const),
      who,
      at,
      text: fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('')),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'delete' as const,
        'embed' as const,
        'nest' as const,
        'format' as const,
        'entry' as const,
      ),
      who,
      at,
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('send' as const), who }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('settle' as const, 'compact' as const) }) },
)
const history = fc.array(step, { maxLength: 40 })

/** Two who write, the first of whom has a copy on this device. */
interface Writers {
  readonly docs: readonly [Y.Doc, Y.Doc]
  readonly perform: (step: Step) => void
}

function writers(): Writers {
  const docs = [new Y.Doc(), new Y.Doc()] as const
  for (const [index, doc] of docs.entries()) doc.clientID = index + 1
  const perform = (doing: Step): void => {
    if (!('who' in doing)) return
    const [doc, other] = doing.who === 0 ? docs : [docs[1], docs[0]]
    const text = doc.getText('content')
    if (doing.type === 'send')
      return Y.applyUpdate(other, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(other)))
    const from = Math.min(doing.at, text.length)
    const length = Math.min(3, text.length - from)
    switch (doing.type) {
      case 'insert':
        return text.insert(from, doing.text)
      case 'delete':
        return text.delete(from, length)
      case 'embed':
        return text.insertEmbed(from, { image: 'x', sizes: [1, null] })
      case 'nest':
        return text.insertEmbed(from, new Y.Map([['inner', new Y.Text('😀')]]))
      case 'format':
        return text.format(from, length, { bold: true })
      case 'entry':
        doc.getMap('meta').set(`key ${doing.at % 3}`, doing.at % 2 ? Uint8Array.of(doing.at) : [null, '😀'])
        return undefined
    }
  }
  return { docs, perform }
}

/** What a session does with its copy: the other's edits are saved, its own are unsaved until they are settled. */
class Keeper {
  readonly #copy: LocalDocument
  readonly #saved = new Y.Doc()
  #unsaved: { id: string; update: Uint8Array }[] = []
  #writes: Promise<void>[] = []
  #made = 0

  constructor(doc: Y.Doc, copy: LocalDocument) {
    this.#copy = copy
    doc.on('update', (update: Uint8Array, _origin: unknown, _doc: Y.Doc, { local }: Y.Transaction) => {
      if (local) {
        const edit = { id: `edit ${this.#made++}`, update }
        this.#unsaved.push(edit)
        this.#writes.push(copy.write({ unsaved: [edit] }))
      } else {
        Y.applyUpdate(this.#saved, update)
        this.#writes.push(copy.write({ saved: [update] }))
      }
    })
  }

  perform({ type }: Step): void {
    if (type === 'settle') {
      const settled = this.#unsaved.splice(0, Math.ceil(this.#unsaved.length / 2))
      for (const { update } of settled) Y.applyUpdate(this.#saved, update)
      this.#writes.push(this.#copy.write({ settled: settled.map(({ id }) => id) }))
    }
    if (type === 'compact') this.#writes.push(this.#copy.compact(Y.encodeStateAsUpdate(this.#saved)))
  }

  get saved(): Y.Doc {
    return this.#saved
  }

  async done(): Promise<void> {
    await Promise.all(this.#writes)
  }
}

async function theirs(name: string, doc = new Y.Doc()): Promise<{ doc: Y.Doc; close: () => Promise<void> }> {
  const persistence = new IndexeddbPersistence(name, doc)
  await persistence.whenSynced
  return { doc, close: () => persistence.destroy() }
}

/** What they find there. */
async function readByThem(name: string): Promise<Y.Doc> {
  const { doc, close } = await theirs(name)
  await close()
  return doc
}

/** What we find there. */
async function readByUs(name: string): Promise<{ doc: Y.Doc; saved: number; unsaved: number }> {
  const copy = await openIndexedDocument(name)
  const { saved, unsaved } = await copy.load()
  copy.close()
  const doc = new Y.Doc()
  for (const update of saved) Y.applyUpdate(doc, update)
  for (const { update } of unsaved) Y.applyUpdate(doc, update)
  return { doc, saved: saved.length, unsaved: unsaved.length }
}

/** Equal to the last struct and deletion, those that wait for others included. */
function expectSame(actual: Y.Doc, expected: Y.Doc): void {
  expect(readText(actual)).toEqual(readText(expected))
  expect(actual.getMap('meta').toJSON()).toEqual(expected.getMap('meta').toJSON())
  expect(Y.equalSnapshots(Y.snapshot(actual), Y.snapshot(expected))).toBe(true)
  expect(actual.store.pendingStructs).toEqual(expected.store.pendingStructs)
  expect(actual.store.pendingDs).toEqual(expected.store.pendingDs)
}

/** As plain values, for a type refers to its document. */
function readText(doc: Y.Doc): unknown {
  const delta: readonly { insert: unknown; attributes?: unknown }[] = doc.getText('content').toDelta()
  return delta.map(({ insert, attributes }) => [
    insert instanceof Y.Map ? insert.toJSON() : insert,
    attributes,
  ])
}

const runs = { numRuns: 25 }

test('what we give back of a history is what y-indexeddb gives back of it', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const [ours, other] = [crypto.randomUUID(), crypto.randomUUID()]
      const { docs, perform } = writers()
      const copy = await openIndexedDocument(ours)
      const { close } = await theirs(other, docs[0])
      const keeper = new Keeper(docs[0], copy)
      for (const each of steps) {
        perform(each)
        keeper.perform(each)
      }
      await keeper.done()
      copy.close()
      await close()
      const { doc } = await readByUs(ours)
      expectSame(doc, await readByThem(other))
      expectSame(doc, docs[0])
      // And they find in our database what is saved.
      expectSame(await readByThem(ours), keeper.saved)
      expectSame((await readByUs(ours)).doc, docs[0])
    }),
    runs,
  )
})

test('a database that y-indexeddb wrote opens, as edits that are not saved', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.boolean(), async (steps, isReopened) => {
      const name = crypto.randomUUID()
      const { docs, perform } = writers()
      const first = await theirs(name, docs[0])
      for (const each of steps) perform(each)
      await first.close()
      if (isReopened) await readByThem(name)
      const { doc, unsaved } = await readByUs(name)
      expectSame(doc, docs[0])
      expect(unsaved > 0).toBe(docs[0].store.clients.size > 0)
      // The second time there is nothing to take over.
      expect(await readByUs(name)).toMatchObject({ unsaved })
    }),
    runs,
  )
})

test('a page that keeps its copy with y-indexeddb makes way for ours', async () => {
  const name = crypto.randomUUID()
  const { doc, close } = await theirs(name)
  doc.getText('content').insert(0, 'text')
  const ours = await readByUs(name)
  expectSame(ours.doc, doc)
  await close()
})
