/** For tests: an input method, as the browser has it from the system. Whoever composes has the focus. */
import { devTools } from '../../browser/testing/dev-tools.ts'

/** The letters that are being made, in place of those before. */
export async function compose(letters: string): Promise<void> {
  const { length } = letters
  await devTools().send('Input.imeSetComposition', {
    text: letters,
    selectionStart: length,
    selectionEnd: length,
  })
}

/** Ends what is being made with these letters. */
export async function choose(letters: string): Promise<void> {
  await devTools().send('Input.insertText', { text: letters })
}
