/** Every text there is, for whoever wants all of them: a page begins with some, and its parts bring theirs. */
import { commandsEnglish } from './commands-english.ts'
import { english } from './english.ts'
import { settingsEnglish } from './settings-english.ts'
import { shareEnglish } from './share-english.ts'

export const wholeEnglish = { ...english, ...settingsEnglish, ...shareEnglish, ...commandsEnglish } as const

export type WholeEnglish = typeof wholeEnglish
