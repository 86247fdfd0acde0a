/** What a session does when things happen at once: in another tab, on a slow disk, at a server that has more to say. */
import { MemoryDevice, MemoryDocument, type DocumentSession } from '@quire/editor/session'
import { limits } from '@quire/protocol'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { createDocument, readText, type TestDocument } from '../support/documents.ts'
import { Network } from '../support/network.ts'
import { spawnServer } from '../support/quire-process.ts'
import { startTestServer } from '../support/server.ts'
import { beginSession, openSession, untilLive, untilSaved } from '../support/session.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilSession } from '../support/until.ts'

/** A disk that may be held up: what it is asked for it reads at once, and gives when it is let go. */
class SlowDocument extends MemoryDocument {
  #held: Promise<void> | undefined
  #asked = Promise.withResolvers<void>()

  /** Returns the way to let go of it. */
  hold(): () => void {
    const held = Promise.withResolvers<void>()
    this.#held = held.promise
    this.#asked = Promise.withResolvers()
    return () => {
      this.#held = undefined
      held.resolve()
    }
  }

  untilAsked(): Promise<void> {
    return this.#asked.promise
  }

  override async load() {
    const kept = await super.load()
    this.#asked.resolve()
    await this.#held
    return kept
  }
}

interface Tab {
  readonly session: DocumentSession
  readonly disk: SlowDocument
}

interface OpenOptions {
  readonly syncUrl: string
  readonly document: TestDocument
  readonly device?: MemoryDevice
  readonly network?: Network
  readonly key?: string
}

async function openTab({ device = new MemoryDevice(), network = new Network(), ...options }: OpenOptions) {
  const disk = new SlowDocument(device, options.document.id)
  const session = beginSession({ ...options, Socket: network.Socket, openLocal: async () => disk })
  await untilLive(session)
  return { session, disk }
}

async function setOut(text = 'the beginning') {
  const server = await startTestServer()
  const document = await createDocument(server.url, { text })
  const { syncUrl } = server
  const options = { syncUrl, document, device: new MemoryDevice(), network: new Network() }
  return { ...options, server, read: () => readText(server.url, document), open: () => openTab(options) }
}

const isOffline = (session: DocumentSession) => () => session.state.type === 'offline'

/** Both tabs hold what no frame does, and have been refused for it. */
async function refusedTogether() {
  const { open, network, read } = await setOut('one two three')
  const [one, other] = [await open(), await open()]
  await goneOffline(network, one.session, other.session)
  one.session.doc.getMap('other').set('value', 'x'.repeat(limits.maxFrameBytes))
  one.session.text.insert(4, 'and ')
  await untilSession(other.session, () => other.session.unsaved === 2)
  network.restore()
  await refused(one, other)
  return { one, other, read }
}

async function goneOffline(network: Network, ...sessions: readonly DocumentSession[]): Promise<void> {
  network.cut()
  await Promise.all(sessions.map((session) => untilSession(session, isOffline(session))))
}

async function refused(...tabs: readonly Tab[]): Promise<void> {
  for (const { session } of tabs) session.wake()
  await Promise.all(tabs.map(({ session }) => untilSession(session, () => session.state.type === 'refused')))
}

async function settled(...tabs: readonly Tab[]): Promise<void> {
  await Promise.all(tabs.map(({ session }) => untilLive(session)))
  await Promise.all(tabs.map(({ session }) => untilSaved(session)))
}

it('two tabs write the same anew, and the text is there once', async () => {
  const { one, other, read } = await refusedTogether()
  await other.session.reapply()
  const letGo = other.disk.hold()
  await other.disk.untilAsked()
  await one.session.reapply()
  await untilSession(other.session, () => other.session.state.type === 'loading')
  letGo()
  await settled(one, other)
  expect(await read()).toBe('one and two three')
})

it('what is written anew counts as unsaved all the time', async () => {
  const { one, read } = await refusedTogether()
  const wasSaved: string[] = []
  one.session.subscribe(() => {
    if (one.session.unsaved === 0) wasSaved.push(one.session.state.type)
  })
  await one.session.reapply()
  await settled(one)
  expect([await read(), new Set(wasSaved)]).toEqual(['one and two three', new Set(['live'])])
})

it('a session that is closed while it reads what to write anew makes no other document', async () => {
  const { one } = await refusedTogether()
  await one.session.reapply()
  const letGo = one.disk.hold()
  await one.disk.untilAsked()
  one.session.close()
  const { doc } = one.session
  letGo()
  await new Promise(setImmediate)
  expect(one.session.doc).toBe(doc)
})

it('what the server has stored of it, unheard, is not written a second time', async () => {
  const { open, network, read } = await setOut('one two three')
  const tab = await open()
  await goneOffline(network, tab.session)
  tab.session.text.insert(4, 'and ')
  tab.session.doc.getMap('other').set('value', 'x'.repeat(limits.maxFrameBytes))
  network.restore()
  await refused(tab)
  await tab.session.reapply()
  await settled(tab)
  expect(await read()).toBe('one and two three')
})

/** A tab that its browser has put to sleep hears of nothing. */
class DeafDocument extends MemoryDocument {
  override subscribe() {
    return () => {}
  }
}

it('what this tab was not told, and the device has, is not shown as taken out', async () => {
  const { server, syncUrl, document, device, network } = await setOut('one two three')
  const openLocal = async () => new DeafDocument(device, document.id)
  const reader = beginSession({ syncUrl, document, openLocal, Socket: network.Socket })
  await untilLive(reader)
  await goneOffline(network, reader)
  reader.text.insert(4, 'and ')
  const bo = await openSession({ syncUrl, document, name: 'Bo' })
  bo.text.insert(0, 'By Bo: ')
  await untilSaved(bo)
  await new MemoryDocument(device, document.id).write({ saved: [Y.encodeStateAsUpdate(bo.doc)] })
  expect(await reader.rescue()).toMatchObject({
    saved: { text: 'By Bo: one two three' },
    own: { text: 'By Bo: one and two three' },
  })
  expect(await readText(server.url, document)).toBe('By Bo: one two three')
})

it('an edit that is disputed is not called saved, whatever else the server tells meanwhile', async () => {
  const server = await spawnServer(temporaryFolder())
  const document = await createDocument(server.url, { text: 'the beginning' })
  const { syncUrl } = server
  const network = new Network()
  const ada = await openTab({ syncUrl, document, network })
  await goneOffline(network, ada.session)
  ada.session.text.insert(ada.session.text.length, ', in our words')
  await server.kill('SIGKILL')
  await server.restart()
  const thief = await openSession({ syncUrl, document, name: 'Eve' })
  thief.doc.clientID = ada.session.doc.clientID
  thief.text.insert(3, ' stolen')
  thief.text.insert(0, 'a line that is long enough for several parts\n'.repeat(10_000))
  await untilSaved(thief)
  const letGo = ada.disk.hold()
  const saved: boolean[] = []
  ada.session.subscribe(() => saved.push(ada.session.unsaved === 0))
  network.restore()
  ada.session.wake()
  await ada.disk.untilAsked()
  // By then the server has said the rest, and what is answered to it.
  for (const words of ['one ', 'two ', 'three ']) {
    thief.text.insert(0, words)
    await untilSaved(thief)
  }
  expect([ada.session.state.type, saved.includes(true)]).toEqual(['offline', false])
  letGo()
  await settled(ada)
  expect(await readText(server.url, document)).toMatch(
    /^three two one .*\nthe stolen beginning, in our words$/s,
  )
})
