/** Quire behind the nginx of `deploy/nginx.conf`, of which only paths, ports and the name are this machine's. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeCertificate } from '../support/certificates.ts'
import { createDocument, post, readText } from '../support/documents.ts'
import { freePort } from '../support/free-port.ts'
import { spawnServer, type Environment, type SpawnedServer } from '../support/quire-process.ts'
import { quireSubprotocols, RawSocket } from '../support/raw-socket.ts'
import { openSession, untilSaved } from '../support/session.ts'
import { openStockClient } from '../support/stock-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilText } from '../support/until.ts'

const nginx = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  .map((folder) => join(folder, 'nginx'))
  .find((path) => existsSync(path))

interface Behind {
  /** `https://127.0.0.1:port` */
  readonly url: string
  readonly syncUrl: string
  /** Where it is answered without TLS. */
  readonly plainUrl: string
  readonly quire: SpawnedServer
  /** As `nginx -s reload` does it; resolves once the new configuration is in force. */
  reload(): Promise<void>
  /**
   * Ends nginx, which answers a request before it writes it down: all that it has written, where its configuration
   * says and elsewhere.
   */
  endWithLog(): Promise<string>
}

async function begin(environment: Environment = {}): Promise<Behind> {
  const folder = temporaryFolder()
  const [port, plainPort] = [await freePort(), await freePort()]
  const url = `https://127.0.0.1:${port}`
  const quire = await spawnServer(temporaryFolder(), {
    QUIRE_PUBLIC_URL: url,
    QUIRE_TRUST_PROXY: '127.0.0.1',
    ...environment,
  })
  const { certificate, key } = makeCertificate()
  const site = substitute(readFileSync(new URL('../../deploy/nginx.conf', import.meta.url), 'utf8'), {
    'listen 80;': `listen 127.0.0.1:${plainPort};`,
    'listen 443 ssl;': `listen 127.0.0.1:${port} ssl;`,
    'http://127.0.0.1:1234;': `${quire.url};`,
    '/etc/letsencrypt/live/write.example.org/fullchain.pem': certificate,
    '/etc/letsencrypt/live/write.example.org/privkey.pem': key,
    '/var/log/nginx': join(folder, 'log'),
    'write.example.org': '127.0.0.1',
  })
  const { child, exited, ready, log } = await startNginx(folder, site)
  return {
    url,
    syncUrl: `${url.replace('https', 'wss')}/sync`,
    plainUrl: `http://127.0.0.1:${plainPort}`,
    quire,
    async reload() {
      const again = ready()
      child.kill('SIGHUP')
      await again
    },
    async endWithLog() {
      child.kill('SIGQUIT')
      await exited
      return log()
    },
  }
}

/** Each of these is in the text, and becomes the other. */
function substitute(text: string, others: Readonly<Record<string, string>>): string {
  return Object.entries(others).reduce((changed, [ours, other]) => {
    expect(changed).toContain(ours)
    return changed.replaceAll(ours, other)
  }, text)
}

/** With what Debian says around a site, in a folder of its own; stopped with the test. */
async function startNginx(
  folder: string,
  site: string,
): Promise<{
  child: ChildProcess
  exited: Promise<unknown>
  ready: () => Promise<void>
  log: () => string
}> {
  const logFolder = join(folder, 'log')
  mkdirSync(logFolder)
  writeFileSync(join(folder, 'site.conf'), site)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${join(folder, kind)};`)
    .join('\n')
  writeFileSync(
    join(folder, 'nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off;
    pid ${join(folder, 'nginx.pid')};
    error_log stderr notice;
    events {}
    http {
      access_log ${join(logFolder, 'access.log')};
      ${temporary}
      include site.conf;
    }`,
  )
  const child = spawn(nginx ?? 'nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await exited
  })
  const said: string[] = []
  let worker = Promise.withResolvers<void>()
  const lines = createInterface(child.stderr)
  lines.on('line', (line) => {
    said.push(line)
    if (/start worker process \d/.test(line)) worker.resolve()
  })
  lines.on('close', () => worker.reject(new Error(said.join('\n'))))
  const ready = (): Promise<void> => {
    worker = Promise.withResolvers()
    return worker.promise
  }
  await worker.promise
  return { child, exited, ready, log: () => [...said, ...contentsOf(logFolder)].join('\n') }
}

function contentsOf(folder: string): string[] {
  return readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
}

/** The status of a request to make a document that comes from this address of this machine. */
async function makeFrom(
  localAddress: string,
  url: string,
  headers: Record<string, string> = {},
): Promise<number> {
  const asked = request(`${url}/api/documents`, { method: 'POST', localAddress, headers, agent: false }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage] // as Node emits it
  response.resume()
  return response.statusCode ?? 0
}

describe.skipIf(nginx === undefined)('behind nginx (if it is installed)', () => {
  it('the page is served, and the links of documents lead to where people are', async () => {
    const { url, plainUrl } = await begin()
    const page = await fetch(url)
    expect(await page.text()).toContain('<title>Quire')
    expect(page.headers.get('strict-transport-security')).not.toBeNull()
    const { links } = (await (await post(`${url}/api/documents`, {})).json()) as { links: { own: string } } // the 201 of the API
    expect(links.own).toMatch(new RegExp(`^${url}/d/`))
    const plain = await fetch(`${plainUrl}/d/some?token=secret`, { redirect: 'manual' })
    expect([plain.status, plain.headers.get('location')]).toEqual([
      301,
      'https://127.0.0.1/d/some?token=secret',
    ])
  })

  it('people write in one document, also while nginx takes on a new configuration', async () => {
    const { url, syncUrl, reload } = await begin()
    const document = await createDocument(url, { text: 'text' })
    const session = await openSession({ syncUrl, document })
    const stock = openStockClient({ serverUrl: syncUrl, room: document.id, token: document.keys.edit })
    await stock.synced
    const { ws } = stock.provider
    stock.text.insert(0, 'one ')
    await untilText(session.text, 'one text')
    await reload()
    session.text.insert(0, 'now ')
    await untilText(stock.text, 'now one text')
    await untilSaved(session)
    expect([stock.provider.ws, session.state.type]).toEqual([ws, 'live'])
    expect(await readText(url, document)).toBe('now one text')
  })

  it('a page of ours may connect, and a page of others may not', async () => {
    const { url, syncUrl } = await begin()
    const document = await createDocument(url)
    const open = (origin: string): Promise<RawSocket> =>
      RawSocket.open(`${syncUrl}/${document.id}`, quireSubprotocols(document.keys.edit), { origin })
    await (await open(url)).greet()
    await expect(open('https://other.example')).rejects.toThrow(/403/)
  })

  it('nothing that opens a document is written down, also when Quire is gone', async () => {
    const { url, syncUrl, plainUrl, quire, endWithLog } = await begin()
    const document = await createDocument(url, { text: 'text' })
    const key = document.keys.edit
    await openSession({ syncUrl, document })
    await openStockClient({ serverUrl: syncUrl, room: document.id, token: key }).synced
    await fetch(`${plainUrl}/sync/${document.id}?token=${key}`, { redirect: 'manual' })
    await quire.kill('SIGKILL')
    expect((await fetch(`${url}/api/documents/${document.id}/text?token=${key}`)).status).toBe(502)
    await expect(RawSocket.open(`${syncUrl}/${document.id}?token=${key}`)).rejects.toThrow(/502/)
    const log = await endWithLog()
    expect(log).toContain(`"GET /sync/${document.id}" 502`)
    expect(log).not.toContain(key)
  })

  it.runIf(process.platform === 'linux')(
    'each address has limits of its own, and speaks for no other',
    async () => {
      const { url } = await begin({ QUIRE_MAX_NEW_DOCUMENTS: '2' })
      const statuses = [
        await makeFrom('127.0.0.2', url),
        await makeFrom('127.0.0.2', url),
        await makeFrom('127.0.0.2', url),
        await makeFrom('127.0.0.2', url, { 'x-forwarded-for': '127.0.0.3' }),
        await makeFrom('127.0.0.3', url),
      ]
      expect(statuses).toEqual([201, 201, 429, 429, 201])
    },
  )
})
