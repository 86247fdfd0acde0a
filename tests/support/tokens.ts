/** Tokens like `<3:17>`, the seventeenth of typist 3: words that each can be told apart in a text. */
import { expect } from 'vitest'

/** Each of these is in the text, and none is there twice. */
export function expectOnce(tokens: readonly string[], text: string): void {
  const count = new Map<string, number>()
  for (const [token] of text.matchAll(/<\w+:\d+>/g)) count.set(token, (count.get(token) ?? 0) + 1)
  expect(tokens.filter((token) => count.get(token) !== 1)).toEqual([])
}
