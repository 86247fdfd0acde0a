/**
 * How long a large document takes to open from what the device keeps of it, while the server is away: from the moment its
 * script has arrived until its text can be typed into. Wall time in a real Chromium with its data on disk, since that is what a
 * person waits for.
 *
 *     pnpm build && pnpm bench:offline     # QUIRE_TRACES names the folder of traces, default ../shared/traces
 */
import { encodeClientMessage, parseLink } from '@quire/protocol'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { chromiumLaunchOptions } from '../scripts/chromium.ts'
import { makeDataFolder, runServer } from '../scripts/run-server.ts'
import { readTrace, typeInto } from './traces.ts'

const trace = 'automerge-paper'
const rounds = 9

const doc = new Y.Doc()
typeInto(doc, readTrace(trace))
const state = Y.encodeStateAsUpdate(doc)
const { length } = doc.getText('content')

const data = makeDataFolder()
const profile = mkdtempSync(join(tmpdir(), 'quire-profile-'))
const server = await runServer({ QUIRE_DATA: data.path })
const browser = await chromium.launchPersistentContext(profile, chromiumLaunchOptions())
try {
  const link = await storeDocument(server.url)
  const page = await browser.newPage()
  await page.addInitScript(timeOpening, length)
  await page.goto(link)
  await openedAfter(page)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  await page.waitForFunction(isSaved)
  // What came with the last bytes is written within a moment, and joined when it is opened once more.
  for (let turn = 0; turn < 2; turn++) {
    await page.waitForTimeout(1000)
    await page.reload()
    await openedAfter(page)
  }
  await server.stop('SIGKILL')
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    await page.reload()
    times.push(await openedAfter(page))
  }
  times.sort((a, b) => a - b)
  console.log(
    `Node ${process.version}, Chromium ${browser.browser()?.version() ?? ''}, ${cpus()[0]?.model ?? 'unknown CPU'} × ${cpus().length}, ${process.platform} ${release()}`,
  )
  console.log(
    `${trace}: ${length} characters, ${Math.round(state.length / 1024)} KiB of Yjs, opened without a server ${rounds} times`,
  )
  console.log(
    `script arrived → editable: median ${Math.round(times[rounds >> 1] ?? Number.NaN)} ms, slowest ${Math.round(times.at(-1) ?? Number.NaN)} ms`,
  )
} finally {
  await browser.close()
  await server.stop('SIGKILL')
  data.remove()
  rmSync(profile, { recursive: true, force: true })
}

/** Makes a document of this content, and resolves to its link to edit. */
async function storeDocument(url: string): Promise<string> {
  const response = await fetch(`${url}/api/documents`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  const { links } = (await response.json()) as { links: { edit: string } } // the 201 of the API
  const parsed = parseLink(links.edit)
  if (!parsed) throw new Error('the server gave no link')
  const socket = new WebSocket(`${url.replace('http', 'ws')}/sync/${parsed.documentId}?token=${parsed.key}`)
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send(encodeClientMessage({ type: 'sync-step-1', stateVector: Y.encodeStateVector(doc) }))
  socket.send(encodeClientMessage({ type: 'update', update: state }))
  // It is sent back once it is stored.
  await new Promise<void>((resolve) => {
    socket.on('message', (frame: Buffer) => {
      if (frame.length > state.length / 2) resolve()
    })
  })
  socket.close()
  return links.edit
}

/** Runs in the page, before its own script: leaves in `openedMs` how long that took. */
function timeOpening(expected: number): void {
  const look = (): void => {
    const editor = document
      .querySelector('quire-app')
      ?.shadowRoot?.querySelector('quire-document')
      ?.shadowRoot?.querySelector('quire-text')
    const text = editor?.shadowRoot?.querySelector('[contenteditable="true"]')
    if (text && editor && 'value' in editor && String(editor.value).length >= expected) {
      const script = performance
        .getEntriesByType('resource')
        .find(({ name }) => /\/assets\/page-.*\.js$/.test(name))
      const arrived = script instanceof PerformanceResourceTiming ? script.responseEnd : Number.NaN
      Reflect.set(globalThis, 'openedMs', performance.now() - arrived)
    } else requestAnimationFrame(look)
  }
  look()
}

async function openedAfter(page: Page): Promise<number> {
  const handle = await page.waitForFunction(() => Number(Reflect.get(globalThis, 'openedMs')))
  return handle.jsonValue()
}

function isSaved(): boolean {
  const page = document.querySelector('quire-app')?.shadowRoot?.querySelector('quire-document')?.shadowRoot
  return page?.querySelector('.state > span')?.textContent === 'Saved'
}
