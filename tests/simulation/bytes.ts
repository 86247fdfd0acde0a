/** Yjs V1 updates written struct by struct, so that they can say what no document would. */
import * as encoding from 'lib0/encoding'

export interface Id {
  readonly client: number
  readonly clock: number
}

export type Struct =
  /** A run of garbage. */
  | { readonly type: 'garbage'; readonly length: number }
  /** A gap that is named. */
  | { readonly type: 'skip'; readonly length: number }
  /** A text right of `origin`, or first in the root `content`. */
  | { readonly type: 'text'; readonly text: string; readonly origin?: Id; readonly rightOrigin?: Id }
  /** An entry of the root map `meta`. */
  | { readonly type: 'value'; readonly key: string; readonly write: (encoder: encoding.Encoder) => void }

export interface StructList extends Id {
  readonly structs: readonly Struct[]
}

export interface DeletedRange extends Id {
  readonly length: number
}

export function updateBytes(lists: readonly StructList[], deletes: readonly DeletedRange[] = []): Uint8Array {
  return bytes((encoder) => {
    encoding.writeVarUint(encoder, lists.length)
    for (const { client, clock, structs } of lists) {
      for (const number of [structs.length, client, clock]) encoding.writeVarUint(encoder, number)
      for (const struct of structs) writeStruct(encoder, struct)
    }
    const clients = Map.groupBy(deletes, ({ client }) => client)
    encoding.writeVarUint(encoder, clients.size)
    for (const [client, ranges] of clients) {
      for (const number of [client, ranges.length]) encoding.writeVarUint(encoder, number)
      for (const { clock, length } of ranges)
        for (const number of [clock, length]) encoding.writeVarUint(encoder, number)
    }
  })
}

export function bytes(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder()
  write(encoder)
  return encoding.toUint8Array(encoder)
}

const hasOrigin = 0x80
const hasRightOrigin = 0x40
const hasKey = 0x20
const stringContent = 4
const anyContent = 8
const skip = 10

function writeStruct(encoder: encoding.Encoder, struct: Struct): void {
  switch (struct.type) {
    case 'garbage':
    case 'skip':
      encoding.writeUint8(encoder, struct.type === 'skip' ? skip : 0)
      encoding.writeVarUint(encoder, struct.length)
      break
    case 'text': {
      const { origin, rightOrigin, text } = struct
      encoding.writeUint8(
        encoder,
        stringContent | (origin ? hasOrigin : 0) | (rightOrigin ? hasRightOrigin : 0),
      )
      if (origin) writeId(encoder, origin)
      if (rightOrigin) writeId(encoder, rightOrigin)
      if (!origin && !rightOrigin) writeRoot(encoder, 'content')
      encoding.writeVarString(encoder, text)
      break
    }
    case 'value':
      encoding.writeUint8(encoder, anyContent | hasKey)
      writeRoot(encoder, 'meta')
      encoding.writeVarString(encoder, struct.key)
      encoding.writeVarUint(encoder, 1)
      struct.write(encoder)
      break
  }
}

function writeId(encoder: encoding.Encoder, { client, clock }: Id): void {
  encoding.writeVarUint(encoder, client)
  encoding.writeVarUint(encoder, clock)
}

function writeRoot(encoder: encoding.Encoder, name: string): void {
  encoding.writeVarUint(encoder, 1)
  encoding.writeVarString(encoder, name)
}
