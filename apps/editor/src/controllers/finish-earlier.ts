/** Goes on with what an earlier page of this device could not save: a document is open for as long as that takes. */
import { isAnswered, type OpenDocuments } from './open-documents.ts'
import type { RecentDocuments } from './recent-documents.ts'
import { linkOf, type Pass } from './route.ts'

/** Whoever was away for long has written in some documents, and each takes a connection. */
const maxAtOnce = 20

/** `origin`: of this site. */
export function finishEarlier(
  documents: Pick<OpenDocuments, 'hold'>,
  { recents, origin }: { readonly recents: Pick<RecentDocuments, 'list'>; readonly origin: string },
): void {
  const earlier = recents.list.filter(({ isUnsaved }) => isUnsaved)
  for (const { path } of earlier.slice(0, maxAtOnce)) {
    const link = linkOf(origin + path)
    if (link) finish(documents, link)
  }
}

function finish(documents: Pick<OpenDocuments, 'hold'>, pass: Pass): void {
  const { session, release } = documents.hold(pass)
  const stopListening = session.subscribe(() => {
    const { state, unsaved } = session
    if (!isAnswered(state) || (state.type === 'live' && unsaved > 0)) return
    stopListening()
    release()
  })
}
