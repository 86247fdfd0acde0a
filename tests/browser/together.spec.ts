/** Being together in one document: who is here, going to them and following them, names that are kept, and undo. */
import type { Locator, Page } from '@playwright/test'
import { openCuttableLink } from '../support/cuttable-link.ts'
import {
  exactTextOf,
  expect,
  newDocument,
  saveState,
  test,
  textOf,
  type RestartableServer,
  expectSameText,
} from './stories.ts'

const people = (page: Page): Locator => page.locator('quire-people').getByRole('button', { name: /here$/ })
const follow = (page: Page, name: string): Locator => page.getByRole('button', { name: `Follow ${name}` })
const frame = (page: Page): Locator => page.locator('quire-following .frame')
const stop = (page: Page): Locator => page.getByRole('button', { name: /^Stop following/ })
const news = (page: Page): Locator => page.locator('quire-people').getByRole('status')

/** A document of three hundred lines; its first writer stands at its end. */
async function longDocument(page: Page, server: RestartableServer): Promise<void> {
  await newDocument(page, server)
  await textOf(page).click()
  await page.keyboard.insertText(Array.from({ length: 300 }, (_, line) => `Line ${line}.\n`).join(''))
  await expect(saveState(page)).toHaveText('Saved')
}

async function join(page: Page, url: string, count: number): Promise<void> {
  await page.goto(url)
  await expect(people(page)).toHaveAccessibleName(`${count} people are here`)
}

test('somebody goes to another’s place, follows them, and stops when they do something themselves', async ({
  server,
  person,
}) => {
  const [anna, bo] = [await person('Anna'), await person('Bo')]
  await longDocument(anna, server)
  await join(bo, anna.url(), 2)
  await expect(bo.getByText('Line 0.', { exact: true })).toBeInViewport()

  await people(bo).click()
  await bo.getByRole('button', { name: 'Anna', exact: true }).click()
  await expect(bo.getByText('Line 299.')).toBeInViewport()
  await expect(follow(bo, 'Anna')).toBeHidden()
  await expect(frame(bo)).toHaveCount(0)

  await people(bo).click()
  await follow(bo, 'Anna').click()
  await expect(frame(bo)).toBeVisible()
  await textOf(anna).press('ControlOrMeta+Home')
  await expect(bo.getByText('Line 0.', { exact: true })).toBeInViewport()
  await textOf(anna).press('ControlOrMeta+End')
  await anna.keyboard.insertText(`${'more\n'.repeat(60)}the very end`)
  await expect(bo.getByText('the very end')).toBeInViewport()

  await textOf(bo).hover()
  await bo.mouse.wheel(0, -2000)
  await expect(frame(bo)).toHaveCount(0)
  await anna.keyboard.type(', or nearly')
  await expect(bo.getByText('the very end')).not.toBeInViewport()

  await people(bo).click()
  await follow(bo, 'Anna').click()
  await expect(bo.getByText('the very end, or nearly')).toBeInViewport()
  await stop(bo).click()
  await expect(frame(bo)).toHaveCount(0)
})

test('with the keyboard alone, somebody is chosen, followed and left', async ({ server, person }) => {
  const [anna, bo] = [await person('Anna'), await person('Bo')]
  await longDocument(anna, server)
  await join(bo, anna.url(), 2)
  await people(bo).focus()
  await bo.keyboard.press('Enter')
  await bo.keyboard.press('Escape')
  await expect(follow(bo, 'Anna')).toBeHidden()
  await bo.keyboard.press('Enter')
  await bo.keyboard.press('Tab')
  await expect(bo.getByRole('textbox', { name: 'Your name' })).toBeFocused()
  await bo.keyboard.press('Tab')
  await expect(bo.getByRole('button', { name: 'Anna', exact: true })).toBeFocused()
  await bo.keyboard.press('Tab')
  await bo.keyboard.press('Enter')
  await expect(bo.getByText('Line 299.')).toBeInViewport()
  await expect(frame(bo)).toBeVisible()
  await expect(people(bo)).toBeFocused()

  // Esc closes the list before it ends anything else.
  await bo.keyboard.press('Enter')
  await bo.keyboard.press('Tab')
  await bo.keyboard.press('Escape')
  await expect(follow(bo, 'Anna')).toBeHidden()
  await expect(frame(bo)).toBeVisible()
  await bo.keyboard.press('Escape')
  await expect(frame(bo)).toHaveCount(0)
})

test('following outlives their reload, and ends when they leave', async ({ server, person }) => {
  const [anna, bo] = [await person('Anna'), await person('Bo')]
  await longDocument(anna, server)
  await join(bo, anna.url(), 2)
  await people(bo).click()
  await follow(bo, 'Anna').click()
  await textOf(anna).press('ControlOrMeta+Home')
  await expect(bo.getByText('Line 0.', { exact: true })).toBeInViewport()
  await anna.reload()
  await textOf(anna).click()
  await textOf(anna).press('ControlOrMeta+End')
  await expect(bo.getByText('Line 299.')).toBeInViewport()
  await anna.close()
  await expect(frame(bo)).toHaveCount(0, { timeout: 15_000 })
})

test('whoever only reads is there, and has no place to go to', async ({ server, person }) => {
  const [anna, bo] = [await person('Anna'), await person('Bo')]
  await longDocument(anna, server)
  await join(bo, anna.url(), 2)
  await people(anna).click()
  const entry = anna.getByRole('listitem').filter({ hasText: 'Bo' })
  await expect(entry).toContainText('reading')
  await expect(entry.getByRole('button')).toHaveCount(0)
  await textOf(bo).click()
  await expect(entry.getByRole('button')).toHaveCount(2)
})

test('a person with two tabs is there once, and renames themselves in both, for good', async ({
  server,
  person,
}) => {
  const [anna, bo] = [await person('Anna'), await person('Bo')]
  await newDocument(anna, server)
  await join(bo, anna.url(), 2)
  const tab = await bo.context().newPage()
  await tab.goto(anna.url())
  await expect(textOf(tab)).toBeVisible()
  const other = await bo.context().newPage()
  await newDocument(other, server)
  await expect(people(other)).toHaveAccessibleName('Only you are here')

  // The script that gives a person their first name would give it to them again.
  for (const page of [bo, tab, other])
    await page.addInitScript(() => localStorage.setItem('quire.guest', localStorage.getItem('chosen') ?? ''))
  await people(bo).click()
  const name = bo.getByRole('textbox', { name: 'Your name' })
  await name.fill('Bodil')
  await name.press('Enter')
  await bo.evaluate(() => localStorage.setItem('chosen', localStorage.getItem('quire.guest') ?? ''))
  for (const page of [tab, other]) {
    await people(page).click()
    await expect(page.getByRole('textbox', { name: 'Your name' })).toHaveValue('Bodil')
    await page.keyboard.press('Escape')
  }
  await people(anna).click()
  await expect(anna.getByRole('listitem')).toHaveCount(2)
  await expect(anna.getByRole('listitem').filter({ hasText: 'Bodil' })).toBeVisible()
  await bo.close()
  await tab.reload()
  await people(tab).click()
  await expect(tab.getByRole('textbox', { name: 'Your name' })).toHaveValue('Bodil')
  await expect(anna.getByRole('listitem').filter({ hasText: 'Bodil' })).toBeVisible()
})

test('a screen reader hears who comes and goes, and nothing of our own coming back', async ({
  server,
  person,
}) => {
  const link = await openCuttableLink(server.url)
  const [anna, bo] = [await person('Anna'), await person('Bo')]
  await newDocument(anna, server)
  const url = anna.url().replace(server.url, link.url)
  await join(bo, url, 2)
  await expect(news(anna)).toHaveText('Bo is here.')
  await expect(news(bo)).toHaveText('Anna is here.')
  // Said once, and then the place is empty again.
  await expect(news(bo)).toHaveText('', { timeout: 15_000 })

  const said: string[] = []
  await bo.exposeFunction('heard', (words: string) => said.push(words))
  await news(bo).evaluate((region) =>
    new MutationObserver(() => {
      // Exposed above.
      ;(window as unknown as { heard(words: string): void }).heard(region.textContent)
    }).observe(region, { childList: true, characterData: true, subtree: true }),
  )
  link.cut()
  await expect(people(bo)).toHaveAccessibleName('Only you are here')
  link.mend()
  await expect(people(bo)).toHaveAccessibleName('2 people are here')
  const cy = await person('Cy')
  await cy.goto(anna.url())
  await expect(news(bo)).toHaveText('Cy is here.', { timeout: 15_000 })
  expect(said).toEqual(['Cy is here.'])
  link.close()
})

test('undo takes back one’s own, and only that, though the connection was gone and others wrote in between', async ({
  server,
  person,
}) => {
  const link = await openCuttableLink(server.url)
  const [anna, bo] = [await person('Anna'), await person('Bo')]
  await newDocument(anna, server)
  await textOf(anna).click()
  await anna.keyboard.type('Shared. ')
  await bo.goto(anna.url().replace(server.url, link.url))
  await textOf(bo).click()
  await bo.keyboard.press('ControlOrMeta+End')
  await bo.keyboard.type('Bo before. ')
  await expect.poll(() => exactTextOf(anna)).toBe('Shared. Bo before. ')

  link.cut()
  await expect(saveState(bo)).toHaveText('Offline')
  await bo.keyboard.press('Enter')
  await bo.keyboard.type('Bo meanwhile. ')
  // Into the midst of what Bo wrote, and behind it.
  await anna.keyboard.press('ControlOrMeta+End')
  for (let step = 0; step < 'before. '.length; step++) await anna.keyboard.press('ArrowLeft')
  await anna.keyboard.type('(Anna) ')
  await anna.keyboard.press('ControlOrMeta+End')
  await anna.keyboard.type('Anna after.')
  await expect(saveState(anna)).toHaveText('Saved')
  link.mend()
  await expect(saveState(bo)).toHaveText('Saved')
  await expect.poll(() => exactTextOf(anna)).toContain('Bo meanwhile.')
  await expectSameText(anna, bo)
  const both = await exactTextOf(bo)
  expect(both).toContain('Shared. Bo (Anna) before. ')

  for (let step = 0; step < 10; step++) await bo.keyboard.press('ControlOrMeta+z')
  await expect.poll(() => exactTextOf(anna)).toBe('Shared. (Anna) Anna after.')
  await expect.poll(() => exactTextOf(bo)).toBe('Shared. (Anna) Anna after.')
  for (let step = 0; step < 10; step++) await bo.keyboard.press('ControlOrMeta+Shift+Z')
  await expect.poll(() => exactTextOf(bo)).toBe(both)
  await expect.poll(() => exactTextOf(anna)).toBe(both)
  link.close()
})

test('on a phone, everything to press in the list of people is large enough for a thumb', async ({
  server,
  person,
}) => {
  const anna = await person('Anna')
  const bo = await person('Bo', { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true })
  await longDocument(anna, server)
  await join(bo, anna.url(), 2)
  await people(bo).tap()
  const list = bo.getByRole('list')
  const pressed = [people(bo), ...(await list.getByRole('button').all()), list.getByRole('textbox')]
  expect(pressed).toHaveLength(4)
  for (const each of pressed) expect((await each.boundingBox())?.height).toBeGreaterThanOrEqual(44)
  await follow(bo, 'Anna').tap()
  await expect(bo.getByText('Line 299.')).toBeInViewport()
  expect((await stop(bo).boundingBox())?.height).toBeGreaterThanOrEqual(44)
  await textOf(bo).tap()
  await expect(frame(bo)).toHaveCount(0)
})
