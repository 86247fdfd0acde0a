/** Lets the browser ask before the page is closed, but only while something would be lost with it. */
import type { OpenDocuments } from '../controllers/open-documents.ts'

/** Returns the undo. */
export function warnBeforeLeaving(documents: OpenDocuments): () => void {
  // Listened to only when needed: a page with such a listener may not be kept for the way back.
  const follow = (): void => {
    if (documents.unkept > 0) addEventListener('beforeunload', ask)
    else removeEventListener('beforeunload', ask)
  }
  const unsubscribe = documents.subscribe(follow)
  return () => {
    unsubscribe()
    removeEventListener('beforeunload', ask)
  }
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
