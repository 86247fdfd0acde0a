/** The page: chooses the browser's adapters, opens documents over this site's socket, and shows the app. */
import './components/quire-app.ts'
import { addressBar } from './browser/address-bar.ts'
import { copyText } from './browser/copy-text.ts'
import { documentsApi } from './browser/documents-api.ts'
import { downloadText } from './browser/download-text.ts'
import { openIndexedDocument } from './browser/indexed-document.ts'
import { keepPage } from './browser/keep-page.ts'
import { warnBeforeLeaving } from './browser/leave-warning.ts'
import { randomKey } from './browser/random-key.ts'
import { storedGuest } from './browser/stored-guest.ts'
import { storedLanguage, wantedLanguages } from './browser/stored-language.ts'
import { storedRecents } from './browser/stored-recents.ts'
import { storedTokens } from './browser/stored-tokens.ts'
import { wakeDocuments } from './browser/wake-documents.ts'
import { OpenDocuments } from './controllers/open-documents.ts'
import { copyNameOf, entranceOf } from './controllers/route.ts'
import { openDocument } from './session/index.ts'
import { bestLanguage, learn } from './words/index.ts'

// Before anything is shown, and before anybody is called something.
const spoken = await learn(bestLanguage(wantedLanguages(storedLanguage().get(), navigator.languages)))
document.documentElement.lang = spoken.tag
document.documentElement.dir = spoken.direction

const now = (): number => Date.now()
const guest = storedGuest()
const recents = storedRecents()
const tokens = storedTokens()
const documents = new OpenDocuments({
  openSession: (pass) =>
    openDocument({
      syncUrl: `${location.origin.replace(/^http/, 'ws')}/sync`,
      documentId: pass.documentId,
      key: pass.type === 'link' ? pass.key : pass.token,
      guest: { name: guest.name, secret: guest.secret },
      Socket: WebSocket,
      openLocal: () => openIndexedDocument(copyNameOf(pass)),
      entrance: entranceOf(pass),
    }),
  recents,
  now,
})
guest.subscribe(() => documents.rename(guest.name))
const address = addressBar((pass) => {
  tokens.keep(pass)
  documents.renew(pass)
})
warnBeforeLeaving(documents)
wakeDocuments(documents)
if (import.meta.env.PROD) void keepPage()

const app = document.createElement('quire-app')
app.surroundings = {
  address,
  tokens,
  server: documentsApi((...request) => fetch(...request)),
  documents,
  recents,
  guest,
  copy: copyText,
  download: downloadText,
  makeKey: randomKey,
  now,
}
document.body.append(app)
