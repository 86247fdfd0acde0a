/** The operator's page, and what it does to those who write. */
import type { Page } from '@playwright/test'
import { naughtyStrings } from './naughty-strings.ts'
import { faintWordsOn, objectionsOn } from './objections.ts'
import { SharedServer } from './shared-server.ts'
import { test as base, copyLink, expect, saveState, textOf } from './stories.ts'
import { overflowOn } from './tour.ts'

const token = 'Wq3hT8-vN5pLxR2m'

interface Made {
  readonly id: string
  readonly links: Readonly<Record<'own' | 'edit' | 'view', string>>
}

interface Scene {
  /** A server whose operator has a token. */
  readonly operated: SharedServer
  /** A document of this title, made by the operator. */
  readonly make: (title: string) => Promise<Made>
}

const test = base.extend<Scene>({
  operated: async ({ kept }, use) => {
    const shared = await kept.one(beginOperated)
    await use(shared)
    await shared.recover()
  },
  make: async ({ operated }, use) => {
    await use(async (title) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const response = await fetch(`${operated.url}/api/admin/documents`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ title }),
      })
      expect(response.status).toBe(201)
      const made = (await response.json()) as Made // the 201 of the API
      // A title is noted when it is first asked for.
      await fetch(`${operated.url}/api/admin/documents/${made.id}`, { headers })
      return made
    })
  },
})

function beginOperated(): Promise<SharedServer> {
  return SharedServer.begin({ QUIRE_ADMIN_TOKEN: token, QUIRE_RETENTION_DAYS: '90' })
}

async function signIn(page: Page, { url }: { readonly url: string }): Promise<void> {
  await page.goto(`${url}/admin`)
  await page.getByLabel('Admin token').fill(token)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Documents' })).toBeVisible()
}

/** By what it is called, among however many others there are, and without a pointer. */
async function openRecord(page: Page, title: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Find by title or id' }).fill(title)
  const link = page.getByRole('link', { name: title, exact: true })
  await expect(link).toBeVisible()
  // Past the order of the list.
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect(link).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: title, exact: true })).toBeFocused()
}

/** Nothing is wrong with it in light and in dark, nor where it is as narrow as it can be. */
async function expectSound(page: Page, place: string): Promise<void> {
  const objections = await objectionsOn(page)
  for (const colorScheme of ['dark', 'light'] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one theme after the other
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // oxlint-disable-next-line no-await-in-loop -- one theme after the other
    objections.push(...(await faintWordsOn(page)).map((words) => `${colorScheme}: ${words}`))
  }
  const size = page.viewportSize()
  await page.setViewportSize({ width: 320, height: 800 })
  objections.push(...(await overflowOn(page)))
  await page.evaluate(() => (document.documentElement.dir = 'rtl'))
  objections.push(...(await overflowOn(page)).map((words) => `from right to left: ${words}`))
  await page.evaluate(() => (document.documentElement.dir = 'ltr'))
  if (size) await page.setViewportSize(size)
  expect([place, ...objections]).toEqual([place])
}

test('an operator sees who writes, and disconnects them, who come back by themselves', async ({
  operated,
  make,
  person,
}) => {
  const { links } = await make('The north bridge')
  const anna = await person('Anna')
  let sockets = 0
  anna.on('websocket', () => sockets++)
  await anna.goto(links.edit)
  await textOf(anna).click()
  await anna.keyboard.type('What Anna wrote')
  await expect(saveState(anna)).toHaveText('Saved')

  const operator = await person('operator', { reducedMotion: 'reduce' })
  await operator.goto(`${operated.url}/admin`)
  await expect(operator.getByLabel('Admin token')).toBeFocused()
  await expectSound(operator, 'the door')
  await operator.keyboard.type('Wq3hT8')
  await operator.keyboard.press('Enter')
  await expect(operator.getByRole('alert')).toHaveText('That is not this server’s admin token.')
  await expectSound(operator, 'the door, closed')
  await operator.keyboard.type(token)
  await operator.keyboard.press('Enter')
  await expect(operator.getByText('person connected')).toBeVisible()
  await expect(operator.getByText('nobody opens are deleted after 90 days: 0 are due now.')).toBeVisible()
  await expectSound(operator, 'the list')

  await openRecord(operator, 'The north bridge')
  const entry = operator.getByRole('listitem').filter({ hasText: 'Anna' })
  await expect(entry).toContainText('Can edit')
  await expect(operator.getByText('What Anna wrote')).toHaveCount(0)
  await expectSound(operator, 'a document')
  await entry.getByRole('button').click()
  const question = operator.getByRole('dialog', { name: 'Disconnect Anna?' })
  await expect(question).toContainText('Whoever still has a link comes back')
  await expectSound(operator, 'a question')
  await operator.keyboard.press('Escape')
  await expect(entry.getByRole('button')).toBeFocused()
  expect(sockets).toBe(1)
  await operator.keyboard.press('Enter')
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await operator.keyboard.press('Shift+Tab')
  await operator.keyboard.press('Enter')
  await expect(operator.getByText('1 connection ended').first()).toBeVisible()
  await expect.poll(() => sockets).toBe(2)
  await anna.keyboard.type(', and went on')
  await expect(saveState(anna)).toHaveText('Saved')
  await expect(entry).toBeVisible()
})

test('an operator makes a link and revokes it, and deletes the document: whoever is there is told', async ({
  operated,
  make,
  person,
}) => {
  await make('Minutes, November')
  const operator = await person('operator', {
    permissions: ['clipboard-read', 'clipboard-write'],
    reducedMotion: 'reduce',
  })
  await signIn(operator, operated)
  await openRecord(operator, 'Minutes, November')
  await operator.getByRole('button', { name: 'Make a link…' }).click()
  await expect(operator.getByRole('textbox', { name: 'What it is for' })).toBeFocused()
  await expectSound(operator, 'the form')
  await operator.keyboard.type('<b>The press</b>')
  await operator.getByRole('combobox', { name: 'Whoever has it' }).selectOption('can edit')
  await operator.keyboard.press('Tab')
  await operator.getByRole('button', { name: 'Make link' }).click()
  await operator.getByRole('button', { name: 'Copy link' }).click()
  await expectSound(operator, 'a link that was made')
  const link = await operator.evaluate(() => navigator.clipboard.readText())
  await operator.getByRole('button', { name: 'Done' }).click()
  await expect(operator.getByRole('button', { name: 'Make a link…' })).toBeFocused()
  await expect(operator.getByText(link)).toHaveCount(0)

  const bo = await person('Bo')
  await bo.goto(link)
  await textOf(bo).click()
  await bo.keyboard.type('What Bo wrote')
  await expect(saveState(bo)).toHaveText('Saved')
  const entry = operator.getByRole('listitem').filter({ hasText: '<b>The press</b>' })
  await entry.getByRole('button').click()
  await operator.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(entry).toHaveCount(0)
  await expect(operator.getByRole('heading', { name: 'Links' })).toBeFocused()
  await expect(saveState(bo)).toContainText(/link/i)

  const anna = await person('Anna')
  const { links } = await make('To be deleted')
  await anna.goto(links.edit)
  await expect(saveState(anna)).toHaveText('Saved')
  await operator.getByRole('link', { name: 'All documents' }).click()
  await openRecord(operator, 'To be deleted')
  await operator.getByRole('button', { name: 'Compact' }).click()
  await expect(operator.getByText(/^Compacted: /).first()).toBeVisible()
  await operator.getByRole('button', { name: 'Delete…' }).click()
  const question = operator.getByRole('dialog', { name: 'Delete “To be deleted”?' })
  await expect(question).toContainText('cannot be undone')
  await question.getByRole('button', { name: 'Delete' }).click()
  await expect(operator.getByText('Deleted: To be deleted').first()).toBeVisible()
  await expect(operator.getByText(/Nothing is called “To be deleted”/)).toBeVisible()
  await expectSound(operator, 'nothing found')
  await expect(anna.getByText(/no longer opens|opens nothing|deleted/).first()).toBeVisible()
  await operator.goBack()
  await expect(operator.getByRole('heading', { name: 'There is no such document' })).toBeVisible()
  await expectSound(operator, 'no document')
})

test('the token is this tab’s, stands in no address, and is asked for again when it does not open anything', async ({
  operated,
  person,
}) => {
  const operator = await person('operator')
  const addresses: string[] = []
  operator.on('request', (request) => addresses.push(request.url()))
  await signIn(operator, operated)
  await operator.reload()
  await expect(operator.getByRole('heading', { name: 'Documents' })).toBeVisible()
  const other = await operator.context().newPage()
  await other.goto(`${operated.url}/admin`)
  await expect(other.getByLabel('Admin token')).toBeVisible()
  await other.close()
  expect([...addresses, operator.url()].filter((address) => address.includes(token))).toEqual([])

  // Away for a moment, it is asked again by itself.
  await operated.kill()
  await expect(operator.getByText(/The server cannot be reached. These are its last numbers/)).toBeVisible()
  await expectSound(operator, 'a server that is away')
  await operated.start()
  await expect(operator.getByText(/The server cannot be reached/)).toHaveCount(0)

  await operator.route('**/api/admin/**', (route) =>
    route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer of-yesterday' } }),
  )
  await expect(operator.getByRole('alert')).toHaveText('The token is not accepted any more. Sign in again.')
  await operator.unroute('**/api/admin/**')
  await operator.keyboard.type(token)
  await operator.keyboard.press('Enter')
  await operator.getByRole('button', { name: 'Sign out' }).click()
  await expect(operator.getByLabel('Admin token')).toBeFocused()
  await operator.reload()
  await expect(operator.getByLabel('Admin token')).toBeVisible()
})

test('a server without an operator’s token says how to have one', async ({ server, person }) => {
  const operator = await person('operator')
  await operator.goto(`${server.url}/admin`)
  await operator.getByLabel('Admin token').fill('schlüssel')
  await operator.keyboard.press('Enter')
  await expect(operator.getByRole('alert')).toContainText('not this server’s')
  await operator.getByLabel('Admin token').fill(token)
  await operator.keyboard.press('Enter')
  await expect(operator.getByRole('alert')).toContainText('set QUIRE_ADMIN_TOKEN')
})

test('what people call their documents is text, and fits on a phone', async ({ operated, make, person }) => {
  const titles = [
    ...naughtyStrings.filter((text) => /[<{$]/.test(text)).slice(0, 20),
    'x'.repeat(200),
    'قراءة في المخطوطات',
  ]
  for (const title of titles) {
    // oxlint-disable-next-line no-await-in-loop -- the last one is listed first
    await make(title)
  }
  const operator = await person('operator', { viewport: { width: 390, height: 800 } })
  await signIn(operator, operated)
  await expect(operator.getByRole('row').nth(titles.length - 1)).toBeVisible()
  expect(await overflowOn(operator)).toEqual([])
  const shown = await operator.locator('quire-shelf th a').allTextContents()
  expect(shown.map((title) => title.trim())).toEqual(
    expect.arrayContaining(titles.filter((title) => /^[\u0021-\u007e]+$/.test(title) && title.length < 100)),
  )
  await operator.goto(`${operated.url}/admin#/d/${encodeURIComponent('<img src=x onerror=alert(1)>/../?#%')}`)
  await expect(operator.getByRole('heading', { name: 'There is no such document' })).toBeVisible()
})

test('however many documents there are, all of them can be shown', async ({ operated, person }) => {
  const there = Array.from({ length: 1234 }, (_, number) => ({
    id: `document-${number}`,
    title: `Number ${number}`,
    bytes: 1000,
    links: 3,
    createdAt: 1_795_840_283,
    changedAt: 1_795_840_283,
    openedAt: null,
    people: 0,
  }))
  const operator = await person('operator')
  await operator.route('**/api/admin/documents?*', (route) => {
    const query = new URL(route.request().url()).searchParams
    const [skip, limit] = [Number(query.get('skip')), Number(query.get('limit'))]
    return limit > 1000
      ? route.fulfill({ status: 422 })
      : route.fulfill({ json: { documents: there.slice(skip, skip + limit) } })
  })
  await signIn(operator, operated)
  const more = operator.getByRole('button', { name: 'Show more' })
  for (const shown of ['50', '100', '200', '400', '800']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await expect(operator.getByText(`The first ${shown}`, { exact: true })).toBeVisible()
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await more.click()
  }
  await expect(operator.getByText('1,234 documents', { exact: true })).toBeVisible()
  await expect(more).toHaveCount(0)
  await expect(operator.getByRole('link', { name: 'Number 1233', exact: true })).toBeVisible()
  expect(await overflowOn(operator)).toEqual([])
})

test('in German, all of it is German', async ({ operated, make, person }) => {
  await make('Brücke')
  const operator = await person('operator', { locale: 'de-AT' })
  await operator.goto(`${operated.url}/admin`)
  await expect(operator.locator('html')).toHaveAttribute('lang', 'de-AT')
  await operator.getByLabel('Admin-Token').fill(token)
  await operator.keyboard.press('Enter')
  await operator.getByRole('searchbox', { name: 'Nach Titel oder Kennung suchen' }).fill('BRÜCKE')
  await operator.getByRole('link', { name: 'Brücke' }).click()
  await expect(operator.getByText('Niemand ist hier.')).toBeVisible()
  await expect(operator).toHaveTitle('Brücke · Quire')
})

test('a document that an application has called in its own way opens under that name', async ({
  operated,
  make,
  person,
}) => {
  const { id } = await make('From elsewhere')
  const headers = { authorization: `Bearer ${token}` }
  const documents = `${operated.url}/api/admin/documents`
  const whole = await (await fetch(`${documents}/${id}/update`, { headers })).bytes()
  const name = encodeURIComponent('team/notes 1')
  const put = await fetch(`${documents}/${name}/update`, { method: 'PUT', headers, body: whole })
  expect(put.status).toBe(201)
  const { links } = (await put.json()) as Made // the 201 of the API
  expect(new URL(links.own).pathname).toBe(`/d/${name}`)

  const anna = await person('Anna', { permissions: ['clipboard-read', 'clipboard-write'] })
  await anna.goto(links.own)
  await textOf(anna).click()
  await anna.keyboard.type('words')
  await expect(saveState(anna)).toHaveText('Saved')
  await anna.reload()
  await expect(textOf(anna)).toHaveText('words')
  expect(new URL(await copyLink(anna, 'Can view')).pathname).toBe(`/d/${name}`)

  const bo = await person('Bo')
  await bo.goto(links.view.replace('#', '/text#'))
  await expect(bo.getByText('words')).toBeVisible()

  await anna.goto(operated.url)
  await anna.getByRole('link', { name: 'From elsewhere' }).click()
  await expect(textOf(anna)).toHaveText('words')
})
