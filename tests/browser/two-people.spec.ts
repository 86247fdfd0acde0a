import type { Page } from '@playwright/test'
import {
  copyLink,
  expect,
  newDocument,
  saveState,
  test,
  textOf,
  exactTextOf,
  expectSameText,
  untilReady,
  type Stories,
} from './stories.ts'

test('two people with one link type at once, see each other, and undo only their own', async ({
  server,
  person,
}) => {
  const anna = await person('Anna', { permissions: ['clipboard-read', 'clipboard-write'] })
  await newDocument(anna, server)
  await anna.getByRole('textbox', { name: 'Title' }).fill('Field notes')

  const link = await copyLink(anna, 'Can edit')
  expect(link).toMatch(/\/d\/[\w-]+#[\w-]{22}$/)
  expect(link).not.toBe(anna.url())

  const bo = await person('Bo')
  await bo.goto(link)
  await expect(bo).toHaveTitle('Field notes · Quire')
  await textOf(anna).click()
  await textOf(bo).click()
  await Promise.all([
    anna.keyboard.type('Anna writes this. ', { delay: 5 }),
    bo.keyboard.type('Bo writes that. ', { delay: 5 }),
  ])

  for (const page of [anna, bo]) {
    await expect(saveState(page)).toHaveText('Saved')
    await expect(page.getByText('Anna writes this.')).toBeVisible()
    await expect(page.getByText('Bo writes that.')).toBeVisible()
  }
  await expectSameText(anna, bo)
  await expect(anna.locator('.cm-quire-carets, .cm-layer').getByText('Bo').first()).toBeAttached()
  await expect(bo.locator('.cm-quire-carets, .cm-layer').getByText('Anna').first()).toBeAttached()
  await expect(anna.locator('quire-people')).toContainText('B')

  // On a machine with much to do there is a pause between two keys, and with it a step more.
  for (let step = 0; step < 10; step++) await bo.keyboard.press('ControlOrMeta+z')
  await expect(anna.getByText('Bo writes that.')).toHaveCount(0)
  await expect.poll(() => exactTextOf(anna)).toBe('Anna writes this. ')
  for (let step = 0; step < 10; step++) await bo.keyboard.press('ControlOrMeta+Shift+Z')
  await expect(anna.getByText('Bo writes that.')).toBeVisible()
})

test('a document opened on this device is on its start page', async ({ server, person }) => {
  const anna = await person('Anna')
  await newDocument(anna, server)
  await anna.getByRole('textbox', { name: 'Title' }).fill('Release checklist')
  await textOf(anna).click()
  await expect(saveState(anna)).toHaveText('Saved')
  await anna.getByRole('link', { name: /start page/ }).click()
  await anna.getByRole('link', { name: /Release checklist/ }).click()
  await expect(anna.getByRole('textbox', { name: 'Title' })).toHaveValue('Release checklist')
})

test('someone with a view link reads along and cannot write', async ({ server, person }) => {
  const anna = await person('Anna', { permissions: ['clipboard-read', 'clipboard-write'] })
  await newDocument(anna, server)
  const link = await copyLink(anna, 'Can view')

  const reader = await person('Rita')
  await reader.goto(link)
  await textOf(anna).click()
  await anna.keyboard.type('Read this')
  await expect(reader.getByText('Read this')).toBeVisible()
  await expect(saveState(reader)).toHaveText('View only')
  await textOf(reader).click()
  await reader.keyboard.type('not this')
  await anna.keyboard.type('!')
  await expect(reader.getByText('Read this!')).toBeVisible()
  expect(await exactTextOf(reader)).toBe('Read this!')
})

/** Anna, who has written this in a document of hers. */
async function annaWrote(
  words: string,
  { server, person }: Pick<Stories, 'server' | 'person'>,
): Promise<Page> {
  const anna = await person('Anna')
  await newDocument(anna, server)
  await textOf(anna).click()
  await anna.keyboard.type(words)
  await expect(saveState(anna)).toHaveText('Saved')
  return anna
}

test('what is typed while the server is away is told to be unsaved, and saved when it is back', async ({
  server,
  person,
}) => {
  const anna = await annaWrote('before ', { server, person })
  await server.kill()
  await expect(saveState(anna)).toHaveText('Offline')
  await anna.keyboard.type('meanwhile')
  await expect(saveState(anna)).toHaveText(/^Offline: \d+ edits on this device$/)
  await server.start()
  await expect(saveState(anna)).toHaveText('Saved')
  const bo = await person('Bo')
  await bo.goto(anna.url())
  await expect(bo.getByText('before meanwhile')).toBeVisible()
})

test('a link that opens nothing says so, with a way out', async ({ server, person }) => {
  const lost = await person('Lost')
  await lost.goto(`${server.url}/d/nowhere#AAAAAAAAAAAAAAAAAAAAAA`)
  await expect(lost.getByRole('heading')).toBeVisible()
  await lost.getByRole('link').first().click()
  await expect(lost.getByRole('button', { name: 'New document' })).toBeVisible()
})

test('a server that cannot be reached is said to be so, and tried again when one asks', async ({
  server,
  person,
}) => {
  const anna = await annaWrote('Here.', { server, person })
  const bo = await person('Bo')
  // Away until the button is pressed, for the page tries again by itself too, and the button would be gone.
  const isAsked = (): Promise<boolean> => bo.evaluate(() => Reflect.get(globalThis, 'isAsked') === true)
  await bo.routeWebSocket(/\/sync\//, async (socket) => {
    if (await isAsked()) socket.connectToServer()
    else void socket.close()
  })
  await bo.goto(anna.url())
  await expect(bo.getByRole('heading', { name: 'The server cannot be reached' })).toBeVisible()
  await expect(bo.getByRole('link', { name: 'Go to the start page' })).toBeVisible()
  await expect(bo.getByRole('alert')).toContainText('The server cannot be reached')
  // Held upright, the page is drawn anew.
  const { width, height } = bo.viewportSize() ?? { width: 1280, height: 720 }
  await bo.setViewportSize({ width: height, height: width })
  await expect(bo.getByRole('button', { name: 'Try now' })).toBeInViewport()
  await expect(bo).toHaveTitle('The server cannot be reached · Quire')
  await bo.evaluate(() =>
    addEventListener('click', () => Reflect.set(globalThis, 'isAsked', true), { capture: true }),
  )
  await bo.getByRole('button', { name: 'Try now' }).click()
  await expect(textOf(bo)).toHaveText('Here.')
})

test('what was written while the server was away is saved from whatever page comes next', async ({
  server,
  person,
}) => {
  const anna = await annaWrote('one', { server, person })
  const bo = await person('Bo')
  await bo.goto(anna.url())
  await expect(textOf(bo)).toContainText('one')
  await untilReady(bo)

  await server.kill()
  await anna.keyboard.type(' two')
  await expect(saveState(anna)).toHaveText(/^Offline: \d+ edits on this device$/)
  const context = anna.context()
  await anna.close()
  await server.start()
  const next = await context.newPage()
  await next.goto(server.url)
  await expect(textOf(bo)).toContainText('one two')
  const list = next.getByRole('listitem')
  await expect(list).toHaveCount(1)
  await expect(list.getByText('not saved yet')).toHaveCount(0)
})
