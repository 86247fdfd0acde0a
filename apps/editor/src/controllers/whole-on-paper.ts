/**
 * What a browser prints by itself, from its own menu: all of a text, and not the lines of it that an editor happens to draw.
 * The sheet is filled when the browser says that it prints, which is the last moment at which anything can be.
 */
import type { ReactiveController } from 'lit'

/** `sheet` is shown on paper alone. */
export function wholeOnPaper(sheet: () => Element | null, text: () => string): ReactiveController {
  const put = (words: string): void => {
    const element = sheet()
    if (element) element.textContent = words
  }
  const fill = (): void => put(text())
  const clear = (): void => put('')
  return {
    hostConnected() {
      addEventListener('beforeprint', fill)
      addEventListener('afterprint', clear)
    },
    hostDisconnected() {
      removeEventListener('beforeprint', fill)
      removeEventListener('afterprint', clear)
    },
  }
}
