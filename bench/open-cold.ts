/**
 * How long somebody who was sent a link waits: from the beginning of the navigation, with nothing in any cache, until the text
 * is there and can be typed into; beside it, in the same run, until a page with nothing but a heading has been painted.
 *
 *     pnpm build && pnpm bench:cold
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { chromium } from 'playwright'
import { chromiumLaunchOptions } from '../scripts/chromium.ts'
import { makeDataFolder, runServer } from '../scripts/run-server.ts'
import { crowdedText } from './crowd/text.ts'
import { describeMachine, quantile, storeDocument } from './pages.ts'

const openings = 9

const data = makeDataFolder()
const server = await runServer({ QUIRE_DATA: data.path })
const empty = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html')
  response.end('<!doctype html><title>Empty</title><h1>Empty</h1>')
}).listen(0, '127.0.0.1')
await once(empty, 'listening')
const browser = await chromium.launch(chromiumLaunchOptions())
try {
  console.log(describeMachine(browser))
  const link = await storeDocument(server.url, crowdedText)
  const address = empty.address()
  if (address === null || typeof address === 'string') throw new Error('not listening')
  const emptyMs: number[] = []
  const editableMs: number[] = []
  // The first of each is left out: the browser has yet to begin.
  for (let opening = 0; opening <= openings; opening++) {
    emptyMs.push(await opened(`http://127.0.0.1:${address.port}/`))
    editableMs.push(await opened(link))
  }
  const [before, after] = [emptyMs.slice(1), editableMs.slice(1)]
  console.log(`an empty page: ${inWords(before)}`)
  console.log(`a shared link, until it can be typed into: ${inWords(after)}`)
  console.log(`beyond an empty page: ${Math.round(quantile(after, 0.5) - quantile(before, 0.5))} ms`)
} finally {
  await browser.close()
  empty.close()
  await server.stop('SIGKILL')
  data.remove()
}

/** Milliseconds from the beginning of the navigation, by the clock of the page. */
async function opened(address: string): Promise<number> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.addInitScript(timePainted)
  await page.goto(address, { waitUntil: 'commit' })
  const there = await page.waitForFunction(() => Reflect.get(globalThis, 'thereMs') as number | undefined)
  const passedMs = (await there.jsonValue()) ?? Number.NaN
  await context.close()
  return passedMs
}

/** Runs in the page, before its own script: leaves in `thereMs` when a heading, or a text to be typed into, has been painted. */
function timePainted(): void {
  const look = (): void => {
    const app = document.querySelector('quire-app')
    const editor = app?.shadowRoot?.querySelector('quire-document')?.shadowRoot?.querySelector('quire-text')
    const text = editor?.shadowRoot?.querySelector('[contenteditable="true"]')
    if (!(app ? text?.textContent.includes('Point 0') : document.querySelector('h1')))
      return void requestAnimationFrame(look)
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => Reflect.set(globalThis, 'thereMs', performance.now()))
    port1.start()
    port2.postMessage(undefined)
  }
  requestAnimationFrame(look)
}

function inWords(times: readonly number[]): string {
  return `median ${Math.round(quantile(times, 0.5))} ms, slowest ${Math.round(Math.max(...times))} ms (of ${times.length})`
}
