/**
 * Makes the pictures in the README, against a real server: two people in one document, each in a browser of their own; and a
 * text beside its preview, on a desk and on a phone, in light and in dark; and the one of the operator's page. Run `pnpm build` first, then `pnpm picture`.
 */
import { chromium, type Page } from 'playwright'
import { chromiumLaunchOptions } from './chromium.ts'
import { makeDataFolder, runServer } from './run-server.ts'

const folderOfPictures = 'docs/images'
const half = { width: 620, height: 560 }
const desk = { width: 1280, height: 720 }
const phone = { width: 390, height: 720 }

type Size = typeof half

const adminToken = 'Wq3hT8-vN5pLxR2m'

const folder = makeDataFolder()
const server = await runServer({ QUIRE_DATA: folder.path, QUIRE_ADMIN_TOKEN: adminToken })
const browser = await chromium.launch(chromiumLaunchOptions())
try {
  await takeTogether(server.url)
  await takeReading(server.url)
  await takeOperator(server.url)
} finally {
  await browser.close()
  await server.stop()
  folder.remove()
}

async function takeTogether(url: string): Promise<void> {
  const anna = await person({ name: 'Anna', url, size: half, dark: false })
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
  const jonas = await person({ name: 'Jonas', url: anna.url(), size: half, dark: true })
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
      page.getByText('Saved', { exact: true }).first().waitFor(),
    ]),
  )
  await side('two-people', [
    { size: half, png: await anna.screenshot() },
    { size: half, png: await jonas.screenshot() },
  ])
}

async function takeReading(url: string): Promise<void> {
  const anna = await person({ name: 'Anna', url, size: desk, dark: false })
  await anna.getByRole('button', { name: 'New document' }).click()
  await anna.getByRole('textbox', { name: 'Title' }).fill('How the bridge sings')
  await anna.getByRole('textbox', { name: 'Text' }).click()
  await anna.keyboard.insertText(
    [
      '# How the bridge sings',
      '',
      'A wire of length $L$ under tension $T$ answers the wind with',
      '',
      '$$f = \\frac{1}{2L}\\sqrt{\\frac{T}{\\mu}}$$',
      '',
      '| span | wires | note |',
      '| ---- | ----: | :--: |',
      '| west | 24 | A |',
      '| east | 31 | C♯ |',
      '',
      '```js',
      'export const note = (span) => Math.sqrt(tension) / span',
      '```',
      '',
      '- [x] ask the keeper for the drawings',
      '- [ ] listen once more, at night',
    ].join('\n'),
  )
  await anna.getByRole('button', { name: 'Preview' }).click()
  const preview = anna.frameLocator('quire-preview iframe')
  await preview.locator('.katex').first().waitFor()
  await preview.locator('.code-keyword').first().waitFor()
  await anna.getByText('Saved', { exact: true }).first().waitFor()
  const seen = async (size: Size, dark: boolean): Promise<Buffer> => {
    const page = await person({ name: 'Anna', url: anna.url(), size, dark })
    await page.getByRole('textbox', { name: 'Text' }).getByText('A wire of length').waitFor()
    await page.locator('.code-keyword').first().waitFor()
    await page.getByText('Saved', { exact: true }).first().waitFor()
    return page.screenshot()
  }
  await side('reading', [
    { size: desk, png: await anna.screenshot() },
    { size: phone, png: await seen(phone, true) },
  ])
  await side('light-and-dark', [
    { size: desk, png: await seen(desk, true) },
    { size: phone, png: await seen(phone, false) },
  ])
}

async function takeOperator(url: string): Promise<void> {
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' }
  const ask = async (path: string, body: object): Promise<unknown> =>
    (
      await fetch(`${url}/api/admin/documents${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
    ).json()
  const titles = [
    'Release checklist 2.4',
    'Minutes: archive meeting',
    'قراءة في المخطوطات',
    'Reading group',
    'Choir: parts',
  ]
  const made = await Promise.all(
    titles.map(async (title, index) => ask('', { title, text: `${title}\n`.repeat(40 * (index + 1)) })),
  )
  const { id, links } = made[0] as { id: string; links: { edit: string } } // the 201 of the API
  await ask(`/${id}/links`, { role: 'view', label: 'The press', expiresIn: 604_800, maxUses: 3 })
  for (const name of ['Anna', 'Jonas']) {
    const page = await person({ name, url: links.edit, size: half, dark: false })
    await page.getByText('Saved', { exact: true }).first().waitFor()
  }
  const signedIn = async (size: Size, dark: boolean): Promise<Page> => {
    const page = await person({ name: 'operator', url: `${url}/admin`, size, dark })
    await page.getByLabel('Admin token').fill(adminToken)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Reading group' }).waitFor()
    await page.getByText('people connected').waitFor()
    return page
  }
  const all = await signedIn(desk, false)
  const one = await signedIn(phone, true)
  await one.goto(`${url}/admin#/d/${id}`)
  await one.getByText('The press').waitFor()
  await side('operator', [
    { size: desk, png: await all.screenshot() },
    { size: phone, png: await one.screenshot() },
  ])
}

/** A browser of their own, in which they have said how they are called. */
async function person(options: { name: string; url: string; size: Size; dark: boolean }): Promise<Page> {
  const { name, url, size, dark } = options
  const context = await browser.newContext({
    viewport: size,
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

async function side(
  name: string,
  windows: readonly { readonly size: Size; readonly png: Buffer }[],
): Promise<void> {
  const width = windows.reduce((sum, { size }) => sum + size.width, 0) + 144
  const page = await browser.newPage({
    viewport: { width, height: Math.max(...windows.map(({ size }) => size.height)) + 96 },
    deviceScaleFactor: 2000 / width,
  })
  const images = windows.map(
    ({ size, png }) => `<img width="${size.width}" src="data:image/png;base64,${png.toString('base64')}">`,
  )
  await page.setContent(
    `<style>
      body { margin: 0; padding: 48px; display: flex; gap: 48px; background: #e9e5dc }
      img { border-radius: 12px; box-shadow: 0 1px 2px #0002, 0 16px 48px #0003 }
    </style>${images.join('')}`,
  )
  const path = `${folderOfPictures}/${name}.png`
  await page.screenshot({ path })
  console.log(`${path} is made`)
}
