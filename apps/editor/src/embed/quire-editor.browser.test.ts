import { afterEach, expect, test, vi } from 'vitest'
import type { QuireEditor, QuireError } from './quire-editor.ts'

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

test('is where one can type once it has kept a form from being sent', async () => {
  const editor = await placed('<quire-editor name="text" required></quire-editor>')
  expect(editor.form?.reportValidity()).toBe(false)
  const field = editor.shadowRoot?.querySelector('quire-text')?.shadowRoot?.activeElement
  expect(field).toHaveProperty('role', 'textbox')
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

test('says that something is missing only once the scripts of its page have run', async () => {
  const frame = document.createElement('iframe')
  const script = new URL('quire-editor.ts', import.meta.url).href
  frame.srcdoc = `<script>
      states = []
      addEventListener('quire-status', ({ detail }) => states.push(detail.state))
    </script>
    <script type="module" src="${script}"></script>
    <quire-editor server="${location.origin}" doc="minutes"></quire-editor>
    <script type="module">document.querySelector('quire-editor').getToken = () => new Promise(() => {})</script>`
  document.body.append(frame)
  const states = (): unknown => frame.contentWindow && Reflect.get(frame.contentWindow, 'states')
  await vi.waitFor(() => expect(states()).toEqual(['loading']))
})

test('is done with the session of a document at once when it is told of another', async () => {
  const editor = await placed('<quire-editor>words</quire-editor>')
  const linkTo = (id: string): string => `${location.origin}/d/${id}#AAAAAAAAAAAAAAAAAAAAAA`
  editor.link = linkTo('one')
  await editor.updateComplete
  const { session } = editor
  expect(session).toBeDefined()
  editor.link = linkTo('another')
  expect(editor.session).toBeUndefined()
  await editor.updateComplete
  expect(editor.session).not.toBe(session)
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

/** An access token, as far as a page that was given it can tell. */
function tokenFor(subject: string): string {
  const part = (value: object): string => btoa(JSON.stringify(value)).replaceAll('=', '')
  return `${part({ alg: 'EdDSA' })}.${part({ sub: subject, exp: Date.now() / 1000 + 600 })}.c2ln`
}

function opened(editor: QuireEditor): Promise<string[]> {
  return vi.waitFor(() => {
    expect(editor.session).toBeDefined()
    return [editor.doc, editor.token]
  })
}

test('asks the page for its first token, and for another when it shows another document', async () => {
  const editor = document.createElement('quire-editor')
  const [first, second] = [tokenFor('ada'), tokenFor('ada in notes')]
  editor.doc = 'minutes'
  editor.getToken = () => Promise.resolve(first)
  document.body.append(editor)
  await editor.updateComplete
  expect([editor.status, editor.value]).toEqual([
    { state: 'loading', role: undefined, unsaved: 0, words: 'Opening…' },
    '',
  ])
  expect(await opened(editor)).toEqual(['minutes', first])

  editor.getToken = () => Promise.resolve(second)
  editor.doc = 'notes'
  await editor.updateComplete
  expect(editor.session).toBeUndefined()
  expect(await opened(editor)).toEqual(['notes', second])
})

test('tells why there is no first token, and asks again', async () => {
  const editor = document.createElement('quire-editor')
  const cause = new Error('nobody has signed in')
  const errors: QuireError[] = []
  editor.addEventListener('quire-error', ({ detail }) => errors.push(detail))
  editor.doc = 'minutes'
  editor.getToken = () => {
    throw cause
  }
  document.body.append(editor)
  await vi.waitFor(() => expect(errors).toEqual([{ code: 'no-token', cause }]))
  await vi.waitFor(() =>
    expect(editor.status.words).toBe('This page has not let you in yet. It is asked again…'),
  )
  expect(editor.renderRoot.textContent).toContain('has not let you in yet')
  const token = tokenFor('ada')
  editor.getToken = () => Promise.resolve(token)
  // As it does by itself after a while, too.
  editor.remove()
  document.body.append(editor)
  expect(await opened(editor)).toEqual(['minutes', token])
  expect(errors).toHaveLength(1)
})

test('takes a token that comes late for no other document', async () => {
  const editor = document.createElement('quire-editor')
  const answers: ((token: string) => void)[] = []
  editor.doc = 'minutes'
  editor.getToken = () => new Promise((resolve) => answers.push(resolve))
  document.body.append(editor)
  await vi.waitFor(() => expect(answers).toHaveLength(1))
  editor.doc = 'notes'
  await vi.waitFor(() => expect(answers).toHaveLength(2))
  const token = tokenFor('ada')
  answers[1]?.(token)
  answers[0]?.(tokenFor('ada in minutes'))
  expect(await opened(editor)).toEqual(['notes', token])
})
