/** The interface in another language than English, and from right to left, at every place where somebody reads it. */
import { languages } from '@quire/editor/words'
import type { Locator, Page } from '@playwright/test'
import { test, type Scene } from './cut-off.ts'
import { expect, exactTextOf, saveState } from './stories.ts'

/** By key, whole sentences without plural forms. */
type Words = Readonly<Record<string, string>>

const formsOf = (entry: string | object | undefined): string[] =>
  typeof entry === 'object' ? Object.values(entry) : [entry ?? '']

async function wordsOf(tag: string): Promise<Words> {
  const texts = (await languages[tag]?.texts()) ?? {}
  return Object.fromEntries(Object.entries(texts).map(([key, entry]) => [key, formsOf(entry)[0] ?? '']))
}

interface Tour {
  readonly scene: Scene
  readonly person: (name: string, options?: object) => Promise<Page>
  readonly options: object
  readonly words: Words
  /** At each place, when all of it is there. */
  readonly look: (page: Page, place: string) => Promise<void>
}

/** Anna makes a document and shares it; Bo writes in it while he is cut off and his link is taken back. */
async function takeTour({ scene, person, options, words, look }: Tour): Promise<void> {
  const { annasPath, bosPath } = scene
  const say = (key: string): string => words[key] ?? ''
  const press = (page: Page, key: string): Promise<void> =>
    page.getByRole('button', { name: say(key), exact: true }).click()
  const text = (page: Page): Locator => page.getByRole('textbox', { name: say('document.text') })
  const open = { ...options, permissions: ['clipboard-read', 'clipboard-write'] }

  const anna = await person('Anna', open)
  await anna.goto(annasPath.url)
  await look(anna, 'an empty start page')
  await press(anna, 'home.new')
  await expect(text(anna)).toBeVisible()
  await look(anna, 'an empty document')
  await text(anna).click()
  await anna.keyboard.type('# 2026\n\n')
  await expect(saveState(anna)).toHaveText(say('saveState.saved'))
  await anna.keyboard.press('ControlOrMeta+f')
  await expect(anna.getByPlaceholder(say('search.find'))).toBeVisible()
  await look(anna, 'search')
  await anna.keyboard.press('Escape')

  await press(anna, 'share.open')
  await expect(anna.getByRole('listitem')).toHaveCount(2)
  await look(anna, 'the links')
  await press(anna, 'share.new')
  await look(anna, 'a new link')
  await anna.locator('select[name=people]').selectOption('1')
  await anna.locator('select[name=days]').selectOption('7')
  await press(anna, 'share.make')
  const links = anna.locator('quire-share li')
  await expect(links).toHaveCount(3)
  await links.nth(1).locator('.outlined').click()
  const link = await anna.evaluate(() => navigator.clipboard.readText())
  await look(anna, 'three links')
  await links.nth(1).locator('.bare').click()
  await look(anna, 'a link to be changed')
  await press(anna, 'share.renew')
  await look(anna, 'a link to be renewed')
  await press(anna, 'share.keepLink')
  await press(anna, 'share.more')
  await look(anna, 'more about links')
  await press(anna, 'share.renewAll')
  await look(anna, 'all links to be renewed')
  await press(anna, 'share.keepLinks')
  await press(anna, 'share.done')

  const bo = await person('Bo', open)
  await bo.goto(link.replace(annasPath.url, bosPath.url))
  await text(bo).click()
  await bo.keyboard.type('Bo 1.')
  await expect(saveState(bo)).toHaveText(say('saveState.saved'))
  await bo.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  await anna.locator('quire-people .here').click()
  await expect(anna.locator('quire-people li')).toHaveCount(2)
  await expect(anna.locator('quire-people .follow')).toBeVisible()
  await look(anna, 'who is here')
  await anna.locator('quire-people .follow').click()
  await expect(anna.locator('quire-following .who')).toBeVisible()
  await look(anna, 'somebody followed')

  bosPath.cut()
  await expect(saveState(bo)).toHaveText(say('saveState.offline'))
  await bo.keyboard.type(' Bo 2.')
  const before = await exactTextOf(bo)
  await bo.reload()
  await expect.poll(() => exactTextOf(bo)).toBe(before)
  await look(bo, 'a document without a network')
  await press(anna, 'share.open')
  await links.nth(1).locator('.bare').click()
  await press(anna, 'share.takeBack')
  await look(anna, 'a link to be taken back')
  await press(anna, 'share.takeBackYes')
  await expect(links).toHaveCount(2)

  bosPath.restore()
  await expect(saveState(bo)).toHaveText(say('notSaved.gone'))
  await press(bo, 'document.showText')
  await expect(bo.locator('quire-rescue ins').first()).toBeVisible()
  await look(bo, 'what was not saved')
  await press(bo, 'rescue.discard')
  await look(bo, 'what is to be discarded')
  await press(bo, 'rescue.discardYes')
  await expect(bo.getByRole('heading', { name: say('endingHeading.gone') })).toBeVisible()
  await look(bo, 'a link that opens nothing')
  await anna.goto(`${annasPath.url}/d/half`)
  await expect(anna.getByRole('heading', { name: say('app.brokenHeading') })).toBeVisible()
  await look(anna, 'half a link')
  await anna.goto(annasPath.url)
  await expect(anna.locator('quire-home li')).toHaveCount(1)
  await look(anna, 'the start page')
}

/** What is to be read on this page or is told of it, down into every shadow root. */
function wordsOn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const said: (string | null)[] = [document.title]
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) walk(element.shadowRoot)
        if (!element.checkVisibility() || element.matches('style, title, .cm-line')) continue
        for (const name of ['aria-label', 'title', 'placeholder']) said.push(element.getAttribute(name))
        for (const node of element.childNodes) if (node instanceof Text) said.push(node.data)
      }
    }
    walk(document)
    return said
      .flatMap((words) => (words ?? '').replaceAll(/\s+/g, ' ').split(' · '))
      .map((words) => words.trim())
      .filter((words) => words !== '')
  })
}

/** A pattern for each English text that is another in this language. */
async function englishTexts(tag: string): Promise<ReadonlyMap<string, RegExp>> {
  const english = (await languages['en']?.texts()) ?? {}
  const others = (await languages[tag]?.texts()) ?? {}
  return new Map(
    Object.entries(english).flatMap(([key, entry]) =>
      formsOf(entry)
        .filter((text) => !formsOf(others[key]).includes(text))
        .map((text) => [text, patternOf(text)]),
    ),
  )
}

function patternOf(text: string): RegExp {
  const parts = text.replaceAll(/\s/g, ' ').split(/\{\w+\}/)
  return new RegExp(
    `^${parts.map((part) => part.replaceAll(/[.?+*()[\]|^$]/g, String.raw`\$&`)).join('.+')}$`,
    'i',
  )
}

test('to somebody whose browser asks for German, all of it is German', async ({ scene, person }) => {
  test.slow()
  const english = await englishTexts('de')
  const left = new Map<string, string>()
  const read = new Set<string>()
  await takeTour({
    scene,
    person,
    options: { locale: 'de-DE', viewport: { width: 390, height: 800 } },
    words: await wordsOf('de'),
    async look(page, place) {
      for (const words of await wordsOn(page)) {
        read.add(words)
        for (const [text, pattern] of english) if (pattern.test(words)) left.set(`${place}: ${words}`, text)
      }
      await expect(page.locator('html')).toHaveAttribute('lang', 'de-DE')
      expect([place, ...(await overflowOn(page))]).toEqual([place])
    },
  })
  expect(Object.fromEntries(left)).toEqual({})
  expect([...read]).toEqual(
    expect.arrayContaining(['Gespeichert', '2 Personen sind hier', 'Quire, Startseite']),
  )
  expect(read.size).toBeGreaterThan(80)
})

test('who chose a language has it, whatever their browser asks for', async ({ scene, person }) => {
  const page = await person('Anna', { locale: 'de-AT' })
  await page.goto(scene.annasPath.url)
  await expect(page.getByRole('button', { name: 'Neues Dokument' })).toBeVisible()
  await page.evaluate(() => localStorage.setItem('quire.language', '"en"'))
  await page.reload()
  await expect(page.getByRole('button', { name: 'New document' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})

test('who reads a language that there is not reads English', async ({ scene, person }) => {
  const page = await person('Anna', { locale: 'eo' })
  await page.goto(scene.annasPath.url)
  await expect(page.getByRole('button', { name: 'New document' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en-GB')
})

/** What is cut off at the sides, or makes the page scroll to them. */
function overflowOn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const found = scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide`] : []
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) walk(element.shadowRoot)
        if (!element.checkVisibility() || !element.matches('button, a, input, select, p, h1, h2, li, dialog'))
          continue
        const { left, right, width } = element.getBoundingClientRect()
        if (width > 0 && (left < -0.5 || right > clientWidth + 0.5))
          found.push(`${element.localName} “${element.textContent.trim()}” from ${left} to ${right}`)
      }
    }
    walk(document)
    return found
  })
}

for (const width of [390, 1280])
  test(`from right to left, nothing is cut off at ${width} px`, async ({ scene, person }) => {
    test.slow()
    const found = new Map<string, string[]>()
    await takeTour({
      scene,
      person,
      options: { viewport: { width, height: 800 } },
      words: await wordsOf('en'),
      async look(page, place) {
        await page.evaluate(() => (document.documentElement.dir = 'rtl'))
        const overflow = await overflowOn(page)
        if (overflow.length > 0) found.set(place, overflow)
      },
    })
    expect(Object.fromEntries(found)).toEqual({})
  })
