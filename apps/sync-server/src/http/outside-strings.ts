/**
 * How much of a JSON text lies outside of its strings. That is what becomes keys, lists and numbers, each of which takes many
 * times the bytes it is written with, and as long to make; a string takes as much as it is long.
 */
const quote = 0x22
const backslash = 0x5c

/** In bytes, the quote with which a string begins among them. Ends as soon as it is more than `most`. */
export function bytesOutsideStrings(json: Uint8Array, most: number): number {
  let outside = 0
  let at = 0
  while (at < json.length && outside <= most) {
    outside++
    if (json[at++] !== quote) continue
    // Byte by byte: to look for the next quote would be slow where every other byte is one, after a backslash.
    while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1
    at++
  }
  return outside
}
