import * as fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { choose, compose } from './testing/input-method.ts'
import { clearDesks, desk, send, soon, turn, wire, type Desk } from './testing/desk.ts'
import { textEditor } from './text-editor.ts'
import { undo, yUndo } from './undo.ts'
import { isHoldingBack, ySync } from './sync.ts'

const writer = (initial = ''): Desk =>
  desk(({ text, awareness }) => textEditor({ text, awareness, readOnly: false }), { initial })

/** Two at one text; the first has put the caret there. */
function anna(initial: string, caret: number): { anna: Desk; ben: Desk } {
  const [one, other] = [writer(initial), writer()]
  wire(one, other)
  one.view.focus()
  one.view.dispatch({ selection: { anchor: caret } })
  return { anna: one, ben: other }
}

afterEach(() => {
  clearDesks()
  vi.useRealTimers()
})

test.each([
  ['in the middle of the line', 1, 'oXne two日本 three'],
  ['right behind', 9, 'one two日本X three'],
  ['before it', 7, 'one twoX日本 three'],
])('someone who writes %s does not end a composition', async (_where, at, result) => {
  const { anna: one, ben } = anna('one two three', 7)
  await compose('に')
  await compose('にほ')
  expect(ben.said()).toBe('one twoにほ three')
  ben.type(at, 'X')
  await compose('にほん')
  await choose('日本')
  await soon(() => expect(one.shown()).toBe(result))
  expect(ben.said()).toBe(result)
})

test('what others write in other lines is seen while something is composed', async () => {
  const { anna: one, ben } = anna('one\ntwo\nthree', 7)
  await compose('に')
  ben.type(0, 'X')
  ben.type(ben.text.length, 'Y')
  expect(one.shown()).toBe('Xone\ntwoに\nthreeY')
  await compose('にほ')
  await choose('日')
  expect(one.shown()).toBe('Xone\ntwo日\nthreeY')
})

test('what is composed survives that its line is deleted meanwhile', async () => {
  const { anna: one, ben } = anna('one\ntwo\nthree', 7)
  await compose('に')
  ben.type(3, '', 5)
  await compose('にほ')
  await choose('日')
  await soon(() => expect(one.shown()).toBe('one日\nthree'))
  expect(ben.said()).toBe('one日\nthree')
})

test('carets of others stand where they are once the text has caught up', async () => {
  const { anna: one, ben } = anna('one two three', 7)
  ben.view.focus()
  ben.view.dispatch({ selection: { anchor: 13 } })
  await turn()
  one.view.focus()
  await compose('に')
  ben.type(0, 'XYZ')
  await turn()
  expect(isHoldingBack(one.view)).toBe(true)
  await choose('日')
  await soon(() => expect(one.shown()).toBe('XYZone two日 three'))
  await soon(() => {
    const caret = one.view.dom.querySelector('.cm-peerCaret')
    expect(caret?.getBoundingClientRect().left).toBeCloseTo((one.view.coordsAtPos(3)?.left ?? 0) - 1, 0)
  })
})

test('a composition whose end was never told is not waited for longer than it takes to look for letters', async () => {
  const { anna: one, ben } = anna('one', 3)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await compose('に')
  ben.type(0, 'X')
  vi.advanceTimersByTime(20_000)
  await compose('にほ')
  vi.advanceTimersByTime(29_999)
  ben.type(0, 'Y')
  one.view.dispatch({ changes: { from: 3, insert: '!' } })
  expect(one.shown()).toBe('one!にほ')
  vi.advanceTimersByTime(1)
  expect(one.shown()).toBe('YXone!にほ')
})

test('undo shows what was held back, and takes back a composition in one step, however long it took', async () => {
  const { anna: one, ben } = anna('one', 3)
  vi.useFakeTimers({ toFake: ['Date'] })
  await compose('に')
  for (const letters of ['にほ', 'にほん']) {
    vi.setSystemTime(Date.now() + 2_000)
    await compose(letters)
  }
  ben.type(0, 'X')
  vi.setSystemTime(Date.now() + 2_000)
  await choose('日本')
  expect(one.said()).toBe('Xone日本')
  undo(one.view)
  expect(one.shown()).toBe('Xone')
  expect(ben.said()).toBe('Xone')
})

test('everyone has the same text, whatever is written while it is held back', () => {
  const edit = fc.record({
    type: fc.constantFrom(
      'edit' as const,
      'editElsewhere' as const,
      'editElsewhere' as const,
      'meet' as const,
      'begin' as const,
      'end' as const,
    ),
    at: fc.nat({ max: 8 }),
    deleted: fc.nat({ max: 3 }),
    text: fc.constantFrom('', 'a', 'bc', '\n', '😀'),
  })
  let held = 0
  fc.assert(
    fc.property(fc.array(edit, { minLength: 5, maxLength: 40 }), (edits) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const bare = (): Desk => desk(({ text }) => [yUndo(text), ySync(text)])
      const [here, elsewhere] = [bare(), bare()]
      const meet = (): void => {
        send(here, elsewhere)
        send(elsewhere, here)
      }
      for (const { type, at, deleted, text } of edits) {
        const one = type === 'editElsewhere' ? elsewhere : here
        const { length } = one.view.state.doc
        const from = Math.min(at, length)
        if (type === 'meet') meet()
        else if (type === 'begin')
          here.view.contentDOM.dispatchEvent(new CompositionEvent('compositionstart'))
        else if (type === 'end') here.view.contentDOM.dispatchEvent(new CompositionEvent('compositionend'))
        else one.type(from, text, Math.min(deleted, length - from))
        if (isHoldingBack(here.view)) held++
        else expect(here.shown()).toBe(here.said())
      }
      meet()
      vi.advanceTimersByTime(30_000)
      expect(here.shown()).toBe(here.said())
      expect(here.shown()).toBe(elsewhere.shown())
      clearDesks()
    }),
    { numRuns: 300 },
  )
  // Otherwise nothing was tried.
  expect(held).toBeGreaterThan(100)
})
