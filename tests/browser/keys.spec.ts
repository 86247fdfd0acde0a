/** Where a link's key goes: what the browser says to the network is recorded, as a proxy or its log would see it. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { launchQuire, makeDataFolder, readyUrl } from '../../scripts/run-server.ts'
import { copyLink, expect, saveState, test, textOf } from './stories.ts'

/** Passes everything on, both ways, and keeps what came from browsers. */
async function recordingProxy(target: URL) {
  const chunks: Buffer[] = []
  const proxy = createServer((client) => {
    const server = connect(Number(target.port), target.hostname)
    client.on('data', (chunk: Buffer) => chunks.push(chunk))
    client.pipe(server).pipe(client)
    for (const socket of [client, server]) socket.on('error', () => socket.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const { port } = proxy.address() as AddressInfo // listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    /** Request lines, headers and bodies; frames of WebSockets are masked. */
    recorded: () => Buffer.concat(chunks).toString('latin1'),
    close: () => proxy.close(),
  }
}

/** The two headers that carry credentials, to the server alone: neither is written to logs by servers or proxies. */
const credential = /^(authorization: bearer |sec-websocket-protocol: quire\.1, ?quire\.token\.)/i

test('a link’s key goes to the server as a credential, and nowhere else', async ({ person }) => {
  const folder = makeDataFolder()
  const server = launchQuire(['serve'], { PORT: '0', QUIRE_DATA: folder.path })
  let log = ''
  server.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const url = await readyUrl(server)
  if (url === undefined) throw new Error('the server did not start')
  const proxy = await recordingProxy(new URL(url))

  const anna = await person('Anna', { permissions: ['clipboard-read', 'clipboard-write'] })
  await anna.goto(proxy.url)
  await anna.getByRole('button', { name: 'New document' }).click()
  await textOf(anna).click()
  await anna.keyboard.type('Read [this](https://example.org)')
  await expect(saveState(anna)).toHaveText('Saved')
  const links = [anna.url(), await copyLink(anna, 'Can edit'), await copyLink(anna, 'Can view')]
  const bo = await person('Bo')
  for (const link of links.slice(1)) {
    await bo.goto(link)
    await expect(textOf(bo)).toContainText('Read')
    await bo.reload()
    await expect(textOf(bo)).toContainText('Read')
  }
  // One that opens nothing is logged, without what it was.
  const wrong = 'AAAAAAAAAAAAAAAAAAAAAA'
  await bo.goto(`${proxy.url}/`)
  await bo.goto(`${anna.url().split('#')[0]}#${wrong}`)
  await expect(bo.getByRole('heading', { name: 'This link opens nothing' })).toBeVisible()
  await anna.close()
  await bo.close()
  server.kill()
  await once(server, 'exit')
  proxy.close()
  folder.remove()

  const lines = proxy.recorded().split('\r\n')
  const keys = [...links.map((link) => link.split('#')[1] ?? ''), wrong]
  for (const key of keys) {
    expect(key).toMatch(/^[\w-]{22}$/)
    const telling = lines.filter((line) => line.includes(key))
    expect(telling).not.toEqual([])
    expect(telling.filter((line) => !credential.test(line))).toEqual([])
    expect(log).not.toContain(key)
  }
  // In looking for a newer service worker, which it does in its own time, the browser names the worker's own script.
  const requests = proxy.recorded().split('\r\n\r\n')
  const byPages = requests.filter((head) => !/^service-worker: script$/im.test(head))
  expect(byPages.filter((head) => /^referer:/im.test(head))).toEqual([])
  const referers = lines.filter((line) => /^referer:/i.test(line))
  expect(referers.filter((line) => !line.endsWith(`${proxy.url}/service-worker.js`))).toEqual([])
  expect(log).toContain('document-missing')
})
