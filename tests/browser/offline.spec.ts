/**
 * The story of somebody who is cut off, types on, loads the page anew, and comes back. Whatever it is that fails them:
 * nothing is lost or there twice, and the sentence beside the title is true all the time.
 */
import type { BrowserContext, Page } from '@playwright/test'
import { storedText, test, type Scene } from './cut-off.ts'
import { dose } from '../support/dose.ts'
import { hasTraces, readSequentialTrace } from '../support/traces.ts'
import { copyLink, exactTextOf, expect, newDocument, saveState, textOf, expectSameText } from './stories.ts'

/** A word nobody else writes, so that one that is missing or there twice is seen. */
const wordsOf = (who: string, from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => `${who}${from + index} `).join('')

/** Between two keys, for whoever has a minute for each story: 350 is as people type. */
const keyMs = Number(process.env['QUIRE_KEY_MS'] ?? 0)
if (keyMs > 0) test.setTimeout(600_000)

/** Key by key if that is to take its time, and otherwise a word at a time, as from the keyboard of a phone: a tenth of the work. */
async function write(page: Page, words: string, leastMs = 0): Promise<void> {
  const delay = Math.max(keyMs, leastMs)
  if (delay > 0) return page.keyboard.type(words, { delay })
  for (const word of words.match(/\S+\s*/g) ?? []) {
    // oxlint-disable-next-line no-await-in-loop -- one word after the other
    await page.keyboard.insertText(word)
  }
}

/** As somebody once wrote a paper, with the letters they took back: what it came to. Plays from one of its transactions. */
async function play(page: Page, from: number): Promise<string> {
  const count = keyMs > 0 ? Math.round(60_000 / keyMs) : dose({ usual: 200, small: 100 })
  let written = ''
  for (const { patches } of readSequentialTrace('automerge-paper').txns.slice(from, from + count))
    for (const [, deleted, inserted] of patches) {
      if (deleted > 0) await page.keyboard.press('Backspace', { delay: keyMs })
      else await page.keyboard.type(inserted, { delay: keyMs })
      written = deleted > 0 ? written.slice(0, -deleted) : written + inserted
    }
  return written
}

/** Everything that Anna's page said of saving, with what it showed then. */
interface Heard {
  readonly words: string
  readonly text: string
}

/** Listens in every page of the context, also after it has been loaded anew. */
async function listen(context: BrowserContext): Promise<Heard[]> {
  const heard: Heard[] = []
  await context.exposeFunction('heard', (words: string, text: string) => void heard.push({ words, text }))
  await context.addInitScript(() => {
    let last = ''
    const look = (page: ShadowRoot): void => {
      const words = page.querySelector('.state > span')?.textContent ?? ''
      if (words === last) return
      last = words
      const editor = page.querySelector('quire-text')
      const tell: unknown = Reflect.get(globalThis, 'heard')
      if (typeof tell === 'function') tell(words, editor?.value ?? '')
    }
    const find = (): void => {
      const page = document
        .querySelector('quire-app')
        ?.shadowRoot?.querySelector('quire-document')?.shadowRoot
      if (!page) return void requestAnimationFrame(find)
      new MutationObserver(() => look(page)).observe(page, {
        childList: true,
        characterData: true,
        subtree: true,
      })
      look(page)
    }
    find()
  })
  return heard
}

/** Rows in what the browser keeps: edits that the server has not said it has. */
function unsavedOn(page: Page, link: string): Promise<number> {
  return page.evaluate(
    (name) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.addEventListener('error', () => reject(new Error('no database')))
        opening.addEventListener('success', () => {
          const count = opening.result.transaction('unsaved').objectStore('unsaved').count()
          count.addEventListener('success', () => {
            opening.result.close()
            resolve(count.result)
          })
        })
      }),
    `quire/${new URL(link).pathname.split('/').at(-1)}`,
  )
}

/** Types the last words and reloads, where neither a picture nor time goes by, so that they wait until the page is left. */
async function leaveBeforePainted(page: Page, words: string): Promise<void> {
  page.once('dialog', (dialog) => void dialog.accept())
  await page.evaluate(() => {
    Object.assign(globalThis, { requestAnimationFrame: () => 0, setTimeout: () => 0 })
  })
  await page.keyboard.insertText(words)
  await page.reload()
}

function expectEachOnce(text: string, words: string): void {
  const found = text.split(/\s+/)
  for (const word of words.trim().split(' '))
    expect([word, found.filter((other) => other === word).length]).toEqual([word, 1])
}

/** Both have the document open, and Anna is heard. */
async function begin(
  { annasPath, bosPath }: Scene,
  person: (name: string, options?: object) => Promise<Page>,
) {
  const anna = await person('Anna', {
    permissions: ['clipboard-read', 'clipboard-write'],
    serviceWorkers: 'allow',
  })
  const heard = await listen(anna.context())
  await newDocument(anna, annasPath)
  const link = await copyLink(anna, 'Can edit')
  const annasLink = anna.url()
  const bo = await person('Bo')
  await bo.goto(link.replace(annasPath.url, bosPath.url))
  await textOf(anna).click()
  await write(anna, wordsOf('a', 0, 10))
  await expect(textOf(bo)).toContainText('a9')
  await textOf(bo).click()
  await bo.keyboard.press('ControlOrMeta+End')
  await write(bo, wordsOf('b', 0, 10))
  await expect(saveState(anna)).toHaveText('Saved')
  await expect(textOf(anna)).toContainText('b9')
  await anna.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  return { anna, bo, heard, link, annasLink }
}

/** All is well again: everyone has everything once, and Anna was never told that something was saved that was not. */
async function expectAllWell(
  {
    anna,
    bo,
    heard,
    link,
    server,
  }: { anna: Page; bo: Page; heard: Heard[]; link: string; server: Scene['server'] },
  words: string,
): Promise<void> {
  await expect(saveState(anna)).toHaveText('Saved', { timeout: 20_000 })
  await expect(saveState(bo)).toHaveText('Saved', { timeout: 20_000 })
  await expectSameText(anna, bo)
  await expect.poll(async () => (await storedText(server, link)) === (await exactTextOf(anna))).toBe(true)
  await expectSameText(anna, bo)
  const text = await storedText(server, link)
  expectEachOnce(text, words)
  const saidSaved = heard.filter((moment) => moment.words === 'Saved')
  for (const word of saidSaved.flatMap((moment) => moment.text.split(/\s+/)).filter(Boolean))
    expect(text).toContain(word)
}

const both = wordsOf('a', 0, 50) + wordsOf('b', 0, 30)

test('without a network', async ({ scene, person }) => {
  const story = await begin(scene, person)
  const { anna, bo, heard, link } = story
  scene.annasPath.cut()
  await expect(saveState(anna)).toHaveText('Offline')
  await Promise.all([write(anna, wordsOf('a', 10, 30)), write(bo, wordsOf('b', 10, 20))])
  await expect(saveState(anna)).toHaveText(/^Offline: \d+ edits on this device$/)
  await expect
    .poll(async () => {
      const said = await saveState(anna).textContent()
      return said === `Offline: ${await unsavedOn(anna, link)} edits on this device`
    })
    .toBe(true)
  const before = await exactTextOf(anna)
  heard.length = 0
  await anna.reload()
  await expect.poll(() => exactTextOf(anna)).toBe(before)
  await expect(saveState(anna)).toHaveText(/^Offline: \d+ edits on this device$/)
  await textOf(anna).click()
  await anna.keyboard.press('ControlOrMeta+Home')
  await write(anna, wordsOf('a', 40, 9))
  await leaveBeforePainted(anna, 'a49 ')
  await expect(textOf(anna)).toContainText('a49')
  expect(heard.map(({ words }) => words).filter((words) => /saved/i.test(words))).toEqual([])
  expect(await storedText(scene.server, link)).not.toContain('a10')
  scene.annasPath.restore()
  await expectAllWell({ ...story, server: scene.server }, both)
})

test('without a network, which only the browser says', async ({ scene, person }) => {
  const story = await begin(scene, person)
  const { anna, bo, heard } = story
  scene.annasPath.fallSilent()
  heard.length = 0
  await anna.context().setOffline(true)
  await write(anna, wordsOf('a', 10, 40))
  await expect(saveState(anna)).toHaveText(/^Offline: \d+ edits on this device$/, { timeout: 6000 })
  await write(bo, wordsOf('b', 10, 20))
  expect(heard.map(({ words }) => words).filter((words) => /saved/i.test(words))).toEqual([])
  scene.annasPath.restore()
  await anna.context().setOffline(false)
  await expectAllWell({ ...story, server: scene.server }, both)
})

test('while both write as people do', { tag: '@long' }, async ({ scene, person }) => {
  test.skip(!hasTraces, 'no traces: set QUIRE_TRACES to their folder')
  const story = await begin(scene, person)
  const { anna, bo, heard, link } = story
  const before = await exactTextOf(anna)
  scene.annasPath.cut()
  await expect(saveState(anna)).toHaveText('Offline')
  heard.length = 0
  await anna.keyboard.press('ControlOrMeta+Home')
  const [annas, bos] = await Promise.all([play(anna, 126_826), play(bo, 47_094)])
  await expect.poll(() => exactTextOf(anna)).toBe(annas + before)
  await anna.reload()
  await expect.poll(() => exactTextOf(anna)).toBe(annas + before)
  await expect(saveState(anna)).toHaveText(/^Offline: \d+ edits on this device$/)
  expect(heard.map(({ words }) => words).filter((words) => /saved/i.test(words))).toEqual([])
  expect(await storedText(scene.server, link)).toBe(before + bos)
  scene.annasPath.restore()
  await expectAllWell({ ...story, server: scene.server }, wordsOf('a', 1, 9) + wordsOf('b', 0, 9))
  expect(await storedText(scene.server, link)).toBe(annas + before + bos)
})

test('with a server that is killed while both type', async ({ scene, person }) => {
  const story = await begin(scene, person)
  const { anna, bo, heard } = story
  const typing = Promise.all([write(anna, wordsOf('a', 10, 40), 2), write(bo, wordsOf('b', 10, 20), 4)])
  await scene.server.kill()
  heard.length = 0
  await typing
  await expect(saveState(anna)).toHaveText(/^Offline: \d+ edits on this device$/)
  await anna.reload()
  await expect(saveState(anna)).toHaveText(/^Offline: \d+ edits on this device$/)
  expect(heard.map(({ words }) => words).filter((words) => /saved/i.test(words))).toEqual([])
  await scene.server.start()
  await expectAllWell({ ...story, server: scene.server }, both)
})

test('with a server that no longer answers', async ({ scene, person }) => {
  const story = await begin(scene, person)
  const { anna, bo, heard } = story
  scene.server.pause()
  heard.length = 0
  await write(anna, wordsOf('a', 10, 40))
  await write(bo, wordsOf('b', 10, 20))
  await expect(saveState(anna)).toHaveText(/^Offline: \d+ edits on this device$/, { timeout: 40_000 })
  // Of a page that is slow to type, "Saving…" would be gone before anyone could look for it.
  const said = heard.map(({ words }) => words)
  expect(said).toContain('Saving…')
  expect(said.filter((words) => /saved/i.test(words))).toEqual([])
  scene.server.resume()
  await expectAllWell({ ...story, server: scene.server }, both)
})

test('with two tabs', async ({ scene, person }) => {
  const story = await begin(scene, person)
  const { anna, bo, annasLink } = story
  const other = await anna.context().newPage()
  await other.goto(annasLink)
  await expect(textOf(other)).toContainText('b9')
  scene.annasPath.cut()
  await expect(saveState(anna)).toHaveText('Offline')
  await write(anna, wordsOf('a', 10, 15))
  await expect(textOf(other)).toContainText('a24')
  await textOf(other).click()
  await other.keyboard.press('ControlOrMeta+Home')
  await write(other, wordsOf('a', 25, 15))
  await expect(textOf(anna)).toContainText('a39')
  await write(bo, wordsOf('b', 10, 20))
  for (const page of [anna, other])
    await expect(saveState(page)).toHaveText(/^Offline: \d+ edits on this device$/)
  await expect
    .poll(async () => (await saveState(anna).textContent()) === (await saveState(other).textContent()))
    .toBe(true)
  // The one that typed last is closed, and its words are in the other.
  await other.close()
  await anna.bringToFront()
  await textOf(anna).click()
  await anna.keyboard.press('ControlOrMeta+Home')
  await write(anna, wordsOf('a', 40, 10))
  scene.annasPath.restore()
  await expectAllWell({ ...story, server: scene.server }, both)
})

test('behind a proxy that says that the server is away', async ({ scene, person }) => {
  const story = await begin(scene, person)
  const { anna, bo } = story
  scene.annasPath.answerFor()
  await write(anna, wordsOf('a', 10, 40))
  await write(bo, wordsOf('b', 10, 20))
  await expect(saveState(anna)).toHaveText(/^Offline: \d+ edits on this device$/)
  const before = await exactTextOf(anna)
  await anna.reload()
  await expect.poll(() => exactTextOf(anna)).toBe(before)
  scene.annasPath.restore()
  await expectAllWell({ ...story, server: scene.server }, both)
})

test('where the browser keeps nothing', async ({ scene, person }) => {
  const blocked = async (name: string, options?: object): Promise<Page> => {
    const page = await person(name, options)
    if (name === 'Anna')
      await page.context().addInitScript(() => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('blocked', 'SecurityError')
        }
      })
    return page
  }
  const story = await begin(scene, blocked)
  const { anna, bo } = story
  const questions: string[] = []
  anna.on('dialog', (dialog) => {
    questions.push(dialog.type())
    void dialog.dismiss()
  })
  scene.annasPath.cut()
  await write(anna, wordsOf('a', 10, 40))
  await write(bo, wordsOf('b', 10, 20))
  await expect(saveState(anna)).toHaveText(/^Offline: \d+ edits in this page only\. Keep it open\.$/)
  const asked = anna.waitForEvent('dialog')
  await anna.close({ runBeforeUnload: true })
  await asked
  expect(questions).toEqual(['beforeunload'])
  scene.annasPath.restore()
  await expectAllWell({ ...story, server: scene.server }, both)
})

test('where the browser has no more room', async ({ scene, person }) => {
  const story = await begin(scene, person)
  const { anna, bo } = story
  const devtools = await anna.context().newCDPSession(anna)
  const { url: origin } = scene.annasPath
  /** Chromium remembers for a while how much room there was, but not across a clearing. */
  const giveRoom = async (quota: { quotaSize?: number }): Promise<void> => {
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, ...quota })
    await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
  }
  scene.annasPath.cut()
  await expect(saveState(anna)).toHaveText('Offline')
  await giveRoom({ quotaSize: 1 })
  await write(anna, wordsOf('a', 10, 30))
  await expect(saveState(anna)).toHaveText(
    /^Offline, and this device is full: \d+ edits in this page only\. Keep it open\.$/,
  )
  await giveRoom({})
  await write(anna, wordsOf('a', 40, 10))
  await write(bo, wordsOf('b', 10, 20))
  await expect(saveState(anna)).toHaveText(/^Offline: \d+ edits on this device$/)
  scene.annasPath.restore()
  await expectAllWell({ ...story, server: scene.server }, both)
})
