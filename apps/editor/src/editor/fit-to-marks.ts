/**
 * What is pasted behind the marks of a list item or a quote belongs to that: its lines get the same marks, or are indented as
 * far. Lines that bring such marks themselves keep them. Works on states alone.
 */
import type { EditorState } from '@codemirror/state'
import { placeAt, readMarks } from './continue-markup.ts'
import { isBlank } from './line-markup.ts'

interface Pasted {
  readonly from: number
  readonly insert: string
}

/** Where it begins instead, and what it says there. */
export function fitToMarks(
  state: EditorState,
  { from, to }: { readonly from: number; readonly to: number },
  pasted: string,
): Pasted {
  const [first = '', ...others] = pasted.split('\n')
  const place = placeAt(state, from)
  // A line that is copied as a whole is put before this one.
  if (!place || (others.length > 0 && others.every(isBlank))) return { from, insert: pasted }
  const { line, marks } = place
  const outer = line.text.slice(0, marks.inner)
  const own = readMarks(first)
  if (own?.kind === marks.kind && to === line.to && isBlank(line.text.slice(marks.length))) {
    // It is instead of what has nothing in it.
    const indent = first.slice(0, own.inner)
    const lines = [first, ...others].map((text) =>
      text.startsWith(indent) ? text.slice(indent.length) : text,
    )
    const [start = '', ...rest] = lines
    return { from: line.from + marks.inner, insert: [start, ...withMarks(rest, outer)].join('\n') }
  }
  const isOfItems = own?.kind === 'list' || goesOn(others, outer.length)
  const inItem = isOfItems ? outer : outer + ' '.repeat(marks.width)
  const before = marks.kind === 'list' ? inItem : marks.next
  const haveThem = others.every((text) => isBlank(text) || text.startsWith(before))
  return { from, insert: [first, ...(haveThem ? others : withMarks(others, before))].join('\n') }
}

/** With items further on, as what is cut out from behind the mark of the first of several. */
function goesOn(lines: readonly string[], indent: number): boolean {
  const blank = lines.findIndex(isBlank)
  return lines.slice(0, blank === -1 ? lines.length : blank).some((text) => {
    const marks = readMarks(text)
    return marks?.kind === 'list' && marks.inner <= indent
  })
}

function withMarks(lines: readonly string[], before: string): readonly string[] {
  const blank = before.trimEnd()
  // Behind a last line break there is no line yet.
  return lines.map((text, index) =>
    text.trim() !== '' ? before + text : index === lines.length - 1 ? text : blank,
  )
}
