/** A document in which far more was written and deleted than is left: `kept` stands there. */
import * as Y from 'yjs'

export function muchDeleted(): Y.Doc {
  const doc = new Y.Doc()
  const text = doc.getText('content')
  text.insert(0, 'kept')
  for (let time = 0; time < 17; time++) {
    text.insert(4, 'x'.repeat(1_000_000))
    text.delete(4, 1_000_000)
  }
  return doc
}
