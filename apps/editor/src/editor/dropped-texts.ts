/**
 * Files that are dropped on the text: those that are texts are put there, and of the others it is said why they are not.
 * The same goes for files that are pasted with no words beside them.
 */
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { textOfFile } from './file-text.ts'
import { say } from './notices.ts'
import { pasting } from './pasting.ts'

export function droppedTexts(): Extension {
  return EditorView.domEventHandlers({
    paste({ clipboardData }, view) {
      if (!clipboardData || clipboardData.getData('text/plain') !== '') return false
      return putTexts(view, clipboardData)
    },
    drop({ dataTransfer, clientX, clientY }, view) {
      return dataTransfer !== null && putTexts(view, dataTransfer, { x: clientX, y: clientY })
    },
  })
}

/** Tells whether there was anything to put, or to say. */
function putTexts(
  view: EditorView,
  { files: list }: DataTransfer,
  dropped?: { readonly x: number; readonly y: number },
): boolean {
  // The list is empty once the event is over.
  const files = [...list]
  if (files.length === 0 || view.state.readOnly) return false
  if (dropped) {
    view.focus()
    view.dispatch({ selection: { anchor: view.posAtCoords(dropped, false) } })
  }
  void view.plugin(pasting)?.paste(async () => {
    const read = await Promise.all(files.map(textOfFile))
    const failures = read.flatMap((one) => (one.type === 'failed' ? [one.words] : []))
    if (failures.length > 0) say(view, failures.join(' '))
    const texts = read.flatMap((one) => (one.type === 'text' ? [one.text] : []))
    return texts.length > 0 ? texts.join('\n') : undefined
  })
  return true
}
