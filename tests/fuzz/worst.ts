/** Messages made to cost as much as they can for their size, all of them admitted, and the largest honest ones beside them. */
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { times } from './chance.ts'

export interface WorstCase {
  readonly name: string
  /** What the room knows before, update by update. */
  readonly known: readonly Uint8Array[]
  readonly update: Uint8Array
}

type Write = (encoder: encoding.Encoder) => void

/** Each of about so many bytes. */
export function worstCases(size: number): WorstCase[] {
  return [
    { name: 'one long text', known: [], update: textOf('a'.repeat(size)) },
    { name: 'one long text of emoji', known: [], update: textOf('🙂'.repeat(size / 4)) },
    { name: 'deep values', known: [], update: oneOf(size, deepValue) },
    { name: 'deep JSON', known: [], update: oneOf(size, deepJson) },
    { name: 'many tiny structs', known: [], update: chain(size) },
    { name: 'many tiny structs, half of them known', ...halfKnown(chain(size), size) },
    { name: 'many clients', known: [], update: clients(count(size, 6), (client) => [client, client]) },
    {
      name: 'many clients in a chain, each before what it builds on',
      known: [],
      update: clients(count(size, 10), (client) => [client, client - 1]),
    },
    { name: 'many deletions in order', ...deletions(count(size, 4), (index) => index) },
    { name: 'many deletions backwards', ...deletions(count(size, 4), (index, all) => all - 1 - index) },
    {
      name: 'many deletions in disorder',
      ...deletions(count(size, 4), (index, all) => (index * 7919) % all),
    },
    { name: 'many deletions, every other known', ...everyOtherKnown(count(size, 4)) },
    { name: 'many clients with one deletion each', ...deletionsOfMany(count(size, 5)) },
    { name: 'few deletions amid many', ...fewAmidMany(200_000) },
  ]
}

function count(size: number, bytesEach: number): number {
  return Math.floor(size / bytesEach)
}

function textOf(content: string): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = 1
  doc.getText('content').insert(0, content)
  return Y.encodeStateAsUpdate(doc)
}

function updateOf(
  writeSections: Write,
  writeDeletions: Write = (encoder) => encoding.writeVarUint(encoder, 0),
): Uint8Array {
  return encoding.encode((encoder) => {
    writeSections(encoder)
    writeDeletions(encoder)
  })
}

function numbers(encoder: encoding.Encoder, ...values: readonly number[]): void {
  for (const value of values) encoding.writeVarUint(encoder, value)
}

/** Values of one client in a list. */
function oneOf(size: number, write: (encoder: encoding.Encoder, room: number) => void): Uint8Array {
  return updateOf((encoder) => {
    numbers(encoder, 1, 1, 1, 0)
    write(encoder, size)
  })
}

function deepValue(encoder: encoding.Encoder, size: number): void {
  const depth = 98
  const values = Math.floor(size / (2 * depth))
  encoding.writeUint8(encoder, 8)
  numbers(encoder, 1)
  encoding.writeVarString(encoder, 'list')
  numbers(encoder, values)
  for (let value = 0; value < values; value++)
    encoding.writeUint8Array(
      encoder,
      Uint8Array.from({ length: 2 * depth }, (_, at) => (at % 2 ? Number(at < 195) : 117)),
    )
}

function deepJson(encoder: encoding.Encoder, size: number): void {
  const depth = 98
  encoding.writeUint8(encoder, 5)
  numbers(encoder, 1)
  encoding.writeVarString(encoder, 'list')
  const one = `${'['.repeat(depth)}${']'.repeat(depth)}`
  encoding.writeVarString(encoder, `[${times(Math.floor(size / (2 * depth + 1)), () => one).join()}]`)
}

/** Letters, each right of the one before. */
function chain(size: number): Uint8Array {
  const structs = count(size, 6)
  return updateOf((encoder) => {
    numbers(encoder, 1, structs, 1, 0)
    for (let clock = 0; clock < structs; clock++) letter(encoder, clock > 0 ? [1, clock - 1] : undefined)
  })
}

function letter(encoder: encoding.Encoder, origin: readonly [number, number] | undefined): void {
  encoding.writeUint8(encoder, origin ? 0x84 : 4)
  if (origin) {
    numbers(encoder, ...origin)
  } else {
    numbers(encoder, 1)
    encoding.writeVarString(encoder, 'content')
  }
  encoding.writeVarString(encoder, 'a')
}

function halfKnown(update: Uint8Array, size: number): Omit<WorstCase, 'name'> {
  return { known: [garbage(1, Math.floor(count(size, 6) / 2))], update }
}

/** From the highest id down, as Yjs lists them; `origin` of the first client is no origin. */
function clients(number: number, origin: (client: number) => readonly [number, number]): Uint8Array {
  return updateOf((encoder) => {
    numbers(encoder, number)
    for (let client = number; client > 0; client--) {
      numbers(encoder, 1, client, 0)
      const [own, left] = origin(client)
      if (left === own) {
        encoding.writeUint8(encoder, 0)
        numbers(encoder, 1)
      } else {
        letter(encoder, left > 0 ? [left, 0] : undefined)
      }
    }
  })
}

function garbage(client: number, length: number): Uint8Array {
  return updateOf((encoder) => {
    numbers(encoder, 1, 1, client, 0)
    encoding.writeUint8(encoder, 0)
    numbers(encoder, length)
  })
}

function deletions(ranges: number, place: (index: number, all: number) => number): Omit<WorstCase, 'name'> {
  return {
    known: [garbage(1, ranges * 2)],
    update: rangesOf(times(ranges, (index) => place(index, ranges) * 2)),
  }
}

function rangesOf(clocks: readonly number[]): Uint8Array {
  return updateOf(
    (encoder) => numbers(encoder, 0),
    (encoder) => {
      numbers(encoder, 1, 1, clocks.length)
      for (const clock of clocks) numbers(encoder, clock, 1)
    },
  )
}

function everyOtherKnown(ranges: number): Omit<WorstCase, 'name'> {
  const clocks = times(ranges, (index) => index * 2)
  const known = rangesOf(clocks.filter((_, index) => index % 2 === 0))
  return { known: [garbage(1, ranges * 2), known], update: rangesOf(clocks) }
}

/** Nine ranges into a document with very many: one more than are put in one by one, as the nine before them. */
function fewAmidMany(ranges: number): Omit<WorstCase, 'name'> {
  const nine = (from: number): Uint8Array => rangesOf(times(9, (index) => (from + index) * 4 + 2))
  const many = rangesOf(times(ranges, (index) => index * 4))
  return { known: [garbage(1, ranges * 4), many, nine(9)], update: nine(0) }
}

function deletionsOfMany(number: number): Omit<WorstCase, 'name'> {
  return {
    known: [clients(number, (client) => [client, client])],
    update: updateOf(
      (encoder) => numbers(encoder, 0),
      (encoder) => {
        numbers(encoder, number)
        for (let client = number; client > 0; client--) numbers(encoder, client, 1, 0, 1)
      },
    ),
  }
}
