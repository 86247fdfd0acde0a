/**
 * Makes the picture in the README: two people in one document, each in a browser of their own, against a real
 * server. Run `pnpm build` first, then `pnpm picture`.
 */
import { chromium, type Page } from 'playwright'
import { chromiumLaunchOptions } from './chromium.ts'
import { makeDataFolder, runServer } from './run-server.ts'

const picture = 'docs/images/two-people.png'
const windowSize = { width: 620, height: 560 }

const folder = makeDataFolder()
const server = await runServer({ QUIRE_DATA: folder.path })
const browser = await chromium.launch(chromiumLaunchOptions())
try {
  await take(server.url)
} finally {
  await browser.close()
  await server.stop()
  folder.remove()
}

async function take(url: string): Promise<void> {
  const anna = await person({ name: 'Anna', url, dark: false })
  await anna.getByRole('button', { name: 'New document' }).click()
  await anna.getByRole('textbox', { name: 'Title' }).fill('Field notes, November')
  const annasText = anna.getByRole('textbox', { name: 'Text' })
  await annasText.click()
  await anna.keyboard.insertText(
    [
      '# Field notes, November',
      '',
      'We met at the **north bridge** a little after seven and walked until the light went.',
      '',
      '## What we saw',
      '',
      '- Two herons, standing exactly where they stood last year.',
      '- A barge with no name, loaded with slate.',
      '- ',
    ].join('\n'),
  )
  const jonas = await person({ name: 'Jonas', url: anna.url(), dark: true })
  const jonasText = jonas.getByRole('textbox', { name: 'Text' })
  await jonasText.getByText('A barge with no name').click()
  await jonas.keyboard.press('End')
  await Promise.all([
    anna.keyboard.type('Ice in the reeds, thin enough to sing.'),
    jonas.keyboard.type(' Jonas counted eleven crates.'),
  ])
  await Promise.all(
    [anna, jonas].flatMap((page) => [
      page.getByText('Ice in the reeds, thin enough to sing.').waitFor(),
      page.getByText('Jonas counted eleven crates.').waitFor(),
      page.getByText('Saved', { exact: true }).waitFor(),
    ]),
  )
  await side([await anna.screenshot(), await jonas.screenshot()])
  console.log(`${picture} is made`)
}

/** A browser of their own, in which they have said how they are called. */
async function person({ name, url, dark }: { name: string; url: string; dark: boolean }): Promise<Page> {
  const context = await browser.newContext({
    viewport: windowSize,
    deviceScaleFactor: 2,
    colorScheme: dark ? 'dark' : 'light',
  })
  await context.addInitScript((guestName) => {
    localStorage.setItem(
      'quire.guest',
      JSON.stringify({ name: guestName, secret: `picture of ${guestName}` }),
    )
  }, name)
  const page = await context.newPage()
  await page.goto(url)
  return page
}

async function side(windows: readonly Buffer[]): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: windowSize.width * 2 + 144, height: windowSize.height + 96 },
    deviceScaleFactor: 1.5,
  })
  const images = windows.map(
    (png) => `<img width="${windowSize.width}" src="data:image/png;base64,${png.toString('base64')}">`,
  )
  await page.setContent(
    `<style>
      body { margin: 0; padding: 48px; display: flex; gap: 48px; background: #e9e5dc }
      img { border-radius: 12px; box-shadow: 0 1px 2px #0002, 0 16px 48px #0003 }
    </style>${images.join('')}`,
  )
  await page.screenshot({ path: picture })
}
