/**
 * HTML from anywhere as Markdown, as `pasted-html.ts` fetches it. It is parsed into a document that no one sees and in which
 * nothing runs or loads, cleaned there, and only then read.
 */
import { highlightedCodeBlock, strikethrough, taskListItems } from '@joplin/turndown-plugin-gfm'
import DOMPurify from 'dompurify'
import TurndownService from 'turndown'
import { tables, tidyTables } from './html-tables.ts'
import { tidyOfficeLists } from './office-lists.ts'
import { tidy } from './tidy-html.ts'

/** Each level is a call within a call. */
const deepestElement = 200
/** As many take about a tenth of a second. */
const mostElements = 20_000

/** Undefined if the page is too large or too deep to be read in a moment. */
export function toMarkdown(html: string): string | undefined {
  const clean = DOMPurify.sanitize(quieten(html), {
    RETURN_DOM: true,
    USE_PROFILES: { html: true },
    FORBID_TAGS: ['style', 'form', 'button', 'select', 'textarea', 'video', 'audio', 'picture', 'source'],
  })
  if (!(clean instanceof HTMLElement) || !isReadable(clean)) return undefined
  // An address means nothing on another page unless it is whole.
  for (const name of ['href', 'src'])
    for (const element of clean.querySelectorAll(`[${name}]`))
      if (!/^(?:https?:|mailto:)/iu.test(element.getAttribute(name) ?? '')) element.removeAttribute(name)
  tidyTables(clean)
  tidyOfficeLists(clean)
  tidy(clean)
  return service().turndown(clean)
}

/**
 * The document that it is parsed into has the policy of the page, which forbids styles and handlers and reports each. This is
 * for the reports alone: what it misses is cleaned away like everything else. Nothing is looked for beyond where the next of its
 * kind begins, or a page that begins many and ends none would be read once for each.
 */
function quieten(html: string): string {
  return html
    .replaceAll(/<style[\s>](?:(?!<style[\s>])[\s\S])*?<\/style>/giu, '')
    .replaceAll(/<[a-z][^<>]*>/giu, (tag) =>
      tag.replaceAll(/(?<=[\s"'/])(on[a-z]+|style)(?=\s*=)/giu, 'data-$1'),
    )
}

function isReadable(root: Element): boolean {
  let level = [...root.children]
  let count = 0
  for (let depth = 0; level.length > 0; depth++) {
    count += level.length
    if (count > mostElements || depth > deepestElement) return false
    level = level.flatMap((element) => [...element.children])
  }
  return true
}

let made: TurndownService | undefined

function service(): TurndownService {
  if (made) return made
  made = new TurndownService({
    headingStyle: 'atx',
    bulletListMarker: '-',
    codeBlockStyle: 'fenced',
    emDelimiter: '*',
    hr: '---',
  })
  made.use([highlightedCodeBlock, strikethrough, taskListItems, tables])
  // Its own puts three spaces behind each mark.
  made.addRule('listItem', {
    filter: 'li',
    replacement(content, node) {
      const mark = listMark(node)
      // A box brings a space of its own beside the page's. Brackets that someone has written are escaped.
      const said = content.trim().replace(/^(\[[ x]\])[^\S\n]+/u, '$1 ')
      const lines = said.replaceAll('\n', `\n${' '.repeat(mark.length)}`)
      return `${mark}${lines.replaceAll(/(?<![ \t])[ \t]+$/gmu, '')}${node.nextSibling ? '\n' : ''}`
    },
  })
  made.addRule('imageByAddress', {
    filter: 'img',
    replacement(_content, node) {
      const [source, alternative] = ['src', 'alt'].map((name) =>
        (node.getAttribute(name) ?? '').replaceAll(/\s+/gu, ' ').trim(),
      )
      const words = alternative?.replaceAll(/[[\]]/gu, '\\$&') ?? ''
      return source ? `![${words}](${source.replaceAll(/[ ()<>]/gu, percentEncode)})` : words
    },
  })
  return made
}

function listMark(item: HTMLElement): string {
  const number = item.getAttribute('data-number')
  return number === null ? '- ' : `${number}. `
}

/** `encodeURIComponent` leaves parentheses as they are, which would end a link. */
function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`
}
