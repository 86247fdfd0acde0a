/** Where the numbers and structs of an update lie, so that a mutation can aim at one. Reads updates that Yjs wrote. */
import * as decoding from 'lib0/decoding'

export interface Span {
  readonly from: number
  readonly to: number
}

export interface Fields {
  /** Every count, client, clock and length. */
  readonly numbers: readonly Span[]
  /** Each struct's first byte. */
  readonly infos: readonly number[]
  readonly structs: readonly Span[]
  /** The structs of each client, with the numbers before them. */
  readonly sections: readonly Span[]
  /** Everything from the number of clients with deletions on. */
  readonly deletions: Span
}

export function fieldsOf(update: Uint8Array): Fields {
  const decoder = decoding.createDecoder(update)
  const numbers: Span[] = []
  const infos: number[] = []
  const structs: Span[] = []
  const sections: Span[] = []
  const number = (): number => {
    const from = decoder.pos
    const value = decoding.readVarUint(decoder)
    numbers.push({ from, to: decoder.pos })
    return value
  }
  const bytes = (): void => {
    const length = number()
    decoder.pos += length
  }
  const struct = (): void => {
    const from = decoder.pos
    infos.push(from)
    const info = decoding.readUint8(decoder)
    const kind = info & 31
    if (kind === 0 || kind === 10) {
      number()
    } else {
      for (const neighbour of [0x80, 0x40])
        if (info & neighbour) {
          number()
          number()
        }
      if (!(info & 0xc0)) {
        if (number() === 1) {
          bytes()
        } else {
          number()
          number()
        }
        if (info & 0x20) bytes()
      }
      content(kind)
    }
    structs.push({ from, to: decoder.pos })
  }
  const content = (kind: number): void => {
    if (kind === 1) number()
    else if (kind === 2) for (let left = number(); left > 0; left--) bytes()
    else if (kind === 7) {
      const type = number()
      if (type === 3 || type === 5) bytes()
    } else if (kind === 8) for (let left = number(); left > 0; left--) decoding.readAny(decoder)
    else {
      bytes()
      if (kind === 6) bytes()
      if (kind === 9) decoding.readAny(decoder)
    }
  }
  for (let left = number(); left > 0; left--) {
    const from = decoder.pos
    const count = number()
    number()
    number()
    for (let index = 0; index < count; index++) struct()
    sections.push({ from, to: decoder.pos })
  }
  const deletions = { from: decoder.pos, to: update.length }
  for (let left = number(); left > 0; left--) {
    number()
    for (let ranges = number(); ranges > 0; ranges--) {
      number()
      number()
    }
  }
  return { numbers, infos, structs, sections, deletions }
}
