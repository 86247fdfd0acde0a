import { expect, test } from 'vitest'
import { defaultSettings } from './setup.ts'
import { clearDesks, desk, soon } from './testing/desk.ts'
import { paste } from './testing/keys.ts'
import { textEditor } from './text-editor.ts'

test('a page pasted before there is anything to read it with becomes Markdown where it was put', async () => {
  const at = desk(
    ({ text, awareness }) =>
      textEditor({ text, awareness, readOnly: false, language: 'markdown', settings: defaultSettings }),
    { initial: 'start  end\n\n```\n\n```\n' },
  )
  const put = (anchor: number): void => at.view.dispatch({ selection: { anchor } })
  put(at.said().indexOf('```\n\n') + 4)
  paste(at.view, { 'text/html': '<b>plain</b>', 'text/plain': 'plain' })
  put(6)
  paste(at.view, { 'text/html': '<p>Some <b>bold</b></p>', 'text/plain': 'Some bold' })
  at.type(0, '> ')
  // Nothing has been fetched so far: this file asks for nothing before.
  expect(at.said()).toBe('> start  end\n\n```\n\n```\n')
  await soon(() => expect(at.said()).toBe('> start Some **bold** end\n\n```\nplain\n```\n'))
  clearDesks()
})
