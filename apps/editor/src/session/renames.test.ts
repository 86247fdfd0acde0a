import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { structsOf } from './disputes.ts'
import type { Edit, Rename } from './local-store.ts'
import { idsIn, mentioned, named, renamed, withoutRenamed } from './renames.ts'

/** A tab: edits are told apart by their number, and know which ids were ours alone. */
class Tab {
  readonly doc = new Y.Doc()
  readonly edits: Edit[] = []

  constructor(client: number, ...begin: Uint8Array[]) {
    for (const update of begin) Y.applyUpdate(this.doc, update)
    this.doc.clientID = client
  }

  get text(): Y.Text {
    return this.doc.getText('content')
  }

  write(write: (text: Y.Text) => void, id = `edit ${this.edits.length}`, ours?: Edit['ours']): Edit {
    let update: Uint8Array = Uint8Array.of(0, 0)
    this.doc.once('update', (made: Uint8Array) => {
      update = made
    })
    write(this.text)
    const edit = { id, update, ours: ours ?? mentioned(update, idsIn(Y.encodeStateAsUpdate(this.doc))) }
    this.edits.push(edit)
    return edit
  }
}

function docOf(...updates: Uint8Array[]): Y.Doc {
  const doc = new Y.Doc()
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update)
  })
  return doc
}

/** What a tab shows that opens with these edits upon what the server has. */
function shown(saved: Y.Doc, edits: readonly Edit[], known: readonly Rename[] = []): string {
  const { edits: own } = named(edits, { known, theirs: structsOf(saved) })
  const doc = docOf(Y.encodeStateAsUpdate(saved), ...own.map(({ update }) => update))
  expect(doc.store.pendingStructs).toBe(null)
  return doc.getText('content').toString()
}

const saved = (text: string): Uint8Array => {
  const tab = new Tab(1)
  return tab.write(({ insert }) => insert.call(tab.text, 0, text)).update
}

describe('where somebody else wrote under our id', () => {
  const begin = saved('[]')
  const ada = new Tab(7, begin)
  for (const [at, typed] of [
    [1, 'one '],
    [5, 'two '],
    [9, 'three'],
  ] as const)
    ada.write((text) => text.insert(at, typed))
  ada.write((text) => text.delete(1, 2))
  const thief = new Tab(7, begin)
  thief.write((text) => text.insert(0, 'stolen'))

  it('our edits stand where they stood, and theirs stay', () => {
    expect(shown(thief.doc, ada.edits)).toBe('stolen[e two three]')
  })

  it('they do so in whatever order they are read', () => {
    expect(shown(thief.doc, ada.edits.toReversed())).toBe('stolen[e two three]')
  })

  it('only what is after the first difference gets other names', () => {
    const same = new Tab(7, begin)
    same.write((text) => text.insert(1, 'one '))
    same.write((text) => text.insert(0, 'stolen'))
    const { edits, renames } = named(ada.edits, { known: [], theirs: structsOf(same.doc) })
    expect(renames).toMatchObject([{ client: 7, clock: 4 }])
    expect(edits[0]).toBe(ada.edits[0])
    expect(shown(same.doc, ada.edits)).toBe('stolen[e two three]')
  })

  it('everyone who finds out gives the same names, and nobody else can know them', () => {
    const options = { known: [], theirs: structsOf(thief.doc) }
    expect(named(ada.edits.toReversed(), options).renames).toEqual(named(ada.edits, options).renames)
    const others = ada.edits.map(({ id, ...edit }) => ({ ...edit, id: `other ${id}` }))
    expect(named(others, options).renames[0]?.to).not.toBe(named(ada.edits, options).renames[0]?.to)
  })

  it('what another tab has built on our words follows them, though it knew of nothing', () => {
    const other = new Tab(8, begin, ...ada.edits.map(({ update }) => update))
    const typed = other.write((text) => text.insert(3, 'and '), 'late')
    const erased = other.write((text) => text.delete(1, 2), 'erased')
    expect(shown(thief.doc, [...ada.edits, typed, erased])).toBe('stolen[and two three]')
    const { renames } = named(ada.edits, { known: [], theirs: structsOf(thief.doc) })
    const { edits } = named(ada.edits, { known: renames, theirs: structsOf(thief.doc) })
    const allSaved = docOf(Y.encodeStateAsUpdate(thief.doc), ...edits.map(({ update }) => update))
    expect(shown(allSaved, [typed, erased], renames)).toBe('stolen[and two three]')
  })

  it('what another tab has built on their words stays with those', () => {
    const other = new Tab(8, Y.encodeStateAsUpdate(thief.doc))
    const edit = other.write((text) => text.delete(1, 2), 'late', new Map([[8, { clock: 0, end: 9 }]]))
    expect(shown(thief.doc, [...ada.edits, edit])).toBe('slen[e two three]')
  })

  it('a name that is stolen too is changed again', () => {
    const first = named(ada.edits, { known: [], theirs: structsOf(thief.doc) })
    const again = new Tab(first.renames[0]?.to ?? 0, Y.encodeStateAsUpdate(thief.doc))
    again.write((text) => text.insert(0, 'again '))
    expect(shown(again.doc, ada.edits, first.renames)).toBe('again stolen[e two three]')
    expect(shown(again.doc, first.edits, first.renames)).toBe('again stolen[e two three]')
  })
})

it('what others wrote, and we only save again, gets no other names', () => {
  const theirs = new Tab(7)
  theirs.write((text) => text.insert(0, 'theirs'))
  const again = new Tab(7).write((text) => text.insert(0, 'again'), 'again', new Map())
  const found = named([again], { known: [{ client: 7, clock: 0, to: 9 }], theirs: structsOf(theirs.doc) })
  expect(found).toEqual({ edits: [again], renames: [] })
})

it('an edit without renamed ids stays the same object', () => {
  const edit = new Tab(7).write((text) => text.insert(0, 'abc'))
  expect(
    renamed(edit, [
      { client: 7, clock: 3, to: 9 },
      { client: 8, clock: 0, to: 10 },
    ]),
  ).toBe(edit)
})

it('ids that got other names are no longer ours', () => {
  const ids = new Map([
    [7, { clock: 2, end: 9 }],
    [8, { clock: 0, end: 4 }],
  ])
  expect(
    withoutRenamed(ids, [
      { client: 7, clock: 5, to: 1 },
      { client: 8, clock: 0, to: 2 },
    ]),
  ).toEqual(new Map([[7, { clock: 2, end: 5 }]]))
})
