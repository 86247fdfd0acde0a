/** The operator's page: chooses the browser's adapters and shows the app. */
import './quire-operator.ts'
import { copyText } from '../browser/copy-text.ts'
import { operatorApi } from '../browser/operator-api.ts'
import { place, sight, storedAdminToken } from '../browser/operator-tab.ts'
import { storedLanguage, wantedLanguages } from '../browser/stored-language.ts'
import { bestLanguage } from '../words/index.ts'
import { learnAll } from './words/index.ts'

// Before anything is shown.
const wanted = wantedLanguages(storedLanguage().get(), navigator.languages)
const spoken = await learnAll(bestLanguage(wanted))
document.documentElement.lang = spoken.tag
document.documentElement.dir = spoken.direction

const app = document.createElement('quire-operator')
app.surroundings = {
  serverFor: (token, onRefused) =>
    operatorApi({ fetch: (...request) => fetch(...request), token, onRefused }),
  token: storedAdminToken(),
  place,
  sight,
  copy: copyText,
  now: () => Date.now(),
}
document.body.append(app)
