import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { changeSetup, defaultSettings, loadCommands, type EditorSettings } from './setup.ts'
import { clearDesks, desk, frame, soon, type Desk } from './testing/desk.ts'
import { textEditor } from './text-editor.ts'

async function coder(
  initial: string,
  settings: Partial<EditorSettings> = {},
  language = 'js',
): Promise<Desk> {
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
  if (language !== 'markdown')
    await soon(() => expect(at.view.contentDOM.querySelector('.code-keyword')).not.toBeNull())
  await frame()
  return at
}

/** How far from the edge of the text, in columns, each row of a line begins with something that is no space. */
function rows({ view }: Desk, number: number): number[] {
  const line = view.state.doc.line(number)
  const edge = view.coordsAtPos(view.state.doc.line(1).from)?.left ?? 0
  const columns: number[] = []
  let lastTop = -Infinity
  for (let position = line.from; position < line.to; position++) {
    if (/\s/.test(view.state.sliceDoc(position, position + 1))) continue
    const { top = 0, left = 0 } = view.coordsAtPos(position, 1) ?? {}
    if (top > lastTop + 4) columns.push(Math.round((left - edge) / view.defaultCharacterWidth))
    lastTop = Math.max(lastTop, top)
  }
  return columns
}

const words = 'const words = many + '.repeat(8)

beforeAll(loadCommands)
afterEach(clearDesks)

describe('a line of code that is too long', () => {
  test.each<[what: string, space: string, at: number, below: number]>([
    ['nothing', '', 0, 0],
    ['spaces', '      ', 6, 6],
    ['tabs', '\t\t', 8, 8],
    ['a tab and spaces', '\t  ', 6, 4],
    ['a space and a tab', ' \t', 4, 4],
    ['very many spaces', ' '.repeat(30), 30, 24],
    ['very many tabs', '\t'.repeat(9), 36, 24],
  ])('goes on below where it begins after %s', async (_what, space, first, below) => {
    const at = await coder(`const a\n${space}${words}`, { indentUnit: 4 })
    const [begin, ...others] = rows(at, 2)
    expect(begin).toBe(first)
    expect(new Set(others)).toEqual(new Set([below]))
  })

  test('does so as it is indented, and is where it is clicked', async () => {
    const at = await coder(`const a\n${words}`)
    at.type(8, '    ')
    await frame()
    expect(rows(at, 2).slice(0, 2)).toEqual([4, 4])
    const place = at.view.coordsAtPos(at.said().length - 5)
    expect(
      at.view.posAtCoords({ x: (place?.left ?? 0) + 1, y: ((place?.top ?? 0) + (place?.bottom ?? 0)) / 2 }),
    ).toBe(at.said().length - 5)
  })

  test('begins on the left whatever it says', async () => {
    const at = await coder(`const a\n    // ${'שלום '.repeat(60)}`)
    const line = at.view.contentDOM.querySelectorAll('.cm-line')[1]
    expect(line && getComputedStyle(line).paddingLeft).not.toBe('24px')
    expect(line && getComputedStyle(line).direction).toBe('ltr')
  })

  test('hangs by nothing where lines are not wrapped, or the text is prose', async () => {
    const at = await coder(`const a\n    ${words}`)
    expect(at.view.contentDOM.querySelectorAll('.cm-hangingCode')).toHaveLength(1)
    changeSetup(at.view, { language: 'js', settings: { ...defaultSettings, wordWrap: false } })
    await frame()
    expect(at.view.contentDOM.querySelectorAll('.cm-hangingCode')).toHaveLength(0)
    const prose = await coder(`one\n  ${words}`, {}, 'markdown')
    expect(prose.view.contentDOM.querySelectorAll('.cm-hangingCode')).toHaveLength(0)
  })
})
