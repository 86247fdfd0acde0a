import { describe, expect, it } from 'vitest'
import { readCode, readMarkdown } from './markdown.ts'

const words = { pictureFrom: 'Picture from {site}', showPictures: 'Show pictures' }
const blocksOf = (text: string, pictures = false) => readMarkdown(text, { pictures, words })
const htmlOf = (text: string, pictures = false): string =>
  blocksOf(text, pictures)
    .map(({ html }) => html)
    .join('')

describe('a text in blocks', () => {
  it('says of each where it begins, and counts lines within from there', () => {
    const blocks = blocksOf('# One\n\nTwo\nthree\n\n\n- four\n- five\n')
    expect(blocks.map(({ line }) => line)).toEqual([0, 2, 6])
    expect(blocks[2]?.html).toContain('<li data-line="1">')
  })

  it('has the same HTML for a block wherever it stands', () => {
    const [, list] = blocksOf('Words.\n\n- one\n- two\n')
    const [, , moved] = blocksOf('Words.\n\nMore.\n\n- one\n- two\n')
    expect(moved?.html).toBe(list?.html)
  })

  it('says of the last where it ends', () => {
    expect(blocksOf('One\n\n```\na\nb\n```\n').at(-1)).toMatchObject({ line: 2, end: 6 })
  })

  it('begins behind a mark of the encoding', () => {
    expect(htmlOf('\ufeff# One')).toContain('<h1')
  })

  it('has the notes in the last', () => {
    const blocks = blocksOf('A[^x]\n\n[^x]: note\n\nB\n')
    expect(blocks.at(-1)?.html).toContain('class="footnotes"')
    expect(blocks).toHaveLength(3)
  })
})

describe('what it reads', () => {
  it.each([
    ['a line ends where it ends', 'a\nb', 'a<br>\nb'],
    ['no HTML', '<b>x</b>', '&lt;b&gt;x&lt;/b&gt;'],
    [
      'but breaks, which cells have no other way to hold',
      '|a|\n|-|\n|b<br>c<BR />d|',
      '>b<br>\nc<br>\nd</td>',
    ],
    ['no breaks that are more', '<br onclick=x>', '&lt;br onclick=x&gt;'],
    ['addresses', 'https://x.test', '<a href="https://x.test">https://x.test</a>'],
    ['no names of files as addresses', 'readme.md', '>readme.md</p>'],
    [
      'tasks',
      '- [x] a',
      '<li class="task" data-line="0"><input type="checkbox" disabled="" aria-label="a" checked="">a</li>',
    ],
    ['no tasks elsewhere', '[x] a', '>[x] a</p>'],
    ['cells', '|a|\n|-:|\n|b|', '<td align="right" dir="auto">b</td>'],
    ['headings by name', '# A b, c!', '<h1 id="a-b-c" dir="auto">'],
    [
      'code with its language',
      '```Js x\na<b\n```',
      '<pre class="code" data-language="Js"><code>a&lt;b\n</code></pre>',
    ],
    ['diagrams', '```mermaid\nx\n```', '<pre class="diagram" data-language="mermaid">'],
    ['formulas', '$x<y$', '<span class="math">x&lt;y</span>'],
    ['formulas on lines of their own', '$$\nx\n$$', '<div class="math display">x</div>'],
    ['no scripts in links', '[a](javascript:b)', '[a](javascript:b)'],
  ])('%s', (_, text, html) => {
    expect(htmlOf(text)).toContain(html)
  })

  it('names headings that are called the same', () => {
    expect(htmlOf('# a\n\n# a\n').match(/id="[^"]*"/gu)).toEqual(['id="a"', 'id="a-1"'])
  })
})

describe('a text from right to left', () => {
  /** Of points and quotes, '' for the side of what is around them. */
  const sidesIn = (text: string): string[] =>
    (htmlOf(text).match(/<(?:li|blockquote)\b[^>]*/gu) ?? []).map(
      (tag) => /dir="(\w+)"/u.exec(tag)?.[1] ?? '',
    )

  it.each<[string, string, string[]]>([
    ['has its points on its side', '- אחת\n- שתיים', ['rtl', 'rtl']],
    ['has them there too if they stand apart', '1. אחת\n\n2. שתיים', ['rtl', 'rtl']],
    ['has its quotes there', '> ציטוט', ['rtl']],
    ['has those within where it has them', '- אחת\n  - שתיים\n    > שלוש', ['rtl', '', '']],
    ['has points of another side within', '- אחת\n  - two\n    - שלוש', ['rtl', 'ltr', 'rtl']],
    ['stands beside one from left to right', '- one\n- שתיים\n- **3** three', ['', 'rtl', '']],
    ['is a quote of what it begins with', '> ציטוט\n>\n> - two', ['rtl', 'ltr']],
    ['goes on without a letter', '- אחת\n  - 12', ['rtl', '']],
    ['has its notes there', 'a[^x]\n\n[^x]: הערה\n', ['rtl']],
  ])('%s', (_, text, sides) => {
    expect(sidesIn(text)).toEqual(sides)
  })
})

describe('pictures', () => {
  it('from elsewhere are named, and not asked for', () => {
    const html = htmlOf('![A "heron"](https://x.test/heron.png)')
    expect(html).toContain('A &quot;heron&quot;')
    expect(html).toContain('Picture from x.test')
    expect(html).not.toContain('<img')
    expect(html).not.toMatch(/\s(?:src|href|style)=/u)
    expect(html.match(/\S*heron\.png/gu), 'kept for whoever is handed the text').toEqual([
      'data-source="https://x.test/heron.png',
    ])
  })

  it('from elsewhere are there when the reader says so', () => {
    expect(htmlOf('![a](https://x.test/b.png "c")', true)).toContain(
      '<img src="https://x.test/b.png" alt="a" title="c">',
    )
  })

  it('in the text itself are there', () => {
    expect(htmlOf('![a](data:image/png;base64,AAAA)')).toContain('<img src="data:image/png;base64,AAAA"')
  })

  it.each(['somewhere/b.png', '//x.test/b.png', 'ftp://x.test/b.png'])('%s is nowhere', (source) => {
    expect(htmlOf(`![a](${source})`, true)).not.toContain('<img')
  })
})

describe('a text that is no Markdown', () => {
  it('is one piece of code, whatever it holds', () => {
    expect(readCode('# a\n```\n<b>\n', 'python')).toEqual({
      html: '<pre class="code" data-language="python"><code># a\n```\n&lt;b&gt;\n</code></pre>\n',
      line: 0,
      end: 4,
    })
  })

  it('is in a language that says nothing but its name', () => {
    expect(readCode('', '"><b>').html).toBe(
      '<pre class="code" data-language="&quot;&gt;&lt;b&gt;"><code></code></pre>\n',
    )
  })

  it('fits the page if it is plain', () => {
    expect(readCode('a', 'text').html).toContain('class="code plain"')
  })
})
