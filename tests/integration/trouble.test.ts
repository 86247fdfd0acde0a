import type { DocumentSession } from '@quire/editor/session'
import { parseDocumentName } from '@quire/protocol'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openSession, untilSaved } from '../support/session.ts'
import { TroubledServer } from '../support/troubled-server.ts'
import { untilSession, untilText } from '../support/until.ts'

const document = { id: parseDocumentName('notes'), keys: { own: 'own', edit: 'edit', view: 'view' } }

describe('a session whose server is in trouble', () => {
  it.each(['storage-failed', 'document-full', 'storage-full'] as const)(
    'says %s, keeps what is typed meanwhile, and has it saved when that is over',
    async (trouble) => {
      const { server, anna } = await open()
      anna.text.insert(0, 'before ')
      await untilSaved(anna)
      expect(anna.trouble).toBe('none')
      server.begin(trouble)
      await untilSession(anna, () => anna.trouble === trouble)
      anna.text.insert(7, 'during ')
      anna.text.insert(14, 'it ')
      await server.untilDropped(2)
      expect([anna.state.type, anna.unsaved, server.text.toString()]).toEqual(['live', 2, 'before '])
      server.end(trouble)
      await untilSaved(anna)
      expect([anna.trouble, server.text.toString()]).toEqual(['none', 'before during it '])
      anna.text.insert(17, 'after')
      expect(anna.unsaved).toBe(1)
      await untilSaved(anna)
      expect(server.text.toString()).toBe('before during it after')
    },
  )

  it('does not take one recovery for the other, nor edits for saved before both', async () => {
    const { server, anna } = await open()
    server.begin('storage-failed')
    server.begin('document-full')
    anna.text.insert(0, 'kept')
    await untilSession(anna, () => anna.trouble === 'document-full')
    server.end('document-full')
    await untilSession(anna, () => anna.trouble === 'storage-failed')
    expect(anna.unsaved).toBe(1)
    server.end('storage-failed')
    await untilSaved(anna)
    expect([anna.trouble, server.text.toString()]).toEqual(['none', 'kept'])
  })

  it('does not take for saved what it could not say again, since by then it may only read', async () => {
    const { server, anna } = await open()
    server.begin('storage-failed')
    anna.text.insert(0, 'mine')
    await server.untilDropped(1)
    server.restrict()
    await untilSession(anna, () => anna.trouble === 'read-only')
    server.end('storage-failed')
    await server.untilAnswered()
    // What comes after it has come, so the server's word has been heard.
    server.text.insert(0, 'go on')
    await untilSession(anna, () => anna.text.toString().includes('go on'))
    expect([anna.unsaved, anna.trouble, server.text.toString()]).toEqual([1, 'read-only', 'go on'])
  })

  it('is told of trouble that began before it came, and reads on', async () => {
    const { server, anna } = await open()
    server.begin('storage-failed')
    const bo = await openSession({ syncUrl: server.syncUrl, document, name: 'Bo' })
    expect(bo.trouble).toBe('storage-failed')
    server.text.insert(0, 'someone else wrote this')
    await Promise.all([anna, bo].map(({ text }) => untilText(text, 'someone else wrote this')))
    expect([anna.unsaved, bo.unsaved]).toEqual([0, 0])
  })

  it('knows of no trouble once the connection is lost, until it is told again', async () => {
    const { server, anna } = await open()
    server.begin('document-full')
    await untilSession(anna, () => anna.trouble === 'document-full')
    anna.text.insert(0, 'held')
    const seen: string[] = []
    onTestFinished(anna.subscribe(() => seen.push(`${anna.state.type} ${anna.trouble}`)))
    server.disconnect()
    await untilSession(anna, () => anna.state.type === 'offline')
    await untilSession(anna, () => anna.state.type === 'live')
    expect(anna.trouble).toBe('document-full')
    expect(seen.filter((moment) => moment.startsWith('offline'))[0]).toBe('offline none')
    expect(anna.unsaved).toBe(1)
  })

  it('starts anew without trouble on a server that has none', async () => {
    const { server, anna } = await open()
    // A notice for this connection alone: the next one is not told of it.
    server.notice('storage-failed')
    await untilSession(anna, () => anna.trouble === 'storage-failed')
    server.disconnect()
    await untilSession(anna, () => anna.state.type === 'offline')
    await untilSession(anna, () => anna.state.type === 'live')
    expect(anna.trouble).toBe('none')
  })

  it('ignores a notice it does not know', async () => {
    const { server, anna } = await open()
    server.notice('lunch')
    // What comes after it has come, so it has been read.
    server.text.insert(0, 'go on')
    await untilText(anna.text, 'go on')
    expect([anna.state.type, anna.trouble]).toEqual(['live', 'none'])
  })
})

async function open(): Promise<{ server: TroubledServer; anna: DocumentSession }> {
  const server = await TroubledServer.start()
  onTestFinished(() => server.close())
  return { server, anna: await openSession({ syncUrl: server.syncUrl, document, name: 'Anna' }) }
}
