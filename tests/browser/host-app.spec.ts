/** The example application of `examples/host-app`, whose users write in Quire documents within its pages. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { FrameLocator, Page } from '@playwright/test'
import { makeDataFolder, runServer } from '../../scripts/run-server.ts'
import { freePort } from '../support/free-port.ts'
import { exactTextOf, expect, saveState, test as base, textOf } from './stories.ts'

const main = fileURLToPath(new URL('../../examples/host-app/main.ts', import.meta.url))

const test = base.extend<{ startApplication: (options?: { tokenSeconds: number }) => Promise<string> }>({
  /** With a Quire of its own; resolves to its URL. */
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from this pattern
  startApplication: async ({}, use) => {
    const folder = makeDataFolder()
    const stops: (() => Promise<void>)[] = []
    await use(async ({ tokenSeconds } = { tokenSeconds: 300 }) => {
      const port = await freePort()
      const url = `http://127.0.0.1:${port}`
      const quire = await runServer({
        QUIRE_DATA: folder.path,
        QUIRE_JWKS_URL: `${url}/keys`,
        QUIRE_JWT_ISSUER: url,
        QUIRE_FRAME_ANCESTORS: url,
      })
      stops.push(() => quire.stop())
      const application = spawn('node', [main], {
        env: {
          ...process.env,
          PORT: String(port),
          QUIRE_URL: quire.url,
          TOKEN_SECONDS: String(tokenSeconds),
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      stops.push(() => end(application))
      await once(createInterface(application.stdout), 'line')
      return url
    })
    await Promise.all(stops.map((stop) => stop()))
    folder.remove()
  },
})

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill()
  await exited
}

async function openEmbedded(page: Page, url: string): Promise<FrameLocator> {
  await page.goto(url)
  const frame = page.frameLocator('iframe')
  // What was gone to is the page around it; the frame is a second page to be loaded.
  await textOf(frame).waitFor()
  return frame
}

/** What the browser keeps of the document's page: its address, its storage and the steps back. */
async function traces(page: Page): Promise<{ href: string; stored: string; steps: number }> {
  const [, frame] = page.frames()
  if (!frame) throw new Error('there is no document in the page')
  return frame.evaluate(() => ({
    href: location.href,
    stored: JSON.stringify(localStorage),
    steps: history.length,
  }))
}

/** The address at which a user of the application opens a document by themselves. */
async function addressFor(page: Page, url: string): Promise<string> {
  const response = await page.request.get(`${url}/token`)
  const body = (await response.json()) as { url: string } // as the example answers
  return body.url
}

const ended = 'Your access has ended. Open this document again from the application it came from.'

test('two users of an application write in one document, under the names it knows them by', async ({
  startApplication,
  person,
}) => {
  const url = await startApplication()
  const [adaPage, boPage] = [await person('Robin'), await person('Wren')]
  const ada = await openEmbedded(adaPage, `${url}/ada/minutes`)
  const bo = await openEmbedded(boPage, `${url}/bo/minutes`)
  await textOf(ada).click()
  await textOf(bo).click()
  await Promise.all([
    adaPage.keyboard.type('Ada writes this. ', { delay: 5 }),
    boPage.keyboard.type('Bo writes that. ', { delay: 5 }),
  ])
  for (const frame of [ada, bo]) {
    await expect(saveState(frame)).toHaveText('Saved')
    await expect(frame.getByText('Ada writes this.')).toBeVisible()
    await expect(frame.getByText('Bo writes that.')).toBeVisible()
    await expect(frame.getByRole('button', { name: 'Share' })).toHaveCount(0)
    await expect(frame.getByRole('link', { name: /start page/ })).toHaveCount(0)
    await frame.getByRole('button', { name: '2 people are here' }).click()
    await expect(frame.getByRole('textbox', { name: 'Your name' })).toHaveCount(0)
  }
  await expect(ada.getByRole('listitem')).toHaveText([/Ada Lovelace\s*you/, /Bo Lindqvist/])
  await expect(bo.getByRole('listitem')).toHaveText([/Bo Lindqvist\s*you/, /Ada Lovelace/])

  for (const page of [adaPage, boPage]) {
    const { href, stored } = await traces(page)
    expect(href).toMatch(/\/d\/minutes$/)
    expect(stored).not.toMatch(/minutes|eyJ/)
  }
})

test('whoever may only read reads along and cannot write', async ({ startApplication, person }) => {
  const url = await startApplication()
  const [adaPage, boPage] = [await person('Robin'), await person('Wren')]
  const ada = await openEmbedded(adaPage, `${url}/ada/handbook`)
  const bo = await openEmbedded(boPage, `${url}/bo/handbook`)
  await textOf(ada).click()
  await adaPage.keyboard.type('Read this')
  await expect(bo.getByText('Read this')).toBeVisible()
  await expect(saveState(bo)).toHaveText('View only')
  await textOf(bo).click()
  await boPage.keyboard.type('not this')
  await adaPage.keyboard.type('!')
  await expect(bo.getByText('Read this!')).toBeVisible()
  expect(await exactTextOf(bo)).toBe('Read this!')
})

test('access goes on while newer tokens come, ends in words when none does, and comes back with one', async ({
  startApplication,
  person,
}) => {
  const url = await startApplication({ tokenSeconds: 6 })
  const page = await person('Robin')
  const ada = await openEmbedded(page, `${url}/ada/minutes`)
  await textOf(ada).click()
  await page.keyboard.type('while it lasts')
  await expect(saveState(ada)).toHaveText('Saved')
  const { steps } = await traces(page)
  for (let renewal = 0; renewal < 3; renewal++) await page.waitForResponse(/\/token$/)
  await expect(saveState(ada)).toHaveText('Saved')
  expect(await traces(page)).toMatchObject({ href: expect.stringMatching(/\/d\/minutes$/), steps })

  await page.route(/\/token$/, (route) => route.abort('connectionrefused'))
  // The last token has most of its life before it, which is longer than anything else is waited for.
  await expect(saveState(ada)).toHaveText(ended, { timeout: 20_000 })
  await expect(ada.getByText('while it lasts')).toBeVisible()
  await expect(textOf(ada)).toHaveAttribute('aria-readonly', 'true')

  await page.unroute(/\/token$/)
  await expect(saveState(ada)).toHaveText('Saved')
  await textOf(ada).click()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type(', and again')
  await expect(saveState(ada)).toHaveText('Saved')
  expect(await exactTextOf(ada)).toBe('while it lasts, and again')
})

test('a document that is opened with a token is there after a reload, and nowhere else', async ({
  startApplication,
  person,
}) => {
  const url = await startApplication()
  const page = await person('Robin')
  await page.goto(await addressFor(page, `${url}/ada/minutes`))
  await expect(textOf(page)).toBeVisible()
  const address = page.url()
  expect(address).toMatch(/\/d\/minutes$/)
  await page.reload()
  await expect(textOf(page)).toBeVisible()
  await textOf(page).click()
  await page.keyboard.type('Here I am')
  await expect(saveState(page)).toHaveText('Saved')

  await page.goto(new URL('/', address).href)
  await expect(page.getByText('Nothing yet.')).toBeVisible()
  const elsewhere = await page.context().newPage()
  await elsewhere.goto(address)
  await expect(elsewhere.getByRole('heading', { name: 'This link is incomplete' })).toBeVisible()
})

test('a token that has expired opens nothing and says so, now and after a reload', async ({
  startApplication,
  person,
}) => {
  const url = await startApplication({ tokenSeconds: -60 })
  const page = await person('Robin')
  await page.goto(await addressFor(page, `${url}/ada/minutes`))
  for (let visit = 0; visit < 2; visit++) {
    await expect(page.getByRole('heading', { name: 'Your access has ended' })).toBeVisible()
    await expect(page.getByText('from the application it came from')).toBeVisible()
    await expect(page.getByRole('link')).toHaveCount(0)
    await page.reload()
  }
})
