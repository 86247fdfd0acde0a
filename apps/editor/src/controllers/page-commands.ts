/** What can be done on a page, as far as palettes, menus and keys need to know of it. */
import { fuzzyMatch } from './fuzzy-match.ts'

export interface PageCommand {
  /** The same in every version, for those that were used are remembered by it. */
  readonly id: string
  readonly title: string
  /** As CodeMirror names them; the first one is shown. */
  readonly keys: readonly string[]
  /** Not listed among the others until something is typed, or it has been used. */
  readonly isOneOfMany?: boolean
  readonly run: () => void
}

export interface FoundCommand {
  readonly command: PageCommand
  /** Which characters of its title were meant. */
  readonly at: readonly number[]
  readonly isRecent: boolean
}

/** Those that somebody may mean, likeliest first; of those equally likely, what was used last. */
export function findCommands(
  commands: readonly PageCommand[],
  { query, recent }: { readonly query: string; readonly recent: readonly string[] },
): readonly FoundCommand[] {
  const age = (id: string): number => {
    const index = recent.indexOf(id)
    return index === -1 ? recent.length : index
  }
  const isListed = ({ id, isOneOfMany }: PageCommand): boolean =>
    query !== '' || !isOneOfMany || recent.includes(id)
  return commands
    .filter(isListed)
    .flatMap((command) => {
      const match = fuzzyMatch(query, command.title)
      return match ? [{ command, match }] : []
    })
    .toSorted((one, other) => {
      const byScore = other.match.score - one.match.score
      return byScore === 0 ? age(one.command.id) - age(other.command.id) : byScore
    })
    .map(({ command, match }) => ({ command, at: match.at, isRecent: recent.includes(command.id) }))
}
