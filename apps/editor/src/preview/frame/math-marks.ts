/** Where formulas begin and end in Markdown. A dollar sign before a price begins none. */

/** No text makes us look for an end over and over again through all of it. */
const mostLines = 400

export interface InlineMath {
  readonly formula: string
  readonly mark: '$' | '$$'
  /** Behind the closing mark. */
  readonly end: number
}

/**
 * The formula that begins at `start`, if one does. As in Pandoc, what stands after the opening mark is no space, what stands before
 * the closing one neither, and no digit follows: `$20 and $30` is money.
 */
export function inlineMathAt(text: string, start: number, limit: number): InlineMath | undefined {
  if (text[start] !== '$') return undefined
  const mark = text[start + 1] === '$' ? '$$' : '$'
  const from = start + mark.length
  if (mark === '$' && isSpace(text[from])) return undefined
  const close = closingMark(text, from, limit, mark)
  if (close === -1 || close === from) return undefined
  const end = close + mark.length
  if (mark === '$' && (isSpace(text[close - 1]) || /\d/u.test(text[end] ?? ''))) return undefined
  return { formula: text.slice(from, close), mark, end }
}

/**
 * The formula between a line that begins with `$$` and one that ends with it, and the line after that. Without an end there is none:
 * whoever has just typed the first mark would see the rest of the text become a formula.
 */
export function mathBlockEnd(
  start: number,
  end: number,
  lineAt: (line: number) => string,
): { readonly formula: string; readonly line: number } | undefined {
  const first = lineAt(start)
  if (!first.startsWith('$$')) return undefined
  const rest = first.slice(2).trimEnd()
  if (rest.endsWith('$$') && rest.length > 2) return { formula: rest.slice(0, -2), line: start + 1 }
  if (rest.includes('$$')) return undefined
  const formula = [rest]
  for (let line = start + 1; line < Math.min(end, start + mostLines); line++) {
    const next = lineAt(line).trimEnd()
    if (next.endsWith('$$'))
      return { formula: [...formula, next.slice(0, -2)].join('\n').trim(), line: line + 1 }
    formula.push(next)
  }
  return undefined
}

function closingMark(text: string, from: number, limit: number, mark: string): number {
  for (let position = from; position < limit; position++) {
    if (text[position] === '\\') position++
    else if (text.startsWith(mark, position)) return position + mark.length <= limit ? position : -1
  }
  return -1
}

function isSpace(character: string | undefined): boolean {
  return character === undefined || /\s/u.test(character)
}
