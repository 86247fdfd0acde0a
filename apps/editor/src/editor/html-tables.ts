/** Tables of pages as Markdown has them: one row that heads the others, each of as many cells, and each cell one line. */
import type TurndownService from 'turndown'
import { codeIn, rename } from './tidy-html.ts'

/** What reaches over more columns reaches over these. */
const widestCell = 50
/** So many cells at most are put in where a row lacks some. */
const mostFillers = 20_000

/** To be done before a page is read with the rules below. */
export function tidyTables(root: HTMLElement): void {
  let fillers = mostFillers
  const fill = (row: HTMLTableRowElement, count: number, before: Node | null): void => {
    for (let left = Math.min(count, fillers); left > 0; left--, fillers--)
      row.insertBefore(row.ownerDocument.createElement('td'), before)
  }
  for (const table of root.querySelectorAll('table')) {
    const rows = Array.from(table.rows).filter(({ cells }) => cells.length > 0)
    if (table.caption) table.before(rename(table.caption, 'p'))
    if (isForLayout(table, rows)) {
      table.replaceWith(...rows.flatMap(({ cells }) => [...cells]).map((cell) => rename(cell, 'div')))
      continue
    }
    for (const row of rows)
      for (const cell of Array.from(row.cells)) {
        tidyCell(cell)
        fill(row, Math.min(cell.colSpan, widestCell) - 1, cell.nextSibling)
      }
    const [head] = rows
    if (head) fill(head, Math.max(...rows.map(({ cells }) => cells.length)) - head.cells.length, null)
    // What heads it comes first, wherever the page has it.
    const body = table.ownerDocument.createElement('tbody')
    body.append(...rows)
    table.replaceChildren(body)
  }
}

/** One cell, or tables in cells: a page was laid out with it. */
function isForLayout(table: HTMLTableElement, rows: readonly HTMLTableRowElement[]): boolean {
  const [first, ...others] = rows
  return !first || (others.length === 0 && first.cells.length === 1) || table.querySelector('table') !== null
}

function tidyCell(cell: HTMLTableCellElement): void {
  for (const line of cell.querySelectorAll('hr')) line.remove()
  for (const block of cell.querySelectorAll('h1, h2, h3, h4, h5, h6, blockquote')) rename(block, 'div')
  for (const block of cell.querySelectorAll('pre')) block.replaceWith(codeIn(block))
}

export function tables(service: TurndownService): void {
  service.addRule('tableCell', {
    filter: ['th', 'td'],
    replacement(content) {
      const lines = content.split('\n').map((line) => line.trim())
      return ` ${lines.filter(Boolean).join('<br>').replaceAll('|', '\\|')} |`
    },
  })
  service.addRule('tableRow', {
    filter: 'tr',
    replacement: (content, row) => `\n|${content}${row.previousSibling ? '' : `\n|${ruleUnder(row)}`}`,
  })
  service.addRule('table', { filter: 'table', replacement: (content) => `\n\n${content.trim()}\n\n` })
}

/** Numbers may stand to the right while what heads them does not. */
function ruleUnder(head: Element): string {
  const below = head.nextElementSibling?.children ?? []
  return Array.from(head.children, (cell, index) => ` ${alignment(below[index] ?? cell)} |`).join('')
}

function alignment(cell: Element): string {
  const style = /(?<![\w-])text-align:\s*(\w+)/u.exec(cell.getAttribute('data-style') ?? '')?.[1]
  const side = cell.getAttribute('align')?.toLowerCase() ?? style
  if (side === 'center') return ':---:'
  return side === 'right' ? '---:' : '---'
}
