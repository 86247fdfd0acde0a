/**
 * Keeps half a surrogate pair out of the text. Yjs and UTF-8 turn such a half into U+FFFD somewhere on the way;
 * doing it when the edit is made lets this editor show what everyone else will read. Knows nothing of Yjs.
 */
import type { ChangeSpec, Transaction } from '@codemirror/state'
import { replacementCharacter, splitsPair } from './shared-text.ts'

/** The changes, to the document as `transaction` leaves it, that replace every half it brought or left behind. */
export function mendPairs(transaction: Transaction): ChangeSpec[] {
  const changes: ChangeSpec[] = []
  const replaceUnit = (at: number): void => {
    changes.push({ from: at, to: at + 1, insert: replacementCharacter })
  }
  const before = transaction.startState.doc
  transaction.changes.iterChanges((fromA, toA, fromB, toB, inserted) => {
    if (splitsPair(before, fromA)) replaceUnit(fromB - 1)
    const text = inserted.toString()
    if (!text.isWellFormed()) {
      const mended = text.toWellFormed()
      for (let index = 0; index < text.length; index++)
        if (text.charCodeAt(index) !== mended.charCodeAt(index)) replaceUnit(fromB + index)
    }
    if (splitsPair(before, toA)) replaceUnit(toB)
  })
  return changes
}
