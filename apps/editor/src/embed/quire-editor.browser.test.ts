import { afterEach, expect, test } from 'vitest'
import type { QuireEditor } from './quire-editor.ts'

const early = document.createElement('quire-editor')
await import('./quire-editor.ts')

afterEach(() => document.body.replaceChildren())

/** In a form that is put into the page. */
async function placed(html: string): Promise<QuireEditor> {
  document.body.innerHTML = `<form>${html}</form>`
  const editor = document.querySelector('quire-editor')
  if (!editor) throw new Error('there is no element')
  await editor.ready
  return editor
}

test('takes what was set before anybody knew what it is', async () => {
  // As a script does that came before ours; what an element is becomes known when it is put into the page.
  Object.assign(early, { value: 'early\r\nwords', label: 'Early', name: 'early', readOnly: true })
  document.body.append(early)
  expect([early.value, Object.hasOwn(early, 'value')]).toEqual(['early\nwords', false])
  await early.ready
  expect([early.value, early.label, early.name, early.readOnly]).toEqual([
    'early\nwords',
    'Early',
    'early',
    true,
  ])
  early.value = 'later'
  expect(early.value).toBe('later')
})

test.each<[string, unknown, string]>([
  ['null', null, ''],
  ['undefined', undefined, ''],
  ['a number', 7, '7'],
])('is told %s', async (_, told, value) => {
  const editor = await placed('<quire-editor>words</quire-editor>')
  Object.assign(editor, { value: told })
  expect(editor.value).toBe(value)
})

test.each<[string, string, string]>([
  ['its text content', ' a\n  b\n', ' a\n  b\n'],
  ['nothing, if that is space alone', '\n  ', ''],
  [
    'what stands in no slot',
    '\n  <p slot="toolbar">Tools</p>\n  # Words\n  <p slot="status"></p>\n',
    '# Words',
  ],
  ['nothing, if all stands in slots', '\n  <p slot="toolbar">Tools</p>\n', ''],
  ['no comments', '<!-- not this -->words', 'words'],
])('begins with %s, and goes back to that', async (_, content, value) => {
  const editor = await placed(`<quire-editor name="text">${content}</quire-editor>`)
  expect([editor.value, editor.defaultValue]).toEqual([value, value])
  editor.value = 'another'
  editor.form?.reset()
  expect(editor.value).toBe(value)
})

test('begins with all of its text while the page is still being read', async () => {
  const frame = document.createElement('iframe')
  document.body.append(frame)
  const { contentDocument: page, contentWindow: other } = frame
  if (!page || !other) throw new Error('there is no frame')
  const script = new URL('quire-editor.ts', import.meta.url).href
  page.open()
  page.write(`<script type="module" async src="${script}"></script><quire-editor>one `)
  await (other as typeof globalThis & Window).customElements.whenDefined('quire-editor')
  const editor = page.querySelector('quire-editor')
  expect([page.readyState, editor?.value]).toEqual(['loading', 'one '])
  page.write('two</quire-editor>')
  page.close()
  await editor?.ready
  expect(editor?.value).toBe('one two')
})

test('writes into no text but that of what it was told last', async () => {
  const editor = await placed('<quire-editor>words</quire-editor>')
  editor.link = `${location.origin}/d/elsewhere#AAAAAAAAAAAAAAAAAAAAAA`
  expect(editor.value).toBe('')
  expect(() => (editor.value = 'mine')).toThrow('There is no text here')
  editor.link = ''
  await editor.updateComplete
  expect(editor.value).toBe('words')
})

test('may be told of another document while it is out of the page', async () => {
  const editor = await placed('<quire-editor>words</quire-editor>')
  editor.remove()
  editor.link = `${location.origin}/d/elsewhere#AAAAAAAAAAAAAAAAAAAAAA`
  await editor.updateComplete
  expect([editor.value, editor.session, editor.status.state]).toEqual(['', undefined, 'loading'])
  document.body.append(editor)
  await editor.updateComplete
  expect(editor.session?.state.type).toBe('loading')
})

test('is done with being changed when the focus leaves it, and not when a tool of it is used', async () => {
  const editor = await placed('<quire-editor><button slot="toolbar">Bold</button></quire-editor><input />')
  const changes: string[] = []
  editor.addEventListener('change', () => changes.push(editor.value))
  const isTyped = new Promise((resolve) => editor.addEventListener('input', resolve))
  editor.focus()
  document.execCommand('insertText', false, 'typed')
  await isTyped
  editor.querySelector('button')?.focus()
  expect(changes).toEqual([])
  document.querySelector('input')?.focus()
  expect(changes).toEqual(['typed'])
})
