/** People who write at once, in every kind of content that Yjs has: what they send is what the gate meets on a good day. */
import * as Y from 'yjs'
import type { Random } from '../support/random.ts'
import { between, isOneIn, pick, text, times, weighted } from './chance.ts'

export const roots = { text: 'content', map: 'map', list: 'list', xml: 'xml' } as const

/** Ids of one, two, five and eight bytes; the last as Yjs 14 draws them. */
export const clientIds = [7, 300, 4_000_000_000, 2 ** 52 + 5] as const

/** What the writers sent, in an order in which each update builds on earlier ones only. */
export function writtenUpdates(random: Random, turns: number): Uint8Array[] {
  const updates: Uint8Array[] = []
  const writers = times(between(random, 1, clientIds.length), (index) => {
    const doc = new Y.Doc({ guid: '', gc: !isOneIn(random, 8) })
    doc.clientID = clientIds[index] ?? 0
    doc.on('update', (update, _origin, _doc, transaction) => {
      if (transaction.local) updates.push(update)
    })
    return doc
  })
  for (let turn = 0; turn < turns; turn++) {
    const [writer, other] = [pick(random, writers), pick(random, writers)]
    if (isOneIn(random, 4)) Y.applyUpdate(writer, Y.encodeStateAsUpdate(other, Y.encodeStateVector(writer)))
    else writer.transact(() => times(between(random, 1, 3), () => edit(writer, random)))
  }
  for (const writer of writers) writer.destroy()
  return updates
}

function edit(doc: Y.Doc, random: Random): void {
  const content = doc.getText(roots.text)
  const map = doc.getMap(roots.map)
  const list = doc.getArray(roots.list)
  const xml = doc.getXmlFragment(roots.xml)
  const start = random.below(content.length + 1)
  const size = Math.min(random.below(5), content.length - start)
  const key = pick(random, ['a', 'b', 'c'])
  switch (weighted(random, { type: 12, erase: 6, format: 4, embed: 1, map: 3, list: 3, xml: 3, nested: 2 })) {
    case 'type':
      return content.insert(start, text(random) || 'a', isOneIn(random, 4) ? { bold: true } : undefined)
    case 'erase':
      return content.delete(start, size)
    case 'format':
      return content.format(start, size, {
        [pick(random, ['bold', 'link'])]: pick(random, [true, null, 'x']),
      })
    case 'embed':
      return content.insertEmbed(start, { image: random.below(9) })
    case 'map':
      if (isOneIn(random, 3)) map.delete(key)
      else map.set(key, value(random))
      return
    case 'list':
      if (list.length > 0 && isOneIn(random, 3)) list.delete(random.below(list.length))
      else
        list.insert(
          random.below(list.length + 1),
          times(between(random, 1, 3), () => value(random)),
        )
      return
    case 'xml':
      if (xml.length > 0 && isOneIn(random, 3)) xml.delete(random.below(xml.length))
      else xml.insert(random.below(xml.length + 1), [element(random)])
      return
    case 'nested':
      return editNested(doc, random)
  }
}

/** Something inside a type that is inside the map, if there is one. */
function editNested(doc: Y.Doc, random: Random): void {
  for (const child of doc.getMap(roots.map).values()) {
    if (child instanceof Y.Text) child.insert(random.below(child.length + 1), 'inner')
    else if (child instanceof Y.Map) child.set(text(random), value(random))
    else if (child instanceof Y.Array) child.push([value(random)])
  }
}

function value(random: Random): unknown {
  switch (random.below(12)) {
    case 0:
      return null
    case 1:
      return pick(random, [true, false])
    case 2:
      return pick(random, [0, -1, 63, 64, 2 ** 31, -(2 ** 40), 0.5, 1 / 3, 1e300])
    case 3:
      return { deep: [random.below(9), { deeper: text(random) }] }
    case 4:
      return Uint8Array.of(0, random.below(256), 255)
    case 5:
      return new Y.Text(text(random))
    case 6:
      return new Y.Map([[text(random), random.below(9)]])
    case 7:
      return Y.Array.from([1, text(random)])
    case 8:
      return new Y.Doc({
        guid: `guid ${random.below(9)}`,
        meta: { kind: text(random) },
        autoLoad: isOneIn(random, 2),
      })
    case 9:
      return { big: 2n ** 40n }
    default:
      return text(random)
  }
}

function element(random: Random): Y.XmlElement {
  const made = new Y.XmlElement(pick(random, ['p', 'h1', 'é']))
  made.setAttribute('class', text(random))
  const children = [new Y.XmlText(text(random)), new Y.XmlElement('br'), hook()]
  made.insert(0, children.slice(random.below(3)))
  return made
}

/** An element may hold one, though its type does not say so. */
function hook(): Y.XmlElement {
  return new Y.XmlHook('hook') as unknown as Y.XmlElement // as said
}
