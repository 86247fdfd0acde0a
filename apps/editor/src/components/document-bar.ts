/** What stands around a text and is not needed to write it: fetched beside the text, and there a moment later. */
import { languageName, textLanguages } from '../controllers/text-languages.ts'
import './quire-following.ts'
import './quire-more.ts'
import './quire-people.ts'
import './quire-status.ts'
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
