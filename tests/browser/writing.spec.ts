/** What one writes with, under the policy that pages are really served with: a violation fails the story. */
import { devices } from '@playwright/test'
import { expect, exactTextOf, expectSameText, newDocument, test, textOf } from './stories.ts'

test('a page is pasted as Markdown, searched, and its code coloured, and no policy is violated', async ({
  server,
  person,
}) => {
  const anna = await person('Anna')
  await newDocument(anna, server)
  const text = textOf(anna)
  await text.focus()
  await text.evaluate((element) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', 'plain')
    clipboardData.setData(
      'text/html',
      '<style>h2 { color: red }</style><h2 style="color: red">Title</h2><p><b>bold</b><img src="https://a.example/x.png" onerror="alert(1)"></p><pre><code class="language-js">const a = 1</code></pre>',
    )
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
  await expect
    .poll(() => exactTextOf(anna))
    .toBe('## Title\n\n**bold**![](https://a.example/x.png)\n\n```js\nconst a = 1\n```')
  await expect(text.locator('.code-keyword')).toHaveText('const')

  await anna.keyboard.press('ControlOrMeta+f')
  await expect(anna.getByRole('textbox', { name: 'Find' })).toBeFocused()
  await anna.keyboard.type('bold')
  await anna.keyboard.press('Enter')
  await anna.keyboard.press('Escape')
  await anna.keyboard.type('strong')
  await expect.poll(() => exactTextOf(anna)).toContain('**strong**')
})

// Safari on iOS zooms the whole page when something smaller gets the focus.
for (const phone of ['Pixel 7', 'Pixel 7 landscape'] as const)
  test(`on a phone (${phone}), what is typed is no smaller than 16 px`, async ({ server, person }) => {
    const { userAgent, viewport, isMobile, hasTouch } = devices[phone]
    const anna = await person('Anna', { userAgent, viewport, isMobile, hasTouch })
    await newDocument(anna, server)
    const sizeOf = (label: string): Promise<number> =>
      anna
        .getByRole('textbox', { name: label })
        .evaluate((field) => Number.parseFloat(getComputedStyle(field).fontSize))
    expect(await sizeOf('Title')).toBeGreaterThanOrEqual(16)
    expect(await sizeOf('Text')).toBeGreaterThanOrEqual(16)
    await textOf(anna).press('ControlOrMeta+f')
    expect(await sizeOf('Find')).toBeGreaterThanOrEqual(16)
    await anna.getByRole('button', { name: 'Share' }).click()
    await anna.getByRole('button', { name: 'New link…' }).click()
    expect(await sizeOf('What it is for')).toBeGreaterThanOrEqual(16)
  })

test('on a phone that composes every word, someone in the same line disturbs none', async ({
  server,
  person,
}) => {
  const { userAgent, viewport, isMobile, hasTouch } = devices['Pixel 7']
  const anna = await person('Anna', { userAgent, viewport, isMobile, hasTouch })
  await newDocument(anna, server)
  await textOf(anna).click()
  const tools = await anna.context().newCDPSession(anna)
  const compose = async (text: string): Promise<void> => {
    const { length } = text
    await tools.send('Input.imeSetComposition', { text, selectionStart: length, selectionEnd: length })
  }
  const choose = async (text: string): Promise<void> => {
    await tools.send('Input.insertText', { text })
  }
  await choose('- some ')
  const bo = await person('Bo')
  await bo.goto(anna.url())
  await textOf(bo).click()

  await compose('w')
  await compose('wor')
  await expect.poll(() => exactTextOf(bo)).toBe('- some wor')
  await bo.keyboard.press('Home')
  await bo.keyboard.type('- [ ] ')
  await expect.poll(() => exactTextOf(anna)).toBe('- [ ] - some wor')
  await compose('words')
  await choose('words')
  await expect.poll(() => exactTextOf(bo)).toBe('- [ ] - some words')
  await anna.keyboard.press('Enter')
  await expect.poll(() => exactTextOf(bo)).toBe('- [ ] - some words\n- [ ] ')
  await compose('an')
  await expect.poll(() => exactTextOf(bo)).toBe('- [ ] - some words\n- [ ] an')
  await bo.keyboard.press('ControlOrMeta+a')
  await bo.keyboard.press('Delete')
  await expect.poll(() => exactTextOf(anna)).toBe('')
  await compose('and')
  await choose('and')
  await expect.poll(() => exactTextOf(bo)).toContain('and')
  await expectSameText(anna, bo)
})
