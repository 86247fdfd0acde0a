/** The example site of `examples/embed`, whose pages hold editors of a Quire elsewhere. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Locator, Page, WebSocket } from '@playwright/test'
import type { QuireEditor } from '@quire/editor'
import { makeDataFolder, runServer } from '../../scripts/run-server.ts'
import { freePort } from '../support/free-port.ts'
import { signHostToken } from '../support/host-token.ts'
import { expect, test as base } from './stories.ts'

const main = fileURLToPath(new URL('../../examples/embed/main.ts', import.meta.url))

const secret = 'dWq3hT8vN5pLxR2mKf7sYb1cJ9gZa4eU'

/** The site and its Quire, which are two origins. */
const test = base.extend<{ site: string }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from this pattern
  site: async ({}, use) => {
    const folder = makeDataFolder()
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const quire = await runServer({
      QUIRE_DATA: folder.path,
      QUIRE_ORIGINS: url,
      QUIRE_SECRET: secret,
    })
    const site = spawn('node', [main], {
      env: { ...process.env, PORT: String(port), QUIRE_URL: quire.url },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(createInterface(site.stdout), 'line')
    await use(url)
    const exited = once(site, 'exit')
    site.kill()
    await exited
    await quire.stop()
    folder.remove()
  },
})

test('two people write in the page of a site, which hears what becomes of it', async ({ site, person }) => {
  const [anna, bo] = [await person('Anna'), await person('Bo')]
  await anna.goto(site)
  await bo.goto(site)
  await writeIn(minutesOf(anna), 'We meet on Monday')
  await expect(minutesOf(bo)).toContainText('We meet on Monday')
  await expect(anna.locator('#said')).toHaveText('The minutes are saved.')
  await expect(anna.locator('#minutes').getByRole('button', { name: '2 people are here' })).toBeVisible()
  expect(await anna.context().cookies()).toEqual([])
})

test('a form sends what was written in it, and not before something was', async ({ site, person }) => {
  const anna = await person('Anna')
  await anna.goto(site)
  const events = await heardFrom(anna)
  await anna.getByRole('textbox', { name: 'Your name' }).fill('Anna')
  await anna.getByRole('button', { name: 'Send' }).click()
  await expect(anna).toHaveURL(`${site}/`)
  const suggestion = anna.getByRole('textbox', { name: 'Suggestion' })
  await writeIn(suggestion, '- tea')
  await anna.keyboard.press('Enter')
  await anna.keyboard.type('cake')
  await anna.getByRole('button', { name: 'Send' }).focus()
  expect(await events()).toEqual([...Array<string>('- tea\ncake'.length).fill('input'), 'change'])
  await anna.getByRole('button', { name: 'Send' }).click()
  await expect(anna.locator('body')).toHaveText('Anna suggests: - tea - cake')
  await anna.goBack()
  await expect(suggestion, 'nobody has to write it once more').toContainText('cake')
})

test('the page reads and writes the text, moves the element, and takes it out without a trace', async ({
  site,
  person,
}) => {
  const anna = await person('Anna')
  const sockets: WebSocket[] = []
  anna.on('websocket', (socket) => sockets.push(socket))
  await anna.goto(site)
  await writeIn(minutesOf(anna), 'one')
  await expect(anna.locator('#said')).toHaveText('The minutes are saved.')
  await minutesOf(anna).blur()
  const events = await heardFrom(anna)

  const value = await anna.locator('#minutes').evaluate((editor: QuireEditor) => {
    editor.value = `${editor.value}\r\ntwo`
    document.body.append(editor)
    return editor.value
  })
  expect(value).toBe('one\ntwo')
  await expect(minutesOf(anna)).toContainText('two')
  expect(await events()).toEqual([])
  expect(sockets.map((socket) => socket.isClosed())).toEqual([false])

  // What nobody has open is not to be written, or it would be nowhere.
  const written = await anna.locator('#minutes').evaluate(async (editor: QuireEditor) => {
    editor.remove()
    await new Promise((resolve) => setTimeout(resolve))
    try {
      editor.value = 'three'
    } catch (error) {
      const { value: left, session, status, people } = editor
      return [left, session, status.state, people, error instanceof DOMException && error.name]
    } finally {
      document.body.append(editor)
    }
    return []
  })
  expect(written).toEqual(['one\ntwo', undefined, 'loading', [], 'InvalidStateError'])

  // Twenty more come and go, each with its text shown.
  await anna.evaluate(async () => {
    const minutes = document.querySelector('#minutes')
    for (let round = 0; round < 20; round++) {
      const other = document.createElement('quire-editor')
      other.setAttribute('link', minutes?.getAttribute('link') ?? '')
      minutes?.replaceWith(other)
      await other.ready
      other.replaceWith(minutes ?? '')
    }
    for (const editor of document.querySelectorAll('quire-editor')) editor.remove()
  })
  // CodeMirror keeps the range it measured last, and the browser where the caret was: so two of 22.
  await expect.poll(() => living(anna, "customElements.get('quire-editor').prototype")).toBeLessThanOrEqual(2)
  await expect.poll(() => sockets.filter((socket) => !socket.isClosed())).toEqual([])
})

test('a document is scrolled within the element, which has the size that it is given', async ({
  site,
  person,
}) => {
  const anna = await person('Anna')
  await anna.goto(site)
  await writeIn(minutesOf(anna), 'first')
  await anna.locator('#minutes').evaluate((editor: QuireEditor) => {
    editor.style.height = '300px'
    editor.value = Array.from({ length: 200 }, (_, index) => `line ${index}`).join('\n')
  })
  await writeIn(minutesOf(anna), ' and the end')
  await expect(minutesOf(anna).getByText('line 199 and the end')).toBeInViewport()
  expect((await anna.locator('#minutes').boundingBox())?.height).toBe(300)
})

test('a guest is called what the page says, and then what they say themselves, also the next time', async ({
  site,
  person,
}) => {
  const [anna, bo] = [await person('Anna'), await person('Bo')]
  await anna.goto(site)
  await bo.goto(site)
  const namesAtBos = async (): Promise<string[]> =>
    bo.locator('#minutes').evaluate(({ people }: QuireEditor) => people.map(({ name }) => name))
  await minutesOf(anna).waitFor()
  await anna.locator('#minutes').evaluate((editor: QuireEditor) => (editor.userName = 'Hanna'))
  await expect.poll(namesAtBos).toContain('Hanna')
  await anna.locator('#minutes').getByRole('button', { name: '2 people are here' }).click()
  await anna.locator('#minutes').getByRole('textbox', { name: 'Your name' }).fill('Karla')
  await anna.keyboard.press('Enter')
  await expect.poll(namesAtBos).toContain('Karla')
  // Where the next page of this site looks for it.
  expect(await anna.evaluate(() => localStorage.getItem('quire.guest'))).toContain('"Karla"')
})

test('a form is not kept back by what its sender may only read', async ({ site, person }) => {
  const anna = await person('Anna')
  await anna.goto(site)
  await minutesOf(anna).waitFor()
  const server = await anna.locator('#minutes').evaluate((editor: QuireEditor) => editor.server)
  const made = await fetch(`${server}/api/documents`, { method: 'POST' })
  const { links } = (await made.json()) as { readonly links: { readonly view: string } } // the API's contract
  const said = await anna.locator('#minutes').evaluate(async (editor: QuireEditor, link) => {
    const roles: unknown[] = []
    const isRead = new Promise<void>((resolve) =>
      editor.addEventListener('quire-status', ({ detail: { role } }) => {
        roles.push(role)
        if (role === 'view') resolve()
      }),
    )
    const left: unknown[] = []
    editor.addEventListener('quire-people', ({ detail }) => left.push(detail.length))
    editor.required = true
    editor.link = link
    const isGone = editor.session === undefined
    await isRead
    return { isGone, isValid: editor.checkValidity(), left: left[0] }
  }, links.view)
  expect(said).toEqual({ isGone: true, isValid: true, left: 0 })
})

test('an element without a whole link, or with one that opens nothing, says so', async ({ site, person }) => {
  const anna = await person('Anna')
  await anna.goto(site)
  await minutesOf(anna).waitFor()
  await anna.locator('#minutes').evaluate((element) => element.setAttribute('link', 'http://nowhere'))
  await expect(anna.locator('#minutes')).toContainText('There is no whole link here')
  await anna.locator('#minutes').evaluate((editor: QuireEditor) => {
    editor.setAttribute('link', `${editor.server}/d/nowhere#AAAAAAAAAAAAAAAAAAAAAA`)
  })
  await expect(anna.locator('#said')).toHaveText('The minutes cannot be opened (gone).')
})

test('a page that knows its people gives each a token whenever one is wanted', async ({ site, person }) => {
  const anna = await person('Anna')
  let asked = 0
  await anna.exposeFunction('giveToken', () => {
    if (++asked === 1) throw new Error('not yet')
    const now = Math.floor(Date.now() / 1000)
    return signHostToken(Buffer.from(secret), { doc: 'agenda', name: 'Ada Lovelace', iat: now, exp: now + 4 })
  })
  await anna.goto(site)
  await minutesOf(anna).waitFor()
  const codes = await anna.evaluateHandle(() => {
    const heard: string[] = []
    const editor = document.createElement('quire-editor')
    editor.addEventListener('quire-error', ({ detail }) => heard.push(detail.code))
    editor.label = 'Agenda'
    editor.doc = 'agenda'
    editor.getToken = Reflect.get(window, 'giveToken')
    document.querySelector('#minutes')?.replaceWith(editor)
    return heard
  })
  await expect(anna.getByText('This page has not let you in yet. It is asked again…')).toBeVisible()
  const agenda = anna.getByRole('textbox', { name: 'Agenda' })
  await writeIn(agenda, 'Tea')
  const names = () =>
    anna
      .locator('quire-editor')
      .first()
      .evaluate(({ people }: QuireEditor) => people.map(({ name }) => name))
  await expect.poll(names).toEqual(['Ada Lovelace'])
  await expect.poll(() => asked, { timeout: 20_000 }).toBeGreaterThan(3)
  await anna.keyboard.type(' and cake')
  await expect(agenda).toContainText('Tea and cake')
  await expect(anna.getByText('Saved', { exact: true }).first()).toBeVisible()
  expect(await codes.jsonValue()).toEqual(['no-token'])
})

function minutesOf(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Minutes' })
}

async function writeIn(text: Locator, words: string): Promise<void> {
  await text.click()
  await text.press('ControlOrMeta+End')
  await text.page().keyboard.type(words)
}

/** What the page hears of edits from now on, and has heard when it is asked. */
async function heardFrom(page: Page): Promise<() => Promise<string[]>> {
  const heard = await page.evaluateHandle(() => {
    const types: string[] = []
    for (const type of ['input', 'change'])
      document.addEventListener(type, ({ target }) => {
        if ((target as Element).localName === 'quire-editor') types.push(type)
      })
    return types
  })
  return () => heard.jsonValue()
}

/** How many objects with this prototype are alive once everything that can go has gone. */
async function living(page: Page, prototype: string): Promise<number> {
  const browser = await page.context().newCDPSession(page)
  try {
    await browser.send('HeapProfiler.collectGarbage')
    const { result } = await browser.send('Runtime.evaluate', { expression: prototype })
    const { objects } = await browser.send('Runtime.queryObjects', {
      prototypeObjectId: result.objectId ?? '',
    })
    const count = await browser.send('Runtime.callFunctionOn', {
      objectId: objects.objectId ?? '',
      functionDeclaration: 'function () { return this.length }',
      returnByValue: true,
    })
    return Number(count.result.value)
  } finally {
    await browser.detach()
  }
}
