/** What a session does when things happen at once: in another tab, on a slow disk, at a server that has more to say. */
import { MemoryDevice, MemoryDocument, type DocumentSession } from '@quire/editor/session'
import { limits } from '@quire/protocol'
import { expect, it } from 'vitest'
import { createDocument, readText, type TestDocument } from '../support/documents.ts'
import { Network } from '../support/network.ts'
import { startTestServer } from '../support/server.ts'
import { beginSession, untilLive, untilSaved } from '../support/session.ts'
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
  return { ...options, read: () => readText(server.url, document), open: () => openTab(options) }
}

const isOffline = (session: DocumentSession) => () => session.state.type === 'offline'

/** Both tabs hold what no frame does, and have been refused for it. */
async function refusedTogether() {
  const { open, network, read } = await setOut('one two three')
  const [one, other] = [await open(), await open()]
  await goneOffline(network, one, other)
  one.session.doc.getMap('other').set('value', 'x'.repeat(limits.maxFrameBytes))
  one.session.text.insert(4, 'and ')
  await untilSession(other.session, () => other.session.unsaved === 2)
  network.restore()
  await refused(one, other)
  return { one, other, read }
}

async function goneOffline(network: Network, ...tabs: readonly Tab[]): Promise<void> {
  network.cut()
  await Promise.all(tabs.map(({ session }) => untilSession(session, isOffline(session))))
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
  const letGo = other.disk.hold()
  const second = other.session.reapply()
  await other.disk.untilAsked()
  await one.session.reapply()
  await untilSession(other.session, () => other.session.state.type === 'loading')
  letGo()
  await second
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

it('a session that is closed while it begins anew makes no other document', async () => {
  const { session, disk } = await openTab({ ...(await setOut()) })
  const letGo = disk.hold()
  const discarding = session.discard()
  await disk.untilAsked()
  session.close()
  const { doc } = session
  letGo()
  await discarding
  expect(session.doc).toBe(doc)
})
