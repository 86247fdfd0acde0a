/** Why a document does not open, and what a person can do about it. */
import type { Ending } from '../session/session.ts'
import { t } from '../words/index.ts'

/** Of these there is always something to be shown. */
type Shown = 'missing' | 'another-document'

export function describeEnding(ending: Ending): { readonly heading: string; readonly words: string } {
  const told = ending as Exclude<Ending, Shown> // nobody is shown a dead end for the others
  return { heading: t(`endingHeading.${told}`), words: t(`ending.${told}`) }
}
