/**
 * What it costs one person's page that a hundred others type in the same document, five keys a second each: in Quire, and,
 * in the same run, in the usual page of CodeMirror, y-codemirror.next and y-websocket with its plain server. Of the page's
 * main thread the CPU time, and the time from a key until what it typed is painted. Beside it Quire's page while the same crowd
 * types into another document of the same server: what a machine that page, server and crowd share adds to a key.
 *
 *     pnpm build && pnpm bench:crowd       # QUIRE_CROWD for another number of others,
 *                                          # QUIRE_PROFILE for a folder to put profiles in
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createSocketServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium, type CDPSession, type Page } from 'playwright'
import { build } from 'vite'
import { chromiumLaunchOptions } from '../scripts/chromium.ts'
import { makeDataFolder, runServer } from '../scripts/run-server.ts'
import { crowdedText } from './crowd/text.ts'
import { describeMachine, quantile, storeDocument, timeKeys, watchMainThread } from './pages.ts'

const others = Number(process.env['QUIRE_CROWD'] ?? 100)
const profileFolder = process.env['QUIRE_PROFILE']
const keysASecond = 5
const ownKeys = 100
const betweenOwnKeysMs = 200
/** Until carets are drawn and everyone types. */
const warmUpMs = 3000
const rounds = 3

interface Place {
  /** Where the page is opened. */
  readonly page: string
  /** Where the others connect, and with what. */
  readonly room: string
  readonly token?: string
  close(): Promise<void>
}

interface Measured {
  readonly name: string
  /** Of the page's main thread, as a share of the time. */
  readonly busy: number
  readonly keysMs: readonly number[]
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const browser = await chromium.launch(chromiumLaunchOptions())
try {
  console.log(describeMachine(browser))
  console.log(`${others} others, ${keysASecond} keys a second each, in ${crowdedText.length} characters`)
  const measured: Measured[] = []
  for (let round = 0; round < rounds; round++)
    for (const [name, open] of [
      ['Quire', () => openQuire()],
      ['Quire, the crowd elsewhere', () => openQuire({ isElsewhere: true })],
      ['usual', openUsual],
    ] as const)
      measured.push(await measure(name, await open()))
  console.table(
    measured.map(({ name, busy, keysMs }) => ({
      page: name,
      'main thread busy': `${(busy * 100).toFixed(1)} %`,
      'key, median ms': at(keysMs, 0.5),
      'key, p95 ms': at(keysMs, 0.95),
      'key, slowest ms': at(keysMs, 1),
    })),
  )
  const busyOf = (wanted: string): number =>
    Math.min(...measured.filter(({ name }) => name === wanted).map(({ busy }) => busy))
  console.log(`Quire needs ${(busyOf('Quire') / busyOf('usual')).toFixed(2)} of what the usual page needs`)
  const slowest = measured.filter(({ name }) => name === 'Quire').map(({ keysMs }) => quantile(keysMs, 0.95))
  console.log(`median of Quire's p95: ${at(slowest, 0.5)} ms`)
} finally {
  await browser.close()
}

async function openQuire({ isElsewhere = false } = {}): Promise<Place> {
  const data = makeDataFolder()
  const server = await runServer({ QUIRE_DATA: data.path })
  const link = await storeDocument(server.url, crowdedText)
  const { pathname, hash } = new URL(isElsewhere ? await storeDocument(server.url, crowdedText) : link)
  return {
    page: link,
    room: `${server.url.replace('http', 'ws')}/sync/${pathname.split('/').at(-1)}`,
    token: hash.slice(1),
    async close() {
      await server.stop('SIGKILL')
      data.remove()
    },
  }
}

async function openUsual(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'quire-crowd-'))
  await build({ root: here('crowd/peer'), logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
  const pages = await servePages(folder)
  const port = String(await freePort())
  const server = spawn('node', [here('node_modules/y-websocket-2/bin/server.cjs')], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: port },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await firstLine(server)
  const url = `ws://127.0.0.1:${port}`
  return {
    page: `http://127.0.0.1:${portOf(pages)}/?server=${encodeURIComponent(url)}`,
    room: `${url}/crowd`,
    async close() {
      server.kill('SIGKILL')
      pages.close()
      rmSync(folder, { recursive: true })
      await once(server, 'exit')
    },
  }
}

async function servePages(folder: string): Promise<Server> {
  const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' }
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    const file = pathname === '/' ? '/index.html' : pathname
    response.setHeader('content-type', types[extname(file)] ?? 'text/plain')
    response.end(readFileSync(join(folder, file)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function freePort(): Promise<number> {
  const server = createSocketServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server)
  server.close()
  await once(server, 'close')
  return port
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening')
  return address.port
}

async function measure(name: string, place: Place): Promise<Measured> {
  const { page: address, room, token } = place
  const crowd = spawn(
    'node',
    [
      here('crowd/typists.ts'),
      room,
      String(others),
      String(keysASecond),
      ...(token === undefined ? [] : [token]),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  try {
    await firstLine(crowd)
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      serviceWorkers: 'block',
    })
    const page = await context.newPage()
    await page.addInitScript(timeKeys)
    await page.goto(address)
    const text = page.locator('.cm-content')
    await text.click({ position: { x: 100, y: 40 } })
    crowd.stdin.write('\n')
    await page.waitForTimeout(warmUpMs)
    const devtools = await context.newCDPSession(page)
    // Meanwhile Chromium compiles what is used often, on the cores that are to paint.
    await typeAmongThem(page, devtools)
    if (profileFolder !== undefined) {
      await devtools.send('Profiler.enable')
      await devtools.send('Profiler.start')
    }
    const result = await typeAmongThem(page, devtools)
    if (profileFolder !== undefined) {
      const { profile } = await devtools.send('Profiler.stop')
      writeFileSync(
        join(profileFolder, `${name.replaceAll(/\W+/g, '-')}.cpuprofile`),
        JSON.stringify(profile),
      )
    }
    await context.close()
    return { name, ...result }
  } finally {
    crowd.kill('SIGKILL')
    await place.close()
  }
}

async function typeAmongThem(page: Page, devtools: CDPSession): Promise<Omit<Measured, 'name'>> {
  await page.evaluate(() => void (Reflect.get(globalThis, 'keyTimes') as number[]).splice(0))
  const busySeconds = await watchMainThread(devtools)
  const before = await busySeconds()
  const startedAt = performance.now()
  for (let key = 0; key < ownKeys; key++) {
    await page.keyboard.press(key % 6 === 5 ? 'Space' : 'x')
    await page.waitForTimeout(betweenOwnKeysMs)
  }
  const seconds = (performance.now() - startedAt) / 1000
  const busy = ((await busySeconds()) - before) / seconds
  const seen = await page.waitForFunction((wanted) => {
    const times = Reflect.get(globalThis, 'keyTimes') as number[]
    return times.length === wanted && times
  }, ownKeys)
  const keysMs = await seen.jsonValue()
  if (keysMs === false) throw new Error('not all keys were seen')
  return { busy, keysMs }
}

async function firstLine({ stdout }: ChildProcess): Promise<void> {
  if (!stdout) throw new Error('a process without output')
  await once(createInterface(stdout), 'line')
}

function at(times: readonly number[], share: number): number {
  return Math.round(quantile(times, share) * 10) / 10
}
