/**
 * An id is its owner's alone while they are connected and for half a minute after: whoever stays away longer may find that
 * somebody else has written under it. Of such a theft their own document knows nothing, so it can never be the same again.
 */
import * as Y from 'yjs'
import type { Page } from './page.ts'

/** Of what these bytes say under the page's id, did the page write something else? */
export function isStolenFrom(page: Page, update: Uint8Array): boolean {
  return Y.decodeUpdate(update).structs.some(
    (struct) => struct instanceof Y.Item && struct.id.client === page.clientId && !isIn(page.doc, struct),
  )
}

function isIn({ store }: Y.Doc, item: Y.Item): boolean {
  const { client, clock } = item.id
  if (Y.getState(store, client) < clock + item.length) return false
  const structs = store.clients.get(client) ?? []
  const own = structs[Y.findIndexSS(structs, clock)]
  // What was deleted and forgotten says nothing.
  if (!(own instanceof Y.Item)) return true
  const at = clock - own.id.clock
  const origin = at > 0 ? Y.createID(client, clock - 1) : own.origin
  if (!Y.compareIDs(origin, item.origin) || !Y.compareIDs(own.rightOrigin, item.rightOrigin)) return false
  if (!(own.content instanceof Y.ContentString) || !(item.content instanceof Y.ContentString)) return true
  const [known, said] = [own.content.str.slice(at), item.content.str]
  return known.startsWith(said) || said.startsWith(known)
}
