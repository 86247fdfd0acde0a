/**
 * What word processors and editors put on the clipboard, told as a page would tell it: words that look bold are bold, a list
 * in a list is in an item of it, code is code. Styles are looked for where `html-to-markdown.ts` has put them.
 */

/** In as many steps as the page has elements, each as deep as it stands at most. */
export function tidy(root: HTMLElement): void {
  tidyLists(root)
  for (const block of root.querySelectorAll('pre')) block.replaceChildren(codeIn(block))
  tidyMarks(root)
  for (const line of root.querySelectorAll('br')) if (standsAlone(line)) line.remove()
}

export function rename(element: Element, name: string): HTMLElement {
  const renamed = element.ownerDocument.createElement(name)
  renamed.append(...element.childNodes)
  element.replaceWith(renamed)
  return renamed
}

function tidyLists(root: HTMLElement): void {
  for (const list of root.querySelectorAll(':is(ul, ol) > :is(ul, ol)')) {
    const item = list.previousElementSibling
    if (item?.nodeName === 'LI') item.append(list)
    else list.replaceWith(...list.childNodes)
  }
  // One paragraph is what the item says, and nothing that wants room around it.
  for (const paragraph of root.querySelectorAll('li > p:only-of-type'))
    if (isFirst(paragraph) && (paragraph.nextElementSibling?.matches('ul, ol') ?? true))
      paragraph.replaceWith(...paragraph.childNodes)
  for (const list of root.querySelectorAll('ol')) numberItems(list)
  for (const item of root.querySelectorAll('li[role=checkbox]')) {
    for (const picture of item.querySelectorAll('img')) picture.remove()
    const box = item.ownerDocument.createElement('input')
    box.type = 'checkbox'
    box.checked = item.getAttribute('aria-checked') === 'true'
    item.prepend(box)
  }
}

function isFirst(node: Node): boolean {
  for (let { previousSibling } = node; previousSibling; { previousSibling } = previousSibling)
    if (previousSibling.textContent?.trim()) return false
  return true
}

/** Written at each item: to be counted anew for each would take the square of how many there are. */
function numberItems(list: Element): void {
  const first = Number.parseInt(list.getAttribute('start') ?? '1', 10) || 0
  for (const [index, item] of [...list.children].entries())
    item.setAttribute('data-number', String(Math.min(Math.max(first, 0) + index, 999_999_999)))
}

/** Code as one element, with its lines and its language. */
export function codeIn(block: Element): HTMLElement {
  const code = block.ownerDocument.createElement('code')
  const named = block.querySelector('code') ?? block
  const [, language] = /(?:^|\s)lang(?:uage)?-(\S+)/u.exec(`${block.className} ${named.className}`) ?? []
  if (language !== undefined) code.className = `language-${language}`
  code.textContent = linesIn(block)
  return code
}

const lineOfCode = new Set(['DIV', 'P', 'LI', 'TR'])

function linesIn(block: Node): string {
  let lines = ''
  const read = (node: Node): void => {
    const isLine = lineOfCode.has(node.nodeName)
    if (isLine && lines !== '' && !lines.endsWith('\n')) lines += '\n'
    if (node.nodeName === 'BR') lines += '\n'
    if (node instanceof Text) lines += node.data
    for (const child of node.childNodes) read(child)
    if (isLine && !lines.endsWith('\n')) lines += '\n'
  }
  read(block)
  return lines
}

/** By how it looks, outermost first. */
const marks: readonly (readonly [name: string, has: string, look: RegExp])[] = [
  [
    'b',
    'b, strong, h1, h2, h3, h4, h5, h6, table tr:first-child',
    /(?<![\w-])font-weight:\s*(?:bold|[6-9]00)/u,
  ],
  ['i', 'i, em', /(?<![\w-])font-style:\s*italic/u],
  ['s', 's, del, strike', /(?<![\w-])text-decoration(?:-line)?:[^;:]*line-through/u],
]

function tidyMarks(root: HTMLElement): void {
  // Word processors put whole texts into a bold that is none.
  for (const element of root.querySelectorAll('b[data-style]'))
    if (/font-weight:\s*(?:normal|400)/u.test(styleOf(element))) element.replaceWith(...element.childNodes)
  for (const element of root.querySelectorAll('[data-style]:is(span, font, a, td)')) {
    const style = styleOf(element)
    const names = marks.flatMap(([name, has, look]) =>
      look.test(style) && !element.closest(has) && !element.querySelector(blocks) ? [name] : [],
    )
    for (const name of names.toReversed()) {
      const mark = element.ownerDocument.createElement(name)
      mark.append(...element.childNodes)
      element.append(mark)
    }
    const [mark] = element.children
    if (names.length === 0 || !mark || !element.matches('span, font')) continue
    element.replaceWith(mark)
    joinBefore(mark)
  }
}

/** What was bold in several pieces is bold once: marks would not be read where others end. */
function joinBefore(mark: Element): void {
  const before = mark.previousSibling
  if (!(before instanceof Element) || before.nodeName !== mark.nodeName) return
  const [first] = mark.childNodes
  before.append(...mark.childNodes)
  mark.remove()
  if (first instanceof Element) joinBefore(first)
}

export function styleOf(element: Element): string {
  return element.getAttribute('data-style') ?? ''
}

const blocks = 'p, div, ul, ol, li, table, h1, h2, h3, h4, h5, h6, blockquote, pre, hr, br'

/** Between paragraphs there is room without it. */
function standsAlone(line: Element): boolean {
  return (['previousSibling', 'nextSibling'] as const).every((side) => {
    let node = line[side]
    if (node instanceof Text && node.data.trim() === '') node = node[side]
    return !node || (node instanceof Element && node.matches(blocks))
  })
}
