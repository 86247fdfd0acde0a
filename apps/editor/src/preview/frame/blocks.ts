/**
 * The blocks of the text as elements. A new reading keeps every element whose HTML is the same, and makes the others in
 * slices short enough that whoever shares this thread is not kept waiting.
 */
import type { Block } from './markdown.ts'

interface Placed extends Block {
  readonly element: HTMLElement
}

interface BlocksOptions {
  /** Called once for each block that is new. */
  readonly make: (html: string) => HTMLElement
  /** The page has it now, for the first time. */
  readonly placed: (element: HTMLElement) => void
  /** Called between slices of work. */
  readonly pause: () => Promise<void>
}

const sliceMs = 8
/**
 * What is new is put into the page once it is as much as this share of what is there. With every slice, the browser would lay out
 * ever more, ever again: a text ten times as long would take a hundred times as long.
 */
const batchShare = 0.25

export class Blocks {
  readonly #parent: HTMLElement
  readonly #options: BlocksOptions
  #placed: Placed[] = []

  constructor(parent: HTMLElement, options: BlocksOptions) {
    this.#parent = parent
    this.#options = options
  }

  /** Not to be called again before it has resolved. */
  async show(blocks: readonly Block[]): Promise<void> {
    const before = this.#placed
    const shorter = Math.min(before.length, blocks.length)
    let start = 0
    while (start < shorter && before[start]?.html === blocks[start]?.html) start++
    let end = 0
    while (end < shorter - start && before.at(-1 - end)?.html === blocks.at(-1 - end)?.html) end++
    const spare = elementsByHtml(before.slice(start, before.length - end))
    const tail = before.slice(before.length - end)
    const placed = blocks.slice(0, start).map((block, index) => place(block, before[index]?.element))
    const next = tail[0]?.element ?? null
    const batch: HTMLElement[] = []
    let startedAt = performance.now()
    for (const block of blocks.slice(start, blocks.length - end)) {
      const kept = spare.get(block.html)?.pop()
      const element = kept ?? this.#options.make(block.html)
      placed.push({ ...block, element })
      if (kept) {
        this.#insert(batch, next)
        this.#parent.insertBefore(kept, next)
      } else batch.push(element)
      if (performance.now() - startedAt < sliceMs) continue
      if (batch.length >= placed.length * batchShare) this.#insert(batch, next)
      // oxlint-disable-next-line no-await-in-loop -- to let others work meanwhile is what it is for
      await this.#options.pause()
      startedAt = performance.now()
    }
    this.#insert(batch, next)
    for (const elements of spare.values()) for (const element of elements) element.remove()
    const rest = blocks.slice(blocks.length - end)
    this.#placed = [...placed, ...rest.map((block, index) => place(block, tail[index]?.element))]
  }

  /** Empties the batch. */
  #insert(batch: HTMLElement[], next: HTMLElement | null): void {
    const elements = batch.splice(0)
    const fragment = document.createDocumentFragment()
    fragment.append(...elements)
    this.#parent.insertBefore(fragment, next)
    for (const element of elements) this.#options.placed(element)
  }

  /** Where this line of the text stands, in pixels below the top of what scrolls. */
  topOf(line: number): number {
    const mark = lastAtOrBefore(this.#placed, (placed) => placed.line <= line)
    const placed = this.#placed[mark]
    if (!placed || line <= 0) return 0
    return interpolate(this.#marksOf(mark), line, { key: 'line', wanted: 'top' })
  }

  /** Which line of the text stands there. */
  lineAt(top: number): number {
    const mark = lastAtOrBefore(this.#placed, ({ element }) => topOf(element) <= top)
    if (mark === -1 || top <= 0) return 0
    return interpolate(this.#marksOf(mark), top, { key: 'top', wanted: 'line' })
  }

  /** The lines of a block of which we know where they stand, up to the beginning of the next block. */
  #marksOf(index: number): Mark[] {
    const placed = this.#placed[index]
    if (!placed) return []
    const next = this.#placed[index + 1]
    const { element, line } = placed
    const marks = [{ line, top: topOf(element) }]
    for (const inner of element.querySelectorAll<HTMLElement>('[data-line]')) {
      const mark = { line: line + Number(inner.dataset['line']), top: topOf(inner) }
      const last = marks.at(-1)
      if (last && mark.line > last.line && mark.top > last.top) marks.push(mark)
    }
    marks.push(
      next
        ? { line: next.line, top: topOf(next.element) }
        : { line: placed.end, top: topOf(element) + element.offsetHeight },
    )
    return marks
  }
}

interface Mark {
  readonly line: number
  readonly top: number
}

function place(block: Block, element: HTMLElement | undefined): Placed {
  if (!element) throw new Error('a block that is kept has an element')
  return { ...block, element }
}

/** In the order in which they are to be taken, the last first. */
function elementsByHtml(placed: readonly Placed[]): Map<string, HTMLElement[]> {
  const elements = new Map<string, HTMLElement[]>()
  for (const { html, element } of placed.toReversed()) {
    const same = elements.get(html)
    if (same) same.push(element)
    else elements.set(html, [element])
  }
  return elements
}

function topOf(element: Element): number {
  return element.getBoundingClientRect().top + scrollY
}

function lastAtOrBefore<Value>(values: readonly Value[], isBefore: (value: Value) => boolean): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const value = values[middle]
    if (value !== undefined && isBefore(value)) low = middle + 1
    else high = middle
  }
  return low - 1
}

function interpolate(
  marks: readonly Mark[],
  at: number,
  { key, wanted }: { readonly key: keyof Mark; readonly wanted: keyof Mark },
): number {
  const index = Math.min(
    Math.max(
      lastAtOrBefore(marks, (mark) => mark[key] <= at),
      0,
    ),
    Math.max(marks.length - 2, 0),
  )
  const [from, to] = [marks[index], marks[index + 1]]
  if (!from || !to) return 0
  const span = to[key] - from[key]
  const share = span > 0 ? Math.min(Math.max((at - from[key]) / span, 0), 1) : 0
  return from[wanted] + share * (to[wanted] - from[wanted])
}
