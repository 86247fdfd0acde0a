/** What most people begin with: CodeMirror's basic setup, y-codemirror.next and y-websocket, as in the demo of the former. */
import { markdown } from '@codemirror/lang-markdown'
import { EditorView, basicSetup } from 'codemirror'
import { yCollab } from 'y-codemirror.next'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const doc = new Y.Doc()
const text = doc.getText('content')
const server = new URLSearchParams(location.search).get('server') ?? ''
const provider = new WebsocketProvider(server, 'crowd', doc)
provider.awareness.setLocalStateField('user', { name: 'Reader', color: '#30bced', colorLight: '#30bced33' })
const undoManager = new Y.UndoManager(text)
const parent = document.querySelector('#editor')
if (!parent) throw new Error('the page has no place for an editor')
provider.once('sync', () => {
  const view = new EditorView({
    doc: text.toString(),
    extensions: [
      basicSetup,
      markdown(),
      EditorView.lineWrapping,
      yCollab(text, provider.awareness, { undoManager }),
    ],
  })
  parent.append(view.dom)
})
