import { palette } from '@quire/protocol'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { cursorAt } from './cursor.ts'
import { follow, jumpTo } from './following.ts'
import { announce, clearDesks, desk, frame, turn, type Desk } from './testing/desk.ts'
import { loadCommands } from './setup.ts'
import { textEditor } from './text-editor.ts'

const ben = 77
const user = { id: 'ben', name: 'Ben', color: palette[3] }

interface Reader extends Desk {
  readonly ended: ReturnType<typeof vi.fn>
  readonly placed: ReturnType<typeof vi.fn>
}

const reader = (lines = 500): Reader => {
  const [ended, placed] = [vi.fn(), vi.fn()]
  const at = desk(
    ({ text, awareness }) =>
      textEditor({ text, awareness, readOnly: false, onFollowEnd: ended, onCaretsChange: placed }),
    { initial: 'a line of text\n'.repeat(lines) },
  )
  return { ...at, ended, placed }
}

const stand = (at: Desk, line: number, clientId = ben): void => {
  const { from } = at.view.state.doc.line(line)
  announce(at, clientId, { user, cursor: cursorAt(at.text, { anchor: from, head: from }) })
}

/** How far down the page a line stands, from 0 at its top to 1 at its bottom; undefined if it is out of view. */
function heightOf({ view }: Desk, line: number): number | undefined {
  const place = view.coordsAtPos(view.state.doc.line(line).from)
  const page = view.scrollDOM.getBoundingClientRect()
  const height = place && (place.top - page.top) / page.height
  return height !== null && height >= 0 && height <= 1 ? height : undefined
}

const isNamed = ({ view }: Desk): boolean => view.dom.querySelector('.cm-peerNamed') !== null

// What comes later would move lines while they are measured.
beforeAll(loadCommands)
afterEach(() => {
  vi.useRealTimers()
  clearDesks()
})

describe('going to someone', () => {
  test('shows their caret in the middle, with their name, and leaves ours where it is', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const at = reader()
    stand(at, 400)
    await frame()
    vi.advanceTimersByTime(2000)
    expect(jumpTo(at.view, [ben])).toBe(true)
    await frame()
    expect(heightOf(at, 400)).toBeCloseTo(0.5, 1)
    expect(isNamed(at)).toBe(true)
    expect(at.view.state.selection.main.head).toBe(0)
  })

  test('goes to the caret that moved last, whichever tab it is in', async () => {
    const at = reader()
    stand(at, 400, 1)
    stand(at, 200, 2)
    jumpTo(at.view, [1, 2])
    await frame()
    expect(heightOf(at, 200)).toBeDefined()
    stand(at, 410, 1)
    jumpTo(at.view, [1, 2])
    await frame()
    expect(heightOf(at, 410)).toBeDefined()
  })

  test('goes nowhere if they have no caret, or one in text that has not come', async () => {
    const at = reader()
    announce(at, ben, { user })
    expect(jumpTo(at.view, [ben, 1234])).toBe(false)
    const far = { type: null, tname: null, item: { client: 9, clock: 9 }, assoc: 0 }
    announce(at, ben, { user, cursor: { anchor: far, head: far } })
    expect(jumpTo(at.view, [ben])).toBe(false)
    await frame()
    expect(at.view.scrollDOM.scrollTop).toBe(0)
  })

  test('is possible for those of whom we are told', async () => {
    const at = reader()
    stand(at, 3, 1)
    announce(at, 2, { user })
    await turn()
    expect(at.placed.mock.calls).toEqual([[new Set([1])]])
    stand(at, 4, 1)
    await turn()
    expect(at.placed).toHaveBeenCalledOnce()
    stand(at, 4, 2)
    announce(at, 1, null)
    await turn()
    expect(at.placed).toHaveBeenLastCalledWith(new Set([2]))
  })
})

describe('following someone', () => {
  test('shows where they are, and then wherever they go and type', async () => {
    const at = reader()
    stand(at, 400)
    follow(at.view, [ben])
    await frame()
    expect(heightOf(at, 400)).toBeDefined()
    stand(at, 20)
    await frame()
    expect(heightOf(at, 20)).toBeDefined()
    const { from } = at.view.state.doc.line(20)
    at.doc.transact(() => at.text.insert(from, 'typed\n'.repeat(60)), 'network')
    await frame()
    expect(heightOf(at, 80)).toBeDefined()
    expect(at.ended).not.toHaveBeenCalled()
  })

  test('keeps the page still while their caret is about its middle', async () => {
    const at = reader()
    stand(at, 400)
    follow(at.view, [ben])
    await frame()
    const { scrollTop } = at.view.scrollDOM
    const line = at.view.state.doc.lineAt(at.view.lineBlockAtHeight(scrollTop + 200).from).number
    stand(at, line)
    await frame()
    expect(at.view.scrollDOM.scrollTop).toBe(scrollTop)
  })

  test('waits for someone who has no caret yet', async () => {
    const at = reader()
    follow(at.view, [ben])
    stand(at, 300)
    await frame()
    expect(heightOf(at, 300)).toBeDefined()
  })

  test('goes on while others type and move', async () => {
    const at = reader()
    stand(at, 300)
    follow(at.view, [ben])
    await frame()
    stand(at, 10, 99)
    at.doc.transact(() => at.text.insert(0, 'someone else\n'.repeat(30)), 'network')
    await frame()
    expect(heightOf(at, 330)).toBeDefined()
    expect(at.ended).not.toHaveBeenCalled()
  })

  test.each<[what: string, act: (at: Desk) => unknown]>([
    ['we type', ({ type }) => type(3, 'x')],
    ['we put our caret somewhere', ({ view }) => view.dispatch({ selection: { anchor: 3 } })],
    ['we turn the wheel', ({ view }) => view.scrollDOM.dispatchEvent(new WheelEvent('wheel'))],
    [
      'we drag the page',
      ({ view }) => view.contentDOM.dispatchEvent(new TouchEvent('touchmove', { bubbles: true })),
    ],
    ['we press into its margin', ({ view }) => view.scrollDOM.dispatchEvent(new PointerEvent('pointerdown'))],
    [
      'we turn the page',
      ({ view }) =>
        view.contentDOM.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown', bubbles: true })),
    ],
  ])('ends when %s', async (_, act) => {
    const at = reader()
    stand(at, 400)
    follow(at.view, [ben])
    await frame()
    act(at)
    expect(at.ended).toHaveBeenCalledOnce()
    await frame()
    const { scrollTop } = at.view.scrollDOM
    stand(at, 100)
    await frame()
    expect(at.view.scrollDOM.scrollTop).toBe(scrollTop)
    act(at)
    expect(at.ended).toHaveBeenCalledOnce()
  })

  test('ends when we are told to, and nobody has to be told', async () => {
    const at = reader()
    stand(at, 400)
    follow(at.view, [ben])
    follow(at.view, [])
    stand(at, 300)
    at.type(0, 'x')
    await frame()
    expect(at.view.scrollDOM.scrollTop).toBe(0)
    expect(at.ended).not.toHaveBeenCalled()
  })

  test('is safe when they delete all they stand in, or the view goes away', async () => {
    const at = reader()
    stand(at, 400)
    follow(at.view, [ben])
    at.doc.transact(() => at.text.delete(0, at.text.length), 'network')
    await frame()
    expect(at.view.scrollDOM.scrollTop).toBe(0)
    stand(at, 1)
    at.view.destroy()
    await frame()
    expect(at.ended).not.toHaveBeenCalled()
  })
})
