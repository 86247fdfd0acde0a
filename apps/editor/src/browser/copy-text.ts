/**
 * Puts text on the clipboard, with `html` for where that can be pasted; resolves to whether it is there now. A text that is
 * promised may take a moment, as long as the copying itself was begun by hand; if it cannot be had, this rejects as it does.
 */
export async function copyText(text: string | Promise<string>, html?: string): Promise<boolean> {
  if (html !== undefined) return copyByCommand(await text, html)
  try {
    if (typeof text === 'string') await navigator.clipboard.writeText(text)
    else await navigator.clipboard.write([new ClipboardItem({ 'text/plain': text.then(plain) })])
    return true
  } catch {
    return copyByCommand(await text)
  }
}

function plain(text: string): Blob {
  return new Blob([text], { type: 'text/plain' })
}

/** Where a server is reached over plain HTTP there is no `navigator.clipboard`; the old command still works there. */
function copyByCommand(text: string, html?: string): boolean {
  let isCopied = false
  const fill = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text)
    if (html !== undefined) event.clipboardData?.setData('text/html', html)
    event.preventDefault()
    event.stopImmediatePropagation()
    isCopied = event.clipboardData !== null
  }
  document.addEventListener('copy', fill, { capture: true })
  try {
    return document.execCommand('copy') && isCopied
  } finally {
    document.removeEventListener('copy', fill, { capture: true })
  }
}
