import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { TroubledServer } from '../support/troubled-server.ts'
import { announcement, exactTextOf, expect, saveState, test as base, textOf } from './stories.ts'

const editorFolder = fileURLToPath(new URL('../../apps/editor/dist', import.meta.url))

const test = base.extend<{ troubled: TroubledServer }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from this pattern
  troubled: async ({}, use) => {
    const troubled = await TroubledServer.start({ editorFolder })
    await use(troubled)
    await troubled.close()
  },
})

const stories = [
  {
    trouble: 'storage-failed',
    soFar: 'Saved so far, but the server cannot write to its disk.',
    notSaved: 'Not saved yet: the server cannot write to its disk. Your edits are on this device.',
  },
  {
    trouble: 'document-full',
    tag: '@long',
    soFar: 'Saved so far, but this document is full.',
    notSaved: 'Not saved: this document is full.',
  },
  {
    trouble: 'storage-full',
    tag: '@long',
    soFar: 'Saved so far, but this server is full.',
    notSaved: 'Not saved yet: this server is full. Your edits are on this device.',
  },
] as const

for (const { trouble, soFar, notSaved, ...details } of stories)
  test(
    `${trouble} is told in words, and heard once, until all is saved`,
    details,
    async ({ troubled, person }) => {
      const anna = await person('Anna')
      await open(anna, troubled)
      await anna.keyboard.type('before')
      await expect(saveState(anna)).toHaveText('Saved')
      const said = await listen(anna)

      troubled.begin(trouble)
      await expect(saveState(anna)).toHaveText(soFar)
      await anna.keyboard.type(', during')
      await expect(saveState(anna)).toHaveText(notSaved)
      await anna.keyboard.type(', and still during')
      await troubled.untilDropped(', during, and still during'.length)
      await expect(saveState(anna)).toHaveText(notSaved)
      expect(troubled.text.toString()).toBe('before')

      troubled.text.insert(0, 'Someone else: ')
      await expect.poll(() => exactTextOf(anna)).toBe('Someone else: before, during, and still during')

      troubled.end(trouble)
      await expect(saveState(anna)).toHaveText('Saved')
      expect(troubled.text.toString()).toBe('Someone else: before, during, and still during')
      await anna.keyboard.type(', after')
      await expect.poll(() => troubled.text.toString()).toMatch(/, after$/)
      await expect(saveState(anna)).toHaveText('Saved')
      expect(await said()).toEqual([soFar, notSaved, 'Saved'])
    },
  )

test('who comes while the server is in trouble is told before they write', async ({ troubled, person }) => {
  troubled.begin('storage-failed')
  const anna = await person('Anna')
  await open(anna, troubled)
  await expect(saveState(anna)).toHaveText(stories[0].soFar)
})

test('the browser asks before a page is left whose text is saved nowhere, and not once it is', async ({
  troubled,
  person,
}) => {
  const anna = await person('Anna')
  // As where a person has forbidden sites to keep anything.
  await anna.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('blocked', 'SecurityError')
    }
  })
  await open(anna, troubled)
  troubled.begin('storage-failed')
  await anna.keyboard.type('only here')
  const onlyHere = 'Not saved: the server cannot write to its disk. Keep this page open.'
  await expect(saveState(anna)).toHaveText(onlyHere)
  const questions: string[] = []
  anna.on('dialog', (dialog) => {
    questions.push(dialog.type())
    void dialog.dismiss()
  })
  const asked = anna.waitForEvent('dialog')
  await anna.close({ runBeforeUnload: true })
  await asked
  await expect(saveState(anna)).toHaveText(onlyHere)

  troubled.end('storage-failed')
  await expect(saveState(anna)).toHaveText('Saved')
  const closed = anna.waitForEvent('close')
  await anna.close({ runBeforeUnload: true })
  await closed
  expect(questions).toEqual(['beforeunload'])
})

test('a page is left without a question when its text is on this device', async ({ troubled, person }) => {
  const anna = await person('Anna')
  await open(anna, troubled)
  troubled.begin('storage-failed')
  await anna.keyboard.type('here and on this device')
  await expect(saveState(anna)).toHaveText(stories[0].notSaved)
  const questions: string[] = []
  anna.on('dialog', (dialog) => {
    questions.push(dialog.message())
    void dialog.accept()
  })
  const closed = anna.waitForEvent('close')
  await anna.close({ runBeforeUnload: true })
  await closed
  expect(questions).toEqual([])
})

test('from a full document, the text can be taken elsewhere', async ({ troubled, person }) => {
  const anna = await person('Anna', { permissions: ['clipboard-read', 'clipboard-write'] })
  await open(anna, troubled)
  troubled.begin('document-full')
  await anna.keyboard.type('too much')
  await anna.getByRole('button', { name: 'Show my text' }).click()
  await anna.getByRole('button', { name: 'Copy the whole text' }).click()
  expect(await anna.evaluate(() => navigator.clipboard.readText())).toBe('too much')
  await anna.keyboard.press('Escape')
  troubled.end('document-full')
  await expect(saveState(anna)).toHaveText('Saved')
  await expect(anna.getByRole('button', { name: 'Show my text' })).toHaveCount(0)
})

test('on a phone the sentence takes the room it needs, and nothing else moves', async ({
  troubled,
  person,
}) => {
  const anna = await person('Anna', { viewport: { width: 390, height: 560 }, hasTouch: true })
  troubled.text.insert(0, 'One line.\n'.repeat(30))
  await open(anna, troubled)
  await expect(saveState(anna)).toHaveText('Saved')
  const places = async (): Promise<number[]> => {
    const parts = [
      textOf(anna).getByText('One line.').first(),
      anna.getByRole('textbox', { name: 'Title' }),
      anna.getByRole('button', { name: 'Share' }),
      anna.getByRole('link', { name: /start page/ }),
    ]
    const boxes = await Promise.all(parts.map((part) => part.boundingBox()))
    return boxes.map((box) => box?.y ?? Number.NaN)
  }
  /** In pixels; a text scrolls by whole ones. */
  const farthestMove = (from: readonly number[], to: readonly number[]): number =>
    Math.max(...from.map((place, index) => Math.abs(place - (to[index] ?? Number.NaN))))
  const barHeight = async (): Promise<number> => (await anna.locator('header').boundingBox())?.height ?? 0
  const [before, low] = [await places(), await barHeight()]
  troubled.begin('storage-failed')
  await anna.keyboard.type('!')
  await expect(saveState(anna)).toHaveText(stories[0].notSaved)
  expect(await barHeight()).toBeGreaterThan(low)
  expect(farthestMove(before, await places())).toBeLessThan(1)
  troubled.end('storage-failed')
  await expect(saveState(anna)).toHaveText('Saved')
  expect(farthestMove(before, await places())).toBeLessThan(1)
  expect(await barHeight()).toBe(low)
})

async function open(page: Page, { url }: TroubledServer): Promise<void> {
  await page.goto(`${url}/d/notes#AAAAAAAAAAAAAAAAAAAAAA`)
  await textOf(page).click()
}

/** Resolves to what has been put into the live region since. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  const heard = await announcement(page).evaluateHandle((region) => {
    const words: string[] = []
    new MutationObserver(() => {
      const { textContent } = region
      if (textContent) words.push(textContent)
    }).observe(region, { childList: true, characterData: true, subtree: true })
    return words
  })
  return () => heard.jsonValue()
}
