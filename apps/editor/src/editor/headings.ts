/**
 * The headings of a Markdown text, told from its lines alone: the syntax tree of a long text is not there for all of it.
 * What stands in fenced code is none.
 */
export interface Heading {
  /** 1 to 6. */
  readonly level: number
  /** Without its marks; '' if it says nothing. */
  readonly title: string
  /** The number of its line, from 1. */
  readonly line: number
}

const fence = /^ {0,3}(?<sign>`{3,}(?=[^`]*$)|~{3,})/
const atx = /^ {0,3}(?<marks>#{1,6})(?:[ \t]+(?<words>.*))?$/s
/** In UTF-16 units. Nobody sees more of one, and to look for marks takes longer with each that has no other end. */
const longestTitle = 300
const underline = /^ {0,3}(?<sign>=+|-+)[ \t]*$/
/** What a line that an underline may make a heading does not begin with: it is something else already. */
const noParagraph = /^(?:\s*$| {4}|\t| {0,3}(?:[>#|]|[-+*](?:\s|$)|\d{1,9}[.)]\s))/

export function headingsOf(lines: Iterable<string>): readonly Heading[] {
  const headings: Heading[] = []
  let closing: RegExp | undefined
  /** The line before, if an underline may make it a heading. */
  let paragraph: string | undefined
  let number = 0
  for (const written of lines) {
    number += 1
    // A mark of the encoding is not part of what a text says.
    const line = number === 1 ? written.replace(/^\ufeff/u, '') : written
    const before = paragraph
    paragraph = undefined
    if (closing) {
      if (closing.test(line)) closing = undefined
      continue
    }
    closing = closingOfFence(line)
    if (closing) continue
    const { marks, words = '' } = atx.exec(line)?.groups ?? {}
    if (marks) {
      headings.push({
        level: marks.length,
        title: plain(words.replace(/(^|[ \t])#+[ \t]*$/, '')),
        line: number,
      })
      continue
    }
    const sign = before === undefined ? undefined : underline.exec(line)?.groups?.['sign']
    if (before !== undefined && sign)
      headings.push({ level: sign.startsWith('=') ? 1 : 2, title: plain(before), line: number - 1 })
    else if (!noParagraph.test(line)) paragraph = line
  }
  return headings
}

/** If code begins with this line, what the line looks like that ends it. */
export function closingOfFence(line: string): RegExp | undefined {
  const opening = fence.exec(line)?.groups?.['sign']
  return opening === undefined
    ? undefined
    : new RegExp(`^ {0,3}${opening.charAt(0)}{${opening.length},}[ \\t]*$`)
}

/** As it is read, if it is not very long: without the marks of emphasis and code, and of a link its words. */
function plain(words: string): string {
  return words
    .slice(0, longestTitle)
    .toWellFormed()
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/(\*\*|__|~~|`)(.+?)\1/g, '$2')
    .replaceAll(/(^|\W)([*_])(\S(?:.*?\S)?)\2(?=\W|$)/g, '$1$3')
    .replaceAll(/\\([\p{P}\p{S}])/gu, '$1')
    .trim()
}
