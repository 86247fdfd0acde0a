/** How long a browser may take to begin reading what it was told to download. */
const readWithinMs = 60_000

/** Hands the browser a text to keep as a file of this name. Whether it does, it does not say. */
export function downloadText(name: string, text: string, type = 'text/markdown'): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), readWithinMs)
}
