/** An application that brings the element in its own bundle, and knows its text as a Yjs document. */
import { QuireEditor } from 'quire-editor'
import * as Y from 'yjs'

const editor = new QuireEditor()
editor.link = new URLSearchParams(location.search).get('link') ?? ''
document.body.append(editor)
await editor.ready
const doc = editor.session?.doc
if (!(doc instanceof Y.Doc)) throw new Error('the element has a Yjs of its own')
const text = doc.getText('content')
const show = () => {
  const output = document.querySelector('output')
  if (output) output.value = `The application reads: ${text.toString()}`
}
text.observe(show)
show()
