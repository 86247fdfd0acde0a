/**
 * Lists as Word and its kin put them on the clipboard: paragraphs that begin with a sign and say in their style how deep they
 * stand, or a list of its own for every item. They become lists in lists, as a page would have them.
 */
import { styleOf } from './tidy-html.ts'

interface Item {
  readonly name: 'ol' | 'ul'
  /** What its sign may mean: `i.` is the first or the ninth. None if nobody can tell. */
  readonly numbers: readonly number[]
  /** In points, as are margins: by its level, or by its margin where no level is told. */
  readonly depth: number
  readonly margin: number
}

interface List {
  readonly name: Item['name']
  readonly element: HTMLElement
  readonly depth: number
  /** Where the words of its items begin. */
  readonly margin: number
  readonly next: number
}

/** What Word moves a level in by. */
const levelPoints = 36
const points: Readonly<Record<string, number>> = { pt: 1, px: 0.75, in: 72, cm: 28.35, mm: 2.835 }
/** What is longer is not a sign, but words that would be lost. */
const longestSign = 30

export function tidyOfficeLists(root: HTMLElement): void {
  for (const wrapper of root.querySelectorAll('.ListContainerWrapper'))
    wrapper.replaceWith(...wrapper.childNodes)
  // The end of each paragraph in Word for the web, as a space.
  for (const end of root.querySelectorAll('.EOP')) end.remove()
  const items = new Map([...listedItems(root), ...signedItems(root)])
  /** Each in the last item of the one before. */
  let open: readonly List[] = []
  for (const block of root.querySelectorAll<HTMLElement>('p, li')) {
    const isNext = block.previousElementSibling === open[0]?.element
    const item = items.get(block)
    if (item) open = putItem(block, item, isNext ? open : [])
    else if (isNext && block.className.includes('Mso')) open = continueItem(block, open)
  }
}

/** Takes them out of their lists. */
function listedItems(root: HTMLElement): Map<Element, Item> {
  const items = new Map<Element, Item>()
  const ours = 'li:is([data-aria-level], [data-style*="mso-list:"])'
  for (const list of root.querySelectorAll(`:is(ul, ol):has(> ${ours})`)) {
    const start = Number.parseInt(list.getAttribute('start') ?? '', 10)
    for (const [index, item] of [...list.children].entries()) {
      if (item.nodeName !== 'LI') continue
      const level = Number(item.getAttribute('data-aria-level')) || (levelOf(item) ?? 1)
      items.set(item, {
        name: list.nodeName === 'OL' ? 'ol' : 'ul',
        numbers: Number.isNaN(start) ? [] : [start + index],
        depth: level * levelPoints,
        margin: level * levelPoints,
      })
    }
    list.replaceWith(...list.childNodes)
  }
  return items
}

/** Takes their signs away; a heading keeps its number. */
function signedItems(root: HTMLElement): Map<Element, Item> {
  const items = new Map<Element, Item>()
  // One for all: each that there is has to follow every change.
  const range = root.ownerDocument.createRange()
  for (const block of root.querySelectorAll('p, h1, h2, h3, h4, h5, h6')) {
    const sign = takeSign(block, range)
    if (block.nodeName !== 'P') {
      if (sign !== undefined && isNumber(sign)) block.prepend(sign, ' ')
      continue
    }
    const level = levelOf(block)
    if (sign === undefined && (level === undefined || !styleOf(block).includes('mso-list:'))) continue
    const isNumbered = sign !== undefined && isNumber(sign)
    const margin = marginOf(block)
    items.set(block, {
      name: isNumbered ? 'ol' : 'ul',
      numbers: isNumbered ? numbersIn(sign) : [],
      depth: level === undefined ? margin : level * levelPoints,
      margin,
    })
  }
  return items
}

function takeSign(block: Element, range: Range): string | undefined {
  const gap = [...block.querySelectorAll('span[data-style]')].find(isBehindSign)
  if (!gap) return undefined
  range.setStart(block, 0)
  range.setEndAfter(gap)
  const sign = range.toString().trim()
  if (sign.length > longestSign) return undefined
  range.deleteContents()
  return sign
}

/** Word says it where it can; where that was cleaned away, there is still room between the sign and the words. */
function isBehindSign(span: Element): boolean {
  const style = styleOf(span)
  return (
    /mso-list:\s*ignore/iu.test(style) ||
    (/(?<![\w-])font:\s*7(?:\.0)?pt/u.test(style) &&
      span.textContent.trim() === '' &&
      span.closest('[class*="Mso"]') !== null)
  )
}

/** A lone letter is a bullet in a font that has pictures for letters. */
function isNumber(sign: string): boolean {
  return /\p{N}|\p{L}[.)\]、．）]$/u.test(sign)
}

function numbersIn(sign: string): number[] {
  const [, last = ''] = /(\d+|[a-z]+)[^\p{L}\d]*$/iu.exec(sign) ?? []
  if (/^\d/u.test(last)) return [Number(last)]
  const letters = last.toLowerCase()
  const roman = /^[ivx]+$/u.test(letters) ? [romanNumber(letters)] : []
  return letters.length === 1 ? [...roman, letters.charCodeAt(0) - 96] : roman
}

function romanNumber(letters: string): number {
  const values = Array.from(letters, (letter) => ({ i: 1, v: 5 })[letter] ?? 10)
  return values.reduce((sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value), 0)
}

/** Tells which lists are open then. */
function putItem(block: HTMLElement, item: Item, open: readonly List[]): readonly List[] {
  const around = open.filter((_list, index) => isBeyond(item.depth, open[index - 1]?.depth ?? -Infinity))
  const last = around.at(-1)
  const isDeeper = last !== undefined && isBeyond(item.depth, last.depth)
  const { numbers, ...told } = item
  if (last && !isDeeper && last.name === item.name && (numbers.length === 0 || numbers.includes(last.next))) {
    last.element.append(asItem(block))
    return [...around.slice(0, -1), { ...last, depth: item.depth, next: last.next + 1 }]
  }
  const element = block.ownerDocument.createElement(item.name)
  const [start = 1] = numbers
  if (item.name === 'ol') element.setAttribute('start', String(start))
  if (!last) block.before(element)
  else if (isDeeper) last.element.lastElementChild?.append(element)
  else last.element.after(element)
  element.append(asItem(block))
  return [...(isDeeper ? around : around.slice(0, -1)), { ...told, element, next: start + 1 }]
}

function asItem(block: HTMLElement): HTMLElement {
  if (block.nodeName === 'LI') return block
  const item = block.ownerDocument.createElement('li')
  item.append(block)
  return item
}

/** A paragraph without a sign goes on with the item whose words begin where it does, if there is one. */
function continueItem(block: HTMLElement, open: readonly List[]): readonly List[] {
  const margin = marginOf(block)
  const around = open.filter((list) => !isBeyond(list.margin, margin))
  const last = around.at(-1)
  if (!last) return open
  if (block.textContent.trim() === '' && !block.querySelector('img')) block.remove()
  else last.element.lastElementChild?.append(block)
  return around
}

/** A point is within what rounding makes of centimetres. */
function isBeyond(one: number, other: number): boolean {
  return one > other + 1
}

function levelOf(block: Element): number | undefined {
  const [, level] =
    /mso-list:\s*l\d+\s+level(\d)/u.exec(styleOf(block)) ??
    /MsoList(?:Bullet|Number)(\d)/u.exec(block.className) ??
    []
  return level === undefined ? undefined : Number(level)
}

function marginOf(block: Element): number {
  const [, size, unit = 'pt'] =
    /(?<![\w-])margin(?:-left:\s*|:\s*(?:[^\s;]+\s+){3})(-?[\d.]+)(pt|px|in|cm|mm)?/u.exec(styleOf(block)) ??
    []
  if (size !== undefined) return Number(size) * (points[unit] ?? 1)
  const [, level] = /MsoList[A-Za-z]+(\d?)/u.exec(block.className) ?? []
  return level === undefined ? 0 : levelPoints * (levelOf(block) ?? (Number(level) || 1))
}
