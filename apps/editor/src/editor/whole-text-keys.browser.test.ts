import { afterEach, expect, test } from 'vitest'
import { clearDesks, desk } from './testing/desk.ts'
import { press } from './testing/keys.ts'
import { textEditor } from './text-editor.ts'
import { wholeTextKeys } from './whole-text-keys.ts'

const long = 'a line\n\n'.repeat(3000)

afterEach(clearDesks)

test('an editor knows them before its commands have come', () => {
  const { view } = desk(({ text, awareness }) => textEditor({ text, awareness, readOnly: false }), {
    initial: long,
  })
  // Nothing has been fetched so far: this file asks for nothing before.
  expect(press(view, 'Mod-End')).toBe(true)
  expect(view.state.selection.main.head).toBe(24_000)
})

test.each([
  ['Mod-End', [24_000, 24_000]],
  ['Shift-Mod-End', [8, 24_000]],
  ['Mod-Home', [0, 0]],
  ['Shift-Mod-Home', [8, 0]],
  ['Mod-a', [0, 24_000]],
] as const)('%s reaches the whole of a text of which the page holds a part', (key, reached) => {
  const { view } = desk(wholeTextKeys, { initial: long })
  view.dispatch({ selection: { anchor: 8 } })
  expect(view.viewport.to).toBeLessThan(24_000)
  expect(press(view, key)).toBe(true)
  const { anchor, head } = view.state.selection.main
  expect([anchor, head]).toEqual(reached)
})
