/** Whether what somebody types is meant for a title: its letters in their order, better together and at the starts of words. */

export interface Match {
  /** Higher is better; comparable for one query only. */
  readonly score: number
  /** Of the title's characters (as `Array.from` tells them), those that were meant. */
  readonly at: readonly number[]
}

const wordStart = 8
const inARow = 5
const perTitleLetter = -0.1

/** Undefined if some letter of it is not there. Capitals and accents make no difference; spaces part what may lie apart. */
export function fuzzyMatch(query: string, title: string): Match | undefined {
  const letters = fold(title)
  const wanted = fold(query).filter((letter) => letter.trim() !== '')
  // `best[j]`: of the ways to place the letters so far with the last of them at j, the best.
  let best: (Match | undefined)[] = letters.map(() => undefined)
  for (const [index, letter] of wanted.entries()) {
    let soFar: Match | undefined =
      index === 0 ? { score: perTitleLetter * letters.length, at: [] } : undefined
    const next: (Match | undefined)[] = []
    for (const [j, there] of letters.entries()) {
      const before = j > 0 ? best[j - 1] : undefined
      if (before && (!soFar || before.score > soFar.score)) soFar = before
      next.push(there === letter ? place(j, { letters, soFar, before }) : undefined)
    }
    best = next
  }
  if (wanted.length === 0) return { score: 0, at: [] }
  return best.reduce((one, other) => (!one || (other && other.score > one.score) ? other : one), undefined)
}

function place(
  j: number,
  options: {
    readonly letters: readonly string[]
    readonly soFar: Match | undefined
    /** With the letter before it directly before this one. */
    readonly before: Match | undefined
  },
): Match | undefined {
  const { letters, soFar, before } = options
  const start = j === 0 || !/[\p{L}\p{N}]/u.test(letters[j - 1] ?? '') ? wordStart : 0
  const apart = soFar && { score: soFar.score + start, at: [...soFar.at, j] }
  const joined = before && { score: before.score + start + inARow, at: [...before.at, j] }
  return joined && (!apart || joined.score >= apart.score) ? joined : apart
}

/** One entry for each character of the text, so that a place among them is one in the text. */
function fold(text: string): string[] {
  return Array.from(text, (character) => character.normalize('NFD').charAt(0).toLowerCase())
}
