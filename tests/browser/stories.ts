/** What the browser stories are told with: a server, people in browsers of their own, and their text. */
import {
  test as base,
  expect,
  type Browser,
  type BrowserContext,
  type FrameLocator,
  type Locator,
  type Page,
} from '@playwright/test'
import { createDocument } from '../support/documents.ts'
import { KeptForWorker } from './kept-for-worker.ts'
import { SharedServer } from './shared-server.ts'

export interface RestartableServer {
  readonly url: string
  kill(): Promise<void>
  /** On the same port and folder. */
  start(): Promise<void>
}

export interface Stories {
  /** Serves the stories before and after this one too, each with documents of its own. */
  readonly server: RestartableServer
  /** Opens a browser for someone; what goes wrong in it fails the test. */
  readonly person: (name: string, options?: Parameters<Browser['newContext']>[0]) => Promise<Page>
}

/** Whoever needs more for the whole of a worker has it kept here: a fixture of their own would have Playwright begin other workers. */
export const test = base.extend<Stories, { kept: KeptForWorker }>({
  kept: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const kept = new KeptForWorker()
      await use(kept)
      await kept.close()
    },
    { scope: 'worker' },
  ],
  server: async ({ kept }, use) => {
    const shared = await kept.one(beginServer)
    await use(shared)
    await shared.recover()
  },
  person: async ({ browser }, use) => {
    const contexts: BrowserContext[] = []
    const complaints: string[] = []
    await use(async (name, options = {}) => {
      // A service worker fetches the whole page once more, for every person: those who go offline ask for it.
      const context = await browser.newContext({ serviceWorkers: 'block', ...options })
      contexts.push(context)
      await context.addInitScript((guestName) => {
        document.addEventListener('securitypolicyviolation', (event) => {
          console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`)
        })
        // The frame of a preview has an origin of its own, and nothing is kept for that.
        if (origin !== 'null')
          localStorage.setItem('quire.guest', JSON.stringify({ name: guestName, secret: `of ${guestName}` }))
      }, name)
      const page = await context.newPage()
      page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`))
      page.on('console', (message) => {
        if (message.type() === 'error' && !isLostConnection(message.text()))
          complaints.push(`${name}: ${message.text()}`)
      })
      return page
    })
    await Promise.all(contexts.map((context) => context.close()))
    expect(complaints).toEqual([])
  },
})

export { expect }

function beginServer(): Promise<SharedServer> {
  return SharedServer.begin()
}

/** The browser itself reports each connection that cannot be made; stories in which the server is away expect it. */
function isLostConnection(text: string): boolean {
  return /ERR_CONNECTION|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|WebSocket connection to|Failed to load resource.*(401|404|503)/.test(
    text,
  )
}

/** The text of a document page, to be typed into. */
export function textOf(page: Page | FrameLocator): Locator {
  return page.getByRole('textbox', { name: 'Text' })
}

/** The text exactly as the editor holds it, which a DOM with its line elements does not tell. */
export function exactTextOf(page: Page | FrameLocator): Promise<string | undefined> {
  return page
    .locator('quire-text')
    .evaluate((editor) => ('value' in editor ? String(editor.value) : undefined))
}

/** Soon: whatever is on its way has yet to come. */
export async function expectSameText(one: Page, other: Page): Promise<void> {
  await expect.poll(async () => (await exactTextOf(one)) === (await exactTextOf(other))).toBe(true)
}

/** As whoever made it opens it. The start page is a page more, and has stories of its own. */
export async function newDocument(page: Page, { url }: { readonly url: string }): Promise<void> {
  const { id, keys } = await createDocument(url)
  await page.goto(`${url}/d/${id}#${keys.own}`)
  await expect(textOf(page)).toBeVisible()
  await untilReady(page)
}

/** What the editor is written with comes a moment after the text: its keys are pressed by people, who are slower than tests. */
export async function untilReady(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page
        .locator('quire-document')
        .evaluate(
          (shown) =>
            'editorCommands' in shown && Array.isArray(shown.editorCommands) && shown.editorCommands.length,
        ),
    )
    .toBeGreaterThan(0)
}

/** The sentence beside the title, as it is seen. */
export function saveState(page: Page | FrameLocator): Locator {
  return page.locator('quire-document .state > span').first()
}

/** What a screen reader has last been told of it. */
export function announcement(page: Page): Locator {
  return page.locator('quire-document .state').getByRole('status')
}

/** Takes the link for this role from the share dialog; the person needs clipboard permissions. */
export async function copyLink(page: Page, role: 'Can edit' | 'Can view'): Promise<string> {
  await page.getByRole('button', { name: 'Share' }).click()
  const entry = page.getByRole('listitem').filter({ hasText: role })
  await entry.getByRole('button', { name: 'Copy link' }).click()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  await page.getByRole('button', { name: 'Done' }).click()
  return link
}
