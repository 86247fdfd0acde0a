/** The list of documents opened on this device, kept in the browser's storage and shared by its tabs. */
import { isRole, parseLink } from '@quire/protocol'
import {
  withDocument,
  withNote,
  withoutDocument,
  type RecentDocument,
  type RecentDocuments,
} from '../controllers/recent-documents.ts'
import { pathOf } from '../controllers/route.ts'
import { storedValue } from './stored-value.ts'

export function storedRecents(): RecentDocuments {
  const stored = storedValue({ name: 'quire.recent', parse: parseRecents })
  const listeners = new Set<() => void>()
  const change = (list: readonly RecentDocument[]): void => {
    if (JSON.stringify(list) === JSON.stringify(stored.get())) return
    stored.set(list)
    for (const listener of listeners) listener()
  }
  return {
    get list() {
      return stored.get()
    },
    // Each change starts from what is stored now, since another tab may have written meanwhile.
    remember: (document) => change(withDocument(stored.get(), document)),
    forget: (documentId) => change(withoutDocument(stored.get(), documentId)),
    noteUnsaved: (documentId, isUnsaved) => change(withNote(stored.get(), documentId, isUnsaved)),
    subscribe(listener) {
      const undo = stored.subscribe(listener)
      listeners.add(listener)
      return () => {
        undo()
        listeners.delete(listener)
      }
    },
  }
}

export function parseRecents(stored: unknown): readonly RecentDocument[] {
  return Array.isArray(stored) ? stored.flatMap(parseRecent) : []
}

/** None or one: what cannot be opened is not listed. The path is made anew, so that a stored one cannot lead elsewhere. */
function parseRecent(stored: unknown): readonly RecentDocument[] {
  if (typeof stored !== 'object' || stored === null) return []
  const { path, role, title, openedAt, isUnsaved } = stored as Partial<Record<keyof RecentDocument, unknown>>
  const link = typeof path === 'string' ? parseLink(`https://quire.invalid${path}`) : undefined
  if (!link || !isRole(role) || typeof title !== 'string' || !Number.isFinite(openedAt)) return []
  const { documentId } = link
  const document = { documentId, path: pathOf(link), role, title, openedAt: Number(openedAt) }
  return [isUnsaved === true ? { ...document, isUnsaved } : document]
}
