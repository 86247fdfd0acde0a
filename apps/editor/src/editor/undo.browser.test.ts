import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import * as fc from 'fast-check'
import * as Y from 'yjs'
import { ySync } from './sync.ts'
import type { Desk } from './testing/desk.ts'
import { loadCommands } from './setup.ts'
import { clearDesks, desk, settle, wire } from './testing/desk.ts'
import { press as pressKeys } from './testing/keys.ts'
import { changeTerms, textEditor } from './text-editor.ts'
import { redo, undo, yUndo } from './undo.ts'

const writer = (initial = '', clientId?: number): Desk =>
  desk(({ text, awareness }) => textEditor({ text, awareness, readOnly: false }), {
    initial,
    ...(clientId === undefined ? {} : { clientId }),
  })

/** Without what is drawn, for histories by the hundred. */
const plainWriter = (clientId: number): Desk => desk(({ text }) => [yUndo(text), ySync(text)], { clientId })

const pause = (): void => {
  vi.setSystemTime(Date.now() + 1000)
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})

// What comes later would move lines while they are measured.
beforeAll(loadCommands)
afterEach(() => {
  clearDesks()
  vi.useRealTimers()
})

describe('undo', () => {
  test('takes back our own edits while someone else keeps typing', () => {
    const [anna, ben] = [writer('shared ', 1), writer('', 2)]
    wire(anna, ben)
    anna.type(7, 'ours')
    ben.type(0, 'theirs ')
    expect(anna.shown()).toBe('theirs shared ours')
    undo(anna.view)
    expect(anna.shown()).toBe('theirs shared ')
    expect(ben.shown()).toBe('theirs shared ')
    undo(anna.view)
    expect(anna.shown()).toBe('theirs shared ')
    redo(anna.view)
    expect(ben.shown()).toBe('theirs shared ours')
  })

  test('never removes a letter that someone else typed', () => {
    const edit = fc.record({ who: fc.boolean(), at: fc.nat({ max: 30 }), takesBack: fc.boolean() })
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 30 }), (edits) => {
        const [anna, ben] = [plainWriter(1), plainWriter(2)]
        wire(anna, ben)
        let bens = 0
        for (const { who, at, takesBack } of edits) {
          const someone = who ? anna : ben
          pause()
          if (takesBack && who) undo(anna.view)
          else someone.type(Math.min(at, someone.text.length), who ? 'a' : 'b')
          if (!who) bens++
          expect(anna.shown().replaceAll('a', '')).toBe('b'.repeat(bens))
          expect(anna.shown()).toBe(ben.shown())
          expect(anna.shown()).toBe(anna.said())
        }
        clearDesks()
      }),
      { seed: 7, numRuns: 60 },
    )
  })

  test('touches only what we did ourselves, whoever writes meanwhile and whenever it arrives', () => {
    const step = fc.record({
      type: fc.constantFrom(
        ...([
          'type',
          'type',
          'delete',
          'undo',
          'undo',
          'redo',
          'benTypes',
          'benDeletes',
          'meet',
          'pause',
        ] as const),
      ),
      at: fc.nat({ max: 30 }),
      length: fc.integer({ min: 1, max: 4 }),
    })
    let isUndone = 0
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
        const [anna, ben] = [plainWriter(1), plainWriter(2)]
        // Each letter is another, so that nothing is taken for something else.
        let nextLetter = 0x4e00
        const letters = (count: number): string =>
          String.fromCharCode(...Array.from({ length: count }, () => nextLetter++))
        const bens = new Set<string>()
        /** What Anna has taken away herself, by whatever means. */
        const removed = new Set<string>()
        const within = ({ text }: Desk, at: number, length: number): [at: number, length: number] => {
          const from = Math.min(at, text.length)
          return [from, Math.min(length, text.length - from)]
        }
        for (const { type, at, length } of steps) {
          const before = new Set(anna.shown())
          if (type === 'type') anna.type(Math.min(at, anna.text.length), letters(length))
          else if (type === 'delete') {
            const [from, count] = within(anna, at, length)
            anna.type(from, '', count)
          } else if (type === 'undo' || type === 'redo') (type === 'undo' ? undo : redo)(anna.view)
          else if (type === 'benTypes') {
            const typed = letters(length)
            for (const letter of typed) bens.add(letter)
            ben.type(Math.min(at, ben.text.length), typed)
          } else if (type === 'benDeletes') {
            const [from, count] = within(ben, at, length)
            ben.type(from, '', count)
          } else if (type === 'meet') settle(anna, ben)
          else pause()

          const after = new Set(anna.shown())
          const gone = [...before].filter((letter) => !after.has(letter))
          const come = [...after].filter((letter) => !before.has(letter))
          if (type === 'undo' || type === 'redo') {
            expect(gone.filter((letter) => bens.has(letter) && !removed.has(letter))).toEqual([])
            expect(come.filter((letter) => !removed.has(letter))).toEqual([])
            isUndone += gone.length + come.length
          }
          if (type !== 'meet') for (const letter of gone) removed.add(letter)
          expect(after.size).toBe(anna.text.length)
        }
        settle(anna, ben)
        expect(anna.shown()).toBe(ben.shown())
        expect(anna.shown()).toBe(anna.said())
        clearDesks()
      }),
      { seed: 11, numRuns: 60 },
    )
    expect(isUndone).toBeGreaterThan(300)
  })

  test('takes what was typed in one go as one, and a pause as the end of it', () => {
    const { type, view, shown } = writer()
    for (const letter of ['a', 'b', 'c']) type(shown().length, letter)
    pause()
    for (const letter of ['d', 'e']) type(shown().length, letter)
    undo(view)
    expect(shown()).toBe('abc')
    undo(view)
    expect(shown()).toBe('')
    redo(view)
    redo(view)
    expect(shown()).toBe('abcde')
  })

  test('ends a step where the clock is set back', () => {
    const { type, view, shown } = writer()
    type(0, 'one')
    vi.setSystemTime(Date.now() - 3_600_000)
    type(3, ' two')
    type(7, ' three')
    undo(view)
    expect(shown()).toBe('one')
  })

  test('takes back a command by itself, however soon it comes after what was typed', () => {
    const { type, view, shown } = writer()
    type(0, 'word')
    pressKeys(view, 'Mod-b')
    pressKeys(view, 'Mod-i')
    type(shown().length, '!')
    for (const before of ['***word***', '**word**', 'word', '']) {
      undo(view)
      expect(shown()).toBe(before)
    }
  })

  test('begins anew on a new line, and where the caret was put elsewhere', () => {
    const { type, view, shown } = writer()
    type(0, 'one')
    type(3, '\n')
    type(4, 'two')
    view.dispatch({ selection: { anchor: 0 } })
    type(0, 'X')
    undo(view)
    expect(shown()).toBe('one\ntwo')
    undo(view)
    expect(shown()).toBe('one\n')
    undo(view)
    expect(shown()).toBe('')
  })

  test('gives the selection back that an edit replaced', () => {
    const { view, shown } = writer('keep this word')
    view.dispatch({ selection: { anchor: 5, head: 9 } })
    view.dispatch(view.state.replaceSelection('that'))
    expect(shown()).toBe('keep that word')
    undo(view)
    expect(shown()).toBe('keep this word')
    expect(view.state.sliceDoc(view.state.selection.main.from, view.state.selection.main.to)).toBe('this')
    redo(view)
    expect(view.state.selection.main.head).toBe(9)
    expect(view.state.selection.main.empty).toBe(true)
  })

  test('brings an embed back', () => {
    const { text, type, view, said } = writer('ab')
    text.insertEmbed(1, { image: 'x' })
    type(1, '', 1)
    expect(said()).toBe('ab')
    undo(view)
    expect(said()).toBe('a\ufffcb')
    expect(text.toDelta()).toEqual([{ insert: 'a' }, { insert: { image: 'x' } }, { insert: 'b' }])
  })

  test('answers keys and the browser’s own menu', () => {
    const { type, view, shown } = writer()
    const press = (key: string, shiftKey = false): boolean =>
      view.contentDOM.dispatchEvent(
        new KeyboardEvent('keydown', {
          key,
          keyCode: key.toUpperCase().charCodeAt(0),
          ctrlKey: true,
          shiftKey,
          cancelable: true,
          bubbles: true,
        }),
      )
    const ask = (inputType: string): boolean =>
      view.contentDOM.dispatchEvent(
        new InputEvent('beforeinput', { inputType, cancelable: true, bubbles: true }),
      )
    type(0, 'abc')
    expect(press('z')).toBe(false)
    expect(shown()).toBe('')
    expect(press('y')).toBe(false)
    expect(shown()).toBe('abc')
    expect(ask('historyUndo')).toBe(false)
    expect(shown()).toBe('')
    expect(ask('historyRedo')).toBe(false)
    expect(shown()).toBe('abc')
    press('z')
    press('Z', true)
    expect(shown()).toBe('abc')
  })

  test('does nothing for someone who may only read', () => {
    const { type, view, shown } = writer()
    type(0, 'abc')
    changeTerms(view, { readOnly: true })
    undo(view)
    expect(shown()).toBe('abc')
    changeTerms(view, { readOnly: false })
    undo(view)
    expect(shown()).toBe('')
  })

  test('lets go of the document with its view', () => {
    const destroyed = vi.spyOn(Y.UndoManager.prototype, 'destroy')
    const { type, view, text } = writer()
    type(0, 'abc')
    view.destroy()
    expect(destroyed).toHaveBeenCalledOnce()
    text.insert(0, 'still fine')
    destroyed.mockRestore()
  })
})
