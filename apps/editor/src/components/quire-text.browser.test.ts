import { EditorView } from '@codemirror/view'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { loadCommands } from '../editor/index.ts'
import { undo } from '../editor/undo.ts'
import { learn } from '../words/index.ts'
import type { QuireText } from './quire-text.ts'
import './quire-text.ts'

let element: QuireText
beforeAll(async () => {
  await learn('en')
  await loadCommands()
})
afterEach(() => element.remove())

test('a text that becomes one to be read, and one to be written again, is where it was', async () => {
  const view = await show('# One\n\nwords\n\n# Two\n\n'.repeat(100))
  view.dispatch({ changes: { from: 0, insert: 'typed ' }, selection: { anchor: 6 }, userEvent: 'input.type' })
  view.scrollDOM.scrollTop = 500
  await become({ readOnly: true, placeholder: 'Nothing to read' })
  expect(viewOf(element) === view).toBe(true)
  expect([view.scrollDOM.scrollTop, view.state.selection.main.head]).toEqual([500, 6])
  undo(view)
  expect(element.value.startsWith('typed # One')).toBe(true)
  await become({ readOnly: false, placeholder: 'Nothing yet' })
  expect([view.scrollDOM.scrollTop, view.state.selection.main.head]).toEqual([500, 6])
  undo(view)
  expect(element.value.startsWith('# One')).toBe(true)
})

test('what stands in an empty text, and what it is called, may change', async () => {
  const view = await show('')
  await become({ placeholder: 'Another', label: 'Minutes' })
  const { contentDOM } = view
  expect(contentDOM.textContent).toBe('Another')
  expect(['aria-placeholder', 'aria-label'].map((name) => contentDOM.getAttribute(name))).toEqual([
    'Another',
    'Minutes',
  ])
  await become({ placeholder: '', label: 'Minutes' })
  expect([contentDOM.textContent, contentDOM.getAttribute('aria-placeholder')]).toEqual(['', null])
})

async function show(initial: string): Promise<EditorView> {
  const text = new Y.Doc().getText('content')
  text.insert(0, initial)
  element = document.createElement('quire-text')
  element.style.height = '300px'
  Object.assign(element, {
    text,
    awareness: new Awareness(text.doc ?? new Y.Doc()),
    label: 'Text',
    placeholder: 'Nothing yet',
  })
  document.body.append(element)
  await element.updateComplete
  return viewOf(element)
}

async function become(values: Partial<QuireText>): Promise<void> {
  Object.assign(element, values)
  await element.updateComplete
}

function viewOf({ renderRoot }: QuireText): EditorView {
  const content = renderRoot.querySelector<HTMLElement>('.cm-content')
  const view = content && EditorView.findFromDOM(content)
  if (!view) throw new Error('there is no text on the page')
  return view
}
