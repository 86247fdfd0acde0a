/** Why a document does not open, and what a person can do about it. */
import type { Ending } from '../session/session.ts'
import { t } from '../words/index.ts'

export function describeEnding(ending: Ending): { readonly heading: string; readonly words: string } {
  return { heading: t(`endingHeading.${ending}`), words: t(`ending.${ending}`) }
}
