/** A numbered list that counts goes on counting when its lines are moved, copied or deleted. */
import { EditorState, type ChangeSpec, type Text, type Transaction } from '@codemirror/state'
import { isMarkdownAt } from './markdown-places.ts'

const events = ['move.line', 'input.copyline', 'delete.line']

/** What a numbered item begins with · its number · the sign behind that. */
const item = /^((?:[ \t]*>)*[ \t]*)(\d{1,9})([.)])(?=[ \t]|$)/u

/** More are no list that anybody counts in, and each is an edit that everyone is sent. */
const mostLines = 400

export const recount = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || !events.some((event) => transaction.isUserEvent(event))) return transaction
  const changes = recounted(transaction)
  return changes.length > 0 ? [transaction, { changes, sequential: true }] : transaction
})

/** What the items of one list have in common: what stands before their numbers, and behind. */
interface Kind {
  readonly prefix: string
  readonly sign: string
}

interface Item {
  /** Where its number stands. */
  readonly from: number
  readonly digits: string
}

function recounted({ startState, newDoc, changes }: Transaction): ChangeSpec[] {
  const { doc, selection } = startState
  const at = doc.lineAt(selection.main.head)
  const [, prefix, , sign] = item.exec(at.text) ?? []
  if (selection.ranges.length > 1 || prefix === undefined || sign === undefined) return []
  if (!isMarkdownAt(startState, at.from)) return []
  const kind = { prefix, sign }
  const before = itemsAround(doc, at.number, kind)
  const first = Number(before[0]?.digits)
  if (before.some(({ digits }, index) => Number(digits) !== first + index)) return []
  let count = before.length
  changes.iterChanges((from, to, newFrom, newTo) => {
    count += countIn(newDoc.sliceString(newFrom, newTo), kind) - countIn(doc.sliceString(from, to), kind)
  })
  const after = itemsAround(newDoc, newDoc.lineAt(changes.mapPos(at.from, 1)).number, kind)
  // It has come apart, or run into another one: what is to be counted from where is somebody's wish.
  if (after.length !== count) return []
  return after.flatMap(({ from, digits }, index) => {
    const insert = String(first + index)
    return digits === insert ? [] : [{ from, to: from + digits.length, insert }]
  })
}

/** The items of the list that this line is in, over what is indented behind them and over blank lines. */
function itemsAround(doc: Text, number: number, kind: Kind): readonly Item[] {
  return [...itemsFrom(doc, number - 1, -1, kind).toReversed(), ...itemsFrom(doc, number, 1, kind)]
}

function itemsFrom(doc: Text, start: number, step: 1 | -1, kind: Kind): readonly Item[] {
  const items: Item[] = []
  const end = start + step * mostLines
  for (let number = start; number >= 1 && number <= doc.lines && number !== end; number += step) {
    const { from, text } = doc.line(number)
    const digits = numberIn(text, kind)
    if (digits !== undefined) items.push({ from: from + kind.prefix.length, digits })
    else if (!isWithin(text, kind)) break
  }
  return items
}

function countIn(text: string, kind: Kind): number {
  return text.split('\n').filter((line) => numberIn(line, kind) !== undefined).length
}

function numberIn(line: string, { prefix, sign }: Kind): string | undefined {
  const match = item.exec(line)
  return match?.[1] === prefix && match[3] === sign ? match[2] : undefined
}

/** Blank, or indented behind what stands before the numbers. */
function isWithin(line: string, { prefix }: Kind): boolean {
  return (
    line.trimEnd() === prefix.trimEnd() ||
    (line.startsWith(prefix) && /^[ \t]/u.test(line.slice(prefix.length)))
  )
}
