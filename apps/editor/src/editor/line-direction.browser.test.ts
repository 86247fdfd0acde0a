import { cursorCharLeft } from '@codemirror/commands'
import { Direction } from '@codemirror/view'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { fetchLanguages } from './setup.ts'
import { clearDesks, desk, frame, type Desk } from './testing/desk.ts'
import { textEditor } from './text-editor.ts'

const person = (initial: string): Desk =>
  desk(({ text, awareness }) => textEditor({ text, awareness, readOnly: false }), { initial })

beforeAll(fetchLanguages)
afterEach(clearDesks)

/** On which side each line begins, and whether CodeMirror moves in it accordingly. */
function sides({ view }: Desk): string[] {
  const { left, right } = view.contentDOM.getBoundingClientRect()
  return Array.from({ length: view.state.doc.lines }, (_, index) => {
    const { from } = view.state.doc.line(index + 1)
    const { left: at = 0 } = view.coordsAtPos(from, 1) ?? {}
    const isRight = at > (left + right) / 2
    expect(view.textDirectionAt(from)).toBe(isRight ? Direction.RTL : Direction.LTR)
    return isRight ? 'right' : 'left'
  })
}

test('each line begins on the side of its language, and a line without letters like the one above', async () => {
  const at = person('1.\n# Title\n\n## שלום\n- אחת\n\nA line\n')
  await frame()
  expect(sides(at)).toEqual(['left', 'left', 'left', 'right', 'right', 'right', 'left', 'left'])
})

test('a line turns when its first letter is another, and those that follow it', async () => {
  const at = person('A line\n\n')
  at.type(0, 'שלום ')
  await frame()
  expect(sides(at)).toEqual(['right', 'right', 'right'])
})

test('to the left is onward where a line is read from the right', async () => {
  const at = person('שלום\nHello')
  await frame()
  at.view.dispatch({ selection: { anchor: 1 } })
  cursorCharLeft(at.view)
  expect(at.view.state.selection.main.head).toBe(2)
  at.view.dispatch({ selection: { anchor: 6 } })
  cursorCharLeft(at.view)
  expect(at.view.state.selection.main.head).toBe(5)
})

test('marks hang on the side where the line begins', async () => {
  const at = person('- אחת ועוד')
  await frame()
  const [line, mark] = ['.cm-line', '.cm-prefix'].map((part) =>
    at.view.contentDOM.querySelector(part)?.getBoundingClientRect(),
  )
  expect(mark?.right).toBeGreaterThan((line?.right ?? 0) - 60)
})
