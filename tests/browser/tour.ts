/** Every place of the interface, one after the other, for tests that hold something against all of them. */
import { languages } from '@quire/editor/words'
import type { Frame, Locator, Page } from '@playwright/test'
import type { Scene } from './cut-off.ts'
import { letter, previewOf } from './preview.ts'
import { exactTextOf, expect, saveState } from './stories.ts'

/** By key, whole sentences without plural forms. */
type Words = Readonly<Record<string, string>>

export async function wordsOf(tag: string): Promise<Words> {
  const texts = (await languages[tag]?.texts()) ?? {}
  return Object.fromEntries(Object.entries(texts).map(([key, entry]) => [key, formsOf(entry)[0] ?? '']))
}

export const formsOf = (entry: string | object | undefined): string[] =>
  typeof entry === 'object' ? Object.values(entry) : [entry ?? '']

interface TourOptions {
  readonly scene: Scene
  readonly person: (name: string, options?: object) => Promise<Page>
  readonly options: object
  readonly words: Words
  /** At each place, when all of it is there. */
  readonly look: (page: Page, place: string) => Promise<void>
}

const code = [
  'import { readFile } from "node:fs/promises" // of course',
  '@sealed',
  'export class Quire<T> extends Paper {',
  '  static #leaves: number = 0x10',
  '  folio = (at: RegExp = /a+b/g) => this.#leaves > 3 && at.test(`${null}\\n`)',
  '}',
  '',
].join('\n')

/** Anna makes a document and shares it; Bo writes in it while he is cut off and his link is taken back. */
export async function takeTour({ scene, person, options, words, look }: TourOptions): Promise<void> {
  const open = {
    ...options,
    permissions: ['clipboard-read', 'clipboard-write'],
    serviceWorkers: 'allow',
  } as const
  const tour = new Tour(scene, words, look)
  const anna = await person('Anna', open)
  await tour.begin(anna)
  await tour.write(anna)
  await tour.openTools(anna)
  await tour.read(anna)
  const link = await tour.share(anna)
  const bo = await person('Bo', open)
  await tour.meet(anna, bo, link)
  await tour.loseTheLink(anna, bo)
  await tour.open(anna)
  await tour.end(anna)
}

class Tour {
  readonly #scene: Scene
  readonly #words: Words
  readonly #look: TourOptions['look']

  constructor(scene: Scene, words: Words, look: TourOptions['look']) {
    this.#scene = scene
    this.#words = words
    this.#look = look
  }

  async begin(anna: Page): Promise<void> {
    await anna.goto(this.#scene.annasPath.url)
    await this.#look(anna, 'an empty start page')
    const choosing = anna.waitForEvent('filechooser')
    await this.#press(anna, 'import.choose')
    const picture = { name: 'cat.png', mimeType: 'image/png', buffer: Buffer.from([0x89, 0x50, 0]) }
    await (await choosing).setFiles([picture])
    await expect(anna.getByRole('alert')).toContainText('cat.png')
    await this.#look(anna, 'a file that is no text')
    await this.#press(anna, 'home.new')
    await expect(this.#text(anna)).toBeVisible()
    await this.#look(anna, 'an empty document')
  }

  async write(anna: Page): Promise<void> {
    await this.#text(anna).click()
    await anna.keyboard.insertText(`# 2026\n\n${letter}`)
    await expect(saveState(anna)).toHaveText(this.#say('saveState.saved'))
    await this.#look(anna, 'a document')
    await anna.keyboard.press('ControlOrMeta+f')
    await expect(anna.getByPlaceholder(this.#say('search.find'))).toBeVisible()
    await anna.keyboard.type('letter')
    await this.#look(anna, 'search')
    await anna.keyboard.press('Escape')
    await anna.keyboard.press('ControlOrMeta+Alt+g')
    await expect(anna.locator('.cm-dialog input')).toBeFocused()
    await this.#look(anna, 'the number of a line')
    await anna.keyboard.press('Escape')
  }

  /** What is above the page, each by its key or its name. */
  async openTools(anna: Page): Promise<void> {
    await anna.keyboard.press('F1')
    await expect(this.#dialog(anna, 'palette.heading')).toBeVisible()
    await this.#look(anna, 'the commands')
    await anna.keyboard.press('Escape')
    await this.#run(anna, 'do.keys')
    await expect(this.#dialog(anna, 'keys.heading')).toBeVisible()
    await this.#look(anna, 'the keys')
    await anna.keyboard.press('Escape')
    await this.#run(anna, 'do.settings')
    await expect(this.#dialog(anna, 'settings.heading')).toBeVisible()
    await this.#look(anna, 'the settings')
    await anna.keyboard.press('Escape')
    await this.#run(anna, 'do.delete')
    await expect(anna.locator('quire-question dialog')).toBeVisible()
    await this.#look(anna, 'a document to be deleted')
    await anna.keyboard.press('Escape')
    await this.#press(anna, 'more.open')
    await expect(anna.getByRole('menu')).toBeVisible()
    await this.#look(anna, 'the menu')
    await anna.keyboard.press('Escape')
    await this.#run(anna, 'do.outline')
    await expect(anna.locator('quire-outline .heading')).toHaveCount(2)
    await this.#look(anna, 'the outline')
    await anna.keyboard.press('Escape')
    await expect(anna.locator('quire-outline')).toHaveCount(0)
  }

  async read(anna: Page): Promise<void> {
    await anna.keyboard.press('ControlOrMeta+Shift+E')
    await expect(previewOf(anna).locator('pre.diagram svg')).toBeVisible({ timeout: 60_000 })
    await this.#look(anna, 'the preview')
    await anna.keyboard.press('ControlOrMeta+Shift+E')
    await expect(this.#text(anna)).toBeFocused()
  }

  /** What opens the document for one other person. */
  async share(anna: Page): Promise<string> {
    await this.#press(anna, 'share.open')
    const links = anna.locator('quire-share li')
    await expect(links).toHaveCount(2)
    await this.#look(anna, 'the links')
    await links.first().locator('.icon').click()
    await expect(anna.locator('quire-qr')).toBeVisible()
    await this.#look(anna, 'a link as a picture')
    await links.first().locator('.icon').click()
    await this.#press(anna, 'share.new')
    await this.#look(anna, 'a new link')
    await anna.locator('select[name=people]').selectOption('1')
    await anna.locator('select[name=days]').selectOption('7')
    await this.#press(anna, 'share.make')
    await expect(links).toHaveCount(3)
    await links.nth(1).locator('.outlined').click()
    const link = await anna.evaluate(() => navigator.clipboard.readText())
    await this.#look(anna, 'three links')
    await links.nth(1).locator('.bare').click()
    await this.#look(anna, 'a link to be changed')
    await this.#press(anna, 'share.renew')
    await this.#look(anna, 'a link to be renewed')
    await this.#press(anna, 'share.keepLink')
    await this.#press(anna, 'share.more')
    await this.#look(anna, 'more about links')
    await this.#press(anna, 'share.renewAll')
    await this.#look(anna, 'all links to be renewed')
    await this.#press(anna, 'share.keepLinks')
    await this.#press(anna, 'share.done')
    return link
  }

  async meet(anna: Page, bo: Page, link: string): Promise<void> {
    const { annasPath, bosPath } = this.#scene
    await bo.goto(link.replace(annasPath.url, bosPath.url))
    await this.#text(bo).click()
    await bo.keyboard.type('Bo 1.')
    await expect(saveState(bo)).toHaveText(this.#say('saveState.saved'))
    await bo.evaluate(() => navigator.serviceWorker.ready.then(() => true))
    await anna.locator('quire-people .here').click()
    await expect(anna.locator('quire-people li')).toHaveCount(2)
    await expect(anna.locator('quire-people .follow')).toBeVisible()
    await this.#look(anna, 'who is here')
    await anna.locator('quire-people .follow').click()
    await expect(anna.locator('quire-following .who')).toBeVisible()
    await this.#look(anna, 'somebody followed')
  }

  async loseTheLink(anna: Page, bo: Page): Promise<void> {
    const { bosPath } = this.#scene
    bosPath.cut()
    await expect(saveState(bo)).toHaveText(this.#say('saveState.offline'))
    await bo.keyboard.type(' Bo 2.')
    const before = await exactTextOf(bo)
    await bo.reload()
    await expect.poll(() => exactTextOf(bo)).toBe(before)
    await this.#look(bo, 'a document without a network')
    const links = anna.locator('quire-share li')
    await this.#press(anna, 'share.open')
    await links.nth(1).locator('.bare').click()
    await this.#press(anna, 'share.takeBack')
    await this.#look(anna, 'a link to be taken back')
    await this.#press(anna, 'share.takeBackYes')
    await expect(links).toHaveCount(2)

    bosPath.restore()
    await expect(saveState(bo)).toHaveText(this.#say('notSaved.missing'))
    await this.#press(bo, 'document.showText')
    await expect(bo.locator('quire-rescue ins').first()).toBeVisible()
    await this.#look(bo, 'what was not saved')
    await this.#press(bo, 'rescue.discard')
    await this.#look(bo, 'what is to be discarded')
    await this.#press(bo, 'rescue.discardYes')
    await expect(saveState(bo)).toHaveText(this.#say('stopped.missing'))
    await this.#look(bo, 'a document that the server may have lost')
    await bo.goto(new URL('/d/nowhere#AAAAAAAAAAAAAAAAAAAAAA', bo.url()).href)
    await expect(bo.getByRole('heading', { name: this.#say('endingHeading.gone') })).toBeVisible()
    await this.#look(bo, 'a link that opens nothing')
  }

  /** A text that was there before, as those see it who may write, who may read, and who want nothing but the text. */
  async open(anna: Page): Promise<void> {
    const { annasPath, server } = this.#scene
    const made = await fetch(`${server.url}/api/documents`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: '2027', text: code, language: 'typescript' }),
    })
    const { links } = (await made.json()) as { links: { edit: string; view: string } } // the API's contract
    for (const [place, url] of Object.entries({ code: links.edit, 'code to be read': links.view })) {
      const { pathname, hash } = new URL(url)
      // oxlint-disable-next-line no-await-in-loop -- one page after the other
      await anna.goto(`${annasPath.url}${pathname}${hash}`)
      // oxlint-disable-next-line no-await-in-loop
      await expect(anna.locator('.code-keyword').first()).toBeVisible()
      // oxlint-disable-next-line no-await-in-loop
      await this.#look(anna, place)
    }
    const { pathname, hash } = new URL(links.view)
    await anna.goto(`${annasPath.url}${pathname}/text${hash}`)
    await expect(anna.locator('pre')).toHaveText(code)
    await this.#look(anna, 'nothing but the text')
    await anna.goto(`${annasPath.url}${pathname}/text#${'A'.repeat(22)}`)
    await expect(anna.getByRole('heading', { name: this.#say('raw.failedHeading') })).toBeVisible()
    await this.#look(anna, 'no text')
  }

  async end(anna: Page): Promise<void> {
    const { annasPath } = this.#scene
    await anna.goto(`${annasPath.url}/d/half`)
    await expect(anna.getByRole('heading', { name: this.#say('app.brokenHeading') })).toBeVisible()
    await this.#look(anna, 'half a link')
    annasPath.cut()
    await anna.goto(`${annasPath.url}/d/elsewhere#${'A'.repeat(22)}`)
    await expect(anna.getByRole('heading', { name: this.#say('document.unreached') })).toBeVisible()
    await this.#look(anna, 'a server that cannot be reached')
    annasPath.restore()
    await anna.goto(annasPath.url)
    await expect(anna.locator('quire-home li')).toHaveCount(2)
    await this.#look(anna, 'the start page')
  }

  #say(key: string): string {
    return this.#words[key] ?? ''
  }

  #press(page: Page, key: string): Promise<void> {
    return page.getByRole('button', { name: this.#say(key), exact: true }).click()
  }

  async #run(page: Page, key: string): Promise<void> {
    await page.keyboard.press('F1')
    await page.getByRole('combobox', { name: this.#say('palette.search') }).fill(this.#say(key))
    await page.keyboard.press('Enter')
  }

  #text(page: Page): Locator {
    return page.getByRole('textbox', { name: this.#say('document.text'), exact: true })
  }

  #dialog(page: Page, key: string): Locator {
    return page.getByRole('dialog', { name: this.#say(key), exact: true })
  }
}

/** What is cut off at the sides, or scrolls to them, here and in the preview. */
export async function overflowOn(page: Page): Promise<string[]> {
  return (await Promise.all(page.frames().map(overflowIn))).flat()
}

function overflowIn(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const found = scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide`] : []
    const isSeen = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true }) &&
      element.closest('.unseen, .katex-mathml') === null
    /** Of those that may, a reader sees that there is more: code and tables scroll, names end in an ellipsis. */
    const mayBeWider = (element: Element): boolean =>
      getComputedStyle(element).textOverflow === 'ellipsis' || element.matches('input, pre, table, .math')
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) walk(element.shadowRoot)
        if (!isSeen(element)) continue
        const name = `${element.localName}.${element.className} “${element.textContent.trim().slice(0, 40)}”`
        if (
          getComputedStyle(element).overflowX !== 'visible' &&
          element.scrollWidth > element.clientWidth + 1 &&
          !mayBeWider(element)
        )
          found.push(`${name} is ${element.scrollWidth} wide in ${element.clientWidth}`)
        if (!element.matches('button, a, input, select, label, p, h1, h2, h3, li, dt, dd, kbd, dialog'))
          continue
        if (element.closest('pre, table, .math')) continue
        const { left, right, width } = element.getBoundingClientRect()
        if (width > 0 && (left < -0.5 || right > clientWidth + 0.5))
          found.push(`${name} from ${left} to ${right}`)
      }
    }
    walk(document)
    return found
  })
}
