/**
 * What is copied from a page keeps its headings, lists, links and tables when it is pasted, as Markdown. What comes from
 * another editor is plain already, and so is what is pasted with Shift.
 */
import type { Extension } from '@codemirror/state'
import { EditorSelection } from '@codemirror/state'
import type { PluginValue, ViewUpdate } from '@codemirror/view'
import { EditorView, ViewPlugin } from '@codemirror/view'
import { linkSelection } from './inline-markup.ts'
import { isMarkdownAt } from './markdown-places.ts'

/** A page of this size is pasted in a tenth of a second; what is longer comes as plain text. */
const longestHtml = 1_000_000

export function pastedHtml(): Extension {
  return [
    pasting,
    EditorView.domEventHandlers({
      paste(event, view) {
        const { clipboardData } = event
        if (!clipboardData || view.state.readOnly) return false
        const plain = clipboardData.getData('text/plain').replaceAll(/\r\n?/gu, '\n')
        const link = linkSelection(view.state, plain)
        if (link) view.dispatch(link)
        else if (!isRich(clipboardData, view)) return false
        else void view.plugin(pasting)?.paste(clipboardData.getData('text/html'), plain)
        return true
      },
    }),
  ]
}

/** Marks that mean something; a page that has none of these is as good as its plain text. */
const meaningful = /<(?:a|b|strong|i|em|s|del|strike|code|h[1-6]|ul|ol|blockquote|table|img|hr)[\s>]/iu

function isRich(data: DataTransfer, view: EditorView): boolean {
  const { ranges, main } = view.state.selection
  if (ranges.length > 1 || !isMarkdownAt(view.state, main.head)) return false
  if (data.types.some((type) => type.startsWith('vscode-') || type.startsWith('application/vnd.code')))
    return false
  const html = data.getData('text/html')
  if (html.length > longestHtml || !meaningful.test(html)) return false
  // A lone block of code comes from an editor, or is to be one's own.
  const body = html.replaceAll(/<!--[\s\S]*?-->|<meta[^>]*>|<\/?(?:html|head|body)[^>]*>/giu, '').trim()
  return !/^<pre[\s>][\s\S]*<\/pre>$/iu.test(body)
}

/** Fetching what converts may take a while, in which others write and we do too: the place moves along. */
class Pasting implements PluginValue {
  readonly #view: EditorView
  readonly #places = new Set<{ from: number; to: number }>()
  #closed = false

  constructor(view: EditorView) {
    this.#view = view
  }

  async paste(html: string, plain: string): Promise<void> {
    const { from, to } = this.#view.state.selection.main
    const place = { from, to }
    this.#places.add(place)
    const markdown = await convert(html)
    this.#places.delete(place)
    if (this.#closed || this.#view.state.readOnly) return
    const pasted = markdown ?? plain
    const { head } = this.#view.state.selection.main
    const isStillThere = head >= place.from && head <= place.to
    this.#view.dispatch({
      changes: { ...place, insert: pasted },
      ...(isStillThere && { selection: EditorSelection.cursor(place.from + pasted.length) }),
      scrollIntoView: isStillThere,
      userEvent: 'input.paste',
    })
  }

  update({ docChanged, changes }: ViewUpdate): void {
    if (!docChanged) return
    for (const place of this.#places) {
      const from = changes.mapPos(place.from, -1)
      place.to = Math.max(from, changes.mapPos(place.to, -1))
      place.from = from
    }
  }

  destroy(): void {
    this.#closed = true
  }
}

const pasting = ViewPlugin.fromClass(Pasting)

async function convert(html: string): Promise<string | undefined> {
  try {
    const { toMarkdown } = await import('./html-to-markdown.ts')
    return toMarkdown(html)
  } catch {
    // Offline, or a page beyond all reason: its words are still there.
    return undefined
  }
}
