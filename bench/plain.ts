/** The least that a key in a page can cost with CodeMirror: nothing but what it takes to type, in 20 KB of words. */
import { EditorView, minimalSetup } from 'codemirror'

const doc = `${'Words that are not too long for a line or two. '.repeat(4)}\n\n`.repeat(106)
// Where nothing limits how often is painted, a caret that blinks keeps a core busy.
const stillCaret = EditorView.theme({ '.cm-cursorLayer': { animation: 'none !important' } })
const view = new EditorView({ doc, extensions: [minimalSetup, EditorView.lineWrapping, stillCaret] })
document.body.append(view.dom)
