/** The story of somebody who writes with their thumbs. */
import { devices } from '@playwright/test'
import { documentWith } from './preview.ts'
import { expect, newDocument, test, textOf, exactTextOf } from './stories.ts'

const phone = devices['Pixel 7']

test('what a keyboard on a screen has no keys for is above it while one writes', async ({
  server,
  person,
}) => {
  const anna = await person('Anna', phone)
  await newDocument(anna, server)
  const bar = anna.getByRole('toolbar', { name: 'Writing' })
  await expect(bar).toBeVisible()
  await anna.keyboard.type('bread')
  await bar.getByRole('button', { name: 'Task list' }).tap()
  await expect(textOf(anna), 'the keyboard stays where it is').toBeFocused()
  await anna.keyboard.press('Enter')
  // Such keyboards say what they did, not what was pressed: a moment is waited to hear which it was.
  await expect.poll(() => exactTextOf(anna)).toBe('- [ ] bread\n- [ ] ')
  await anna.keyboard.type('rye')
  await bar.getByRole('button', { name: 'Indent', exact: true }).tap()
  expect(await exactTextOf(anna)).toBe('- [ ] bread\n  - [ ] rye')
  await bar.getByRole('button', { name: 'Undo' }).tap()
  expect(await exactTextOf(anna)).toBe('- [ ] bread\n- [ ] rye')

  await bar.getByRole('button', { name: 'Find', exact: true }).tap()
  await expect(anna.getByRole('textbox', { name: 'Find' })).toBeFocused()
  await expect(bar, 'a field has other uses for the room').toBeHidden()
  await textOf(anna).tap()
  await expect(bar).toBeVisible()
  await anna.getByRole('textbox', { name: 'Title' }).tap()
  await expect(bar).toBeHidden()
})

test('of code it has what code needs, and of a text that may only be read nothing', async ({
  server,
  person,
}) => {
  const anna = await person('Anna', phone)
  await newDocument(anna, server)
  const link = anna.url()
  const bar = anna.getByRole('toolbar', { name: 'Writing' })
  await expect(bar.getByRole('button', { name: 'Bold' })).toBeVisible()
  await bar.getByRole('button', { name: 'Find a command' }).tap()
  await anna.keyboard.type('python')
  await anna.keyboard.press('Enter')
  await textOf(anna).tap()
  await expect(bar.getByRole('button', { name: 'Comment out or in' })).toBeVisible()
  await expect(bar.getByRole('button', { name: 'Bold' })).toBeHidden()

  const ben = await person('Ben')
  await ben.goto(link)
  await textOf(ben).click()
  await expect(ben.locator('quire-status')).toBeVisible()
  await expect(ben.getByRole('toolbar', { name: 'Writing' })).toBeHidden()
})

test('where the keyboard lies over the page, what one writes and the tools are above it', async ({
  server,
  person,
}) => {
  const anna = await person('Anna', phone)
  // As Safari has it on a phone.
  await anna.addInitScript(() => {
    const seen = Object.assign(new EventTarget(), { scale: 1, offsetTop: 0, height: innerHeight })
    Object.defineProperty(window, 'visualViewport', { value: seen })
  })
  await anna.goto(await documentWith(server, 'line\n\n'.repeat(200)))
  await textOf(anna).tap()
  const bar = anna.getByRole('toolbar', { name: 'Writing' })
  await expect(bar).toBeVisible()
  const edge = await anna.evaluate(() => {
    Object.assign(visualViewport ?? {}, { height: innerHeight - 300 })
    visualViewport?.dispatchEvent(new Event('resize'))
    return innerHeight - 300
  })
  await expect
    .poll(async () => {
      const box = await bar.boundingBox()
      return Math.round((box?.y ?? 0) + (box?.height ?? 0))
    })
    .toBe(edge)
  await anna.keyboard.press('ControlOrMeta+End')
  await expect
    .poll(async () => {
      const box = await textOf(anna).locator('.cm-line').last().boundingBox()
      return Math.round((box?.y ?? 0) + (box?.height ?? 0))
    })
    .toBeLessThanOrEqual(edge - 46)
})
