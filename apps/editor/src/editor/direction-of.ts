/** From which side words are written, as their first letter says. */
export type Direction = 'ltr' | 'rtl'

/** Of the first letter; undefined if there is none. */
export function directionOf(text: string): Direction | undefined {
  const letter = /\p{L}/u.exec(text)?.[0]
  if (letter === undefined) return undefined
  return rightToLeft.test(letter) ? 'rtl' : 'ltr'
}

/** The blocks that Unicode has set aside for scripts from right to left, those of the future included. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
