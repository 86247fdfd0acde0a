/** Puts a text on the clipboard as it is rendered, and as it is written for where only that can be pasted. */
import { copyText } from './copy-text.ts'

/** `html` may take a moment: browsers let it, as long as the copying itself was begun by hand. Resolves to whether it is there. */
export async function copyRich(content: {
  readonly text: string
  readonly html: Promise<string>
}): Promise<boolean> {
  const { text, html } = content
  try {
    await navigator.clipboard.write([
      new ClipboardItem({
        'text/html': html.then((written) => new Blob([written], { type: 'text/html' })),
        'text/plain': new Blob([text], { type: 'text/plain' }),
      }),
    ])
    return true
  } catch {
    return copyText(text, await html)
  }
}
