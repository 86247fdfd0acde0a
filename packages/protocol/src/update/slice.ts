/**
 * Cutting one struct in two, as Yjs does (`Item.write` with an offset, `splitItem`): the later part has the last clock
 * of the earlier one as its left neighbour, and the same right neighbour.
 */
import { assert } from '../assert.ts'
import { ByteWriter } from '../bytes.ts'
import { flags, kinds, none, type StructReader } from './struct-reader.ts'
import { skipUtf16 } from './text.ts'

/** U+FFFD, which Yjs puts in the place of each half of a character that is cut in two. */
const replacement = Uint8Array.of(0xef, 0xbf, 0xbd)

/** The clocks from `from` up to `to` of the struct that was read last, counted from its start; a struct of its own. */
export function sliceOf(struct: StructReader, from: number, to: number): Uint8Array {
  const writer = new ByteWriter(struct.position - struct.start + 32)
  writeHead(writer, struct, from)
  writeContent(writer, struct, from, to)
  return writer.finish()
}

/**
 * The same of a text, for whoever knows where its bytes lie: those between two characters, of which the first is at clock
 * `from`. Costs as much as it is long, wherever it is in the struct.
 */
export function textSliceOf(
  struct: StructReader,
  from: number,
  { at, end }: { readonly at: number; readonly end: number },
): Uint8Array {
  const writer = new ByteWriter(end - at + 64)
  writeHead(writer, struct, from)
  writer.varUint(end - at).rawBytes(struct.bytes, at, end)
  return writer.finish()
}

function writeHead(writer: ByteWriter, struct: StructReader, from: number): void {
  if (from === 0 || struct.kind === kinds.garbage) {
    writer.rawBytes(struct.bytes, struct.start, struct.contentStart)
    return
  }
  // A neighbour tells the parent, so the later part need not.
  writer
    .byte(struct.info | flags.hasOrigin)
    .varUint(struct.client)
    .varUint(struct.clock + from - 1)
  if (struct.rightClient !== none) writer.varUint(struct.rightClient).varUint(struct.rightClock)
}

function writeContent(writer: ByteWriter, struct: StructReader, from: number, to: number): void {
  switch (struct.kind) {
    case kinds.garbage:
    case kinds.deleted:
      writer.varUint(to - from)
      return
    case kinds.string:
      return writeText(writer, struct, from, to)
    case kinds.json:
    case kinds.any: {
      const starts = struct.valueStarts(to)
      writer.varUint(to - from).rawBytes(struct.bytes, starts[from], starts[to])
      return
    }
    default:
      assert(false, 'only what is longer than one clock can be cut')
  }
}

function writeText(writer: ByteWriter, { bytes, textStart }: StructReader, from: number, to: number): void {
  const start = skipUtf16(bytes, textStart, from)
  const end = skipUtf16(bytes, textStart, to)
  // What ends in the middle of a character ends before it.
  const endAt = end.splitsPair ? end.at - 4 : end.at
  const length = Math.max(0, endAt - start.at)
  const halves = Number(start.splitsPair) + Number(end.splitsPair)
  writer.varUint(length + halves * replacement.length)
  if (start.splitsPair) writer.rawBytes(replacement)
  writer.rawBytes(bytes, start.at, start.at + length)
  if (end.splitsPair) writer.rawBytes(replacement)
}
