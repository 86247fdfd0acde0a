/**
 * The story of a text that means harm. Whatever it tries, in the real page with the real policies: no script runs, nobody is
 * asked for anything, nothing is even stopped by a policy, and the page around the preview stays what it is.
 */
import type { FrameLocator, Locator, Page } from '@playwright/test'
import { documentWith, openPreview, renderedHtml } from './preview.ts'
import { expect, test, textOf } from './stories.ts'
import { payloadGroups, type PayloadGroup } from './xss-payloads.ts'

// Some of the texts are made to take long, and diagrams do.
test.describe.configure({ timeout: 300_000 })

test('there are enough of them', () => {
  const all = payloadGroups.flatMap(({ payloads }) => payloads)
  expect(new Set(all).size).toBe(all.length)
  expect(all.length).toBeGreaterThanOrEqual(200)
})

/** What takes its time has a page of its own; the others take turns in one, since a page costs more than what is tried in it. */
const slow = new Set(['diagrams', 'texts that take long'])
const pages = [
  payloadGroups.filter(({ name }) => !slow.has(name)),
  ...payloadGroups.filter(({ name }) => slow.has(name)).map((group) => [group]),
]

for (const groups of pages)
  test(`${groups.map(({ name }) => name).join(', ')}: none does anything`, async ({ server, person }) => {
    const harm: string[] = []
    const mallory = await person('Mallory')
    await watch(mallory, { harm, ours: server.url })
    // The first is there when the page is opened; the others come while it is open.
    const [first] = groups
    await mallory.goto(await documentWith(server, first ? textWith(first) : ''))
    await expect(textOf(mallory)).toBeVisible()
    const before = await surroundings(mallory)
    const preview = await openPreview(mallory)

    // What is handed on does nothing in a page without any policy either but show the pictures that the text names.
    const reader = await person('Reader')
    const pictures = new Set<string>()
    await watch(reader, { harm, ours: 'about:blank', pictures })
    await reader.route(/^https?:/, (route) =>
      route.fulfill({ contentType: 'image/svg+xml', body: emptyPicture }),
    )

    // oxlint-disable no-await-in-loop -- one text after the other, in one page
    for (const group of groups) {
      const { name } = group
      const end = endOf(group)
      if (group !== first) await replaceText(mallory, textWith(group))
      await expect(preview.getByText(end)).toBeAttached({ timeout: 60_000 })
      const html = await renderedHtml(mallory)
      expect(html, 'all of it is shown').toContain(end)
      await settled(preview)
      await touchEverything(preview.locator('main'))
      await settled(preview)

      expect(harm, name).toEqual([])
      expect(await surroundings(mallory), name).toEqual(before)
      expect(
        await preview.locator('main').evaluate(() => Reflect.get({}, 'polluted') as unknown),
        name,
      ).toBeUndefined()

      pictures.clear()
      for (const src of await picturesIn(reader, html)) pictures.add(src)
      await reader.setContent(html)
      await touchEverything(reader.locator('body'))
      expect(harm, name).toEqual([])
    }
    // oxlint-enable no-await-in-loop
  })

function textWith(group: PayloadGroup): string {
  return `${group.payloads.join('\n\n')}\n\n${endOf(group)}\n`
}

function endOf({ name }: PayloadGroup): string {
  return `This is where ${name} end.`
}

/** Pasted over all there is. */
async function replaceText(page: Page, text: string): Promise<void> {
  await textOf(page).press('ControlOrMeta+a')
  await textOf(page).evaluate((editor, words) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', words)
    editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)
}

function picturesIn(page: Page, html: string): Promise<string[]> {
  return page.evaluate(
    (text) => [...new DOMParser().parseFromString(text, 'text/html').images].map(({ src }) => src),
    html,
  )
}

const emptyPicture = '<svg xmlns="http://www.w3.org/2000/svg"/>'

interface Watch {
  readonly harm: string[]
  readonly ours: string
  /** The addresses that pictures may be asked of. */
  readonly pictures?: ReadonlySet<string>
}

/** Tells of every script, window, dialog, violation of a policy and request to others. */
async function watch(page: Page, { harm, ours, pictures = new Set() }: Watch): Promise<void> {
  await page.exposeFunction('report', (what: string) => void harm.push(what))
  await page.addInitScript(() => {
    const tell = (what: string): void => {
      const report: unknown = Reflect.get(globalThis, 'report')
      if (typeof report === 'function') report(what)
    }
    Reflect.set(globalThis, 'hit', () => tell(`a script ran in ${location.href}`))
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      tell(`policy: ${violatedDirective} ${blockedURI} ${sample}`),
    )
  })
  page.on('dialog', (dialog) => {
    harm.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('popup', (popup) => harm.push(`window: ${popup.url()}`))
  page.on('request', (request) => {
    const url = request.url()
    // The preview hands itself parts of its own code.
    const isOurs = url.startsWith(ours) || url.startsWith('blob:null/') || url.startsWith('data:')
    if (!isOurs && !(request.resourceType() === 'image' && pictures.has(url)))
      harm.push(`request: ${url.slice(0, 200)}`)
  })
}

/** Diagrams and formulas are drawn after the text is there. */
async function settled(preview: FrameLocator): Promise<void> {
  await expect(preview.locator('pre.diagram:not(.failed):not(:has(> svg))')).toHaveCount(0, {
    timeout: 200_000,
  })
  await preview.locator('main').evaluate(() => new Promise((resolve) => setTimeout(resolve)))
}

/** As a pointer, a finger and the Tab key would. Links to other sites are left: they are to be followed by whoever clicks. */
function touchEverything(within: Locator): Promise<void> {
  return within.evaluate((root) => {
    for (const element of root.querySelectorAll<HTMLElement | SVGElement>('*')) {
      element.focus()
      for (const type of ['pointerenter', 'mouseover', 'mousemove', 'animationstart', 'toggle', 'scroll'])
        element.dispatchEvent(new MouseEvent(type, { bubbles: true }))
      if (element.closest('a[href^="http"], a[href^="mailto:"], .show-pictures')) continue
      element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))
    }
  })
}

/** Of the page around the preview, what a text has no business with. */
function surroundings(page: Page): Promise<unknown> {
  return page.evaluate(() => ({
    address: location.href,
    title: document.title,
    // Parsers for its code are fetched, of which links to their files stay behind.
    head: [...document.head.children]
      .filter((element) => !element.matches('[rel=modulepreload]'))
      .map(({ outerHTML }) => outerHTML),
    body: [...document.body.children].map(({ outerHTML }) => outerHTML),
    polluted: Reflect.get({}, 'polluted') as unknown,
  }))
}
