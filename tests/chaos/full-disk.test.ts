/**
 * A disk that fills up while people type. They are told, nothing is called saved that is not, reading goes on; and when
 * there is room again, everything is saved without anyone doing anything, even if the power goes right after, or the
 * server was stopped meanwhile.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import type * as Y from 'yjs'
import { createDocument, readText } from '../support/documents.ts'
import { runQuire, spawnServer } from '../support/quire-process.ts'
import { chosenSeed, seededRandom, type Random } from '../support/random.ts'
import { openSession, untilLive, untilSaved } from '../support/session.ts'
import { maySmallDisk, smallDisk } from '../support/small-disk.ts'
import { openStockClient } from '../support/stock-client.ts'
import { readStoredText } from '../support/stored-text.ts'
import { until, untilDocument, untilSession, untilText } from '../support/until.ts'
import { expectOnce } from '../support/tokens.ts'

const rounds = Number(process.env['QUIRE_FULL_DISK_ROUNDS'] ?? 3)
const diskBytes = 16 * 2 ** 20
/** Between two of a typist's tokens. */
const maxRestMs = 40
/** How much is typed at most before the disk fills, while it is full, and before the plug is pulled. */
const maxTokens = 60
/** With which whatever has started it tries again. */
const busy = 75
const seed = chosenSeed()
const mayMount = maySmallDisk()
if (!mayMount)
  console.warn('Skipped: a full disk needs a disk of its own, and mounting one is not allowed here.')

it.skipIf(!mayMount)(
  `nothing is lost to ${rounds} × a full disk and kill -9, and nothing is there twice (seed ${seed})`,
  { timeout: 60_000 + rounds * 60_000 },
  async () => {
    const random = seededRandom(seed)
    const disk = smallDisk({ bytes: diskBytes })
    const server = await spawnServer(disk.folder)
    const document = await createDocument(server.url)
    const dialled = countingSockets()
    const session = await openSession({ syncUrl: server.syncUrl, document, Socket: dialled.Socket })
    const { doc } = session.text
    if (!doc) throw new Error('the text is in no document')
    const stock = openStockClient({
      serverUrl: server.syncUrl,
      room: document.id,
      token: document.keys.edit,
    })
    await stock.synced
    const ada = new Typist('ada', session.text, seededRandom(seed + 1))
    const ben = new Typist('ben', stock.text, seededRandom(seed + 2))

    let mostSaved = 0
    let savedWhenFailed: number | undefined
    let savedWhileFull = 0
    session.subscribe(() => {
      mostSaved = Math.max(mostSaved, ada.typed.length - session.unsaved)
      if (session.trouble !== 'storage-failed') savedWhenFailed = undefined
      else savedWhileFull += mostSaved - (savedWhenFailed ??= mostSaved)
    })
    const isFailing = (): boolean => session.trouble === 'storage-failed'
    const isFine = (): boolean => session.trouble === 'none'
    /** Shown as saved, to their author or by being shown to somebody else. */
    const safe = (): string[] => [...ada.typed.slice(0, mostSaved), ...tokensIn(session.text, 'ben')]

    for (let round = 0; round < rounds; round++) {
      await ada.untilTyped(random.below(maxTokens))
      const connections = [dialled.count(), stock.provider.ws]
      disk.fill()
      await untilSession(session, isFailing)
      await ada.untilTyped(random.below(maxTokens))

      const safeWhileFull = safe()
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
      expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
      expectOnce(safeWhileFull, await readText(server.url, document))
      const newcomer = await openSession({ syncUrl: server.syncUrl, document, name: 'Cleo' })
      await untilSession(newcomer, () => newcomer.trouble === 'storage-failed')
      expectOnce(safeWhileFull, newcomer.text.toString())
      newcomer.close()
      expect(savedWhileFull).toBe(0)

      disk.free()
      await untilSession(session, isFine)
      if (random.below(2) === 0) {
        ada.pause()
        ben.pause()
        await untilSaved(session)
        await untilDocument(stock.doc, () => tokensIn(stock.text, 'ada').length === ada.typed.length)
        await untilDocument(doc, () => tokensIn(session.text, 'ben').length === ben.typed.length)
        expect(safe()).toHaveLength(ada.typed.length + ben.typed.length)
      } else {
        await ada.untilTyped(random.below(maxTokens))
      }
      // Nobody had to come back for any of this.
      expect([dialled.count(), stock.provider.ws]).toEqual(connections)

      await server.kill('SIGKILL')
      await untilSession(session, () => session.state.type === 'offline')
      expectOnce(safe(), await readStoredText(disk.folder, document.id))
      await server.restart()
      await untilLive(session)
      ada.resume()
      ben.resume()
      const known = ben.typed.length
      await untilDocument(doc, () => tokensIn(session.text, 'ben').length > known)
    }

    ada.pause()
    ben.pause()
    await untilSaved(session)
    await untilDocument(stock.doc, () => tokensIn(stock.text, 'ada').length === ada.typed.length)
    await untilText(session.text, stock.text.toString())
    const text = await readText(server.url, document)
    const typed = [...ada.typed, ...ben.typed]
    expect(text).toBe(stock.text.toString())
    expectOnce(typed, text)
    expect(text).toHaveLength(typed.join('').length)
    console.log(`${rounds} full disks, ${typed.length} tokens typed by 2`)
  },
)

it.skipIf(!mayMount)('a server that ends while the disk is full comes back once there is room', async () => {
  const disk = smallDisk({ bytes: diskBytes })
  const server = await spawnServer(disk.folder)
  const document = await createDocument(server.url, { text: 'kept' })
  disk.fill()
  expect(await server.kill('SIGTERM')).toMatchObject({ code: 0 })
  // What the log has taken is free now.
  disk.fill()
  const refused = await runQuire(['serve'], { QUIRE_DATA: disk.folder, PORT: '0' })
  expect(refused).toMatchObject({ code: busy, stderr: expect.stringContaining('its disk is full') })
  expect(refused.stderr).not.toContain('backup')
  disk.free()
  await server.restart()
  expect(await readText(server.url, document)).toBe('kept')
})

it.skipIf(!mayMount)('a command that finds no room says so, and that it may be tried again', async () => {
  const disk = smallDisk({ bytes: diskBytes })
  const elsewhere = smallDisk({ bytes: diskBytes })
  const server = await spawnServer(disk.folder)
  const { id } = await createDocument(server.url, { text: 'kept' })
  const text = join(elsewhere.folder, 'long.txt')
  writeFileSync(text, 'long '.repeat(200_000))
  elsewhere.fill()
  const data = ['--data', disk.folder, '--json']
  const refusal = async (words: string[]): Promise<unknown> => {
    const { code, stderr } = await runQuire([...words, ...data], {})
    return [code, JSON.parse(stderr)]
  }
  const noRoom = (code: string, message: RegExp): unknown => [
    busy,
    { error: { code, message: expect.stringMatching(message) } },
  ]

  expect(await refusal(['export', id, join(elsewhere.folder, 'out')])).toEqual(
    noRoom('not-written', /ENOSPC/),
  )
  expect(await refusal(['backup', join(elsewhere.folder, 'backup')])).toEqual(noRoom('no-room', /are needed/))
  disk.fill()
  const asked = await fetch(`${server.url}/api/documents`, { method: 'POST' })
  expect([asked.status, await asked.json()]).toEqual([507, expect.objectContaining({ code: 'storage-full' })])
  expect(await refusal(['new'])).toEqual(noRoom('storage-full', /The disk of this server is full/))
  await server.kill('SIGTERM')
  disk.fill()
  expect(await refusal(['new'])).toEqual(noRoom('busy', /its disk is full/))
  disk.fill(512 * 1024)
  const imported = await runQuire(['import', text, ...data], {})
  expect([imported.code, JSON.parse(imported.stdout)]).toEqual([
    busy,
    expect.objectContaining({ imported: [], failures: [expect.objectContaining({ code: 'storage-full' })] }),
  ])
  expect(await readStoredText(disk.folder, id)).toBe('kept')
})

it.skipIf(!mayMount)(
  'a first start that finds no room, for whatever it is, is tried again later',
  async () => {
    const wanting = new Set<string>()
    for (let files = 0; files < 6; files++) {
      const { folder } = smallDisk({ bytes: diskBytes, files })
      const { code, stderr } = await runQuire(['serve'], { QUIRE_DATA: join(folder, 'data'), PORT: '0' })
      expect({ code, stderr }).toMatchObject({
        code: busy,
        stderr: expect.not.stringContaining('Name another'),
      })
      wanting.add(/(data|quire\.lock|quire\.db|secret)[^/]*$/.exec(stderr)?.[1] ?? stderr)
    }
    expect([...wanting]).toEqual(['data', 'quire.lock', 'quire.db', 'secret'])
  },
)

function tokensIn(text: Y.Text, name: string): string[] {
  return [...text.toString().matchAll(/<(\w+):\d+>/g)].flatMap(([token, by]) => (by === name ? [token] : []))
}

/** Types one token after the other, whatever becomes of them, each as one edit at a place of chance. */
class Typist {
  readonly typed: string[] = []
  readonly #name: string
  readonly #text: Y.Text
  readonly #random: Random
  readonly #listeners = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined

  constructor(name: string, text: Y.Text, random: Random) {
    this.#name = name
    this.#text = text
    this.#random = random
    this.resume()
  }

  pause(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  resume(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#type()
      this.resume()
    }, this.#random.below(maxRestMs))
  }

  /** Resolves once it has typed this many more. */
  untilTyped(count: number): Promise<void> {
    const goal = this.typed.length + count
    return until(
      (check) => {
        this.#listeners.add(check)
        return () => this.#listeners.delete(check)
      },
      () => this.typed.length >= goal,
    )
  }

  #type(): void {
    const token = `<${this.#name}:${this.typed.length}>`
    this.typed.push(token)
    // Between tokens, so that each can be found again.
    const place = this.#text.toString().indexOf('>', this.#random.below(this.#text.length + 1)) + 1
    this.#text.insert(place, token)
    for (const listener of this.#listeners) listener()
  }
}

function countingSockets(): { readonly Socket: typeof WebSocket; readonly count: () => number } {
  let dialled = 0
  class Counting extends NodeWebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols)
      dialled++
    }
  }
  return { Socket: Counting as unknown as typeof WebSocket, count: () => dialled } // as in `stock-client.ts`
}
