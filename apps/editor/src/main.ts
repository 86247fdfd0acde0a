/** The page: chooses the browser's adapters, opens documents over this site's socket, and shows the app. */
import './components/quire-app.ts'
import { addressBar } from './browser/address-bar.ts'
import { copyRich } from './browser/copy-rich.ts'
import { copyText } from './browser/copy-text.ts'
import { documentsApi } from './browser/documents-api.ts'
import { downloadText } from './browser/download-text.ts'
import { openIndexedDocument } from './browser/indexed-document.ts'
import { keepPage } from './browser/keep-page.ts'
import { warnBeforeLeaving } from './browser/leave-warning.ts'
import { oncePainted } from './browser/painted.ts'
import { PatientSocket } from './browser/patient-socket.ts'
import { pickFiles } from './browser/pick-files.ts'
import { randomKey } from './browser/random-key.ts'
import { sendLink } from './browser/send-link.ts'
import { storedCommands } from './browser/stored-commands.ts'
import { storedGuest } from './browser/stored-guest.ts'
import { storedLanguage, wantedLanguages } from './browser/stored-language.ts'
import { storedRecents } from './browser/stored-recents.ts'
import { storedSettings } from './browser/stored-settings.ts'
import { storedTokens } from './browser/stored-tokens.ts'
import { tongues } from './browser/tongues.ts'
import { wakeDocuments } from './browser/wake-documents.ts'
import { wearTheme } from './browser/wear-theme.ts'
import { OpenDocuments } from './controllers/open-documents.ts'
import { copyNameOf, entranceOf } from './controllers/route.ts'
import { whenIdle } from './controllers/when-idle.ts'
import { openDocument } from './session/index.ts'
import { bestLanguage, learn } from './words/index.ts'

// Before anything is shown, and before anybody is called something.
const chosenLanguage = storedLanguage()
const spoken = await learn(bestLanguage(wantedLanguages(chosenLanguage.get(), navigator.languages)))
document.documentElement.lang = spoken.tag
document.documentElement.dir = spoken.direction

const settings = storedSettings()
wearTheme(settings)

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
      Socket: PatientSocket,
      openLocal: () => openIndexedDocument(copyNameOf(pass)),
      oncePainted,
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
addEventListener('pagehide', () => documents.noteUnsaved())
wakeDocuments(documents)
// Dozens of files: whoever comes wants to read first.
if (import.meta.env.PROD) whenIdle(() => void keepPage())

const app = document.createElement('quire-app')
app.surroundings = {
  address,
  tokens,
  server: documentsApi((...request) => fetch(...request)),
  documents,
  recents,
  guest,
  settings,
  commands: storedCommands(),
  tongues: tongues({ chosen: chosenLanguage, spoken: spoken.tag }),
  platform: {
    isApple: /mac|iphone|ipad/i.test(navigator.platform),
    isFirefox: /firefox/i.test(navigator.userAgent),
    isTouched: matchMedia('(hover: none) and (pointer: coarse)').matches,
  },
  copy: copyText,
  copyRich,
  send: 'share' in navigator ? sendLink : undefined,
  download: downloadText,
  pickFiles,
  makeKey: randomKey,
  now,
}
document.body.append(app)
whenIdle(() => void goOn())

/** If it cannot be fetched now, the next page will. */
async function goOn(): Promise<void> {
  const fetched = await import('./controllers/finish-earlier.ts').catch(() => undefined)
  fetched?.finishEarlier(documents, { recents, origin: location.origin })
}
