/** What stands around a text and is not needed to write it: fetched beside the text, and there a moment later. */
import { languageName, textLanguages } from '../controllers/text-languages.ts'
import type { DocumentSession } from '../session/session.ts'
import { t } from '../words/index.ts'
import './quire-following.ts'
import './quire-more.ts'
import './quire-people.ts'
import './quire-status.ts'
import type { QuireToast } from './quire-toast.ts'
import './quire-tools.ts'

export { downloadAsItIs } from '../controllers/document-actions.ts'
export { headingsOf } from '../editor/headings.ts'
export { documentCommands } from './document-commands.ts'
export { printRead, renderRead } from './read-out.ts'

/** Those that are offered, and the one it is in. */
export function languagesWith(id: string): readonly { readonly id: string; readonly name: string }[] {
  const known = textLanguages.map((language) => ({ id: language.id, name: languageName(language.id) }))
  return known.some((language) => language.id === id) ? known : [...known, { id, name: languageName(id) }]
}

type Written = Pick<DocumentSession, 'language' | 'setLanguage'>

interface Choice {
  readonly session: Written
  readonly from: string
  readonly to: string
  readonly at: number
}

let lastChoice: Choice | undefined
/** Letters typed where a language is chosen choose one each; what is taken back is all that they chose. */
const oneChoiceMs = 2_000

/** The text is in another language for everybody then, so it is told, with a way back. */
export function setLanguage(session: Written, to: string, say: QuireToast['say']): void {
  const at = performance.now()
  const last = lastChoice
  const goesOn = last?.session === session && last.to === session.language && at - last.at < oneChoiceMs
  const from = goesOn ? last.from : session.language
  lastChoice = { session, from, to, at }
  session.setLanguage(to)
  say(t('do.language', { name: languageName(to) }), {
    words: t('do.undo'),
    run: () => session.language === to && session.setLanguage(from),
  })
}
