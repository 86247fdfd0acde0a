import { expect, test } from 'vitest'
import { toMarkdown } from './html-to-markdown.ts'

const bold = 'font-size:11pt;font-weight:700;font-style:normal;text-decoration:none'
const plain = 'font-size:11pt;font-weight:400;font-style:normal;text-decoration:none'

test.each([
  [
    'a word processor’s bold, italic and struck out',
    `<b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr"><span style="${plain}">A </span><span style="${bold}">bold</span><span style="${plain}"> word, an </span><span style="font-weight:400;font-style:italic">italic</span><span style="font-weight:400;text-decoration:line-through"> one struck out</span></p></b>`,
    'A **bold** word, an *italic* ~~one struck out~~',
  ],
  [
    'what is bold in several pieces, once',
    `<p><span style="${bold}">one </span><span style="font-weight:bold;font-style:italic">two</span><span style="${bold}"> three</span></p>`,
    '**one *two* three**',
  ],
  [
    'what is bold within bold, once',
    `<p><strong>one <span style="${bold}">two</span></strong></p>`,
    '**one two**',
  ],
  ['a heading, which is bold anyway', `<h2><span style="${bold}">Title</span></h2>`, '## Title'],
  [
    'bold words that lead somewhere',
    `<p><a href="https://a.example/"><span style="${bold}">there</span></a></p>`,
    '[**there**](https://a.example/)',
  ],
  [
    'lists directly in lists',
    '<ul><li><p>one</p></li><ul><li><p>two</p></li><ol><li>three</li></ol></ul><li>four</li></ul>',
    '- one\n  - two\n    1. three\n- four',
  ],
  ['a list that begins with a list', '<ul><ul><li>one</li></ul><li>two</li></ul>', '- one\n- two'],
  [
    'paragraphs behind what an item says',
    '<ul><li>one<p>more of one</p></li><li><p>two</p></li></ul>',
    '- one\n\n  more of one\n- two',
  ],
  [
    'a list in which boxes are ticked',
    '<ul><li role="checkbox" aria-checked="true"><img src="data:image/png;base64,AA" alt="checked"><p>one</p></li><li role="checkbox" aria-checked="false"><p>two</p></li></ul>',
    '- [x] one\n- [ ] two',
  ],
  [
    'boxes with a space behind them, which is one',
    '<ul><li><input type="checkbox" checked> <b>one</b></li><li><p><input type="checkbox">\n two</p></li><li><label><input type="checkbox"> three</label></li><li><span><input type="checkbox" checked></span> four</li></ul>',
    '- [x] **one**\n- [ ] two\n- [ ] three\n- [x] four',
  ],
  [
    'a spreadsheet, whose first row says what is in the others',
    '<table><colgroup><col width="100"><col width="100"></colgroup><tbody><tr><td style="font-weight:bold">Name</td><td>Age</td></tr><tr><td>Ada</td><td style="font-weight:bold">36</td></tr></tbody></table>',
    '| Name | Age |\n| --- | --- |\n| Ada | **36** |',
  ],
  [
    'a table whose rows have headings',
    '<table><tr><th>Name</th><td>Ada</td></tr><tr><th>Age</th><td>36</td></tr></table>',
    '| Name | Ada |\n| --- | --- |\n| Age | 36 |',
  ],
  [
    'a table with lists in its cells, line by line',
    '<table><tr><th>a</th><th>b</th></tr><tr><td><h3>T</h3><ul><li>one</li><li>two</li></ul></td><td>c</td></tr></table>',
    '| a | b |\n| --- | --- |\n| T<br>- one<br>- two | c |',
  ],
  [
    'a row that reaches over several columns, and one that is too short',
    '<table><tr><td colspan="2">a</td><td>b</td></tr><tr><td>c</td><td>d</td><td align="right">1|2</td></tr></table><table><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></table>',
    '| a |  | b |\n| --- | --- | ---: |\n| c | d | 1\\|2 |\n\n| a |  |\n| --- | --- |\n| b | c |',
  ],
  [
    'what is laid out with tables',
    '<table><tr><td><h1>T</h1><table><tr><td><ul><li>one</li></ul></td></tr></table></td><td>two</td></tr></table>',
    '# T\n\n- one\n\ntwo',
  ],
  ['code without words for it', '<p>so</p><pre>a <b>b</b>\n  c\n</pre>', 'so\n\n```\na b\n  c\n```'],
  [
    'code in lines of any kind',
    '<p>so</p><pre>a<br>b<br>\n<div>c</div><div><span>d</span></div>e</pre>',
    'so\n\n```\na\nb\n\nc\nd\ne\n```',
  ],
  [
    'code in a language',
    '<p>so</p><pre class="language-js"><code>a<br>b</code></pre><pre><code class="language-ts">c</code></pre>',
    'so\n\n```js\na\nb\n```\n\n```ts\nc\n```',
  ],
  ['paragraphs, with as much between as there is between paragraphs', '<p>a</p><br><p>b</p><br>', 'a\n\nb'],
])('%s', (_what, html, markdown) => expect(toMarkdown(html)).toBe(markdown))

test('a cell that reaches over more columns than there are is as wide as others are', () => {
  const cells = '<td colspan="1000000000">a</td>'.repeat(2000)
  expect(toMarkdown(`<table><tr>${cells}</tr></table>`)?.length).toBeLessThan(250_000)
})

test('a list is numbered in one go, however long', () => {
  const items = '<li>x</li>'.repeat(15_000)
  expect(toMarkdown(`<ol start="3">${items}</ol>`)).toMatch(/^3\. x\n4\. x\n[\s\S]*\n15002\. x$/u)
})
