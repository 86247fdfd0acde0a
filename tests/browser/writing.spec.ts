/** What one writes with, under the policy that pages are really served with: a violation fails the story. */
import { expect, exactTextOf, newDocument, test, textOf } from './stories.ts'

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
