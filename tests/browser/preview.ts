/** What stories about the preview are told with. */
import type { FrameLocator, Page } from '@playwright/test'
import { expect, type RestartableServer } from './stories.ts'

/** Some of everything that a preview knows. */
export const letter = [
  '# A letter',
  '',
  'Words, **strong** ones,',
  'on two lines, with a note.[^1]',
  '',
  '- [x] done',
  '- [ ] to do',
  '',
  '| left | right |',
  '|:-----|------:|',
  '| a    |     1 |',
  '',
  '```js',
  'const answer = 42 // of course',
  '```',
  '',
  'Inline $x^2$, money $5 and $6.',
  '',
  '$$',
  String.raw`\int_0^1 x \, dx`,
  '$$',
  '',
  '```mermaid',
  'flowchart LR',
  '  Ink --> Paper',
  '```',
  '',
  'See [the letter](#a-letter) or https://example.org/x.',
  '',
  '[^1]: A note.',
  '',
].join('\n')

/** A link to edit a new document with this text. */
export async function documentWith(
  server: RestartableServer,
  text: string,
  language?: string,
): Promise<string> {
  const made = await fetch(`${server.url}/api/documents`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text, language }),
  })
  const { links } = (await made.json()) as { links: { edit: string } } // the API's contract, tested elsewhere
  return links.edit
}

export function previewOf(page: Page): FrameLocator {
  return page.frameLocator('quire-preview iframe')
}

export async function openPreview(page: Page): Promise<FrameLocator> {
  await page.getByRole('button', { name: 'Preview' }).click()
  const preview = previewOf(page)
  await expect(preview.locator('main')).toBeAttached()
  return preview
}

export function shownText(preview: FrameLocator): Promise<string> {
  return preview.locator('main').evaluate((main) => main.textContent)
}

/** Of all of the text: it waits until that is shown. */
export function renderedHtml(page: Page): Promise<string> {
  return page.locator('quire-preview').evaluate((element) => {
    const read: unknown = Reflect.get(element, 'renderedHtml')
    if (typeof read !== 'function') throw new Error('the preview has no renderedHtml')
    return read.call(element) as Promise<string>
  })
}
