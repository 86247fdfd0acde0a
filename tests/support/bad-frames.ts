/** Frames no honest client sends, written with lib0 so that our own codec cannot mend them on the way. */
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'

/** Stands for what people wrote: it must never reach a log. */
export const payload = 'their-own-words'

export function frame(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder()
  write(encoder)
  return encoding.toUint8Array(encoder)
}

export function syncFrame(kind: 0 | 1 | 2, bytes: Uint8Array): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, 0)
    encoding.writeVarUint(encoder, kind)
    encoding.writeVarUint8Array(encoder, bytes)
  })
}

export const updateFrame = (update: Uint8Array): Uint8Array => syncFrame(2, update)

export interface RawPresence {
  readonly clock?: number
  readonly state?: string
}

export function presenceFrame(entries: readonly RawPresence[], count = entries.length): Uint8Array {
  const body = frame((encoder) => {
    encoding.writeVarUint(encoder, count)
    for (const [index, { clock = 1, state = '{}' }] of entries.entries()) {
      encoding.writeVarUint(encoder, 7000 + index)
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarString(encoder, state)
    }
  })
  return frame((encoder) => {
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarUint8Array(encoder, body)
  })
}

/** What someone who typed `payload` into an empty document would send, and would still lack. */
export function goodUpdate({ version = 1 }: { version?: 1 | 2 } = {}): Uint8Array {
  const doc = typed()
  return version === 1 ? Y.encodeStateAsUpdate(doc) : Y.encodeStateAsUpdateV2(doc)
}

/** The second of two edits, without the first. */
export function earlyUpdate(): Uint8Array {
  const doc = typed()
  const first = Y.encodeStateVector(doc)
  doc.getText('content').insert(0, 'and more ')
  return Y.encodeStateAsUpdate(doc, first)
}

/** Deletes what nobody has written. */
export function earlyDeletion(): Uint8Array {
  const doc = typed()
  const first = Y.encodeStateVector(doc)
  doc.getText('content').delete(0, 3)
  return Y.encodeStateAsUpdate(doc, first)
}

function typed(): Y.Doc {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, payload)
  doc.getMap('meta').set('title', payload)
  return doc
}

export interface RawStruct {
  readonly client: number
  readonly clock: number
  /** The struct whose right neighbour it claims to be. */
  readonly origin?: { readonly client: number; readonly clock: number }
  /** Of a run of garbage: such a struct has no origin. */
  readonly garbage?: number
}

/** An update of one struct for each client. */
export function updateOf(...structs: readonly RawStruct[]): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, structs.length)
    for (const { client, clock, origin, garbage } of structs) {
      for (const number of [1, client, clock]) encoding.writeVarUint(encoder, number)
      if (garbage !== undefined) {
        encoding.writeUint8(encoder, 0)
        encoding.writeVarUint(encoder, garbage)
      } else if (origin) {
        encoding.writeUint8(encoder, 0x84) // a string, right of another struct
        encoding.writeVarUint(encoder, origin.client)
        encoding.writeVarUint(encoder, origin.clock)
        encoding.writeVarString(encoder, payload)
      }
    }
    encoding.writeVarUint(encoder, 0)
  })
}

/** Deletes `length` clocks of `client`, whoever that is. */
export function deletionOf({ client, length }: { client: number; length: number }): Uint8Array {
  return frame((encoder) => {
    for (const number of [0, 1, client, 1, 0, length]) encoding.writeVarUint(encoder, number)
  })
}

/** The first structs of `client`, each given by its bytes. */
export function structsOf(client: number, ...structs: readonly Uint8Array[]): Uint8Array {
  return frame((encoder) => {
    for (const number of [1, structs.length, client, 0]) encoding.writeVarUint(encoder, number)
    for (const bytes of structs) encoding.writeUint8Array(encoder, bytes)
    encoding.writeVarUint(encoder, 0)
  })
}

/** A struct of `content` in the root `content`; `kind` is its number in Yjs. */
export function struct(kind: number, content: (encoder: encoding.Encoder) => void): Uint8Array {
  return frame((encoder) => {
    encoding.writeUint8(encoder, kind)
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarString(encoder, 'content')
    content(encoder)
  })
}

/** What Yjs makes of these edits, in a document that has nothing else. */
export function updateBy(edit: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc()
  edit(doc)
  return Y.encodeStateAsUpdate(doc)
}

/** Deletes every other clock, `count` times, of a client nobody knows. */
export function manyDeletions(count: number): Uint8Array {
  return frame((encoder) => {
    for (const number of [0, 1, 1, count]) encoding.writeVarUint(encoder, number)
    for (let index = 0; index < count; index++)
      for (const number of [2 * index, 1]) encoding.writeVarUint(encoder, number)
  })
}

/** Deletes one clock of each of so many clients. */
export function deletionsOfMany(clients: number): Uint8Array {
  return frame((encoder) => {
    for (const number of [0, clients]) encoding.writeVarUint(encoder, number)
    for (let client = 1; client <= clients; client++)
      for (const number of [client, 1, 0, 1]) encoding.writeVarUint(encoder, number)
  })
}

/** One struct of `client` at `clock`, given by its bytes. */
export function structAt(client: number, clock: number, bytes: Uint8Array): Uint8Array {
  return frame((encoder) => {
    for (const number of [1, 1, client, clock]) encoding.writeVarUint(encoder, number)
    encoding.writeUint8Array(encoder, bytes)
    encoding.writeVarUint(encoder, 0)
  })
}

export const writeString = encoding.writeVarString
