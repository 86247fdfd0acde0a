import { syntaxTree, syntaxTreeAvailable } from '@codemirror/language'
import { Text } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { afterEach, expect, test, vi } from 'vitest'
import { clearDesks, desk, frame, type Desk } from './testing/desk.ts'
import { textEditor } from './text-editor.ts'

afterEach(clearDesks)

/** Each section has a heading, a list, and code that looks like a heading. */
const section = (number: number): string =>
  `## Section ${number}\n\n- item\n\n  # within\n\n\`\`\`\n# code ${number}\n\n# more\n\`\`\`\n\n`
const sections = Array.from({ length: 12_000 }, (_, number) => section(number)).join('')

async function person(initial: string): Promise<Desk> {
  const at = desk(({ text, awareness }) => textEditor({ text, awareness, readOnly: false }), { initial })
  at.view.scrollDOM.style.cssText = 'height: 400px; flex: none; overflow: auto'
  at.view.requestMeasure()
  await frame()
  return at
}

async function goTo({ view }: Desk, words: string): Promise<number> {
  const at = view.state.doc.toString().indexOf(words)
  view.dispatch({ effects: EditorView.scrollIntoView(at, { y: 'center' }) })
  await frame()
  await read(view)
  return at
}

/** All that is in view. */
async function read(view: EditorView): Promise<void> {
  await expect.poll(() => syntaxTreeAvailable(view.state, view.viewport.to), { timeout: 15_000 }).toBe(true)
}

function nameAt({ view }: Desk, position: number): string {
  return syntaxTree(view.state).resolveInner(position, 1).name
}

test('a long text is read where it is seen, wherever that is, and not elsewhere', async () => {
  const at = await person(sections)
  await read(at.view)
  for (const number of [9000, 3000, 11_990, 0, 6000]) {
    // oxlint-disable-next-line no-await-in-loop -- one place after the other
    const heading = await goTo(at, `## Section ${number}\n`)
    expect(nameAt(at, heading), `heading ${number}`).toBe('HeaderMark')
    const code = at.view.state.doc.toString().indexOf(`# code ${number}\n`)
    expect(nameAt(at, code), `code ${number}`).not.toBe('HeaderMark')
  }
  expect(nameAt(at, at.view.state.doc.toString().indexOf('## Section 3000\n'))).toBe('Document')
})

test('it is read anew where it is written', async () => {
  const at = await person(sections)
  const heading = await goTo(at, '## Section 6000\n')
  at.type(heading, 'a\n\n# new\n\n')
  // Above what is read, as others do.
  at.type(0, 'Words.\n\n')
  await read(at.view)
  const now = at.view.state.doc.toString()
  expect(nameAt(at, now.indexOf('# new'))).toBe('HeaderMark')
  expect(nameAt(at, now.indexOf('## Section 6000\n'))).toBe('HeaderMark')
  expect(nameAt(at, now.indexOf('## Section 6001\n'))).toBe('HeaderMark')
  at.type(now.indexOf('# new'), '```\n')
  await read(at.view)
  expect(nameAt(at, at.view.state.doc.toString().indexOf('# new'))).not.toBe('HeaderMark')
})

test('what is written at its end is read, without looking for where to begin', async () => {
  const at = await person(sections)
  await goTo(at, '## Section 11999\n')
  at.type(at.said().length, 'x')
  await read(at.view)
  const walks = vi.spyOn(Text.prototype, 'iterLines')
  for (const key of ['\n', '\n', '#', ' ', 'l', 'a', 's', 't']) at.type(at.said().length, key)
  await read(at.view)
  // Those from the first line on.
  expect(walks.mock.calls.filter(([from]) => from === undefined)).toEqual([])
  expect(nameAt(at, at.said().indexOf('# last'))).toBe('HeaderMark')
  walks.mockRestore()
})

test('code that goes on for long is code from wherever it is seen', async () => {
  const at = await person(
    `${'words\n\n'.repeat(50_000)}~~~~\n${'# no heading\n\n'.repeat(20_000)}~~~~\n\n# end\n`,
  )
  const end = at.view.state.doc.toString().indexOf('# end')
  const inCode = end - 100_000 - ((end - 100_000 - 350_005) % 14)
  at.view.dispatch({ effects: EditorView.scrollIntoView(inCode, { y: 'center' }) })
  await frame()
  await read(at.view)
  expect(at.view.contentDOM.textContent).toContain('# no heading')
  expect(at.view.contentDOM.querySelector('.cm-heading')).toBeNull()
  expect(at.view.contentDOM.querySelector('.cm-codeLine')).not.toBeNull()
  await goTo(at, '# end')
  expect(at.view.contentDOM.querySelector('.cm-heading')?.textContent).toBe('# end')
})
