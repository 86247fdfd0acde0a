import { afterEach, expect, test, vi } from 'vitest'
import { downloadText } from './download-text.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('a file of this name and text is handed to the browser, and let go when it has had time to read it', async () => {
  vi.useFakeTimers()
  const links: HTMLAnchorElement[] = []
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(this: HTMLAnchorElement) {
    links.push(this)
  })
  downloadText('Plan.md', 'Grüße, 桥 👩‍👧')
  const [link] = links
  expect(link?.download).toBe('Plan.md')
  const file = await (await fetch(link?.href ?? '')).blob()
  expect(file.type).toBe('text/markdown;charset=utf-8')
  expect(await file.text()).toBe('Grüße, 桥 👩‍👧')
  vi.runAllTimers()
  await expect(fetch(link?.href ?? '')).rejects.toThrow()
})
