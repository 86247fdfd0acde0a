/**
 * Whether writing stays smooth with the preview open: a recorded session is typed anew, key by key, faster than it was, into a
 * page that shows both; how far apart its frames are, before and meanwhile, and what a key costs its main thread.
 *
 *     pnpm build && pnpm bench:preview     # QUIRE_TRACES names the folder of traces, QUIRE_KEYS how many of its edits
 */
import { chromium, type Page } from 'playwright'
import { chromiumLaunchOptions } from '../scripts/chromium.ts'
import { makeDataFolder, runServer } from '../scripts/run-server.ts'
import { describeMachine, quantile, watchMainThread } from './pages.ts'
import { readTrace } from './traces.ts'

const edits = Number(process.env['QUIRE_KEYS'] ?? 1500)
/** Faster than anyone types for long. */
const betweenKeysMs = 40
const idleMs = 3000

/** As much of CodeMirror's view as is used here: it is reached as `EditorView.findFromDOM` reaches it. */
interface View {
  readonly state: { readonly doc: { readonly length: number; sliceString(from: number): string } }
  dispatch(spec: object): void
}

const data = makeDataFolder()
const server = await runServer({ QUIRE_DATA: data.path })
const browser = await chromium.launch(chromiumLaunchOptions())
try {
  console.log(describeMachine(browser))
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    serviceWorkers: 'block',
  })
  const page = await context.newPage()
  await page.addInitScript(timeFrames)
  await page.goto(server.url)
  await page.getByRole('button', { name: 'New document' }).click()
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.frameLocator('quire-preview iframe').locator('body').waitFor()
  await page.locator('.cm-content').click()
  const devtools = await context.newCDPSession(page)
  const busySeconds = await watchMainThread(devtools)
  await page.waitForTimeout(idleMs)
  console.log(`frames while nobody types: ${inWords(await takeFrames(page))}`)
  const before = await busySeconds()
  const written = await write(page)
  const busyMs = (await busySeconds()) - before
  console.log(`frames while ${edits} edits are written: ${inWords(await takeFrames(page))}`)
  console.log(
    `main thread ${((busyMs * 1000) / edits).toFixed(1)} ms of CPU an edit, ${written} characters in the end`,
  )
} finally {
  await browser.close()
  await server.stop('SIGKILL')
  data.remove()
}

/** Each edit by the keyboard, at the place where it was made; returns how long the text is then. */
async function write(page: Page): Promise<number> {
  const view = await page.locator('.cm-content').evaluateHandle(viewOf)
  let text = ''
  for (const { patches } of readTrace('json-crdt-blog-post').txns.slice(0, edits))
    for (const [position, deleted, inserted] of patches) {
      await view.evaluate(putCaret, { anchor: position, head: position + deleted })
      if (deleted > 0 && inserted === '') await page.keyboard.press('Delete')
      else if (inserted.length === 1) await page.keyboard.press(inserted === '\n' ? 'Enter' : inserted)
      else if (inserted !== '') await page.keyboard.insertText(inserted)
      text = text.slice(0, position) + inserted + text.slice(position + deleted)
      await page.waitForTimeout(betweenKeysMs)
      // A list goes on by itself, which nobody's editor did then.
      await view.evaluate(correct, text)
    }
  return text.length
}

// These run in the page.

function viewOf(content: unknown): View {
  return (content as { readonly cmTile: { readonly root: { readonly view: View } } }).cmTile.root.view
}

function putCaret(view: View, selection: { readonly anchor: number; readonly head: number }): void {
  view.dispatch({ selection, scrollIntoView: true })
}

function correct(view: View, text: string): void {
  const { doc } = view.state
  if (doc.sliceString(0) !== text) view.dispatch({ changes: { from: 0, to: doc.length, insert: text } })
}

/** Leaves in `framesMs` how long after one another frames began. */
function timeFrames(): void {
  const times: number[] = []
  Reflect.set(globalThis, 'framesMs', times)
  let last: number | undefined
  const frame = (at: number): void => {
    if (last !== undefined) times.push(at - last)
    last = at
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}

async function takeFrames(page: Page): Promise<number[]> {
  return page.evaluate(() => (Reflect.get(globalThis, 'framesMs') as number[]).splice(0))
}

function inWords(times: readonly number[]): string {
  const at = (share: number): string => `${quantile(times, share).toFixed(1)} ms`
  return `median ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, longest ${at(1)} (${times.length})`
}
