import { afterEach, expect, test } from 'vitest'
import { findAndReplace, goToLine } from './search.ts'
import { defaultSettings } from './setup.ts'
import type { Desk } from './testing/desk.ts'
import { clearDesks, desk, soon } from './testing/desk.ts'
import { textEditor } from './text-editor.ts'

function person(initial: string): Desk {
  return desk(
    ({ text, awareness }) =>
      textEditor({ text, awareness, readOnly: false, language: 'markdown', settings: defaultSettings }),
    { initial },
  )
}

afterEach(clearDesks)

test('what searches is fetched for whoever is in the text before there is anything to write with', async () => {
  const at = person('')
  at.view.focus()
  // Nothing has been fetched so far: this is the first test of its file.
  const fetched = (): string[] => performance.getEntriesByType('resource').map(({ name }) => name)
  await soon(() => expect(fetched()).toContainEqual(expect.stringContaining('/search-panel')))
})

test.each([
  ['a line is gone to', 'Enter', 4],
  ['nobody goes anywhere', 'Escape', 0],
])('within a shadow, the focus comes back to the text when %s', async (_what, key, place) => {
  const at = person('one\ntwo')
  const host = document.createElement('div')
  document.body.append(host)
  const shadow = host.attachShadow({ mode: 'open' })
  shadow.append(at.view.dom)
  at.view.setRoot(shadow)
  goToLine(at.view)
  const field = await soon(() => {
    const found = shadow.querySelector<HTMLInputElement>('.cm-goto-line input')
    expect(found).not.toBeNull()
    return found
  })
  expect(shadow.activeElement).toBe(field)
  if (field) field.value = '2'
  const keyCode = key === 'Enter' ? 13 : 27
  field?.dispatchEvent(new KeyboardEvent('keydown', { key, keyCode, bubbles: true, cancelable: true }))
  await soon(() => expect(shadow.activeElement).toBe(at.view.contentDOM))
  expect(at.view.state.selection.main.head).toBe(place)
  host.remove()
})

test.each([
  ['is to be found, if nothing is selected', 'one two', { anchor: 0 }, 'search'],
  ['takes the place of what is selected', 'one two', { anchor: 0, head: 3 }, 'replace'],
])('who comes to replace can type at once what %s', async (_what, initial, selection, name) => {
  const at = person(initial)
  at.view.dispatch({ selection })
  findAndReplace(at.view)
  await soon(() => {
    const field = at.view.dom.querySelector(`.cm-search [name=${name}]`)
    expect(field).not.toBeNull()
    expect(document.activeElement).toBe(field)
  })
})
