/**
 * What a text of 5 MB costs whoever opens and writes it, in a real Chromium: from the arrival of its last bytes until it can
 * be typed into, from the press of a key until what it typed is painted (at the beginning, in the middle and at the end, and
 * beside a preview; and in CodeMirror alone), what a key costs the page's main thread, and until the preview shows all of it.
 *
 *     pnpm build && pnpm bench:large       # QUIRE_LARGE_MB for another size, QUIRE_PROFILE for a folder to put profiles in
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type CDPSession, type Page } from 'playwright'
import { build } from 'vite'
import { chromiumLaunchOptions } from '../scripts/chromium.ts'
import { makeDataFolder, runServer } from '../scripts/run-server.ts'
import { describeMachine, quantile, storeDocument, timeKeys, watchMainThread } from './pages.ts'

const megabytes = Number(process.env['QUIRE_LARGE_MB'] ?? 5)
const openings = 5
/** At each place twice: meanwhile Chromium compiles what is used often, on the cores that are to paint. */
const keys = 200
/** Nobody types faster for long. */
const betweenKeysMs = 60
const profileFolder = process.env['QUIRE_PROFILE']

const text = markdownOf(megabytes * 1024 * 1024)
const data = makeDataFolder()
const server = await runServer({ QUIRE_DATA: data.path })
const { args, ...launch } = chromiumLaunchOptions()
// A frame is painted when it is ready: what a screen's rhythm adds is not ours.
const browser = await chromium.launch({ ...launch, args: [...args, '--disable-frame-rate-limit'] })
try {
  console.log(describeMachine(browser))
  console.log(`${text.length} characters in ${text.split('\n').length} lines of Markdown`)
  const link = await storeDocument(server.url, text)
  const opened: number[] = []
  for (let opening = 1; opening < openings; opening++) {
    const page = await open(link)
    opened.push(await openedAfter(page))
    await page.context().close()
  }
  const page = await open(link)
  opened.push(await openedAfter(page))
  console.log(`bytes arrived → editable: ${inWords(opened)}`)

  const devtools = await page.context().newCDPSession(page)
  const busySeconds = await watchMainThread(devtools)
  for (const [place, line] of [
    ['at the beginning', 1],
    ['in the middle', text.split('\n').length >> 1],
    ['at the end', Infinity],
  ] as const) {
    await goTo(page, line)
    await measureTyping(page, { devtools, busySeconds }, place)
  }
  const startedAt = performance.now()
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.locator('quire-preview').evaluate((preview) => {
    const read: unknown = Reflect.get(preview, 'renderedHtml')
    if (typeof read === 'function') return (read.call(preview) as Promise<string>).then(() => true)
    throw new Error('the preview has no renderedHtml')
  })
  console.log(`preview asked for → all of it shown: ${Math.round(performance.now() - startedAt)} ms`)
  await measureTyping(page, { devtools, busySeconds }, 'beside the preview')
  await page.context().close()
  await measurePlain()
} finally {
  await browser.close()
  await server.stop('SIGKILL')
  data.remove()
}

/** What of a key's time is the browser's and CodeMirror's. */
async function measurePlain(): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.evaluate(timeKeys)
  await page.addScriptTag({ type: 'module', content: await bundled('plain.ts') })
  await page.locator('.cm-content').click({ position: { x: 100, y: 100 } })
  await page.waitForTimeout(1000)
  const devtools = await context.newCDPSession(page)
  await measureTyping(page, { devtools, busySeconds: await watchMainThread(devtools) }, 'in CodeMirror alone')
}

async function bundled(file: string): Promise<string> {
  const input = fileURLToPath(new URL(file, import.meta.url))
  const made = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, rolldownOptions: { input } },
  })
  const chunk = [made].flat().flatMap((built) => ('output' in built ? built.output : []))[0]
  if (chunk?.type !== 'chunk') throw new Error(`${file} did not become one file`)
  return chunk.code
}

/** Sections of everything that is common in Markdown, until there are as many characters. */
function markdownOf(length: number): string {
  const sections: string[] = []
  let written = 0
  for (let number = 1; written < length; number++) {
    const section = [
      `${'#'.repeat(1 + (number % 3))} Section ${number}`,
      '',
      `Words of section ${number}, **strong** ones and *slanted* ones, with \`code\` and a [link](https://example.org/${number}). `.repeat(
        3,
      ),
      '',
      ...Array.from({ length: 5 }, (_, index) => `- [${index % 2 ? 'x' : ' '}] task ${index} of ${number}`),
      '',
      '| name | count |',
      '|:-----|------:|',
      ...Array.from({ length: 3 }, (_, index) => `| row ${index} | ${number * index} |`),
      '',
      '```js',
      `export const answer${number} = (question) => question.length * ${number} // of course`,
      '```',
      '',
      `> Said in ${number}, and **said** again.`,
      '',
    ].join('\n')
    sections.push(section)
    written += section.length + 1
  }
  return sections.join('\n').slice(0, length)
}

/** By somebody who has not been here before. */
async function open(link: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.addInitScript(timeOpening, text.length)
  await page.addInitScript(timeKeys)
  await page.goto(link)
  return page
}

/** Runs in the page, before its own script: leaves in `openedMs` how long that took. */
function timeOpening(expected: number): void {
  // A preview's frame never has what is looked for.
  if (window !== top) return
  let arrived = Number.NaN
  // What comes afterwards are single edits and presence.
  globalThis.WebSocket = class extends WebSocket {
    constructor(...given: ConstructorParameters<typeof WebSocket>) {
      super(...given)
      this.addEventListener('message', ({ data: frame, timeStamp }) => {
        if (frame instanceof ArrayBuffer && frame.byteLength > 10_000) arrived = timeStamp
      })
    }
  }
  const look = (): void => {
    const editor = document
      .querySelector('quire-app')
      ?.shadowRoot?.querySelector('quire-document')
      ?.shadowRoot?.querySelector('quire-text')
    const isEditable = editor?.shadowRoot?.querySelector('[contenteditable="true"]')
    if (!editor || !isEditable || !('value' in editor) || String(editor.value).length < expected) {
      requestAnimationFrame(look)
      return
    }
    // After it is painted.
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => Reflect.set(globalThis, 'openedMs', performance.now() - arrived))
    port1.start()
    port2.postMessage(undefined)
  }
  look()
}

async function openedAfter(page: Page): Promise<number> {
  const handle = await page.waitForFunction(() => Number(Reflect.get(globalThis, 'openedMs')), undefined, {
    timeout: 120_000,
  })
  return handle.jsonValue()
}

async function goTo(page: Page, line: number): Promise<void> {
  await page.locator('quire-text').evaluate(
    (editor, wanted) => {
      const go: unknown = Reflect.get(editor, 'goToLine')
      if (typeof go === 'function') go.call(editor, wanted)
    },
    Math.min(line, Number.MAX_SAFE_INTEGER),
  )
  await page.keyboard.press('End')
  await page.waitForTimeout(1000)
}

interface Tools {
  readonly devtools: CDPSession
  readonly busySeconds: () => Promise<number>
}

async function measureTyping(page: Page, tools: Tools, place: string): Promise<void> {
  await measureKeys(page, tools, `${place}, the first`)
  await measureKeys(page, tools, `${place}, then`)
}

async function measureKeys(page: Page, tools: Tools, place: string): Promise<void> {
  const { devtools, busySeconds } = tools
  await page.evaluate(() => void (Reflect.get(globalThis, 'keyTimes') as number[]).splice(0))
  if (profileFolder !== undefined) {
    await devtools.send('Profiler.enable')
    await devtools.send('Profiler.start')
  }
  const busyBefore = await busySeconds()
  for (let key = 0; key < keys; key++) {
    await page.keyboard.press(key % 6 === 5 ? 'Space' : 'e')
    await page.waitForTimeout(betweenKeysMs)
  }
  const busyMs = ((await busySeconds()) - busyBefore) * 1000
  if (profileFolder !== undefined) {
    const { profile } = await devtools.send('Profiler.stop')
    writeFileSync(join(profileFolder, `${place.replaceAll(/\W+/g, '-')}.cpuprofile`), JSON.stringify(profile))
  }
  const times = await page.evaluate(() => Reflect.get(globalThis, 'keyTimes') as number[])
  console.log(
    `key → painted ${place}: ${inWords(times)}; main thread ${(busyMs / keys).toFixed(1)} ms of CPU a key`,
  )
}

function inWords(times: readonly number[]): string {
  const at = (share: number): string => `${quantile(times, share).toFixed(1)} ms`
  return `median ${at(0.5)}, p95 ${at(0.95)}, slowest ${at(1)} (${times.length})`
}
