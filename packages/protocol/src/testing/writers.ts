/**
 * People who write at once. A script, made up and shrunk by fast-check, says who edits what and who hears from
 * whom; playing it gives real Yjs documents and the updates they sent, of every kind of content Yjs has.
 */
import * as fc from 'fast-check'
import * as Y from 'yjs'
import { texts } from './texts.ts'

const edits = {
  type: (doc, { at, text }) => content(doc).insert(at % (content(doc).length + 1), text || 'a'),
  erase: (doc, { at, size }) => {
    const start = at % (content(doc).length + 1)
    content(doc).delete(start, Math.min(size, content(doc).length - start))
  },
  format: (doc, { at, size }) => {
    const start = at % (content(doc).length + 1)
    content(doc).format(start, Math.min(size, content(doc).length - start), {
      bold: at % 2 === 0 ? true : null,
    })
  },
  embed: (doc, { at }) => content(doc).insertEmbed(at % (content(doc).length + 1), { image: at }),
  set: (doc, { at, text }) => doc.getMap('map').set(String(at % 3), text),
  unset: (doc, { at }) => doc.getMap('map').delete(String(at % 3)),
  nest: (doc, { at, text }) =>
    doc.getMap('map').set(String(at % 3), new Y.Map([['inner', new Y.Text(text)]])),
  list: (doc, { at, text }) => doc.getArray('list').push([at, text, null, true, { deep: [at / 3, text] }]),
  binary: (doc, { at }) => doc.getArray('list').unshift([Uint8Array.of(at & 255, 0, 255)]),
  shorten: (doc) => doc.getArray('list').delete(0, Math.min(2, doc.getArray('list').length)),
  element: (doc, { at, text }) => {
    const element = new Y.XmlElement('p')
    element.setAttribute('class', text)
    element.insert(0, [new Y.XmlText(text), new Y.XmlElement('br')])
    doc.getXmlFragment('xml').insert(at % (doc.getXmlFragment('xml').length + 1), [element])
  },
  'sub-document': (doc, { at }) =>
    doc.getMap('map').set('doc', new Y.Doc({ guid: `guid ${at}`, meta: { at } })),
} as const satisfies Record<string, (doc: Y.Doc, edit: Edit) => void>

interface Edit {
  readonly at: number
  readonly size: number
  readonly text: string
}

interface Turn extends Edit {
  readonly writer: number
  /** `hear`: take in everything the next writer has. */
  readonly action: keyof typeof edits | 'hear'
}

export type Script = readonly Turn[]

const kinds = Object.keys(edits) as (keyof typeof edits)[] // the keys of an object that is closed
const turn: fc.Arbitrary<Turn> = fc.record({
  writer: fc.nat(2),
  action: fc.oneof(fc.constantFrom(...kinds), fc.constantFrom('type', 'erase', 'hear')),
  at: fc.nat(1000),
  size: fc.nat(6),
  text: texts({ maxLength: 6 }),
})

export const scripts: fc.Arbitrary<Script> = fc.array(turn, { maxLength: 40 })

/** One script with every kind of edit by every writer. */
export const everyEdit: Script = kinds.flatMap((action, index) =>
  [0, 1, 2].flatMap((writer): Turn[] => [
    { writer, action, at: index + writer, size: 2, text: 'añ🙂' },
    { writer, action: 'hear', at: 0, size: 0, text: '' },
  ]),
)

export interface Played {
  readonly docs: readonly Y.Doc[]
  /** What each writer sent, in the order it happened: each update builds only on earlier ones. */
  readonly updates: readonly Uint8Array[]
}

/** Ids of one, two and three bytes. */
const clientIds = [7, 300, 70_000]

export function play(script: Script): Played {
  const updates: Uint8Array[] = []
  const docs = clientIds.map((clientId) => {
    const doc = new Y.Doc()
    doc.clientID = clientId
    doc.on('update', (update, _origin, _doc, transaction) => {
      if (transaction.local) updates.push(update)
    })
    return doc
  })
  for (const { writer, action, ...edit } of script) {
    const doc = docs[writer]
    const neighbour = docs[(writer + 1) % docs.length]
    if (!doc || !neighbour) continue
    if (action === 'hear') Y.applyUpdate(doc, Y.encodeStateAsUpdate(neighbour, Y.encodeStateVector(doc)))
    else doc.transact(() => edits[action](doc, edit))
  }
  return { docs, updates }
}

/** A document that took in these updates, in this order. */
export function docOf(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc
}

/** What people would see, as JSON text. */
export function shown(doc: Y.Doc): string {
  const [map, list, xml] = [doc.getMap('map'), doc.getArray('list'), doc.getXmlFragment('xml')]
  return JSON.stringify([content(doc).toDelta(), map.toJSON(), list.toJSON(), xml.toJSON()])
}

/** The state vector of a document as a plain map. */
export function vectorOf(doc: Y.Doc): Map<number, number> {
  return Y.decodeStateVector(Y.encodeStateVector(doc))
}

function content(doc: Y.Doc): Y.Text {
  return doc.getText('content')
}
