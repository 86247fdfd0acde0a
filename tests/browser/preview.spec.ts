/** The story of a text that is read beside where it is written. */
import type { FrameLocator, Locator, Page } from '@playwright/test'
import { readSample, sampleNames } from '../support/sample-documents.ts'
import { documentWith, letter, openPreview, previewOf, renderedHtml, shownText } from './preview.ts'
import { expect as soon, test, textOf, untilReady } from './stories.ts'

// Diagrams and large texts are a lot of work for a small machine.
const expect = soon.configure({ timeout: 60_000 })
test.describe.configure({ timeout: 180_000 })

test('what is written is read beside it, and follows', async ({ server, person }) => {
  const anna = await person('Anna')
  await anna.goto(await documentWith(server, letter))
  await untilReady(anna)
  const preview = await openPreview(anna)
  await expect(preview.getByRole('heading', { name: 'A letter' })).toBeVisible()
  await expect(textOf(anna)).toBeVisible()
  await expect(preview.locator('strong')).toHaveText('strong')
  await expect(preview.getByRole('checkbox')).toHaveCount(2)
  await expect(preview.getByRole('checkbox').first()).toBeChecked()
  await expect(preview.getByRole('checkbox').first()).toBeDisabled()
  await expect(preview.getByRole('cell', { name: '1' })).toHaveCSS('text-align', 'right')
  await expect(preview.locator('pre.code .code-keyword')).toHaveText('const')
  await expect(preview.locator('pre.code .code-comment')).toHaveText('// of course')
  await expect(preview.locator('.katex')).toHaveCount(2)
  await expect(preview.getByText('money $5 and $6.')).toBeVisible()
  await expect(preview.locator('pre.diagram svg')).toBeVisible()
  await expect(preview.locator('pre.diagram svg')).toContainText('Paper')
  await expect(preview.locator('.footnotes')).toContainText('A note.')
  // As large as where it is written, and as the settings say; the words around it are a little smaller.
  const both = [textOf(anna), preview.locator('body')]
  for (const text of both) await expect(text).toHaveCSS('font-size', '17px')
  const headings = [textOf(anna).locator('.cm-heading-1'), preview.locator('h1')]
  for (const heading of headings) await expect(heading).toHaveCSS('font-size', '32px')
  await expect(anna.locator('body')).toHaveCSS('font-size', '15px')

  await preview.locator('h1').evaluate((heading) => heading.setAttribute('data-kept', ''))
  await textOf(anna).focus()
  await anna.keyboard.press('ControlOrMeta+End')
  await anna.keyboard.type('Typed on.')
  await expect(preview.getByText('Typed on.')).toBeVisible()
  await expect(preview.locator('h1[data-kept]'), 'what has not changed is not made anew').toHaveCount(1)

  await anna.keyboard.press('ControlOrMeta+Shift+E')
  await expect(anna.locator('quire-preview')).toHaveCount(0)
  await expect(textOf(anna)).toBeFocused()
})

test('on a phone it stands in the place of the text', async ({ server, person }) => {
  const anna = await person('Anna', { viewport: { width: 390, height: 844 } })
  await anna.goto(await documentWith(server, letter))
  await anna.getByRole('button', { name: 'More' }).click()
  await anna.getByRole('menuitem', { name: 'Preview' }).click()
  const preview = previewOf(anna)
  await expect(preview.getByRole('heading', { name: 'A letter' })).toBeVisible()
  await expect(textOf(anna)).toBeHidden()
  await preview.getByText('Words,').click()
  await anna.keyboard.press('ControlOrMeta+Shift+E')
  await expect(textOf(anna), 'the key is heard in the preview too').toBeVisible()
})

test('Escape leads from what is read beside the text into the text', async ({ server, person }) => {
  const anna = await person('Anna', { viewport: { width: 1280, height: 800 } })
  await anna.goto(await documentWith(server, '# Notes'))
  const preview = await openPreview(anna)
  await preview.getByRole('heading', { name: 'Notes' }).click()
  await anna.keyboard.press('Escape')
  await expect(textOf(anna)).toBeFocused()
  await expect(preview.getByRole('heading', { name: 'Notes' })).toBeVisible()
  await anna.keyboard.press('Escape')
  await expect(preview.getByRole('heading', { name: 'Notes' })).toBeVisible()
})

test('on a phone Escape in what is read leads back to the text, and so does the browser’s way back', async ({
  server,
  person,
}) => {
  const anna = await person('Anna', { viewport: { width: 390, height: 844 } })
  await anna.goto(await documentWith(server, '# Notes'))
  await untilReady(anna)
  await textOf(anna).focus()
  const heading = previewOf(anna).getByRole('heading', { name: 'Notes' })
  await anna.keyboard.press('ControlOrMeta+Shift+E')
  await heading.click()
  await anna.keyboard.press('Escape')
  await expect(textOf(anna)).toBeFocused()
  await expect(heading).toHaveCount(0)

  // Where there is a key for it, Chromium takes Escape for that.
  const goBack = async (): Promise<void> => {
    await anna.getByRole('button', { name: 'More' }).focus()
    await anna.keyboard.press('Escape')
  }
  await anna.keyboard.press('ControlOrMeta+Shift+E')
  await expect(heading).toBeVisible()
  await anna.keyboard.press('F1')
  await expect(anna.getByRole('dialog')).toBeVisible()
  await anna.keyboard.press('Escape')
  await expect(anna.getByRole('dialog')).toBeHidden()
  await expect(heading, 'what stands above it closes first').toBeVisible()
  await goBack()
  await expect(textOf(anna)).toBeFocused()
  await expect(heading).toHaveCount(0)

  await anna.keyboard.press('ControlOrMeta+Shift+E')
  await expect(heading).toBeVisible()
  await anna.setViewportSize({ width: 1280, height: 800 })
  await expect(textOf(anna)).toBeVisible()
  await goBack()
  await expect(heading, 'nothing is left for whoever sees both').toBeVisible()
})

test('on a phone the outline leads through what is read, and the text is where one has read', async ({
  server,
  person,
}) => {
  const anna = await person('Anna', { viewport: { width: 390, height: 844 } })
  const sections = ['One', 'Two', 'Three', 'Four'].map((name) => `## ${name}\n\n${'Words.\n\n'.repeat(40)}`)
  await anna.goto(await documentWith(server, `# A letter\n\n${sections.join('')}`))
  await expect(textOf(anna)).toBeVisible()
  await textOf(anna).focus()
  await anna.keyboard.press('ControlOrMeta+Shift+E')
  const preview = previewOf(anna)
  await expect(preview.getByRole('heading', { name: 'A letter' })).toBeVisible()
  await expect(
    anna.locator('quire-preview iframe'),
    'whoever was in the text is in what is read',
  ).toBeFocused()
  await anna.keyboard.press('ControlOrMeta+Shift+E')
  await expect(textOf(anna)).toBeFocused()

  const openOutline = async (): Promise<Locator> => {
    await anna.getByRole('button', { name: 'More' }).click()
    await anna.getByRole('menuitem', { name: 'Outline' }).click()
    return anna.getByRole('dialog', { name: 'Outline' })
  }
  await anna.keyboard.press('ControlOrMeta+Shift+E')
  await (await openOutline()).getByRole('button', { name: 'Three' }).click()
  await expect(preview.getByRole('heading', { name: 'Three' })).toBeInViewport()
  await expect(anna.locator('quire-preview iframe')).toBeFocused()
  await anna.mouse.move(195, 500)
  await anna.mouse.wheel(0, 200)
  const isAtThree = async (): Promise<void> => {
    const outline = await openOutline()
    await expect(outline.getByRole('button', { name: 'Three' })).toHaveAttribute('aria-current', 'location')
    await outline.getByRole('button', { name: 'Close' }).click()
  }
  await isAtThree()
  await anna.keyboard.press('ControlOrMeta+Shift+E')
  await expect(textOf(anna)).toBeFocused()
  await isAtThree()
})

test('links of the text scroll, others open elsewhere, and what is no address opens nothing', async ({
  server,
  person,
}) => {
  const anna = await person('Anna')
  const links = ['[up](#a-letter)', '[site](https://other.test/page)', '[path](somewhere/else)'].join(' ')
  await anna.goto(await documentWith(server, `# A letter\n${'\nline\n'.repeat(100)}\n${links}\n`))
  await anna.context().route('https://other.test/**', (route) => route.fulfill({ body: 'elsewhere' }))
  const preview = await openPreview(anna)
  await preview.getByRole('link', { name: 'up' }).click()
  await expect(preview.getByRole('heading', { name: 'A letter' })).toBeInViewport()
  await preview.getByRole('link', { name: 'path' }).click()
  const opening = anna.context().waitForEvent('page')
  await preview.getByRole('link', { name: 'site' }).click()
  const other = await opening
  await expect(other).toHaveURL('https://other.test/page')
  expect(await other.evaluate(() => [document.referrer, String(opener)])).toEqual(['', 'null'])
  expect(anna.context().pages()).toHaveLength(2)
  await expect(preview.getByRole('link', { name: 'site' }), 'the preview is where it was').toBeVisible()
})

test('pictures from elsewhere are loaded when the reader says so', async ({ server, person }) => {
  const anna = await person('Anna')
  const asked: string[] = []
  await anna.context().route('https://pictures.test/**', (route) => {
    asked.push(route.request().headers()['referer'] ?? 'no referrer')
    return route.fulfill({
      contentType: 'image/svg+xml',
      body: '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>',
    })
  })
  await anna.goto(await documentWith(server, '![A heron](https://pictures.test/heron.svg)\n'))
  const preview = await openPreview(anna)
  await expect(preview.getByText('Picture from pictures.test')).toBeVisible()
  expect(asked).toEqual([])
  await preview.getByRole('button', { name: 'Show pictures' }).click()
  await expect(preview.getByRole('img', { name: 'A heron' })).toHaveJSProperty('naturalWidth', 40)
  expect(asked).toEqual(['no referrer'])
})

test('whoever is handed the text gets its pictures, though nobody here has asked for them', async ({
  server,
  person,
}) => {
  const anna = await person('Anna')
  const asked: string[] = []
  await anna.context().route('https://pictures.test/**', (route) => {
    asked.push(route.request().url())
    return route.abort()
  })
  const picture = '![A "heron" & <b>](https://pictures.test/heron.svg?a=1&b "Far \\"off\\"")'
  await anna.goto(await documentWith(server, `${picture}\n\n![x](javascript:alert(1))\n`))
  await openPreview(anna)
  const html = await renderedHtml(anna)
  expect(html).toContain(
    '<img src="https://pictures.test/heron.svg?a=1&amp;b" alt="A &quot;heron&quot; &amp; &lt;b&gt;" title="Far &quot;off&quot;">',
  )
  expect(html).not.toMatch(/Picture from|data-|src="javascript/)
  expect(asked).toEqual([])
})

test('code is read as code, in its language, and scrolls along', async ({ server, person }) => {
  const anna = await person('Anna', { viewport: { width: 1280, height: 800 } })
  const code = `# no heading\ndef a():\n    return "\`\`\`"\n${'x = 1\n'.repeat(400)}# the end`
  await anna.goto(await documentWith(server, code, 'python'))
  const preview = await openPreview(anna)
  await expect(preview.locator('pre.code .code-keyword').first()).toHaveText('def')
  await expect(preview.locator('pre.code .code-comment').first()).toHaveText('# no heading')
  await expect(preview.locator('main h1')).toHaveCount(0)
  expect((await shownText(preview)).trimEnd()).toBe(code)
  expect(await renderedHtml(anna)).toMatch(/^<pre class="code"><code><span class="code-comment"># no heading/)
  await scroll(anna, textOf(anna), 100_000)
  await expect(preview.getByText('# the end')).toBeInViewport()

  await anna.getByRole('combobox', { name: 'Language of the text' }).selectOption('Markdown')
  await expect(preview.getByRole('heading', { name: 'no heading' })).toBeAttached()
})

test('commands are found from within the preview as well', async ({ server, person }) => {
  const anna = await person('Anna')
  await anna.goto(await documentWith(server, '# Notes'))
  const preview = await openPreview(anna)
  await preview.getByRole('heading', { name: 'Notes' }).click()
  await anna.keyboard.press('F1')
  await expect(anna.getByRole('combobox', { name: 'What would you like to do?' })).toBeFocused()
})

test('both scroll together, whoever begins', async ({ server, person }) => {
  const anna = await person('Anna', { viewport: { width: 1280, height: 800 } })
  const sections = Array.from(
    { length: 60 },
    (_, index) => `## Section ${index}\n\nWords of section ${index}.\n\n- one\n- two\n`,
  )
  await anna.goto(await documentWith(server, sections.join('\n')))
  const preview = await openPreview(anna)
  const heading = (index: number) => preview.getByRole('heading', { name: `Section ${index}`, exact: true })
  await expect(heading(59)).toBeAttached()

  await scroll(anna, textOf(anna), 3000)
  await expect.poll(() => firstLines(anna, preview)).toMatchObject({ areTogether: true, isTop: false })
  await scroll(anna, preview.locator('main'), 2000)
  await expect.poll(() => firstLines(anna, preview)).toMatchObject({ areTogether: true, isTop: false })
  await scroll(anna, preview.locator('main'), -20_000)
  await expect.poll(() => firstLines(anna, preview)).toMatchObject({ areTogether: true, isTop: true })

  // Nobody answers what was only answered: where both have come to, they stay.
  await scroll(anna, textOf(anna), 1234)
  await expect.poll(() => firstLines(anna, preview)).toMatchObject({ areTogether: true, isTop: false })
  const before = await firstLines(anna, preview)
  for (let round = 0; round < 20; round++)
    // oxlint-disable-next-line no-await-in-loop -- one picture after the other
    await anna.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  expect(await firstLines(anna, preview)).toEqual(before)
})

async function scroll(page: Page, over: ReturnType<Page['locator']>, by: number): Promise<void> {
  const box = await over.boundingBox()
  await page.mouse.move((box?.x ?? 0) + 100, 400)
  await page.mouse.wheel(0, by)
}

/** What stands at the top of each, by the section it belongs to. */
async function firstLines(page: Page, preview: FrameLocator) {
  const line = await page.locator('quire-text').evaluate((editor) => Reflect.get(editor, 'topLine') as number)
  const top = await preview.locator('main').evaluate((main) => {
    const headings = [...main.querySelectorAll('h2')]
    const next = headings.findIndex((heading) => heading.getBoundingClientRect().top > 0)
    return (next === -1 ? headings.length : next) - 1
  })
  const lines = 7
  return { areTogether: Math.abs(Math.floor(line / lines) - top) <= 1, isTop: line === 0, line, top }
}

test('of a long text only what is near is laid out, and all of it when it is printed', async ({
  server,
  person,
}) => {
  const anna = await person('Anna')
  const paragraphs = Array.from({ length: 1500 }, (_, index) => `Paragraph ${index}, with words.`)
  await anna.goto(await documentWith(server, paragraphs.join('\n\n')))
  const preview = await openPreview(anna)
  await renderedHtml(anna)
  const isLaidOut = (index: number): Promise<boolean> =>
    preview
      .locator('p', { hasText: `Paragraph ${index}, ` })
      .evaluate((paragraph) => paragraph.checkVisibility({ contentVisibilityAuto: true }))
  await expect.poll(() => isLaidOut(0)).toBe(true)
  expect(await isLaidOut(1499)).toBe(false)
  await textOf(anna).click()
  await anna.keyboard.press('ControlOrMeta+End')
  await expect(preview.getByText('Paragraph 1499, ')).toBeInViewport()
  await expect.poll(() => isLaidOut(1499)).toBe(true)
  await expect.poll(() => isLaidOut(0)).toBe(false)
  // The frame is printed by itself, without the page that is not there on paper.
  await anna.locator('.page:has(header)').evaluate((page) => {
    if (page instanceof HTMLElement) page.style.display = 'flex'
  })
  await anna.emulateMedia({ media: 'print' })
  await expect.poll(() => isLaidOut(0)).toBe(true)
})

for (const isPreviewed of [false, true])
  test(`what the browser prints by itself is all of the text, dark on white${isPreviewed ? ', beside a preview too' : ''}`, async ({
    server,
    person,
  }) => {
    const anna = await person('Anna', { viewport: { width: 700, height: 400 } })
    const text = `# Long\n\n${'A line, and an end of it.\n'.repeat(2000)}the very last`
    await anna.addInitScript(() => {
      if (origin !== 'null') localStorage.setItem('quire.settings', '{"theme":"dark"}')
    })
    await anna.goto(await documentWith(server, text))
    await untilReady(anna)
    if (isPreviewed) await openPreview(anna)
    const paper = anna.locator('.paper')
    const texts: string[] = []
    await anna.exposeFunction('printed', (words: string) => void texts.push(words))
    await paper.evaluate((element) =>
      matchMedia('print').addEventListener('change', ({ matches }) => {
        const printed: unknown = Reflect.get(globalThis, 'printed')
        if (matches && element.checkVisibility() && typeof printed === 'function')
          printed(element.textContent)
      }),
    )
    await anna.pdf()
    await expect.poll(() => texts).toEqual([text])
    await expect(paper, 'nothing is left of it').toHaveText('')

    await anna.emulateMedia({ media: 'print' })
    await expect(paper).toHaveCSS('color', 'oklch(0.25 0.012 60)')
    await expect(anna.locator('quire-document header')).toBeHidden()
    await expect(textOf(anna)).toBeHidden()
    await expect(anna.locator('quire-preview iframe')).toBeHidden()
  })

test('what is printed is the text as it is read, with all that is drawn in it, and then the page is as it was', async ({
  server,
  person,
}) => {
  const anna = await person('Anna', { colorScheme: 'dark' })
  const printed: unknown[] = []
  await anna.exposeFunction('printed', (what: unknown) => void printed.push(what))
  await anna.addInitScript(() => {
    window.print = () => {
      const tell: unknown = Reflect.get(globalThis, 'printed')
      if (typeof tell !== 'function') return
      const has = (selector: string): boolean => document.querySelector(selector) !== null
      const shade = document.querySelector('.diagram svg .node rect')
      tell({
        title: document.title,
        isDrawn: has('.katex') && has('.code-keyword'),
        fill: shade && getComputedStyle(shade).fill,
      })
      dispatchEvent(new Event('afterprint'))
    }
  })
  await anna.goto(await documentWith(server, letter))
  await untilReady(anna)
  await textOf(anna).focus()
  await anna.route(/quire-preview/, (route) => route.fulfill({ status: 404 }), { times: 1 })
  await anna.keyboard.press('ControlOrMeta+P')
  await expect(anna.getByText('could not be fetched').first()).toBeVisible()
  await expect(anna.locator('quire-preview')).toHaveCount(0)
  await anna.keyboard.press('ControlOrMeta+P')
  const onPaper = { title: 'Untitled · Quire', isDrawn: true, fill: 'rgb(238, 238, 238)' }
  await expect.poll(() => printed).toEqual([onPaper])
  await expect(anna.locator('quire-preview')).toHaveCount(0)
  await expect(textOf(anna)).toBeFocused()

  const preview = await openPreview(anna)
  await preview.getByText('Words,').click()
  await anna.keyboard.press('ControlOrMeta+P')
  await expect.poll(() => printed).toEqual([onPaper, onPaper])
  await expect(preview.locator('.diagram svg .node rect').first()).not.toHaveCSS('fill', onPaper.fill)
})

test('nothing is cut off at the edge of the paper', async ({ server, person }) => {
  const anna = await person('Anna', { viewport: { width: 700, height: 800 } })
  const row = (cell: string): string => `|${` ${cell} |`.repeat(14)}`
  const table = [row('column'), row('---'), row('a long value')].join('\n')
  const address = `https://example.org/${'path'.repeat(40)}`
  const narrow = `| where | what |\n| --- | --- |\n| ${address} | short |`
  await anna.goto(await documentWith(server, `${table}\n\n${narrow}\n\n\`\`\`\n${'x'.repeat(500)}\n\`\`\`\n`))
  const preview = await openPreview(anna)
  await renderedHtml(anna)
  const widest = (): Promise<number> =>
    preview.locator('main').evaluate((main) => {
      const edges = [...main.querySelectorAll('td, code')].map((part) => part.getBoundingClientRect().right)
      return Math.max(...edges) - document.documentElement.clientWidth
    })
  expect(await widest(), 'on a screen one scrolls').toBeGreaterThan(0)
  await anna.locator('.page:has(header)').evaluate((page) => {
    if (page instanceof HTMLElement) page.style.display = 'flex'
  })
  await anna.emulateMedia({ media: 'print' })
  await expect.poll(widest).toBeLessThanOrEqual(0)
})

test('what cannot be fetched to draw with is left as it was written, and asked for again', async ({
  server,
  person,
}) => {
  const anna = await person('Anna')
  await anna.route(/preview-math/, (route) => route.fulfill({ status: 404 }), { times: 1 })
  await anna.goto(await documentWith(server, '$x^2$\n'))
  await untilReady(anna)
  const preview = await openPreview(anna)
  expect(await renderedHtml(anna)).toContain('x^2')
  await textOf(anna).press('ControlOrMeta+End')
  await anna.keyboard.insertText('\n$y^2$\n')
  await expect(preview.locator('.katex').first()).toBeVisible()
})

test('what is shown can be handed on as HTML, without anything that only works here', async ({
  server,
  person,
}) => {
  const anna = await person('Anna')
  await anna.goto(await documentWith(server, letter))
  const preview = await openPreview(anna)
  await expect(preview.locator('pre.diagram svg')).toBeVisible()
  const html = await renderedHtml(anna)
  expect(html).toContain('<h1 dir="auto" id="user-content-a-letter">A letter</h1>')
  expect(html).toContain('href="#user-content-a-letter"')
  expect(html).toContain('<math')
  expect(html).toContain('<svg')
  expect(html).not.toMatch(/data-line|data-language|<button|katex-html|x\^2/)
})

test('only the frame of the preview is listened to, and only what makes sense', async ({
  server,
  person,
}) => {
  const anna = await person('Anna')
  await anna.goto(await documentWith(server, 'Words.\n'))
  const preview = await openPreview(anna)
  await expect(preview.getByText('Words.')).toBeVisible()
  await anna.evaluate(() => {
    Reflect.set(globalThis, 'heard', [])
    addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const heard: unknown = Reflect.get(globalThis, 'heard')
      if (Array.isArray(heard)) heard.push(data)
    })
    const other = document.createElement('iframe')
    other.id = 'other'
    document.body.append(other)
  })
  await anna
    .frameLocator('#other')
    .locator('body')
    .evaluate(() => parent.postMessage({ type: 'leave' }, '*'))
  await anna.evaluate(() => postMessage({ type: 'leave' }, '*'))
  await preview.locator('main').evaluate(() => parent.postMessage({ type: 'leave it' }, '*'))
  await expect
    .poll(() => anna.evaluate(() => (Reflect.get(globalThis, 'heard') as unknown[]).length))
    .toBeGreaterThanOrEqual(3)
  await expect(anna.locator('quire-preview')).toHaveCount(1)
  await preview.locator('main').evaluate(() => parent.postMessage({ type: 'leave' }, '*'))
  await expect(anna.locator('quire-preview')).toHaveCount(0)
})

test('opened by itself the page is empty and has no origin', async ({ server, person }) => {
  const anna = await person('Anna')
  await anna.goto(await documentWith(server, 'Words.\n'))
  await openPreview(anna)
  const address = (await anna.locator('quire-preview iframe').getAttribute('src')) ?? ''
  const alone = await person('Bo')
  await alone.goto(new URL(address, server.url).href)
  expect(await alone.evaluate(() => [origin, document.body.innerText.trim()])).toEqual(['null', ''])
})

for (const file of sampleNames)
  test(`${file} is shown`, { tag: '@long' }, async ({ server, person }) => {
    const anna = await person('Anna')
    const text = readSample(file)
    await anna.goto(await documentWith(server, text))
    const preview = await openPreview(anna)
    await renderedHtml(anna)
    expect((await shownText(preview)).length).toBeGreaterThan(text.length / 3)
  })
