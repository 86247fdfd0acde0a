/**
 * Strings inside an update, without making them: are these bytes UTF-8, and how many UTF-16 units is that? Yjs counts
 * text in those units, and its decoder throws at anything that is not well-formed.
 */

/** The number of UTF-16 units in `bytes` from `start` to `end`, or -1 if that is not well-formed UTF-8. */
export function utf16Length(bytes: Uint8Array, start: number, end: number): number {
  let units = 0
  let at = start
  while (at < end) {
    const first = byteAt(bytes, at)
    if (first < 0x80) {
      at++
      units++
      continue
    }
    const size = sequenceSize(first)
    if (size === 0 || at + size > end || !isSequence(bytes, at, size)) return -1
    at += size
    units += size === 4 ? 2 : 1
  }
  return units
}

/**
 * Where `units` UTF-16 units from `start` end. In the middle of a pair of surrogates it is the end of the pair, and
 * `splitsPair` says so.
 */
export function skipUtf16(
  bytes: Uint8Array,
  start: number,
  units: number,
): { readonly at: number; readonly splitsPair: boolean } {
  let at = start
  let left = units
  while (left > 0) {
    const size = sequenceSize(byteAt(bytes, at))
    if (size === 4 && left === 1) return { at: at + size, splitsPair: true }
    at += size
    left -= size === 4 ? 2 : 1
  }
  return { at, splitsPair: false }
}

/** The most whole characters that lie between `start` and `limit`, at least one: where they end, and their UTF-16 units. */
export function skipBytes(
  bytes: Uint8Array,
  start: number,
  limit: number,
): { readonly at: number; readonly units: number } {
  let at = start
  let units = 0
  do {
    const size = sequenceSize(byteAt(bytes, at))
    at += size
    units += size === 4 ? 2 : 1
  } while (at < limit && at + sequenceSize(byteAt(bytes, at)) <= limit)
  return { at, units }
}

/** Bytes of the character that begins with `first`; 0 if none does. */
function sequenceSize(first: number): number {
  if (first < 0x80) return 1
  if (first >= 0xc2 && first <= 0xdf) return 2
  if (first >= 0xe0 && first <= 0xef) return 3
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0
}

/** Are the bytes after the first what it promises? Not overlong, not a surrogate, not past U+10FFFF (RFC 3629). */
function isSequence(bytes: Uint8Array, at: number, size: number): boolean {
  const first = byteAt(bytes, at)
  const second = byteAt(bytes, at + 1)
  if (second < lowestSecond(first) || second > highestSecond(first)) return false
  return (
    (size < 3 || isContinuation(byteAt(bytes, at + 2))) && (size < 4 || isContinuation(byteAt(bytes, at + 3)))
  )
}

function lowestSecond(first: number): number {
  if (first === 0xe0) return 0xa0
  return first === 0xf0 ? 0x90 : 0x80
}

function highestSecond(first: number): number {
  if (first === 0xed) return 0x9f
  return first === 0xf4 ? 0x8f : 0xbf
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] as number // callers stay inside the bytes
}
