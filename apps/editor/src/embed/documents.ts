/** The documents that the elements of a page have open, by server. Two elements that show one document share its session. */
import { openIndexedDocument } from '../browser/indexed-document.ts'
import { warnBeforeLeaving } from '../browser/leave-warning.ts'
import { oncePainted } from '../browser/painted.ts'
import { PatientSocket } from '../browser/patient-socket.ts'
import { storedGuest } from '../browser/stored-guest.ts'
import { wakeDocuments } from '../browser/wake-documents.ts'
import { OpenDocuments } from '../controllers/open-documents.ts'
import type { RecentDocuments } from '../controllers/recent-documents.ts'
import { copyNameOf, entranceOf } from '../controllers/route.ts'
import type { Guest } from '../controllers/surroundings.ts'
import { openDocument } from '../session/index.ts'

/** Which documents somebody has opened is for the page around the element to remember. */
const noRecents: RecentDocuments = {
  list: [],
  remember: () => undefined,
  forget: () => undefined,
  noteUnsaved: () => undefined,
  subscribe: () => () => undefined,
}

const servers = new Map<string, OpenDocuments>()
let guest: Guest | undefined

/** Who writes in this page without a token that says so. */
export function guestHere(): Guest {
  return (guest ??= storedGuest())
}

/** `server`: its URL, without a slash at the end. */
export function documentsOf(server: string): OpenDocuments {
  const known = servers.get(server)
  if (known) return known
  const documents = new OpenDocuments({
    openSession: (pass) => {
      const { name, secret } = guestHere()
      return openDocument({
        syncUrl: `${server.replace(/^http/, 'ws')}/sync`,
        documentId: pass.documentId,
        key: pass.type === 'link' ? pass.key : pass.token,
        guest: { name, secret },
        Socket: PatientSocket,
        openLocal: () => openIndexedDocument(`${copyNameOf(pass)} at ${server}`),
        oncePainted,
        entrance: entranceOf(pass),
      })
    },
    recents: noRecents,
    now: () => Date.now(),
  })
  guestHere().subscribe(() => documents.rename(guestHere().name))
  warnBeforeLeaving(documents)
  wakeDocuments(documents)
  servers.set(server, documents)
  return documents
}
