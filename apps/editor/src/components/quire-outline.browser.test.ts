import { afterEach, expect, test } from 'vitest'
import { learn } from '../words/index.ts'
import './quire-outline.ts'

await learn('en')
afterEach(() => document.body.replaceChildren())

test.each([
  [true, 'Lines that begin with # are headings, and stand here.'],
  [false, 'Only a text in Markdown has headings.'],
])('a text without headings (in Markdown: %s) is told how it could have some', async (isMarkdown, words) => {
  const outline = Object.assign(document.createElement('quire-outline'), { isMarkdown })
  document.body.append(outline)
  await outline.updateComplete
  expect(outline.renderRoot.querySelector('.nothing')?.textContent).toBe(words)
})

test('what would be headings in Markdown are none elsewhere', async () => {
  const headings = [{ level: 1, title: 'a comment', line: 1 }]
  const outline = Object.assign(document.createElement('quire-outline'), { isMarkdown: false, headings })
  document.body.append(outline)
  await outline.updateComplete
  expect(outline.renderRoot.querySelectorAll('.heading')).toHaveLength(0)
})
