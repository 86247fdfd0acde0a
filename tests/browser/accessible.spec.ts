/** The interface for those who see, move or read otherwise, at every place of it. */
import type { Locator, Page } from '@playwright/test'
import { createDocument } from '../support/documents.ts'
import { test } from './cut-off.ts'
import { faintWordsOn, objectionsOn } from './objections.ts'
import { exactTextOf, expect, saveState, textOf, untilReady } from './stories.ts'
import { overflowOn, takeTour, wordsOf } from './tour.ts'

test(
  'axe objects to nothing, and all words stand out, in light and in dark',
  { tag: '@long' },
  async ({ scene, person }) => {
    test.slow()
    const found = new Map<string, string[]>()
    await takeTour({
      scene,
      person,
      // What is still appearing is faint.
      options: { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' },
      words: await wordsOf('en'),
      async look(page, place) {
        const objections = await objectionsOn(page)
        // Nothing but colours depends on the theme.
        for (const colorScheme of ['dark', 'light'] as const) {
          // oxlint-disable-next-line no-await-in-loop -- one theme after the other
          await page.emulateMedia({ colorScheme })
          // oxlint-disable-next-line no-await-in-loop -- one theme after the other
          objections.push(...(await faintWordsOn(page)).map((words) => `${colorScheme}: ${words}`))
        }
        if (objections.length > 0) found.set(place, objections)
      },
    })
    expect(Object.fromEntries(found)).toEqual({})
  },
)

/** In pixels, as people set it in their browser, of which queries of the page's width know as well. */
async function setLetters(page: Page, standard: number): Promise<void> {
  const browser = await page.context().newCDPSession(page)
  await browser.send('Page.setFontSizes', { fontSizes: { standard } })
  await browser.detach()
}

test(
  'at 320 px nothing is cut off, with letters twice as large too',
  { tag: '@long' },
  async ({ scene, person }) => {
    test.slow()
    const found = new Map<string, string[]>()
    await takeTour({
      scene,
      person,
      options: { viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' },
      words: await wordsOf('en'),
      async look(page, place) {
        const usual = await overflowOn(page)
        await setLetters(page, 32)
        const large = await overflowOn(page)
        await setLetters(page, 16)
        if (usual.length + large.length > 0) found.set(place, [...usual, ...large])
      },
    })
    expect(Object.fromEntries(found)).toEqual({})
  },
)

/** By Tab alone, from wherever one is. */
async function reach(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  const isThere = (): Promise<boolean> =>
    target.evaluate((element) => {
      const root = element.getRootNode()
      return (root instanceof ShadowRoot || root instanceof Document) && root.activeElement === element
    })
  for (let steps = 0; steps < 40; steps++) {
    // oxlint-disable-next-line no-await-in-loop -- one key after the other
    await page.keyboard.press(key)
    // oxlint-disable-next-line no-await-in-loop -- one key after the other
    if (await isThere()) return
  }
  throw new Error(`${key} does not lead there`)
}

test('everything is done by keyboard, and the focus comes back to where it was', async ({
  server,
  person,
}) => {
  const anna = await person('Anna', { permissions: ['clipboard-read', 'clipboard-write'] })
  const button = (name: string): Locator => anna.getByRole('button', { name, exact: true })
  const press = (...keys: string[]): Promise<void> =>
    keys.reduce((before, key) => before.then(() => anna.keyboard.press(key)), Promise.resolve())
  const run = async (command: string): Promise<void> => {
    await press('F1')
    await expect(anna.getByRole('combobox', { name: 'What would you like to do?' })).toBeFocused()
    await anna.keyboard.type(command)
    await press('Enter')
  }

  await anna.goto(server.url)
  await reach(anna, button('New document'))
  await press('Enter')
  await expect(textOf(anna)).toBeFocused()
  await untilReady(anna)
  await anna.keyboard.type('Birds')
  await press('Shift+Home', 'ControlOrMeta+B')
  expect(await exactTextOf(anna)).toBe('**Birds**')

  // Out of prose with Tab, out of code with Escape before it.
  await press('ControlOrMeta+End', 'Tab')
  await expect(textOf(anna)).not.toBeFocused()
  await press('Shift+Tab')
  await expect(textOf(anna)).toBeFocused()
  await anna.keyboard.type('\n\n```\ncode')
  await press('Home', 'Tab')
  expect(await exactTextOf(anna)).toBe('**Birds**\n\n```\n  code')
  await press('Escape', 'Tab')
  await expect(textOf(anna)).not.toBeFocused()
  expect(await exactTextOf(anna)).toBe('**Birds**\n\n```\n  code')
  await press('Shift+Tab')
  await expect(textOf(anna)).toBeFocused()

  await run('Keys')
  await expect(anna.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  await press('Escape')
  await expect(textOf(anna)).toBeFocused()
  await run('Settings')
  await expect(anna.getByRole('dialog', { name: 'Settings' })).toBeVisible()
  await press('Escape')
  await expect(textOf(anna)).toBeFocused()
  await run('Delete document')
  await expect(anna.getByRole('dialog', { name: 'Delete' })).toBeVisible()
  await press('Escape')
  await expect(textOf(anna)).toBeFocused()
  await press('ControlOrMeta+F')
  await expect(anna.getByPlaceholder('Find')).toBeFocused()
  await press('Escape')
  await expect(textOf(anna)).toBeFocused()
  await press('ControlOrMeta+Shift+O')
  await expect(anna.getByRole('complementary', { name: 'Outline' })).toBeVisible()
  await press('Escape')
  await expect(textOf(anna)).toBeFocused()
  await press('ControlOrMeta+Shift+E')
  await expect(anna.locator('quire-preview')).toBeVisible()
  await press('ControlOrMeta+Shift+E')
  await expect(textOf(anna)).toBeFocused()

  // From prose, backwards through the bar, and into what opens from it.
  await press('ControlOrMeta+Home')
  await reach(anna, button('More'), 'Shift+Tab')
  await press('Enter')
  await expect(anna.getByRole('menuitem', { name: 'Preview' })).toBeFocused()
  await press('ArrowDown')
  await expect(anna.getByRole('menuitem', { name: 'Outline' })).toBeFocused()
  await press('Escape')
  await expect(button('More')).toBeFocused()

  await reach(anna, button('Share'), 'Shift+Tab')
  await press('Enter')
  await reach(anna, button('New link…'))
  await press('Enter')
  await expect(anna.getByRole('textbox', { name: 'What it is for' })).toBeFocused()
  await anna.keyboard.type('the choir')
  await press('Enter')
  await expect(button('New link…')).toBeFocused()
  const entry = anna.getByRole('listitem').filter({ hasText: 'the choir' })
  await reach(anna, entry.getByRole('button', { name: 'Change' }), 'Shift+Tab')
  await press('Enter')
  await reach(anna, button('Cancel'))
  await press('Enter')
  await expect(entry.getByRole('button', { name: 'Change' })).toBeFocused()
  await reach(anna, entry.getByRole('button', { name: 'Copy link' }), 'Shift+Tab')
  await press('Enter')
  await expect(anna.getByText('Link copied').first()).toBeVisible()
  await press('Escape')
  await expect(button('Share')).toBeFocused()

  await reach(anna, button('Only you are here'), 'Shift+Tab')
  await press('Enter')
  await reach(anna, anna.getByRole('textbox', { name: 'Your name' }))
  await press('Escape')
  await expect(button('Only you are here')).toBeFocused()
  await reach(anna, anna.getByRole('textbox', { name: 'Title' }), 'Shift+Tab')
  await anna.keyboard.type('Birds')
  await press('Enter')
  await expect(textOf(anna)).toBeFocused()
  await expect(saveState(anna)).toHaveText('Saved')

  const bo = await person('Bo')
  await bo.goto(await anna.evaluate(() => navigator.clipboard.readText()))
  await expect(bo.getByRole('textbox', { name: 'Title' })).toHaveValue('Birds')
  await expect(textOf(bo)).toContainText('code')
})

test('what stands above the page has an edge where a reader has chosen the colours', async ({
  server,
  person,
}) => {
  const anna = await person('Anna', {
    forcedColors: 'active',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const { id, keys } = await createDocument(server.url)
  await anna.goto(`${server.url}/d/${id}#${keys.own}`)
  await untilReady(anna)
  const expectEdge = async (part: string): Promise<void> => {
    await expect(anna.locator(part)).toBeVisible()
    await expect(anna.locator(part)).toHaveCSS('border', /^1px solid/)
  }
  await anna.keyboard.press('F1')
  await expectEdge('quire-palette dialog')
  await anna.keyboard.press('Escape')
  await anna.getByRole('button', { name: 'More' }).click()
  await expectEdge('quire-more .menu')
  await anna.keyboard.press('Escape')
  await anna.getByRole('button', { name: 'Only you are here' }).click()
  await expectEdge('quire-people .list')
  await anna.keyboard.press('Escape')
  await anna.getByRole('button', { name: 'Share' }).click()
  await expectEdge('quire-share dialog')
  await anna.getByRole('button', { name: 'Copy link' }).first().click()
  await expectEdge('quire-share .toast')
})

test('what is found is to be seen, however far somebody has zoomed in', async ({ server, person }) => {
  const { id, keys } = await createDocument(server.url, { text: `needle\n${'hay\n'.repeat(200)}needle\n` })
  const anna = await person('Anna', { viewport: { width: 320, height: 256 } })
  await anna.goto(`${server.url}/d/${id}#${keys.own}`)
  await textOf(anna).click()
  await untilReady(anna)
  await anna.keyboard.press('ControlOrMeta+f')
  await anna.getByPlaceholder('Find').fill('needle')
  const form = anna.locator('.cm-search')
  await expect(form).toContainText('2 found')
  // The caret is in the midst of the hay.
  for (const place of [2, 1]) {
    await anna.keyboard.press('Enter')
    await expect(form).toContainText(`Match ${place} of 2`)
    const match = anna.locator('.cm-searchMatch-selected')
    await expect(match).toBeInViewport({ ratio: 1 })
    await match.click({ trial: true })
  }
  // All of the form is there, to be scrolled to.
  await anna.getByRole('button', { name: 'Find and replace' }).click()
  await anna.getByRole('button', { name: 'Replace all' }).click({ trial: true })
})

for (const [width, height] of [
  [844, 200],
  [320, 256],
  [360, 740],
] as const)
  test(`at ${width} × ${height} px, in the longest words, all of what finds something is seen`, async ({
    server,
    person,
  }) => {
    const { id, keys } = await createDocument(server.url, { text: 'hay, hay and a needle' })
    const anna = await person('Anna', { viewport: { width, height }, locale: 'de' })
    await anna.goto(`${server.url}/d/${id}#${keys.own}`)
    await anna.locator('.cm-content').click()
    await untilReady(anna)
    await anna.keyboard.press('ControlOrMeta+f')
    await anna.getByPlaceholder('Suchen').fill('hay')
    const form = anna.locator('.cm-search')
    await expect(form).toContainText('2 gefunden')
    const parts = form.locator('button:visible, input:visible, label, .cm-searchSaid')
    for (const part of await parts.all())
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(part).toBeInViewport({ ratio: 1 })
    const places = await parts.evaluateAll((all) => all.map((part) => part.getBoundingClientRect()))
    const middles = places.map(({ top, bottom }) => (top + bottom) / 2).toSorted((a, b) => a - b)
    const rows = middles.filter((at, index) => at - (middles[index - 1] ?? 0) > 12)
    expect(rows.length).toBeLessThanOrEqual(3)
    await expect(anna.getByText('hay, hay and a needle')).toBeInViewport({ ratio: 1 })
  })

test('who may only read and types is told why nothing comes of it', async ({ server, person }) => {
  const { id, keys } = await createDocument(server.url, { text: 'Read this.' })
  const bo = await person('Bo')
  await bo.goto(`${server.url}/d/${id}#${keys.view}`)
  await textOf(bo).click()
  const said = bo.locator('quire-toast').first().getByRole('status')
  await expect(said).toHaveText('')
  await bo.keyboard.type('x')
  await expect(said).toHaveText('View only')
  expect(await exactTextOf(bo)).toBe('Read this.')
})
