/** What Yjs makes of the same bytes: the other side of every comparison. */
import * as Y from 'yjs'

/** No writer has this id, so that Yjs never has to change it. */
const readerId = 1

export function newDocument(): Y.Doc {
  const doc = new Y.Doc({ guid: '' })
  doc.clientID = readerId
  return doc
}

export function documentOf(updates: readonly Uint8Array[]): Y.Doc {
  const doc = newDocument()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc
}

/** Nothing waits for something that is missing. */
export function isSettled({ store }: Y.Doc): boolean {
  return store.pendingStructs === null && store.pendingDs === null
}

export function vectorOf(doc: Y.Doc): Map<number, number> {
  const vector = new Map<number, number>()
  for (const [client, structs] of doc.store.clients) {
    const last = structs.at(-1)
    if (last) vector.set(client, last.id.clock + last.length)
  }
  return vector
}

export function isSameVector(one: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>): boolean {
  if (one.size !== other.size) return false
  for (const [client, clock] of one) if (other.get(client) !== clock) return false
  return true
}

/** What a deletion range of an update is called in Yjs. */
export function deletionsOf(update: Uint8Array): { client: number; clock: number; length: number }[] {
  const { clients } = Y.decodeUpdate(update).ds
  return Array.from(clients, ([client, ranges]) =>
    ranges.map(({ clock, len }) => ({ client, clock, length: len })),
  ).flat()
}

export function deletedBy(doc: Y.Doc): ReturnType<typeof Y.createDeleteSetFromStructStore> {
  return Y.createDeleteSetFromStructStore(doc.store)
}

/** Each struct by its id, as Yjs would write it, without holes. */
export function structsOf(update: Uint8Array): string[] {
  return Y.decodeUpdate(update)
    .structs.filter((struct) => !(struct instanceof Y.Skip))
    .toSorted((a, b) => b.id.client - a.id.client || a.id.clock - b.id.clock)
    .map((struct) => {
      const encoder = new Y.UpdateEncoderV1()
      struct.write(encoder, 0)
      return `${struct.id.client}:${struct.id.clock} ${Buffer.from(encoder.toUint8Array()).toString('hex')}`
    })
}

/** Is each of these clocks a struct that is deleted? */
export function areDeleted(doc: Y.Doc, client: number, clock: number, length: number): boolean {
  const structs = doc.store.clients.get(client) ?? []
  return structs.every(
    (struct) =>
      struct.deleted || struct.id.clock + struct.length <= clock || struct.id.clock >= clock + length,
  )
}

/**
 * What is visible, as text: for each root its list with the formatting in force, and its keys. Unlike `toJSON` it can be
 * drawn of any document, since what has no business in a type is drawn like everything else. Pairs of surrogates are
 * drawn as two halves, which is what Yjs makes of them where it cuts for a moment.
 */
export function pictureOf(doc: Y.Doc): string {
  const whole = Array.from(doc.share, ([name, type]) => [name, typePicture(type)] as const)
    .filter(([, picture]) => picture !== nothing)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, picture]) => `${name}: ${picture}`)
    .join('\n')
  return whole.replaceAll(/[\ud800-\udfff]/g, '\ufffd')
}

const nothing = '[] {}'

function typePicture(type: Pick<Y.Map<unknown>, '_start' | '_map'>): string {
  return `[${listPicture(type._start)}] {${keysPicture(type._map)}}`
}

function listPicture(start: Y.Item | null): string {
  const marks = new Map<string, string>()
  const parts: string[] = []
  let markedAs = ''
  for (let item = start; item; item = item.right) {
    if (item.deleted) continue
    const { content } = item
    if (content instanceof Y.ContentFormat) {
      const mark = valuePicture(content.value)
      if (mark === 'null') marks.delete(content.key)
      else marks.set(content.key, mark)
      continue
    }
    const marked = Array.from(marks, ([key, mark]) => `${key}=${mark}`)
      .toSorted()
      .join()
    if (marked !== markedAs) parts.push(`<${marked}>`)
    markedAs = marked
    parts.push(contentPicture(content))
  }
  return parts.join('')
}

function keysPicture(keys: ReadonlyMap<string, Y.Item>): string {
  return Array.from(keys)
    .filter(([, item]) => !item.deleted)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${key}: ${contentPicture(item.content)}`)
    .join()
}

function contentPicture(content: Y.Item['content']): string {
  if (content instanceof Y.ContentString) return content.str
  if (content instanceof Y.ContentType) return `(${typePicture(content.type)})`
  if (content instanceof Y.ContentDoc) return `(document ${content.doc.guid})`
  return content
    .getContent()
    .map((value) => `(${valuePicture(value)})`)
    .join('')
}

function valuePicture(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ??
    'undefined'
  )
}
