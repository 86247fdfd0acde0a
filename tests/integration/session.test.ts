import type { DocumentSession, SessionState } from '@quire/editor/session'
import { MemoryStore, StorageError } from '@quire/sync-server'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { createDocument, readText } from '../support/documents.ts'
import { HeldClock } from '../support/held-clock.ts'
import { signHostToken } from '../support/host-token.ts'
import { spawnServer } from '../support/quire-process.ts'
import { startTestServer } from '../support/server.ts'
import { beginSession, openSession } from '../support/session.ts'
import { Socket } from '../support/stock-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilPresence, untilSession } from '../support/until.ts'

const isSaved = (session: DocumentSession) => () => session.state.type === 'live' && session.unsaved === 0

/** How many marks of formatting stand in the text. */
function marksIn(text: Y.Text): number {
  let marks = 0
  for (let item = text._start; item; item = item.right)
    if (!item.deleted && item.content instanceof Y.ContentFormat) marks++
  return marks
}

/** A memory store whose disk is as slow as the test wants. */
class SlowStore extends MemoryStore {
  #ready = Promise.resolve()
  #isAsked = Promise.withResolvers<void>()
  go: () => void = () => undefined

  stop(): void {
    this.#ready = new Promise((resolve) => (this.go = resolve))
    this.#isAsked = Promise.withResolvers<void>()
  }

  /** Resolves when it has something to write. */
  get asked(): Promise<void> {
    return this.#isAsked.promise
  }

  override async append(...request: Parameters<MemoryStore['append']>): Promise<number> {
    this.#isAsked.resolve()
    await this.#ready
    return super.append(...request)
  }
}

describe('a document session', () => {
  it('learns its role and who it is, and says so to the others', async () => {
    const { url, syncUrl } = await startTestServer()
    const document = await createDocument(url, { text: 'hello' })
    const anna = await openSession({ syncUrl, document, name: 'Anna' })
    const bo = await openSession({ syncUrl, document, name: 'Bo', key: document.keys.view })
    expect([anna.state, bo.state]).toEqual([
      { type: 'live', role: 'edit' },
      { type: 'live', role: 'view' },
    ])
    expect(bo.text.toString()).toBe('hello')
    await untilSession(bo, () => bo.people.length === 2)
    expect(bo.people.map(({ name, isSelf }) => [name, isSelf])).toEqual([
      ['Bo', true],
      ['Anna', false],
    ])
    expect(bo.people[1]?.colour).toBe(anna.user?.colour)
    anna.rename('Anna Lena')
    await untilSession(bo, () => bo.people[1]?.name === 'Anna Lena')
  })

  it('counts an edit as unsaved until it is durable, and not a moment longer', async () => {
    const store = new SlowStore()
    const { url, syncUrl } = await startTestServer({ store })
    const document = await createDocument(url)
    const anna = await openSession({ syncUrl, document, name: 'Anna' })
    const bo = await openSession({ syncUrl, document, name: 'Bo' })
    await untilSession(anna, isSaved(anna))
    store.stop()
    anna.text.insert(0, 'one')
    anna.setTitle('Notes')
    bo.text.insert(0, 'two')
    expect(anna.unsaved).toBe(2)
    store.go()
    await untilSession(anna, isSaved(anna))
    await untilSession(bo, () => bo.unsaved === 0 && bo.text.length === 6)
    expect(bo.title).toBe('Notes')
  })

  it('saves what a page writes in answer to the words of others, as they come', async () => {
    const { url, syncUrl } = await startTestServer()
    const document = await createDocument(url, { text: 'first' })
    const anna = await openSession({ syncUrl, document, name: 'Anna' })
    const bo = await openSession({ syncUrl, document, name: 'Bo' })
    bo.text.observe((_, { local }) => {
      if (!local) bo.text.insert(0, 'Seen: ')
    })
    bo.subscribe(() => {
      if (bo.text.length > 'first'.length && bo.title === '') bo.setTitle('More than one word')
    })
    anna.text.insert(5, ' words')
    await untilSession(bo, () => bo.title !== '')
    expect(bo.unsaved).toBe(2)
    await untilSession(bo, isSaved(bo))
    await untilSession(anna, () => anna.title === 'More than one word')
    expect(anna.text.toString()).toBe('Seen: first words')
    expect(await readText(url, document)).toBe('Seen: first words')
  })

  it('connects no more once it is closed, by whoever it has just told that it is about to', async () => {
    const { url, syncUrl } = await startTestServer()
    const document = await createDocument(url)
    const sockets: string[] = []
    class Counted extends Socket {
      constructor(...address: ConstructorParameters<typeof WebSocket>) {
        super(...address)
        sockets.push(String(address[0]))
      }
    }
    const anna = beginSession({ syncUrl, document, Socket: Counted })
    await untilSession(anna, () => {
      if (anna.state.type === 'connecting') anna.close()
      return anna.state.type === 'connecting'
    })
    expect(sockets).toEqual([])
  })

  it('counts what Yjs tidies up as an edit of those who may write, and of nobody else', async () => {
    const { url, syncUrl } = await startTestServer()
    const document = await createDocument(url, { text: 'in bold, twice' })
    const anna = await openSession({ syncUrl, document, name: 'Anna' })
    const bo = await openSession({ syncUrl, document, name: 'Bo' })
    const reader = await openSession({ syncUrl, document, name: 'Cy', key: document.keys.view })
    const isTidy = (session: DocumentSession) => () => marksIn(session.text) === 3
    // At the same time, so that one of the marks means nothing.
    for (const { text } of [anna, bo]) text.format(0, 7, { bold: true })
    await Promise.all([anna, bo, reader].map((session) => untilSession(session, isTidy(session))))
    await Promise.all([anna, bo].map((session) => untilSession(session, isSaved(session))))
    expect([reader.unsaved, reader.trouble]).toEqual([0, 'none'])
    const again = await openSession({ syncUrl, document, name: 'Dee' })
    expect([marksIn(again.text), again.unsaved]).toEqual([3, 0])
  })

  it('keeps what the server never acknowledged, and sends it when the server is back', async () => {
    const server = await spawnServer(temporaryFolder())
    const document = await createDocument(server.url)
    const anna = await openSession({ syncUrl: server.syncUrl, document })
    anna.text.insert(0, 'before')
    await untilSession(anna, isSaved(anna))
    const { id } = anna.user ?? {}
    await server.kill('SIGKILL')
    await untilSession(anna, () => anna.state.type === 'offline')
    expect(anna.state).toEqual({ type: 'offline', role: 'edit' })
    anna.text.insert(6, ' and meanwhile')
    expect(anna.unsaved).toBe(1)
    await server.restart()
    await untilSession(anna, isSaved(anna))
    expect(anna.user?.id).toBe(id)
    expect(await readText(server.url, document)).toBe('before and meanwhile')
  })

  it('is seen again by the others as soon as both are back', async () => {
    const server = await spawnServer(temporaryFolder())
    const document = await createDocument(server.url)
    const { syncUrl } = server
    const [anna, bo] = [
      await openSession({ syncUrl, document, name: 'Anna' }),
      await openSession({ syncUrl, document, name: 'Bo' }),
    ]
    await untilSession(bo, () => bo.people.length === 2)
    await server.kill('SIGKILL')
    await untilSession(bo, () => bo.people.length === 1)
    await server.restart()
    await Promise.all([anna, bo].map((session) => untilSession(session, () => session.people.length === 2)))
  })

  it('says nothing on a socket that is closing already', async () => {
    const { url, syncUrl } = await startTestServer()
    const document = await createDocument(url)
    const saidTooLate: unknown[] = []
    let isFirst = true
    class ClosedAtOnce extends Socket {
      constructor(...address: ConstructorParameters<typeof WebSocket>) {
        super(...address)
        if (isFirst) this.addEventListener('open', () => this.close())
        isFirst = false
      }

      override send(data: Parameters<WebSocket['send']>[0]): void {
        if (this.readyState !== this.OPEN) saidTooLate.push(data)
        super.send(data)
      }
    }
    await openSession({ syncUrl, document, Socket: ClosedAtOnce })
    expect(saidTooLate).toEqual([])
  })

  it('sees the others at once after a moment without network, though they have not moved', async () => {
    const { url, syncUrl } = await startTestServer()
    const document = await createDocument(url)
    const sockets: WebSocket[] = []
    class Remembered extends Socket {
      constructor(...address: ConstructorParameters<typeof WebSocket>) {
        super(...address)
        sockets.push(this)
      }
    }
    const anna = await openSession({ syncUrl, document, name: 'Anna', Socket: Remembered })
    const bo = await openSession({ syncUrl, document, name: 'Bo' })
    await untilSession(anna, () => anna.people.length === 2)
    await untilSession(bo, () => bo.people.length === 2)
    const renewals: unknown[] = []
    bo.awareness.on('update', ({ updated }: { updated: number[] }) => renewals.push(...updated))
    sockets[0]?.close()
    await untilSession(anna, () => anna.people.length === 1)
    await untilSession(anna, () => anna.state.type === 'live' && anna.people.length === 2)
    // Nothing of Bo's had to be renewed for that.
    expect(renewals).not.toContain(bo.awareness.clientID)
  })

  it('is sent away when storage fails, and comes back by itself', async () => {
    class FailingStore extends MemoryStore {
      failing = false
      override async load(...request: Parameters<MemoryStore['load']>): ReturnType<MemoryStore['load']> {
        if (this.failing) throw new StorageError('unavailable', 'the disk is gone')
        return super.load(...request)
      }
    }
    const store = new FailingStore()
    const { url, syncUrl } = await startTestServer({ store })
    const document = await createDocument(url, { text: 'here' })
    store.failing = true
    const anna = beginSession({ syncUrl, document })
    await untilSession(anna, () => anna.state.type === 'offline')
    store.failing = false
    await untilSession(anna, () => anna.state.type === 'live')
    expect(anna.text.toString()).toBe('here')
  })

  it('opens by itself once a server that was away from the start is there', async () => {
    const server = await spawnServer(temporaryFolder())
    const document = await createDocument(server.url, { text: 'here' })
    await server.kill('SIGTERM')
    const anna = beginSession({ syncUrl: server.syncUrl, document })
    await untilSession(anna, () => anna.state.type === 'offline')
    expect(anna.state).toEqual({ type: 'offline', role: undefined })
    await server.restart()
    await untilSession(anna, () => anna.state.type === 'live')
    expect(anna.text.toString()).toBe('here')
  })

  it('does not send back the presence it is told of', async () => {
    const { url, syncUrl } = await startTestServer()
    const document = await createDocument(url)
    const sent: Uint8Array[] = []
    class Listening extends Socket {
      override send(data: Parameters<WebSocket['send']>[0]): void {
        if (data instanceof Uint8Array && data[0] === 1) sent.push(data)
        super.send(data)
      }
    }
    const anna = await openSession({ syncUrl, document, Socket: Listening })
    const bo = await openSession({ syncUrl, document, name: 'Bo' })
    await untilSession(anna, () => anna.people.length === 2)
    const before = sent.length
    for (let move = 0; move < 20; move++) {
      bo.awareness.setLocalStateField('cursor', { move })
      await untilPresence(anna.awareness, () =>
        JSON.stringify([...anna.awareness.getStates()]).includes(`"move":${move}`),
      )
    }
    expect(sent).toHaveLength(before)
  })

  it.each<[string, string, SessionState]>([
    ['a link that opens nothing', 'AAAAAAAAAAAAAAAAAAAAAA', { type: 'gone', role: undefined }],
    ['a token nobody signed', 'e30.e30.e30', { type: 'refused', refusal: 'access-refused', role: undefined }],
  ])('says why it is not let in with %s, and does not try again', async (_, key, state) => {
    const { url, syncUrl, log } = await startTestServer()
    const document = await createDocument(url)
    const anna = beginSession({ syncUrl, document, key })
    await untilSession(anna, () => anna.state.type === state.type)
    expect(anna.state).toEqual(state)
    expect(log).toHaveLength(1)
  })

  it('says so when its edits are not allowed, and still has them', async () => {
    const { url, syncUrl } = await startTestServer()
    const document = await createDocument(url)
    const reader = await openSession({ syncUrl, document, key: document.keys.view })
    reader.text.insert(0, 'not allowed')
    expect([reader.unsaved, reader.trouble]).toEqual([1, 'read-only'])
    const writer = await openSession({ syncUrl, document })
    writer.text.insert(0, 'allowed ')
    await untilSession(reader, () => reader.text.length === 'allowed not allowed'.length)
    expect([reader.state, reader.unsaved]).toEqual([{ type: 'live', role: 'view' }, 1])
    expect(await readText(url, document)).toBe('allowed ')
    expect(await reader.rescue()).toEqual({
      saved: { title: '', text: 'allowed ' },
      own: { title: '', text: reader.text.toString() },
    })
  })
})

describe('a document session with an access token', () => {
  const startSeconds = 1_800_000_000
  const lifeSeconds = 37

  /** A server on which each token's time is over when the test says so. */
  async function setOut({ store, text = '' }: { store?: MemoryStore; text?: string } = {}) {
    const clock = new HeldClock(lifeSeconds * 1000)
    const wallClock = (): number => startSeconds * 1000
    const server = await startTestServer({ clock, wallClock, ...(store && { store }) })
    const document = await createDocument(server.url, { text })
    const tokenOf = (claims: object = {}, life = lifeSeconds): string =>
      signHostToken(server.secret, { doc: document.id, exp: startSeconds + life, ...claims })
    const open = (claims?: object): Promise<DocumentSession> =>
      openSession({ syncUrl: server.syncUrl, document, name: 'Robin', key: tokenOf(claims) })
    return { clock, server, document, tokenOf, open }
  }

  it.each<[string, (text: Y.Text) => void]>([
    ['was typed', (text) => text.insert(0, 'in time ')],
    ['was erased', (text) => text.delete(0, 4)],
  ])('takes what %s for saved when the server tells of it, if it may only read by then', async (_, edit) => {
    const store = new SlowStore()
    const { server, document, tokenOf } = await setOut({ store, text: 'kept words' })
    const sockets: WebSocket[] = []
    class Remembered extends Socket {
      constructor(...address: ConstructorParameters<typeof WebSocket>) {
        super(...address)
        sockets.push(this)
      }
    }
    const { syncUrl } = server
    const ada = await openSession({ syncUrl, document, key: tokenOf({ role: 'edit' }), Socket: Remembered })
    store.stop()
    edit(ada.text)
    await store.asked
    sockets[0]?.close()
    ada.refresh(tokenOf({ role: 'view' }))
    await untilSession(ada, () => ada.state.type === 'live' && ada.state.role === 'view')
    expect([ada.unsaved, ada.trouble]).toEqual([1, 'read-only'])
    store.go()
    await untilSession(ada, () => ada.unsaved === 0)
    expect(ada.trouble).toBe('none')
    expect(await readText(server.url, document)).toBe(ada.text.toString())
    ada.text.insert(0, 'too late')
    const { text } = await openSession({ syncUrl, document, key: tokenOf() })
    sockets[1]?.close()
    await untilSession(ada, () => ada.state.type !== 'live')
    await untilSession(ada, () => ada.state.type === 'live')
    expect([ada.unsaved, ada.trouble, text.toString()]).toEqual([
      1,
      'read-only',
      ada.text.toString().slice('too late'.length),
    ])
  })

  it('goes on with a newer one, and may do what that one allows', async () => {
    const { open, tokenOf, server } = await setOut()
    const ada = await open({ role: 'view' })
    ada.refresh(tokenOf({ role: 'edit' }))
    await untilSession(ada, () => ada.state.type === 'live' && ada.state.role === 'edit')
    ada.text.insert(0, 'at last')
    await untilSession(ada, isSaved(ada))
    expect(server.log).toEqual([])
  })

  it('says that its access has ended, keeps its edits, and saves them when there is a newer one', async () => {
    const { open, tokenOf, clock, server, document } = await setOut()
    const ada = await open()
    ada.text.insert(0, 'before')
    await untilSession(ada, isSaved(ada))
    clock.pass()
    await untilSession(ada, () => ada.state.type === 'refused')
    expect(ada.state).toEqual({ type: 'refused', refusal: 'access-ended', role: 'edit' })
    ada.text.insert(6, ' and after')
    expect(ada.unsaved).toBe(1)
    ada.refresh(tokenOf())
    expect(ada.state).toEqual({ type: 'offline', role: 'edit' })
    await untilSession(ada, isSaved(ada))
    expect(await readText(server.url, document)).toBe('before and after')
  })

  it('comes back by itself if a newer one was on its way when the last one ended', async () => {
    const { open, tokenOf, clock } = await setOut()
    const ada = await open()
    const states: string[] = []
    ada.subscribe(() => states.push(ada.state.type))
    ada.refresh(tokenOf({}, 7700))
    clock.pass()
    await untilSession(ada, () => states.includes('offline') && ada.state.type === 'live')
    expect(states).not.toContain('refused')
  })

  it('is refused with one of no use, and let in with a better one', async () => {
    const { server, document, tokenOf } = await setOut()
    const ada = beginSession({ syncUrl: server.syncUrl, document, key: tokenOf({ doc: 'another' }) })
    await untilSession(ada, () => ada.state.type === 'refused')
    expect(ada.state).toEqual({ type: 'refused', refusal: 'access-refused', role: undefined })
    ada.refresh(tokenOf())
    expect(ada.state).toEqual({ type: 'connecting', role: undefined })
    await untilSession(ada, isSaved(ada))
  })

  it('is called what the token says, and whatever they like if it says nothing', async () => {
    const { open } = await setOut()
    const [ada, nameless] = [await open(), await open({ sub: 'bo', name: undefined })]
    expect([ada.mayRename, ada.user?.name]).toEqual([false, 'Ada'])
    expect([nameless.mayRename, nameless.user?.name]).toEqual([true, 'Robin'])
    nameless.rename('Bo')
    await untilSession(ada, () => ada.people.some(({ name }) => name === 'Bo'))
  })
})
