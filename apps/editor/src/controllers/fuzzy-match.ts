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
/** Longer titles are all as good. */
const shortTitleLetters = 20

interface Placed extends Match {
  /** The letters that lie together up to here begin a word: each counts as if it began one. */
  readonly beginsWord: boolean
}

/** Undefined if some letter of it is not there. Capitals and accents make no difference; spaces part what may lie apart. */
export function fuzzyMatch(query: string, title: string): Match | undefined {
  const letters = fold(title)
  const wanted = fold(query).filter((letter) => letter.trim() !== '')
  // `best[j]`: of the ways to place the letters so far with the last of them at j, the best.
  let best: (Placed | undefined)[] = letters.map(() => undefined)
  const titleScore = perTitleLetter * Math.min(letters.length, shortTitleLetters)
  for (const [index, letter] of wanted.entries()) {
    let soFar: Match | undefined = index === 0 ? { score: titleScore, at: [] } : undefined
    const next: (Placed | undefined)[] = []
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
    readonly before: Placed | undefined
  },
): Placed | undefined {
  const { letters, soFar, before } = options
  const after = ({ score, at }: Match, beginsWord: boolean, bonus = 0): Placed => ({
    score: score + bonus + (beginsWord ? wordStart : 0),
    at: [...at, j],
    beginsWord,
  })
  const isStart = j === 0 || !/[\p{L}\p{N}]/u.test(letters[j - 1] ?? '')
  const apart = soFar && after(soFar, isStart)
  const joined = before && after(before, isStart || before.beginsWord, inARow)
  return joined && (!apart || joined.score >= apart.score) ? joined : apart
}

/** One entry for each character of the text, so that a place among them is one in the text. */
function fold(text: string): string[] {
  return Array.from(text, (character) => character.normalize('NFD').charAt(0).toLowerCase())
}
