import { forceParsing } from '@codemirror/language'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loadCommands } from './setup.ts'
import type { Desk } from './testing/desk.ts'
import { clearDesks, desk, frame, soon, wire } from './testing/desk.ts'
import { find } from './search.ts'
import { changeTerms, textEditor } from './text-editor.ts'

const person = (initial = '', readOnly = false): Desk =>
  desk(
    ({ text, awareness }) =>
      textEditor({ text, awareness, readOnly, placeholder: 'Write here', label: 'Field notes' }),
    { initial },
  )

const press = ({ view }: Desk, key: string, keyCode: number): boolean =>
  view.contentDOM.dispatchEvent(
    new KeyboardEvent('keydown', { key, keyCode, cancelable: true, bubbles: true }),
  )

const paste = ({ view }: Desk, pasted: string): void => {
  const clipboardData = new DataTransfer()
  clipboardData.setData('text/plain', pasted)
  view.contentDOM.dispatchEvent(
    new ClipboardEvent('paste', { clipboardData, cancelable: true, bubbles: true }),
  )
}

beforeAll(loadCommands)
afterEach(clearDesks)

describe('a reader', () => {
  test('sees edits arrive, and can write none', () => {
    const [reader, writer] = [person('', true), person('first')]
    wire(reader, writer)
    writer.type(5, ' and second')
    expect(reader.shown()).toBe('first and second')
    press(reader, 'Enter', 13)
    press(reader, 'Backspace', 8)
    paste(reader, 'pasted')
    expect(reader.said()).toBe('first and second')
    expect(reader.view.contentDOM.contentEditable).toBe('false')
  })

  test('reaches the text with the keyboard', () => {
    const { view } = person('text', true)
    view.contentDOM.focus()
    expect(document.activeElement).toBe(view.contentDOM)
  })

  test('becomes a writer when they are allowed to, and a reader again', () => {
    const at = person('text', true)
    changeTerms(at.view, { readOnly: false })
    at.view.dispatch({ selection: { anchor: 4 } })
    press(at, 'Enter', 13)
    expect(at.said()).toBe('text\n')
    changeTerms(at.view, { readOnly: true })
    press(at, 'Enter', 13)
    expect(at.said()).toBe('text\n')
  })
})

describe('the editor', () => {
  test('tells assistive technology what it is', () => {
    const { contentDOM } = person().view
    expect(contentDOM.getAttribute('role')).toBe('textbox')
    expect(contentDOM.getAttribute('aria-label')).toBe('Field notes')
    expect(contentDOM.getAttribute('aria-placeholder')).toBe('Write here')
    expect(contentDOM.spellcheck).toBe(true)
  })

  test('pastes the lines of other systems as lines', () => {
    const at = person()
    paste(at, 'one\r\ntwo\rthree')
    expect(at.said()).toBe('one\ntwo\nthree')
    expect(at.shown()).toBe(at.said())
  })

  test('continues a list on Enter', () => {
    const at = person('- one')
    at.view.dispatch({ selection: { anchor: 5 } })
    press(at, 'Enter', 13)
    expect(at.said()).toBe('- one\n- ')
  })

  test('shapes Markdown without moving a letter when the caret passes', async () => {
    const content =
      '# Title\n\nSome **bold** and `code`, a [link](https://x.example).\n\n- item\n  1. nested\n\n> quote\n\n```\ncode\n```\n'
    const at = person(content)
    forceParsing(at.view, content.length, 1000)
    await frame()
    const lefts = (): (number | undefined)[] =>
      Array.from({ length: content.length }, (_, position) => at.view.coordsAtPos(position)?.left)
    const before = lefts()
    at.view.focus()
    for (let position = 0; position <= content.length; position += 5) {
      at.view.dispatch({ selection: { anchor: position } })
      expect(lefts()).toEqual(before)
    }
    expect(at.view.contentDOM.querySelector('.cm-heading-1')?.textContent).toBe('# Title')
    expect(at.view.contentDOM.querySelector('.cm-code')?.textContent).toContain('code')
  })

  test('parses hostile Markdown without standing still', () => {
    for (const hostile of [
      '>'.repeat(20_000),
      '['.repeat(20_000),
      '- '.repeat(5_000),
      '*a_ '.repeat(5_000),
      '`'.repeat(20_000),
    ]) {
      const at = person(hostile)
      at.type(0, 'x')
      expect(at.shown()).toBe(`x${hostile}`)
      clearDesks()
    }
  })

  test('puts nothing into a style attribute as text, so a strict content policy holds', async () => {
    const at = person('# Title\n- item\n')
    find(at.view)
    await soon(() => expect(at.view.dom.querySelector('.cm-search')).not.toBeNull())
    expect(at.view.dom.querySelectorAll('style')).toHaveLength(0)
    expect(at.view.contentDOM.querySelectorAll('[style]:not(.cm-content)')).toHaveLength(0)
  })
})
