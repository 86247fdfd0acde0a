/** The interface in another language than English, and from right to left, at every place where somebody reads it. */
import { languages } from '@quire/editor/words'
import type { Page } from '@playwright/test'
import { test } from './cut-off.ts'
import { expect } from './stories.ts'
import { formsOf, overflowOn, takeTour, wordsOf } from './tour.ts'

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
        if (read.has(words)) continue
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

for (const width of [390, 1280])
  test(
    `from right to left, nothing is cut off at ${width} px`,
    { tag: '@long' },
    async ({ scene, person }) => {
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
    },
  )
