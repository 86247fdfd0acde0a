/** Puts text on the clipboard, with `html` for where that can be pasted; resolves to whether it is there now. */
export async function copyText(text: string, html?: string): Promise<boolean> {
  if (html !== undefined) return copyByCommand(text, html)
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyByCommand(text)
  }
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
