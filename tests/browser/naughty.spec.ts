/** The story of words that are no such thing: as the title, a name, the label of a link, the text, a file and its name. */
import type { Locator, Page } from '@playwright/test'
import { dose } from '../support/dose.ts'
import { naughtyStrings } from './naughty-strings.ts'
import { documentWith, openPreview, renderedHtml } from './preview.ts'
import { exactTextOf, expect as soon, newDocument, saveState, test, textOf } from './stories.ts'

const expect = soon.configure({ timeout: 60_000 })

test('there are enough of them, each once', () => {
  expect(new Set(naughtyStrings).size).toBe(naughtyStrings.length)
  expect(naughtyStrings.length).toBeGreaterThanOrEqual(100)
})

/** Nothing is wider than the page, and none of the words became anything but words. */
async function expectCalm(page: Page, words: string): Promise<void> {
  const state = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    hit: Reflect.get(globalThis, 'wasHit') === true,
  }))
  expect(state, JSON.stringify(words)).toEqual({ overflow: 0, hit: false })
}

async function watchForScripts(page: Page): Promise<void> {
  await page.addInitScript(() =>
    Reflect.set(globalThis, 'hit', () => Reflect.set(globalThis, 'wasHit', true)),
  )
}

function onOneLine(words: string): string {
  return words.replaceAll(/\s+/gu, ' ').trim()
}

async function set(field: Locator, words: string): Promise<string> {
  await field.fill(words)
  await field.blur()
  return field.inputValue()
}

test('as a title, and as the name of what is downloaded', async ({ server, person }) => {
  const anna = await person('Anna', { viewport: { width: 390, height: 780 } })
  await watchForScripts(anna)
  await newDocument(anna, server)
  const title = anna.getByRole('textbox', { name: 'Title' })
  const every = dose({ usual: 1, small: 3 })
  for (const words of naughtyStrings.filter((_, index) => index % every === 0)) {
    // oxlint-disable no-await-in-loop -- one title after the other
    const shown = await set(title, words)
    expect(shown.isWellFormed(), JSON.stringify(words)).toBe(true)
    expect(
      onOneLine(words.toWellFormed()).startsWith(onOneLine(shown).slice(0, 20)),
      JSON.stringify([words, shown]),
    ).toBe(true)
    await expectCalm(anna, words)
    // oxlint-enable no-await-in-loop
  }
  await set(title, '../\u202etxt.<b>\u0000\ud83d')
  const download = anna.waitForEvent('download')
  await anna.keyboard.press('F1')
  await anna.getByRole('combobox', { name: 'What would you like to do?' }).fill('Download as .md')
  await anna.keyboard.press('Enter')
  expect((await download).suggestedFilename()).toMatch(/^[^\p{Cc}\p{Cf}/\\:*?"<>|]+\.md$/u)
  await expect(saveState(anna)).toHaveText('Saved')
})

test('as text, character for character, and as it is read', async ({ server, person }) => {
  const anna = await person('Anna')
  await watchForScripts(anna)
  const text = naughtyStrings.map((words) => words.toWellFormed()).join('\n\n')
  await anna.goto(await documentWith(server, text))
  await expect(textOf(anna)).toBeVisible()
  expect(await exactTextOf(anna)).toBe(text)
  const preview = await openPreview(anna)
  const html = await renderedHtml(anna)
  expect(html).toContain('&lt;script&gt;hit()')
  await expect(preview.locator('main :is(script, style, svg, b, img, [onerror], [onfocus])')).toHaveCount(0)
  await expectCalm(anna, 'the text')
})

test('as a file, and as the name of one', async ({ server, person }) => {
  const anna = await person('Anna', { viewport: { width: 390, height: 780 } })
  await watchForScripts(anna)
  await anna.goto(server.url)
  // A browser hands over what is behind the last slash of a name, and none without one.
  const names = naughtyStrings.filter((words) => words.isWellFormed() && !/[/\\\0]/u.test(words)).slice(0, 25)
  const dropped = await anna.evaluateHandle((all) => {
    const transfer = new DataTransfer()
    for (const name of all) transfer.items.add(new File([`text of ${name}`], `${name}.txt`))
    return transfer
  }, names)
  await anna.dispatchEvent('quire-home', 'drop', { dataTransfer: dropped })
  await expect(anna.getByRole('listitem')).toHaveCount(names.length)
  await expectCalm(anna, 'the names of files')
  await anna.getByRole('listitem').last().getByRole('link').click()
  await expect(textOf(anna)).toBeVisible()
  expect(await exactTextOf(anna)).toBe(`text of ${names[0]}`)
})

test('as the labels of links, and as the names of guests', async ({ server, person }) => {
  const anna = await person('Anna', { viewport: { width: 390, height: 780 } })
  await watchForScripts(anna)
  await newDocument(anna, server)
  const [, documentId = '', key = ''] = /\/d\/([^#]+)#(.+)$/.exec(anna.url()) ?? []
  const labels = naughtyStrings.filter((words, index) => index % 4 === 0 || words.startsWith('<script>'))
  for (const label of labels) {
    // oxlint-disable-next-line no-await-in-loop -- one link after the other
    const made = await fetch(`${server.url}/api/documents/${documentId}/links`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ role: 'view', label }),
    })
    expect(made.status, label).toBe(201)
  }
  await anna.getByRole('button', { name: 'Share' }).click()
  await expect(anna.getByText('<script>hit()</script>').first()).toBeVisible()
  await expectCalm(anna, 'the labels of links')
  const dialog = anna.getByRole('dialog')
  expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0)
  await anna.getByRole('button', { name: 'Done' }).click()

  for (const name of ['<img src=x onerror=hit()>', '\u202egnp', `Z${'\u0301'.repeat(60)}`, '👩‍👩‍👧‍👦']) {
    // oxlint-disable no-await-in-loop -- one guest after the other
    const guest = await person(name)
    await watchForScripts(guest)
    await guest.goto(anna.url())
    await expect(textOf(guest)).toBeVisible()
    await expectCalm(guest, name)
    await expectCalm(anna, name)
    // oxlint-enable no-await-in-loop
  }
})
