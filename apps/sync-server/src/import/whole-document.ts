/** Makes of the updates of a document one that is the whole of it, and sees to it that it has a text where Quire's editor looks for one. */
import * as Y from 'yjs'
import { limits, ProtocolError, scan } from '@quire/protocol'

export type WholeDocument =
  | {
      readonly type: 'whole'
      readonly update: Uint8Array
      /** What people will miss in Quire's editor, if anything; goes on after the document's name and a colon. */
      readonly lack: string | undefined
    }
  | { readonly type: 'refused'; readonly reason: string }

/** The root that Quire's editor shows. */
const shownRoot = 'content'

/** Where the text that is shown is empty, that of `root` is copied into it, without its marks. */
export function wholeDocument(updates: readonly Uint8Array[], root: string = shownRoot): WholeDocument {
  const doc = new Y.Doc()
  try {
    // Yjs does not survive everything that could stand there.
    for (const update of updates) scan(update, limits)
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update)
    })
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { type: 'refused', reason: `It cannot be read: ${error.message}.` }
  }
  const missing = missingIn(doc)
  if (missing !== undefined) return { type: 'refused', reason: missing }
  const texts = new Map([...doc.share.keys()].map((name) => [name, doc.getText(name).toString()]))
  const copied = texts.get(shownRoot) ? '' : (texts.get(root) ?? '')
  if (copied !== '') doc.getText(shownRoot).insert(0, copied.toWellFormed().replaceAll(/\r\n?/g, '\n'))
  return { type: 'whole', update: Y.encodeStateAsUpdate(doc), lack: lackOf(texts, root) }
}

/** Undefined if everything is there that something in it builds on. */
function missingIn({ store }: Y.Doc): string | undefined {
  const { pendingStructs, pendingDs } = store
  if (pendingStructs) {
    const places = [...pendingStructs.missing].map(([client, clock]) => `client ${client} at clock ${clock}`)
    return `It is not whole: some of it builds on changes that are missing (${places.join(', ')}).`
  }
  return pendingDs ? 'It is not whole: it deletes what is missing.' : undefined
}

function lackOf(texts: ReadonlyMap<string, string>, root: string): string | undefined {
  const isShown = Boolean(texts.get(shownRoot))
  if (isShown && root !== shownRoot && texts.get(root))
    return `it has a text in the root ${shownRoot} already, so that ${root} was not copied.`
  if (isShown || texts.get(root) || texts.size === 0) return undefined
  const roots = [...texts].map(([name, text]) => (text === '' ? name : `${name} (a text)`)).join(', ')
  return `Quire’s editor will show no text, since there is none in the root ${shownRoot}; its roots are ${roots}.`
}
