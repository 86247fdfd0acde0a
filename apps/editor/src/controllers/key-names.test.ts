import { expect, test } from 'vitest'
import { isPressed, paletteKeys, writeKeys } from './key-names.ts'

const apple = { isApple: true, isFirefox: false, isTouched: false }
const other = { isApple: false, isFirefox: false, isTouched: false }

test.each<[keys: string, onApple: string, elsewhere: string]>([
  ['Mod-k', '⌘K', 'Ctrl+K'],
  ['Mod-Shift-p', '⇧⌘P', 'Ctrl+Shift+P'],
  ['Shift-Alt-ArrowUp', '⌥⇧↑', 'Alt+Shift+↑'],
  ['Ctrl-Space', '⌃Space', 'Ctrl+Space'],
  ['F1', 'F1', 'F1'],
  ['Cmd-Alt-f', '⌥⌘F', 'Alt+Meta+F'],
  ['Mod--', '⌘-', 'Ctrl+-'],
  ['Mod-k Mod-Enter', '⌘K ⌘Enter', 'Ctrl+K Ctrl+Enter'],
])('%s is written %s, or %s', (keys, onApple, elsewhere) => {
  expect(writeKeys(keys, apple)).toBe(onApple)
  expect(writeKeys(keys, other)).toBe(elsewhere)
})

const press = (key: string, held: Partial<KeyboardEvent> = {}): KeyboardEvent =>
  // As much of one as is asked for.
  ({
    key,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    shiftKey: false,
    isComposing: false,
    ...held,
  }) as KeyboardEvent

test('a chord is the key with exactly its modifiers', () => {
  expect(isPressed(press('k', { ctrlKey: true }), 'Mod-k', other)).toBe(true)
  expect(isPressed(press('k', { ctrlKey: true }), 'Mod-k', apple)).toBe(false)
  expect(isPressed(press('k', { metaKey: true }), 'Mod-k', apple)).toBe(true)
  expect(isPressed(press('P', { ctrlKey: true, shiftKey: true }), 'Mod-Shift-p', other)).toBe(true)
  expect(isPressed(press('p', { ctrlKey: true }), 'Mod-Shift-p', other)).toBe(false)
  expect(isPressed(press('k', { ctrlKey: true, isComposing: true }), 'Mod-k', other)).toBe(false)
  expect(isPressed(press('F1'), 'F1', other)).toBe(true)
})

test('of a key that a browser keeps for itself nobody is told', () => {
  expect(paletteKeys(other)).toEqual(['F1', 'Mod-Shift-p'])
  expect(paletteKeys({ ...apple, isFirefox: true })).toEqual(['F1'])
})
