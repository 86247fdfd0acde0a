/**
 * Markdown as the preview reads it: CommonMark with tables, strikethrough, footnotes, tasks and formulas, and no HTML but breaks. A
 * text becomes blocks, each with its own HTML, so that only blocks whose HTML has changed are drawn anew. Has no DOM.
 */
import newParser, {
  type MarkdownIt,
  type StateBlock,
  type StateCore,
  type StateInline,
  type Token,
} from 'markdown-it'
import footnotes from 'markdown-it-footnote'
import { directionOf, type Direction } from '../../editor/direction-of.ts'
import { inlineMathAt, mathBlockEnd } from './math-marks.ts'

export interface Block {
  readonly html: string
  /** The first line of the text that it stands for; lines within (`data-line`) are counted from here. */
  readonly line: number
  /** The line behind its last. */
  readonly end: number
}

export interface Reading {
  /** Pictures from elsewhere are loaded. */
  readonly pictures: boolean
  readonly words: { readonly pictureFrom: string; readonly showPictures: string }
}

/** What the rules below are handed with each text. */
type Environment = Reading & { readonly slugs: Map<string, number> }

export function readMarkdown(text: string, reading: Reading): Block[] {
  const environment = { ...reading, slugs: new Map() } satisfies Environment
  // A mark of its encoding is not part of what it says.
  const tokens = parser.parse(text.replace(/^\ufeff/u, ''), environment)
  const blocks: Block[] = []
  let line = 0
  let start = 0
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    depth += token.nesting
    if (depth > 0) continue
    const block = tokens.slice(start, index + 1)
    start = index + 1
    const [from, end] = block[0]?.map ?? [line, line + 1]
    line = from
    countLinesFrom(block, line)
    chooseSides(block)
    blocks.push({ html: parser.renderer.render(block, parser.options, environment), line, end })
  }
  return blocks
}

/** A text that is no Markdown, as one piece of code. Lines of code go on; those of a plain text fit the page. */
export function readCode(text: string, language: string): Block {
  const html = codeHtml(text, language, language === 'text' ? 'code plain' : 'code')
  return { html, line: 0, end: text.split('\n').length }
}

const parser = newParser({ html: false, linkify: true, breaks: true })
  .use(footnotes)
  .use(tasks)
  .use(headings)
  .use(math)
  .use(lineBreaks)
// Names of files are no links, and neither is an address unless it says where it leads.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })

const { escapeHtml } = parser.utils

function codeHtml(code: string, language: string, classes: 'code' | 'code plain' | 'diagram'): string {
  return `<pre class="${classes}" data-language="${escapeHtml(language)}"><code>${escapeHtml(code)}</code></pre>\n`
}

parser.renderer.rules['fence'] = (tokens, index) => {
  const { info = '', content = '' } = tokens[index] ?? {}
  const [language = ''] = info.trim().split(/\s+/u)
  return codeHtml(content, language, language.toLowerCase() === 'mermaid' ? 'diagram' : 'code')
}
parser.renderer.rules['code_block'] = (tokens, index) =>
  `<pre class="code"><code>${escapeHtml(tokens[index]?.content ?? '')}</code></pre>\n`

const openNote = parser.renderer.rules['footnote_open']
parser.renderer.rules['footnote_open'] = (tokens, index, options, environment, renderer) => {
  const html = openNote?.(tokens, index, options, environment, renderer) ?? ''
  return tokens[index]?.attrGet('dir') === 'rtl' ? html.replace('>', ' dir="rtl">') : html
}

parser.renderer.rules['image'] = (tokens, index, options, environment, renderer) => {
  const { pictures, words } = environment as unknown as Environment // what `readMarkdown` hands to the parser
  const token = tokens[index]
  const source = attributeOf(token, 'src')
  const alt = renderer.renderInlineAsText(token?.children ?? [], options, environment)
  const title = attributeOf(token, 'title')
  const isHere = source.startsWith('data:')
  const site = isHere ? '' : siteOf(source)
  const titleAttribute = title ? ` title="${escapeHtml(title)}"` : ''
  if (isHere || (site && pictures)) {
    return `<img src="${escapeHtml(source)}" alt="${escapeHtml(alt)}"${titleAttribute}>`
  }
  // One that says no site cannot be found from here.
  if (!site) return `<span class="picture">${escapeHtml(alt || source)}</span>`
  const from = words.pictureFrom.replace('{site}', () => site)
  return (
    `<span class="picture" data-source="${escapeHtml(source)}" data-alt="${escapeHtml(alt)}"${titleAttribute}>${alt ? `<em>${escapeHtml(alt)}</em> ` : ''}<small>${escapeHtml(from)}</small> ` +
    `<button type="button" class="show-pictures">${escapeHtml(words.showPictures)}</button></span>`
  )
}

function attributeOf(token: Token | undefined, name: string): string {
  return String(token?.attrGet(name) ?? '')
}

function siteOf(source: string): string {
  const url = URL.canParse(source) ? new URL(source) : undefined
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.host : ''
}

/** How a cell is aligned becomes an attribute of its own, for no `style` gets through. Text finds its own direction. */
function countLinesFrom(block: readonly Token[], line: number): void {
  for (const [index, token] of block.entries()) {
    const align = /^text-align:(left|center|right)$/u.exec(attributeOf(token, 'style'))?.[1]
    if (align !== undefined) token.attrs = [['align', align]]
    if (token.nesting === 1 && directed.has(token.type)) token.attrSet('dir', 'auto')
    if (index > 0 && token.map && token.nesting === 1) token.attrSet('data-line', String(token.map[0] - line))
  }
}

const directed = new Set(['paragraph_open', 'heading_open', 'th_open', 'td_open'])

/**
 * A point of a list has its sign, and a quote its rule, on the side on which its first letter begins. `auto` would not see
 * what finds its direction by itself within; so it is told, where it is another than that around it.
 */
function chooseSides(block: readonly Token[]): void {
  const around: { readonly token: Token; direction?: Direction }[] = []
  for (const token of block) {
    if (sided.has(token.type)) around.push({ token })
    else if (sidedEnd.has(token.type)) around.pop()
    const direction = token.type === 'inline' ? directionOf(token.content) : undefined
    if (!direction) continue
    let outside: Direction = 'ltr'
    for (const place of around) {
      if (!place.direction && direction !== outside) place.token.attrSet('dir', direction)
      outside = place.direction ??= direction
    }
  }
}

const sided = new Set(['list_item_open', 'blockquote_open', 'footnote_open'])
const sidedEnd = new Set([...sided].map((type) => type.replace('open', 'close')))

function tasks(markdown: MarkdownIt): void {
  markdown.core.ruler.after('inline', 'tasks', ({ tokens, Token }: StateCore) => {
    for (const [index, token] of tokens.entries()) {
      const [item, paragraph] = [tokens[index - 2], tokens[index - 1]]
      if (token.type !== 'inline' || item?.type !== 'list_item_open' || paragraph?.type !== 'paragraph_open')
        continue
      const first = token.children?.[0]
      const mark = first?.type === 'text' ? /^\[([ xX])\] /u.exec(first.content) : null
      if (!first || !mark) continue
      first.content = first.content.slice(mark[0].length)
      const box = new Token('task', 'input', 0)
      box.attrs = [
        ['type', 'checkbox'],
        ['disabled', ''],
        // As a label would; a list item is none.
        ['aria-label', markdown.renderer.renderInlineAsText(token.children ?? [], markdown.options, {})],
      ]
      if (mark[1] !== ' ') box.attrPush(['checked', ''])
      token.children?.unshift(box)
      item.attrJoin('class', 'task')
    }
  })
}

/** Ids as GitHub makes them of headings. What is clicked is looked for among the ids of the text alone. */
function headings(markdown: MarkdownIt): void {
  markdown.core.ruler.push('headings', ({ tokens, env }: StateCore) => {
    const { slugs } = env as unknown as Environment // what `readMarkdown` hands to the parser
    for (const [index, token] of tokens.entries()) {
      if (token.type !== 'heading_open') continue
      const slug = slugOf(tokens[index + 1]?.children ?? [])
      const earlier = slugs.get(slug) ?? 0
      slugs.set(slug, earlier + 1)
      token.attrSet('id', earlier === 0 ? slug : `${slug}-${earlier}`)
    }
  })
}

function slugOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ content }) => content)
    .join('')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/gu, '-')
}

/** The one piece of HTML there is: a cell of a table has no other way to hold a second line. */
function lineBreaks(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('autolink', 'line_break', (state: StateInline, isSilent: boolean) => {
    const [written] = /^<br ?\/?>/iu.exec(state.src.slice(state.pos, state.pos + 6)) ?? []
    if (written === undefined) return false
    if (!isSilent) state.push('hardbreak', 'br', 0)
    state.pos += written.length
    return true
  })
}

/** `$…$` in a line, `$$…$$` around lines or in one. What is between is the business of `math.ts`. */
function math(markdown: MarkdownIt): void {
  markdown.inline.ruler.after('escape', 'math', (state: StateInline, isSilent: boolean) => {
    const found = inlineMathAt(state.src, state.pos, state.posMax)
    if (!found) return false
    if (!isSilent) {
      const token = state.push('math', 'span', 0)
      token.content = found.formula
      token.markup = found.mark
    }
    state.pos = found.end
    return true
  })
  markdown.block.ruler.before(
    'fence',
    'math_block',
    (state: StateBlock, startLine: number, endLine: number, isSilent: boolean) => {
      const found = mathBlockEnd(startLine, endLine, (line) =>
        state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]),
      )
      if (!found) return false
      if (isSilent) return true
      const token = state.push('math_block', 'div', 0)
      token.content = found.formula
      token.map = [startLine, found.line]
      state.line = found.line
      return true
    },
    { alt: ['paragraph', 'reference', 'blockquote', 'list'] },
  )
  markdown.renderer.rules['math'] = (tokens, index) => {
    const { content = '', markup = '$' } = tokens[index] ?? {}
    return `<span class="math${markup === '$$' ? ' display' : ''}">${markdown.utils.escapeHtml(content)}</span>`
  }
  markdown.renderer.rules['math_block'] = (tokens, index) =>
    `<div class="math display">${markdown.utils.escapeHtml(tokens[index]?.content ?? '')}</div>\n`
}
