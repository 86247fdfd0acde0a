import type { EditorView } from '@codemirror/view'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { find, findAndReplace, findNext } from './search.ts'
import { defaultSettings, loadCommands } from './setup.ts'
import type { Desk } from './testing/desk.ts'
import { clearDesks, desk, send, soon } from './testing/desk.ts'
import { changeTerms, textEditor } from './text-editor.ts'

interface Searcher extends Desk {
  /** Types into the field of this name, in place of what it says. */
  readonly fill: (name: string, words: string) => void
  readonly press: (name: string) => void
  /** What stands beside the field, once it says this. */
  readonly reads: (words: string) => Promise<void>
  readonly hears: (words: string) => Promise<void>
  readonly field: (name: string) => HTMLInputElement
}

/** Somebody who has opened the panel. */
async function searcher(initial: string): Promise<Searcher> {
  const at = desk(
    ({ text, awareness }) =>
      textEditor({ text, awareness, readOnly: false, language: 'text', settings: defaultSettings }),
    { initial },
  )
  const panel = (selector: string): HTMLElement => {
    const found = at.view.dom.querySelector<HTMLElement>(`.cm-search ${selector}`)
    if (!found) throw new Error(`there is no ${selector}`)
    return found
  }
  const field = (name: string): HTMLInputElement => panel(`[name=${name}]`) as HTMLInputElement
  const heard = hearing(at.view)
  await loadCommands()
  find(at.view)
  await soon(() => panel('[name=search]'))
  return {
    ...at,
    field,
    fill: (name, words) => {
      field(name).value = words
      field(name).dispatchEvent(new InputEvent('input', { bubbles: true }))
    },
    press: (name) => panel(`:is(button, [type=checkbox])[name=${name}]`).click(),
    reads: (words) => soon(() => expect(panel('.cm-searchSaid').textContent).toBe(words)),
    hears: (words) => soon(() => expect(heard).toContain(words)),
  }
}

/** All that is told from now on, which is gone soon after. */
function hearing(view: EditorView): readonly string[] {
  const heard: string[] = []
  const told = view.dom.querySelector('[aria-live=polite]')
  if (!told) throw new Error('nothing would be told')
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const { textContent } of addedNodes) if (textContent) heard.push(textContent)
  }).observe(told, { childList: true })
  return heard
}

beforeEach(() => page.viewport(1280, 800))
afterEach(clearDesks)

test('it says how much was found, and which of it is selected', async () => {
  const anna = await searcher('one two one two one')
  anna.fill('search', 'one')
  await anna.hears('3 found')
  await anna.reads('3 found')
  anna.press('next')
  await anna.reads('Match 1 of 3')
  anna.press('prev')
  await anna.reads('Match 3 of 3')
  anna.view.dispatch({ selection: { anchor: 5 } })
  await anna.reads('3 found')
  anna.fill('search', '')
  await anna.reads('')
})

test('it says so when nothing is found', async () => {
  const anna = await searcher('one')
  anna.fill('search', 'two')
  await anna.hears('Nothing found')
  await anna.reads('Nothing found')
})

test('it counts to a thousand, and says that there is more', async () => {
  const anna = await searcher('a '.repeat(1_001))
  anna.fill('search', 'a')
  await anna.reads('1,000+ found')
  anna.press('next')
  await anna.reads('Match 1 of 1,000+')
  anna.press('select')
  await anna.reads('At most 1,000 at once')
  await anna.hears('At most 1,000 at once')
})

test('what others write is counted too', async () => {
  const anna = await searcher('one two')
  anna.fill('search', 'one')
  await anna.reads('1 found')
  const bo = desk(() => [])
  send(anna, bo)
  bo.text.insert(0, 'one ')
  send(bo, anna)
  await anna.reads('2 found')
})

test('half a pattern is a fault of its field until it is whole', async () => {
  const anna = await searcher('one (two)')
  anna.press('re')
  anna.fill('search', '(t')
  await anna.hears('Pattern is incomplete')
  await anna.reads('Pattern is incomplete')
  expect(anna.field('search').ariaInvalid).toBe('true')
  anna.fill('search', '(t)')
  await anna.reads('1 found')
  expect(anna.field('search').ariaInvalid).toBeNull()
})

test.each([
  ['in view', ''],
  ['far below', 'one\n'.repeat(10_000)],
])('a pattern that would hold up the page for ever is not looked for: %s', async (_where, before) => {
  const anna = await searcher(`${before}${'a'.repeat(60)}!`)
  anna.press('re')
  anna.fill('search', '(a+)+$')
  await anna.reads('Pattern takes too long')
  expect(anna.field('search').ariaInvalid).toBe('true')
  // It would not come back from here.
  findNext(anna.view)
  expect(anna.field('search').value).toBe('(a+)+$')
  anna.fill('search', 'a+!')
  await anna.reads('1 found')
})

test('it says how many it has replaced, until they go on', async () => {
  const anna = await searcher('one two one')
  anna.fill('search', 'one')
  anna.fill('replace', 'three')
  await anna.reads('2 found')
  anna.press('replaceAll')
  await anna.reads('Replaced 2')
  await anna.hears('Replaced 2.')
  expect(anna.said()).toBe('three two three')
  anna.fill('search', 'two')
  await anna.reads('1 found')
})

test('after one is replaced, it says which comes next', async () => {
  const anna = await searcher('one two one two one')
  anna.fill('search', 'one')
  anna.fill('replace', 'three')
  anna.press('next')
  await anna.reads('Match 1 of 3')
  anna.press('replace')
  await anna.reads('Match 1 of 2')
  expect(anna.said()).toBe('three two one two one')
})

test('all that are found can be selected, to be written over at once', async () => {
  const anna = await searcher('one two one')
  anna.fill('search', 'one')
  await anna.reads('2 found')
  anna.press('select')
  expect(anna.view.state.selection.ranges.map(({ from, to }) => [from, to])).toEqual([
    [0, 3],
    [8, 11],
  ])
  expect(anna.view.hasFocus).toBe(true)
})

test('who may no longer write is not offered to replace', async () => {
  const anna = await searcher('one')
  const isOffered = (): boolean => anna.field('replace').checkVisibility()
  expect(isOffered()).toBe(true)
  changeTerms(anna.view, { readOnly: true })
  expect(isOffered()).toBe(false)
  changeTerms(anna.view, { readOnly: false })
  expect(isOffered()).toBe(true)
})

test.each([
  ['narrow', 390, 844],
  ['low', 844, 300],
])('where it is %s, what is for replacing is shown when it is asked for', async (_where, width, height) => {
  await page.viewport(width, height)
  const anna = await searcher('one')
  const isShown = (): boolean => anna.field('replace').checkVisibility()
  const shown = (): string | null | undefined =>
    anna.view.dom.querySelector('.cm-search [name=replacing]')?.ariaExpanded
  expect([isShown(), shown()]).toEqual([false, 'false'])
  anna.press('replacing')
  expect([isShown(), shown()]).toEqual([true, 'true'])
  expect(anna.view.dom.ownerDocument.activeElement).toBe(anna.field('replace'))
  anna.press('replacing')
  expect([isShown(), shown()]).toEqual([false, 'false'])
  findAndReplace(anna.view)
  expect([isShown(), shown()]).toEqual([true, 'true'])
  changeTerms(anna.view, { readOnly: true })
  expect(isShown()).toBe(false)
  expect(anna.view.dom.querySelector('.cm-search [name=replacing]')?.checkVisibility()).toBe(false)
})

test('Enter goes on, and back with Shift', async () => {
  const anna = await searcher('one two one')
  anna.fill('search', 'one')
  const enter = (shiftKey: boolean): boolean =>
    anna
      .field('search')
      .dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, shiftKey, bubbles: true }))
  enter(false)
  await anna.reads('Match 1 of 2')
  enter(false)
  await anna.reads('Match 2 of 2')
  enter(true)
  await anna.reads('Match 1 of 2')
})
