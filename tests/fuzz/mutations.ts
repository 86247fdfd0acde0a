/** Small lies about an update: each takes a whole one and gives bytes that nobody may have meant. */
import { assertNever } from '@quire/protocol'
import * as encoding from 'lib0/encoding'
import type { Random } from '../support/random.ts'
import { between, isOneIn, pick, weighted } from './chance.ts'
import { fieldsOf, type Span } from './fields.ts'

/** `other` is an update of the same document. */
export function mutated(update: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const fields = fieldsOf(update)
  const kind = weighted(random, {
    bytes: 8,
    numbers: 14,
    infos: 4,
    cut: 2,
    remove: 2,
    double: 3,
    insert: 2,
    cross: 3,
    swap: 3,
    structs: 5,
    deletions: 5,
  })
  switch (kind) {
    case 'bytes':
      return withBytesChanged(update, random)
    case 'numbers':
      return withNumbersChanged(update, fields.numbers, random)
    case 'infos': {
      if (fields.infos.length === 0) return withBytesChanged(update, random)
      const at = pick(random, fields.infos)
      return withByte(update, at, infoByte(update[at] ?? 0, random))
    }
    case 'cut':
      return update.subarray(0, random.below(update.length + 1))
    case 'remove':
      return replaced(update, stretchOf(update, random), [])
    case 'double': {
      const stretch = stretchOf(update, random)
      return replaced(update, { from: stretch.to, to: stretch.to }, update.subarray(stretch.from, stretch.to))
    }
    case 'insert': {
      const at = random.below(update.length + 1)
      const stretch = stretchOf(other, random)
      return replaced(update, { from: at, to: at }, other.subarray(stretch.from, stretch.to))
    }
    case 'cross':
      return joined(
        update.subarray(0, random.below(update.length + 1)),
        other.subarray(random.below(other.length + 1)),
      )
    case 'swap':
      return withStretchesSwapped(update, fields.sections, random)
    case 'structs':
      return withStructsMoved(update, other, random)
    case 'deletions':
      return withDeletionsOf(update, other, random)
    default:
      return assertNever(kind)
  }
}

function withBytesChanged(update: Uint8Array, random: Random): Uint8Array {
  const changed = update.slice()
  for (let left = between(random, 1, 4); left > 0; left--) {
    const at = random.below(changed.length)
    changed[at] = isOneIn(random, 2) ? random.below(256) : (changed[at] ?? 0) ^ (1 << random.below(8))
  }
  return changed
}

const extremes = [0, 1, 2 ** 7, 2 ** 14, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1]

function withNumbersChanged(update: Uint8Array, numbers: readonly Span[], random: Random): Uint8Array {
  const span = pick(random, numbers)
  const value = numberAt(update, span)
  const number = weighted(random, { near: 5, extreme: 3, other: 3 })
  const wanted =
    number === 'near'
      ? Math.max(0, value + between(random, -2, 2))
      : number === 'extreme'
        ? pick(random, extremes)
        : numberAt(update, pick(random, numbers))
  return replaced(update, span, varUint(wanted))
}

function infoByte(info: number, random: Random): number {
  return isOneIn(random, 2) ? info ^ (1 << between(random, 5, 7)) : (info & 0xe0) | random.below(12)
}

function withStretchesSwapped(update: Uint8Array, stretches: readonly Span[], random: Random): Uint8Array {
  if (stretches.length < 2) return withBytesChanged(update, random)
  const at = random.below(stretches.length - 1)
  const [first, second] = [stretches[at], stretches[at + 1]]
  if (!first || !second) return update
  return joined(
    update.subarray(0, first.from),
    update.subarray(second.from, second.to),
    update.subarray(first.to, second.from),
    update.subarray(first.from, first.to),
    update.subarray(second.to),
  )
}

/** One struct in the place of another, or beside it with the count put right. */
function withStructsMoved(update: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const { sections, structs } = fieldsOf(update)
  const others = fieldsOf(other).structs
  if (structs.length === 0 || others.length === 0) return withBytesChanged(update, random)
  const target = pick(random, structs)
  const source = pick(random, others)
  const bytes = other.subarray(source.from, source.to)
  if (isOneIn(random, 2)) return replaced(update, target, bytes)
  const section = sections.find(({ from, to }) => from <= target.from && target.to <= to)
  if (!section) return update
  const count = fieldsOf(update).numbers.find(({ from }) => from === section.from)
  if (!count) return update
  const isMore = isOneIn(random, 2)
  const changed = isMore
    ? replaced(update, { from: target.from, to: target.from }, bytes)
    : replaced(update, target, [])
  return replaced(changed, count, varUint(numberAt(update, count) + (isMore ? 1 : -1)))
}

function withDeletionsOf(update: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const { deletions } = fieldsOf(update)
  const theirs = fieldsOf(other).deletions
  const deleted = isOneIn(random, 2) ? other.subarray(theirs.from) : randomDeletions(update, random)
  return joined(update.subarray(0, deletions.from), deleted)
}

/** Ranges that are mostly small, of clients that the update mentions somewhere. */
function randomDeletions(update: Uint8Array, random: Random): Uint8Array {
  const { numbers } = fieldsOf(update)
  return encoding.encode((encoder) => {
    const clients = random.below(3)
    encoding.writeVarUint(encoder, clients)
    for (let client = 0; client < clients; client++) {
      encoding.writeVarUint(encoder, numberAt(update, pick(random, numbers)))
      const ranges = random.below(4)
      encoding.writeVarUint(encoder, ranges)
      for (let range = 0; range < ranges; range++) {
        encoding.writeVarUint(encoder, random.below(20))
        encoding.writeVarUint(encoder, random.below(6))
      }
    }
  })
}

function stretchOf(update: Uint8Array, random: Random): Span {
  const from = random.below(update.length + 1)
  return { from, to: Math.min(update.length, from + between(random, 1, 12)) }
}

function withByte(update: Uint8Array, at: number, byte: number): Uint8Array {
  const changed = update.slice()
  changed[at] = byte
  return changed
}

function replaced(update: Uint8Array, { from, to }: Span, by: ArrayLike<number>): Uint8Array {
  return joined(update.subarray(0, from), by, update.subarray(to))
}

function joined(...parts: readonly ArrayLike<number>[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function varUint(value: number): Uint8Array {
  return encoding.encode((encoder) => encoding.writeVarUint(encoder, value))
}

function numberAt(update: Uint8Array, { from, to }: Span): number {
  let value = 0
  for (let at = to - 1; at >= from; at--) value = value * 128 + ((update[at] ?? 0) & 0x7f)
  return value
}
