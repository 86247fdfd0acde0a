import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { textFileName } from './text-file-name.ts'

test.each([
  ['Field notes, November', 'Field notes, November.md'],
  ['', 'Untitled.md'],
  [' . ', 'Untitled.md'],
  ['Plan 1/2: what "we" do?', 'Plan 1 2 what we do.md'],
  ['../../etc/passwd', 'etc passwd.md'],
  ['two\nlines\tand a tab', 'two lines and a tab.md'],
  // Read from right to left, `.gpj` would look like another kind of file.
  ['holiday\u202egpj.', 'holiday gpj.md'],
  ['می‌خواهم 👩‍👧', 'می‌خواهم 👩‍👧.md'],
  ['e\u0301tude', '\u00e9tude.md'],
  ['con', '_con.md'],
  ['Aux.1', '_Aux.1.md'],
  ['Contents', 'Contents.md'],
  ['half \ud83d', 'half.md'],
  ['👩‍👧'.repeat(50), `${'👩‍👧'.repeat(18)}.md`],
])('%j is downloaded as %j', (title, name) => {
  expect(textFileName(title)).toBe(name)
})

test.each([
  ['main.py', 'py', 'main.py'],
  ['lib.mjs', 'js', 'lib.mjs'],
  ['CONF.YML', 'yaml', 'CONF.YML'],
  ['app.test.ts', 'ts', 'app.test.ts'],
  ['data.csv', 'txt', 'data.csv'],
  ['main.py', 'txt', 'main.py.txt'],
  ['invoice.bat', 'txt', 'invoice.bat.txt'],
  ['main.py', 'html', 'main.py.html'],
  ['aux.py ', 'py', '_aux.py'],
  ['.py', 'py', 'py.py'],
  ['Version 1.2', 'md', 'Version 1.2.md'],
])('%j as .%s is %j', (title, ending, name) => {
  expect(textFileName(title, ending)).toBe(name)
})

test('whatever the title, the name is one that every file system takes', () => {
  const signs = ['.', ' ', '/', '\\', '\0', '\n', '\u202e', '\u200d', '\ud83d', 'con', '👧', '桥', 'e\u0301']
  const titles = fc.string({
    unit: fc.oneof(fc.constantFrom(...signs), fc.string({ maxLength: 5 })),
    maxLength: 300,
  })
  fc.assert(
    fc.property(titles, (title) => {
      const name = textFileName(title)
      expect(name).toMatch(/^[^\p{Cc}/\\:*?"<>|]+\.md$/u)
      expect(name).not.toMatch(/^[. ]|[. ]\.md$/)
      expect(name.isWellFormed()).toBe(true)
      expect(new TextEncoder().encode(name).length).toBeLessThan(210)
    }),
  )
})
