/** What stands around a text: commands, menus, the outline, files that come and go, and links into the middle of it. */
import type { QuirePreview } from '../../apps/editor/src/components/quire-preview.ts'
import { readFileSync } from 'node:fs'
import { devices, type Locator, type Page } from '@playwright/test'
import { documentWith, letter, openPreview, renderedHtml } from './preview.ts'
import { copyLink, exactTextOf, expect, newDocument, saveState, test, textOf, untilReady } from './stories.ts'

const notes =
  '# Field notes\n\nWe met at the **bridge**.\n\n## What we saw\n\n- herons\n\n## To do\n\nnothing'

async function write(page: Page, text: string): Promise<void> {
  await textOf(page).click()
  await page.keyboard.insertText(text)
  await expect(saveState(page)).toHaveText('Saved')
}

function palette(page: Page): Locator {
  return page.getByRole('combobox', { name: 'What would you like to do?' })
}

async function run(page: Page, command: string): Promise<void> {
  await untilReady(page)
  await page.keyboard.press('F1')
  await palette(page).fill(command)
  await page.keyboard.press('Enter')
}

async function downloaded(page: Page, command: string) {
  const download = page.waitForEvent('download')
  await run(page, command)
  const file = await download
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') }
}

test('everything is found by its name, and what was used comes first', async ({ server, person }) => {
  const anna = await person('Anna')
  await newDocument(anna, server)
  await write(anna, notes)
  await anna.keyboard.press('F1')
  const options = anna.getByRole('listbox', { name: 'Commands' }).getByRole('option')
  await palette(anna).fill('setngs')
  await expect(options.first()).toHaveText(/Settings…/)
  await anna.keyboard.press('Enter')
  await expect(anna.getByRole('dialog', { name: 'Settings' })).toBeVisible()
  await anna.keyboard.press('Escape')
  await expect(textOf(anna)).toBeFocused()

  await anna.keyboard.press('ControlOrMeta+Shift+P')
  await expect(options.first()).toHaveText(/Settings…/)
  await anna.keyboard.press('ArrowDown')
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true')
  await anna.keyboard.press('Escape')
  // What is pressed above a dialog is for the dialog.
  await anna.keyboard.press('ControlOrMeta+,')
  await anna.keyboard.press('F1')
  await expect(palette(anna)).toBeHidden()
})

// There is no room for the line below the text, where others choose it.
for (const phone of ['Pixel 7', 'Pixel 7 landscape'] as const)
  test(`on a phone (${phone}), the language of a text is chosen by its name`, async ({ server, person }) => {
    const { userAgent, viewport, isMobile, hasTouch } = devices[phone]
    const anna = await person('Anna', { userAgent, viewport, isMobile, hasTouch })
    await anna.goto(await documentWith(server, 'def a():\n    return 1'))
    await expect(anna.locator('quire-status')).toBeHidden()
    await anna.getByRole('button', { name: 'More' }).tap()
    await anna.getByRole('menuitem', { name: 'Find a command' }).tap()
    const options = anna.getByRole('listbox', { name: 'Commands' }).getByRole('option')
    await expect(options.filter({ hasText: 'Python' })).toHaveCount(0)
    await palette(anna).fill('python')
    await options.filter({ hasText: 'Language of the text: Python' }).tap()
    await expect(textOf(anna).locator('.code-keyword').first()).toHaveText('def')
  })

test('who chose another language for everybody by mistake reads so, and takes it back', async ({
  server,
  person,
}) => {
  const anna = await person('Anna')
  await newDocument(anna, server)
  const language = anna.getByRole('combobox', { name: 'Language of the text' })
  await language.selectOption('Python')
  await expect(anna.getByText('Language of the text: Python').first()).toBeVisible()
  await anna.getByRole('button', { name: 'Undo' }).click()
  await expect(language).toHaveValue('')
})

for (const phone of ['Pixel 7', 'Pixel 7 landscape'] as const)
  test(`on a phone (${phone}), no keys are shown`, async ({ server, person }) => {
    const { userAgent, viewport, isMobile, hasTouch } = devices[phone]
    const anna = await person('Anna', { userAgent, viewport, isMobile, hasTouch })
    await newDocument(anna, server)
    await anna.getByRole('button', { name: 'More' }).tap()
    await expect(anna.getByRole('menuitem', { name: 'Settings' })).toBeAttached()
    await expect(anna.getByRole('menuitem', { name: 'Keys' })).toHaveCount(0)
    await expect(anna.locator('kbd:visible')).toHaveCount(0)
    await anna.getByRole('menuitem', { name: 'Find a command' }).tap()
    await expect(anna.getByRole('option', { name: 'Preview' })).toBeVisible()
    await expect(anna.locator('kbd:visible')).toHaveCount(0)
  })

test('the key of the palette counts from the first moment', async ({ server, person }) => {
  const anna = await person('Anna')
  let letCome = (): void => undefined
  const mayCome = new Promise<void>((resolve) => (letCome = resolve))
  await anna.route(/document-bar/, async (route) => {
    await mayCome
    await route.continue()
  })
  await anna.goto(server.url)
  await anna.getByRole('button', { name: 'New document' }).click()
  await expect(textOf(anna)).toBeFocused()
  await anna.keyboard.press('F1')
  await expect(palette(anna)).toBeHidden()
  letCome()
  await expect(palette(anna)).toBeFocused()
})

test('a text leaves as it is, as a page of its own, and through the clipboard', async ({
  server,
  person,
}) => {
  const anna = await person('Anna', { permissions: ['clipboard-read', 'clipboard-write'] })
  await newDocument(anna, server)
  await anna.getByRole('textbox', { name: 'Title' }).fill('Field <notes>')
  await write(anna, notes)
  expect(await downloaded(anna, 'Download as .md')).toEqual({ name: 'Field notes.md', text: notes })
  expect(await downloaded(anna, 'Download as .txt')).toEqual({ name: 'Field notes.txt', text: notes })
  const page = await downloaded(anna, 'Download as web page')
  expect(page.name).toBe('Field notes.html')
  expect(page.text).toContain('<title>Field &lt;notes&gt;</title>')
  expect(page.text).toContain('<strong>bridge</strong>')

  await run(anna, 'Copy as formatted text')
  await expect(anna.getByText('Formatted text copied').first()).toBeVisible()
  const copied = await anna.evaluate(async () => {
    const [item] = await navigator.clipboard.read()
    const read = async (type: string) => (await item?.getType(type))?.text()
    return { plain: await read('text/plain'), html: await read('text/html') }
  })
  expect(copied.plain).toBe(notes)
  expect(copied.html).toContain('<strong>bridge</strong>')
})

test('what is drawn and coloured leaves with the text, without a preview, and for paper of any colour', async ({
  server,
  person,
}) => {
  const anna = await person('Anna', {
    permissions: ['clipboard-read', 'clipboard-write'],
    colorScheme: 'dark',
  })
  await anna.goto(await documentWith(server, letter))
  const { text: html } = await downloaded(anna, 'Download as web page')
  expect(html.match(/<math/g)).toHaveLength(2)
  expect(html).toContain('<span class="code-keyword">const</span>')
  expect(html).toContain('<svg')
  const reader = await person('Reader', { colorScheme: 'dark' })
  await reader.setContent(html)
  await expect(reader.locator('.code-keyword')).toHaveCSS('color', /^oklch\(0\.76/)
  await expect(reader.locator('li.task').first()).toHaveCSS('list-style-type', 'none')
  expect(html, 'not as it is drawn on a dark page').toContain('fill:#eee')

  await run(anna, 'Copy as formatted text')
  await expect(anna.getByText('Formatted text copied').first()).toBeVisible()
  const copied = await anna.evaluate(async () => {
    const [item] = await navigator.clipboard.read()
    return (await item?.getType('text/html'))?.text()
  })
  expect(copied).toContain('<math')
  expect(copied, 'what cannot be pasted stands there as it was written').toContain('flowchart LR')
  expect(copied, 'the address of the document stays here').not.toContain(server.url)
})

test('what was just typed leaves with the text', async ({ server, person }) => {
  const anna = await person('Anna')
  await anna.goto(await documentWith(server, 'Some words.\n\n'.repeat(3000)))
  await openPreview(anna)
  await renderedHtml(anna)
  const html = await anna.locator('quire-preview').evaluate((preview: QuirePreview) => {
    if (typeof preview.text !== 'object') throw new Error('the preview has no shared text')
    preview.text.insert(0, 'The newest ones. ')
    return preview.renderedHtml()
  })
  expect(html.slice(0, 100)).toContain('The newest ones.')
})

test('a text that cannot be rendered is told to be none', async ({ server, person }) => {
  const anna = await person('Anna', { permissions: ['clipboard-read', 'clipboard-write'] })
  await newDocument(anna, server)
  await write(anna, notes)
  await anna.evaluate(() => navigator.clipboard.writeText('as before'))
  await anna.route(/quire-preview/, (route) => route.fulfill({ status: 404 }))
  await run(anna, 'Copy as formatted text')
  await expect(anna.getByText('The preview cannot be shown').first()).toBeVisible()
  expect(await anna.evaluate(() => navigator.clipboard.readText())).toBe('as before')
})

test('a link to a line leads there after others have written above it', async ({ server, person }) => {
  const anna = await person('Anna', { permissions: ['clipboard-read', 'clipboard-write'] })
  await newDocument(anna, server)
  await write(anna, `${'line\n'.repeat(200)}the place`)
  await run(anna, 'Copy link to this line')
  await expect(anna.getByText('Whoever has it can edit').first()).toBeVisible()
  const link = await anna.evaluate(() => navigator.clipboard.readText())
  expect(link.startsWith(await copyLink(anna, 'Can edit'))).toBe(true)
  await anna.keyboard.insertText('\nbelow'.repeat(200))
  await textOf(anna).press('ControlOrMeta+Home')
  await anna.keyboard.insertText('above\n'.repeat(300))
  await expect(saveState(anna)).toHaveText('Saved')

  const bo = await person('Bo')
  await bo.goto(link)
  await expect(bo.getByText('the place')).toBeInViewport()
  await expect(bo.locator('.cm-linkedLine')).toHaveText('the place')
  // One that is damaged opens the document all the same.
  const cy = await person('Cy')
  await cy.goto(`${link.slice(0, -3)}%%%`)
  await expect(cy.getByText('above').first()).toBeInViewport()
})

test('files become documents, and what is no text is told', async ({ server, person }) => {
  const anna = await person('Anna')
  await anna.goto(server.url)
  const pick = async (files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> => {
    const chooser = anna.waitForEvent('filechooser')
    await anna.getByRole('button', { name: 'Choose files…' }).click()
    await (await chooser).setFiles(files)
  }
  const markdown = { name: 'notes.md', mimeType: 'text/markdown', buffer: Buffer.from(`${notes}\r\n`) }
  const code = { name: 'main.rs', mimeType: 'text/plain', buffer: Buffer.from('fn main() {}\n') }
  const picture = { name: 'cat.png', mimeType: 'image/png', buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0]) }
  await pick([markdown, picture, code])
  await expect(anna.getByRole('alert')).toHaveText('“cat.png” is not a text, or not in Unicode (UTF-8).')
  await expect(anna.getByRole('listitem')).toHaveCount(2)
  await anna.getByRole('link', { name: 'main.rs' }).click()
  await expect(anna.getByRole('combobox', { name: 'Language of the text' })).toHaveValue('rust')
  await anna.goBack()
  await anna.getByRole('link', { name: 'Field notes' }).click()
  await expect(textOf(anna)).toBeVisible()
  expect(await exactTextOf(anna), 'ends of lines as the editor has them').toBe(`${notes}\n`)

  await anna.goto(server.url)
  const dropped = await anna.evaluateHandle(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File(['dropped here'], 'drop.txt', { type: 'text/plain' }))
    return transfer
  })
  await anna.dispatchEvent('quire-home', 'dragenter', { dataTransfer: dropped })
  await expect(anna.getByText('Drop files to make documents of them')).toBeVisible()
  await anna.dispatchEvent('quire-home', 'drop', { dataTransfer: dropped })
  await expect(anna.getByRole('textbox', { name: 'Title' })).toHaveValue('drop')
})

test('the outline leads through a text, beside it and above it', async ({ server, person }) => {
  const anna = await person('Anna')
  await newDocument(anna, server)
  await write(anna, `${notes}\n${'line\n'.repeat(200)}\n## The end\n`)
  await anna.keyboard.press('ControlOrMeta+Shift+O')
  const outline = anna.getByRole('complementary', { name: 'Outline' })
  await expect(outline.getByRole('button', { name: 'To do' })).toHaveAttribute('aria-current', 'location')
  await anna.keyboard.press('Home')
  await anna.keyboard.press('ArrowDown')
  await anna.keyboard.press('Enter')
  await expect(textOf(anna)).toBeFocused()
  await expect(anna.locator('quire-status')).toContainText('Line 5, column 1')
  await expect(outline.getByRole('button', { name: 'What we saw' })).toHaveAttribute(
    'aria-current',
    'location',
  )

  await anna.setViewportSize({ width: 390, height: 780 })
  const dialog = anna.getByRole('dialog', { name: 'Outline' })
  await dialog.getByRole('button', { name: 'The end' }).click()
  await expect(dialog).toBeHidden()
  await expect(anna.getByText('The end')).toBeInViewport()
})

test('a theme is worn at once, in every tab, and before anything is painted', async ({ server, person }) => {
  const anna = await person('Anna', { colorScheme: 'light' })
  await anna.goto(server.url)
  const second = await anna.context().newPage()
  await second.goto(server.url)
  const paper = (page: Page): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  const light = await paper(anna)
  await anna.getByRole('button', { name: 'Settings…' }).click()
  await anna.getByRole('radio', { name: 'Light' }).focus()
  await anna.keyboard.press('ArrowRight')
  await expect(anna.getByRole('radio', { name: 'Dark' })).toBeChecked()
  const dark = await paper(anna)
  expect(dark).not.toBe(light)
  await expect.poll(() => paper(second)).toBe(dark)
  // Without the page's own code, only what runs early can have done it.
  await second.route('**/assets/*.js', (route) => route.abort())
  await second.reload()
  expect(await paper(second)).toBe(dark)
})

test('an address that leads nowhere is said to, with a way on', async ({ server, person }) => {
  const anna = await person('Anna')
  await anna.goto(`${server.url}/minutes`)
  await expect(anna.getByRole('heading', { name: 'There is nothing here' })).toBeVisible()
  await anna.getByRole('link', { name: 'Go to the start page' }).click()
  await expect(anna.getByRole('button', { name: 'New document' })).toBeVisible()
})

test('the text stands alone at an address of its own', async ({ server, person }) => {
  const anna = await person('Anna')
  await newDocument(anna, server)
  await write(anna, notes)
  const opened = anna.context().waitForEvent('page')
  await run(anna, 'Show plain text')
  const page = await opened
  await expect(page.locator('pre')).toHaveText(notes)
  await page.goto(`${server.url}/d/nothing/text#AAAAAAAAAAAAAAAAAAAAAA`)
  await expect(page.getByRole('heading', { name: 'The text cannot be shown' })).toBeVisible()
})

test('a document is deleted after one question', async ({ server, person }) => {
  const anna = await person('Anna')
  await newDocument(anna, server)
  await write(anna, notes)
  await anna.getByRole('button', { name: 'More' }).click()
  await anna.getByRole('menuitem', { name: 'Delete document…' }).click()
  await anna.getByRole('button', { name: 'Keep it' }).click()
  await expect(textOf(anna)).toBeVisible()
  await run(anna, 'Delete document')
  await anna.getByRole('button', { name: 'Delete it' }).click()
  await expect(anna.getByText('Nothing yet.')).toBeVisible()
})

test('a browser that is too old is told so on a ground of its own, also where all else is dark', async ({
  server,
  person,
}) => {
  const anna = await person('Anna', { colorScheme: 'dark' })
  await anna.addInitScript(() => void Reflect.deleteProperty(HTMLElement.prototype, 'popover'))
  await anna.goto(server.url)
  await expect(anna.getByRole('heading')).toHaveText('This browser is too old for Quire')
  await expect(anna.locator('html')).toHaveCSS('background-color', 'rgb(252, 250, 247)')
})

test('a page whose script did not come whole says so', async ({ server, person }) => {
  const anna = await person('Anna')
  await anna.route('**/assets/yjs-*.js', (route) => route.abort('connectionrefused'))
  await anna.goto(server.url)
  await expect(anna.getByRole('heading')).toHaveText('This page did not load whole')
  await anna.unroute('**/assets/yjs-*.js')
  await anna.reload()
  await expect(anna.getByRole('heading', { name: 'Quire' })).toBeVisible()
  await expect(anna.getByText('This page did not load whole')).toBeHidden()
})
