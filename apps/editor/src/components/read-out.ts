/** A document as it is read, for paper and for others: the preview has all of it, where the editor has the lines that are seen. */
import type { Purpose } from '../preview/messages.ts'
import type { ReadingPane } from './reading-pane.ts'

/** A preview that was not open is open meanwhile. */
export async function printRead(pane: ReadingPane): Promise<void> {
  const wasOpen = pane.isOpen
  if (!wasOpen) await pane.toggle()
  const { preview } = pane
  if (!preview) return
  try {
    await preview.print()
  } catch {
    return // closed, or it says by itself that it cannot be shown
  }
  if (!wasOpen && preview === pane.preview) await pane.toggle()
}

/** As the preview shows it, which need not be open for that; rejects if it cannot. */
export async function renderRead({ preview, host, parts }: ReadingPane, purpose: Purpose): Promise<string> {
  if (!(await parts.fetch())) throw new Error('the preview cannot be fetched')
  if (preview) return preview.renderedHtml(purpose)
  const unseen = document.createElement('quire-preview')
  unseen.className = 'unseen'
  const { text, language } = parts.shown()
  unseen.text = text
  unseen.language = language
  host.renderRoot.append(unseen)
  try {
    await unseen.updateComplete
    return await unseen.renderedHtml(purpose)
  } finally {
    unseen.remove()
  }
}
