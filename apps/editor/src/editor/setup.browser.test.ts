import { forceParsing, syntaxTree } from '@codemirror/language'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { changeSetup, defaultSettings, loadCommands, type EditorSettings } from './setup.ts'
import type { Desk } from './testing/desk.ts'
import { clearDesks, desk, frame, soon } from './testing/desk.ts'
import { press } from './testing/keys.ts'
import { textEditor } from './text-editor.ts'

function person(initial: string, language = 'markdown', settings: Partial<EditorSettings> = {}): Desk {
  const at = desk(
    ({ text, awareness }) =>
      textEditor({
        text,
        awareness,
        readOnly: false,
        language,
        settings: { ...defaultSettings, ...settings },
      }),
    { initial },
  )
  forceParsing(at.view, initial.length, 1000)
  return at
}

const change = ({ view }: Desk, language: string, settings: Partial<EditorSettings> = {}): void =>
  changeSetup(view, { language, settings: { ...defaultSettings, ...settings } })

const coloured = ({ view }: Desk, name: string): (string | null)[] =>
  [...view.contentDOM.querySelectorAll(`.code-${name}`)].map((word) => word.textContent)

beforeAll(loadCommands)
afterEach(clearDesks)

describe('code', () => {
  test.each([
    ['js', 'const a = "b"', 'const'],
    ['python', 'def f(): pass', 'def'],
    ['typescript {1,3}', 'const a = "b"', 'const'],
    ['rs', 'fn main() {}', 'fn'],
    ['bash', 'if true; then :; fi', 'if'],
  ])('in a block of %s is coloured when its language has come', async (info, code, keyword) => {
    const at = person(`# T\n\n\`\`\`${info}\n${code}\n\`\`\`\n`)
    await soon(() => expect(coloured(at, 'keyword')).toContain(keyword))
    at.type(at.said().length, '\nmore')
    expect(coloured(at, 'keyword')).toContain(keyword)
  })

  test('in a language that nobody knows stays plain, and so does Markdown within Markdown', async () => {
    const at = person('```klingon\nconst a\n```\n\n```md\n# heading\n```\n\n```js\nconst b\n```\n')
    await soon(() => expect(coloured(at, 'keyword')).toEqual(['const']))
    expect(at.view.contentDOM.querySelectorAll('.cm-heading, .code-heading')).toHaveLength(0)
  })

  test.each([
    ['javascript', '('.repeat(20_000)],
    ['json', '['.repeat(20_000)],
    ['html', '<div>'.repeat(10_000)],
    ['css', 'a{'.repeat(20_000)],
    ['python', 'f('.repeat(20_000)],
    ['php', '<?php ' + '{'.repeat(20_000)],
    ['bash', '$('.repeat(20_000)],
    ['xml', '<a>'.repeat(10_000)],
    ['yaml', '- '.repeat(10_000)],
    ['sass', 'a{'.repeat(10_000)],
    ['liquid', '{% if a %}'.repeat(5_000)],
  ])('in %s that overwhelms a parser hurts no one', async (language, hostile) => {
    const at = person(`\`\`\`${language}\n${hostile}\n\`\`\`\n\n**after**\n`)
    await soon(() => {
      forceParsing(at.view, at.said().length, 200)
      expect(syntaxTree(at.view.state).length).toBe(at.said().length)
    })
    at.type(0, 'x')
    await frame()
    expect(at.shown()).toBe(at.said())
    at.view.dispatch({ selection: { anchor: at.said().length }, scrollIntoView: true })
    await frame()
    expect(at.view.contentDOM.textContent).toContain('after')
  })
})

describe('the language of a text', () => {
  test('may be code, with numbered lines and no spell-check', async () => {
    const at = person('const a = 1\n', 'JavaScript')
    await soon(() => expect(coloured(at, 'keyword')).toEqual(['const']))
    expect(at.view.contentDOM.getAttribute('spellcheck')).toBe('false')
    expect(at.view.dom.querySelector('.cm-lineNumbers')).not.toBeNull()
    expect(at.view.dom.classList.contains('cm-font-mono')).toBe(true)
  })

  test('changes while it is open', async () => {
    const at = person('# const\n', 'text')
    expect(at.view.contentDOM.querySelector('.cm-heading')).toBeNull()
    change(at, 'markdown')
    forceParsing(at.view, at.said().length, 1000)
    expect(at.view.contentDOM.querySelector('.cm-heading')).not.toBeNull()
    change(at, 'python')
    await soon(() => expect(coloured(at, 'comment')).toEqual(['# const']))
    change(at, 'markdown')
    forceParsing(at.view, at.said().length, 1000)
    expect(coloured(at, 'comment')).toEqual([])
    expect(at.view.dom.querySelector('.cm-lineNumbers')).toBeNull()
  })
})

test('settings change what is seen, and nothing that is shared', () => {
  const at = person('one\ntwo')
  change(at, 'markdown', {
    lineNumbers: true,
    foldGutter: true,
    wordWrap: false,
    spellCheck: false,
    indentUnit: 'tab',
    font: 'serif',
    fontSize: 23,
    tabIndents: true,
  })
  const { dom, contentDOM, state } = at.view
  expect(dom.querySelector('.cm-lineNumbers')).not.toBeNull()
  expect(dom.querySelector('.cm-foldGutter')).not.toBeNull()
  expect(contentDOM.classList.contains('cm-lineWrapping')).toBe(false)
  expect(contentDOM.getAttribute('spellcheck')).toBe('false')
  expect(getComputedStyle(contentDOM).fontSize).toBe('23px')
  expect(dom.classList.contains('cm-font-serif')).toBe(true)
  expect(state.tabSize).toBe(4)
  press(at.view, 'Tab')
  expect(at.said()).toBe('\tone\ntwo')
  change(at, 'markdown')
  expect(dom.querySelector('.cm-lineNumbers')).toBeNull()
  expect(getComputedStyle(contentDOM).fontSize).not.toBe('23px')
})

describe('keys of another editor', () => {
  const vim = async (initial: string): Promise<Desk> => {
    const at = person(initial, 'markdown', { keys: 'vim' })
    await soon(() => expect(at.view.dom.querySelector('.cm-vim-panel')).not.toBeNull())
    return at
  }
  const keys = (at: Desk, ...pressed: readonly string[]): void => {
    for (const key of pressed) press(at.view, key)
  }

  test('Vim: each command is undone by our undo, and no one else’s text', async () => {
    const at = await vim('one two three\nfour')
    keys(at, 'x', 'x', 'd', 'w')
    expect(at.said()).toBe('two three\nfour')
    at.doc.transact(() => at.text.insert(at.text.length, ' five'), 'network')
    keys(at, 'u')
    expect(at.said()).toBe('e two three\nfour five')
    keys(at, 'u', 'u')
    expect(at.said()).toBe('one two three\nfour five')
    keys(at, 'Ctrl-r')
    expect(at.said()).toBe('ne two three\nfour five')
  })

  test('Vim: what was written between a command and Escape is taken back with it, and nothing before', async () => {
    const at = await vim('one two')
    /** As a browser: the key first, and then what comes of it. */
    const write = (words: string): void => {
      for (const letter of words)
        if (!press(at.view, letter))
          at.view.dispatch(at.view.state.replaceSelection(letter), { userEvent: 'input.type' })
    }
    keys(at, 'x')
    write('A three')
    keys(at, 'Escape')
    write('0cwfour')
    keys(at, 'Escape')
    expect(at.said()).toBe('four two three')
    at.doc.transact(() => at.text.insert(at.text.length, ' five'), 'network')
    for (const before of ['ne two three five', 'ne two five', 'one two five']) {
      keys(at, 'u')
      expect(at.said()).toBe(before)
    }
  })

  const enter = async (at: Desk, words: string): Promise<void> => {
    const line = await soon(() => {
      const input = at.view.dom.querySelector<HTMLInputElement>('.cm-vim-panel input')
      if (!input) throw new Error('no line to write in')
      return input
    })
    line.value = words
    line.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true }))
  }

  test('Vim: commands are given in its own line', async () => {
    const at = await vim('a b a\n')
    keys(at, ':')
    await enter(at, '%s/a/c/g')
    expect(at.said()).toBe('c b c\n')
    keys(at, 'u')
    expect(at.said()).toBe('a b a\n')
  })

  test('Vim: what it finds is marked in our ink', async () => {
    const at = await vim('a b a\n')
    at.view.dom.style.setProperty('--ink', 'rgb(10 20 30)')
    keys(at, '/')
    await enter(at, 'a')
    const match = await soon(() => {
      const [first] = at.view.contentDOM.querySelectorAll('.cm-searchMatch')
      if (!first) throw new Error('nothing is marked')
      return first
    })
    expect(getComputedStyle(match).backgroundColor).toMatch(/^oklab\(.* \/ 0\.12\)$/)
  })

  test('Vim: Tab leaves after Escape', async () => {
    const at = await vim('one')
    press(at.view, 'Escape')
    expect(press(at.view, 'Tab')).toBe(false)
  })

  test('Emacs: undo is ours', async () => {
    const at = person('one two', 'markdown', { keys: 'emacs' })
    await soon(() => expect(at.view.scrollDOM.classList.contains('cm-emacsMode')).toBe(true))
    keys(at, 'Ctrl-k')
    expect(at.said()).toBe('')
    keys(at, 'Ctrl-/')
    expect(at.said()).toBe('one two')
    keys(at, 'Ctrl-k', 'Ctrl-x', 'u')
    expect(at.said()).toBe('one two')
    keys(at, 'Alt-d', 'Ctrl-e', 'Ctrl-y')
    expect(at.said()).toBe(' twoone')
    keys(at, 'Alt-y')
    expect(at.said()).toBe(' twoone two')
  })

  test('VS Code: its keys are there, undo is ours, and Tab still leaves prose', async () => {
    const at = person('one\ntwo', 'markdown', { keys: 'vscode' })
    await soon(() => {
      press(at.view, 'Ctrl-Shift-k')
      expect(at.said()).not.toBe('one\ntwo')
    })
    press(at.view, 'Mod-z')
    expect(at.said()).toBe('one\ntwo')
    expect(press(at.view, 'Tab')).toBe(false)
  })

  test('go when the usual ones are chosen again', async () => {
    const at = await vim('one')
    change(at, 'markdown')
    expect(at.view.dom.querySelector('.cm-vim-panel')).toBeNull()
    expect(press(at.view, 'x')).toBe(false)
  })
})
