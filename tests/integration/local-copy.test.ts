/** A session and what its device keeps, over real sockets: nothing is lost, nothing is there twice, and what is said of it is true. */
import {
  LocalStoreError,
  MemoryDevice,
  MemoryDocument,
  type DocumentSession,
  type LocalDocument,
} from '@quire/editor/session'
import {
  decodeClientMessage,
  decodeServerMessage,
  limits,
  parseDocumentName,
  type ServerMessage,
} from '@quire/protocol'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import * as Y from 'yjs'
import { createDocument, readText, type TestDocument } from '../support/documents.ts'
import { signHostToken } from '../support/host-token.ts'
import { changeLink, makeLink, takeBack } from '../support/links.ts'
import { Network } from '../support/network.ts'
import { spawnServer } from '../support/quire-process.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { beginSession, openSession, untilLive, untilSaved } from '../support/session.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilSession, untilText } from '../support/until.ts'

/** A device that has no room while a test says so. */
class FullDocument extends MemoryDocument {
  isFull = false

  override async write(...changes: Parameters<MemoryDocument['write']>): Promise<void> {
    if (this.isFull) throw new LocalStoreError('full', 'no more room')
    return super.write(...changes)
  }
}

/** What is kept of a document on a device, as a tab that is opened now would find it. */
async function keptOn(device: MemoryDevice, document: TestDocument) {
  const { saved, unsaved, roles } = await new MemoryDocument(device, document.id).load()
  return {
    saved: textOf(saved),
    text: textOf([...saved, ...unsaved.map(({ update }) => update)]),
    unsaved,
    roles,
  }
}

function textOf(updates: readonly Uint8Array[]): string {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc.getText('content').toString()
}

/** Closes it, and lets it write what it has yet to write. */
async function leave(session: DocumentSession): Promise<void> {
  session.close()
  await deviceIsDone()
}

/** What is asked of a device takes a few turns here, and no time. */
async function deviceIsDone(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
}

const isOffline = (session: DocumentSession) => () => session.state.type === 'offline'
const isKept = (session: DocumentSession) => () => session.unkept === 0

async function setOut(text = 'the beginning'): Promise<{
  server: TestServer
  document: TestDocument
  network: Network
  device: MemoryDevice
  open: (options?: { readonly key?: string }) => DocumentSession
}> {
  const server = await startTestServer()
  const document = await createDocument(server.url, { text })
  const [network, device] = [new Network(), new MemoryDevice()]
  const open = (options: { readonly key?: string } = {}): DocumentSession =>
    beginSession({ syncUrl: server.syncUrl, document, device, Socket: network.Socket, ...options })
  return { server, document, network, device, open }
}

/** Someone who had the document open, was cut off, and typed on. */
async function typedOffline(words: string) {
  const scene = await setOut()
  const ada = scene.open()
  await untilLive(ada)
  scene.network.cut()
  await untilSession(ada, isOffline(ada))
  ada.text.insert(ada.text.length, words)
  await untilSession(ada, isKept(ada))
  return { ...scene, ada }
}

async function goneBack(scene: { network: Network }, ...sessions: DocumentSession[]): Promise<void> {
  scene.network.restore()
  for (const session of sessions) session.wake()
  await Promise.all(sessions.map(untilLive))
  await Promise.all(sessions.map(untilSaved))
}

describe('a document that this device keeps', () => {
  it('is open before there is a network, and may be written in', async () => {
    const scene = await typedOffline(' and the rest')
    const { ada, open, server, document } = scene
    expect([ada.unsaved, ada.unkept, ada.keeping]).toEqual([1, 0, 'kept'])
    ada.close()
    const again = open()
    await untilSession(again, () => again.state.type === 'connecting')
    expect([again.state, again.unsaved]).toEqual([{ type: 'connecting', role: 'edit' }, 1])
    expect(again.text.toString()).toBe('the beginning and the rest')
    again.setTitle('Later')
    again.text.insert(0, 'Again ')
    expect(again.unsaved).toBe(3)
    await goneBack(scene, again)
    expect(await readText(server.url, document)).toBe('Again the beginning and the rest')
  })

  it('is told apart from what is saved, edit by edit', async () => {
    const scene = await typedOffline(' one')
    const { ada, device, document } = scene
    ada.text.insert(ada.text.length, ' two')
    ada.text.delete(0, 4)
    await untilSession(ada, isKept(ada))
    const kept = await keptOn(device, document)
    expect([kept.saved, kept.text, kept.unsaved.length]).toEqual(['the beginning', 'beginning one two', 3])
    await goneBack(scene, ada)
    await untilSession(ada, isKept(ada))
    await leave(ada)
    const after = await keptOn(device, document)
    expect([after.saved, after.unsaved]).toEqual(['beginning one two', []])
  })

  it('is shown to nobody who has not been let in on this device, and neither is its title', async () => {
    const { ada, open, network } = await typedOffline(' in private')
    ada.setTitle('In private')
    await untilSession(ada, isKept(ada))
    const stranger = open({ key: 'AAAAAAAAAAAAAAAAAAAAAA' })
    await untilSession(stranger, isOffline(stranger))
    expect([stranger.state, stranger.title]).toEqual([{ type: 'offline', role: undefined }, ''])
    network.restore()
    stranger.wake()
    await untilSession(stranger, () => stranger.state.type === 'gone')
    expect(stranger.state).toEqual({ type: 'gone', role: undefined })
  })

  it('keeps nothing of a document that was deleted, if nothing is unsaved', async () => {
    const { open, server, document, device } = await setOut()
    const ada = open()
    await untilLive(ada)
    await deleteDocument(server, document)
    await untilSession(ada, () => ada.state.type === 'gone')
    expect(ada.state).toEqual({ type: 'gone', role: 'edit' })
    await leave(ada)
    expect(await keptOn(device, document)).toMatchObject({ text: '', unsaved: [], roles: new Map() })
  })

  it('keeps nothing of it either if whoever is told of that closes it at once', async () => {
    const { open, server, document, device } = await setOut()
    const ada = open()
    await untilLive(ada)
    await deleteDocument(server, document)
    await untilSession(ada, () => {
      if (ada.state.type === 'gone') ada.close()
      return ada.state.type === 'gone'
    })
    await deviceIsDone()
    expect(await keptOn(device, document)).toMatchObject({ text: '', unsaved: [], roles: new Map() })
  })

  it.each(['in this tab', 'in another'])('is kept again after somebody was refused %s', async (where) => {
    const { server, document, device, network, open } = await setOut()
    const token = signHostToken(server.secret, { doc: document.id })
    const ada = open({ key: token })
    const refused = where === 'in this tab' ? ada : open({ key: token })
    await Promise.all([ada, refused].map(untilLive))
    refused.refresh(signHostToken(server.secret, { doc: 'another' }))
    await untilSession(refused, () => refused.state.type === 'refused')
    await deviceIsDone()
    expect((await keptOn(device, document)).text).toBe('')
    if (refused === ada) ada.refresh(token)
    else {
      network.cut()
      await untilSession(ada, isOffline(ada))
    }
    await goneBack({ network }, ada)
    await leave(ada)
    const { text, roles } = await keptOn(device, document)
    expect([text, [...roles.values()]]).toEqual(['the beginning', ['edit']])
  })

  it('takes the room of its text, however many edits made it', async () => {
    const { server, document, device } = await setOut()
    const compacted = Promise.withResolvers<void>()
    class WatchedDocument extends MemoryDocument {
      override async compact(state: Uint8Array): Promise<void> {
        await super.compact(state)
        compacted.resolve()
      }
    }
    const ada = beginSession({
      syncUrl: server.syncUrl,
      document,
      openLocal: async () => new WatchedDocument(device, document.id),
    })
    await untilLive(ada)
    for (let line = 0; line < 50; line++) ada.text.insert(0, `${'words '.repeat(500)}\n`)
    await untilSaved(ada)
    await compacted.promise
    const { saved } = await new MemoryDocument(device, document.id).load()
    expect([saved.length, textOf(saved) === ada.text.toString()]).toEqual([1, true])
  })

  describe('of a server that was set up or restored not long ago', () => {
    const monthMs = 30 * 24 * 60 * 60 * 1000

    /** Ada wrote and left; what her page then meets has none of her documents. */
    async function lost(
      storedSince: number,
      key?: string,
    ): Promise<{ again: DocumentSession; kept: () => ReturnType<typeof keptOn> }> {
      const { open, document, device } = await setOut()
      const ada = open()
      await untilLive(ada)
      await leave(ada)
      const server = await startTestServer({ storedSince })
      const again = beginSession({ syncUrl: server.syncUrl, document, device, ...(key && { key }) })
      await untilSession(again, () => again.state.type === 'gone' || again.state.type === 'refused')
      await deviceIsDone()
      return { again, kept: () => keptOn(device, document) }
    }

    it('is kept, and shown, though the server does not know it', async () => {
      const { again, kept } = await lost(Date.now() - monthMs / 2)
      expect(again.state).toEqual({ type: 'refused', refusal: 'missing', role: 'edit' })
      expect(again.text.toString()).toBe('the beginning')
      expect(await kept()).toMatchObject({ saved: 'the beginning', unsaved: [] })
    })

    it('is forgotten as ever when its link has ended, which is no loss', async () => {
      const ended = await startTestServer({ storedSince: Date.now() })
      const document = await createDocument(ended.url, { text: 'the beginning' })
      const { id, url } = await makeLink(ended, document, { role: 'edit', expiresIn: 60 })
      const device = new MemoryDevice()
      const options = { syncUrl: ended.syncUrl, document, device, key: new URL(url).hash.slice(1) }
      const ada = await openSession(options)
      await leave(ada)
      await ended.store.changeLink(document.id, id, { expiresAt: 1 })
      const again = beginSession(options)
      await untilSession(again, () => again.state.type === 'gone' || again.state.type === 'refused')
      await deviceIsDone()
      expect(again.state).toEqual({ type: 'gone', role: 'edit' })
      expect(await keptOn(device, document)).toMatchObject({ text: '', roles: new Map() })
    })

    it('is shown to nobody with another link', async () => {
      const { again, kept } = await lost(Date.now(), 'AAAAAAAAAAAAAAAAAAAAAA')
      expect(again.state).toEqual({ type: 'gone', role: undefined })
      expect((await kept()).saved).toBe('the beginning')
    })

    it('is forgotten as ever when that was long ago', async () => {
      const { again, kept } = await lost(Date.now() - monthMs - 1)
      expect(again.state).toEqual({ type: 'gone', role: 'edit' })
      expect(await kept()).toMatchObject({ text: '', roles: new Map() })
    })
  })

  it('has words deleted that it did not come to keep', async () => {
    const { server, document, network, device, open } = await setOut()
    let isInTime = true
    /** Of a page that is gone before it has written what others say, which may wait for a moment. */
    class HastyDocument extends MemoryDocument {
      override async write(changes: Parameters<MemoryDocument['write']>[0]): Promise<void> {
        return super.write(isInTime ? changes : { ...changes, saved: [] })
      }
    }
    const openLocal = async () => new HastyDocument(device, document.id)
    const ada = beginSession({ syncUrl: server.syncUrl, document, Socket: network.Socket, openLocal })
    await untilLive(ada)
    await untilSession(ada, isKept(ada))
    await deviceIsDone()
    const bo = await openSession({ syncUrl: server.syncUrl, document, name: 'Bo' })
    isInTime = false
    bo.text.insert(0, 'Not ')
    await untilText(ada.text, 'Not the beginning')
    network.cut()
    await untilSession(ada, isOffline(ada))
    ada.text.delete(0, 4)
    await untilSession(ada, isKept(ada))
    await leave(ada)
    expect(await keptOn(device, document)).toMatchObject({ text: 'the beginning', unsaved: [{}] })
    const again = open()
    await goneBack({ network }, again)
    expect(again.text.toString()).toBe('the beginning')
    expect(await readText(server.url, document)).toBe('the beginning')
  })

  it('gives back what a server has lost', async () => {
    const scene = await setOut()
    const ada = scene.open()
    await untilLive(ada)
    ada.text.insert(0, 'after the backup: ')
    await untilSaved(ada)
    ada.close()
    // The same document on another server, from before that.
    const restored = await startTestServer()
    const copy = await createDocument(restored.url, { text: 'the beginning' })
    const document = { ...scene.document, keys: copy.keys, id: copy.id }
    const device = new MemoryDevice()
    const there = new MemoryDocument(device, document.id)
    await there.write(await keptAsSaved(scene.device, scene.document))
    const back = beginSession({ syncUrl: restored.syncUrl, document, device })
    const wasUnsaved: boolean[] = []
    back.subscribe(() => wasUnsaved.push(back.unsaved > 0))
    await untilLive(back)
    await untilSaved(back)
    expect(await readText(restored.url, document)).toContain('after the backup: ')
    expect(wasUnsaved).toContain(true)
  })
})

describe('a document that was deleted and begun anew under its name', () => {
  const adminToken = 'the-token-of-the-operator'
  const document = { id: parseDocumentName('notes'), keys: { own: '', edit: '', view: '' } }

  /** What Ada's device keeps is of the first document of that name. */
  async function begunAnew({ first = 'Of the first. ', offline = '', text = 'Of the second. ' }) {
    const server = await startTestServer({ adminToken })
    const [device, network] = [new MemoryDevice(), new PickyNetwork()]
    const keyOf = (sub: string): string => signHostToken(server.secret, { doc: document.id, sub })
    const key = keyOf('ada')
    const open = (options: { readonly openLocal?: () => Promise<LocalDocument> } = {}): DocumentSession =>
      beginSession({
        syncUrl: server.syncUrl,
        document,
        device,
        key,
        Socket: network.PickySocket,
        ...options,
      })
    const before = open()
    await untilLive(before)
    before.text.insert(0, `${first}Deleted at once.`)
    before.text.delete(first.length, 'Deleted at once.'.length)
    await untilSaved(before)
    await untilSession(before, isKept(before))
    network.cut()
    if (offline) {
      await untilSession(before, isOffline(before))
      before.text.insert(0, offline)
      await untilSession(before, isKept(before))
    }
    await leave(before)
    const deleted = await fetch(`${server.url}/api/admin/documents/${document.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${adminToken}` },
    })
    expect(deleted.status).toBe(204)
    const bo = await openSession({ syncUrl: server.syncUrl, document, name: 'Bo', key: keyOf('bo') })
    if (text) bo.text.insert(0, text)
    await untilSaved(bo)
    network.restore()
    const isAnother = (session: DocumentSession) => () => session.state.type === 'refused'
    return { device, network, open, bo, isAnother }
  }

  it.each([
    ['', '', 1],
    ['', 'Unsaved. ', 2],
    ['Of the second. ', '', 1],
    ['Of the second. ', 'Unsaved. ', 2],
  ])('is told nothing of the old one (%o, with %o unsaved)', async (text, offline, unsaved) => {
    const { device, open, bo, isAnother } = await begunAnew({ text, offline })
    const ada = open()
    await untilSession(ada, isAnother(ada))
    expect(ada.state).toEqual({ type: 'refused', refusal: 'another-document', role: 'edit' })
    expect([ada.unsaved, ada.text.toString()]).toEqual([unsaved, `${offline}Of the first. `])
    expect(await ada.rescue()).toEqual({
      saved: { title: '', text: '' },
      own: { title: '', text: `${offline}Of the first. ` },
    })
    await ada.discard()
    await untilLive(ada)
    expect([ada.unsaved, ada.text.toString()]).toEqual([0, text])
    ada.text.insert(0, 'By Ada. ')
    await untilText(bo.text, `By Ada. ${text}`)
    await untilSaved(ada)
    await leave(ada)
    expect(await keptOn(device, document)).toMatchObject({ text: `By Ada. ${text}`, unsaved: [] })
  })

  it('opens at once where the old one is empty', async () => {
    const { open } = await begunAnew({ first: '' })
    const ada = open()
    await untilLive(ada)
    expect([ada.text.toString(), ada.unsaved]).toEqual(['Of the second. ', 0])
  })

  it.each(['in use', 'told of in part', 'to be told of'])(
    'gets nothing of what a slow device brings when it is %s',
    async (when) => {
      const text = when === 'told of in part' ? 'Of the second. '.repeat(20_000) : 'Of the second. '
      const { device, network, open, bo, isAnother } = await begunAnew({ offline: 'Unsaved. ', text })
      const opening = Promise.withResolvers<LocalDocument>()
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      onTestFinished(() => void vi.useRealTimers())
      const ada = open({ openLocal: () => opening.promise })
      vi.advanceTimersByTime(3000)
      vi.useRealTimers()
      if (when === 'told of in part') {
        network.hears = ({ type }) => type !== 'sync-step-2'
        await untilSession(ada, () => ada.text.length > 0)
        expect(ada.state.type).toBe('connecting')
      } else if (when === 'in use') {
        await untilLive(ada)
        ada.text.insert(0, 'By Ada. ')
        await untilSaved(ada)
      }
      opening.resolve(new MemoryDocument(device, document.id))
      await deviceIsDone()
      if (when !== 'to be told of') {
        expect([ada.keeping, ada.unsaved]).toEqual(['unread', 0])
        expect(ada.text.toString()).not.toContain('first')
        await leave(ada)
      }
      network.hears = () => true
      const again = when === 'to be told of' ? ada : open()
      await untilSession(again, isAnother(again))
      expect((await again.rescue()).own.text).toBe('Unsaved. Of the first. ')
      expect(bo.text.toString()).not.toContain('first')
      if (when === 'in use') await untilText(bo.text, 'By Ada. Of the second. ')
    },
  )

  it('is told apart from one that stands on an older backup', async () => {
    const [server, restored] = [await startTestServer(), await startTestServer()]
    const device = new MemoryDevice()
    const key = signHostToken(server.secret, { doc: document.id })
    const ada = await openSession({ syncUrl: server.syncUrl, document, key, device })
    ada.text.insert(0, 'backed up')
    const backup = Y.encodeStateAsUpdate(ada.doc)
    ada.text.insert(0, 'Written since, and ')
    await untilSaved(ada)
    await leave(ada)
    const operator = await openSession({ syncUrl: restored.syncUrl, document, key })
    Y.applyUpdate(operator.doc, backup)
    await untilSaved(operator)
    const back = beginSession({ syncUrl: restored.syncUrl, document, key, device })
    await untilLive(back)
    await untilText(operator.text, 'Written since, and backed up')
    await untilSaved(back)
  })

  it('is open in all tabs once the old one is given up in one', async () => {
    const { open, isAnother } = await begunAnew({})
    const tabs = [open(), open()]
    await Promise.all(tabs.map((tab) => untilSession(tab, isAnother(tab))))
    await tabs[0]?.discard()
    await Promise.all(tabs.map((tab) => untilSession(tab, () => tab.state.type === 'live')))
    expect(tabs.map(({ text, unsaved }) => [text.toString(), unsaved])).toEqual([
      ['Of the second. ', 0],
      ['Of the second. ', 0],
    ])
  })
})

async function keptAsSaved(device: MemoryDevice, document: TestDocument) {
  const { saved } = await new MemoryDocument(device, document.id).load()
  return { saved }
}

function deleteDocument(server: TestServer, { id, keys }: TestDocument): Promise<Response> {
  return fetch(`${server.url}/api/documents/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${keys.own}` },
  })
}

describe('two tabs of one browser', () => {
  it('show each other what is typed without a network, and count it as unsaved', async () => {
    const scene = await typedOffline(' from one')
    const { ada, open, server, document } = scene
    const other = open()
    await untilSession(other, isOffline(other))
    expect([other.unsaved, other.text.toString()]).toEqual([1, 'the beginning from one'])
    other.text.insert(0, 'The other: ')
    await untilText(ada.text, 'The other: the beginning from one')
    expect([ada.unsaved, other.unsaved]).toEqual([2, 2])
    await goneBack(scene, ada, other)
    expect(await readText(server.url, document)).toBe('The other: the beginning from one')
  })

  it('do not tell the one that may only read that the other cannot save', async () => {
    const { open, document } = await setOut()
    const [writer, reader] = [open(), open({ key: document.keys.view })]
    await Promise.all([writer, reader].map(untilLive))
    const seen = new Set<string>()
    reader.subscribe(() => seen.add(`${reader.unsaved} ${reader.trouble}`))
    writer.text.insert(0, 'More. ')
    await untilSession(reader, () => reader.unsaved === 1)
    await untilSaved(reader)
    expect([...seen].toSorted()).toEqual(['0 none', '1 none'])
  })

  it('tell the one that may only read what the other has left unsaved', async () => {
    const { server, document, device, open } = await setOut()
    const network = new Network()
    const writer = beginSession({ syncUrl: server.syncUrl, document, device, Socket: network.Socket })
    const reader = open({ key: document.keys.view })
    await Promise.all([writer, reader].map(untilLive))
    network.cut()
    await untilSession(writer, isOffline(writer))
    writer.text.insert(0, 'More. ')
    await untilSession(reader, () => reader.unsaved === 1)
    expect(reader.trouble).toBe('none')
    await untilSession(reader, () => reader.trouble === 'read-only')
  })

  it('do not give up what another that this device cannot keep is built on', async () => {
    const { server, document, device, open } = await setOut()
    const network = new Network()
    const kept = new FullDocument(device, document.id)
    const openLocal = async () => kept
    const writer = beginSession({ syncUrl: server.syncUrl, document, Socket: network.Socket, openLocal })
    const reader = open({ key: document.keys.view })
    await Promise.all([writer, reader].map(untilLive))
    network.cut()
    await untilSession(writer, isOffline(writer))
    writer.text.insert(0, 'Kept. ')
    await untilSession(reader, () => reader.unsaved === 1)
    kept.isFull = true
    writer.text.insert('Kept'.length, ', and not kept')
    await untilSession(writer, () => writer.keeping === 'full')
    await reader.discard()
    kept.isFull = false
    await untilSession(writer, isKept(writer))
    await untilSession(reader, () => reader.unsaved === 2)
    await goneBack({ network }, writer)
    expect(await readText(server.url, document)).toBe('Kept, and not kept. the beginning')
    await untilSession(reader, () => reader.unsaved === 0)
  })

  it('save what one of them typed and could not send', async () => {
    const { server, document, device, open } = await setOut()
    const other = new Network()
    const [ada, cutOff] = [
      open(),
      beginSession({ syncUrl: server.syncUrl, document, device, Socket: other.Socket }),
    ]
    await Promise.all([ada, cutOff].map(untilLive))
    other.cut()
    await untilSession(cutOff, isOffline(cutOff))
    cutOff.text.insert(0, 'Take this: ')
    await untilText(ada.text, 'Take this: the beginning')
    expect(ada.unsaved).toBe(1)
    await untilSaved(ada)
    await untilSaved(cutOff)
    expect(cutOff.state.type).toBe('offline')
    expect(await readText(server.url, document)).toBe('Take this: the beginning')
  })
})

/** Ada came through a link whose role can be changed. */
async function cameThroughLink() {
  const { server, document, device } = await setOut()
  const { id, url } = await makeLink(server, document, { role: 'edit' })
  const network = new PickyNetwork()
  const key = new URL(url).hash.slice(1)
  const open = (): DocumentSession =>
    beginSession({ syncUrl: server.syncUrl, document, device, key, Socket: network.PickySocket })
  const ada = open()
  await untilLive(ada)
  const changeRole = (role: 'view' | 'edit') => changeLink(server, document, id, { role })
  return { ada, network, changeRole, server, document, open }
}

describe('what the server will not take', () => {
  it('is exactly what was typed after the role was lowered, and reading goes on', async () => {
    const { server, document, open, device } = await setOut()
    const link = await makeLink(server, document, { role: 'edit' })
    const key = new URL(link.url).hash.slice(1)
    const ada = open({ key })
    await untilLive(ada)
    ada.text.insert(0, 'Saved. ')
    await untilSaved(ada)
    await fetch(`${server.url}/api/documents/${document.id}/links/${link.id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${document.keys.own}`, 'content-type': 'application/json' },
      body: JSON.stringify({ role: 'view' }),
    })
    ada.text.insert(7, 'Too late. ')
    await untilSession(ada, () => ada.trouble === 'read-only' && ada.state.type === 'live')
    expect(await ada.rescue()).toEqual({
      saved: { title: '', text: 'Saved. the beginning' },
      own: { title: '', text: 'Saved. Too late. the beginning' },
    })
    const bo = await openSession({ syncUrl: server.syncUrl, document, name: 'Bo' })
    bo.text.insert(bo.text.length, ', by Bo')
    await untilSession(ada, () => ada.text.toString() === 'Saved. Too late. the beginning, by Bo')
    await leave(ada)
    expect((await keptOn(device, document)).unsaved).toHaveLength(1)
    // Given back the right, it is saved as if nothing had been.
    await fetch(`${server.url}/api/documents/${document.id}/links/${link.id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${document.keys.own}`, 'content-type': 'application/json' },
      body: JSON.stringify({ role: 'edit' }),
    })
    const back = open({ key })
    await untilLive(back)
    await untilSaved(back)
    expect(await readText(server.url, document)).toBe('Saved. Too late. the beginning, by Bo')
  })

  it('is saved when they are given back the right while they read on, and what they type from then on', async () => {
    const { ada, changeRole, server, document } = await cameThroughLink()
    await changeRole('view')
    await untilSession(ada, () => ada.state.type === 'live' && ada.state.role === 'view')
    ada.text.insert(0, 'Too late. ')
    expect([ada.unsaved, ada.trouble]).toEqual([1, 'read-only'])
    await changeRole('edit')
    await untilSession(ada, () => ada.trouble === 'none')
    ada.text.insert(0, 'Now. ')
    await untilSaved(ada)
    expect(await readText(server.url, document)).toBe('Now. Too late. the beginning')
  })

  it('is known where there is no network, as the owner has it by now', async () => {
    const { ada, network, changeRole, open } = await cameThroughLink()
    for (const role of ['view', 'edit'] as const) {
      await changeRole(role)
      await untilSession(ada, () => ada.state.type === 'live' && ada.state.role === role)
      await untilSession(ada, isKept(ada))
      network.cut()
      const tab = open()
      await untilSession(tab, () => tab.state.type === 'offline')
      expect(tab.state).toEqual({ type: 'offline', role })
      tab.close()
      network.restore()
      ada.wake()
      await untilLive(ada)
    }
  })

  it('is no reason to stop reading, if it was sent before that was heard', async () => {
    const { ada, network, changeRole } = await cameThroughLink()
    const release = network.holdBack()
    ada.text.insert(0, 'Too late. ')
    await changeRole('view')
    await untilSession(ada, () => ada.state.type === 'live' && ada.state.role === 'view')
    release()
    await untilSession(ada, isOffline(ada))
    await untilLive(ada)
    expect([ada.state, ada.trouble]).toEqual([{ type: 'live', role: 'view' }, 'read-only'])
  })

  it('is no reason to stop reading the second time either', async () => {
    const { ada, network, changeRole } = await cameThroughLink()
    for (const words of ['Too late. ', 'Too late again. ']) {
      const release = network.holdBack()
      network.cut()
      await untilSession(ada, isOffline(ada))
      await changeRole('edit')
      network.restore()
      ada.wake()
      await untilSession(ada, () => ada.state.type === 'live' && ada.state.role === 'edit')
      ada.text.insert(0, words)
      await changeRole('view')
      await untilSession(ada, () => ada.state.type === 'live' && ada.state.role === 'view')
      release()
      await untilSession(ada, isOffline(ada))
      await untilLive(ada)
    }
    expect([ada.state, ada.trouble, ada.unsaved]).toEqual([{ type: 'live', role: 'view' }, 'read-only', 2])
  })

  it('is not asked for any more once the server has said so, though it has yet to tell of the text', async () => {
    const { ada, network, changeRole } = await cameThroughLink()
    network.cut()
    await untilSession(ada, isOffline(ada))
    await changeRole('view')
    const welcomed = Promise.withResolvers<void>()
    network.hears = ({ type }) => {
      if (type === 'welcome') setImmediate(welcomed.resolve)
      return type === 'welcome'
    }
    network.restore()
    ada.wake()
    await welcomed.promise
    expect(ada.state).toEqual({ type: 'offline', role: 'view' })
  })

  it('is given up when its writer says so', async () => {
    const { open, document, device, server } = await setOut()
    const reader = open({ key: document.keys.view })
    await untilLive(reader)
    reader.text.insert(0, 'not allowed: ')
    await untilSession(reader, isKept(reader))
    await reader.discard()
    await untilLive(reader)
    expect([reader.text.toString(), reader.unsaved, reader.trouble]).toEqual(['the beginning', 0, 'none'])
    expect((await keptOn(device, document)).unsaved).toEqual([])
    expect(await readText(server.url, document)).toBe('the beginning')
  })

  it.each(['the link is taken back', 'the document is deleted'])('is there when %s', async (how) => {
    const { server, document, open, device, network } = await setOut()
    const link = await makeLink(server, document, { role: 'edit' })
    const key = new URL(link.url).hash.slice(1)
    const ada = open({ key })
    await untilLive(ada)
    network.cut()
    await untilSession(ada, isOffline(ada))
    ada.text.insert(0, 'Mine. ')
    await untilSession(ada, isKept(ada))
    if (how === 'the link is taken back') await takeBack(server, document, link.id)
    else await deleteDocument(server, document)
    network.restore()
    ada.wake()
    await untilSession(ada, () => ada.state.type === 'gone')
    expect([ada.unsaved, (await keptOn(device, document)).unsaved.length]).toEqual([1, 1])
    expect(await ada.rescue()).toMatchObject({
      saved: { text: 'the beginning' },
      own: { text: 'Mine. the beginning' },
    })
    await ada.discard()
    expect(ada.state).toEqual({ type: 'gone', role: undefined })
    await leave(ada)
    expect(await keptOn(device, document)).toMatchObject({ text: '', unsaved: [] })
  })

  it('is said to be given up once it is gone from the device, and not before', async () => {
    const { server, document, device, network } = await setOut()
    const asked = Promise.withResolvers<void>()
    const allowed = Promise.withResolvers<void>()
    class SlowDocument extends MemoryDocument {
      override async write(...changes: Parameters<MemoryDocument['write']>): Promise<void> {
        if (changes[0].dropped?.length) {
          asked.resolve()
          await allowed.promise
        }
        return super.write(...changes)
      }
    }
    const openLocal = async () => new SlowDocument(device, document.id)
    const ada = beginSession({ syncUrl: server.syncUrl, document, Socket: network.Socket, openLocal })
    await untilLive(ada)
    network.cut()
    await untilSession(ada, isOffline(ada))
    ada.text.insert(0, 'Mine. ')
    await untilSession(ada, isKept(ada))
    await deleteDocument(server, document)
    network.restore()
    ada.wake()
    await untilSession(ada, () => ada.state.type === 'gone')
    const discarding = ada.discard()
    await asked.promise
    expect([ada.state, ada.unsaved]).toEqual([{ type: 'gone', role: 'edit' }, 1])
    allowed.resolve()
    await discarding
    expect([ada.state, ada.unsaved]).toEqual([{ type: 'gone', role: undefined }, 0])
    expect((await keptOn(device, document)).unsaved).toEqual([])
  })

  it('leaves nothing behind when it is given up, though what others wrote has replaced some of it', async () => {
    const { ada, network, changeRole, server, document } = await cameThroughLink()
    network.cut()
    await untilSession(ada, isOffline(ada))
    // Of two titles that are set at the same time, that of the higher id is kept.
    const { clientID } = ada.doc
    ada.doc.clientID = 1
    ada.setTitle('Mine')
    ada.doc.clientID = clientID
    const bo = await openSession({ syncUrl: server.syncUrl, document, name: 'Bo' })
    bo.setTitle('Theirs')
    await untilSaved(bo)
    await changeRole('view')
    network.restore()
    ada.wake()
    await untilSession(ada, () => ada.trouble === 'read-only' && ada.title === 'Theirs')
    await ada.discard()
    await changeRole('edit')
    network.cut()
    network.restore()
    await untilSession(ada, () => ada.state.type === 'live' && ada.state.role === 'edit')
    ada.text.insert(0, 'Saved: ')
    await untilSaved(ada)
    expect(await readText(server.url, document)).toBe('Saved: the beginning')
  })

  it('is written anew with all that is typed until that is done', async () => {
    const { server, document, network, device } = await setOut()
    let reading: Promise<void> | undefined
    class SlowDocument extends MemoryDocument {
      override async load(): ReturnType<MemoryDocument['load']> {
        await reading
        return super.load()
      }
    }
    const openLocal = async () => new SlowDocument(device, document.id)
    const ada = beginSession({ syncUrl: server.syncUrl, document, Socket: network.Socket, openLocal })
    await untilLive(ada)
    network.cut()
    await untilSession(ada, isOffline(ada))
    ada.text.insert(0, 'Mine: ')
    const { promise, resolve } = Promise.withResolvers<void>()
    reading = promise
    const reapplying = ada.reapply()
    await deviceIsDone()
    ada.text.insert(6, 'all of ')
    resolve()
    await reapplying
    await goneBack({ network }, ada)
    expect(await readText(server.url, document)).toBe('Mine: all of the beginning')
  })

  it.each([
    ['', () => {}],
    [
      ', though this device has lost what it kept',
      (device: MemoryDevice, { id }: TestDocument) => device.copyOf(id).saved.clear(),
    ],
  ])('may be taken as it is written anew%s', async (_, happen) => {
    const { server, document, device, network, open } = await setOut('one two three')
    const ada = open()
    await untilLive(ada)
    network.cut()
    await untilSession(ada, isOffline(ada))
    // A value that no frame holds, and that the text does well without.
    ada.doc.getMap('other').set('value', 'x'.repeat(limits.maxFrameBytes))
    ada.text.insert(4, 'and more than ')
    ada.text.delete(0, 4)
    network.restore()
    ada.wake()
    await untilSession(ada, () => ada.state.type === 'refused')
    expect(ada.state).toEqual({ type: 'refused', refusal: 'too-large', role: 'edit' })
    happen(device, document)
    const bo = await openSession({ syncUrl: server.syncUrl, document, name: 'Bo' })
    bo.text.insert(8, 'and ')
    await untilSaved(bo)
    await ada.reapply()
    await untilLive(ada)
    await untilSaved(ada)
    expect(await readText(server.url, document)).toBe('and more than two and three')
  })
})

it('more than one frame holds is saved all the same', async () => {
  const scene = await typedOffline('')
  const { ada, server, document } = scene
  const much = `${'words '.repeat(200)}\n`.repeat(15_000)
  ada.text.insert(4, much)
  await goneBack(scene, ada)
  expect((await readText(server.url, document)) === `the ${much}beginning`).toBe(true)
})

describe('somebody wrote under our id while we were away', () => {
  it('and our words are saved all the same', async () => {
    const server = await spawnServer(temporaryFolder())
    const document = await createDocument(server.url, { text: 'the beginning' })
    const { syncUrl } = server
    const network = new Network()
    const ada = beginSession({ syncUrl, document, device: new MemoryDevice(), Socket: network.Socket })
    await untilLive(ada)
    network.cut()
    await untilSession(ada, isOffline(ada))
    ada.text.insert(ada.text.length, ', in our words')
    ada.text.insert(0, 'Ours: ')
    // Which holds an id for who was here a moment ago no longer.
    await server.kill('SIGKILL')
    await server.restart()
    const thief = await openSession({ syncUrl: server.syncUrl, document, name: 'Eve' })
    // As a hostile client would: under the id that ours has shown, with the clocks that come next.
    thief.doc.clientID = ada.doc.clientID
    thief.text.insert(3, ' stolen')
    await untilSession(thief, () => thief.unsaved === 0)
    await goneBack({ network }, ada)
    await untilSession(ada, () => ada.text.toString() === 'Ours: the stolen beginning, in our words')
    await untilSaved(ada)
    expect(await readText(server.url, document)).toBe('Ours: the stolen beginning, in our words')
  })

  it('and nothing of it is missing if we had written nothing', async () => {
    const server = await spawnServer(temporaryFolder())
    const document = await createDocument(server.url, { text: 'the beginning' })
    const { syncUrl } = server
    const network = new Network()
    const ada = beginSession({ syncUrl, document, device: new MemoryDevice(), Socket: network.Socket })
    await untilLive(ada)
    ada.text.insert(0, 'By Ada: ')
    await untilSaved(ada)
    network.cut()
    await untilSession(ada, isOffline(ada))
    await server.kill('SIGKILL')
    await server.restart()
    const [thief, bo] = [
      await openSession({ syncUrl, document, name: 'Eve' }),
      await openSession({ syncUrl, document, name: 'Bo' }),
    ]
    const id = ada.doc.clientID
    thief.doc.clientID = id
    thief.text.insert(3, 'no, not ')
    await untilSaved(thief)
    thief.close()
    await goneBack({ network }, ada)
    await untilText(ada.text, 'By no, not Ada: the beginning')
    expect(ada.doc.clientID).not.toBe(id)
    for (const words of ['again ', 'and again ']) {
      ada.text.insert(0, words)
      await untilSaved(ada)
      await untilSession(bo, () => bo.people.filter(({ name }) => name === 'Ada').length === 1)
      network.cut()
      await untilSession(ada, isOffline(ada))
      await goneBack({ network }, ada)
    }
    await untilText(bo.text, 'and again again By no, not Ada: the beginning')
  })

  it('which is not so when it was ours, and only its acknowledgement was lost', async () => {
    const { server, document, device } = await setOut()
    const deaf = new PickyNetwork()
    const ada = beginSession({ syncUrl: server.syncUrl, document, device, Socket: deaf.PickySocket })
    await untilLive(ada)
    await untilSaved(ada)
    deaf.hears = () => false
    const { doc } = ada
    ada.text.insert(0, 'Stored, unheard. ')
    const bo = await openSession({ syncUrl: server.syncUrl, document, name: 'Bo' })
    await untilText(bo.text, 'Stored, unheard. the beginning')
    deaf.cut()
    await untilSession(ada, isOffline(ada))
    expect(ada.unsaved).toBe(1)
    deaf.hears = () => true
    deaf.restore()
    ada.wake()
    await untilLive(ada)
    await untilSaved(ada)
    expect([ada.doc === doc, ada.text.toString()]).toEqual([true, 'Stored, unheard. the beginning'])
  })

  describe('when the network is said to be gone', () => {
    async function saidToBeGone({ isGone }: { isGone: boolean }) {
      const { server, document, device } = await setOut()
      const network = new PickyNetwork()
      const ada = beginSession({ syncUrl: server.syncUrl, document, device, Socket: network.PickySocket })
      await untilLive(ada)
      await untilSaved(ada)
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      onTestFinished(() => void vi.useRealTimers())
      network.hears = () => !isGone
      ada.text.insert(0, 'By Ada: ')
      ada.doubt()
      return { ada, network }
    }

    it('is offline as soon as that turns out to be true, and saved once there is one', async () => {
      const { ada, network } = await saidToBeGone({ isGone: true })
      vi.advanceTimersByTime(2000)
      expect([ada.state.type, ada.unsaved]).toEqual(['live', 1])
      vi.advanceTimersByTime(1000)
      expect([ada.state.type, ada.unsaved]).toEqual(['offline', 1])
      vi.useRealTimers()
      network.hears = () => true
      await untilLive(ada)
      await untilSaved(ada)
      expect(ada.text.toString()).toBe('By Ada: the beginning')
    })

    it('stays connected while the server answers', async () => {
      const { ada } = await saidToBeGone({ isGone: false })
      await untilSaved(ada)
      vi.advanceTimersByTime(60_000)
      expect([ada.state.type, ada.unsaved]).toEqual(['live', 0])
    })
  })
})

/** On which one hears of the server only what one wishes to, and may hold back what one writes. */
class PickyNetwork extends Network {
  hears: (message: ServerMessage) => boolean = () => true
  readonly PickySocket = picky(this.Socket, this)
  #held: (() => void)[] | undefined

  /** Returns the way to let go of it. */
  holdBack(): () => void {
    const held: (() => void)[] = []
    this.#held = held
    return () => {
      this.#held = undefined
      for (const say of held) say()
    }
  }

  say(what: () => void): void {
    if (this.#held) this.#held.push(what)
    else what()
  }
}

function bringsText(frame: Uint8Array): boolean {
  const { type } = decodeClientMessage(frame)
  return type === 'update' || type === 'sync-step-2'
}

function picky(Socket: typeof WebSocket, network: PickyNetwork): typeof WebSocket {
  return class extends Socket {
    // The provider listens in this way.
    override set onmessage(listener: WebSocket['onmessage']) {
      // oxlint-disable-next-line prefer-add-event-listener
      super.onmessage =
        listener &&
        ((event: MessageEvent<ArrayBuffer>) => {
          if (network.hears(decodeServerMessage(new Uint8Array(event.data)))) listener.call(this, event)
        })
    }

    override send(data: Parameters<WebSocket['send']>[0]): void {
      if (data instanceof Uint8Array && bringsText(data)) network.say(() => super.send(data))
      else super.send(data)
    }
  }
}

describe('a device that is slow', () => {
  afterEach(() => void vi.useRealTimers())

  /** Somebody who typed offline yesterday is back, and what their device keeps comes when it is told to. */
  async function backOnSlowDevice({ isOnline, isLost = false }: { isOnline: boolean; isLost?: boolean }) {
    const { ada: before, server: first, document, device, network } = await typedOffline(' of yesterday')
    await leave(before)
    const server = isLost ? await startTestServer({ storedSince: Date.now() }) : first
    if (isOnline) network.restore()
    const opening = Promise.withResolvers<LocalDocument>()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const openLocal = () => opening.promise
    const ada = beginSession({ syncUrl: server.syncUrl, document, Socket: network.Socket, openLocal })
    vi.advanceTimersByTime(3000)
    vi.useRealTimers()
    const come = () => opening.resolve(new MemoryDocument(device, document.id))
    return { ada, server, document, device, network, come }
  }

  it('brings what it keeps when it comes, and has it saved', async () => {
    const { ada, server, document, device, come } = await backOnSlowDevice({ isOnline: true })
    await untilLive(ada)
    expect([ada.text.toString(), ada.unsaved, ada.keeping]).toEqual(['the beginning', 0, 'unread'])
    ada.text.insert(0, 'Today: ')
    await untilSaved(ada)
    const { doc } = ada
    come()
    await untilText(ada.text, 'Today: the beginning of yesterday')
    expect([ada.unsaved, ada.keeping]).toEqual([1, 'kept'])
    await untilSaved(ada)
    expect(ada.doc).toBe(doc)
    await leave(ada)
    expect(await readText(server.url, document)).toBe('Today: the beginning of yesterday')
    expect(await keptOn(device, document)).toMatchObject({
      saved: 'Today: the beginning of yesterday',
      unsaved: [],
    })
  })

  it('opens the document without a network when it comes', async () => {
    const { ada, device, document, network, come } = await backOnSlowDevice({ isOnline: false })
    await untilSession(ada, isOffline(ada))
    expect(ada.state).toEqual({ type: 'offline', role: undefined })
    come()
    await untilText(ada.text, 'the beginning of yesterday')
    expect([ada.state, ada.unsaved, ada.unkept]).toEqual([{ type: 'offline', role: 'edit' }, 1, 0])
    await goneBack({ network }, ada)
    await leave(ada)
    expect((await keptOn(device, document)).unsaved).toEqual([])
  })

  it('has what the server has lost', async () => {
    const { ada, come } = await backOnSlowDevice({ isOnline: true, isLost: true })
    await untilSession(ada, () => ada.state.type === 'gone')
    come()
    await untilSession(ada, () => ada.state.type === 'refused')
    expect(ada.state).toEqual({ type: 'refused', refusal: 'missing', role: 'edit' })
    expect([ada.text.toString(), ada.unsaved]).toEqual(['the beginning of yesterday', 1])
  })

  it('shows what was not saved to somebody whose document is gone by then', async () => {
    const { ada, server, document, come } = await backOnSlowDevice({ isOnline: true })
    await untilLive(ada)
    await deleteDocument(server, document)
    await untilSession(ada, () => ada.state.type === 'gone')
    come()
    await untilSession(ada, () => ada.unsaved === 1)
    expect(ada.state.type).toBe('gone')
    expect((await ada.rescue()).own.text).toBe('the beginning of yesterday')
  })
})

describe('a device that does not keep what is typed', () => {
  it('says so, and the page has it until it is saved', async () => {
    const { server, document, network } = await setOut()
    const ada = beginSession({ syncUrl: server.syncUrl, document, Socket: network.Socket })
    await untilLive(ada)
    network.cut()
    await untilSession(ada, isOffline(ada))
    ada.text.insert(0, 'Here only: ')
    expect([ada.unsaved, ada.unkept, ada.keeping]).toEqual([1, 1, 'unavailable'])
    expect((await ada.rescue()).saved.text).toBe('the beginning')
    await goneBack({ network }, ada)
    expect(ada.unkept).toBe(0)
    expect(await readText(server.url, document)).toBe('Here only: the beginning')
  })

  it('is let go of by a session that is closed while it is being opened', async () => {
    const { server, document, device } = await setOut()
    const opening = Promise.withResolvers<LocalDocument>()
    const openLocal = () => opening.promise
    const ada = beginSession({ syncUrl: server.syncUrl, document, openLocal })
    await leave(ada)
    const opened = new MemoryDocument(device, document.id)
    opening.resolve(opened)
    await deviceIsDone()
    await expect(opened.load()).rejects.toThrow('closed')
  })

  it('lets nothing be given up while it cannot be read, and then as ever', async () => {
    const { server, document, device } = await setOut()
    let isLost = false
    class LostDocument extends MemoryDocument {
      override async load(): ReturnType<MemoryDocument['load']> {
        if (isLost) throw new LocalStoreError('unavailable', 'not now')
        return super.load()
      }
    }
    const openLocal = async () => new LostDocument(device, document.id)
    const key = document.keys.view
    const reader = beginSession({ syncUrl: server.syncUrl, document, key, openLocal })
    await untilLive(reader)
    reader.text.insert(0, 'not allowed: ')
    isLost = true
    await expect(reader.discard()).rejects.toThrow('not now')
    await expect(reader.rescue()).rejects.toThrow('not now')
    expect([reader.state.type, reader.unsaved]).toEqual(['live', 1])
    isLost = false
    await reader.discard()
    await untilLive(reader)
    expect([reader.text.toString(), reader.unsaved]).toEqual(['the beginning', 0])
  })

  it('is tried again, and keeps it once it can', async () => {
    const { server, document, network, device } = await setOut()
    const kept = new FullDocument(device, document.id)
    const openLocal = async () => kept
    const ada = beginSession({ syncUrl: server.syncUrl, document, Socket: network.Socket, openLocal })
    await untilLive(ada)
    network.cut()
    await untilSession(ada, isOffline(ada))
    kept.isFull = true
    ada.text.insert(0, 'More. ')
    await untilSession(ada, () => ada.keeping === 'full')
    expect([ada.unsaved, ada.unkept]).toEqual([1, 1])
    kept.isFull = false
    ada.text.insert(0, 'And more. ')
    await untilSession(ada, isKept(ada))
    expect([ada.unsaved, ada.keeping]).toEqual([2, 'kept'])
    expect((await keptOn(device, document)).text).toBe('And more. More. the beginning')
  })
})
