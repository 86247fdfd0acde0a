/** How people appear to each other, whatever program they came with: as the server knows them. */
import { cleanName, colourOf } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import type { Awareness } from 'y-protocols/awareness'
import { createDocument, post, type TestDocument } from '../support/documents.ts'
import { signHostToken } from '../support/host-token.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { openSession } from '../support/session.ts'
import { openStockClient, type StockClient } from '../support/stock-client.ts'
import { untilPresence, untilSession } from '../support/until.ts'

type Shown = Readonly<Record<string, unknown>>

async function setOut(): Promise<{
  server: TestServer
  document: TestDocument
  tokenOf(sub: string, name?: string): string
  stock(token: string, user?: object): Promise<StockClient>
}> {
  const server = await startTestServer()
  const document = await createDocument(server.url)
  return {
    server,
    document,
    tokenOf: (sub, name) => signHostToken(server.secret, { doc: document.id, sub, name }),
    async stock(token, user) {
      const client = openStockClient({ serverUrl: server.syncUrl, room: document.id, token })
      if (user) client.awareness.setLocalStateField('user', user)
      await client.synced
      return client
    },
  }
}

/** The user of this client id, once somebody else has been told of one who `holds`. */
async function seen(
  awareness: Awareness,
  clientId: number,
  holds: (user: Shown) => boolean = () => true,
): Promise<Shown> {
  const user = (): Shown | undefined => awareness.getStates().get(clientId)?.['user']
  await untilPresence(awareness, () => holds(user() ?? {}) && user() !== undefined)
  return user() ?? {}
}

describe('a stock client and a Quire client', () => {
  it('see each other’s names and colours', async () => {
    const { server, document, stock } = await setOut()
    const look = { name: 'Bo', color: '#30bced', colorLight: '#30bced33' }
    const bo = await stock(document.keys.edit, look)
    const anna = await openSession({ syncUrl: server.syncUrl, document, name: 'Anna' })
    await untilSession(anna, () => anna.people.length === 2)
    expect(anna.people.map(({ name }) => name)).toEqual(['Anna', 'Bo'])
    const { id, name, colour } = anna.user ?? {}
    expect(await seen(bo.awareness, anna.awareness.clientID)).toEqual({
      id,
      name,
      color: colour,
      colorLight: `${colour}33`,
    })
    expect(await seen(anna.awareness, bo.doc.clientID)).toEqual(look)
  })

  it('sent their own states back, say nothing more', async () => {
    const { document, stock, tokenOf } = await setOut()
    const ada = await stock(tokenOf('ada', 'Ada'), { name: 'Eve', color: 'red' })
    const bo = await stock(document.keys.edit, { id: 'ada', name: ' Bo ' })
    await seen(ada.awareness, bo.doc.clientID)
    await seen(bo.awareness, ada.doc.clientID)
    const clocks = (): unknown[] =>
      [ada, bo].map(({ awareness, doc }) => awareness.meta.get(doc.clientID)?.clock)
    const before = clocks()
    for (let move = 0; move < 10; move++) {
      ada.awareness.setLocalStateField('cursor', move)
      await untilPresence(
        bo.awareness,
        () => bo.awareness.getStates().get(ada.doc.clientID)?.['cursor'] === move,
      )
    }
    expect(clocks()).toEqual([Number(before[0]) + 10, before[1]])
    expect(ada.awareness.getLocalState()?.['user']).toEqual({ name: 'Eve', color: 'red' })
  })
})

describe('66 who is signed in', () => {
  const lies = { id: 'bo', name: 'Bo', color: 'url(x)', colorLight: 'red', team: 'red' }
  const truth = (colour: string): Shown => ({
    id: 'ada',
    name: 'Ada',
    color: colour,
    colorLight: `${colour}33`,
    team: 'red',
  })

  it('appears so, whatever their stock client says', async () => {
    const { document, tokenOf, stock } = await setOut()
    const other = await stock(document.keys.view)
    const ada = await stock(tokenOf('ada', 'Ada'), lies)
    expect(await seen(other.awareness, ada.doc.clientID)).toEqual(truth(colourOf('ada')))
  })

  it('appears so, whatever their Quire client says, now and later', async () => {
    const { server, document, tokenOf, stock } = await setOut()
    const other = await stock(document.keys.view)
    const ada = await RawSocket.open(
      `${server.syncUrl}/${document.id}`,
      quireSubprotocols(tokenOf('ada', 'Ada')),
    )
    const { user } = await ada.greet()
    expect(user).toEqual({ id: 'ada', name: 'Ada', colour: colourOf('ada') })
    const say = (clock: number, said: unknown): void =>
      ada.send({
        type: 'presence',
        entries: [{ clientId: 7, clock, state: JSON.stringify({ clock, user: said }) }],
      })
    say(1, lies)
    expect(await seen(other.awareness, 7)).toEqual(truth(user.colour))
    say(2, 'Bo')
    expect(await seen(other.awareness, 7, ({ team }) => team === undefined)).toEqual({
      id: 'ada',
      name: 'Ada',
      color: user.colour,
    })
  })

  it('cannot be renamed', async () => {
    const { server, document, tokenOf } = await setOut()
    const [anna, ada] = [
      await openSession({ syncUrl: server.syncUrl, document, name: 'Anna' }),
      await openSession({ syncUrl: server.syncUrl, document, name: 'Eve', key: tokenOf('ada', 'Ada') }),
    ]
    ada.rename('Eve')
    ada.awareness.setLocalStateField('user', { ...lies, moved: true })
    const shown = await seen(anna.awareness, ada.awareness.clientID, ({ moved }) => moved === true)
    expect(shown).toMatchObject(truth(ada.user?.colour ?? ''))
    expect([anna.people[1]?.name, ada.user?.name]).toEqual(['Ada', 'Ada'])
  })

  it('names themselves if the token tells of no name', async () => {
    const { document, tokenOf, stock } = await setOut()
    const other = await stock(document.keys.view)
    const ada = await stock(tokenOf('ada'), { id: 'bo', name: ' A\u202eda ' })
    expect(await seen(other.awareness, ada.doc.clientID)).toMatchObject({ id: 'ada', name: 'A da' })
  })

  it('with a session made from a link keeps the name it was made with', async () => {
    const { server, document, stock } = await setOut()
    const made = await post(
      `${server.url}/api/documents/${document.id}/session`,
      { name: 'Ada' },
      document.keys.edit,
    )
    const { token, user } = (await made.json()) as { token: string; user: { id: string } } // the 200 of the API
    const other = await stock(document.keys.view)
    const ada = await stock(token, lies)
    expect(await seen(other.awareness, ada.doc.clientID)).toMatchObject({ id: user.id, name: 'Ada' })
  })
})

describe('66 a guest', () => {
  it('renames themselves within what a name may be, and has the id and colour the server gave', async () => {
    const { server, document } = await setOut()
    const [anna, bo] = [
      await openSession({ syncUrl: server.syncUrl, document, name: 'Anna' }),
      await openSession({ syncUrl: server.syncUrl, document, name: 'Bo' }),
    ]
    bo.rename('Bodil')
    await untilSession(anna, () => anna.people[1]?.name === 'Bodil')
    const name = `\u202eBo\n${'o'.repeat(100)}`
    bo.awareness.setLocalStateField('user', {
      id: anna.user?.id,
      name,
      color: anna.user?.colour,
      spoofed: true,
    })
    const shown = await seen(anna.awareness, bo.awareness.clientID, ({ spoofed }) => spoofed === true)
    expect(shown).toEqual({ id: bo.user?.id, name: cleanName(name), color: bo.user?.colour, spoofed: true })
    expect(bo.user?.id).not.toBe(anna.user?.id)
  })

  it('wears a colour that nobody else here wears, and knows which', async () => {
    const { server, document } = await setOut()
    const names = Array.from({ length: 9 }, (_, index) => `Guest ${index}`)
    const sessions = await Promise.all(
      names.map((name) => openSession({ syncUrl: server.syncUrl, document, name })),
    )
    const [first] = sessions
    if (!first) throw new Error('there are guests')
    await untilSession(first, () => first.people.length === names.length)
    expect(new Set(first.people.map(({ colour }) => colour)).size).toBe(names.length)
    for (const { awareness, user } of sessions)
      expect(first.people.find(({ clientIds }) => clientIds.includes(awareness.clientID))?.colour).toBe(
        user?.colour,
      )
  })

  it('of a stock client keeps their own name and look, and takes on nobody’s id', async () => {
    const { document, tokenOf, stock } = await setOut()
    const ada = await stock(tokenOf('ada', 'Ada'), { name: 'Ada' })
    const eve = await stock(document.keys.edit, { id: 'ada', name: ' Eve\r\n', color: 'hotpink', age: 7 })
    expect(await seen(ada.awareness, eve.doc.clientID)).toEqual({
      id: 'stranger:ada',
      name: 'Eve',
      color: 'hotpink',
      age: 7,
    })
    expect(await seen(eve.awareness, ada.doc.clientID)).toMatchObject({ id: 'ada', name: 'Ada' })
  })

  it('of a stock client has no id that a token could tell of', async () => {
    const { server, document, tokenOf } = await setOut()
    const socket = await RawSocket.open(`${server.syncUrl}/${document.id}?token=${tokenOf('stranger:ada')}`)
    expect(await socket.closed).toEqual({ code: 4401, reason: 'token-invalid' })
  })
})
