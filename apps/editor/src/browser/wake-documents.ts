/**
 * Tells open documents that the network may be back, or gone: when the browser says so, and when the page is looked at again.
 * A browser that says it is offline may still reach a server on its own machine, so that it is not simply believed.
 */
import type { OpenDocuments } from '../controllers/open-documents.ts'

/** Returns the undo. */
export function wakeDocuments(documents: OpenDocuments): () => void {
  const leaving = new AbortController()
  const { signal } = leaving
  const wake = (): void => documents.wake()
  addEventListener('online', wake, { signal })
  addEventListener('offline', () => documents.doubt(), { signal })
  addEventListener('pageshow', wake, { signal })
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible') wake()
    },
    { signal },
  )
  return () => leaving.abort()
}
