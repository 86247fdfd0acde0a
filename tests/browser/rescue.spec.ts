/** What the server will not take: its writer is shown exactly that, may take it elsewhere, and loses it only by saying so. */
import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { storedText, test, type Scene } from './cut-off.ts'
import { copyLink, expect, newDocument, saveState, textOf } from './stories.ts'

/** Anna owns the document; Bo came by a link of his own, wrote something, and wrote on after he was cut off. */
async function begin(
  { annasPath, bosPath }: Scene,
  person: (name: string, options?: object) => Promise<Page>,
) {
  const permissions = ['clipboard-read', 'clipboard-write']
  const anna = await person('Anna', { permissions })
  await newDocument(anna, annasPath)
  const link = await copyLink(anna, 'Can edit')
  const bo = await person('Bo', { permissions })
  await bo.goto(link.replace(annasPath.url, bosPath.url))
  await textOf(bo).click()
  await bo.keyboard.type('What is saved.')
  await expect(saveState(bo)).toHaveText('Saved')
  bosPath.cut()
  await expect(saveState(bo)).toHaveText('Offline')
  await bo.keyboard.type(' What is not.')
  await expect(saveState(bo)).toHaveText(/on this device$/)
  return { anna, bo, link }
}

/** What the panel marks as written and not saved, and as taken away and not saved. */
async function marked(page: Page): Promise<{ added: string; removed: string }> {
  const dialog = page.getByRole('dialog', { name: 'Your unsaved text' })
  await expect(dialog).toBeVisible()
  const textIn = (tag: string): Promise<string> =>
    dialog.locator(tag).evaluateAll((elements) =>
      elements
        .map((element) => {
          const copy = element.cloneNode(true)
          if (copy instanceof Element) for (const aside of copy.querySelectorAll('.unseen')) aside.remove()
          return copy.textContent
        })
        .join('|'),
    )
  return { added: await textIn('ins'), removed: await textIn('del') }
}

async function changeLink(anna: Page, act: (anna: Page) => Promise<void>): Promise<void> {
  await anna.getByRole('button', { name: 'Share' }).click()
  await anna
    .getByRole('listitem')
    .filter({ hasText: 'Can edit' })
    .getByRole('button', { name: 'Change' })
    .click()
  await act(anna)
}

/** Of a server as young as this one nobody knows what it has lost. */
const missing = {
  unsaved: 'Not saved: your link opens nothing on the server.',
  saved:
    'Your link opens nothing: it was taken back, or the document was deleted, or the server has lost it. This is what this device kept of it.',
}

const endings = [
  {
    what: 'his link may only view now',
    end: (anna: Page) =>
      changeLink(anna, async () => {
        await anna.getByRole('combobox', { name: 'Whoever has it' }).selectOption('can view')
        await anna.getByRole('button', { name: 'Save' }).click()
        await expect(anna.getByRole('listitem').filter({ hasText: 'Can edit' })).toHaveCount(0)
      }),
    said: 'Not saved: your link no longer allows editing.',
  },
  {
    what: 'his link was taken back',
    // To him it is as if the document was deleted.
    tag: '@long',
    end: (anna: Page) =>
      changeLink(anna, async () => {
        await anna.getByRole('button', { name: 'Take back…' }).click()
        await anna.getByRole('button', { name: 'Take it back' }).click()
        await expect(anna.getByRole('listitem').filter({ hasText: 'Can edit' })).toHaveCount(0)
      }),
    said: missing.unsaved,
  },
  {
    what: 'the document was deleted',
    end: async (anna: Page) => {
      await anna.getByRole('button', { name: 'Share' }).click()
      await anna.getByRole('button', { name: 'More…' }).click()
      await anna.getByRole('button', { name: 'Delete…' }).click()
      await anna.getByRole('button', { name: 'Delete it' }).click()
      await expect(anna.getByRole('button', { name: 'New document' })).toBeVisible()
    },
    said: missing.unsaved,
  },
] as const

for (const { what, end, said, ...details } of endings)
  test(`when ${what}, he is shown exactly what was not saved`, details, async ({ scene, person }) => {
    const { anna, bo, link } = await begin(scene, person)
    await end(anna)
    scene.bosPath.restore()
    await expect(saveState(bo)).toHaveText(said)
    await bo.getByRole('button', { name: 'Show my text' }).click()
    expect(await marked(bo)).toEqual({ added: ' What is not.', removed: '' })
    await bo.getByRole('button', { name: 'Copy what I wrote' }).click()
    expect(await bo.evaluate(() => navigator.clipboard.readText())).toBe('What is not.')
    const downloading = bo.waitForEvent('download')
    await bo.getByRole('button', { name: 'Download' }).click()
    expect(readFileSync(await (await downloading).path(), 'utf8')).toBe('What is saved. What is not.')

    // It is there after the page was loaded anew, and gone only once he says so.
    await bo.reload()
    await expect(saveState(bo)).toHaveText(said)
    await bo.getByRole('button', { name: 'Show my text' }).click()
    expect(await marked(bo)).toEqual({ added: ' What is not.', removed: '' })
    await bo.getByRole('button', { name: 'Discard…' }).click()
    await bo.getByRole('button', { name: 'Discard my edits' }).click()
    if (what === 'his link may only view now') {
      await expect(saveState(bo)).toHaveText('View only')
      await expect(textOf(bo)).toHaveText('What is saved.')
      expect(await storedText(scene.server, link)).toBe('What is saved.')
    } else {
      await expect(saveState(bo)).toHaveText(missing.saved)
      await expect(textOf(bo)).toHaveText('What is saved.')
    }
    await bo.reload()
    await expect(bo.getByText('What is not.')).toHaveCount(0)
  })
