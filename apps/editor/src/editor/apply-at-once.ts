/**
 * Many changes at once, applied in one go. CodeMirror makes a text for each change, and a line anew for each that is made in
 * it: 120,000 commas in one line of a megabyte held up the page of everyone for minutes.
 */
import type { ChangeSet, Transaction } from '@codemirror/state'
import { Text } from '@codemirror/state'

/** With fewer, what stays the same of the text's tree is worth more. */
const manyChanges = 1_000

/** The same transaction, to be handed on before anyone has asked it for what it makes of the text. */
export function applyAtOnce(transaction: Transaction): Transaction {
  const { changes, startState } = transaction
  let count = 0
  changes.iterChangedRanges(() => count++, true)
  // It keeps here what it makes of the text when it is asked for that; were it elsewhere, this would only take as long as before.
  if (count >= manyChanges) Object.assign(transaction, { _doc: changed(startState.doc, changes) })
  return transaction
}

export function changed(doc: Text, changes: ChangeSet): Text {
  const parts: string[] = []
  let at = 0
  changes.iterChanges((from, to, _fromB, _toB, inserted) => {
    parts.push(doc.sliceString(at, from), inserted.toString())
    at = to
  }, true)
  parts.push(doc.sliceString(at))
  return Text.of(parts.join('').split('\n'))
}
