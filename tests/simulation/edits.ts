/** What people do to a document: mostly they type, now and then they use everything else that Yjs has. */
import * as Y from 'yjs'
import type { Chance } from './chance.ts'
import type { Letters } from './letters.ts'

export interface Hand {
  readonly chance: Chance
  readonly letters: Letters
  /** Where the last letters were typed. */
  caret: number
}

const kinds = {
  type: 60,
  erase: 14,
  format: 6,
  paste: 4,
  set: 6,
  unset: 2,
  nest: 3,
  list: 3,
  element: 2,
} as const

const perform: Readonly<Record<keyof typeof kinds, (doc: Y.Doc, hand: Hand) => void>> = {
  type: (doc, hand) => typeLetters(doc, hand, hand.chance.between(1, 3)),
  paste: (doc, hand) => typeLetters(doc, hand, hand.chance.between(10, 40)),
  erase: (doc, { chance }) => {
    const { length } = content(doc)
    if (length === 0) return
    const at = chance.below(length)
    content(doc).delete(at, Math.min(chance.between(1, 6), length - at))
  },
  format: (doc, { chance }) => {
    const { length } = content(doc)
    if (length === 0) return
    const at = chance.below(length)
    const size = Math.min(chance.between(1, 8), length - at)
    content(doc).format(at, size, { [chance.pick(['bold', 'italic'])]: chance.oneIn(3) ? null : true })
  },
  set: (doc, { chance }) => doc.getMap('meta').set(key(chance), chance.below(1000)),
  unset: (doc, { chance }) => doc.getMap('meta').delete(key(chance)),
  nest: (doc, { chance }) => {
    const inner = doc.getMap('meta').get('inner')
    if (inner instanceof Y.Text && !chance.oneIn(4)) inner.insert(chance.below(inner.length + 1), 'nested')
    else doc.getMap('meta').set('inner', new Y.Text('inner'))
  },
  list: (doc, { chance }) => {
    const list = doc.getArray('list')
    if (list.length > 0 && chance.oneIn(3)) list.delete(chance.below(list.length))
    else list.insert(chance.below(list.length + 1), [chance.below(1000), { deep: [true, null] }])
  },
  element: (doc, { chance }) => {
    const element = new Y.XmlElement('p')
    element.setAttribute('class', String(chance.below(10)))
    element.insert(0, [new Y.XmlText('text')])
    doc.getXmlFragment('xml').insert(0, [element])
  },
}

export function edit(doc: Y.Doc, hand: Hand): void {
  const kind = hand.chance.weighed(kinds)
  doc.transact(() => perform[kind](doc, hand))
}

/** A document as large as the room's bounds are meant for, at once. */
export function pasteMuch(doc: Y.Doc): void {
  content(doc).insert(content(doc).length, 'x'.repeat(400_000))
}

function typeLetters(doc: Y.Doc, hand: Hand, count: number): void {
  const { length } = content(doc)
  const at = hand.chance.oneIn(4) ? hand.chance.below(length + 1) : Math.min(hand.caret, length)
  content(doc).insert(at, hand.letters.fresh(count))
  hand.caret = at + count
}

function content(doc: Y.Doc): Y.Text {
  return doc.getText('content')
}

function key(chance: Chance): string {
  return `key ${chance.below(3)}`
}
