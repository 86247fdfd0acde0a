/** What is in a data folder that no server has open, read by Yjs alone. */
import type { DocumentName } from '@quire/protocol'
import { SqliteStore } from '@quire/sync-server'
import * as Y from 'yjs'

export async function readStoredText(folder: string, name: DocumentName): Promise<string> {
  return (await readStoredDocument(folder, name)).getText('content').toString()
}

export async function readStoredDocument(folder: string, name: DocumentName): Promise<Y.Doc> {
  const store = await SqliteStore.open(folder)
  try {
    const stored = await store.load(name)
    if (!stored) throw new Error('there is no such document')
    const doc = new Y.Doc()
    for (const { update } of [...(stored.base ? [stored.base] : []), ...stored.tail])
      Y.applyUpdate(doc, update)
    return doc
  } finally {
    await store.close()
  }
}
