/** Where Yjs fails at something that no gate can tell by clocks: named, so that whatever else fails is seen. */
import * as Y from 'yjs'

/** Findings that begin so are counted and do not fail a run. */
export const knownWeakness = 'known weakness: '

/** Why Yjs threw this at these updates. */
export function nameOf(error: unknown, updates: readonly Uint8Array[]): string {
  if (String(error).includes('Unexpected case') && hasValueBehindAnother(updates))
    return `${knownWeakness}a value behind another under one key`
  return `Yjs throws ${String(error)}`
}

/**
 * Under a key each value deletes the one before it, so that one lives. Several in one struct all live, and if they are cut
 * apart (a deletion of some, a neighbour between them), those that are not the last are forgotten when their parent is
 * deleted, and collecting garbage fails. Whether a struct lies under a key depends on its neighbours, not on its clocks.
 */
function hasValueBehindAnother(updates: readonly Uint8Array[]): boolean {
  const doc = new Y.Doc({ guid: '', gc: false })
  for (const update of updates) Y.applyUpdate(doc, update)
  for (const structs of doc.store.clients.values())
    for (const struct of structs)
      if (struct instanceof Y.Item && struct.parentSub !== null && !struct.deleted && struct.right)
        return true
  return false
}
