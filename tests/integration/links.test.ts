/** Links that owners make and take back: what they open, from when to when, and that nobody else can make them. */
import type { DocumentName } from '@quire/protocol'
import { MemoryStore, SqliteStore, type StoredLink } from '@quire/sync-server'
import { describe, expect, it } from 'vitest'
import {
  createDocument,
  createSession,
  keyOf,
  post,
  readText,
  type TestDocument,
} from '../support/documents.ts'
import { hold, type Question } from '../support/held-store.ts'
import {
  addressOf,
  begin,
  changeLink,
  codeOf,
  goneFor,
  join,
  linksOf,
  makeLink,
  takeBack,
  type Link,
} from '../support/links.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import type { TestServer } from '../support/server.ts'
import { untilText } from '../support/until.ts'

const adminToken = 'the-token-of-the-operator-of-tests'

describe('a link that an owner makes', () => {
  it('is named, listed with the others, and opens the document with its role', async () => {
    const { server, document } = await begin()
    const made = await makeLink(server, document, { role: 'edit', label: ' For\nAnna ', expiresIn: 3600 })
    expect(made).toEqual({
      id: expect.stringMatching(/^[\w-]{16}$/),
      role: 'edit',
      label: 'For Anna',
      createdAt: expect.any(Number),
      expiresAt: expect.any(Number),
      maxUses: null,
      uses: 0,
      presence: true,
      url: expect.stringContaining(`/d/${document.id}#`),
    })
    expect(Math.abs((made.expiresAt ?? 0) - made.createdAt - 3600)).toBeLessThanOrEqual(1)
    const listed = await linksOf(server, document)
    expect(listed.map(({ id, role }) => [id, role])).toEqual([
      ['view', 'view'],
      ['edit', 'edit'],
      ['own', 'own'],
      [made.id, 'edit'],
    ])
    expect(listed.at(-1)).toEqual(made)
    const anna = await join(server, document, keyOf(made.url))
    anna.type('hello')
    await anna.replica.until(() => anna.replica.unsaved === 0)
    expect(await readText(server.url, document)).toBe('hello')
  })

  it.each([
    ['an owner’s', { role: 'own' }],
    ['of a role that there is not', { role: 'admin' }],
    ['of several roles', { role: ['view', 'edit'] }],
    ['without a role', {}],
    ['that ends before it begins', { role: 'view', expiresIn: -1 }],
    ['that ends at once', { role: 'view', expiresIn: 1 }],
    ['that ends at no time', { role: 'view', expiresIn: 0.5e3 + 0.5 }],
    ['that lasts for a hundred years', { role: 'view', expiresIn: 100 * 366 * 86_400 }],
    ['with a list for a label', { role: 'view', label: ['Anna'] }],
    ['with a label of 2 KB', { role: 'view', label: 'A'.repeat(2048) }],
    ['for unseen editors', { role: 'edit', presence: false }],
    ['for those who are seen perhaps', { role: 'view', presence: 'no' }],
    ['for nobody', { role: 'view', maxUses: 0 }],
    ['for fewer than nobody', { role: 'view', maxUses: -1 }],
    ['for half a person', { role: 'view', maxUses: 0.5 }],
    ['for more than ten thousand', { role: 'view', maxUses: 10_001 }],
    ['for a word of people', { role: 'view', maxUses: '5' }],
    ['with an id of its own', { role: 'view', id: 'own' }],
  ])('is not one %s', async (_case, body) => {
    const { server, document } = await begin()
    const response = await post(addressOf(server, document), body, document.keys.own)
    expect(await codeOf(response)).toEqual([400, 'bad-request'])
    expect(await linksOf(server, document)).toHaveLength(3)
  })

  it('is one of a hundred at most', async () => {
    const { server, document } = await begin()
    for (let count = 3; count < 100; count++) await makeLink(server, document, { role: 'view' })
    const response = await post(addressOf(server, document), { role: 'view' }, document.keys.own)
    expect(await codeOf(response)).toEqual([409, 'too-many'])
    await takeBack(server, document, 'view')
    await makeLink(server, document, { role: 'view' })
  })

  it('is one of a hundred at most, however many are asked for at once', async () => {
    const { server, document } = await begin(await SqliteStore.open(temporaryFolder()))
    const ask = () => post(addressOf(server, document), { role: 'view' }, document.keys.own)
    const answers = await Promise.all(Array.from({ length: 120 }, async () => (await ask()).status))
    expect(answers.filter((status) => status === 201)).toHaveLength(97)
    expect(answers.filter((status) => status === 409)).toHaveLength(23)
    expect(await linksOf(server, document)).toHaveLength(100)
  })

  it.each(['edit', 'view'] as const)('is not the %s link’s to make or to take back', async (role) => {
    const { server, document } = await begin()
    const key = document.keys[role]
    expect(await codeOf(await post(addressOf(server, document), { role: 'view' }, key))).toEqual([
      403,
      'not-allowed',
    ])
    expect(await codeOf(await takeBack(server, document, 'view', key))).toEqual([403, 'not-allowed'])
    expect(await linksOf(server, document)).toHaveLength(3)
  })

  it('of another document is nobody’s to take back', async () => {
    const { server, document } = await begin()
    const other = await createDocument(server.url)
    const link = await makeLink(server, other, { role: 'view' })
    expect(await codeOf(await takeBack(server, document, link.id))).toEqual([404, 'not-found'])
    expect(await codeOf(await takeBack(server, document, link.id, other.keys.own))).toEqual([
      404,
      'document-unknown',
    ])
    expect(await linksOf(server, other)).toHaveLength(4)
  })
})

describe('a link that is taken back', () => {
  it('sends away who came through it, stores nothing they send from then on, and disturbs nobody else', async () => {
    const { server, document } = await begin()
    const link = await makeLink(server, document, { role: 'edit' })
    const [bo, anna] = [
      await join(server, document, document.keys.edit),
      await join(server, document, keyOf(link.url)),
    ]
    anna.type('before. ')
    await untilText(bo.text, 'before. ')
    const response = await takeBack(server, document, link.id)
    expect([response.status, await response.text()]).toEqual([204, ''])
    anna.type('after. ')
    expect(await anna.socket.closed).toEqual(goneFor)
    bo.type('still here')
    await bo.replica.until(() => bo.replica.unsaved === 0)
    expect(await readText(server.url, document)).toBe('before. still here')
    expect((await linksOf(server, document)).map(({ id }) => id)).not.toContain(link.id)
  })

  it('opens nothing any more, and looks like a link that there never was', async () => {
    const { server, document } = await begin()
    const link = await makeLink(server, document, { role: 'edit' })
    const session = await createSession(server.url, document, keyOf(link.url))
    await takeBack(server, document, link.id)
    for (const token of [keyOf(link.url), session]) {
      const socket = await RawSocket.open(`${server.syncUrl}/${document.id}`, quireSubprotocols(token))
      expect(await socket.closed).toEqual(goneFor)
    }
    const ask = (key: string): Promise<Response> =>
      fetch(`${server.url}/api/documents/${document.id}/text`, {
        headers: { authorization: `Bearer ${key}` },
      })
    const [gone, never] = [await ask(keyOf(link.url)), await ask('AAAAAAAAAAAAAAAAAAAAAA')]
    expect([gone.status, await gone.text()]).toEqual([never.status, await never.text()])
    expect(await codeOf(await takeBack(server, document, link.id))).toEqual([404, 'not-found'])
  })

  it('ends the sessions that were made from it', async () => {
    const { server, document } = await begin()
    const link = await makeLink(server, document, { role: 'view' })
    const session = await createSession(server.url, document, keyOf(link.url))
    const anna = await join(server, document, session)
    await takeBack(server, document, link.id)
    expect(await anna.socket.closed).toEqual(goneFor)
  })

  it('lets nobody in who is at the door', async () => {
    const store = new SlowLinks()
    const { server, document } = await begin(store)
    const link = await makeLink(server, document, { role: 'edit' })
    const entering = store.hold()
    const socket = await RawSocket.open(
      `${server.syncUrl}/${document.id}`,
      quireSubprotocols(keyOf(link.url)),
    )
    await entering
    const removing = store.holdRemoval()
    const response = takeBack(server, document, link.id)
    await removing
    store.release()
    expect(await socket.closed).toEqual(goneFor)
    store.releaseRemoval()
    expect((await response).status).toBe(204)
  })

  it('cannot be the owner’s, from which the others follow', async () => {
    const { server, document } = await begin()
    expect(await codeOf(await takeBack(server, document, 'own'))).toEqual([403, 'not-allowed'])
    expect(await linksOf(server, document)).toHaveLength(3)
  })

  it('may be one that the document was born with', async () => {
    const { server, document } = await begin()
    const anna = await join(server, document, document.keys.edit)
    await takeBack(server, document, 'edit')
    expect(await anna.socket.closed).toEqual(goneFor)
    const instead = await makeLink(server, document, { role: 'edit' })
    expect(keyOf(instead.url)).not.toBe(document.keys.edit)
    await join(server, document, keyOf(instead.url))
  })
})

describe('whoever holds an owner’s key that is being replaced', () => {
  type Ask = (server: TestServer, document: TestDocument) => Promise<Response>
  type Attempt = [what: string, question: Question, ask: Ask]
  const rotate = (server: TestServer, document: TestDocument, link: string): Promise<Response> =>
    post(`${addressOf(server, document, link)}/rotate`, {}, document.keys.own)
  const remove = (server: TestServer, { id }: TestDocument, key: string): Promise<Response> =>
    fetch(`${server.url}/api/documents/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${key}` },
    })
  const byOwner: Ask = (server, document) => rotate(server, document, 'own')
  const byOperator: Ask = (server, { id }) =>
    post(`${server.url}/api/admin/documents/${id}/new-owner`, {}, adminToken)

  const onLinks: Attempt[] = [
    [
      'makes no link',
      'addLink',
      (server, document) => post(addressOf(server, document), { role: 'edit' }, document.keys.own),
    ],
    ['changes none', 'changeLink', (server, document) => changeLink(server, document, 'own', { label: 'x' })],
    ['takes none back', 'removeLink', (server, document) => takeBack(server, document, 'view')],
    ['replaces none', 'replaceLinks', (server, document) => rotate(server, document, 'edit')],
    ['does not replace the new key', 'links', (server, document) => rotate(server, document, 'own')],
  ]
  const onAll: Attempt[] = [
    ['deletes nothing', 'remove', (server, document) => remove(server, document, document.keys.own)],
    [
      'deletes nothing with a session either',
      'remove',
      async (server, document) =>
        remove(server, document, await createSession(server.url, document, document.keys.own)),
    ],
  ]

  /** They were let in, and what they ask comes to the store when the key has been replaced. */
  async function expectTooLate(question: Question, ask: Ask, replace: Ask): Promise<void> {
    const store = await SqliteStore.open(temporaryFolder())
    const { server, document } = await begin(store, { adminToken })
    const held = hold(store, question, document.id)
    const late = ask(server, document)
    await held.asked
    held.letOthersPass()
    const { links } = (await (await replace(server, document)).json()) as { links: Link[] } // compared
    held.release()
    expect(await codeOf(await late)).toEqual([404, 'document-unknown'])
    const own = keyOf(links.find(({ role }) => role === 'own')?.url ?? '')
    const listed = await linksOf(server, { ...document, keys: { ...document.keys, own } })
    expect(listed.map(({ id }) => id).toSorted()).toEqual(links.map(({ id }) => id).toSorted())
    expect(await readText(server.url, { ...document, keys: { ...document.keys, view: own } })).toBe('')
  }

  it.each(onLinks)('%s once its owner has another', (_, question, ask) =>
    expectTooLate(question, ask, byOwner),
  )
  it.each([...onLinks, ...onAll])('%s once the operator has given its owner another', (_, question, ask) =>
    expectTooLate(question, ask, byOperator),
  )
})

it('a link that is replaced twice at once has one successor', async () => {
  const store = await SqliteStore.open(temporaryFolder())
  const { server, document } = await begin(store)
  const rotate = () => post(`${addressOf(server, document, 'edit')}/rotate`, {}, document.keys.own)
  const held = hold(store, 'replaceLinks', document.id)
  const late = rotate()
  await held.asked
  held.letOthersPass()
  expect((await rotate()).status).toBe(200)
  held.release()
  expect(await codeOf(await late)).toEqual([404, 'not-found'])
  expect(await linksOf(server, document)).toHaveLength(3)
})

/** A store that is asked for one link, and for the removal of one, and answers when the test says so. */
class SlowLinks extends MemoryStore {
  #answer = Promise.resolve()
  #removal = Promise.resolve()
  #asked: () => void = () => undefined
  #askedToRemove: () => void = () => undefined
  release: () => void = () => undefined
  releaseRemoval: () => void = () => undefined

  /** Resolves when somebody is at the door. */
  hold(): Promise<void> {
    this.#answer = new Promise((resolve) => (this.release = resolve))
    return new Promise((resolve) => (this.#asked = resolve))
  }

  /** Those who ask from now on get their answers. Resolves when a link is to be removed. */
  holdRemoval(): Promise<void> {
    this.#answer = Promise.resolve()
    this.#removal = new Promise((resolve) => (this.releaseRemoval = resolve))
    return new Promise((resolve) => (this.#askedToRemove = resolve))
  }

  override async findLink(name: DocumentName, keyHash: Uint8Array): Promise<StoredLink | undefined> {
    const link = await super.findLink(name, keyHash)
    this.#asked()
    await this.#answer
    return link
  }

  override async removeLink(...request: Parameters<MemoryStore['removeLink']>): Promise<boolean> {
    this.#askedToRemove()
    await this.#removal
    return super.removeLink(...request)
  }
}
