import { cursorCharLeft } from '@codemirror/commands'
import { foldedRanges, forceParsing } from '@codemirror/language'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { editorCommands } from './commands.ts'
import { defaultSettings, loadCommands, type EditorSettings } from './setup.ts'
import type { Desk } from './testing/desk.ts'
import { clearDesks, desk, frame, soon, wire } from './testing/desk.ts'
import { click, paste, pointAt, press } from './testing/keys.ts'
import { textEditor } from './text-editor.ts'

interface Wanted {
  readonly readOnly?: boolean
  readonly language?: string
  readonly settings?: Partial<EditorSettings>
  readonly onNotice?: (words: string) => void
}

function person(
  initial: string,
  { readOnly = false, language = 'markdown', settings = {}, onNotice }: Wanted = {},
): Desk {
  const at = desk(
    ({ text, awareness }) =>
      textEditor({
        text,
        awareness,
        readOnly,
        language,
        settings: { ...defaultSettings, ...settings },
        onNotice,
      }),
    { initial },
  )
  forceParsing(at.view, initial.length, 1000)
  return at
}

const put = ({ view }: Desk, anchor: number, head = anchor): void =>
  view.dispatch({ selection: { anchor, head } })

const run = ({ view }: Desk, id: string): boolean =>
  editorCommands.find((command) => command.id === id)?.run(view) ?? false

beforeAll(loadCommands)

afterEach(() => {
  vi.restoreAllMocks()
  clearDesks()
})

describe('commands', () => {
  test('have names of their own, and keys that no other has', () => {
    const ids = editorCommands.map(({ id }) => id)
    const keys = editorCommands.flatMap((command) => command.keys?.key ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(keys).size).toBe(keys.length)
    for (const command of editorCommands) expect(command.title()).not.toBe('')
  })

  test('are bound to their keys, and readers change nothing with them', () => {
    const [writer, reader] = [person('a word'), person('a word', { readOnly: true })]
    for (const at of [writer, reader]) {
      put(at, 4)
      press(at.view, 'Mod-b')
    }
    expect(writer.said()).toBe('a **word**')
    for (const command of editorCommands.filter(({ writes }) => writes))
      expect(command.run(reader.view)).toBe(false)
    expect(reader.said()).toBe('a word')
  })

  test.each(['standard', 'vscode'] as const)('go by the digit, whatever is written above it: %s', (keys) => {
    const at = person('a word', { settings: { keys } })
    const german = { key: '/', code: 'Digit7', keyCode: 55, ctrlKey: true, shiftKey: true }
    const event = new KeyboardEvent('keydown', { ...german, bubbles: true, cancelable: true })
    at.view.contentDOM.dispatchEvent(event)
    expect(event.defaultPrevented).toBe(true)
    expect(at.said()).toBe('1. a word')
    press(at.view, 'Mod-/')
    expect(at.said()).toContain('<!--')
  })

  test('reach the others through the text, and are taken back in one step', () => {
    const [one, other] = [person('one\ntwo'), person('')]
    wire(one, other)
    put(one, 0, 7)
    press(one.view, 'Mod-Shift-8')
    expect(other.shown()).toBe('- one\n- two')
    run(one, 'undo')
    expect(other.shown()).toBe('one\ntwo')
  })
})

describe('several selections', () => {
  test('are typed in all at once, and all are seen', async () => {
    const at = person('one\ntwo\nthree')
    at.view.focus()
    put(at, 0)
    press(at.view, 'Mod-Alt-ArrowDown')
    run(at, 'add-cursor-below')
    expect(at.view.state.selection.ranges).toHaveLength(3)
    at.view.dispatch(at.view.state.replaceSelection('x'))
    expect(at.said()).toBe('xone\nxtwo\nxthree')
    await frame()
    expect(at.view.dom.querySelectorAll('.cm-otherCaret')).toHaveLength(2)
  })

  test('grow by the next place that says the same', async () => {
    const at = person('same, other, same')
    put(at, 0, 4)
    press(at.view, 'Mod-d')
    await soon(() => expect(at.view.state.selection.ranges).toHaveLength(2))
  })
})

describe('brackets and marks', () => {
  const type = ({ view }: Desk, typed: string): void => {
    const { from, to } = view.state.selection.main
    const insert = (): ReturnType<typeof view.state.update> =>
      view.state.update({ changes: { from, to, insert: typed } })
    const handled = view.state
      .facet((view.constructor as typeof import('@codemirror/view').EditorView).inputHandler)
      .some((handle) => handle(view, from, to, typed, insert))
    if (!handled) view.dispatch(insert())
  }

  test('go around what is selected, and close nothing in prose', () => {
    const at = person('a word')
    put(at, 2, 6)
    type(at, '(')
    expect(at.said()).toBe('a (word)')
    put(at, 0)
    type(at, '(')
    type(at, '"')
    expect(at.said()).toBe('"(a (word)')
  })

  test('close in code', async () => {
    const at = person('', { language: 'javascript' })
    await soon(() => {
      put(at, at.said().length)
      type(at, '(')
      expect(at.said()).toContain('()')
    })
  })
})

describe('folding', () => {
  const content = '# One\n\ntext\n\n## Two\n\nmore\n\n# Three\n\n- a\n  - b\n'
  const folds = ({ view }: Desk): string[] => {
    const found: string[] = []
    foldedRanges(view.state).between(0, view.state.doc.length, (from, to) => {
      found.push(view.state.sliceDoc(from, to))
    })
    return found
  }

  test('takes away what is said under a heading, or in a list, for us alone', () => {
    const [one, other] = [person(content), person('')]
    wire(one, other)
    put(one, 0)
    run(one, 'fold')
    put(one, content.indexOf('- a'))
    run(one, 'fold')
    expect(folds(one)).toEqual(['\n\ntext\n\n## Two\n\nmore', '\n  - b'])
    expect(one.said()).toBe(content)
    expect(folds(other)).toEqual([])
    run(one, 'unfold-all')
    expect(folds(one)).toEqual([])
  })
})

/** While each look at the clock finds that time is up. */
function hurry(act: () => void): void {
  let ms = Date.now()
  vi.spyOn(Date, 'now').mockImplementation(() => (ms += 1000))
  act()
  vi.restoreAllMocks()
}

describe('Enter and Backspace', () => {
  test('go on with a list that has just come, though the machine had no time to read it', () => {
    const at = person('')
    hurry(() => at.view.dispatch({ changes: { from: 0, insert: 'text\n\n- one\n- two' } }))
    put(at, at.said().length)
    press(at.view, 'Enter')
    expect(at.said()).toBe('text\n\n- one\n- two\n- ')
  })

  test('go on with a list and leave it, each in one step', () => {
    const at = person('1. one\n2. two\n')
    put(at, 6)
    press(at.view, 'Enter')
    expect(at.said()).toBe('1. one\n2. \n3. two\n')
    press(at.view, 'Backspace')
    expect(at.said()).toBe('1. one\n\n2. two\n')
  })
})

describe('Tab', () => {
  test('leaves prose, and indents in lists and code', () => {
    const at = person('text\n\n- one\n- two\n\n```\ncode\n```\n')
    put(at, 2)
    expect(press(at.view, 'Tab')).toBe(false)
    put(at, at.said().indexOf('two'))
    expect(press(at.view, 'Tab')).toBe(true)
    put(at, at.said().indexOf('code'))
    expect(press(at.view, 'Tab')).toBe(true)
    expect(at.said()).toBe('text\n\n- one\n  - two\n\n```\n  code\n```\n')
    put(at, at.said().indexOf('two'))
    press(at.view, 'Shift-Tab')
    expect(at.said()).toContain('\n- two')
  })

  test('indents in a list that has just come, though the machine had no time to read it', () => {
    const at = person('')
    hurry(() => at.view.dispatch({ changes: { from: 0, insert: 'text\n\n- one\n- two' } }))
    put(at, at.said().length)
    expect(press(at.view, 'Tab')).toBe(true)
    expect(at.said()).toBe('text\n\n- one\n  - two')
  })

  test('goes on in a table, and into a row that is taken back in one step', () => {
    const table = '| a | b |\n|---|---|\n| c | d |'
    const at = person(table)
    put(at, table.length - 3)
    expect(press(at.view, 'Tab')).toBe(true)
    expect(at.said()).toBe(`${table}\n|  |  |`)
    expect(press(at.view, 'Shift-Tab')).toBe(true)
    const { main } = at.view.state.selection
    expect(at.view.state.sliceDoc(main.from, main.to)).toBe('d')
    run(at, 'undo')
    expect(at.said()).toBe(table)
  })

  test.each([
    ['- one', 3],
    ['| a | b |', 3],
  ])('leaves everything after Escape: %j', (initial, place) => {
    const at = person(initial, { settings: { tabIndents: true } })
    put(at, place)
    expect(press(at.view, 'Tab')).toBe(true)
    press(at.view, 'Escape')
    expect(press(at.view, 'Tab')).toBe(false)
    expect(at.view.contentDOM.getAttribute('aria-description')).toContain('Escape')
  })

  test('leaves a text that may only be read', () => {
    const at = person('- one', { readOnly: true, settings: { tabIndents: true } })
    expect(press(at.view, 'Tab')).toBe(false)
  })
})

describe('tasks', () => {
  test('are ticked by a click on their box, which moves no caret', async () => {
    const at = person('- [ ] one\n- [x] two\n')
    await frame()
    put(at, 9)
    click(at.view, 3)
    click(at.view, 13)
    expect(at.said()).toBe('- [x] one\n- [ ] two\n')
    expect(at.view.state.selection.main.head).toBe(9)
    click(at.view, 7)
    expect(at.said()).toBe('- [x] one\n- [ ] two\n')
    run(at, 'toggle-task')
    expect(at.said()).toContain('- [ ] one')
  })

  test('are not ticked by readers', async () => {
    const at = person('- [ ] one', { readOnly: true })
    await frame()
    click(at.view, 3)
    expect(at.said()).toBe('- [ ] one')
  })
})

describe('links', () => {
  const opened = (): unknown[][] => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null)
    return open.mock.calls
  }

  test.each([
    ['[words](https://a.example/b)', 'words', 'https://a.example/b'],
    ['see <https://a.example/c> now', 'a.ex', 'https://a.example/c'],
    ['see https://a.example/d now', 'a.ex', 'https://a.example/d'],
    ['see www.a.example now', 'a.ex', 'https://www.a.example/'],
    ['see me@a.example now', 'me@', 'mailto:me@a.example'],
    ['[words][1]\n\n[1]: https://a.example/e\n', 'words', 'https://a.example/e'],
  ])('%j opens with a modifier, in a tab that learns nothing of ours', async (content, words, address) => {
    const at = person(content)
    const calls = opened()
    await frame()
    click(at.view, content.indexOf(words) + 1)
    expect(calls).toEqual([])
    click(at.view, content.indexOf(words) + 1, { ctrlKey: true })
    put(at, content.indexOf(words) + 1)
    expect(run(at, 'open-link')).toBe(true)
    expect(calls).toEqual([
      [address, '_blank', 'noopener,noreferrer'],
      [address, '_blank', 'noopener,noreferrer'],
    ])
  })

  test.each([
    ['javascript:alert(1)'],
    ['data:text/html,x'],
    ['file:///etc/passwd'],
    ['/d/relative'],
    ['\u0001javascript:x'],
  ])('%j opens nothing', (address) => {
    const at = person(`[words](<${address}>)`)
    const calls = opened()
    put(at, 3)
    expect(run(at, 'open-link')).toBe(false)
    expect(calls).toEqual([])
  })

  test('show that they can be clicked while the key is held', () => {
    const at = person('[words](https://a.example)')
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Control', ctrlKey: true }))
    expect(at.view.dom.classList.contains('cm-pointing')).toBe(true)
    document.dispatchEvent(new KeyboardEvent('keyup', { key: 'Control' }))
    expect(at.view.dom.classList.contains('cm-pointing')).toBe(false)
  })
})

describe('pasting', () => {
  const html =
    '<h2>Title</h2><p>Some <b>bold</b> and <a href="https://a.example/">a link</a>, <script>window.ran = true</script><img src="x" onerror="window.ran = true"></p><ul><li>one<ul><li>two</li></ul></li></ul><ol start="9"><li>nine</li><li><input type="checkbox" checked>ten</li></ol><table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>'

  test('a page becomes Markdown, and nothing in it runs', async () => {
    const at = person('start  end')
    put(at, 6)
    paste(at.view, { 'text/html': html, 'text/plain': 'plain' })
    // Others write, and we do, while what reads it is fetched.
    at.type(0, 'we ')
    await soon(() => expect(at.said()).toContain('## Title'))
    expect(at.said()).toMatch(
      /^we start ## Title\n\nSome \*\*bold\*\* and \[a link\]\(https:\/\/a\.example\/\),/u,
    )
    expect(at.said()).toMatch(/\n- one\n {2}- two\n/u)
    expect(at.said()).toMatch(/\n9\. nine\n10\. \[x\] ten\n/u)
    expect(at.said()).toMatch(/\n\| a +\|\n\| --- \|\n\| b +\| end$/u)
    expect(at.said()).not.toMatch(/script|onerror|!\[/u)
    expect(Reflect.has(window, 'ran')).toBe(false)
  })

  test.each([
    ['words without any shape', { 'text/html': '<span style="color: red">plain</span>' }],
    ['what comes from an editor', { 'text/html': '<b>p</b>', 'vscode-editor-data': '{}' }],
    [
      'what comes from an editor that only colours',
      {
        'text/html':
          '<meta charset="utf-8"><div style="color: #ccc;font-family: Menlo, Monaco, \'Courier New\', monospace;white-space: pre;"><div><span style="font-weight: bold;">plain</span></div></div>',
      },
    ],
    ['a lone block of code', { 'text/html': '<meta charset="utf-8"><pre><b>plain</b></pre>' }],
    ['a page of a megabyte', { 'text/html': `<b>${'x'.repeat(1_000_000)}</b>` }],
    ['what is pasted with Shift', {}],
  ])('%s stays plain', (_what, contents) => {
    const at = person('')
    paste(at.view, { ...contents, 'text/plain': 'plain' })
    expect(at.said()).toBe('plain')
  })

  test.each([
    ['too deep', '<b>'.repeat(400) + 'x'],
    ['too many', '<i>x</i> '.repeat(25_000)],
  ])('a page with %s elements comes as its words', async (_what, page) => {
    const at = person('')
    paste(at.view, { 'text/html': page, 'text/plain': 'plain' })
    await soon(() => expect(at.said()).toBe('plain'))
  })

  test.each([
    ['begins comments', '<!--'],
    ['begins styles', '<style '],
    ['begins elements', '<a'],
    ['begins bodies', '<body'],
    ['begins paragraphs', '<p class='],
    ['is spaces in code', '<ul><li><pre>a', ' '],
  ])('a page that only %s is read in one go', async (_what, begin, piece = begin) => {
    const at = person('')
    const page = `<b>bold</b> ${begin}${piece.repeat(900_000 / piece.length)}x`
    paste(at.view, { 'text/html': page, 'text/plain': 'plain' })
    await soon(() => expect(at.said()).toMatch(/^(?:\*\*bold\*\*|plain)/u))
  })

  test('what only looks bold is bold', async () => {
    const at = person('')
    paste(at.view, { 'text/html': '<span style="font-weight:700">plain</span>', 'text/plain': 'plain' })
    await soon(() => expect(at.said()).toBe('**plain**'))
  })

  test.each([
    ['- ', { 'text/html': '<ul><li>x</li><li>y</li></ul>', 'text/plain': 'x\ny' }, '- x\n- y'],
    ['> ', { 'text/html': '<p>x <b>y</b></p><p>z</p>', 'text/plain': 'x y\n\nz' }, '> x **y**\n>\n> z'],
    ['- ', { 'text/plain': 'x\r\ny' }, '- x\n  y'],
  ])(
    'what lands behind %j stays in it, and is one step to take back: %j',
    async (initial, contents, said) => {
      const at = person(initial)
      put(at, initial.length)
      paste(at.view, contents)
      await soon(() => expect(at.said()).toBe(said))
      expect(at.view.state.selection.main.head).toBe(said.length)
      run(at, 'undo')
      expect(at.said()).toBe(initial)
    },
  )

  test('what is a list to Word alone is one', async () => {
    const at = person('')
    const item = (words: string): string =>
      `<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='font-family:"Courier New"'><span style='mso-list:Ignore'>o&nbsp;&nbsp;</span></span>${words}</p>`
    paste(at.view, { 'text/html': item('one') + item('two'), 'text/plain': 'o  one\no  two' })
    await soon(() => expect(at.said()).toBe('- one\n- two'))
  })

  test('an address over words makes them a link', () => {
    const at = person('read this now')
    put(at, 5, 9)
    paste(at.view, { 'text/plain': 'https://a.example/b' })
    expect(at.said()).toBe('read [this](https://a.example/b) now')
  })

  const give = (kind: 'paste' | 'drop', at: Desk, data: DataTransfer): Event => {
    const event =
      kind === 'paste'
        ? new ClipboardEvent('paste', { clipboardData: data, cancelable: true, bubbles: true })
        : new DragEvent('drop', {
            dataTransfer: data,
            ...pointAt(at.view, 0),
            cancelable: true,
            bubbles: true,
          })
    at.view.contentDOM.dispatchEvent(event)
    return event
  }

  describe('a picture', () => {
    const picture = (around = ''): DataTransfer => {
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array([137, 80, 78, 71])], 'a.png', { type: 'image/png' }))
      if (around !== '') data.setData('text/html', around)
      return data
    }

    test.each(['paste', 'drop'] as const)(
      '%sed as a file is refused with a word, and nothing is lost',
      (kind) => {
        const said: string[] = []
        const at = person('a word', { onNotice: (words) => said.push(words) })
        at.view.dispatch({ selection: { anchor: 0, head: 6 } })
        expect(give(kind, at, picture('<img src="file:///a.png">')).defaultPrevented).toBe(true)
        expect(at.said()).toBe('a word')
        expect(said).toEqual([expect.stringContaining('![](https://…)')])
      },
    )

    test.each(['paste', 'drop'] as const)('%sed from a page comes with its address', async (kind) => {
      const at = person('a word')
      give(kind, at, picture('<img src="https://a.example/b.png" alt="b">'))
      await soon(() => expect(at.said()).toBe('![b](https://a.example/b.png)a word'))
    })
  })

  describe('a file', () => {
    const pdf = new File(['%PDF-1.4\n1 0 obj\n'], 'a.pdf', { type: 'application/pdf' })
    const docx = new File([new Uint8Array([80, 75, 3, 4, 20, 0, 6, 0, 255])], 'b.docx')
    const text = new File(['one\r\ntwo'], 'c.txt', { type: 'text/plain' })
    const dataOf = (...files: readonly File[]): DataTransfer => {
      const data = new DataTransfer()
      for (const file of files) data.items.add(file)
      return data
    }

    test.each(['paste', 'drop'] as const)(
      '%sed that is no text is refused with a word, and nothing is lost',
      async (kind) => {
        const said: string[] = []
        const at = person('a word', { onNotice: (words) => said.push(words) })
        put(at, 0, 6)
        expect(give(kind, at, dataOf(docx, pdf)).defaultPrevented).toBe(true)
        await soon(() =>
          expect(said).toEqual([
            '“b.docx” is not a text, or not in Unicode (UTF-8). “a.pdf” is not a text, or not in Unicode (UTF-8).',
          ]),
        )
        await frame()
        expect(at.said()).toBe('a word')
      },
    )

    test.each(['paste', 'drop'] as const)('%sed that is a text is put there', async (kind) => {
      const said: string[] = []
      const at = person('a word', { onNotice: (words) => said.push(words) })
      give(kind, at, dataOf(text, pdf))
      at.type(6, '!')
      await soon(() => expect(at.said()).toBe('one\ntwoa word!'))
      expect(said).toHaveLength(1)
    })

    test('is not put where one may only read', async () => {
      const at = person('a word', { readOnly: true })
      expect(give('drop', at, dataOf(text)).defaultPrevented).toBe(true)
      await frame()
      expect(at.said()).toBe('a word')
    })
  })

  test('is one step to take back', async () => {
    const at = person('')
    at.type(0, 'mine ')
    paste(at.view, { 'text/html': '<h1>T</h1>', 'text/plain': 'T' })
    await soon(() => expect(at.said()).toBe('mine # T'))
    run(at, 'undo')
    expect(at.said()).toBe('mine ')
  })
})

describe('lines from right to left', () => {
  test('run as their first letter does, each by itself', async () => {
    const at = person('left\n- שלום\nمرحبا left\n```\nשלום\n```\n')
    await frame()
    const directions = [...at.view.contentDOM.querySelectorAll('.cm-line')].map(
      (line) => getComputedStyle(line).direction,
    )
    // Code never does, and a line without letters goes on like the one above.
    expect(directions).toEqual(['ltr', 'rtl', 'rtl', 'ltr', 'ltr', 'ltr', 'rtl'])
    const line = at.view.state.doc.line(2)
    expect(at.view.textDirectionAt(line.from)).toBe(1)
    put(at, line.from + 3)
    cursorCharLeft(at.view)
    expect(at.view.state.selection.main.head).toBe(line.from + 4)
  })
})
