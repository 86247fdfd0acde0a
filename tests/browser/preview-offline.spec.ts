/** The story of a preview that has been open once. */
import { letter, openPreview } from './preview.ts'
import { expect as soon, newDocument, test, textOf } from './stories.ts'

test.describe.configure({ timeout: 180_000 })
const expect = soon.configure({ timeout: 60_000 })

test('it opens without a server once it has been open', async ({ server, person }) => {
  const anna = await person('Anna', { serviceWorkers: 'allow' })
  await newDocument(anna, server)
  await textOf(anna).click()
  await anna.keyboard.insertText(letter)
  await anna.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  // Its first visit is not the worker's, the second is.
  await anna.reload()
  const preview = await openPreview(anna)
  await expect(preview.locator('pre.diagram svg')).toBeVisible()
  await server.kill()
  await anna.reload()
  const again = await openPreview(anna)
  await expect(again.getByRole('heading', { name: 'A letter' })).toBeVisible()
  await expect(again.locator('.katex')).toHaveCount(2)
  await expect(again.locator('pre.code .code-keyword')).toHaveText('const')
  await expect(again.locator('pre.diagram svg')).toBeVisible()
  await server.start()
})
