/** The command line as an operator meets it: what is wrong is said in words that tell what to do, and stopping loses nothing. */
import { closeCodes } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { createDocument, readText, type TestDocument } from '../support/documents.ts'
import { runQuire, spawnServer } from '../support/quire-process.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { readStoredText } from '../support/stored-text.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const misused = 2

describe('the command line', () => {
  it.each<[string, string[]]>([
    ['--help', ['--help']],
    ['help', ['help']],
  ])('lists its commands with %s', async (_, args) => {
    const { code, stdout, stderr } = await runQuire(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const words of ['Usage: quire <command>', '  serve', 'start the server', 'Exit codes'])
      expect(stdout).toContain(words)
  })

  it.each<[string, string[]]>([
    ['serve --help', ['serve', '--help']],
    ['help serve', ['help', 'serve']],
  ])('says with %s what can be set', async (_, args) => {
    const { code, stdout, stderr } = await runQuire(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const name of [
      'HOST',
      'PORT',
      'QUIRE_DATA',
      'QUIRE_SECRET',
      'QUIRE_ORIGINS',
      'QUIRE_OPEN_ROOMS',
      'Exit codes',
    ])
      expect(stdout).toContain(name)
  })

  it.each<[what: string, args: string[], words: string]>([
    ['no command', [], 'Which command?'],
    ['an unknown command', ['server'], '"server" is not a command; did you mean serve?'],
    [
      'a command like no other',
      ['frobnicate'],
      '"frobnicate" is not a command. `quire --help` lists them all.',
    ],
    ['help for what is not there', ['help', 'server'], '"server" is not a command; did you mean serve?'],
  ])('97 refuses %s and says what there is', async (_, args, words) => {
    const { code, stdout, stderr } = await runQuire(args)
    expect({ code, stdout }).toEqual({ code: misused, stdout: '' })
    expect(stderr).toContain(words)
  })
})

describe('a server that is started again', () => {
  it('keeps documents and the links to them over a restart', async () => {
    const server = await spawnServer(temporaryFolder())
    const document = await createDocument(server.url, { text: 'kept' })
    expect((await server.kill('SIGTERM')).code).toBe(0)
    await server.restart()
    expect(await readText(server.url, document)).toBe('kept')
  })
})

describe('a server that is asked to stop', () => {
  const clients = 3
  const editsEach = 200

  async function typing(syncUrl: string, { id, keys }: TestDocument, name: number): Promise<RawSocket> {
    const socket = await RawSocket.open(`${syncUrl}/${id}`, quireSubprotocols(keys.edit))
    await socket.greet()
    const doc = new Y.Doc()
    doc.on('update', (update: Uint8Array) => socket.send({ type: 'update', update }))
    for (let edit = 0; edit < editsEach; edit++) doc.getText('content').insert(0, `<${name}:${edit}>`)
    return socket
  }

  it('stores all it has read, sends everyone away with 1012, and leaves no error behind', async () => {
    const folder = temporaryFolder()
    const server = await spawnServer(folder)
    const document = await createDocument(server.url)
    const sockets = await Promise.all(
      Array.from({ length: clients }, (_, name) => typing(server.syncUrl, document, name)),
    )
    await Promise.all(sockets.map((socket) => socket.settle()))
    const [ended, ...closed] = await Promise.all([
      server.kill('SIGTERM'),
      ...sockets.map((socket) => socket.closed),
    ])
    expect(closed.map(({ code }) => code)).toEqual(Array.from({ length: clients }, () => closeCodes.restart))
    expect(ended.code).toBe(0)
    expect(ended.stderr).not.toContain('"level":50')

    const text = await readStoredText(folder, document.id)
    for (let name = 0; name < clients; name++)
      for (let edit = 0; edit < editsEach; edit++) expect(text.split(`<${name}:${edit}>`)).toHaveLength(2)
  })

  it('stops at once if nobody is there', async () => {
    const server = await spawnServer(temporaryFolder())
    expect((await server.kill('SIGTERM')).code).toBe(0)
  })
})
