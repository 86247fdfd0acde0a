import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import * as Y from 'yjs'
import { localDocumentContract } from '../session/local-store.contract.ts'
import type { Changes, LocalDocument } from '../session/local-store.ts'
import { openTimeoutMs } from './database.ts'
import { openIndexedDocument } from './indexed-document.ts'
import { deleteRaw, openRaw, putRow, rowsOf } from './testing/raw-database.ts'
import { clearStorage, liftLimit, limitStorage } from './testing/storage-of-this-site.ts'

const opened: LocalDocument[] = []

async function open(name: string): Promise<LocalDocument> {
  const document = await openIndexedDocument(name)
  opened.push(document)
  return document
}

afterEach(() => {
  for (const document of opened.splice(0)) document.close()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

localDocumentContract(() => {
  const name = crypto.randomUUID()
  return {
    open: () => open(name),
    async failWrites(code) {
      for (const method of ['add', 'put'] as const) {
        const original = IDBObjectStore.prototype[method]
        vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (
          this: IDBObjectStore,
          ...row
        ) {
          // The request is under way, so that something has to take it back.
          original.apply(this, row)
          throw new DOMException('', code === 'full' ? 'QuotaExceededError' : 'UnknownError')
        })
      }
      return async () => void vi.restoreAllMocks()
    },
  }
})

describe('a document in IndexedDB', () => {
  const one = updateBy(1)
  const two = updateBy(2)
  const large = updateBy(3, 'x'.repeat(2_000_000))
  const full = { name: 'LocalStoreError', code: 'full' }
  const unavailable = { name: 'LocalStoreError', code: 'unavailable' }
  const unread = { name: 'LocalStoreError', code: 'unread' }

  test('is on disk when a write resolves', async () => {
    const begin = vi.spyOn(IDBDatabase.prototype, 'transaction')
    const document = await open(crypto.randomUUID())
    await document.write({ saved: [one] })
    await document.compact(one)
    await document.forgetUnused()
    expect(begin.mock.results.map(({ value }) => (value as IDBTransaction).durability)).toEqual(
      Array(3).fill('strict'),
    )
  })

  test('keeps an edit whose page goes away the next moment', async () => {
    const name = crypto.randomUUID()
    const { frame, document } = await openInFrame(name)
    document.write({ unsaved: [{ id: 'a', update: one }] }).catch(() => {})
    await nextTask()
    frame.remove()
    expect((await (await open(name)).load()).unsaved).toEqual([{ id: 'a', update: one }])
  })

  test('says so when there is no more room, and keeps what it has', async () => {
    onTestFinished(liftLimit)
    await limitStorage(1_000_000)
    const document = await open(crypto.randomUUID())
    await document.write({ saved: [one] })
    await expect(document.write({ saved: [two, large] })).rejects.toMatchObject(full)
    await expect(document.compact(large)).rejects.toMatchObject(full)
    await document.write({ unsaved: [{ id: 'a', update: two }] })
    expect(await document.load()).toMatchObject({ saved: [one], unsaved: [{ id: 'a', update: two }] })
    await liftLimit()
    await document.write({ saved: [two, large] })
    expect((await document.load()).saved).toEqual([one, two, large])
  })

  test('leaves what y-indexeddb wrote as it is when it cannot take it over', async () => {
    const name = crypto.randomUUID()
    const stores = { updates: { autoIncrement: true }, custom: {} }
    const theirs = await openRaw(name, { version: 1, stores })
    theirs.close()
    for (const update of [one, two]) await putRow(name, 'updates', update)
    const { put } = IDBObjectStore.prototype
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(function (this: IDBObjectStore, ...row) {
      const request = put.apply(this, row)
      request.addEventListener('success', () => this.transaction.abort())
      return request
    })
    await expect(openIndexedDocument(name)).rejects.toMatchObject(unread)
    expect(await rowsOf(name, 'updates')).toEqual([
      [1, one],
      [2, two],
    ])
    const { saved, unsaved } = await (await open(name)).load()
    expect([saved, new Set(unsaved.map(({ update }) => update))]).toEqual([[], new Set([one, two])])
  })

  test('is unavailable where the browser keeps nothing', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('access is denied', 'SecurityError')
    })
    await expect(openIndexedDocument('x')).rejects.toMatchObject(unavailable)
    vi.stubGlobal('indexedDB', undefined)
    await expect(openIndexedDocument('x')).rejects.toMatchObject(unavailable)
    vi.unstubAllGlobals()
  })

  test('opens when an older tab lets go, however long that takes', async () => {
    const name = crypto.randomUUID()
    const older = await openRaw(name, { version: 1 })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const opening = open(name)
    vi.advanceTimersByTime(10 * openTimeoutMs)
    older.close()
    const document = await opening
    await document.write({ saved: [one] })
    expect((await document.load()).saved).toEqual([one])
  })

  test('gives a write up when its database does not open again, and lets go of it itself when it does', async () => {
    const name = crypto.randomUUID()
    const document = await open(name)
    await deleteRaw(name)
    const older = await openRaw(name, { version: 1 })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const writing = expect(document.write({ saved: [one] })).rejects.toMatchObject(unavailable)
    await vi.advanceTimersByTimeAsync(openTimeoutMs)
    await writing
    older.close()
    await deleteRaw(name)
  })

  test('is unavailable once a newer version of the page has opened it, which it lets pass', async () => {
    const name = crypto.randomUUID()
    const document = await open(name)
    const newer = await openRaw(name, { version: 3 })
    await expect(document.write({ saved: [one] })).rejects.toMatchObject(unavailable)
    await expect(openIndexedDocument(name)).rejects.toMatchObject(unread)
    newer.close()
  })

  test('goes on in a new database when its own was deleted', async () => {
    const name = crypto.randomUUID()
    const document = await open(name)
    await document.write({ saved: [one] })
    await deleteRaw(name)
    const openings = vi.spyOn(indexedDB, 'open')
    const writes = [document.write({ saved: [two] }), document.write({ saved: [one] })]
    expect((await document.load()).saved).toEqual([two, one])
    expect(openings).toHaveBeenCalledTimes(1)
    await Promise.all(writes)
  })

  test('takes no row of a new database for one of its own', async () => {
    const name = crypto.randomUUID()
    const [document, other] = [await open(name), await open(name)]
    const connections = vi.spyOn(IDBDatabase.prototype, 'transaction').mock.contexts
    await Promise.all([document.write({ saved: [one, one] }), other.load()])
    const closings = connections.map((connection) => nextEvent(connection as IDBDatabase, 'close'))
    await clearStorage()
    await Promise.all(closings)
    await other.write({ saved: [two] })
    expect((await rowsOf(name, 'updates')).map(([key]) => key)).toEqual([1])
    await document.compact(one)
    expect((await other.load()).saved).toEqual([two, one])
  })

  test('gives a write up when its connection ends without a word of it', async () => {
    const document = await open(crypto.randomUUID())
    const begin = IDBDatabase.prototype.transaction
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(function (
      this: IDBDatabase,
      ...what
    ) {
      const transaction = begin.apply(this, what)
      transaction.addEventListener('complete', (event) => {
        event.stopImmediatePropagation()
        this.dispatchEvent(new Event('close'))
      })
      return transaction
    })
    await expect(document.write({ saved: [one] })).rejects.toMatchObject(unavailable)
  })

  test('leaves out rows that are no updates, edits or roles, and leaves them alone', async () => {
    const name = crypto.randomUUID()
    const document = await open(name)
    const role = { entrance: 'x', role: 'view' } as const
    await document.write({ saved: [one], unsaved: [{ id: 'a', update: two }], role })
    const damaged = ['text', null, new ArrayBuffer(2), Uint8Array.of(1, 2, 3), one.subarray(1).slice()]
    for (const [index, value] of damaged.entries()) {
      await putRow(name, 'updates', value)
      await putRow(name, 'unsaved', value, `damaged ${index}`)
    }
    await putRow(name, 'custom', 'admin', ['role', 'y'])
    await putRow(name, 'custom', 'own', ['role', 7])
    await putRow(name, 'custom', 'own', 'role')
    await putRow(name, 'custom', 'text', ['rename', 1, 2])
    await putRow(name, 'custom', 3, ['rename', -1, 2])
    const all = {
      saved: [one],
      unsaved: [{ id: 'a', update: two }],
      roles: new Map([['x', 'view']]),
      renames: [],
    }
    expect(await document.load()).toEqual(all)
    await document.write({ settled: ['damaged 0', 'damaged 3'] })
    await document.compact(one)
    expect(await document.load()).toEqual(all)
    expect(await rowsOf(name, 'updates')).toHaveLength(damaged.length + 1)
    expect(await rowsOf(name, 'unsaved')).toHaveLength(damaged.length + 1)
  })

  test('hears only what has the shape of changes', async () => {
    const name = crypto.randomUUID()
    const document = await open(name)
    const channel = new BroadcastChannel(name)
    const last: Changes = { saved: [one], unsaved: [{ id: 'a', update: two }], settled: [], dropped: ['b'] }
    const heard: Changes[] = []
    const hasHeard = new Promise<void>((resolve) => {
      document.subscribe((changes) => {
        heard.push(changes)
        if (changes.dropped) resolve()
      })
    })
    const malformed = [
      null,
      'text',
      { saved: one },
      { saved: [Uint8Array.of(1, 2, 3)] },
      { saved: ['text'] },
      { unsaved: [two] },
      { unsaved: [{ id: 7, update: two }] },
      { unsaved: [{ id: 'a', update: 'text' }] },
      { unsaved: [{ id: 'a', update: two, ours: { 1: { clock: 0, end: 1 } } }] },
      { unsaved: [{ id: 'a', update: two, ours: new Map([[1, { clock: 0 }]]) }] },
      { renamed: { renames: [{ client: 1, clock: 2 }], edits: [] } },
      { settled: 'a' },
      { dropped: [null] },
      { role: 'view' },
      { role: { entrance: 'x', role: 'admin' } },
      { role: { role: 'view' } },
    ]
    for (const each of [...malformed, { role: { entrance: 'x', role: 'view' } }, last])
      channel.postMessage(each)
    await hasHeard
    expect(heard).toEqual([{ role: { entrance: 'x', role: 'view' } }, last])
    channel.close()
  })
})

/** Opened by a page of its own, within this one. */
async function openInFrame(name: string): Promise<{ frame: HTMLIFrameElement; document: LocalDocument }> {
  const frame = document.createElement('iframe')
  const module = new URL('indexed-document.ts', import.meta.url).href
  frame.srcdoc = `<script type="module">
    import { openIndexedDocument } from ${JSON.stringify(module)}
    frameElement.dispatchEvent(new CustomEvent('opened', { detail: await openIndexedDocument(${JSON.stringify(name)}) }))
  </script>`
  const hasOpened = new Promise<LocalDocument>((resolve) => {
    frame.addEventListener('opened', (event) => resolve((event as CustomEvent<LocalDocument>).detail))
  })
  document.body.append(frame)
  return { frame, document: await hasOpened }
}

function nextTask(): Promise<unknown> {
  const { port1, port2 } = new MessageChannel()
  const received = nextEvent(port1, 'message')
  port1.start()
  port2.postMessage(undefined)
  return received
}

function nextEvent(target: EventTarget, type: string): Promise<unknown> {
  return new Promise((resolve) => target.addEventListener(type, resolve, { once: true }))
}

function updateBy(client: number, text = 'text'): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = client
  doc.getText('content').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}
