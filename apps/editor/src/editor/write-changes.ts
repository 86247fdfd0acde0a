/**
 * Writes what was changed in an editor into a Y.Text, with whatever stands in that besides text. Knows no view, and the
 * transaction is its caller's.
 */
import type { ChangeSet, Text } from '@codemirror/state'
import * as Y from 'yjs'
import { hasFormatting, objectCharacter } from './shared-text.ts'

/**
 * So many pieces are written while walking through the text once. Yjs remembers places in it, by which it is sooner at a
 * few; but where much was taken out of what one person wrote, it looks for each anew from the beginning.
 */
const manyPieces = 100

/**
 * Other people's Yjs cuts what it has in one piece at the ends of each of ours, which takes it longer the more there are: a
 * second for so many, minutes for ten times as many.
 */
const mostPieces = 10_000
/** Beyond that, what stays between two pieces is written anew with them if it is no longer than this. */
const nearLength = 64

interface Piece {
  /** Where it begins, before all changes and after them. */
  readonly from: number
  readonly at: number
  readonly deleted: string
  readonly inserted: string
}

/** `before` is what the text says now. */
export function writeChanges(text: Y.Text, changes: ChangeSet, before: Text): void {
  const pieces: Piece[] = []
  changes.iterChanges((from, to, at, _end, inserted) => {
    pieces.push({ from, at, deleted: before.sliceString(from, to), inserted: inserted.toString() })
  })
  const isSimple = pieces.every(({ deleted }) => !deleted.includes(objectCharacter))
  if (pieces.length >= manyPieces && isSimple)
    return writeMany(text, hasFormatting(text) ? pieces : joinNear(pieces, before))
  for (const { at, deleted, inserted } of pieces) {
    deleteRange(text, at, deleted)
    insertPlain(text, at, inserted)
  }
}

/** What is in the text besides letters is left where it is. */
function joinNear(pieces: readonly Piece[], before: Text): readonly Piece[] {
  if (pieces.length <= mostPieces) return pieces
  const most = Math.ceil(pieces.length / mostPieces)
  const joined: Piece[] = []
  let count = 0
  for (const piece of pieces) {
    const last = joined.at(-1)
    const end = last ? last.from + last.deleted.length : 0
    const between = last && piece.from - end <= nearLength ? before.sliceString(end, piece.from) : undefined
    if (last && between !== undefined && count < most && !between.includes(objectCharacter)) {
      const deleted = last.deleted + between + piece.deleted
      joined[joined.length - 1] = { ...last, deleted, inserted: last.inserted + between + piece.inserted }
      count++
    } else {
      joined.push(piece)
      count = 1
    }
  }
  return joined
}

/**
 * First what is taken out, then what comes in: of what this client has written, each cut moves all that it wrote later, and
 * that would be all that has just come in.
 */
function writeMany(text: Y.Text, pieces: readonly Piece[]): void {
  const deletions: object[] = []
  const insertions: object[] = []
  let deletedTo = 0
  let insertedTo = 0
  for (const { from, at, deleted, inserted } of pieces) {
    if (deleted !== '') {
      deletions.push({ retain: from - deletedTo }, { delete: deleted.length })
      deletedTo = from + deleted.length
    }
    if (inserted !== '') {
      insertions.push({ retain: at - insertedTo }, { insert: inserted })
      insertedTo = at + inserted.length
    }
  }
  text.applyDelta(deletions)
  // Yjs may take a line break away from what comes last.
  text.applyDelta([...insertions, { retain: 0 }])
}

function deleteRange(text: Y.Text, at: number, deleted: string): void {
  if (deleted === '') return
  if (!deleted.includes(objectCharacter)) return text.delete(at, deleted.length)
  // `Y.Text.delete` steps over what a Y.Text is not meant to hold and takes the letters behind it instead. An array's
  // method takes whatever is there; it uses nothing but the list of items, which every shared type has.
  const list: unknown = text
  Y.Array.prototype.delete.call(list as Y.Array<unknown>, at, deleted.length)
}

/**
 * What is typed here is plain: it does not grow a link or a colour that this editor cannot show. Only a text that
 * has formatting needs to be told so, and telling costs Yjs the shortcut to the place.
 */
function insertPlain(text: Y.Text, at: number, inserted: string): void {
  text.insert(at, inserted, hasFormatting(text) ? {} : undefined)
}
