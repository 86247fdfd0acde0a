import { palette } from '@quire/protocol'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { yRemoteSelections, YSyncConfig, ySyncFacet } from 'y-codemirror.next'
import * as Y from 'yjs'
import { cursorAt } from './cursor.ts'
import type { Desk } from './testing/desk.ts'
import { loadCommands } from './setup.ts'
import { announce, clearDesks, desk, frame, settle, turn, wire } from './testing/desk.ts'
import { changeTerms, textEditor } from './text-editor.ts'

const writer = (initial = '', readOnly = false): Desk =>
  desk(({ text, awareness }) => textEditor({ text, awareness, readOnly }), { initial })

const carets = ({ view }: Desk): HTMLElement[] => [...view.dom.querySelectorAll<HTMLElement>('.cm-peerCaret')]
const washes = ({ view }: Desk): HTMLElement[] => [
  ...view.dom.querySelectorAll<HTMLElement>('.cm-peerSelection'),
]
const names = (at: Desk): (string | null)[] => carets(at).map((caret) => caret.textContent)
const user = { id: 'b', name: 'Ben', color: palette[3] }
const standingAt = ({ text }: Desk, anchor: number, head = anchor): unknown =>
  cursorAt(text, { anchor, head })

// What comes later would move lines while they are measured.
beforeAll(loadCommands)
afterEach(() => {
  vi.useRealTimers()
  clearDesks()
})

describe('our cursor', () => {
  test('is published once the editor has the focus, and only when it means another place', async () => {
    const at = writer('some text')
    const published = vi.fn()
    at.awareness.on('update', published)
    at.view.dispatch({ selection: { anchor: 3 } })
    await turn()
    expect(at.awareness.getLocalState()).toEqual({})
    at.view.focus()
    at.view.dispatch({ selection: { anchor: 5 } })
    await turn()
    expect(at.awareness.getLocalState()?.['cursor']).toEqual(standingAt(at, 5))
    published.mockClear()
    at.view.dispatch({ selection: { anchor: 5 } })
    at.text.insert(0, 'far from here: ')
    await turn()
    expect(published).not.toHaveBeenCalled()
  })

  test('is published anew when it stood where someone else’s edit fell', async () => {
    const [one, other] = [writer('ab'), writer()]
    wire(one, other)
    one.view.focus()
    one.view.dispatch({ selection: { anchor: 1 } })
    await turn()
    other.type(1, 'X')
    await turn()
    const { head } = one.view.state.selection.main
    expect(one.awareness.getLocalState()?.['cursor']).toEqual(standingAt(one, head))
  })

  test('outlives the focus, other fields and a viewer’s role, and goes with the editor', async () => {
    const at = writer('some text', true)
    at.view.focus()
    at.view.dispatch({ selection: { anchor: 2, head: 6 } })
    await turn()
    at.awareness.setLocalStateField('user', user)
    at.view.contentDOM.blur()
    changeTerms(at.view, { readOnly: false })
    await turn()
    expect(at.awareness.getLocalState()?.['cursor']).toEqual(standingAt(at, 2, 6))
    at.view.destroy()
    expect(at.awareness.getLocalState()).toEqual({ user, cursor: null })
  })

  test('comes back when the session starts its presence anew', async () => {
    const at = writer('some text')
    at.view.focus()
    at.view.dispatch({ selection: { anchor: 2 } })
    await turn()
    at.awareness.setLocalState(null)
    at.awareness.setLocalState({ user })
    await turn()
    expect(at.awareness.getLocalState()?.['cursor']).toEqual(standingAt(at, 2))
  })

  test('is understood by y-codemirror.next, and theirs by us', async () => {
    const ours = writer('some text')
    const theirs = desk(
      ({ text, awareness }) => [ySyncFacet.of(new YSyncConfig(text, awareness)), yRemoteSelections],
      { initial: '' },
    )
    settle(ours, theirs)
    theirs.view.dispatch({ changes: { from: 0, insert: 'some text' } })
    wire(ours, theirs)
    ours.awareness.setLocalStateField('user', user)
    ours.view.focus()
    ours.view.dispatch({ selection: { anchor: 9 } })
    await frame()
    expect(theirs.view.dom.querySelector('.cm-ySelectionInfo')?.textContent).toBe('Ben')
    theirs.awareness.setLocalStateField('user', { name: 'Mei', color: '#123456' })
    theirs.view.focus()
    theirs.view.dispatch({ selection: { anchor: 4 } })
    await frame()
    expect(names(ours)).toEqual(['Mei'])
  })
})

describe('someone else’s cursor', () => {
  test('is drawn where it stands, in their colour, without touching the text', async () => {
    const at = writer('some text')
    await frame()
    const before = at.view.contentDOM.innerHTML
    announce(at, 77, { user, cursor: standingAt(at, 0, 4) })
    await frame()
    expect(names(at)).toEqual(['Ben'])
    const [caret] = carets(at)
    const here = at.view.coordsAtPos(4)
    expect(caret?.style.getPropertyValue('--c')).toBe(palette[3])
    expect(Math.abs((caret?.getBoundingClientRect().left ?? 0) - (here?.left ?? 0))).toBeLessThan(2)
    expect(washes(at)).toHaveLength(1)
    expect(at.view.contentDOM.innerHTML).toBe(before)
    announce(at, 77, { user })
    await frame()
    expect(carets(at)).toHaveLength(0)
    expect(washes(at)).toHaveLength(0)
  })

  test('moves with the text, and shows a new name at once', async () => {
    const at = writer('some text')
    announce(at, 77, { user, cursor: standingAt(at, 4) })
    at.type(0, 'more and ')
    announce(at, 77, { user: { ...user, name: 'Benjamin' }, cursor: standingAt(at, 13) })
    await frame()
    expect(names(at)).toEqual(['Benjamin'])
    const left = carets(at)[0]?.getBoundingClientRect().left ?? 0
    expect(Math.abs(left - (at.view.coordsAtPos(13)?.left ?? 0))).toBeLessThan(2)
  })

  test('waits for the text it stands in', async () => {
    const [at, away] = [writer('some text'), writer()]
    settle(at, away)
    away.type(9, ' and more')
    announce(at, 77, { user, cursor: standingAt(away, 14) })
    await frame()
    expect(carets(at)).toHaveLength(0)
    settle(at, away)
    await frame()
    const left = carets(at)[0]?.getBoundingClientRect().left ?? 0
    expect(Math.abs(left - (at.view.coordsAtPos(14)?.left ?? 0))).toBeLessThan(2)
  })

  test('shows a name for two seconds after it moved, and again while its owner types', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const at = writer('some text')
    const isNamed = (): boolean | undefined => carets(at)[0]?.classList.contains('cm-peerNamed')
    announce(at, 77, { user, cursor: standingAt(at, 9) })
    await frame()
    expect(isNamed()).toBe(true)
    vi.advanceTimersByTime(2000)
    await frame()
    expect(isNamed()).toBe(false)
    at.doc.transact(() => at.text.insert(9, '!'), 'network')
    await frame()
    expect(isNamed()).toBe(true)
  })

  test('fades, and its selection with it, when it has not moved for a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const at = writer('some text')
    const faded = (): boolean[] =>
      [...carets(at), ...washes(at)].map((drawn) => drawn.classList.contains('cm-peerIdle'))
    announce(at, 77, { user, cursor: standingAt(at, 4, 9) })
    await frame()
    vi.advanceTimersByTime(59_999)
    await frame()
    expect(faded()).toEqual([false, false])
    vi.advanceTimersByTime(1)
    await frame()
    expect(faded()).toEqual([true, true])
    announce(at, 77, { user: { ...user, name: 'Benjamin' }, cursor: standingAt(at, 4, 9) })
    await frame()
    expect(faded()).toEqual([true, true])
    announce(at, 77, { user, cursor: standingAt(at, 3, 9) })
    await frame()
    expect(faded()).toEqual([false, false])
  })

  test('shows a name under the pointer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const at = writer('some text')
    announce(at, 77, { user, cursor: standingAt(at, 4) })
    await frame()
    vi.advanceTimersByTime(2000)
    await frame()
    const [caret] = carets(at)
    const { left = 0, top = 0 } = caret?.getBoundingClientRect() ?? {}
    const point = (clientX: number): boolean =>
      at.view.contentDOM.dispatchEvent(
        new MouseEvent('mousemove', { clientX, clientY: top + 4, bubbles: true }),
      )
    point(left + 2)
    expect(caret?.classList.contains('cm-peerHovered')).toBe(true)
    point(left + 40)
    expect(caret?.classList.contains('cm-peerHovered')).toBe(false)
  })

  test('keeps its label inside the editor at every edge', async () => {
    const at = writer(`${'x '.repeat(30)}\n`.repeat(3))
    const long = { ...user, name: 'A name as long as names may be, and then some more of it' }
    for (let position = 0; position < 60; position += 6)
      announce(at, 100 + position, { user: long, cursor: standingAt(at, position) })
    await frame()
    const editor = at.view.dom.getBoundingClientRect()
    expect(carets(at)).toHaveLength(10)
    for (const caret of carets(at)) {
      const label = caret.querySelector('b')?.getBoundingClientRect()
      expect(label?.left).toBeGreaterThanOrEqual(editor.left)
      expect(label?.right).toBeLessThanOrEqual(editor.right)
      expect(label?.top).toBeGreaterThanOrEqual(editor.top)
    }
  })
})

describe('what strangers send', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 'deep' : { cursor: nested(depth - 1) })
  test('never breaks the editor or hides the others', async () => {
    const at = writer('some text')
    announce(at, 50, { user, cursor: standingAt(at, 2) })
    const states: readonly unknown[] = [
      null,
      0,
      'state',
      [],
      true,
      nested(500),
      { cursor: 1 },
      { cursor: { anchor: 1, head: 2 } },
      { cursor: { anchor: { item: { client: -1, clock: NaN } }, head: {} } },
      { cursor: { anchor: { tname: 'evil', item: null }, head: { tname: 'evil', item: null } } },
      { cursor: { anchor: { type: { client: 50, clock: 0 } }, head: { type: { client: 50, clock: 0 } } } },
      { cursor: standingAt(at, 2), user: 1 },
      { cursor: standingAt(at, 2), user: null },
      { cursor: standingAt(at, 2), user: { name: { toString: 1 }, color: { toString: 1 }, id: {} } },
      { cursor: standingAt(at, 2), user: { name: 'x'.repeat(100_000), color: 'red;position:fixed;inset:0' } },
      {
        cursor: standingAt(at, 2),
        user: { name: '<img src=x onerror=alert(1)>', color: 'url(//evil.example/x)' },
      },
      {
        cursor: standingAt(at, 2),
        user: { name: '\u202eevil\n\n', color: '#12345', id: 'x'.repeat(100_000) },
      },
    ]
    for (const [index, state] of states.entries()) announce(at, 100 + index, state)
    await frame()
    at.type(9, ', edited')
    await frame()
    expect(at.shown()).toBe('some text, edited')
    expect(names(at)).toContain('Ben')
    for (const caret of carets(at)) {
      expect(palette).toContain(caret.style.getPropertyValue('--c'))
      expect(getComputedStyle(caret).position).toBe('absolute')
      expect(caret.querySelector('b')?.children).toHaveLength(0)
      expect((caret.textContent ?? '').length).toBeLessThanOrEqual(64)
    }
    expect([...at.doc.share.keys()]).toEqual(['content'])
  })

  test('draws no more than what is in view', async () => {
    const at = writer('a line of text\n'.repeat(100_000))
    await frame()
    const before = at.view.dom.querySelectorAll('*').length
    for (let id = 100; id < 150; id++)
      announce(at, id, { user: { name: `Peer ${id}` }, cursor: standingAt(at, 0, at.text.length) })
    await frame()
    expect(at.view.dom.querySelectorAll('*').length - before).toBeLessThanOrEqual(50 * 3)
    expect(washes(at).length).toBeGreaterThanOrEqual(50)
    for (let typed = 0; typed < 20; typed++) at.type(0, 'x')
    await frame()
    expect(at.view.dom.querySelectorAll('*').length - before).toBeLessThanOrEqual(50 * 3)
  })
})

describe('a keystroke', () => {
  const questions = [
    [Element.prototype, 'getBoundingClientRect'],
    [Element.prototype, 'getClientRects'],
    [Range.prototype, 'getBoundingClientRect'],
    [Range.prototype, 'getClientRects'],
    [Document.prototype, 'caretRangeFromPoint'],
    [Document.prototype, 'caretPositionFromPoint'],
    [Document.prototype, 'elementFromPoint'],
  ] as const
  afterEach(() => vi.restoreAllMocks())

  /** How often the page is asked where something stands, while a letter is typed and all is drawn. */
  async function measurements(options: { lines: number; peers: number }): Promise<number> {
    const at = writer('a line of text\n'.repeat(options.lines))
    for (let id = 100; id < 100 + options.peers; id++)
      announce(at, id, { user: { name: `Peer ${id}` }, cursor: standingAt(at, 0, at.text.length) })
    await frame()
    at.type(0, 'x')
    await frame()
    const asked = questions.map(([asking, question]) =>
      vi.spyOn(asking as Element, question as 'getClientRects'),
    )
    at.type(1, 'x')
    await frame()
    const count = asked.reduce((sum, { mock }) => sum + mock.calls.length, 0)
    vi.restoreAllMocks()
    clearDesks()
    return count
  }

  test('measures no more of a hundred thousand selected lines than of five hundred, for however many people', async () => {
    const one = await measurements({ lines: 500, peers: 1 })
    expect(one).toBeGreaterThan(await measurements({ lines: 500, peers: 0 }))
    expect(await measurements({ lines: 100_000, peers: 1 })).toBe(one)
    expect(await measurements({ lines: 100_000, peers: 50 })).toBe(one)
  })
})

describe('a text with two people', () => {
  test('shows each where the other is while both type', async () => {
    const [anna, ben] = [writer('start '), writer()]
    wire(anna, ben)
    anna.awareness.setLocalStateField('user', { ...user, name: 'Anna' })
    anna.view.focus()
    anna.type(6, 'anna')
    await frame()
    ben.type(0, 'ben ')
    await frame()
    expect(names(ben)).toEqual(['Anna'])
    const left = carets(ben)[0]?.getBoundingClientRect().left ?? 0
    expect(Math.abs(left - (ben.view.coordsAtPos(14)?.left ?? 0))).toBeLessThan(2)
    expect(ben.shown()).toBe('ben start anna')
    expect(Y.encodeStateVector(ben.doc)).toEqual(Y.encodeStateVector(anna.doc))
  })
})
