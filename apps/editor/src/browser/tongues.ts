/** The languages of the interface, each called as those who speak it call it. Another one is spoken by the page loaded anew. */
import type { Tongues } from '../controllers/surroundings.ts'
import { languages } from '../words/index.ts'
import type { StoredValue } from './stored-value.ts'

export function tongues(options: {
  readonly chosen: StoredValue<string | undefined>
  /** BCP 47, perhaps with a region. */
  readonly spoken: string
}): Tongues {
  const { chosen, spoken } = options
  return {
    all: Object.keys(languages).map((tag) => ({ tag, name: nameOf(tag) })),
    current: new Intl.Locale(spoken).language,
    choose(tag) {
      chosen.set(tag)
      location.reload()
    },
  }
}

function nameOf(tag: string): string {
  const name = new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag
  // As a title begins, in languages that know capitals.
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1)
}
