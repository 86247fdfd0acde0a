/**
 * What is copied from a page keeps its headings, lists, links and tables when it is pasted, as Markdown. What comes from
 * another editor is plain already, and so is what is pasted with Shift.
 */
import type { EditorState, Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { t } from '../words/index.ts'
import { fitToMarks } from './fit-to-marks.ts'
import { linkSelection } from './inline-markup.ts'
import { isMarkdownAt } from './markdown-places.ts'
import { say } from './notices.ts'
import { type Clipboard, clipboardOf, pasting, type Place } from './pasting.ts'

/** A page of this size is pasted in a tenth of a second; what is longer comes as plain text. */
const longestHtml = 1_000_000

export function pastedHtml(): Extension {
  return EditorView.domEventHandlers({
    paste({ clipboardData }, view) {
      const { state } = view
      if (!clipboardData || state.readOnly) return false
      const clipboard = clipboardOf(clipboardData)
      const { ranges, main } = state.selection
      const link = linkSelection(state, clipboard.plain)
      if (link) view.dispatch(link)
      else if (isPicture(clipboardData)) putPicture(view, clipboard)
      else if (ranges.length > 1) return false
      else if (isRich(clipboard, state, main.head)) pasteRich(view, clipboard)
      else return pastePlain(view, clipboard.plain)
      return true
    },
    drop({ dataTransfer, clientX, clientY }, view) {
      if (!dataTransfer || view.state.readOnly || !isPicture(dataTransfer)) return false
      view.focus()
      view.dispatch({ selection: { anchor: view.posAtCoords({ x: clientX, y: clientY }, false) } })
      putPicture(view, clipboardOf(dataTransfer))
      return true
    },
  })
}

/** The bytes of one, with no words but its address; one that is drawn in letters is text. */
function isPicture(data: DataTransfer): boolean {
  const isFile = data.files.length > 0 && [...data.files].every(({ type }) => /^image\/(?!svg)/u.test(type))
  const [words, address] = ['text/plain', 'text/uri-list'].map((type) => data.getData(type).trim())
  return isFile && (words === '' || words === address)
}

/** A page says beside the bytes where they are from, if anybody can fetch them there. */
function putPicture(view: EditorView, clipboard: Clipboard): void {
  const { main } = view.state.selection
  const isAddressed = /<img[^<>]*\ssrc=["']?https?:/iu.test(clipboard.html)
  if (isAddressed && isRich(clipboard, view.state, main.head)) pasteRich(view, clipboard)
  else say(view, t('editor.pictures', { example: '![](https://…)' }))
}

function pasteRich(view: EditorView, clipboard: Clipboard): void {
  void view.plugin(pasting)?.paste((place) => pastedWords(clipboard, view, place))
}

/** Left to others where it fits as it is. */
function pastePlain(view: EditorView, plain: string): boolean {
  const { main } = view.state.selection
  const { from, insert } = fitToMarks(view.state, main, plain)
  if (from === main.from && insert === plain) return false
  view.dispatch({
    changes: { from, to: main.to, insert },
    selection: { anchor: from + insert.length },
    scrollIntoView: true,
    userEvent: 'input.paste',
  })
  return true
}

/** The words of what is pasted there, and where they begin. */
export async function pastedWords(clipboard: Clipboard, view: EditorView, place: Place): Promise<string> {
  const words = isRich(clipboard, view.state, place.from) ? await markdownOf(clipboard) : clipboard.plain
  const { from, insert } = fitToMarks(view.state, place, words)
  place.from = from
  return insert
}

/** Marks that mean something, and what is a list to Word alone. A page that has none of these, nor looks as if it had, is as good as its plain text. */
const meaningful =
  /<(?:(?:a|b|strong|i|em|s|del|strike|code|h[1-6]|ul|ol|blockquote|table|img|hr)[\s>]|p[^<>]*mso-?list)/iu

/** What looks as if it meant something, as word processors say it. */
const telling = /font-weight:\s*(?:bold|[6-9]00)|font-style:\s*italic|line-through/iu

/** Editors colour code, and some of it is bold. */
const monospace = /font-family:[^:;<>]*(?:mono|courier|consolas|menlo)/iu

/** What is around what was copied. No piece of it is looked for beyond where the next of its kind begins: a page may begin many, and end none. */
const frame = /<!--(?:(?!<!--)[\s\S])*?-->|<meta[^<>]*>|<\/?(?:html|head|body)[^<>]*>/giu

function isRich({ types, html }: Clipboard, state: EditorState, at: number): boolean {
  if (!isMarkdownAt(state, at)) return false
  if (types.some((type) => type.startsWith('vscode-') || type.startsWith('application/vnd.code')))
    return false
  if (html.length > longestHtml) return false
  if (!meaningful.test(html) && (!telling.test(html) || monospace.test(html))) return false
  // A lone block of code comes from an editor, or is to be one's own.
  const body = html.replaceAll(frame, '').trim()
  return !/^<pre[\s>][\s\S]*<\/pre>$/iu.test(body)
}

async function markdownOf({ html, plain }: Clipboard): Promise<string> {
  try {
    const { toMarkdown } = await import('./html-to-markdown.ts')
    return toMarkdown(html) ?? plain
  } catch {
    // Offline, or a page beyond all reason: its words are still there.
    return plain
  }
}
