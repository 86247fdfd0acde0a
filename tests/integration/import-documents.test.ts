/** Moving in: documents that other Yjs servers have kept, from data that those servers have written. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { SQLite } from '@hocuspocus/extension-sqlite'
import { Server } from '@hocuspocus/server'
import { parseDocumentName, type DocumentName } from '@quire/protocol'
import { ClassicLevel } from 'classic-level'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LeveldbPersistence } from 'y-leveldb'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { inherited, makeDataFolder, runServer, type ServerProcess } from '../../scripts/run-server.ts'
import { freePort } from '../support/free-port.ts'
import { runQuire, spawnServer, type Ended } from '../support/quire-process.ts'
import { seededRandom, type Random } from '../support/random.ts'
import { readStoredDocument } from '../support/stored-text.ts'
import { openStockClient, Socket } from '../support/stock-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilDocument } from '../support/until.ts'

const codes = { failed: 1, misused: 2 }
const publicUrl = 'https://write.example'

interface Answer {
  readonly imported: readonly { readonly id: string; readonly links: { readonly edit: string } | null }[]
  readonly lacks: readonly { readonly of: string; readonly message: string }[]
  readonly failures: readonly { readonly of: string; readonly code: string; readonly message: string }[]
}

/** As they are called elsewhere. */
const names = { notes: 'notes', spaced: 'team/notes 1', far: 'größe/文書%2F', other: 'code', mixed: 'prose' }

/** What people do in each of the documents, some hundred edits of two people. */
const writing: Readonly<Record<string, (ada: Y.Doc, ben: Y.Doc) => void>> = {
  [names.notes]: (ada, ben) => writeText(ada.getText('content'), ben.getText('content')),
  [names.spaced](ada, ben) {
    writeText(ada.getText('content'), ben.getText('content'))
    ada.getMap('meta').set('title', 'Notes')
    ben.getMap('meta').set('title', 'Team')
  },
  [names.far]: (ada) => ada.getText('content').insert(0, 'å 文書 👩‍👩‍👧 \r\n end'),
  [names.other](ada, ben) {
    writeText(ada.getText('codemirror'), ben.getText('codemirror'))
    ada.getText('codemirror').insert(0, 'one\r\ntwo')
  },
  [names.mixed](ada, ben) {
    const paragraph = new Y.XmlElement('p')
    ada.getXmlFragment('prosemirror').insert(0, [paragraph])
    paragraph.insert(0, [new Y.XmlText('words')])
    ben.getArray('list').insert(0, [new Uint8Array([1, 2, 3]), new Y.Map([['in', 'an array']])])
  },
}

const random: Random = seededRandom(1)

/** Inserts, deletions and marks, of people who do not see each other yet. No letter of two halves, which Yjs reads anew after it was split. */
function writeText(...texts: readonly Y.Text[]): void {
  for (let edit = 0; edit < 120; edit++) {
    for (const text of texts) {
      const place = random.below(text.length + 1)
      const rest = Math.min(5, text.length - place)
      if (edit % 3 < 2) text.insert(place, `${edit} ö文\n`)
      else if (edit % 2 === 0) text.delete(place, rest)
      else if (rest > 0) text.format(place, rest, { bold: edit % 4 === 1 ? true : null })
    }
  }
}

function everythingIn(doc: Y.Doc): unknown {
  return [
    ...['content', 'codemirror'].map((root) => doc.getText(root).toDelta()),
    doc.getMap('meta').toJSON(),
    doc.getXmlFragment('prosemirror').toString(),
    doc.getArray('list').toJSON(),
  ]
}

async function importFrom(data: string, program: string, path: string, ...flags: string[]): Promise<Answer> {
  const { code, stdout, stderr } = await tryImport(data, program, path, ...flags)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as Answer // compared with what it should be
}

function tryImport(data: string, program: string, path: string, ...flags: string[]): Promise<Ended> {
  const args = ['import', '--from', program, path, '--json', '--public-url', publicUrl, ...flags]
  return runQuire(args, { QUIRE_DATA: data })
}

async function textOf(data: string, name: string): Promise<string> {
  return (await runQuire(['text', name], { QUIRE_DATA: data })).stdout
}

function nameOf(name: string): DocumentName {
  return parseDocumentName(encodeURIComponent(name))
}

/** To see that nothing is changed. */
function bytesIn(path: string): unknown {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => [name, readFileSync(join(path, name)).toString('base64')])
}

interface Kept {
  /** What `--from` is called with. */
  readonly path: string
  /** What the clients had in the end. */
  readonly docs: ReadonlyMap<string, Y.Doc>
}

/** By two clients of y-websocket's own server, for each document. */
async function keepWithYWebsocket(path: string): Promise<Kept> {
  const port = await freePort()
  const main = fileURLToPath(new URL('../support/y-websocket-server.ts', import.meta.url))
  const server = spawn('node', [main], {
    env: { ...inherited(), HOST: '127.0.0.1', PORT: String(port), YPERSISTENCE: path },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const docs = new Map<string, Y.Doc>()
  try {
    await untilLine(server, /^running at/)
    for (const [name, write] of Object.entries(writing)) {
      const clients = [new Y.Doc(), new Y.Doc()] as const
      const providers = clients.map(
        (doc) =>
          new WebsocketProvider(`ws://127.0.0.1:${port}`, encodeURI(name), doc, {
            WebSocketPolyfill: Socket,
            disableBc: true,
          }),
      )
      await Promise.all(
        providers.map((provider) => new Promise<boolean>((resolve) => provider.once('sync', resolve))),
      )
      const [ada, ben] = clients
      write(ada, ben)
      const isSame = (): boolean => Y.equalSnapshots(Y.snapshot(ada), Y.snapshot(ben))
      await Promise.race(clients.map((doc) => untilDocument(doc, isSame)))
      docs.set(name, ben)
      for (const provider of providers) provider.destroy()
    }
  } finally {
    server.kill('SIGTERM')
  }
  await once(server, 'exit')
  return { path, docs }
}

async function untilLine({ stdout }: ChildProcess, words: RegExp): Promise<void> {
  if (!stdout) throw new Error('its output is piped')
  for await (const line of createInterface(stdout)) if (words.test(line)) break
  stdout.resume()
}

async function keepWithHocuspocus(folder: string): Promise<Kept> {
  const path = join(folder, 'documents.sqlite')
  const server = new Server({ port: 0, quiet: true, extensions: [new SQLite({ database: path })] })
  await server.listen()
  const docs = new Map<string, Y.Doc>()
  for (const [name, write] of Object.entries(writing)) {
    const [ada, ben] = [new Y.Doc(), new Y.Doc()]
    write(ada, ben)
    const connection = await server.hocuspocus.openDirectConnection(name)
    for (const doc of [ada, ben])
      await connection.transact((document) => Y.applyUpdate(document, Y.encodeStateAsUpdate(doc)))
    await connection.disconnect()
    Y.applyUpdate(ada, Y.encodeStateAsUpdate(ben))
    docs.set(name, ada)
  }
  await server.destroy()
  return { path, docs }
}

describe.each([
  { program: 'y-leveldb', keep: keepWithYWebsocket, isServed: true },
  { program: 'hocuspocus', keep: keepWithHocuspocus, isServed: false },
])('an import from $program', ({ program, keep, isServed }) => {
  const folder = mkdtempSync(join(tmpdir(), 'quire-kept-'))
  const data = makeDataFolder()
  let kept: Kept
  let before: unknown
  let server: ServerProcess | undefined
  let answer: Answer

  beforeAll(async () => {
    kept = await keep(folder)
    before = bytesIn(folder)
    if (isServed) server = await runServer({ QUIRE_DATA: data.path, QUIRE_PUBLIC_URL: publicUrl })
    answer = await importFrom(data.path, program, kept.path)
  })
  afterAll(async () => {
    await server?.stop()
    data.remove()
    rmSync(folder, { recursive: true })
  })

  /** Where it was found before, but for the server, and with the key of its link. */
  async function readAsClient({ url }: ServerProcess, name: string): Promise<Y.Doc> {
    const { links } = answer.imported.find(({ id }) => id === name) ?? {}
    const token = links?.edit.split('#')[1] ?? ''
    const serverUrl = `${url.replace('http', 'ws')}/sync`
    const client = openStockClient({ serverUrl, room: encodeURI(name), token })
    await client.synced
    client.close()
    return client.doc
  }

  it('takes over every document under its name, as its clients had it', async () => {
    expect(answer.imported.map(({ id }) => id).toSorted()).toEqual(Object.keys(writing).toSorted())
    expect(answer.failures).toEqual([])
    for (const [name, doc] of kept.docs) {
      const found = server
        ? await readAsClient(server, name)
        : await readStoredDocument(data.path, nameOf(name))
      expect(everythingIn(found)).toEqual(everythingIn(doc))
    }
    const notes = kept.docs.get(names.notes)?.getText('content')
    expect(notes?.length).toBeGreaterThan(500)
    expect(await textOf(data.path, names.notes)).toBe(notes?.toString())
  })

  it('leaves what it reads as it was', () => {
    expect(bytesIn(folder)).toEqual(before)
  })

  it('says where there is no text to be shown, and what there is', () => {
    expect(answer.lacks.map(({ of, message }) => `${decodeURI(of)}: ${message}`).toSorted()).toEqual([
      expect.stringMatching(/^code: .*its roots are codemirror \(a text\)\.$/),
      expect.stringMatching(/^prose: .*its roots are (prosemirror, list|list, prosemirror)\.$/),
    ])
  })

  it('touches nothing that is there already', async () => {
    const ended = await tryImport(data.path, program, kept.path, '--root', 'codemirror')
    expect(ended.code).toBe(codes.failed)
    const { imported, failures } = JSON.parse(ended.stdout) as Answer // compared
    expect(imported).toEqual([])
    expect(failures.map(({ code }) => code)).toEqual(Object.keys(writing).map(() => 'document-exists'))
    expect(await textOf(data.path, names.other)).toBe('')
  })

  it.runIf(isServed)('says so if its server still has it open', async () => {
    const open = new LeveldbPersistence(kept.path)
    await open.getAllDocNames()
    const ended = await tryImport(data.path, program, kept.path)
    await open.destroy()
    expect(ended.code).toBe(codes.misused)
    expect(ended.stderr).toContain('Stop its server first.')
  })

  it.runIf(!isServed)('copies the text of another root, and makes no links, if it is told to', async () => {
    const flags = ['--root', 'codemirror', '--without-links']
    const other = temporaryFolder()
    const { imported, lacks } = await importFrom(other, program, kept.path, ...flags)
    expect(imported.map(({ links }) => links)).toEqual(imported.map(() => null))
    expect(lacks.map(({ of }) => of)).toEqual([names.mixed])
    const said = kept.docs.get(names.other)?.getText('codemirror').toString() ?? ''
    expect(said).toContain('one\r\ntwo')
    expect(await textOf(other, names.other)).toBe(said.replaceAll('\r\n', '\n'))
    expect(await textOf(other, names.notes)).toBe(await textOf(data.path, names.notes))
    const { stdout } = await runQuire(['show', names.other, '--json'], { QUIRE_DATA: other })
    expect(JSON.parse(stdout)).toMatchObject({ links: 0 })
  })
})

describe('an import', () => {
  /** An edit of a document whose beginning nobody has. */
  function laterEdit(): Uint8Array {
    const doc = new Y.Doc()
    doc.getText('content').insert(0, 'first')
    const before = Y.encodeStateVector(doc)
    doc.getText('content').insert(5, ' then')
    return Y.encodeStateAsUpdate(doc, before)
  }

  function edit(text: string): Uint8Array {
    const doc = new Y.Doc()
    doc.getText('content').insert(0, text)
    return Y.encodeStateAsUpdate(doc)
  }

  it('tells by name what it cannot take over, and goes on', async () => {
    const source = temporaryFolder()
    const level = new LeveldbPersistence(source)
    await level.storeUpdate('a', edit('text'))
    await level.storeUpdate('b', edit(''))
    await level.storeUpdate('broken', edit('x'))
    await level.storeUpdate('later', laterEdit())
    await level.storeUpdate('x'.repeat(257), edit('x'))
    await level.storeUpdate('100%', edit('x'))
    await level.storeUpdate('..', edit('x'))
    await level.storeUpdate('large', edit('x'.repeat(2 ** 21)))
    await level.storeUpdate('occupied', edit('x'))
    await level.storeUpdate('z', edit('last'))
    await level.destroy()
    const raw = new ClassicLevel<Uint8Array, Uint8Array>(source, {
      keyEncoding: 'view',
      valueEncoding: 'view',
    })
    for await (const key of raw.keys())
      if (Buffer.from(key).includes('update') && Buffer.from(key).includes('broken'))
        await raw.put(key, Buffer.from('no update of Yjs'))
    await raw.close()

    const data = temporaryFolder()
    const server = await spawnServer(data, { QUIRE_OPEN_ROOMS: 'on', QUIRE_MAX_DOCUMENT_MB: '1' })
    const somebody = openStockClient({ serverUrl: server.syncUrl, room: 'occupied' })
    await somebody.synced
    const { code, stdout } = await tryImport(data, 'y-leveldb', source)
    expect(code).toBe(codes.failed)
    const { imported, failures } = JSON.parse(stdout) as Answer // compared
    expect(imported.map(({ id }) => id)).toEqual(['a', 'b', 'z'])
    expect(await textOf(data, 'z')).toBe('last')
    expect(new Map(failures.map(({ of, code: reason }) => [of, reason]))).toEqual(
      new Map([
        ['..', 'document-name-malformed'],
        ['100%', 'document-name-malformed'],
        ['large', 'too-large'],
        ['later', 'update-refused'],
        ['broken', 'update-refused'],
        ['occupied', 'document-exists'],
        ['x'.repeat(257), 'document-name-malformed'],
      ]),
    )
    expect(failures.find(({ of }) => of === 'later')?.message).toMatch(/client \d+ at clock 4/)
  })

  it.each<[what: string, args: string[], words: string]>([
    ['a folder that is not there', ['--from=y-leveldb', 'nowhere'], 'nowhere is not a folder of LevelDB'],
    ['a file that is not there', ['--from=hocuspocus', 'nowhere'], 'There is no file nowhere.'],
    [
      'a file of another kind',
      ['--from=hocuspocus', import.meta.filename],
      'cannot be read as a file of Hocuspocus',
    ],
    ['another program', ['--from=level', 'x'], '--from ("level") must be one of y-leveldb, hocuspocus'],
    ['several folders', ['--from=y-leveldb', 'x', 'y'], 'name one path alone'],
    ['files as documents', ['x.md', '--root=content'], 'say --from as well'],
  ])('is not made of %s', async (_, args, words) => {
    const { code, stdout, stderr } = await runQuire(['import', ...args], { QUIRE_DATA: temporaryFolder() })
    expect({ code, stdout }).toEqual({ code: codes.misused, stdout: '' })
    expect(stderr).toContain(words)
  })
})
